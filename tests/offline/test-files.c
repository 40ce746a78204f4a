/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "engine.h"
#include "offline-error.h"
#include "speech.h"
#include "threads.h"
#include "wave.h"

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
  g_test_add_func ("/offline/engine-versions", test_versions);
  g_test_add_func ("/offline/threads", test_threads);
  g_test_add_func ("/offline/wave", test_wave);
  g_test_add_func ("/offline/wave/bare-samples", test_bare_samples);

  return g_test_run ();
}
