/* SPDX-License-Identifier: MIT */

/* What each service that takes a form makes of right and of wrong ones. */

#include "service-client.h"

#include <string.h>

static const struct
{
  const char *kind;
  const char *name;
  const char *fields;
  /* NULL for audio.mp3, "" for no file */
  const char *file_name;
  guint status;
  /* part of the answer, and of the complaint; NULL for none */
  const char *says;
  const char *complains;
} cases[] = {
  { "openai", "no-model", "prompt=x", NULL, 400, "model parameter", "no model" },
  { "openai", "unknown-model", "model=whisper-9", NULL, 404, "model_not_found", "whisper-9" },
  { "openai", "no-file", "model=whisper-1", "", 400, "no part file", "no part file" },
  { "openai", "extension", "model=whisper-1", "audio.aac", 400, "Supported formats", "audio.aac" },
  { "openai", "no-extension", "model=whisper-1", "audio", 400, "Supported formats", "audio" },
  { "openai", "type", "model=whisper-1", "audio.wav", 200, "hello", "audio.wav is sent as" },
  { "openai", "unknown-field", "model=whisper-1\nlanguag=de", NULL, 200, "hello", "languag" },
  { "openai", "twice", "model=whisper-1\nprompt=a\nprompt=b", NULL, 400, "twice", "twice" },
  { "openai", "temperature", "model=whisper-1\ntemperature=2", NULL, 400, "temperature",
    "temperature" },
  { "openai", "verbose", "model=whisper-1\nresponse_format=verbose_json", NULL, 200,
    "\"no_speech_prob\":0.0098", NULL },
  { "openai", "words",
    "model=whisper-1\nresponse_format=verbose_json\ntimestamp_granularities[]=word", NULL, 200,
    "\"words\":[{\"word\":\"hello\",\"start\":0.000,\"end\":2.000}]", NULL },
  { "openai", "text", "model=whisper-1\nresponse_format=text", NULL, 200, "hello\n", NULL },
  { "openai", "times-without-verbose", "model=whisper-1\ntimestamp_granularities[]=word", NULL, 400,
    "verbose_json", "without verbose_json" },
  { "openai", "no-brackets",
    "model=whisper-1\nresponse_format=verbose_json\ntimestamp_granularities=word", NULL, 200,
    "segments", "unknown field timestamp_granularities" },
  { "openai", "gpt-verbose", "model=gpt-transcribe\nresponse_format=verbose_json", NULL, 400,
    "response_format 'verbose_json' is not compatible with model 'gpt-transcribe-api-ev3'. Use "
    "'json' or 'text' instead.",
    "verbose_json of gpt-transcribe" },
  { "openai", "gpt-language", "model=gpt-transcribe\nlanguage=de", NULL, 200, "\"languages\":[]",
    NULL },
  { "openai", "gpt-languages", "model=gpt-transcribe\nlanguages[]=de\nlanguages[]=en", NULL, 200,
    "[{\"code\":\"de\"},{\"code\":\"en\"}]", NULL },
  { "openai", "gpt-languages-list", "model=gpt-transcribe\nlanguages[]=de,en", NULL, 400,
    "Invalid request.", "de,en" },
  { "openai", "gpt-unlisted-language", "model=gpt-transcribe\nlanguages[]=nn", NULL, 400,
    "\"code\": \"invalid_value\"", "nn" },
  { "openai", "gpt-keywords", "model=gpt-transcribe\nkeywords[]=Whis\nkeywords[]=GTK", NULL, 200,
    "hello", NULL },
  { "openai", "gpt-temperature", "model=gpt-transcribe\ntemperature=0", NULL, 200, "hello",
    "unknown field temperature" },
  { "openai", "whisper-gu", "model=whisper-1\nlanguage=gu", NULL, 400,
    "Language 'gu' is not supported.", "gu" },
  { "openai", "long-language", "model=whisper-1\nlanguage=de-DE", NULL, 400, "not supported",
    "de-DE" },
  { "openai", "keywords-of-whisper", "model=whisper-1\nkeywords[]=x", NULL, 200, "hello",
    "unknown field keywords[]" },

  { "groq", "space", "model=whisper-large-v3", NULL, 200, "\"text\":\" hello\"", NULL },
  { "groq", "unknown-field", "model=whisper-large-v3\nlanguages[]=de", NULL, 400,
    "unknown param `languages[]`", "languages[]" },
  { "groq", "no-brackets",
    "model=whisper-large-v3\nresponse_format=verbose_json\ntimestamp_granularities=word", NULL, 400,
    "unknown param `timestamp_granularities`", "timestamp_granularities" },
  { "groq", "extension", "model=whisper-large-v3", "voice_file_1", 400,
    "file must be one of the following types: [flac mp3 mp4 mpeg mpga m4a ogg opus wav webm]",
    "voice_file_1" },
  { "groq", "retired", "model=distil-whisper-large-v3-en", NULL, 400, "model_decommissioned",
    NULL },
  { "groq", "verbose", "model=whisper-large-v3\nresponse_format=verbose_json", NULL, 200,
    "\"language\":\"German\"", NULL },
  { "groq", "srt", "model=whisper-large-v3\nresponse_format=srt", NULL, 400, "response_format",
    "srt" },

  { "mistral", "plain", "model=voxtral-mini-latest\nlanguage=de", NULL, 200, "\"segments\":[]",
    NULL },
  { "mistral", "times", "model=voxtral-mini-transcribe-latest\ntimestamp_granularities=segment",
    NULL, 200, "\"transcription_segment\"", NULL },
  { "mistral", "language-and-times",
    "model=voxtral-mini-latest\nlanguage=de\ntimestamp_granularities=segment", NULL, 200,
    "\"text\":\"\"", "language and timestamp_granularities" },
  { "mistral", "brackets", "model=voxtral-mini-latest\ntimestamp_granularities[]=segment", NULL,
    200, "\"segments\":[]", "timestamp_granularities[]" },
  { "mistral", "prompt", "model=voxtral-mini-latest\nprompt=x", NULL, 200, "hello", "prompt" },
  { "mistral", "response-format", "model=voxtral-mini-latest\nresponse_format=json", NULL, 200,
    "hello", "response_format" },
  { "mistral", "word-times", "model=voxtral-small-transcribe-latest\ntimestamp_granularities=word",
    NULL, 400, "not supported", "word times" },
  { "mistral", "word-times-2", "model=voxtral-mini-2602\ntimestamp_granularities=word", NULL, 200,
    "hello", NULL },
  { "mistral", "bias", "model=voxtral-mini-transcribe-3\ncontext_bias=two words\ncontext_bias=one",
    NULL, 200, "hello", NULL },
  { "mistral", "bias-2", "model=voxtral-mini-2602\ncontext_bias=two words", NULL, 422, "two words",
    "two words" },
  { "mistral", "chat-model", "model=voxtral-small-latest", NULL, 400,
    "Invalid model: voxtral-small-latest", "voxtral-small-latest" },
  { "mistral", "long-language", "model=voxtral-mini-latest\nlanguage=de-DE", NULL, 422, "language",
    "de-DE" },

  { "azure", "verbose", "response_format=verbose_json\ntimestamp_granularities[]=word", NULL, 200,
    "\"words\":[{\"word\":\"hello\"", NULL },
  { "azure", "model", "model=whisper-1", NULL, 200, "hello", "unknown field model" },

  { "whisper-cpp", "auto", "language=auto\nresponse_format=verbose_json", NULL, 200,
    "\"detected_language\":\"german\"", NULL },
  { "whisper-cpp", "no-language", "response_format=json", NULL, 200, "Gooten tock.\\nThis", NULL },
  { "whisper-cpp", "temperature", "language=auto\ntemperature=abc", NULL, 500,
    "500 Internal Server Error\nstof", "abc" },
  { "whisper-cpp", "no-file", "language=auto", "", 400, "Invalid request", "no part file" },
  { "whisper-cpp", "unknown-field", "language=auto\nkeywords[]=x", NULL, 200, "hello\\n",
    "keywords[]" },

  { "speaches", "nulls", "model=Systran/faster-whisper-small", NULL, 200,
    "\"logprobs\":null,\"usage\":null", NULL },
  { "speaches", "not-installed", "model=whisper-1", NULL, 404,
    "Model 'whisper-1' is not installed locally.", "whisper-1" },
  { "speaches", "no-model", "prompt=x", NULL, 422, "Field required", "no model" },
  { "speaches", "no-brackets", "model=Systran/faster-whisper-small\ntimestamp_granularities=word",
    NULL, 200, "hello", "timestamp_granularities" },

  { "localai", "verbose-by-default", "model=whisper-1", NULL, 200, "\"segments\":[{", NULL },
  { "localai", "words", "model=whisper-1\ntimestamp_granularities=word", NULL, 200,
    "\"words\":[{\"text\":\"hello\"", NULL },
  { "localai", "unknown-model", "model=x", NULL, 500, "could not load model", "unknown model x" },

  { "ollama", "verbose", "model=gemma4:e2b\nresponse_format=verbose_json", NULL, 400,
    "invalid_request_error", "verbose_json" },
  { "ollama", "unknown-model", "model=x", NULL, 404, "model 'x' not found", "unknown model x" },

  { "elevenlabs", "no-model", "tag_audio_events=false", NULL, 422,
    "\"loc\":[\"body\",\"model_id\"]", "no model_id" },
  { "elevenlabs", "noises", "model_id=scribe_v2", NULL, 200, "(laughter)", NULL },
  { "elevenlabs", "openai-name", "model_id=scribe_v2\nmodel=x", NULL, 200, "hello",
    "unknown field model" },
  { "elevenlabs", "keyterms", "model_id=scribe_v2\nkeyterms=a b\nkeyterms=c", NULL, 200, "hello",
    NULL },
  { "elevenlabs", "json-keyterms", "model_id=scribe_v2\nkeyterms=[\"a\"]", NULL, 400,
    "Some keyword contains invalid characters", "keyterms" },
  { "elevenlabs", "long-keyterm", "model_id=scribe_v2\nkeyterms=a b c d e f", NULL, 400,
    "invalid_keyword", "keyterms" },
  { "elevenlabs", "language", "model_id=scribe_v2\nlanguage_code=deu", NULL, 200,
    "\"language_code\":\"deu\"", NULL },
  { "elevenlabs", "long-language", "model_id=scribe_v2\nlanguage_code=de-DE", NULL, 400,
    "unsupported_language", "de-DE" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (TestService) service = test_service_new (cases[i].kind);
  g_autoptr (ServiceReply) reply = service_client_ask (
      service, cases[i].kind,
      &(ServiceAsk){ .fields = cases[i].fields, .file_name = cases[i].file_name });

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, cases[i].status);
  g_assert_nonnull (strstr (reply->body, cases[i].says));
  if (cases[i].complains == NULL)
    g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  else
    g_assert_nonnull (strstr (test_service_get_complaint (service), cases[i].complains));
}

/* 896 characters, not bytes, are a prompt for Groq. */
static void
test_groq_prompt (void)
{
  g_autoptr (TestService) service = test_service_new ("groq");
  g_autoptr (GString) fields = g_string_new ("model=whisper-large-v3\nprompt=");
  g_autoptr (ServiceReply) fits = NULL;
  g_autoptr (ServiceReply) too_long = NULL;

  for (int i = 0; i < 896; i++)
    g_string_append (fields, "ü");
  fits = service_client_ask (service, "groq", &(ServiceAsk){ .fields = fields->str });
  g_assert_cmpuint (fits->status, ==, 200);

  g_string_append (fields, "12345678");
  too_long = service_client_ask (service, "groq", &(ServiceAsk){ .fields = fields->str });
  g_assert_cmpuint (too_long->status, ==, 400);
  g_assert_nonnull (strstr (too_long->body, "prompt length must be 896 characters or fewer, but "
                                            "provided prompt contains 904 characters"));
}

static void
test_sizes (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autofree char *zeros = g_malloc0 (26214400);
  g_autoptr (GBytes) large = g_bytes_new_static (zeros, 26214400);
  g_autoptr (GBytes) wav = service_client_wav ("hello", 90);
  g_autoptr (ServiceReply) too_large =
      service_client_ask (service, "openai", &(ServiceAsk){ .sound = large });
  g_autoptr (ServiceReply) too_short = service_client_ask (
      service, "openai",
      &(ServiceAsk){ .sound = wav, .file_name = "audio.wav", .file_type = "audio/wav" });

  g_assert_cmpuint (too_large->status, ==, 413);
  g_assert_nonnull (
      strstr (too_large->body, "Maximum content size limit (26214400) exceeded (26214"));
  g_assert_nonnull (strstr (too_large->body, "server_error"));
  g_assert_cmpuint (too_short->status, ==, 400);
  g_assert_nonnull (strstr (too_short->body, "audio_too_short"));
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
}

/* Sends @body as it is; NULL for @complains when it is right. */
static void
assert_body (const char *type, const char *body, const char *complains)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, "openai", &(ServiceAsk){ 0 });
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autoptr (GError) error = NULL;
  g_autoptr (ServiceReply) reply = NULL;

  soup_message_set_request_body_from_bytes (message, type, bytes);
  reply = service_client_send (session, message, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, complains == NULL ? 200 : 400);
  if (complains == NULL)
    g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  else
    g_assert_nonnull (strstr (test_service_get_complaint (service), complains));
}

#define MODEL "Content-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1"
#define SOUND(name)                                                                                \
  "Content-Disposition: form-data; name=\"file\"; " name "\r\nContent-Type: "                      \
  "audio/mpeg\r\n\r\nhello"
#define PARTS "--B\r\n" MODEL "\r\n--B\r\n" SOUND ("filename=\"a.mp3\"")

static void
test_broken_forms (void)
{
  static const char form[] = "multipart/form-data; boundary=B";
  static const char badly[] = "badly written";

  assert_body (form, PARTS "\r\n--B--\r\n", NULL);
  assert_body ("multipart/form-data; boundary=\"B\"", PARTS "\r\n--B--\r\n", NULL);
  assert_body ("application/json", PARTS "\r\n--B--\r\n", "without a form's boundary");
  assert_body ("multipart/form-data", PARTS "\r\n--B--\r\n", "without a form's boundary");
  assert_body ("multipart/form-data; boundary=C", PARTS "\r\n--B--\r\n", badly);
  assert_body (form, "", badly);
  assert_body (form, PARTS, badly);
  assert_body (form, PARTS "\r\n--B\r\n", badly);
  assert_body (form, PARTS "\r\n--B--", badly);
  assert_body (form, PARTS "\n--B--\r\n", badly);
  assert_body (form, PARTS "\r\n--B--\r\nmore", badly);
  assert_body (form, "before\r\n" PARTS "\r\n--B--\r\n", badly);
  assert_body (form, PARTS "\r\n--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n", badly);
  /* a name that many servers do not read */
  assert_body (form,
               "--B\r\n" MODEL "\r\n--B\r\n" SOUND ("filename*=UTF-8''%C3%BC.mp3") "\r\n--B--\r\n",
               "field file cannot be");
}

static void
test_azure_addresses (void)
{
  g_autoptr (TestService) service = test_service_new ("azure");
  g_autoptr (ServiceReply) v1 =
      service_client_ask (service, "azure",
                          &(ServiceAsk){ .path = "/openai/v1/audio/transcriptions",
                                         .query = "api-version=preview",
                                         .fields = "model=whisper" });
  g_autoptr (ServiceReply) no_version = NULL;
  g_autoptr (ServiceReply) no_deployment = NULL;

  g_assert_cmpuint (v1->status, ==, 200);
  g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  no_version = service_client_ask (
      service, "azure",
      &(ServiceAsk){ .path = "/openai/deployments/whisper/audio/transcriptions" });
  g_assert_cmpuint (no_version->status, ==, 404);
  g_assert_nonnull (strstr (no_version->body, "Resource not found"));
  no_deployment =
      service_client_ask (service, "azure",
                          &(ServiceAsk){ .path = "/openai/deployments/mine/audio/transcriptions",
                                         .query = "api-version=2024-10-21" });
  g_assert_cmpuint (no_deployment->status, ==, 404);
  g_assert_nonnull (strstr (no_deployment->body, "DeploymentNotFound"));
}

static void
test_whisper_cpp_sounds (void)
{
  g_autoptr (TestService) service = test_service_new ("whisper-cpp");
  g_autoptr (GBytes) webm = g_bytes_new_static ("\x1a\x45\xdf\xa3\0\0\0\0", 8);
  g_autoptr (GBytes) short_wav = service_client_wav ("hello", 90);
  g_autoptr (ServiceReply) undecodable =
      service_client_ask (service, "whisper-cpp", &(ServiceAsk){ .sound = webm });
  g_autoptr (ServiceReply) nothing =
      service_client_ask (service, "whisper-cpp", &(ServiceAsk){ .sound = short_wav });

  g_assert_cmpuint (undecodable->status, ==, 400);
  g_assert_cmpstr (undecodable->body, ==, "Invalid request");
  g_assert_cmpstr (undecodable->type, ==, "text/plain");
  g_assert_cmpstr (nothing->body, ==, "{\"text\":\"\"}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/forms/%s/%s", cases[i].kind, cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/forms/groq/prompt", test_groq_prompt);
  g_test_add_func ("/forms/openai/sizes", test_sizes);
  g_test_add_func ("/forms/openai/broken", test_broken_forms);
  g_test_add_func ("/forms/azure/addresses", test_azure_addresses);
  g_test_add_func ("/forms/whisper-cpp/sounds", test_whisper_cpp_sounds);

  return g_test_run ();
}
