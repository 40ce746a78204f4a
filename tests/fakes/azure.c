/* SPDX-License-Identifier: MIT */

/*
 * Azure OpenAI, at both of its addresses. It has the deployments "whisper" and "transcribe", the
 * second of which is a model without verbose_json.
 */

#include "service-openai-rules.h"
#include "service-template.h"

#include <string.h>

#define ERROR(code, message) "{\"error\":{\"code\":\"" code "\",\"message\":\"" message "\"}}"
#define RATE_LIMIT(wait)                                                                           \
  ERROR ("429",                                                                                    \
         "Requests to the Transcriptions_Create Operation under Azure OpenAI API version "         \
         "2024-10-21 have exceeded call rate limit of your current OpenAI S0 pricing tier. "       \
         "Please retry after " wait " seconds. Please go here: "                                   \
         "https://aka.ms/oai/quotaincrease if you would like to further increase the "             \
         "default rate limit.")

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL,
    ERROR ("401",
           "Access denied due to invalid subscription key or wrong API endpoint. Make sure "
           "to provide a valid key for an active subscription and use a correct regional "
           "API endpoint for your resource.") },
  { "key-echo", 401, NULL, NULL, ERROR ("401", "Access denied due to invalid key %key%.") },
  { "no-permission", 403, NULL, NULL,
    ERROR ("403", "Access denied due to Virtual Network/Firewall rules.") },
  { "rate-limit", 429, NULL, "Retry-After: 1", RATE_LIMIT ("1") },
  { "rate-limit-plain", 429, NULL, NULL,
    ERROR ("429", "Rate limit is exceeded. Try again later.") },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50", RATE_LIMIT ("1") },
  { "rate-limit-long", 429, NULL, NULL, RATE_LIMIT ("86400") },
  { "rate-limit-prose", 429, NULL, NULL,
    ERROR ("429", "Rate limit is exceeded. Try again in 50 seconds.") },
  { "too-large", 413, NULL, NULL,
    "{\"error\":{\"message\":\"Maximum content size limit (26214400) exceeded (%message% bytes "
    "read)\",\"type\":\"server_error\",\"param\":null,\"code\":null}}",
    .example = "26358048" },
  { "too-short", 400, NULL, NULL,
    "{\"error\":{\"message\":\"Audio file is too short. Minimum audio length is 0.1 seconds.\","
    "\"type\":\"invalid_request_error\",\"param\":\"file\",\"code\":\"audio_too_short\"}}" },
  { "unsupported-format", 400, NULL, NULL,
    "{\"error\":{\"message\":\"response_format 'verbose_json' is not compatible with model "
    "'gpt-4o-transcribe-api-ev3'. Use 'json' or 'text' instead.\",\"type\":"
    "\"invalid_request_error\",\"param\":\"response_format\",\"code\":\"unsupported_value\"}}" },
  { "unknown-model", 404, NULL, NULL,
    ERROR ("DeploymentNotFound",
           "The API deployment for this resource does not exist. If you created the deployment "
           "within the last 5 minutes, please wait a moment and try again.") },
  { "retired-model", 410, NULL, NULL,
    ERROR ("ModelDeprecated", "The model of this deployment has been deprecated.") },
  { "overloaded", 503, NULL, NULL,
    ERROR ("503",
           "The server is currently processing too many requests. Please try again later.") },
  { "down", 500, NULL, NULL, ERROR ("InternalServerError", "Internal server error") },
  { "other-shape", 429, NULL, "Retry-After: 1",
    "{\"statusCode\":429,\"message\":\"Rate limit is exceeded. Try again in 1 seconds.\"}" },
  { "bad-request", 400, NULL, NULL,
    "{\"error\":{\"message\":\"%message%\",\"type\":\"invalid_request_error\",\"param\":null,"
    "\"code\":null}}" },
  { "not-found", 404, NULL, NULL, ERROR ("404", "Resource not found") },
  { "wrong-method", 405, NULL, NULL, ERROR ("405", "Method not allowed") },
  { NULL },
};

#define FIELDS                                                                                     \
  { "file", SERVICE_FIELD_FILE }, { "language", SERVICE_FIELD_LANGUAGE }, { "prompt" },            \
      { "temperature", SERVICE_FIELD_NUMBER, "0 1" },                                              \
      { "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json" },                       \
  {                                                                                                \
    "timestamp_granularities[]", SERVICE_FIELD_CHOICE, "word segment", TRUE                        \
  }

/* a model beside the deployment of the address is not read */
static const ServiceField classic_fields[] = { FIELDS, { NULL } };
static const ServiceField v1_fields[] = { FIELDS, { "model" }, { NULL } };

static const OpenaiRules classic_rules = {
  .fields = classic_fields,
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg wav webm",
  .max_bytes = 26214400,
  .min_ms = 100,
};

static const OpenaiRules v1_rules = {
  .fields = v1_fields,
  .model_field = "model",
  .models = "whisper transcribe",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg wav webm",
  .max_bytes = 26214400,
  .min_ms = 100,
};

static gboolean
check_version (ServiceCall *call, const char *pattern)
{
  const char *query = call->request->query != NULL ? call->request->query : "";

  if (g_regex_match_simple (pattern, query, 0, 0))
    return TRUE;
  service_call_refuse (call, "not-found", "query ?%s", query);

  return FALSE;
}

static gboolean
check_deployment (ServiceCall *call)
{
  g_auto (GStrv) parts = g_strsplit (call->request->path, "/", -1);

  if (g_strv_length (parts) != 6 || !g_str_equal (parts[4], "audio")
      || !g_str_equal (parts[5], "transcriptions"))
    {
      service_call_refuse (call, "not-found", "no such path");
      return FALSE;
    }
  g_free (call->model);
  call->model = g_strdup (parts[3]);
  if (service_word_in (parts[3], "whisper transcribe"))
    return TRUE;
  service_call_refuse (call, "unknown-model", "no deployment %s", parts[3]);

  return FALSE;
}

static gboolean
check_format (ServiceCall *call)
{
  gboolean verbose = openai_field_is (call, "response_format", "verbose_json");

  if (verbose && !g_str_equal (call->model, "whisper"))
    service_call_refuse (call, "unsupported-format", "verbose_json of %s", call->model);
  else if (!verbose && g_hash_table_contains (call->request->fields, "timestamp_granularities[]"))
    service_call_refuse (call, "bad-request", "timestamp_granularities[] without verbose_json");
  else
    return TRUE;

  return FALSE;
}

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard)
{
  gboolean has_words = openai_field_is (call, "timestamp_granularities[]", "word");
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *words = service_transcript_words (
      heard, has_words ? "{\"word\":%text%,\"start\":%start%,\"end\":%end%}" : NULL);
  g_autofree char *segments = service_transcript_segments (
      heard,
      "{\"id\":%index%,\"seek\":0,\"start\":%start%,\"end\":%end%,\"text\":%text%,\"tokens\":[1],"
      "\"temperature\":0.0,\"avg_logprob\":-0.3,\"compression_ratio\":1.2,\"no_speech_prob\":0.01}",
      NULL);

  return service_template_expand ("{\"task\":\"transcribe\",\"language\":\"german\",\"duration\":"
                                  "%duration%,\"words\":%words%,\"segments\":%segments%,\"text\":"
                                  "%text%}",
                                  "duration", duration, "words", words, "segments", segments,
                                  "text", text, NULL);
}

static void
answer (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;

  if (!check_format (call) || service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  text = service_template_quote (heard->text);
  if (openai_field_is (call, "response_format", "verbose_json"))
    service_call_answer (call, make_verbose (call, heard));
  else if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain", g_strconcat (heard->text, "\n", NULL));
  else
    service_call_answer (call, g_strconcat ("{\"text\":", text, "}", NULL));
}

static void
transcribe (ServiceCall *call)
{
  if (check_version (call, "^api-version=\\d{4}-\\d\\d-\\d\\d(-preview)?$")
      && check_deployment (call) && openai_rules_check (call, &classic_rules))
    answer (call);
}

static void
transcribe_v1 (ServiceCall *call)
{
  if (check_version (call, "^(api-version=(preview|latest|v1))?$")
      && openai_rules_check (call, &v1_rules))
    answer (call);
}

static void
list_models (ServiceCall *call)
{
  if (!check_version (call, "^api-version=[\\w-]+$"))
    return;
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "no-permission", "");
  else
    service_call_answer (
        call,
        g_strdup ("{\"data\":[{\"status\":\"succeeded\",\"capabilities\":{\"inference\":true},"
                  "\"lifecycle_status\":\"generally-available\",\"deprecation\":{\"inference\":"
                  "1772064000},\"id\":\"whisper-001\",\"object\":\"model\"}],\"object\":"
                  "\"list\"}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/openai/deployments/*", transcribe, TRUE },
  { "POST", "/openai/v1/audio/transcriptions", transcribe_v1, TRUE },
  { "GET", "/openai/models", list_models, TRUE },
  { "GET", "/openai/v1/models", list_models, TRUE },
  { NULL },
};

const ServiceKind service_azure = {
  .name = "azure",
  .key_forms = { { "api-key", "" }, { "Authorization", "Bearer " } },
  .needs_length = TRUE,
  .headers = "apim-request-id: 01234567-89ab-cdef-0123-456789abcdef",
  .routes = routes,
  .answers = answers,
};
