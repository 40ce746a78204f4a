/* SPDX-License-Identifier: MIT */
#include "speech.h"

#include <gio/gio.h>
#include <string.h>

#define WAV_HEADER 44

GBytes *
speech_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *data;
  gsize size;

  g_file_get_contents (path, &data, &size, &error);
  g_assert_no_error (error);

  return g_bytes_new_take (data, size);
}

/* The samples of a WAV file (16 kHz, one channel). */
GBytes *
speech_read_samples (const char *path)
{
  g_autoptr (GBytes) file = speech_read (path);

  return g_bytes_new_from_bytes (file, WAV_HEADER, g_bytes_get_size (file) - WAV_HEADER);
}

/* The same sound many times over, with half a second of silence after each. */
GBytes *
speech_repeat (GBytes *samples, guint times)
{
  GByteArray *all = g_byte_array_new ();
  g_autofree guint8 *silence = g_malloc0 (16000);

  for (guint i = 0; i < times; i++)
    {
      g_byte_array_append (all, g_bytes_get_data (samples, NULL),
                           (guint) g_bytes_get_size (samples));
      g_byte_array_append (all, silence, 16000);
    }

  return g_byte_array_free_to_bytes (all);
}

/* A WAV file with these samples, its header as RIFF has it. */
GBytes *
speech_make_wav (GBytes *samples)
{
  guint32 size = (guint32) g_bytes_get_size (samples);
  guint8 header[WAV_HEADER] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0"
                              "data";
  guint32 riff_size = GUINT32_TO_LE (size + WAV_HEADER - 8);
  guint32 data_size = GUINT32_TO_LE (size);
  GByteArray *file = g_byte_array_new ();

  memcpy (header + 4, &riff_size, 4);
  memcpy (header + 40, &data_size, 4);
  g_byte_array_append (file, header, sizeof header);
  g_byte_array_append (file, g_bytes_get_data (samples, NULL), size);

  return g_byte_array_free_to_bytes (file);
}

/* Asks tests/wer.py. */
void
speech_assert_wer (const char *known, const char *heard, double most)
{
  g_autofree char *script = g_test_build_filename (G_TEST_DIST, "wer.py", NULL);
  g_autofree char *bound = g_strdup_printf ("%f", most);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/usr/bin/python3", script, "--max",
                        bound, "--", known, heard, NULL);
  g_autofree char *rate = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &rate, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("word error rate %s of “%s”", g_strstrip (rate), heard);
  g_assert_true (g_subprocess_get_successful (process));
}
