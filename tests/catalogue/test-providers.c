/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include "model-profile.h"

static void
test_table (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  g_assert_cmpuint (n, >, 10);
  g_assert_cmpstr (providers[0].id, ==, "offline");
  for (gsize i = 0; i < n; i++)
    {
      g_assert_true (whis_provider_lookup (providers[i].id) == &providers[i]);
      g_assert_cmpstr (whis_provider_get_name (&providers[i]), !=, "");
      g_assert_nonnull (whis_provider_get_note (&providers[i]));
      g_assert_cmpuint (providers[i].limit, >=, 1);
      g_assert_cmpint (providers[i].base_url == NULL, ==, providers[i].own_address);
      g_assert_true (!providers[i].needs_key || providers[i].takes_key);
      g_assert_true (!providers[i].takes_key || providers[i].key_variable != NULL);
      g_assert_true (providers[i].domain != NULL || !providers[i].needs_key);
      if (providers[i].needs_key && !providers[i].own_address)
        g_assert_true (g_str_has_prefix (providers[i].base_url, "https://"));
    }
  g_assert_null (whis_provider_lookup ("nobody"));
}

static void
test_defaults_do_not_retire (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      const WhisModel *model =
          whis_provider_find_model (&providers[i], whis_provider_get_default_model (&providers[i]));

      g_assert_true (model == NULL || model->retires == NULL);
    }
}

/* How long all steps of a request may take together. */
static guint64
get_longest_wait_ms (const WhisProvider *provider, guint64 size, guint64 duration_ms)
{
  WhisTimeouts timeouts = whis_provider_get_timeouts (provider, size, duration_ms);

  return (guint64) timeouts.connect_ms + timeouts.send_ms + timeouts.answer_ms + timeouts.read_ms;
}

/* Every step of a request has an end, which fits the piece. */
static void
test_longest_wait (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      const WhisProvider *provider = &providers[i];

      g_test_message ("%s", provider->id);
      g_assert_cmpuint (whis_provider_get_timeouts (provider, 0, 0).send_ms, >, 0);
      g_assert_cmpuint (whis_provider_get_timeouts (provider, 0, 0).read_ms, >, 0);
      if (!provider->local)
        g_assert_cmpuint (get_longest_wait_ms (provider, 40000, 5000), <, 5 * 60 * 1000);
      g_assert_cmpuint (get_longest_wait_ms (provider, 40000, 5000), <,
                        get_longest_wait_ms (provider, 4800000, 600000));
      g_assert_cmpuint (get_longest_wait_ms (provider, G_MAXUINT64, G_MAXUINT64), <=,
                        4 * (guint64) G_MAXINT);
    }
}

/* A model of which only the name is known is spoken to like its relations. */
static void
test_describe_model (void)
{
  static const char *const cases[][3] = {
    { "openai", "gpt-transcribe", "gpt-transcribe" },
    { "openai", "gpt-transcribe-2027-01-01", "gpt-transcribe" },
    { "openai", "gpt-4o-mini-transcribe-2025-12-15", "gpt-4o-mini-transcribe" },
    { "groq", "whisper-large-v3-turbo-2", "whisper-large-v3-turbo" },
    { "groq", "whisper-large-v3-fast", "whisper-large-v3" },
    { "openai", "gpt-transcribed", NULL },
    { "openai", "whisper", NULL },
    { "custom", "whisper-1", NULL },
    { "custom", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisModel *model =
          whis_provider_describe_model (whis_provider_lookup (cases[i][0]), cases[i][1]);

      g_assert_cmpstr (model->id, ==, cases[i][2]);
      g_assert_nonnull (model->language_field);
    }
}

/* speaches has one status for what others have two for. */
static void
test_read_status (void)
{
  const WhisProvider *speaches = whis_provider_lookup ("speaches");

  g_assert_cmpuint (whis_provider_read_status (speaches, 403), ==, 401);
  g_assert_cmpuint (whis_provider_read_status (speaches, 404), ==, 404);
  g_assert_cmpuint (whis_provider_read_status (whis_provider_lookup ("openai"), 403), ==, 403);
}

static void
test_profiles (void)
{
  static const struct
  {
    const char *provider;
    const char *model;
    const WhisModelProfile *profile;
  } cases[] = {
    { "openai", NULL, &whis_model_profile_default },
    { "openai", "whisper-1", &whis_model_profile_whisper },
    { "groq", NULL, &whis_model_profile_whisper },
    { "groq", "whisper-large-v3-fast", &whis_model_profile_whisper },
    { "whisper-cpp", NULL, &whis_model_profile_whisper },
    { "speaches", "Systran/faster-distil-large-v3", &whis_model_profile_whisper },
    { "speaches", "istupakov/Parakeet-tdt-0.6b-v3-onnx", &whis_model_profile_parakeet },
    { "localai", "whisper-1", &whis_model_profile_whisper },
    { "azure", "my-whisper", &whis_model_profile_whisper },
    { "azure", "deployment", &whis_model_profile_default },
    { "custom", NULL, &whis_model_profile_default },
    { "custom", "openai/whisper-large-v3", &whis_model_profile_whisper },
    { "deepgram", NULL, &whis_model_profile_default },
    { "offline", NULL, &whis_model_profile_default },
    { "offline", "english", &whis_model_profile_default },
    { "offline", "ggml-base-q5_1", &whis_model_profile_whisper },
    { "offline", "whisper-base-q8_0", &whis_model_profile_whisper },
    { "offline", "ggml-parakeet-tdt-0.6b-v3-q8_0", &whis_model_profile_parakeet },
    { "offline", "parakeet-ultra-q4_k", &whis_model_profile_parakeet },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisProvider *provider = whis_provider_lookup (cases[i].provider);

      g_test_message ("%s %s", cases[i].provider, cases[i].model);
      g_assert_true (whis_model_profile_find (provider, cases[i].model) == cases[i].profile);
    }

  g_assert_cmpuint (whis_model_profile_shorten (&whis_model_profile_whisper, 30000), ==, 28000);
  g_assert_cmpuint (whis_model_profile_shorten (&whis_model_profile_whisper, 15000), ==, 15000);
  g_assert_cmpuint (whis_model_profile_shorten (&whis_model_profile_default, 30000), ==, 30000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/providers/table", test_table);
  g_test_add_func ("/providers/defaults-do-not-retire", test_defaults_do_not_retire);
  g_test_add_func ("/providers/longest-wait", test_longest_wait);
  g_test_add_func ("/providers/describe-model", test_describe_model);
  g_test_add_func ("/providers/read-status", test_read_status);
  g_test_add_func ("/model-profile/find", test_profiles);

  return g_test_run ();
}
