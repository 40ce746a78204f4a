/* SPDX-License-Identifier: MIT */
#include "providers.h"

#include <string.h>

#include "address.h"
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

/* A row that is wrong sends a key to another host, or is refused by its own service. */
static void
test_rows_are_sound (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      const WhisProvider *provider = &providers[i];
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", provider->id);
      for (gsize j = 0; j < i; j++)
        g_assert_cmpstr (providers[j].id, !=, provider->id);
      if (provider->base_url != NULL && !provider->local)
        {
          g_assert_true (whis_address_is_of_provider (provider, provider->base_url, &error));
          g_assert_no_error (error);
        }
      if (provider->key_page != NULL)
        g_assert_true (g_str_has_prefix (provider->key_page, "https://"));
      g_assert_cmpuint (provider->limit, <=, 64);
      g_assert_cmpuint (provider->max_bytes, >, 0);
      g_assert_cmpuint (provider->timeouts.connect_ms, >, 0);
      g_assert_cmpuint (provider->timeouts.stall_ms, >, 0);
      g_assert_cmpuint (provider->timeouts.answer_ms, >, 0);
      g_assert_cmpint (provider->live == WHIS_LIVE_NONE && provider->n_live_models > 0, ==, FALSE);
    }
}

static void
check_model (const WhisModel *model)
{
  g_auto (GStrv) times = g_strsplit (model->times != NULL ? model->times : "word", " ", -1);
  g_auto (GStrv) languages = g_strsplit (model->languages != NULL ? model->languages : "", " ", -1);

  for (char **kind = times; *kind != NULL; kind++)
    g_assert_true (g_str_equal (*kind, "word") || g_str_equal (*kind, "segment"));
  for (char **code = languages; *code != NULL; code++)
    {
      g_assert_cmpuint (strlen (*code), >=, 2);
      g_assert_false (g_strv_contains ((const char *const *) code + 1, *code));
    }
  if (model->retires != NULL)
    {
      g_autofree char *midnight = g_strconcat (model->retires, "T00:00:00Z", NULL);
      g_autoptr (GDateTime) day = g_date_time_new_from_iso8601 (midnight, NULL);

      g_assert_nonnull (day);
      g_assert_cmpuint (strlen (model->retires), ==, strlen ("YYYY-MM-DD"));
    }
}

static void
test_models_are_sound (void)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    {
      const WhisProvider *provider = &providers[i];

      for (gsize j = 0; j < provider->n_models; j++)
        {
          g_test_message ("%s of %s", provider->models[j].id, provider->id);
          check_model (&provider->models[j]);
          g_assert_true (whis_provider_find_model (provider, provider->models[j].id)
                         == &provider->models[j]);
        }
      for (gsize j = 0; j < provider->n_live_models; j++)
        {
          check_model (&provider->live_models[j]);
          g_assert_true (whis_provider_find_live_model (provider, provider->live_models[j].id)
                         == &provider->live_models[j]);
        }
    }
}

static void
test_names (void)
{
  g_assert_cmpstr (whis_providers_get_name ("openai"), ==, "OpenAI");
  /* one that a newer version had, and that is in the history */
  g_assert_cmpstr (whis_providers_get_name ("of-tomorrow"), ==, "of-tomorrow");
  g_assert_null (whis_provider_lookup (""));
  g_assert_null (whis_provider_lookup ("OpenAI"));
}

/* What the user chose, or the default, or what the server decides. */
static void
test_chosen_model (void)
{
  const WhisProvider *groq = whis_provider_lookup ("groq");
  const WhisProvider *custom = whis_provider_lookup ("custom");

  g_assert_cmpstr (whis_provider_choose_model (groq, NULL), ==, "whisper-large-v3-turbo");
  g_assert_cmpstr (whis_provider_choose_model (groq, "whisper-large-v3"), ==, "whisper-large-v3");
  g_assert_cmpstr (whis_provider_choose_model (groq, "of-tomorrow"), ==, "of-tomorrow");
  g_assert_null (whis_provider_choose_model (custom, NULL));
  g_assert_cmpstr (whis_provider_choose_model (custom, "mine"), ==, "mine");

  g_assert_cmpstr (whis_provider_get_default_live_model (whis_provider_lookup ("openai")), ==,
                   "gpt-live-transcribe");
  g_assert_null (whis_provider_get_default_live_model (groq));
  g_assert_null (whis_provider_find_live_model (groq, "whisper-large-v3"));
  g_assert_null (whis_provider_find_model (groq, NULL));
}

/* A slow line has the time that all the sound takes on it, and a long sound more for its answer. */
static void
test_timeouts (void)
{
  const WhisProvider provider = {
    .timeouts = { .connect_ms = 5000, .stall_ms = 20000, .answer_ms = 30000, .answer_percent = 50 },
  };
  WhisTimeouts nothing = whis_provider_get_timeouts (&provider, 0, 0);
  WhisTimeouts minute = whis_provider_get_timeouts (&provider, 480000, 60000);
  WhisTimeouts twice = whis_provider_get_timeouts (&provider, 960000, 60000);

  g_assert_cmpuint (nothing.answer_ms, ==, 30000);
  g_assert_cmpuint (nothing.send_ms, ==, 20000);
  g_assert_cmpuint (minute.connect_ms, ==, 5000);
  g_assert_cmpuint (minute.stall_ms, ==, 20000);
  g_assert_cmpuint (minute.answer_ms, ==, 60000);
  g_assert_cmpuint (minute.send_ms, >, 20000);
  g_assert_cmpuint (twice.send_ms - 20000, ==, 2 * (minute.send_ms - 20000));
  g_assert_cmpuint (twice.read_ms, ==, minute.read_ms);
}

/* Whether sound stays on this computer is what the window says of a service. */
static void
test_is_here (void)
{
  static const struct
  {
    const char *provider;
    const char *url;
    gboolean is_here;
  } cases[] = {
    { "offline", NULL, TRUE },
    { "custom", "http://localhost:8000/v1", TRUE },
    { "custom", "http://[::1]:8000/v1", TRUE },
    { "custom", "https://127.0.0.2", TRUE },
    { "custom", "http://192.168.1.5:8000", FALSE },
    { "custom", "http://nas.local", FALSE },
    { "custom", "https://localhost.example.org", FALSE },
    { "custom", "", FALSE },
    { "custom", "nonsense", FALSE },
    { "custom", NULL, FALSE },
    /* a gateway on this computer leads to the service all the same */
    { "openai", "http://localhost:4000/v1", FALSE },
    { "openai", NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s at %s", cases[i].provider, cases[i].url);
      g_assert_cmpint (
          whis_provider_is_here (whis_provider_lookup (cases[i].provider), cases[i].url), ==,
          cases[i].is_here);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/providers/table", test_table);
  g_test_add_func ("/providers/rows-are-sound", test_rows_are_sound);
  g_test_add_func ("/providers/models-are-sound", test_models_are_sound);
  g_test_add_func ("/providers/names", test_names);
  g_test_add_func ("/providers/chosen-model", test_chosen_model);
  g_test_add_func ("/providers/timeouts", test_timeouts);
  g_test_add_func ("/providers/is-here", test_is_here);
  g_test_add_func ("/providers/defaults-do-not-retire", test_defaults_do_not_retire);
  g_test_add_func ("/providers/longest-wait", test_longest_wait);
  g_test_add_func ("/providers/describe-model", test_describe_model);
  g_test_add_func ("/providers/read-status", test_read_status);
  g_test_add_func ("/model-profile/find", test_profiles);

  return g_test_run ();
}
