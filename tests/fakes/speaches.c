/* SPDX-License-Identifier: MIT */

/* speaches, formerly faster-whisper-server. */

#include "service-openai-rules.h"
#include "service-stream.h"
#include "service-template.h"

static const ServiceAnswer answers[] = {
  /* a missing key and a wrong one alike */
  { "wrong-key", 403, NULL, NULL, "{\"detail\":\"Invalid API key\"}" },
  { "key-echo", 403, NULL, NULL, "{\"detail\":\"Invalid API key: %key%\"}" },
  { "unknown-model", 404, NULL, NULL,
    "{\"detail\":\"Model '%model%' is not installed locally. You can download the model using "
    "`POST "
    "/v1/models`\"}" },
  { "broken-file", 415, NULL, NULL,
    "{\"detail\":\"Failed to decode audio. The provided file type is not supported.\"}" },
  { "too-short", 400, NULL, NULL, "{\"detail\":\"Audio is empty\"}" },
  { "no-model", 422, NULL, NULL,
    "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"model\"],\"msg\":\"Field required\","
    "\"input\":null}]}" },
  { "no-file", 422, NULL, NULL,
    "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"file\"],\"msg\":\"Field required\","
    "\"input\":null}]}" },
  { "bad-request", 422, NULL, NULL,
    "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\"],\"msg\":\"%message%\"}]}" },
  { "unsupported-language", 422, NULL, NULL,
    "{\"detail\":[{\"type\":\"enum\",\"loc\":[\"body\",\"language\"],\"msg\":\"Input should be a "
    "known language\",\"input\":null}]}" },
  { "down", 500, "text/plain; charset=utf-8", NULL, "Internal Server Error" },
  { "plain-text", 500, "text/plain; charset=utf-8", NULL, "Internal Server Error" },
  { "not-found", 404, NULL, NULL, "{\"detail\":\"Not Found\"}" },
  { "wrong-method", 405, NULL, NULL, "{\"detail\":\"Method Not Allowed\"}" },
  SERVICE_STREAM_ANSWERS,
  { NULL },
};

static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "model" },
  { "language", SERVICE_FIELD_LANGUAGE },
  { "prompt" },
  { "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json" },
  { "temperature", SERVICE_FIELD_NUMBER, "0 1" },
  { "timestamp_granularities[]", SERVICE_FIELD_CHOICE, "word segment", TRUE },
  { "hotwords" },
  { "without_timestamps", SERVICE_FIELD_BOOLEAN },
  { "stream", SERVICE_FIELD_BOOLEAN },
  { NULL },
};

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model",
  .models = "Systran/faster-whisper-small Systran/faster-distil-whisper-large-v3",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg opus wav webm",
};

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard)
{
  static const char segment[] =
      "{\"id\":%index%,\"seek\":0,\"start\":%start%,\"end\":%end%,\"text\":%text%,\"tokens\":[1],"
      "\"temperature\":0.0,\"avg_logprob\":-0.3,\"compression_ratio\":1.2,\"no_speech_prob\":0.01,"
      "\"words\":null}";
  static const char word[] =
      "{\"start\":%start%,\"end\":%end%,\"word\":%text%,\"probability\":0.9}";
  gboolean has_words = openai_field_is (call, "timestamp_granularities[]", "word");
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *words = service_transcript_words (heard, word);
  g_autofree char *segments = service_transcript_segments (heard, segment, NULL);

  return service_template_expand ("{\"task\":\"transcribe\",\"language\":\"de\",\"duration\":"
                                  "%duration%,\"text\":%text%,\"words\":%words%,\"segments\":"
                                  "%segments%,\"usage\":null}",
                                  "duration", duration, "words", has_words ? words : "null",
                                  "segments", segments, "text", text, NULL);
}

/* by segment, and without an end mark */
static const ServiceStream stream = {
  .delta = "data: {\"type\":\"transcript.text.delta\",\"delta\":%text%,\"logprobs\":null}\n\n",
  .by_segment = TRUE,
  .done = "data: {\"type\":\"transcript.text.done\",\"text\":%text%,\"logprobs\":null,"
          "\"usage\":null}\n\n",
  .error = "data: {\"detail\":\"Internal Server Error\"}\n\n",
};

static void
transcribe (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;

  if (!openai_rules_check (call, &rules) || service_call_fails (call))
    return;
  if (openai_field_is (call, "stream", "true"))
    {
      service_stream_answer (call, &stream);
      return;
    }
  heard = service_call_hear (call, FALSE);
  text = service_template_quote (heard->text);
  if (openai_field_is (call, "response_format", "verbose_json"))
    service_call_answer (call, make_verbose (call, heard));
  else if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain; charset=utf-8", g_strdup (heard->text));
  else
    service_call_answer (
        call, g_strconcat ("{\"text\":", text, ",\"logprobs\":null,\"usage\":null}", NULL));
}

static void
list_models (ServiceCall *call)
{
  service_call_answer (
      call, g_strdup ("{\"data\":[{\"id\":\"Systran/faster-whisper-small\",\"created\":1700000000,"
                      "\"object\":\"model\",\"owned_by\":\"Systran\",\"language\":null,\"task\":"
                      "\"automatic-speech-recognition\"}],\"object\":\"list\"}"));
}

static void
tell_health (ServiceCall *call)
{
  service_call_answer_type (call, "text/plain; charset=utf-8", g_strdup ("OK"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/audio/transcriptions", transcribe },
  { "GET", "/v1/models", list_models },
  { "GET", "/health", tell_health, .open = TRUE },
  { NULL },
};

const ServiceKind service_speaches = {
  .name = "speaches",
  .key_forms = { { "Authorization", "Bearer " } },
  .key_optional = TRUE,
  .headers = "server: uvicorn",
  .routes = routes,
  .answers = answers,
};
