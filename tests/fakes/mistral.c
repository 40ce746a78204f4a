/* SPDX-License-Identifier: MIT */

/* Mistral: OpenAI's address, fields of its own. */

#include "service-openai-rules.h"
#include "service-stream.h"
#include "service-template.h"

#include <string.h>

#define ERROR(message, type, code, status)                                                         \
  "{\"object\":\"error\",\"message\":\"" message "\",\"type\":\"" type                             \
  "\",\"param\":null,\"code\":\"" code "\",\"raw_status_code\":" status "}"
#define INVALID(location, message)                                                                 \
  "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\"," location "],\"msg\":\"" message      \
  "\",\"input\":null}]}"

static const ServiceAnswer answers[] = {
  { "wrong-key", 401, NULL, NULL, "{\"detail\":\"Unauthorized\"}" },
  { "key-echo", 401, NULL, NULL, "{\"detail\":\"Unauthorized: %key%\"}" },
  /* the same as a bad key, as far as anybody has seen */
  { "no-money", 401, NULL, NULL, "{\"detail\":\"Unauthorized\"}" },
  { "no-permission", 403, NULL, NULL,
    ERROR ("You are not allowed to use this model", "forbidden", "1400", "403") },
  { "rate-limit", 429, NULL, "Retry-After: 1",
    ERROR ("Rate limit exceeded", "rate_limited", "1300", "429") },
  { "rate-limit-plain", 429, NULL, NULL,
    ERROR ("Rate limit exceeded", "rate_limited", "1300", "429") },
  { "rate-limit-ms", 429, NULL, "retry-after-ms: 50",
    ERROR ("Rate limit exceeded", "rate_limited", "1300", "429") },
  { "rate-limit-long", 429, NULL, "Retry-After: 2592000",
    ERROR ("Rate limit exceeded", "rate_limited", "1300", "429") },
  { "other-shape", 429, NULL, NULL, "{\"message\":\"Requests rate limit exceeded\"}" },
  { "too-large", 413, NULL, NULL, "{\"detail\":\"Request Entity Too Large\"}" },
  { "too-long", 400, NULL, NULL,
    ERROR ("Audio is too long", "invalid_request_file", "3310", "400") },
  { "broken-file", 400, NULL, NULL,
    ERROR ("Audio input could not be decoded", "invalid_request_file", "3310", "400") },
  { "unknown-model", 400, NULL, NULL,
    ERROR ("Invalid model: %model%", "invalid_model", "1500", "400") },
  { "retired-model", 400, NULL, NULL,
    ERROR ("Invalid model: %model%", "invalid_model", "1500", "400") },
  { "unsupported-language", 422, NULL, NULL,
    INVALID ("\"language\"", "String should match pattern '^\\\\w{2}$'") },
  { "no-model", 422, NULL, NULL, INVALID ("\"model\"", "Field required") },
  { "no-file", 422, NULL, NULL, INVALID ("\"file\"", "Field required") },
  { "no-word-times", 400, NULL, NULL,
    ERROR ("timestamp_granularities: word is not supported by this model",
           "invalid_request_invalid_args",
           "3051",
           "400") },
  { "bad-request", 422, NULL, NULL, INVALID ("\"form\"", "%message%") },
  { "overloaded", 503, NULL, NULL,
    ERROR ("Service unavailable.", "internal_server_error", "3000", "503") },
  { "down", 500, NULL, NULL,
    ERROR ("Service unavailable.", "internal_server_error", "1000", "500") },
  { "not-found", 404, NULL, NULL, "{\"message\":\"no Route matched with those values\"}" },
  { "wrong-method", 405, NULL, NULL, "{\"detail\":\"Method Not Allowed\"}" },
  SERVICE_STREAM_ANSWERS,
  { NULL },
};

/* Anything else, brackets, prompt and response_format too, is not read. */
static const ServiceField fields[] = {
  { "file", SERVICE_FIELD_FILE },
  { "model" },
  { "language", SERVICE_FIELD_LANGUAGE },
  { "temperature", SERVICE_FIELD_NUMBER, "0 1.5" },
  { "diarize", SERVICE_FIELD_BOOLEAN },
  { "stream", SERVICE_FIELD_BOOLEAN },
  { "context_bias", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "timestamp_granularities", SERVICE_FIELD_CHOICE, "word segment", TRUE },
  { NULL },
};

#define VOXTRAL_2 "voxtral-mini-latest voxtral-mini-2602"

static const OpenaiRules rules = {
  .fields = fields,
  .model_field = "model",
  .models = VOXTRAL_2 " voxtral-mini-transcribe-3-0 voxtral-mini-transcribe-3 "
                      "voxtral-mini-transcribe-latest voxtral-small-transcribe-latest "
                      "voxtral-small-transcribe-3",
  .extensions = "flac mp3 mp4 mpeg mpga m4a ogg opus wav webm",
};

/* Voxtral 2 takes single words for vocabulary, and only up to a hundred. */
static gboolean
check_bias (ServiceCall *call)
{
  const char *terms = g_hash_table_lookup (call->request->fields, "context_bias");
  g_auto (GStrv) list = g_strsplit (terms != NULL ? terms : "", "\n", -1);

  if (!service_word_in (call->model, VOXTRAL_2))
    return TRUE;
  for (guint i = 0; list[i] != NULL; i++)
    if (i >= 100 || strpbrk (list[i], " ,\t") != NULL)
      {
        service_call_refuse (call, "bad-request", "context_bias cannot hold '%s'", list[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_words (ServiceCall *call)
{
  if (!openai_field_is (call, "timestamp_granularities", "word")
      || service_word_in (call->model, VOXTRAL_2))
    return TRUE;
  service_call_refuse (call, "no-word-times", "word times of %s", call->model);

  return FALSE;
}

static char *
make_answer (ServiceCall *call, ServiceTranscript *heard, gboolean has_times)
{
  static const char segment[] =
      "{\"type\":\"transcription_segment\",\"text\":%text%,\"start\":%start%,\"end\":%end%,"
      "\"speaker_id\":null,\"score\":null}";
  gboolean by_word = openai_field_is (call, "timestamp_granularities", "word");
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *segments = by_word ? service_transcript_words (heard, segment)
                                      : service_transcript_segments (heard, segment, NULL);

  return service_template_expand (
      "{\"model\":\"%model%\",\"text\":%text%,\"language\":null,\"segments\":%segments%,"
      "\"usage\":{\"prompt_audio_seconds\":4,\"prompt_tokens\":8,\"completion_tokens\":40,"
      "\"total_tokens\":423},\"finish_reason\":null}",
      "model", call->model, "segments", has_times ? segments : "[]", "text", text, NULL);
}

#define EVENT(type, members) "event: " type "\ndata: {\"type\":\"" type "\"," members "}\n\n"

static const ServiceStream stream = {
  .head = EVENT ("transcription.language", "\"audio_language\":\"de\""),
  .delta = EVENT ("transcription.text.delta", "\"text\":%text%"),
  .done = EVENT ("transcription.done",
                 "\"text\":%text%,\"model\":\"voxtral-mini-2602\",\"language\":null,"
                 "\"segments\":[],\"usage\":{\"prompt_audio_seconds\":4}"),
  .error = "data: {\"object\":\"error\",\"message\":\"Service unavailable.\",\"type\":"
           "\"internal_server_error\",\"param\":null,\"code\":\"1000\"}\n\n",
};

static void
transcribe (ServiceCall *call)
{
  gboolean has_times;
  g_autoptr (ServiceTranscript) heard = NULL;

  if (!openai_rules_check (call, &rules) || !check_bias (call) || !check_words (call)
      || service_call_fails (call))
    return;
  has_times = g_hash_table_contains (call->request->fields, "timestamp_granularities");
  if (has_times && service_form_find (call->form, "language") != NULL)
    {
      service_call_complain (call, "language and timestamp_granularities");
      call->trick = TEST_TRICK_EMPTY;
    }
  if (openai_field_is (call, "stream", "true"))
    {
      service_stream_answer (call, &stream);
      return;
    }
  heard = service_call_hear (call, FALSE);
  service_call_answer (call, make_answer (call, heard, has_times && *heard->text != '\0'));
}

#define MODEL(id, transcribes)                                                                     \
  "{\"id\":\"" id "\",\"object\":\"model\",\"created\":1760000000,\"owned_by\":\"mistralai\","     \
  "\"capabilities\":{\"completion_chat\":false,\"audio_transcription\":" transcribes "},"          \
  "\"deprecation\":null}"

static void
list_models (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "no-permission", "");
  else
    service_call_answer (
        call, g_strdup ("{\"object\":\"list\",\"data\":[" MODEL (
                  "voxtral-mini-transcribe-latest",
                  "true") "," MODEL ("voxtral-small-transcribe-latest",
                                     "true") "," MODEL ("mistral-small-latest", "false") "]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/audio/transcriptions", transcribe },
  { "GET", "/v1/models", list_models },
  { NULL },
};

const ServiceKind service_mistral = {
  .name = "mistral",
  .key_forms = { { "Authorization", "Bearer " }, { "x-api-key", "" } },
  .headers = "x-ratelimit-limit-req-minute: 60\nx-ratelimit-remaining-req-minute: 59\n"
             "x-ratelimit-limit-tokens-minute: 50000\nx-ratelimit-remaining-tokens-minute: 49990\n"
             "x-ratelimit-tokens-query-cost: 423",
  .routes = routes,
  .answers = answers,
};
