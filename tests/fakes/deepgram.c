/* SPDX-License-Identifier: MIT */

/* Deepgram, sound that is recorded already. */

#include "service-call.h"
#include "service-template.h"

#include <string.h>

#define ID "01234567-89ab-cdef-0123-456789abcdef"
#define ERROR(code, message)                                                                       \
  "{\"err_code\":\"" code "\",\"err_msg\":\"" message "\",\"request_id\":\"" ID "\"}"
#define CATEGORY(category, message, details)                                                       \
  "{\"category\":\"" category "\",\"message\":\"" message "\",\"details\":\"" details              \
  "\",\"request_id\":\"" ID "\"}"
#define TOO_MANY ERROR ("TOO_MANY_REQUESTS", "Too many requests. Please try again later")

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL, ERROR ("INVALID_AUTH", "Invalid credentials.") },
  { "key-echo", 401, NULL, NULL, ERROR ("INVALID_AUTH", "Invalid credentials: %key%.") },
  { "no-permission", 403, NULL, NULL,
    ERROR ("INSUFFICIENT_PERMISSIONS",
           "User does not have sufficient permissions for the requested operation.") },
  { "no-permission-401", 401, NULL, NULL,
    ERROR ("INSUFFICIENT_PERMISSIONS",
           "User does not have sufficient permissions for the requested operation.") },
  { "no-money", 402, NULL, NULL,
    ERROR ("ASR_PAYMENT_REQUIRED",
           "Project does not have enough credits for an ASR request and "
           "does not have an overage agreement.") },
  { "rate-limit", 429, NULL, "Retry-After: 1", TOO_MANY },
  { "rate-limit-plain", 429, NULL, NULL, TOO_MANY },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50", TOO_MANY },
  { "rate-limit-long", 429, NULL, "Retry-After: 600", TOO_MANY },
  { "too-large", 413, NULL, NULL,
    ERROR ("Payload Too Large", "The request body exceeds the limit of 2 GB.") },
  { "broken-file", 400, NULL, NULL,
    ERROR ("Bad Request", "Bad Request: failed to process audio: corrupt or unsupported data") },
  { "long-keyterms", 400, NULL, NULL,
    ERROR ("Bad Request",
           "Keyterm limit exceeded. The maximum number of tokens across all "
           "keyterms is 500.") },
  { "unsupported-language", 400, NULL, NULL,
    ERROR ("Bad Request", "Bad Request: No such model/language/tier combination found.") },
  { "unknown-model", 400, NULL, NULL,
    ERROR ("Bad Request", "Bad Request: No such model/language/tier combination found.") },
  { "overloaded", 503, NULL, NULL, ERROR ("SERVICE_UNAVAILABLE", "Service unavailable.") },
  { "gateway-timeout", 504, NULL, NULL,
    ERROR ("GATEWAY_TIMEOUT", "The request took too long to process.") },
  { "down", 500, NULL, NULL, ERROR ("INTERNAL_SERVER_ERROR", "Internal server error.") },
  { "other-shape", 401, NULL, NULL,
    CATEGORY ("INVALID_AUTH", "Invalid credentials.", "The key is unknown or was deleted.") },
  { "other-shape-rate-limit", 429, NULL, NULL,
    CATEGORY ("TOO_MANY_REQUESTS", "Too many requests.", "Please try again later") },
  { "plain-text", 400, "text/plain; charset=utf-8", NULL, "Failed to parse the request." },
  { "plain-text-overloaded", 503, "text/plain; charset=utf-8", NULL, "Service Unavailable" },
  { "bad-request", 400, NULL, NULL, ERROR ("Bad Request", "Bad Request: %message%") },
  { "not-found", 404, NULL, NULL, ERROR ("NOT_FOUND", "Not found.") },
  { "wrong-method", 405, NULL, NULL, ERROR ("METHOD_NOT_ALLOWED", "Method not allowed.") },
  { NULL },
};

#define SWITCH(name)                                                                               \
  {                                                                                                \
    name, SERVICE_FIELD_BOOLEAN                                                                    \
  }

static const ServiceField options[] = {
  { "model" },
  { "language" },
  SWITCH ("detect_language"),
  SWITCH ("smart_format"),
  SWITCH ("punctuate"),
  SWITCH ("numerals"),
  SWITCH ("dictation"),
  SWITCH ("paragraphs"),
  SWITCH ("utterances"),
  SWITCH ("filler_words"),
  SWITCH ("profanity_filter"),
  SWITCH ("mip_opt_out"),
  SWITCH ("multichannel"),
  { "utt_split", SERVICE_FIELD_NUMBER, "0 60" },
  { "keyterm", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "keywords", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "redact", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "tag", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "encoding" },
  { "sample_rate", SERVICE_FIELD_NUMBER, "8000 48000" },
  { "channels", SERVICE_FIELD_NUMBER, "1 16" },
  { NULL },
};

#define LANGUAGES                                                                                  \
  "multi en en-US en-GB en-AU en-IN en-NZ de de-CH es es-419 fr fr-CA pt pt-BR pt-PT it nl nl-BE " \
  "da da-DK sv sv-SE no fi pl cs sk sl hu ro bg el tr uk ru ja ko ko-KR zh zh-CN zh-TW hi id ms "  \
  "vi th ar he fa ur ta te bn ca et lv lt hr sr bs mk be tl"

/* NULL when the option is not there. */
static const char *
get_option (GPtrArray *query, const char *name)
{
  for (guint i = 0; i < query->len; i++)
    {
      const char *pair = g_ptr_array_index (query, i);

      if (g_str_has_prefix (pair, name) && pair[strlen (name)] == '=')
        return pair + strlen (name) + 1;
    }

  return NULL;
}

static gboolean
option_is (GPtrArray *query, const char *name, const char *value)
{
  return g_strcmp0 (get_option (query, name), value) == 0;
}

static gboolean
check_option (ServiceCall *call, GPtrArray *query, const char *pair)
{
  g_auto (GStrv) parts = g_strsplit (pair, "=", 2);
  const ServiceField *option = service_field_find (options, parts[0]);

  if (option == NULL)
    service_call_complain (call, "unknown option %s", parts[0]);
  else if (parts[1] == NULL || !service_field_takes (option, parts[1]))
    {
      service_call_refuse (call, "bad-request", "option %s", pair);
      return FALSE;
    }
  else if (!option->repeats && get_option (query, parts[0]) != pair + strlen (parts[0]) + 1)
    {
      service_call_refuse (call, "bad-request", "option %s twice", parts[0]);
      return FALSE;
    }

  return TRUE;
}

static guint
count_keyterm_tokens (GPtrArray *query)
{
  guint n = 0;

  for (guint i = 0; i < query->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (query, i), "keyterm="))
      {
        g_auto (GStrv) words = g_strsplit (g_ptr_array_index (query, i), " ", -1);

        n += g_strv_length (words);
      }

  return n;
}

static gboolean
check_model (ServiceCall *call, GPtrArray *query)
{
  const char *model = get_option (query, "model");

  if (model == NULL)
    service_call_complain (call, "no model, which means base-general");
  if (model != NULL && !service_word_in (model, "nova-3 nova-3-general nova-3-medical nova-2"))
    service_call_refuse (call, "unknown-model", "unknown model %s", model);
  else if (get_option (query, "keyterm") != NULL
           && !g_str_has_prefix (model != NULL ? model : "", "nova-3"))
    service_call_refuse (call, "bad-request", "keyterm is for nova-3 only");
  else if (get_option (query, "keywords") != NULL
           && g_str_has_prefix (model != NULL ? model : "", "nova-3"))
    service_call_refuse (call, "bad-request", "keywords are not supported for nova-3");
  else if (count_keyterm_tokens (query) > 500)
    service_call_refuse (call, "long-keyterms", "more than 500 tokens of keyterms");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_language (ServiceCall *call, GPtrArray *query)
{
  const char *language = get_option (query, "language");

  if (language != NULL && option_is (query, "detect_language", "true"))
    service_call_complain (call, "a language, and to detect it");
  if (language == NULL || service_word_in (language, LANGUAGES))
    return TRUE;
  service_call_refuse (call, "unsupported-language", "language %s", language);

  return FALSE;
}

static gboolean
check_body (ServiceCall *call)
{
  const char *type = service_call_get_header (call, "Content-Type");

  if (call->form != NULL)
    service_call_refuse (call, "broken-file", "a form where sound is wanted");
  else if (g_bytes_get_size (call->request->body) == 0)
    service_call_refuse (call, "broken-file", "an empty body");
  else if (type == NULL || !g_str_has_prefix (type, "audio/"))
    service_call_refuse (call, "broken-file", "sound as %s", type);
  else
    {
      service_call_set_sound (call, call->request->body, type);
      return TRUE;
    }

  return FALSE;
}

static gboolean
check (ServiceCall *call, GPtrArray *query)
{
  for (guint i = 0; i < query->len; i++)
    if (!check_option (call, query, g_ptr_array_index (query, i)))
      return FALSE;

  return check_model (call, query) && check_language (call, query) && check_body (call);
}

static char *
make_answer (ServiceCall *call, ServiceTranscript *heard, gboolean detects)
{
  static const char word[] = "{\"word\":%text%,\"start\":%start%,\"end\":%end%,\"confidence\":0.99,"
                             "\"punctuated_word\":%text%}";
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *words = service_transcript_words (heard, word);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *spoken = service_dup_spoken (call->service);
  g_autofree char *detected = g_strdup_printf ("\"detected_language\":\"%s\",", spoken);

  return service_template_expand (
      "{\"metadata\":{\"transaction_key\":\"deprecated\",\"request_id\":\"" ID
      "\",\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
      "\"created\":\"2026-07-22T10:00:00.000Z\",\"duration\":%duration%,\"channels\":1,"
      "\"models\":[\"" ID "\"],\"model_info\":{\"" ID
      "\":{\"name\":\"general-nova-3\",\"version\":\"2026-05-01.0\",\"arch\":\"nova-3\"}}},"
      "\"results\":{\"channels\":[{%detected%\"alternatives\":[{\"transcript\":%text%,"
      "\"confidence\":0.99,\"words\":%words%}]}]}}",
      "duration", duration, "detected", detects ? detected : "", "words", words, "text", text,
      NULL);
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (GPtrArray) query = service_call_get_query (call);
  gboolean detects = option_is (query, "detect_language", "true");
  g_autoptr (ServiceTranscript) heard = NULL;

  if (!check (call, query) || service_call_fails (call))
    return;
  heard = service_call_hear (call, !detects && get_option (query, "language") == NULL);
  service_call_answer (call, make_answer (call, heard, detects));
}

static void
tell_key (ServiceCall *call)
{
  service_call_answer (
      call, g_strdup_printf ("{\"api_key_id\":\"" ID "\",\"scopes\":[\"%s\"],\"created\":"
                             "\"2026-01-01T00:00:00Z\",\"expires\":null}",
                             call->key_state == SERVICE_KEY_RESTRICTED ? "usage:write"
                                                                       : "account:owner"));
}

static void
list_projects (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "no-permission", "");
  else
    service_call_answer (
        call, g_strdup ("{\"projects\":[{\"project_id\":\"" ID "\",\"name\":\"Test\"}]}"));
}

static void
list_models (ServiceCall *call)
{
  service_call_answer (
      call, g_strdup ("{\"stt\":[{\"name\":\"general\",\"canonical_name\":\"nova-3-general\","
                      "\"architecture\":\"nova-3\",\"languages\":[\"en\",\"multi\"],\"version\":"
                      "\"2026-05-01.0\",\"uuid\":\"" ID
                      "\",\"batch\":true,\"streaming\":true}],\"tts\":[]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/listen", transcribe, TRUE },
  { "GET", "/v1/auth/token", tell_key },
  { "GET", "/v1/projects", list_projects },
  { "GET", "/v1/models", list_models, .open = TRUE },
  { NULL },
};

const ServiceKind service_deepgram = {
  .name = "deepgram",
  .key_forms = { { "Authorization", "Token " } },
  .headers = "dg-request-id: " ID,
  .routes = routes,
  .answers = answers,
};
