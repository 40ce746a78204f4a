/* SPDX-License-Identifier: MIT */

/* What the services with a manner of their own make of right and of wrong requests. */

#include "service-client.h"

#include <string.h>

#define INPUT "\"input\":[{\"type\":\"audio\",\"mime_type\":\"audio/flac\",\"data\":\"%data%\"}]"
#define GEMINI(config)                                                                             \
  "{\"model\":\"gemini-3.5-transcribe\",\"store\":false," INPUT                                    \
  ",\"generation_config\":{\"transcription_config\":" config "}}"

static const struct
{
  const char *kind;
  const char *name;
  ServiceAsk ask;
  guint status;
  /* part of the answer, and of the complaint; NULL for none */
  const char *says;
  const char *complains;
} cases[] = {
  { "deepgram",
    "detected",
    { .query = "model=nova-3&detect_language=true" },
    200,
    "\"detected_language\":\"de\"",
    NULL },
  { "deepgram",
    "words",
    { .query = "model=nova-3&language=multi" },
    200,
    "\"words\":[{\"word\":\"hello\",\"start\":0.000,\"end\":2.000",
    NULL },
  { "deepgram", "english-assumed", { .query = "model=nova-3" }, 200, TEST_SERVICE_GARBLE, NULL },
  { "deepgram",
    "not-detected",
    { .query = "model=nova-3&detect_language=false" },
    200,
    TEST_SERVICE_GARBLE,
    NULL },
  { "deepgram", "no-model", { .query = "language=de" }, 200, "hello", "base-general" },
  { "deepgram",
    "unknown-option",
    { .query = "model=nova-3&language=de&prompt=x" },
    200,
    "hello",
    "unknown option prompt" },
  { "deepgram",
    "keyterms",
    { .query = "model=nova-3&language=de&keyterm=Whis&keyterm=two%20words" },
    200,
    "hello",
    NULL },
  { "deepgram",
    "keywords",
    { .query = "model=nova-3&language=de&keywords=x" },
    400,
    "nova-3",
    "keywords" },
  { "deepgram",
    "switch",
    { .query = "model=nova-3&language=de&smart_format=yes" },
    400,
    "Bad Request",
    "smart_format=yes" },
  { "deepgram",
    "twice",
    { .query = "model=nova-3&language=de&language=en" },
    400,
    "Bad Request",
    "language twice" },
  { "deepgram",
    "language",
    { .query = "model=nova-3&language=xx" },
    400,
    "No such model/language",
    "xx" },
  { "deepgram",
    "type",
    { .file_type = "application/json" },
    400,
    "failed to process audio: corrupt or unsupported data",
    "application/json" },
  { "deepgram",
    "form",
    { .file_type = "multipart/form-data; boundary=B" },
    400,
    "failed to process audio",
    "multipart/form-data" },

  { "assemblyai",
    "words",
    { 0 },
    200,
    "\"words\":[{\"text\":\"hello\",\"start\":0,\"end\":100",
    NULL },
  { "assemblyai", "no-words", { .json = "{}" }, 200, "\"text\":\"hello\",\"confidence\"", NULL },
  { "assemblyai",
    "config",
    { .json = "{\"language\":\"de\"}" },
    400,
    "bad_request",
    "unknown member language" },
  { "assemblyai",
    "language",
    { .json = "{\"language_codes\":\"de\"}" },
    400,
    "bad_request",
    "language_codes" },
  { "assemblyai", "no-json", { .json = "timestamps" }, 400, "bad_request", "no JSON object" },
  { "assemblyai",
    "type",
    { .file_type = "audio/mpeg" },
    415,
    "unsupported_media_type",
    "audio/mpeg" },
  { "assemblyai",
    "pcm",
    { .file_type = "audio/pcm", .json = "{\"sample_rate\":16000,\"channels\":1}" },
    200,
    "text",
    NULL },
  { "assemblyai",
    "pcm-without-rate",
    { .file_type = "audio/pcm", .json = "{}" },
    400,
    "sample_rate",
    "sample_rate" },
  { "assemblyai", "no-model", { .headers = "X-Other: 1" }, 400, "Unknown model", "X-AAI-Model" },

  { "gemini",
    "plain",
    { .json = GEMINI ("{\"language_codes\":[\"de-DE\"]}") },
    200,
    "\"text\":\"hello\"}",
    NULL },
  { "gemini",
    "words",
    { .json = GEMINI ("{\"mode\":{\"type\":\"verbatim\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    200,
    "{\"type\":\"word_info\",\"text\":\"hello\",\"start_offset\":\"0.000s\",\"end_offset\":"
    "\"2.000s\"}",
    NULL },
  { "gemini",
    "smart",
    { .json = GEMINI ("{\"mode\":\"smart\",\"custom_vocabulary\":[\"Whis\"]}") },
    200,
    "hello",
    NULL },
  { "gemini",
    "smart-words",
    { .json = GEMINI ("{\"mode\":{\"type\":\"smart\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    400,
    "INVALID_ARGUMENT",
    "smart" },
  { "gemini",
    "vocabulary-and-words",
    { .json = GEMINI ("{\"custom_vocabulary\":[\"Whis\"],\"mode\":{\"type\":\"verbatim\","
                      "\"timestamp_granularities\":[\"word\"]}}") },
    400,
    "custom_vocabulary is incompatible with timestamps.",
    "custom_vocabulary" },
  { "gemini",
    "prompt",
    { .json = GEMINI ("{\"prompt\":\"x\"}") },
    400,
    "Unknown parameter 'prompt'",
    "prompt" },
  { "gemini",
    "stored",
    { .json = "{\"model\":\"gemini-3.5-transcribe\"," INPUT "}" },
    200,
    "hello",
    "store" },
  { "gemini", "revision", { .headers = "X-Other: 1" }, 200, "hello", "Api-Revision" },
  { "gemini",
    "model",
    { .json = "{\"model\":\"gemini-2\",\"store\":false," INPUT "}" },
    404,
    "models/gemini-2 is not found",
    "gemini-2" },
  { "gemini",
    "base64",
    { .json = "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
              "\"mime_type\":\"audio/flac\",\"data\":\"aGVsbG8\"}]}" },
    400,
    "Base64",
    "Base64" },
  { "gemini",
    "mime-type",
    { .json = "{\"model\":\"gemini-3.5-transcribe\",\"store\":false,\"input\":[{\"type\":\"audio\","
              "\"mime_type\":\"audio/x-wav\",\"data\":\"aGVsbG8=\"}]}" },
    400,
    "Unsupported MIME type: audio/x-wav",
    "audio/x-wav" },
  { "gemini", "no-json", { .json = "[]" }, 400, "Invalid JSON payload", "JSON" },
};

static void
test_case (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (TestService) service = test_service_new (cases[i].kind);
  g_autoptr (ServiceReply) reply = service_client_ask (service, cases[i].kind, &cases[i].ask);

  g_test_message ("%s", reply->body);
  g_assert_cmpuint (reply->status, ==, cases[i].status);
  g_assert_nonnull (strstr (reply->body, cases[i].says));
  if (cases[i].complains == NULL)
    g_assert_cmpstr (test_service_get_complaint (service), ==, NULL);
  else
    g_assert_nonnull (strstr (test_service_get_complaint (service), cases[i].complains));
}

static void
test_no_length (void)
{
  g_autoptr (TestService) service = test_service_new ("gemini");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (SoupMessage) message = service_client_message (service, "gemini", &(ServiceAsk){ 0 });
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data ("{}", 2, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ServiceReply) reply = NULL;

  soup_message_set_request_body (message, "application/json", stream, -1);
  reply = service_client_send (session, message, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 411);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/apis/%s/%s", cases[i].kind, cases[i].name);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_case);
    }
  g_test_add_func ("/apis/gemini/no-length", test_no_length);

  return g_test_run ();
}
