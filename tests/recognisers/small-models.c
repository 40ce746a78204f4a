/* SPDX-License-Identifier: MIT */
#include "small-models.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAGIC 0x67676d6c

WhisLocalModel small_model = {
  .id = "small-test",
  .kind = WHIS_MODEL_WHISPER,
  .name = "Small test",
  .file = "small-test.bin",
  .addresses = (const char *const[]){ "https://models.example/small-test.bin", NULL },
  .pinned = TRUE,
  .bytes = SMALL_MODEL_SIZE,
  .exact = TRUE,
  .license = "MIT",
  .attribution = "nobody",
  .languages = "en de",
  .profile = "whisper",
};

WhisLocalModel second_model = {
  .id = "second-test",
  .kind = WHIS_MODEL_WHISPER,
  .name = "Second test",
  .file = "second-test.bin",
  .addresses = (const char *const[]){ "https://models.example/second-test.bin", NULL },
  .pinned = TRUE,
  .bytes = SMALL_MODEL_SIZE,
  .exact = TRUE,
  .license = "MIT",
  .attribution = "nobody",
  .languages = "en ja",
  .profile = "whisper",
};

static void
put_words (guint8 *data, const guint32 *words, gsize n_words)
{
  for (gsize i = 0; i < n_words; i++)
    for (guint byte = 0; byte < 4; byte++)
      data[4 * i + byte] = (guint8) (words[i] >> (8 * byte));
}

/* A file with the header of a Whisper model; another @seed makes another one, 1 is that of the
 * first model and 2 that of the second. */
GBytes *
small_model_make (guint8 seed)
{
  static const guint32 words[] = { MAGIC, 51865, 1500, 8, 2, 1, 448, 8, 2, 1, 80, 2002 };
  guint8 *data = g_malloc (SMALL_MODEL_SIZE);

  memset (data, seed, SMALL_MODEL_SIZE);
  put_words (data, words, G_N_ELEMENTS (words));

  return g_bytes_new_take (data, SMALL_MODEL_SIZE);
}

void
small_model_write (const char *directory, const char *name, guint8 seed)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GBytes) bytes = small_model_make (seed);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (
      g_file_set_contents (path, g_bytes_get_data (bytes, NULL), SMALL_MODEL_SIZE, NULL));
}

/* Into the catalogue of this program. */
void
small_models_add (void)
{
  g_autoptr (GBytes) first = small_model_make (1);
  g_autoptr (GBytes) second = small_model_make (2);

  small_model.sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, first);
  second_model.sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, second);
  whis_local_models_add (&small_model);
  whis_local_models_add (&second_model);
}
