/* SPDX-License-Identifier: MIT */
#include "model-profile.h"

#include <string.h>

#include "local-model.h"

/* What a kind of model needs of the sound that it is given, whoever runs it. */

static const WhisModelProfile *
find (const char *provider, const char *model)
{
  return whis_model_profile_find (whis_provider_lookup (provider), model);
}

static void
test_find (void)
{
  static const struct
  {
    const char *provider;
    const char *model;
    const WhisModelProfile *expected;
  } cases[] = {
    /* by the table of the provider */
    { "groq", NULL, &whis_model_profile_whisper },
    { "openai", NULL, &whis_model_profile_default },
    { "openai", "whisper-1", &whis_model_profile_whisper },
    { "openai", "gpt-4o-transcribe", &whis_model_profile_default },
    { "deepgram", NULL, &whis_model_profile_default },
    /* what an own server runs unless it says otherwise */
    { "whisper-cpp", NULL, &whis_model_profile_whisper },
    { "speaches", "Systran/faster-distil-whisper-small.en", &whis_model_profile_whisper },
    { "speaches", "istupakov/parakeet-tdt-0.6b-v3-onnx", &whis_model_profile_parakeet },
    { "custom", NULL, &whis_model_profile_default },
    { "custom", "", &whis_model_profile_default },
    /* by its name, however that is written */
    { "custom", "nvidia/Parakeet-TDT", &whis_model_profile_parakeet },
    { "custom", "WHISPER", &whis_model_profile_whisper },
    { "custom", "canary-1b", &whis_model_profile_default },
    { "azure", "my-whisper-deployment", &whis_model_profile_whisper },
    /* files of whisper.cpp, on this computer alone */
    { "offline", "ggml-small-q8_0", &whis_model_profile_whisper },
    { "offline", "ggml-parakeet-tdt-0.6b-v3-q8_0", &whis_model_profile_parakeet },
    { "offline", "english", &whis_model_profile_default },
    { "custom", "ggml-small-q8_0", &whis_model_profile_default },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisModelProfile *profile = find (cases[i].provider, cases[i].model);

      g_test_message ("%s %s", cases[i].provider, cases[i].model);
      g_assert_cmpstr (profile->id, ==, cases[i].expected->id);
    }
}

/* The recogniser knows a model of the catalogue by the name of its file: that has to tell the same
 * as the row. */
static void
test_local_models (void)
{
  gsize n;
  const WhisLocalModel *const *models = whis_local_models_list (&n);

  g_assert_cmpuint (n, >, 0);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup (models[i]->file);

      g_assert_true (g_str_has_suffix (name, ".bin"));
      name[strlen (name) - strlen (".bin")] = '\0';
      g_assert_cmpstr (find ("offline", name)->id, ==, models[i]->profile);
    }
}

static void
test_shorten (void)
{
  static const struct
  {
    const WhisModelProfile *profile;
    guint wanted_ms;
    guint expected_ms;
  } cases[] = {
    { &whis_model_profile_default, 120000, 120000 }, { &whis_model_profile_default, 0, 0 },
    { &whis_model_profile_whisper, 120000, 28000 },  { &whis_model_profile_whisper, 28000, 28000 },
    { &whis_model_profile_whisper, 10000, 10000 },   { &whis_model_profile_parakeet, 31000, 30000 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (whis_model_profile_shorten (cases[i].profile, cases[i].wanted_ms), ==,
                      cases[i].expected_ms);
}

/* A piece that fills Whisper's window of 30 s, silence around it included, ends with words that
 * nobody said; and the last word of Parakeet needs recorded sound behind it. */
static void
test_margins (void)
{
  const WhisModelProfile *whisper = &whis_model_profile_whisper;
  const WhisModelProfile *parakeet = &whis_model_profile_parakeet;

  g_assert_cmpuint (whisper->longest_ms + whisper->margins.before_ms + whisper->margins.behind_ms,
                    <, 30000);
  g_assert_cmpuint (whisper->margins.wanted_ms, <, whisper->longest_ms);
  g_assert_cmpuint (parakeet->margins.wanted_ms, <, parakeet->longest_ms);
  g_assert_cmpuint (parakeet->tail_ms, >=, parakeet->margins.behind_ms);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model-profile/find", test_find);
  g_test_add_func ("/model-profile/local-models", test_local_models);
  g_test_add_func ("/model-profile/shorten", test_shorten);
  g_test_add_func ("/model-profile/margins", test_margins);

  return g_test_run ();
}
