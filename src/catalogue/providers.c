/* SPDX-License-Identifier: MIT */
#include "providers.h"
#include "model-profile.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The languages of gpt-transcribe; a code outside of this list is refused by the server. */
#define GPT_TRANSCRIBE_LANGUAGES                                                                   \
  "af ar az be bg bn bs ca cs cy da de el en es et fa fi fr gl gu he hi hr hu hy id is it ja ka "  \
  "kk kn ko lt lv mi mk ml mr ms ne nl no pl pt ro ru sk sl sr sv sw ta te th tl tr uk ur vi yue " \
  "zh"

/* Those that OpenAI documents for Whisper; it refuses others that Whisper knows. */
#define WHISPER_1_LANGUAGES                                                                        \
  "af ar az be bg bs ca cs cy da de el en es et fa fi fr gl he hi hr hu hy id is it ja kk kn ko "  \
  "lt lv mi mk mr ms ne nl no pl pt ro ru sk sl sr sv sw ta th tl tr uk ur vi zh"

/* Whisper looks at the last 224 tokens of a prompt; Groq counts them as 896 characters. */
#define WHISPER_PROMPT 896

static const WhisModel openai_models[] = {
  { "gpt-transcribe", "languages[]", GPT_TRANSCRIBE_LANGUAGES, "keywords[]",
    .micro_usd_per_minute = 4500 },
  { "gpt-4o-transcribe", "language", .retires = "2027-02-26", .micro_usd_per_minute = 6000 },
  { "gpt-4o-mini-transcribe", "language", .retires = "2027-02-26", .micro_usd_per_minute = 3000 },
  { "whisper-1", "language", WHISPER_1_LANGUAGES, .times = "word segment", .retires = "2027-02-26",
    .micro_usd_per_minute = 6000, .max_prompt = WHISPER_PROMPT,
    .profile = &whis_model_profile_whisper },
};

static const WhisModel openai_live_models[] = {
  { "gpt-live-transcribe", "languages", .vocabulary_field = "keywords" },
  { "gpt-realtime-whisper", "language" },
  { "gpt-4o-transcribe", "language", .retires = "2027-02-26" },
  { "gpt-4o-mini-transcribe", "language", .retires = "2027-02-26" },
};

static const WhisModel groq_models[] = {
  { "whisper-large-v3-turbo", "language", .times = "word segment", .micro_usd_per_minute = 667,
    .profile = &whis_model_profile_whisper },
  { "whisper-large-v3", "language", .times = "word segment", .micro_usd_per_minute = 1850,
    .profile = &whis_model_profile_whisper },
};

/* Whatever the embedded recogniser runs. */
static const WhisModel local_model = { .language_field = "language",
                                       .times = "word segment",
                                       .max_prompt = WHISPER_PROMPT };

/* What own servers run. */
static const WhisModel whisper_model = { .language_field = "language",
                                         .times = "word segment",
                                         .max_prompt = WHISPER_PROMPT,
                                         .profile = &whis_model_profile_whisper };

static const WhisModel mistral_models[] = {
  { "voxtral-mini-transcribe-latest", "language", .vocabulary_field = "context_bias",
    .times = "segment" },
  { "voxtral-small-transcribe-latest", "language", .vocabulary_field = "context_bias",
    .times = "segment" },
  { "voxtral-mini-latest", "language", .vocabulary_field = "context_bias", .times = "segment",
    .joins_words = TRUE },
};

/* Voxtral 2, the words of which Voxtral 3 takes too. */
static const WhisModel mistral_model = { .language_field = "language",
                                         .vocabulary_field = "context_bias",
                                         .times = "segment",
                                         .joins_words = TRUE };

static const WhisModel deepgram_models[] = {
  { "nova-3", "language", .vocabulary_field = "keyterm", .times = "word",
    .micro_usd_per_minute = 4300 },
  { "nova-2", "language", .vocabulary_field = "keywords", .times = "word" },
};

static const WhisModel deepgram_live_models[] = {
  { "nova-3", "language", .vocabulary_field = "keyterm", .micro_usd_per_minute = 7700 },
  { "nova-2", "language" },
};

static const WhisModel elevenlabs_models[] = {
  { "scribe_v2", "language_code", .vocabulary_field = "keyterms", .times = "word" },
  { "scribe_v1", "language_code", .times = "word" },
};

static const WhisModel elevenlabs_live_models[] = {
  { "scribe_v2_realtime", "language_code", .vocabulary_field = "keyterms" },
};

static const WhisModel assemblyai_models[] = {
  { "universal-3-5-pro", "language_codes", .vocabulary_field = "keyterms_prompt", .times = "word" },
  { "universal-2", "language_code", .times = "word" },
};

/* The tags of Gemini's transcription; whether it takes shorter ones is not known. */
#define GEMINI_LANGUAGES                                                                           \
  "af-ZA am-ET ar-EG as-IN az-AZ be-BY bg-BG bn-BD bn-IN bs-BA ca-ES ceb cmn-Hans-CN cs-CZ da-DK " \
  "de-DE el-GR en-US en-GB en-IN es-419 es-US et-EE fa-IR fi-FI fil-PH fr-FR gl-ES gu-IN ha-NG "   \
  "he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-IT ja-JP jv-ID ka-GE kea-CV kk-KZ km-KH kn-IN "    \
  "ko-KR ky-KG ln-CD lt-LT lv-LV mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT my-MM nb-NO ne-NP nl-NL "     \
  "or-IN pa-IN pa-Guru-IN pl-PL pt-BR pt-PT ro-RO ru-RU rup-BG sd-Arab-IN sk-SK sl-SI sr-RS "      \
  "sv-SE sw-KE te-IN tg-TJ th-TH tr-TR uk-UA uz-UZ vi-VN yue-Hant-HK"

static const WhisModel gemini_models[] = {
  { "gemini-3.5-transcribe", "language_codes", GEMINI_LANGUAGES, "custom_vocabulary",
    .times = "word" },
};

/* A cloud service answers within seconds, and a lost answer is better asked for again. */
#define CLOUD_TIMEOUTS                                                                             \
  {                                                                                                \
    15000, 30000, 60000, 50                                                                        \
  }
/* An own server may have to load its model first, and may be slower than speech. */
#define OWN_TIMEOUTS                                                                               \
  {                                                                                                \
    15000, 60000, 120000, 600                                                                      \
  }

/* Whoever starts the recogniser ends it when it takes longer than ten times the sound, which is
 * said in other words than that nobody answers. */
#define LOCAL_TIMEOUTS                                                                             \
  {                                                                                                \
    15000, 60000, 300000, 1200                                                                     \
  }

/* A line that carries less than so many bytes in a millisecond is not worth waiting for. */
#define SLOWEST_LINE 4
/* An answer with the times of its words has some 1.5 MB for an hour of speech. */
#define READ_PERCENT 10

/* OpenAI's 25 MiB are those of the whole upload, and others copied the number. */
#define UPLOAD_BYTES (24 * 1000 * 1000)
/* An encoder's padding must not push a piece over OpenAI's 1,400 s. */
#define UPLOAD_MS (1390 * 1000)

#define TIMES_FIELD "timestamp_granularities[]"

#define ROWS(models_) .models = models_, .n_models = G_N_ELEMENTS (models_)
#define LIVE_ROWS(models_) .live_models = models_, .n_live_models = G_N_ELEMENTS (models_)

/* A service in the cloud that cannot be used without a key, and one that says how many requests it
 * takes at a time. */
#define CLOUD(variable, page) CLOUD_OF (3, variable, page)
#define CLOUD_OF(limit_, variable, page)                                                           \
  .limit = limit_, .timeouts = CLOUD_TIMEOUTS, .key_variable = variable, .key_page = page,         \
  .needs_key = TRUE, .takes_key = TRUE

/* A server of the user's own. Most take one request after the other. */
#define OWN(limit_, variable, hint)                                                                \
  .limit = limit_, .timeouts = OWN_TIMEOUTS, .key_variable = variable, .own_address = TRUE,        \
  .takes_key = (variable) != NULL, .address_hint = hint

static const WhisProvider providers[] = {
  {
      .id = "offline",
      .name = N_ ("Offline"),
      .base_url = "http://localhost/v1",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_NONE,
      .fields =
          WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .times_field = TIMES_FIELD,
      .max_bytes = UPLOAD_BYTES,
      .other_model = &local_model,
      .limit = 1,
      .timeouts = LOCAL_TIMEOUTS,
      .local = TRUE,
      .note = N_ ("Works without an account and without a network. How good it is, and in which "
                  "languages, depends on the model."),
  },
  {
      .id = "openai",
      .name = "OpenAI",
      .base_url = "https://api.openai.com/v1",
      .domain = "openai.com",
      .dialect = WHIS_DIALECT_OPENAI,
      .live = WHIS_LIVE_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields =
          WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .times_field = TIMES_FIELD,
      .max_bytes = UPLOAD_BYTES,
      .max_ms = UPLOAD_MS,
      ROWS (openai_models),
      LIVE_ROWS (openai_live_models),
      CLOUD ("OPENAI_API_KEY", "https://platform.openai.com/api-keys"),
  },
  {
      .id = "groq",
      .name = "Groq",
      .base_url = "https://api.groq.com/openai/v1",
      .domain = "groq.com",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields =
          WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .times_field = TIMES_FIELD,
      .max_prompt = WHISPER_PROMPT,
      .max_bytes = UPLOAD_BYTES,
      .least_billed_ms = 10000,
      ROWS (groq_models),
      CLOUD ("GROQ_API_KEY", "https://console.groq.com/keys"),
  },
  {
      .id = "mistral",
      .name = "Mistral",
      .base_url = "https://api.mistral.ai/v1",
      .domain = "mistral.ai",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_TIMES | WHIS_FIELD_TIMES_OR_LANGUAGE,
      .times_field = "timestamp_granularities",
      .max_vocabulary = 100,
      .max_bytes = UPLOAD_BYTES,
      .max_ms = UPLOAD_MS,
      ROWS (mistral_models),
      .other_model = &mistral_model,
      CLOUD ("MISTRAL_API_KEY", "https://console.mistral.ai/api-keys"),
  },
  {
      .id = "deepgram",
      .name = "Deepgram",
      .base_url = "https://api.deepgram.com",
      .domain = "deepgram.com",
      .dialect = WHIS_DIALECT_DEEPGRAM,
      .live = WHIS_LIVE_DEEPGRAM,
      .auth = WHIS_AUTH_TOKEN,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_TIMES,
      .max_vocabulary = 100,
      .max_bytes = G_GUINT64_CONSTANT (2000000000),
      ROWS (deepgram_models),
      LIVE_ROWS (deepgram_live_models),
      CLOUD_OF (8, "DEEPGRAM_API_KEY", "https://console.deepgram.com/"),
      .note = N_ ("Keeps your sound to improve its models unless your account there opts out."),
  },
  {
      .id = "elevenlabs",
      .name = "ElevenLabs",
      .base_url = "https://api.elevenlabs.io",
      .domain = "elevenlabs.io",
      .dialect = WHIS_DIALECT_ELEVENLABS,
      .live = WHIS_LIVE_ELEVENLABS,
      .auth = WHIS_AUTH_XI_API_KEY,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_TIMES,
      .max_vocabulary = 100,
      .max_bytes = G_GUINT64_CONSTANT (3000000000),
      .max_ms = 10 * 3600 * 1000,
      ROWS (elevenlabs_models),
      LIVE_ROWS (elevenlabs_live_models),
      CLOUD_OF (5, "ELEVENLABS_API_KEY", "https://elevenlabs.io/app/settings/api-keys"),
  },
  {
      .id = "assemblyai",
      .name = "AssemblyAI",
      .base_url = "https://api.assemblyai.com",
      .domain = "assemblyai.com",
      .dialect = WHIS_DIALECT_ASSEMBLYAI,
      .auth = WHIS_AUTH_PLAIN,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_TIMES,
      .max_prompt = 4096,
      .max_vocabulary = 100,
      .max_bytes = G_GUINT64_CONSTANT (2000000000),
      ROWS (assemblyai_models),
      CLOUD ("ASSEMBLYAI_API_KEY", "https://www.assemblyai.com/app/api-keys"),
  },
  {
      .id = "gemini",
      .name = "Google Gemini",
      .base_url = "https://generativelanguage.googleapis.com",
      .domain = "googleapis.com",
      .dialect = WHIS_DIALECT_GEMINI,
      .auth = WHIS_AUTH_GOOG_API_KEY,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_TIMES,
      .max_vocabulary = 100,
      .max_bytes = 14 * 1000 * 1000,
      .max_ms = 14 * 60 * 1000,
      ROWS (gemini_models),
      CLOUD ("GEMINI_API_KEY", "https://aistudio.google.com/apikey"),
  },
  {
      .id = "azure",
      .name = "Azure OpenAI",
      .domain = "openai.azure.com cognitiveservices.azure.com services.ai.azure.com",
      .path = "/openai/deployments/{model}/audio/transcriptions?api-version=2024-10-21",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_API_KEY,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT,
      .max_bytes = UPLOAD_BYTES,
      .max_ms = UPLOAD_MS,
      CLOUD ("AZURE_OPENAI_API_KEY", "https://portal.azure.com/"),
      .own_address = TRUE,
      .address_hint = "https://RESOURCE.openai.azure.com",
      .needs_model = TRUE,
      .note = N_ ("The model is the name of your deployment."),
  },
  {
      .id = "whisper-cpp",
      .name = N_ ("whisper.cpp server"),
      .path = "/inference",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_NONE,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_AUTO_LANGUAGE | WHIS_FIELD_PROMPT
                | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .max_bytes = UPLOAD_BYTES,
      .other_model = &whisper_model,
      .check_path = "/health",
      OWN (1, NULL, "http://127.0.0.1:8080"),
      .unknown_path =
          N_ ("The whisper.cpp server is still loading its model, or does not know this "
              "address. Try again, or check the address in the preferences."),
  },
  {
      .id = "speaches",
      .name = "speaches",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields =
          WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .times_field = TIMES_FIELD,
      .max_bytes = UPLOAD_BYTES,
      .other_model = &whisper_model,
      OWN (1, "SPEACHES_API_KEY", "http://127.0.0.1:8000/v1"),
      .needs_model = TRUE,
      .forbids_wrong_keys = TRUE,
      .note = N_ ("Formerly faster-whisper-server. The model must be installed there."),
  },
  {
      .id = "localai",
      .name = "LocalAI",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields =
          WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT | WHIS_FIELD_TIMES,
      .times_field = TIMES_FIELD,
      .max_bytes = 14 * 1000 * 1000,
      .other_model = &whisper_model,
      OWN (1, "LOCALAI_API_KEY", "http://127.0.0.1:8080/v1"),
      .needs_model = TRUE,
  },
  {
      .id = "ollama",
      .name = "Ollama",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT,
      .max_bytes = UPLOAD_BYTES,
      OWN (1, "OLLAMA_API_KEY", "http://127.0.0.1:11434/v1"),
      .needs_model = TRUE,
      .unknown_path =
          N_ ("This Ollama is too old to turn speech into text. Update it, or check the "
              "address in the preferences."),
      .note = N_ ("Needs a recent Ollama and a model that hears sound; such a model may rephrase."),
  },
  {
      .id = "custom",
      .name = N_ ("Own server"),
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT,
      .max_bytes = UPLOAD_BYTES,
      OWN (3, "WHIS_CUSTOM_API_KEY", "http://127.0.0.1:8000/v1"),
      .note = N_ ("Any other server that speaks the OpenAI dialect."),
  },
};

/**
 * whis_provider_lookup:
 * @id: id of a provider
 *
 * Returns: (transfer none) (nullable): the provider, or %NULL when there is none of that id
 */
const WhisProvider *
whis_provider_lookup (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (providers); i++)
    {
      if (g_str_equal (providers[i].id, id))
        return &providers[i];
    }

  return NULL;
}

/**
 * whis_providers_list:
 * @n_providers: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_providers): all providers, in the order to show them
 */
const WhisProvider *
whis_providers_list (gsize *n_providers)
{
  g_return_val_if_fail (n_providers != NULL, NULL);

  *n_providers = G_N_ELEMENTS (providers);

  return providers;
}

/**
 * whis_provider_get_name:
 * @provider: a provider
 *
 * Returns: (transfer none): its name in the user's language
 */
const char *
whis_provider_get_name (const WhisProvider *provider)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return _ (provider->name);
}

/**
 * whis_provider_get_note:
 * @provider: a provider
 *
 * Returns: (transfer none): one line about it in the user's language; may be empty
 */
const char *
whis_provider_get_note (const WhisProvider *provider)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return provider->note != NULL ? _ (provider->note) : "";
}

/**
 * whis_provider_get_default_model:
 * @provider: a provider
 *
 * Returns: (transfer none) (nullable): the model to use unless the user chose one; %NULL when the
 *   server decides
 */
const char *
whis_provider_get_default_model (const WhisProvider *provider)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return provider->n_models > 0 ? provider->models[0].id : NULL;
}

/**
 * whis_provider_choose_model:
 * @provider: a provider
 * @chosen: (nullable): the model that the user chose
 *
 * Returns: (transfer none) (nullable): @chosen, or else the default; %NULL when the server decides
 */
const char *
whis_provider_choose_model (const WhisProvider *provider, const char *chosen)
{
  return chosen != NULL ? chosen : whis_provider_get_default_model (provider);
}

/**
 * whis_provider_get_default_live_model:
 * @provider: a provider
 *
 * Returns: (transfer none) (nullable): the model for live transcription unless the user chose one;
 *   %NULL when the provider has no live transcription
 */
const char *
whis_provider_get_default_live_model (const WhisProvider *provider)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return provider->n_live_models > 0 ? provider->live_models[0].id : NULL;
}

static const WhisModel *
find_row (const WhisModel *rows, gsize n_rows, const char *id)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      if (g_strcmp0 (rows[i].id, id) == 0)
        return &rows[i];
    }

  return NULL;
}

/**
 * whis_provider_find_live_model:
 * @provider: a provider
 * @id: (nullable): a model
 *
 * Returns: (transfer none) (nullable): what is known about it as a model for live transcription
 */
const WhisModel *
whis_provider_find_live_model (const WhisProvider *provider, const char *id)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return find_row (provider->live_models, provider->n_live_models, id);
}

/**
 * whis_provider_find_model:
 * @provider: a provider
 * @id: (nullable): a model
 *
 * Returns: (transfer none) (nullable): what is known about the model
 */
const WhisModel *
whis_provider_find_model (const WhisProvider *provider, const char *id)
{
  g_return_val_if_fail (provider != NULL, NULL);

  return find_row (provider->models, provider->n_models, id);
}

/* A dated or otherwise marked version of a known model, such as `whisper-large-v3-fast`. */
static gboolean
is_version_of (const char *id, const WhisModel *model)
{
  gsize length = strlen (model->id);

  return strncmp (id, model->id, length) == 0 && id[length] == '-';
}

static const WhisModel *
find_origin (const WhisProvider *provider, const char *id)
{
  const WhisModel *origin = NULL;

  for (gsize i = 0; i < provider->n_models; i++)
    {
      const WhisModel *model = &provider->models[i];

      if (is_version_of (id, model) && (origin == NULL || strlen (model->id) > strlen (origin->id)))
        origin = model;
    }

  return origin;
}

/**
 * whis_provider_describe_model:
 * @provider: a provider
 * @id: (nullable): a model, also one that the user typed in
 *
 * Says what to send to a model: what the table has for it, or else for the model that it is a
 * version of by its name, or else for any model of the provider. Only what is needed to speak to it
 * holds for such a relation; not its price and its retirement.
 *
 * Returns: (transfer none): what the model is like
 */
const WhisModel *
whis_provider_describe_model (const WhisProvider *provider, const char *id)
{
  static const WhisModel plain_model = { .language_field = "language" };
  const WhisModel *model;

  g_return_val_if_fail (provider != NULL, &plain_model);

  model = whis_provider_find_model (provider, id);
  if (model == NULL && id != NULL)
    model = find_origin (provider, id);
  if (model == NULL)
    model = provider->other_model;

  return model != NULL ? model : &plain_model;
}

static guint
add_ms (guint ms, guint64 more)
{
  return (guint) MIN (ms + more, G_MAXINT);
}

/**
 * whis_provider_get_timeouts:
 * @provider: a provider
 * @size: how much is sent, in bytes
 * @duration_ms: how long the sound in it is, in milliseconds
 *
 * Returns: how long to wait for each step of a request. A provider that moves a byte now and then
 *   does not stretch them.
 */
WhisTimeouts
whis_provider_get_timeouts (const WhisProvider *provider, guint64 size, guint64 duration_ms)
{
  WhisTimeouts timeouts = { 0 };

  g_return_val_if_fail (provider != NULL, timeouts);

  timeouts = provider->timeouts;
  duration_ms = MIN (duration_ms, G_MAXUINT);
  timeouts.answer_ms = add_ms (timeouts.answer_ms, duration_ms * timeouts.answer_percent / 100);
  timeouts.send_ms = add_ms (timeouts.stall_ms, size / SLOWEST_LINE);
  timeouts.read_ms = add_ms (timeouts.stall_ms, duration_ms * READ_PERCENT / 100);

  return timeouts;
}

/**
 * whis_provider_read_status:
 * @provider: a provider
 * @status: HTTP status of its answer
 *
 * Returns: the status that others give for what the provider means
 */
guint
whis_provider_read_status (const WhisProvider *provider, guint status)
{
  g_return_val_if_fail (provider != NULL, status);

  return provider->forbids_wrong_keys && status == 403 ? 401 : status;
}
