/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>
#include <string.h>

#include "engine.h"
#include "known-sound.h"
#include "loudness.h"
#include "module.h"
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

/* --- chunks of a WAV file --------------------------------------------------------------------- */

#define FORMAT "fmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0"
#define RIFF "RIFF....WAVE"

/* Files as programs write them, and such as nobody should; @size of the samples, or -1 for none. */
static void
test_wave_chunks (void)
{
#define CASE(text, size)                                                                           \
  {                                                                                                \
    text, sizeof text - 1, size                                                                    \
  }
  static const struct
  {
    const char *data;
    gsize size;
    gssize n_bytes;
  } cases[] = {
    CASE (RIFF FORMAT "data\4\0\0\0abcd", 4),
    /* a chunk of an odd length has a byte behind it */
    CASE (RIFF FORMAT "LIST\3\0\0\0abc\0data\4\0\0\0abcd", 4),
    CASE (RIFF "bext\2\0\0\0ab" FORMAT "fact\4\0\0\0abcddata\2\0\0\0ab", 2),
    /* what comes behind the samples is none */
    CASE (RIFF FORMAT "data\4\0\0\0abcdLIST\2\0\0\0ab", 4),
    /* written while it is still being recorded: no length, or one that is too large */
    CASE (RIFF FORMAT "data\xff\xff\xff\xff"
                      "abcdef",
          6),
    CASE (RIFF FORMAT "data\x7f\0\0\0abc", 2),
    CASE (RIFF FORMAT "data\0\0\0\0", 0),
    CASE (RIFF FORMAT "data\1\0\0\0a", 0),
    /* a longer format, as of some sound cards */
    CASE (RIFF "fmt \x12\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0\0\0data\2\0\0\0ab", 2),
    /* float, 8 bits, 44.1 kHz, two channels */
    CASE (RIFF "fmt \x10\0\0\0\3\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\2\0\0\0ab", -1),
    CASE (RIFF "fmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x08\0data\2\0\0\0ab", -1),
    CASE (RIFF "fmt \x10\0\0\0\1\0\1\0\x44\xac\0\0\0\x7d\0\0\2\0\x10\0data\2\0\0\0ab", -1),
    CASE (RIFF "fmt \x10\0\0\0\1\0\2\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\2\0\0\0ab", -1),
    /* no format before the samples, or half of one */
    CASE (RIFF "data\4\0\0\0abcd" FORMAT, -1),
    CASE (RIFF "fmt \x04\0\0\0\1\0\1\0data\2\0\0\0ab", -1),
    /* a length that leads behind the end */
    CASE (RIFF FORMAT "LIST\xff\xff\xff\xff"
                      "data\2\0\0\0ab",
          -1),
    CASE (RIFF FORMAT "LIST\xf8\xff\xff\xff"
                      "data\2\0\0\0ab",
          -1),
    CASE (RIFF FORMAT "dat", -1),
    CASE (RIFF FORMAT, -1),
    CASE (RIFF, -1),
    CASE ("RIFF....WAV", -1),
    CASE ("RIFX....WAVE" FORMAT "data\2\0\0\0ab", -1),
    CASE ("RIFF....AVI " FORMAT "data\2\0\0\0ab", -1),
    CASE ("", -1),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* Of its own length, so that a sanitizer sees what is read behind it. */
      g_autoptr (GBytes) file = g_bytes_new (cases[i].data, cases[i].size);
      g_autoptr (GBytes) samples = whis_wave_get_samples (file, i % 2 == 0 ? NULL : "audio/wav");

      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_assert_cmpint (samples != NULL ? (gssize) g_bytes_get_size (samples) : -1, ==,
                       cases[i].n_bytes);
    }
}

/* Engines read numbers of two bytes, which have to lie at an even address. */
static void
test_wave_alignment (void)
{
  static const char data[] = "x" RIFF FORMAT "data\4\0\0\0\1\2\3\4";

  for (gsize shift = 0; shift < 2; shift++)
    {
      static const char *const types[] = { "audio/wav", "audio/L16;rate=16000" };
      g_autofree char *moved = g_malloc (sizeof data + shift);
      g_autoptr (GBytes) buffer = NULL;
      g_autoptr (GBytes) file = NULL;
      g_autoptr (GBytes) bare = NULL;

      memcpy (moved + shift, data + 1, sizeof data - 2);
      buffer = g_bytes_new_static (moved, sizeof data - 2 + shift);
      file = g_bytes_new_from_bytes (buffer, shift, sizeof data - 2);
      bare = g_bytes_new_from_bytes (buffer, sizeof data - 6 + shift, 4);
      for (gsize i = 0; i < 2; i++)
        {
          g_autoptr (GBytes) samples = whis_wave_get_samples (i == 0 ? file : bare, types[i]);
          const gint16 *numbers = g_bytes_get_data (samples, NULL);

          g_assert_cmpuint (GPOINTER_TO_SIZE (numbers) % 2, ==, 0);
          g_assert_cmpuint (g_bytes_get_size (samples), ==, 4);
          g_assert_cmpint (numbers[0], ==, i == 0 ? 0x0201 : 0x0102);
        }
    }
}

static void
test_media_types (void)
{
  static const struct
  {
    const char *type;
    gboolean is_bare;
  } cases[] = {
    { "audio/L16;rate=16000", TRUE },
    { "AUDIO/l16 ; RATE=16000 ; Channels=1", TRUE },
    { "audio/L16; channels=1; rate=16000; endianness=big-endian", TRUE },
    { "audio/L16;rate=160000", FALSE },
    { "audio/L16;rate=8000", FALSE },
    { "audio/L16;channels=1", FALSE },
    { "audio/L16;rate=16000;channels=", FALSE },
    { "audio/L160;rate=16000", FALSE },
    { "audio/L8;rate=16000", FALSE },
    { "", FALSE },
    { ";", FALSE },
  };
  g_autoptr (GBytes) file = g_bytes_new_static ("abcd", 4);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) samples = whis_wave_get_samples (file, cases[i].type);

      g_test_message ("%s", cases[i].type);
      g_assert_cmpint (samples != NULL, ==, cases[i].is_bare);
    }
}

/* --- the sound that models are measured with -------------------------------------------------- */

/* Ten seconds of phrases with pauses, which are cut like speech, and the same on each computer. */
static void
test_known_sound (void)
{
  g_autoptr (GBytes) sound = whis_known_sound_make ();
  g_autoptr (GBytes) again = whis_known_sound_make ();
  gsize size;
  const gint16 *samples = g_bytes_get_data (sound, &size);
  g_autoptr (WhisLoudness) loudness = whis_loudness_new (samples, size / 2);
  guint64 loud_ms = whis_loudness_count_loud_ms (loudness, 0, 11000);
  int loudest = 0;

  g_assert_true (g_bytes_equal (sound, again));
  g_assert_cmpuint (size, >=, 10 * WHIS_SAMPLE_RATE * 2);
  g_assert_cmpuint (loud_ms, >, 5000);
  g_assert_cmpuint (loud_ms, <, 9000);
  for (guint64 start = 0; start < 8 * 1300; start += 1300)
    {
      g_assert_cmpuint (whis_loudness_count_loud_ms (loudness, start, start + 990), >, 600);
      g_assert_cmpuint (whis_loudness_count_loud_ms (loudness, start + 1020, start + 1270), ==, 0);
    }
  for (gsize i = 0; i < size / 2; i++)
    loudest = MAX (loudest, ABS (samples[i]));
  g_assert_cmpint (loudest, >, 3000);
  g_assert_cmpint (loudest, <=, 32000);
}

static void
test_known_sound_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("whis-sound-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "sound.wav", NULL);
  g_autoptr (GBytes) samples = NULL;
  g_autoptr (GBytes) expected = speech_read_samples (SPEECH_WAV);
  g_autoptr (GError) error = NULL;

  samples = whis_known_sound_read (SPEECH_WAV, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (samples, expected));
  g_assert_null (whis_known_sound_read (path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_file_set_contents (path, "ID3 and so on", -1, NULL);
  g_assert_null (whis_known_sound_read (path, &error));
  g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE);
  g_assert_nonnull (strstr (error->message, path));
  g_unlink (path);
  g_rmdir (folder);
}

/* --- modules ---------------------------------------------------------------------------------- */

/* A part that was not installed, or is another library, is named with its path. */
static void
test_missing_module (void)
{
  g_autofree char *before = g_strdup (g_getenv ("WHIS_MODULE_DIR"));
  g_autofree char *folder = g_dir_make_tmp ("whis-modules-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "part.so", NULL);

  g_setenv ("WHIS_MODULE_DIR", folder, TRUE);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (whis_module_find ("part", &error));
      g_assert_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_MISSING);
      g_assert_nonnull (strstr (error->message, path));
      g_file_set_contents (path, "no library", -1, NULL);
    }
  g_unlink (path);
  g_rmdir (folder);
  if (before != NULL)
    g_setenv ("WHIS_MODULE_DIR", before, TRUE);
  else
    g_unsetenv ("WHIS_MODULE_DIR");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/engine-versions", test_versions);
  g_test_add_func ("/offline/threads", test_threads);
  g_test_add_func ("/offline/wave", test_wave);
  g_test_add_func ("/offline/wave/bare-samples", test_bare_samples);
  g_test_add_func ("/offline/wave/chunks", test_wave_chunks);
  g_test_add_func ("/offline/wave/alignment", test_wave_alignment);
  g_test_add_func ("/offline/wave/media-types", test_media_types);
  g_test_add_func ("/offline/known-sound", test_known_sound);
  g_test_add_func ("/offline/known-sound/file", test_known_sound_file);
  g_test_add_func ("/offline/missing-module", test_missing_module);

  return g_test_run ();
}
