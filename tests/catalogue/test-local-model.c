/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "local-model.h"
#include "recommendation.h"

/* What the store and the download rely on, for each row. */
static void
test_rows (void)
{
  gsize n;
  const WhisLocalModel *const *models = whis_local_models_list (&n);

  g_assert_cmpuint (n, >, 8);
  for (gsize i = 0; i < n; i++)
    {
      const WhisLocalModel *model = models[i];

      g_test_message ("%s", model->id);
      g_assert_true (whis_local_model_lookup (model->id) == model);
      g_assert_true (whis_local_model_find_file (model->file) == model);
      g_assert_true (whis_local_model_find_checksum (model->sha256) == model);
      g_assert_cmpuint (strlen (model->sha256), ==, 64);
      g_assert_cmpuint (strspn (model->sha256, "0123456789abcdef"), ==, 64);
      g_assert_null (strchr (model->file, '/'));
      g_assert_true (g_str_has_suffix (model->file, ".bin"));
      g_assert_cmpuint (model->bytes, >, 50 * 1000 * 1000);
      g_assert_cmpuint (model->memory_mb, >, model->bytes / (1000 * 1000));
      g_assert_nonnull (model->addresses[0]);
      for (gsize j = 0; model->addresses[j] != NULL; j++)
        {
          g_assert_true (g_str_has_prefix (model->addresses[j], "https://"));
          g_assert_true (g_str_has_suffix (model->addresses[j], model->file));
          /* A revision is named by forty digits. */
          g_assert_true (
              model->pinned
              == g_regex_match_simple ("/resolve/[0-9a-f]{40}/", model->addresses[j], 0, 0));
        }
      /* CC-BY wants it said who made it, for all who see the row. */
      g_assert_nonnull (model->attribution);
      g_assert_cmpstr (model->profile, ==, whis_model_kind_get_name (model->kind));
    }
}

static void
test_languages (void)
{
  const WhisLocalModel *parakeet = whis_local_model_lookup ("parakeet-v3-q8_0");
  const WhisLocalModel *base = whis_local_model_lookup ("whisper-base-q8_0");
  const WhisLocalModel *turbo = whis_local_model_lookup ("whisper-turbo-q8_0");

  g_assert_cmpuint (whis_local_model_count_languages (parakeet), ==, 25);
  g_assert_cmpuint (whis_local_model_count_languages (base), ==, 99);
  g_assert_cmpuint (whis_local_model_count_languages (turbo), ==, 100);
  g_assert_true (whis_local_model_has_language (parakeet, "de"));
  g_assert_true (whis_local_model_has_language (parakeet, "pt-BR"));
  g_assert_true (whis_local_model_has_language (parakeet, "uk"));
  g_assert_false (whis_local_model_has_language (parakeet, "ja"));
  g_assert_true (whis_local_model_has_language (base, "haw"));
  g_assert_false (whis_local_model_has_language (base, "ha w"));
  g_assert_false (whis_local_model_has_language (base, "yue"));
  g_assert_true (whis_local_model_has_language (turbo, "yue"));
  g_assert_false (whis_local_model_has_language (base, ""));
}

static void
test_addresses (void)
{
  const WhisLocalModel *model = whis_local_model_lookup ("whisper-tiny");
  g_auto (GStrv) plain = whis_local_model_dup_addresses (model, NULL, "");
  g_auto (GStrv) mirror =
      whis_local_model_dup_addresses (model, "https://school.example/models/", "https://x.example");
  g_auto (GStrv) endpoint = whis_local_model_dup_addresses (model, "", "https://hub.example");

  g_assert_cmpstr (plain[0], ==, model->addresses[0]);
  /* The mirror alone: its network may have no way to the others. */
  g_assert_cmpuint (g_strv_length (mirror), ==, 1);
  g_assert_cmpstr (mirror[0], ==, "https://school.example/models/ggml-tiny.bin");
  g_assert_cmpstr (endpoint[0], ==,
                   "https://hub.example/ggerganov/whisper.cpp/resolve/"
                   "5359861c739e955e79d9a303bcbc70fb988958b1/ggml-tiny.bin");
}

static void
test_unknown (void)
{
  g_assert_null (whis_local_model_lookup ("whisper-enormous"));
  g_assert_null (whis_local_model_lookup (NULL));
  g_assert_null (whis_local_model_find_file ("notes.bin"));
  g_assert_null (whis_local_model_find_checksum (""));
}

/* What ./run converts, where the published file cannot be had, is the same model. */
static void
test_converted (void)
{
  static const char *const sum = "26e3c9bdbf66afa7e2bdf1dc5925e2f8680c5fa53a624aa79ba1373c9190dc1d";
  const WhisLocalModel *model = whis_local_model_lookup ("whisper-base-q5_1");

  g_assert_nonnull (model);
  g_assert_true (whis_local_model_has_checksum (model, sum));
  g_assert_true (whis_local_model_has_checksum (model, model->sha256));
  g_assert_false (whis_local_model_has_checksum (model, "00"));
  g_assert_true (whis_local_model_find_checksum (sum) == model);
}

static void
assert_recommended (const char *language, guint n_processors, guint64 memory_mb, const char *id)
{
  const WhisLocalModel *model = whis_local_model_recommend (language, n_processors, memory_mb);

  g_test_message ("%s, %u processors, %u MB", language, n_processors, (guint) memory_mb);
  g_assert_nonnull (model);
  g_assert_cmpstr (model->id, ==, id);
}

/* What somebody is offered who has no model: for the language, and for the computer. */
static void
test_recommended (void)
{
  assert_recommended ("en", 8, 16000, "parakeet-v3-q8_0");
  assert_recommended ("de-AT", 4, 5900, "parakeet-v3-q8_0");
  assert_recommended ("", 8, 16000, "parakeet-v3-q8_0");
  assert_recommended ("fr", 2, 8000, "parakeet-v3-q4_k");
  assert_recommended ("fr", 8, 4000, "parakeet-v3-q4_k");
  assert_recommended ("fr", 1, 1000, "whisper-base-q8_0");
  /* Not known to Parakeet, or not well. */
  assert_recommended ("ja", 8, 16000, "whisper-small-q8_0");
  assert_recommended ("el", 8, 16000, "whisper-small-q8_0");
  assert_recommended ("ja", 1, 1000, "whisper-base-q8_0");
  /* Nobody knows it. */
  assert_recommended ("ga", 8, 16000, "parakeet-v3-q8_0");
}

/* Where one thing is too little by the smallest amount, the model that needs less is offered. */
static void
test_recommended_bounds (void)
{
  assert_recommended ("en", 4, 5500, "parakeet-v3-q8_0");
  assert_recommended ("en", 3, 5500, "parakeet-v3-q4_k");
  assert_recommended ("en", 4, 5499, "parakeet-v3-q4_k");
  assert_recommended ("en", 2, 3500, "parakeet-v3-q4_k");
  assert_recommended ("en", 1, 3500, "whisper-base-q8_0");
  assert_recommended ("en", 2, 3499, "whisper-base-q8_0");
  assert_recommended ("en", 0, 0, "whisper-base-q8_0");
  assert_recommended ("en", G_MAXUINT, G_MAXUINT64, "parakeet-v3-q8_0");
  /* Danish in any of its forms is better with Whisper. */
  assert_recommended ("da-DK", 8, 16000, "whisper-small-q8_0");
  assert_recommended ("da_DK", 8, 16000, "whisper-small-q8_0");
  /* Nonsense is a language that no model knows. */
  assert_recommended ("-", 8, 16000, "parakeet-v3-q8_0");
}

/* A file may be a little longer than known where that is not known to the byte. */
static void
test_max_bytes (void)
{
  const WhisLocalModel exact = { .bytes = 1000, .exact = TRUE };
  const WhisLocalModel about = { .bytes = 1000 };

  g_assert_cmpuint (whis_local_model_get_max_bytes (&exact), ==, 1000);
  g_assert_cmpuint (whis_local_model_get_max_bytes (&about), ==, 1050);
}

static void
test_nicks (void)
{
  g_assert_cmpstr (whis_model_speed_get_nick (WHIS_MODEL_SPEED_FAST), ==, "fast");
  g_assert_cmpstr (whis_model_speed_get_nick (WHIS_MODEL_SPEED_MODERATE), ==, "moderate");
  g_assert_cmpstr (whis_model_speed_get_nick (WHIS_MODEL_SPEED_SLOW), ==, "slow");
  g_assert_cmpstr (whis_model_kind_get_name (WHIS_MODEL_WHISPER), ==, "whisper");
  g_assert_cmpstr (whis_model_kind_get_name (WHIS_MODEL_PARAKEET), ==, "parakeet");
  g_assert_cmpstr (whis_model_kind_get_name (WHIS_MODEL_SPHINX), ==, "pocketsphinx");
}

static void
assert_smaller (const char *language, const char *id, const char *smaller)
{
  const WhisLocalModel *model =
      whis_local_model_recommend_smaller (whis_local_model_lookup (id), language);

  g_test_message ("%s, smaller than %s", language, id);
  g_assert_cmpstr (model != NULL ? model->id : NULL, ==, smaller);
}

static void
test_smaller (void)
{
  assert_smaller ("en", "parakeet-v3-q8_0", "parakeet-v3-q4_k");
  assert_smaller ("en", "parakeet-v3-q4_k", "whisper-small-q8_0");
  assert_smaller ("en", "whisper-small-q8_0", "whisper-small-q5_1");
  assert_smaller ("en", "whisper-small-q5_1", "whisper-base-q8_0");
  assert_smaller ("en", "whisper-base-q8_0", "whisper-base-q5_1");
  assert_smaller ("en", "whisper-base-q5_1", NULL);
  assert_smaller ("ja", "whisper-turbo-q5_0", "whisper-small-q8_0");
  assert_smaller ("ga", "parakeet-v3-q8_0", "parakeet-v3-q4_k");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/local-model/converted", test_converted);
  g_test_add_func ("/local-model/rows", test_rows);
  g_test_add_func ("/local-model/languages", test_languages);
  g_test_add_func ("/local-model/recommended", test_recommended);
  g_test_add_func ("/local-model/recommended-bounds", test_recommended_bounds);
  g_test_add_func ("/local-model/max-bytes", test_max_bytes);
  g_test_add_func ("/local-model/nicks", test_nicks);
  g_test_add_func ("/local-model/smaller", test_smaller);
  g_test_add_func ("/local-model/addresses", test_addresses);
  g_test_add_func ("/local-model/unknown", test_unknown);

  return g_test_run ();
}
