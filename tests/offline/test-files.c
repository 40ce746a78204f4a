/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "engine.h"
#include "model-file.h"
#include "offline-error.h"
#include "speech.h"
#include "threads.h"
#include "wave.h"

/* The first words of the published files, and their sizes. */
static const struct
{
  const char *name;
  guint32 words[16];
  guint64 size;
  WhisModelKind kind;
  gboolean is_multilingual;
} published[] = {
  { "base",
    { 0, 51865, 1500, 512, 8, 6, 448, 512, 8, 6, 80, 1 },
    147951465,
    WHIS_MODEL_WHISPER,
    TRUE },
  { "base-q5_1",
    { 0, 51865, 1500, 512, 8, 6, 448, 512, 8, 6, 80, 2009 },
    59707625,
    WHIS_MODEL_WHISPER,
    TRUE },
  { "small.en",
    { 0, 51864, 1500, 768, 12, 12, 448, 768, 12, 12, 80, 1 },
    487614201,
    WHIS_MODEL_WHISPER,
    FALSE },
  { "large-v3-turbo-q8_0",
    { 0, 51866, 1500, 1280, 20, 32, 448, 1280, 20, 4, 128, 2007 },
    874188075,
    WHIS_MODEL_WHISPER,
    TRUE },
  { "parakeet-tdt-0.6b-v3-q8_0",
    { 0, 8192, 5000, 1024, 8, 24, 128, 2007, 512, 8, 256, 9, 640, 2, 5, 10 },
    668757119,
    WHIS_MODEL_PARAKEET,
    TRUE },
};

static void
make_head (guint32 *head, guint which)
{
  for (guint i = 0; i < 16; i++)
    head[i] = GUINT32_TO_LE (published[which].words[i]);
  head[0] = GUINT32_TO_LE (0x67676d6c);
}

static gboolean
parse (const guint32 *head, guint64 size, WhisModelHeader *header, GError **error)
{
  return whis_model_header_parse ((const guint8 *) head, 64, size, header, error);
}

static void
test_published (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    {
      g_autoptr (GError) error = NULL;
      WhisModelHeader header;
      guint32 head[16];

      g_test_message ("%s", published[i].name);
      make_head (head, i);
      g_assert_true (parse (head, published[i].size, &header, &error));
      g_assert_cmpint (header.kind, ==, published[i].kind);
      /* What the dimensions imply is most of the file and no more than it. */
      g_assert_cmpuint (header.least_bytes, >, published[i].size / 10 * 8);
      g_assert_cmpint (whis_model_header_get_languages (&header)[1] != NULL, ==,
                       published[i].is_multilingual);
      g_assert_false (parse (head, header.least_bytes - 1, &header, &error));
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL);
      g_assert_nonnull (strstr (error->message, "damaged"));
    }
}

/* Dimensions that no model has, one at a time. */
static void
test_out_of_bounds (void)
{
  static const guint32 values[] = { 0, 1u << 30, G_MAXUINT32 };

  for (guint which = 0; which < G_N_ELEMENTS (published); which++)
    for (guint word = 0; word < 11; word++)
      for (guint i = 0; i < G_N_ELEMENTS (values); i++)
        {
          g_autoptr (GError) error = NULL;
          WhisModelHeader header;
          guint32 head[16];

          /* Weights in single precision are the type 0. */
          if (values[i] == 0 && published[which].kind == WHIS_MODEL_PARAKEET && word == 7)
            continue;
          make_head (head, which);
          head[word] = values[i];
          g_assert_false (parse (head, G_MAXINT64, &header, &error));
          g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MODEL);
        }
}

/* Another version than that of the headers has other structures under the same names. */
static void
test_versions (void)
{
  static const struct
  {
    const char *built;
    const char *found;
    gboolean fits;
  } pairs[] = {
    { "1.9.1", "1.9.1", TRUE },  { "1.9.5-dev", "1.9.5", TRUE }, { "1.9.1", "1.9.10", FALSE },
    { "1.9.1", "1.9.2", FALSE }, { "1.9.10", "1.9.1", FALSE },   { "1.9.1", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (
          whis_engine_check_version ("libwhisper", pairs[i].built, pairs[i].found, &error), ==,
          pairs[i].fits);
      g_assert_true (pairs[i].fits || strstr (error->message, pairs[i].built) != NULL);
    }
}

static void
write_topology (const char *folder, guint processor, guint package, guint core)
{
  g_autofree char *topology = g_strdup_printf ("%s/cpu%u/topology", folder, processor);
  g_autofree char *package_path = g_build_filename (topology, "physical_package_id", NULL);
  g_autofree char *core_path = g_build_filename (topology, "core_id", NULL);
  g_autofree char *package_text = g_strdup_printf ("%u\n", package);
  g_autofree char *core_text = g_strdup_printf ("%u\n", core);

  g_mkdir_with_parents (topology, 0700);
  g_file_set_contents (package_path, package_text, -1, NULL);
  g_file_set_contents (core_path, core_text, -1, NULL);
}

static void
assert_threads (guint n_packages, guint n_cores, const char *quota, guint allowed, guint expected)
{
  g_autofree char *folder = g_dir_make_tmp ("whis-cpus-XXXXXX", NULL);
  g_autofree char *quota_path = g_build_filename (folder, "cpu.max", NULL);
  g_autofree char *command = g_strdup_printf ("rm -r %s", folder);
  guint processor = 0;

  for (guint package = 0; package < n_packages; package++)
    for (guint core = 0; core < n_cores; core++)
      for (guint twin = 0; twin < 2; twin++)
        write_topology (folder, processor++, package, core);
  if (quota != NULL)
    g_file_set_contents (quota_path, quota, -1, NULL);
  g_assert_cmpuint (whis_threads_choose (folder, folder, allowed), ==, expected);
  g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL);
}

static void
test_threads (void)
{
  assert_threads (1, 1, NULL, 2, 1);
  assert_threads (1, 2, NULL, 4, 2);
  assert_threads (1, 4, NULL, 8, 3);
  assert_threads (2, 16, NULL, 64, 8);
  assert_threads (1, 8, NULL, 2, 2);
  assert_threads (1, 8, "max 100000\n", 16, 7);
  assert_threads (1, 8, "150000 100000\n", 16, 1);
  assert_threads (1, 8, "400000 100000\n", 16, 3);
  g_assert_cmpuint (whis_threads_choose ("/nonexistent", "/nonexistent", 6), ==, 5);
  g_assert_cmpuint (whis_threads_choose ("/nonexistent", "/nonexistent", 0), ==, 1);
}

static void
test_wave (void)
{
  g_autoptr (GBytes) file = speech_read (SPEECH_WAV);
  g_autoptr (GBytes) expected = speech_read_samples (SPEECH_WAV);
  g_autoptr (GBytes) samples = whis_wave_get_samples (file, "audio/wav");
  g_autoptr (GBytes) wav = NULL;
  gsize size;
  guint8 *other;

  g_assert_true (g_bytes_equal (samples, expected));

  /* Another rate, and two channels, want a decoder. */
  wav = speech_make_wav (expected);
  other = g_memdup2 (g_bytes_get_data (wav, &size), g_bytes_get_size (wav));
  other[22] = 2;
  g_bytes_unref (file);
  file = g_bytes_new_take (other, size);
  g_assert_null (whis_wave_get_samples (file, "audio/wav"));
}

static void
test_bare_samples (void)
{
  g_autoptr (GBytes) file = g_bytes_new_static ("\1\2\3\4\5", 5);
  g_autoptr (GBytes) samples = whis_wave_get_samples (file, "audio/L16; rate=16000; channels=1");
  const gint16 *data;
  gsize size;

  g_assert_nonnull (samples);
  data = g_bytes_get_data (samples, &size);
  g_assert_cmpuint (size, ==, 4);
  g_assert_cmpint (data[0], ==, 0x0102);
  g_assert_cmpint (data[1], ==, 0x0304);
  g_assert_null (whis_wave_get_samples (file, "audio/L16"));
  g_assert_null (whis_wave_get_samples (file, "audio/L16;rate=16000;channels=2"));
  g_assert_null (whis_wave_get_samples (file, "audio/mpeg"));
  g_assert_null (whis_wave_get_samples (file, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/model-file/published", test_published);
  g_test_add_func ("/offline/model-file/out-of-bounds", test_out_of_bounds);
  g_test_add_func ("/offline/engine-versions", test_versions);
  g_test_add_func ("/offline/threads", test_threads);
  g_test_add_func ("/offline/wave", test_wave);
  g_test_add_func ("/offline/wave/bare-samples", test_bare_samples);

  return g_test_run ();
}
