/* SPDX-License-Identifier: MIT */

/* ElevenLabs. It puts noises into the text unless it is told not to. */

#include "service-openai-rules.h"
#include "service-template.h"

#include <string.h>

#define ERROR(status, message)                                                                     \
  "{\"detail\":{\"status\":\"" status "\",\"message\":\"" message "\"}}"
#define NEWER(type, code, message, status, param)                                                  \
  "{\"detail\":{\"type\":\"" type "\",\"code\":\"" code "\",\"message\":\"" message                \
  "\",\"status\":\"" status "\",\"request_id\":\"0123456789abcdef\",\"param\":" param "}}"
#define MISSING(name)                                                                              \
  "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"" name                                   \
  "\"],\"msg\":\"Field required\",\"input\":null}]}"
#define TOO_MANY                                                                                   \
  ERROR ("too_many_concurrent_requests", "Too many concurrent requests. Your current "             \
                                         "subscription is associated with a maximum of 10 "        \
                                         "concurrent requests.")

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL, ERROR ("invalid_api_key", "Invalid API key") },
  { "key-echo", 401, NULL, NULL, ERROR ("invalid_api_key", "Invalid API key %key%") },
  { "no-money", 401, NULL, NULL,
    ERROR ("quota_exceeded",
           "This request exceeds your quota of 10000. You have 12 credits "
           "remaining, while 320 credits are required for this request.") },
  { "no-money-400", 400, NULL, NULL,
    ERROR ("quota_exceeded", "This request exceeds your quota of 10000.") },
  { "no-permission", 401, NULL, NULL,
    ERROR ("missing_permissions",
           "The API key you used is missing the permission speech_to_text to execute this "
           "operation.") },
  { "restricted", 401, NULL, NULL,
    ERROR ("missing_permissions",
           "The API key you used is missing the permission user_read to "
           "execute this operation.") },
  { "no-plan", 403, NULL, NULL,
    ERROR ("only_for_creator+", "This is only for subscriptions of creator and above.") },
  { "rate-limit", 429, NULL, "Retry-After: 1", TOO_MANY },
  { "rate-limit-plain", 429, NULL, NULL, TOO_MANY },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50", TOO_MANY },
  { "rate-limit-long", 429, NULL, "Retry-After: 600", TOO_MANY },
  { "busy", 429, NULL, NULL,
    ERROR ("system_busy", "The system is experiencing heavy traffic, please try again.") },
  { "invalid-keyterm", 400, NULL, NULL,
    NEWER ("validation_error",
           "invalid_parameters",
           "Some keyword contains invalid characters",
           "invalid_keyword",
           "\"keywords\"") },
  { "broken-file", 400, NULL, NULL,
    ERROR ("invalid_audio", "The audio file could not be processed.") },
  { "too-short", 400, NULL, NULL, ERROR ("audio_too_short", "The audio is too short.") },
  { "too-large", 413, NULL, NULL, ERROR ("file_too_large", "The file is larger than 3 GB.") },
  { "unknown-model", 400, NULL, NULL,
    ERROR ("invalid_model_id", "'%model%' is not a valid model_id.") },
  { "retired-model", 400, NULL, NULL,
    ERROR ("invalid_model_id", "'%model%' is not a valid model_id.") },
  { "unsupported-language", 400, NULL, NULL,
    ERROR ("unsupported_language", "This language is not supported.") },
  { "no-model", 422, NULL, NULL, MISSING ("model_id") },
  { "no-file", 422, NULL, NULL, MISSING ("file") },
  { "overloaded", 503, NULL, NULL, ERROR ("system_busy", "Service unavailable.") },
  { "down", 500, NULL, NULL, ERROR ("internal_server_error", "Something went wrong.") },
  { "other-shape", 401, NULL, NULL,
    NEWER ("authentication_error",
           "invalid_api_key",
           "Invalid API key",
           "invalid_api_key",
           "null") },
  { "other-shape-money", 401, NULL, NULL,
    NEWER ("payment_required",
           "quota_exceeded",
           "This request exceeds your quota.",
           "quota_exceeded",
           "null") },
  { "other-shape-string", 404, NULL, NULL, "{\"detail\":\"Not Found\"}" },
  { "bad-request", 422, NULL, NULL,
    "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\"],\"msg\":\"%message%\"}]}" },
  { "not-found", 404, NULL, NULL, "{\"detail\":\"Not Found\"}" },
  { "wrong-method", 405, NULL, NULL, "{\"detail\":\"Method Not Allowed\"}" },
  { NULL },
};

static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "model_id" },
  { "language_code" },
  { "tag_audio_events", SERVICE_FIELD_BOOLEAN },
  { "timestamps_granularity", SERVICE_FIELD_CHOICE, "none word character" },
  { "diarize", SERVICE_FIELD_BOOLEAN },
  { "num_speakers", SERVICE_FIELD_NUMBER, "1 32" },
  { "file_format", SERVICE_FIELD_CHOICE, "pcm_s16le_16 other" },
  { "temperature", SERVICE_FIELD_NUMBER, "0 2" },
  { "seed", SERVICE_FIELD_NUMBER, "0 2147483647" },
  { "keyterms", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "no_verbatim", SERVICE_FIELD_BOOLEAN },
  { NULL },
};

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model_id",
  .models = "scribe_v2 scribe_v1",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg opus wav webm",
};

static gboolean
takes_keyterm (const char *term)
{
  g_auto (GStrv) words = g_strsplit (term, " ", -1);

  return g_utf8_strlen (term, -1) < 50 && g_strv_length (words) <= 5
         && strpbrk (term, "<>{}[]\\") == NULL;
}

static gboolean
check_keyterms (ServiceCall *call)
{
  const char *terms = g_hash_table_lookup (call->request->fields, "keyterms");
  g_auto (GStrv) list = g_strsplit (terms != NULL ? terms : "", "\n", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (i >= 1000 || !takes_keyterm (list[i]))
      {
        service_call_refuse (call, "invalid-keyterm", "keyterms cannot hold '%s'", list[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_language (ServiceCall *call)
{
  const char *language = service_form_get (call->form, "language_code");

  if (language == NULL || g_regex_match_simple ("^[a-z]{2,3}$", language, 0, 0))
    return TRUE;
  service_call_refuse (call, "unsupported-language", "language_code %s", language);

  return FALSE;
}

static gboolean
check_query (ServiceCall *call)
{
  const char *query = call->request->query;

  if (query == NULL || g_regex_match_simple ("^enable_logging=(true|false)$", query, 0, 0))
    return TRUE;
  service_call_refuse (call, "bad-request", "query ?%s", query);

  return FALSE;
}

/* "word" objects with "spacing" ones between them. */
static char *
make_words (ServiceTranscript *heard)
{
  static const char word[] =
      "{\"text\":%text%,\"start\":%start%,\"end\":%end%,\"type\":\"word\",\"speaker_id\":null,"
      "\"logprob\":-0.1},{\"text\":\" \",\"start\":%end%,\"end\":%end%,\"type\":\"spacing\","
      "\"speaker_id\":null,\"logprob\":0.0}";

  return service_transcript_words (heard, word);
}

static ServiceTranscript *
hear (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = service_call_hear (call, FALSE);
  g_autofree char *noisy = NULL;

  if (*heard->text == '\0' || openai_field_is (call, "tag_audio_events", "false"))
    return g_steal_pointer (&heard);
  noisy = g_strconcat (heard->text, " (laughter)", NULL);

  return service_transcript_new (noisy, heard->duration_ms);
}

static void
transcribe (ServiceCall *call)
{
  g_autoptr (ServiceTranscript) heard = NULL;
  g_autofree char *text = NULL;
  g_autofree char *words = NULL;
  g_autofree char *duration = NULL;

  if (!check_query (call) || !openai_rules_check (call, &rules) || !check_keyterms (call)
      || !check_language (call) || service_call_fails (call))
    return;
  heard = hear (call);
  text = service_template_quote (heard->text);
  words = openai_field_is (call, "timestamps_granularity", "none") ? g_strdup ("[]")
                                                                   : make_words (heard);
  duration = service_template_seconds (heard->duration_ms);
  service_call_answer (
      call,
      service_template_expand (
          "{\"language_code\":\"deu\",\"language_probability\":0.98,\"text\":%text%,"
          "\"words\":%words%,\"transcription_id\":\"tid\",\"audio_duration_secs\":%duration%}",
          "duration", duration, "words", words, "text", text, NULL));
}

static void
tell_user (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "restricted", "");
  else
    service_call_answer (call,
                         g_strdup ("{\"user_id\":\"test\",\"subscription\":{\"tier\":\"free\","
                                   "\"character_count\":0,\"character_limit\":10000},"
                                   "\"is_new_user\":false,\"xi_api_key\":null}"));
}

static void
list_models (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "restricted", "");
  else
    service_call_answer (call, g_strdup ("[{\"model_id\":\"eleven_v3\",\"name\":\"Eleven v3\","
                                         "\"can_do_text_to_speech\":true,\"languages\":[]}]"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/speech-to-text", transcribe, TRUE },
  { "GET", "/v1/user", tell_user },
  { "GET", "/v1/models", list_models },
  { NULL },
};

const ServiceKind service_elevenlabs = {
  .name = "elevenlabs",
  .key_forms = { { "xi-api-key", "" } },
  .headers = "request-id: 0123456789abcdef",
  .routes = routes,
  .answers = answers,
};
