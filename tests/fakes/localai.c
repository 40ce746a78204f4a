/* SPDX-License-Identifier: MIT */

/* LocalAI. */

#include "service-openai-rules.h"
#include "service-template.h"

#define ERROR(code, message)                                                                       \
  "{\"error\":{\"code\":" code ",\"message\":\"" message "\",\"type\":\"\"}}"

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, "WWW-Authenticate: Bearer",
    ERROR ("401", "An authentication key is required") },
  { "key-echo", 401, NULL, "WWW-Authenticate: Bearer", ERROR ("401", "The key %key% is wrong") },
  { "too-large", 413, NULL, NULL, ERROR ("413", "Request Entity Too Large") },
  { "unknown-model", 500, NULL, NULL,
    ERROR ("500", "could not load model: %model%: no such file or directory") },
  { "broken-file", 500, NULL, NULL, ERROR ("500", "failed to convert audio: exit status 1") },
  { "overloaded", 503, NULL, "Retry-After: 1", ERROR ("503", "model is loading") },
  { "down", 500, NULL, NULL,
    ERROR ("500",
           "rpc error: code = Unavailable desc = error reading "
           "from server: EOF") },
  { "other-shape", 500, NULL, NULL,
    "{\"error\":{\"code\":null,\"message\":\"EOF\",\"type\":null}}" },
  { "bad-request", 400, NULL, NULL, ERROR ("400", "%message%") },
  { "not-found", 404, NULL, NULL, ERROR ("404", "Resource not found") },
  { "wrong-method", 405, NULL, NULL, ERROR ("405", "Method Not Allowed") },
  /* releases before segment times became seconds */
  { "nanoseconds", 200, NULL, NULL,
    "{\"segments\":[{\"id\":0,\"start\":0,\"end\":1500000000,\"text\":\"Ein alter Satz.\","
    "\"tokens\":[1]}],\"text\":\"Ein alter Satz.\"}" },
  { NULL },
};

static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "model" },
  { "language" },
  { "prompt" },
  { "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json" },
  { "temperature", SERVICE_FIELD_NUMBER, "0 1" },
  { "timestamp_granularities[]", SERVICE_FIELD_CHOICE, "word segment", TRUE },
  { "timestamp_granularities", SERVICE_FIELD_CHOICE, "word segment", TRUE },
  { "diarize", SERVICE_FIELD_BOOLEAN },
  { "translate", SERVICE_FIELD_BOOLEAN },
  { NULL },
};

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model",
  .models = "whisper-1 whisper-large-turbo",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg opus wav webm",
  .max_bytes = 15728640,
};

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard)
{
  static const char segment[] =
      "{\"id\":%index%,\"start\":%start%,\"end\":%end%,\"text\":%text%,\"tokens\":[1]}";
  static const char word[] = "{\"text\":%text%,\"start\":%start%,\"end\":%end%}";
  gboolean has_words = openai_field_is (call, "timestamp_granularities[]", "word")
                       || openai_field_is (call, "timestamp_granularities", "word");
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *words = service_transcript_words (heard, has_words ? word : NULL);
  g_autofree char *segments = service_transcript_segments (heard, segment, NULL);

  return service_template_expand ("{\"segments\":%segments%,\"words\":%words%,\"text\":%text%,"
                                  "\"language\":\"de\",\"duration\":%duration%}",
                                  "duration", duration, "words", words, "segments", segments,
                                  "text", text, NULL);
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;

  if (!openai_rules_check (call, &rules) || service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  text = service_template_quote (heard->text);
  if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain; charset=utf-8", g_strdup (heard->text));
  else if (openai_field_is (call, "response_format", "json"))
    service_call_answer (call, g_strconcat ("{\"text\":", text, "}", NULL));
  else
    service_call_answer (call, make_verbose (call, heard));
}

static void
list_models (ServiceCall *call)
{
  service_call_answer (call, g_strdup ("{\"object\":\"list\",\"data\":[{\"id\":\"whisper-1\","
                                       "\"object\":\"model\"},{\"id\":\"whisper-large-turbo\","
                                       "\"object\":\"model\"}]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/audio/transcriptions", transcribe },
  { "GET", "/v1/models", list_models },
  { NULL },
};

const ServiceKind service_localai = {
  .name = "localai",
  .key_forms = { { "Authorization", "Bearer " } },
  .key_optional = TRUE,
  .routes = routes,
  .answers = answers,
};
