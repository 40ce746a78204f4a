/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include <glib/gi18n-lib.h>

/* The languages of gpt-transcribe; a code outside of this list is refused by the server. */
#define GPT_TRANSCRIBE_LANGUAGES                                                                   \
  "af ar az be bg bn bs ca cs cy da de el en es et fa fi fr gl gu he hi hr hu hy id is it ja ka "  \
  "kk kn ko lt lv mi mk ml mr ms ne nl no pl pt ro ru sk sl sr sv sw ta te th tl tr uk ur vi yue " \
  "zh"

static const WhisModel openai_models[] = {
  { "gpt-transcribe", "languages[]", GPT_TRANSCRIBE_LANGUAGES, NULL },
  { "gpt-4o-transcribe", "language", NULL, "2027-02-26" },
  { "gpt-4o-mini-transcribe", "language", NULL, "2027-02-26" },
  { "whisper-1", "language", NULL, "2027-02-26" },
};

static const WhisModel groq_models[] = {
  { "whisper-large-v3-turbo", "language", NULL, NULL },
  { "whisper-large-v3", "language", NULL, NULL },
};

static const WhisModel mistral_models[] = {
  { "voxtral-mini-transcribe-latest", "language", NULL, NULL },
  { "voxtral-small-transcribe-latest", "language", NULL, NULL },
  { "voxtral-mini-latest", "language", NULL, NULL },
};

/* A cloud service answers within seconds, and a lost answer is better asked for again. */
#define CLOUD_TIMEOUTS                                                                             \
  {                                                                                                \
    15000, 30000, 60000, 50                                                                        \
  }
/* An own server may have to load its model first, and may be slower than speech. */
#define OWN_TIMEOUTS                                                                               \
  {                                                                                                \
    15000, 60000, 300000, 400                                                                      \
  }

static const WhisProvider providers[] = {
  {
      .id = "offline",
      .name = N_ ("Offline"),
      .base_url = "http://localhost/v1",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_NONE,
      .fields = WHIS_FIELD_NONE,
      .limit = 1,
      .timeouts = OWN_TIMEOUTS,
      .local = TRUE,
      .note = N_ ("Works without an account and without a network. English only, and rougher than "
                  "a cloud model."),
  },
  {
      .id = "openai",
      .name = "OpenAI",
      .base_url = "https://api.openai.com/v1",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT,
      .models = openai_models,
      .n_models = G_N_ELEMENTS (openai_models),
      .limit = 3,
      .timeouts = CLOUD_TIMEOUTS,
      .key_variable = "OPENAI_API_KEY",
      .key_page = "https://platform.openai.com/api-keys",
      .needs_key = TRUE,
      .takes_key = TRUE,
  },
  {
      .id = "groq",
      .name = "Groq",
      .base_url = "https://api.groq.com/openai/v1",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_TEMPERATURE
                | WHIS_FIELD_RESPONSE_FORMAT,
      .max_prompt = 896,
      .models = groq_models,
      .n_models = G_N_ELEMENTS (groq_models),
      .limit = 3,
      .timeouts = CLOUD_TIMEOUTS,
      .key_variable = "GROQ_API_KEY",
      .key_page = "https://console.groq.com/keys",
      .needs_key = TRUE,
      .takes_key = TRUE,
  },
  {
      .id = "mistral",
      .name = "Mistral",
      .base_url = "https://api.mistral.ai/v1",
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_TEMPERATURE,
      .models = mistral_models,
      .n_models = G_N_ELEMENTS (mistral_models),
      .limit = 3,
      .timeouts = CLOUD_TIMEOUTS,
      .key_variable = "MISTRAL_API_KEY",
      .key_page = "https://console.mistral.ai/api-keys",
      .needs_key = TRUE,
      .takes_key = TRUE,
  },
  {
      .id = "custom",
      .name = N_ ("Own server"),
      .dialect = WHIS_DIALECT_OPENAI,
      .auth = WHIS_AUTH_BEARER,
      .fields = WHIS_FIELD_LANGUAGE | WHIS_FIELD_PROMPT | WHIS_FIELD_RESPONSE_FORMAT,
      .limit = 3,
      .timeouts = OWN_TIMEOUTS,
      .key_variable = "WHIS_CUSTOM_API_KEY",
      .takes_key = TRUE,
      .own_address = TRUE,
      .note = N_ ("Any server that speaks the OpenAI dialect: whisper.cpp, speaches, LocalAI, "
                  "Ollama."),
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

  for (gsize i = 0; i < provider->n_models; i++)
    {
      if (g_strcmp0 (provider->models[i].id, id) == 0)
        return &provider->models[i];
    }

  return NULL;
}
