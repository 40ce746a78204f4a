/* SPDX-License-Identifier: MIT */

/* OpenAI. */

#include "service-openai.h"
#include "service-openai-rules.h"
#include "service-stream.h"
#include "service-template.h"

#define LANGUAGES                                                                                  \
  "af ar hy az be bn bs bg yue ca zh hr cs da nl en et fi fr gl ka de el gu he hi hu is id it ja " \
  "kn kk ko lv lt mk ms ml mi mr ne no fa pl pt ro ru sr sk sl es sw sv tl ta te th tr uk ur vi "  \
  "cy"

/* what each model takes */
#define COMMON                                                                                     \
  { "file", SERVICE_FIELD_FILE }, { "model" }, { "prompt" }, { "stream", SERVICE_FIELD_BOOLEAN },  \
  {                                                                                                \
    "language", SERVICE_FIELD_LANGUAGE                                                             \
  }
#define OLDER                                                                                      \
  COMMON, { "temperature", SERVICE_FIELD_NUMBER, "0 1" },                                          \
  {                                                                                                \
    "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json"                              \
  }

static const ServiceField whisper_fields[] = {
  OLDER,
  { "timestamp_granularities[]", SERVICE_FIELD_CHOICE, "word segment", TRUE },
  { NULL },
};

static const ServiceField gpt_4o_fields[] = {
  OLDER,
  { "include[]", SERVICE_FIELD_CHOICE, "logprobs", TRUE },
  { "chunking_strategy" },
  { NULL },
};

static const ServiceField gpt_fields[] = {
  COMMON,
  { "response_format", SERVICE_FIELD_CHOICE, "json text verbose_json" },
  { "languages[]", SERVICE_FIELD_TEXT, NULL, TRUE },
  { "keywords[]", SERVICE_FIELD_TEXT, NULL, TRUE },
  { NULL },
};

#define RULES(its_fields)                                                                          \
  {                                                                                                \
    .fields = its_fields, .model_field = "model",                                                  \
    .models = "whisper-1 gpt-4o-transcribe gpt-4o-mini-transcribe "                                \
              "gpt-4o-mini-transcribe-2025-12-15 gpt-transcribe",                                  \
    .extensions = "flac mp3 mp4 mpeg mpga m4a oga ogg wav webm", .max_bytes = 26214400,            \
    .min_ms = 100                                                                                  \
  }

static const OpenaiRules whisper_rules = RULES (whisper_fields);
static const OpenaiRules gpt_4o_rules = RULES (gpt_4o_fields);
static const OpenaiRules gpt_rules = RULES (gpt_fields);

static const OpenaiRules *
find_rules (const char *model)
{
  if (g_strcmp0 (model, "whisper-1") == 0)
    return &whisper_rules;

  return model != NULL && g_str_has_prefix (model, "gpt-4o") ? &gpt_4o_rules : &gpt_rules;
}

static gboolean
check_format (ServiceCall *call)
{
  if (openai_field_is (call, "response_format", "verbose_json"))
    {
      if (g_str_equal (call->model, "whisper-1"))
        return TRUE;
      service_call_refuse (call, "unsupported-format", "verbose_json of %s", call->model);
      return FALSE;
    }
  if (g_hash_table_contains (call->request->fields, "timestamp_granularities[]"))
    {
      service_call_refuse (call, "bad-request", "timestamp_granularities[] without verbose_json");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_language (ServiceCall *call)
{
  const char *language = service_form_get (call->form, "language");
  const char *hints = g_hash_table_lookup (call->request->fields, "languages[]");
  g_auto (GStrv) list = g_strsplit (hints != NULL ? hints : "", "\n", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (!service_word_in (list[i], LANGUAGES))
      {
        service_call_refuse (call, "unsupported-languages", "languages[] cannot be %s", list[i]);
        return FALSE;
      }
  if (language == NULL || !g_str_equal (call->model, "whisper-1")
      || !service_word_in (language, "bn te gu ml pa"))
    return TRUE;
  service_call_refuse (call, "unsupported-language", "language %s of whisper-1", language);

  return FALSE;
}

static char *
make_verbose (ServiceCall *call, ServiceTranscript *heard)
{
  static const char segment[] =
      "{\"id\":%index%,\"seek\":0,\"start\":%start%,\"end\":%end%,\"text\":%text%,"
      "\"tokens\":[50364],\"temperature\":0.0,\"avg_logprob\":-0.286,"
      "\"compression_ratio\":1.236,\"no_speech_prob\":0.0098}";
  static const char word[] = "{\"word\":%text%,\"start\":%start%,\"end\":%end%}";
  gboolean has_words = openai_field_is (call, "timestamp_granularities[]", "word");
  gboolean has_segments =
      !has_words || openai_field_is (call, "timestamp_granularities[]", "segment");
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *duration = service_template_seconds (heard->duration_ms);
  g_autofree char *words = service_transcript_words (heard, word);
  g_autofree char *segments = service_transcript_segments (heard, segment, NULL);
  g_autofree char *words_member = g_strconcat (",\"words\":", words, NULL);
  g_autofree char *segments_member = g_strconcat (",\"segments\":", segments, NULL);

  return service_template_expand (
      "{\"task\":\"transcribe\",\"language\":\"german\",\"duration\":%duration%,\"text\":%text%"
      "%segments%%words%,\"usage\":{\"type\":\"duration\",\"seconds\":9}}",
      "duration", duration, "segments", has_segments ? segments_member : "", "words",
      has_words ? words_member : "", "text", text, NULL);
}

/* The hints come back; of gpt-transcribe only. */
static char *
make_languages (ServiceCall *call)
{
  const char *hints = g_hash_table_lookup (call->request->fields, "languages[]");
  g_auto (GStrv) list = g_strsplit (hints != NULL ? hints : "", "\n", -1);
  g_autofree char *codes = NULL;

  if (!g_str_equal (call->model, "gpt-transcribe"))
    return g_strdup ("");
  codes = g_strjoinv ("\"},{\"code\":\"", list);

  return *codes != '\0' ? g_strdup_printf (",\"languages\":[{\"code\":\"%s\"}]", codes)
                        : g_strdup (",\"languages\":[]");
}

static char *
make_json (ServiceCall *call, ServiceTranscript *heard)
{
  g_autofree char *text = service_template_quote (heard->text);
  g_autofree char *languages = make_languages (call);

  return service_template_expand (
      "{\"text\":%text%%languages%,\"usage\":{\"type\":\"duration\",\"seconds\":8}}", "languages",
      languages, "text", text, NULL);
}

static const ServiceStream stream = {
  .delta = "data: {\"type\":\"transcript.text.delta\",\"delta\":%text%}\n\n",
  .done = "data: {\"type\":\"transcript.text.done\",\"text\":%text%,\"usage\":{\"type\":"
          "\"duration\",\"seconds\":8}}\n\n",
  .error = "data: {\"error\":{\"message\":\"The server had an error while processing your "
           "request.\",\"type\":\"server_error\",\"param\":null,\"code\":null}}\n\n",
  .end = "data: [DONE]\n\n",
};

static void
transcribe (ServiceCall *call)
{
  const char *model = service_form_get (call->form, "model");
  g_autoptr (ServiceTranscript) heard = NULL;

  if (!openai_rules_check (call, find_rules (model)) || !check_format (call)
      || !check_language (call) || service_call_fails (call))
    return;
  heard = service_call_hear (call, FALSE);
  if (openai_field_is (call, "response_format", "verbose_json"))
    service_call_answer (call, make_verbose (call, heard));
  else if (openai_field_is (call, "stream", "true") && !g_str_equal (call->model, "whisper-1"))
    service_stream_answer (call, &stream);
  else if (openai_field_is (call, "response_format", "text"))
    service_call_answer_type (call, "text/plain; charset=utf-8",
                              g_strconcat (heard->text, "\n", NULL));
  else
    service_call_answer (call, make_json (call, heard));
}

#define MODEL(id, end)                                                                             \
  "{\"id\":\"" id "\",\"object\":\"model\",\"created\":1677532384,\"owned_by\":\"system\""         \
  ",\"shutdown_date\":" end "}"

static void
list_models (ServiceCall *call)
{
  if (call->key_state == SERVICE_KEY_RESTRICTED)
    service_call_fail (call, "restricted", "");
  else
    service_call_answer (
        call, g_strdup ("{\"object\":\"list\",\"data\":[" MODEL ("gpt-transcribe", "null") "," MODEL ("whisper-1", "\"2027-02-26\"") "," MODEL (
                  "gpt-4o-transcribe",
                  "\"2027-02-26\"") "," MODEL ("gpt-4o-mini-transcribe",
                                               "\"2027-02-26\"") "," MODEL ("gpt-live-transcribe",
                                                                            "null") "," MODEL ("gpt"
                                                                                               "-5."
                                                                                               "6-"
                                                                                               "lun"
                                                                                               "a",
                                                                                               "nul"
                                                                                               "l") "]}"));
}

static const ServiceRoute routes[] = {
  { "POST", "/v1/audio/transcriptions", transcribe },
  { "GET", "/v1/models", list_models },
  { NULL },
};

const ServiceKind service_openai = {
  .name = "openai",
  .key_forms = { { "Authorization", "Bearer " } },
  .headers = "x-request-id: req_0123456789abcdef0123456789abcdef\nopenai-processing-ms: 412\n"
             "x-ratelimit-limit-requests: 500\nx-ratelimit-remaining-requests: 499\n"
             "x-ratelimit-reset-requests: 120ms",
  .routes = routes,
  .answers = service_openai_answers,
};
