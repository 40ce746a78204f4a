/* SPDX-License-Identifier: MIT */

/* Groq: OpenAI's dialect, and particular about it. */

#include "service-openai-rules.h"
#include "service-template.h"

#define ERROR(message, more)                                                                       \
  "{\"error\":{\"message\":\"" message "\",\"type\":\"invalid_request_error\"" more "}}\n"
#define RATE_LIMIT(wait)                                                                           \
  "{\"error\":{\"message\":\"Rate limit reached for model `%model%` in organization "              \
  "`org_01test` service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Used "   \
  "7170, Requested 230. Please try again in " wait                                                 \
  ". Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing\","  \
  "\"type\":\"seconds\",\"code\":\"rate_limit_exceeded\"}}\n"

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL,
    "{\"error\":{\"message\":\"Invalid API Key\",\"type\":\"invalid_request_error\",\"code\":"
    "\"invalid_api_key\"}}" },
  { "key-echo", 401, NULL, NULL, ERROR ("Invalid API Key %key%", ",\"code\":\"invalid_api_key\"") },
  { "no-permission", 403, NULL, NULL,
    "{\"error\":{\"message\":\"Access denied. Please check your network settings.\"}}" },
  { "rate-limit", 429, NULL, "retry-after: 1", RATE_LIMIT ("1s") },
  { "rate-limit-plain", 429, NULL, NULL, RATE_LIMIT ("740ms") },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50", RATE_LIMIT ("50ms") },
  { "rate-limit-long", 429, NULL, "retry-after: 100", RATE_LIMIT ("1m39.738s") },
  { "rate-limit-prose", 429, NULL, NULL, RATE_LIMIT ("1m39.738s") },
  { "too-large", 413, NULL, NULL,
    "{\"error\":{\"message\":\"Request Entity Too Large\",\"type\":\"invalid_request_error\","
    "\"code\":\"request_too_large\"}}" },
  { "too-long", 413, NULL, NULL,
    "{\"error\":{\"message\":\"Request too large for model `%model%` in organization `org_01test` "
    "service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Requested 10200, "
    "please reduce your message size and try again.\",\"type\":\"seconds\",\"code\":"
    "\"rate_limit_exceeded\"}}\n" },
  { "too-short", 400, NULL, NULL,
    ERROR ("Audio file is too short. Minimum audio length is 0.01 seconds.", "") },
  { "broken-file", 400, NULL, NULL,
    ERROR ("could not process file - is it a valid media file?", "") },
  { "unsupported-file", 400, NULL, NULL,
    ERROR ("file must be one of the following types: [flac mp3 mp4 mpeg mpga m4a ogg opus wav "
           "webm]",
           "") },
  { "long-prompt", 400, NULL, NULL,
    ERROR ("prompt length must be 896 characters or fewer, but provided prompt contains %message% "
           "characters",
           ""),
    .example = "904" },
  { "unknown-field", 400, NULL, NULL, ERROR ("unknown param `%message%`", ""),
    .example = "timestamp_granularities" },
  { "unsupported-language", 400, NULL, NULL,
    ERROR ("language must be one of the supported languages", "") },
  { "unknown-model", 404, NULL, NULL,
    ERROR ("The model `%model%` does not exist or you do not have access to it.",
           ",\"code\":\"model_not_found\"") },
  { "retired-model", 400, NULL, NULL,
    ERROR ("The model `%model%` has been decommissioned and is no longer supported. Please refer "
           "to https://console.groq.com/docs/deprecations for a recommendation on which model to "
           "use instead.",
           ",\"code\":\"model_decommissioned\"") },
  { "capacity", 498, NULL, NULL,
    "{\"error\":{\"message\":\"Flex tier capacity exceeded\",\"type\":\"capacity_exceeded\"}}" },
  { "overloaded", 503, NULL, NULL,
    "{\"error\":{\"message\":\"Service unavailable\",\"type\":\"internal_server_error\"}}" },
  { "down", 500, NULL, NULL,
    "{\"error\":{\"message\":\"Internal Server Error\",\"type\":\"internal_server_error\"}}" },
  { "unprocessable", 422, NULL, NULL, ERROR ("Please try again", "") },
  { "other-shape", 429, NULL, "retry-after: 1",
    "{\"error\":{\"message\":\"Rate limit reached\",\"type\":\"requests\",\"param\":null,\"code\":"
    "null},\"x_groq\":null}" },
  { "bad-request", 400, NULL, NULL, ERROR ("%message%", "") },
  { "not-found", 404, NULL, NULL,
    ERROR ("Unknown request URL. Please check the URL for typos.", ",\"code\":\"unknown_url\"") },
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
  { NULL },
};

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model",
  .models = "whisper-large-v3 whisper-large-v3-turbo",
  .retired_models = "distil-whisper-large-v3-en",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg opus wav webm",
  .max_bytes = 26214400,
  .min_ms = 10,
  .refuses_unknown = TRUE,
};

static gboolean
check_prompt (ServiceCall *call)
{
  const char *prompt = service_form_get (call->form, "prompt");
  glong length = prompt != NULL ? g_utf8_strlen (prompt, -1) : 0;
  g_autofree char *number = g_strdup_printf ("%ld", length);

  if (length <= 896)
    return TRUE;
  service_call_complain (call, "a prompt of %ld characters", length);
  service_call_fail (call, "long-prompt", number);

  return FALSE;
}

static gboolean
check_times (ServiceCall *call)
{
  if (!g_hash_table_contains (call->request->fields, "timestamp_granularities[]")
      || openai_field_is (call, "response_format", "verbose_json"))
    return TRUE;
  service_call_refuse (call, "bad-request",
                       "response_format must be verbose_json for timestamp_granularities");

  return FALSE;
}

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard)
{
  static const char segment[] =
      "{\"id\":%index%,\"seek\":0,\"start\":%start%,\"end\":%end%,\"text\":%text%,"
      "\"tokens\":[50365],\"temperature\":0,\"avg_logprob\":-0.2,\"compression_ratio\":1.1,"
      "\"no_speech_prob\":1.2e-10}";
  static const char word[] = "{\"word\":%text%,\"start\":%start%,\"end\":%end%}";
  gboolean has_words = openai_field_is (call, "timestamp_granularities[]", "word");
  g_autofree char *spaced = g_strconcat (*heard->text != '\0' ? " " : "", heard->text, NULL);
  g_autofree char *text = service_template_quote (spaced);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *words = service_transcript_words (heard, word);
  g_autofree char *segments = service_transcript_segments (heard, segment, NULL);

  return service_template_expand ("{\"task\":\"transcribe\",\"language\":\"German\",\"duration\":"
                                  "%duration%,\"text\":%text%,\"words\":%words%,\"segments\":"
                                  "%segments%,\"x_groq\":{\"id\":\"req_01test\"}}",
                                  "duration", duration, "segments", segments, "words",
                                  has_words ? words : "null", "text", text, NULL);
}

static char *
make_json (ServiceTranscript *heard)
{
  g_autofree char *spaced = g_strconcat (*heard->text != '\0' ? " " : "", heard->text, NULL);
  g_autofree char *text = service_template_quote (spaced);

  return service_template_expand ("{\"text\":%text%,\"x_groq\":{\"id\":\"req_01test\"}}", "text",
                                  text, NULL);
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;

  if (!openai_rules_check (call, &rules) || !check_prompt (call) || !check_times (call)
      || service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  if (openai_field_is (call, "response_format", "verbose_json"))
    service_call_answer (call, make_verbose (call, heard));
  else if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain", g_strconcat (" ", heard->text, NULL));
  else
    service_call_answer (call, make_json (heard));
}

#define MODEL(id)                                                                                  \
  "{\"id\":\"" id "\",\"object\":\"model\",\"created\":1728413088,\"owned_by\":\"Groq\","          \
  "\"active\":true,\"context_window\":448,\"public_apps\":null}"

static void
list_models (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "no-permission", "");
  else
    service_call_answer (
        call, g_strdup ("{\"object\":\"list\",\"data\":[" MODEL ("whisper-large-v3") "," MODEL (
                  "whisper-large-v3-turbo") "," MODEL ("openai/gpt-oss-20b") "]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/openai/v1/audio/transcriptions", transcribe },
  { "GET", "/openai/v1/models", list_models },
  { NULL },
};

const ServiceKind service_groq = {
  .name = "groq",
  .key_forms = { { "Authorization", "Bearer " } },
  .headers = "x-request-id: req_01test\nx-groq-region: fra\nx-ratelimit-limit-requests: 2000\n"
             "x-ratelimit-remaining-requests: 1999\nx-ratelimit-reset-requests: 43.2s",
  .routes = routes,
  .answers = answers,
};
