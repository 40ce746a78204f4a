/* SPDX-License-Identifier: MIT */
#include "file-fixture.h"

#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "gstreamer.h"
#include "read-sound.h"

char *file_fixture_directory;
GArray *file_fixture_speech;

char *
file_fixture_dup_path (const char *name)
{
  return g_build_filename (file_fixture_directory, name, NULL);
}

char *
file_fixture_write_sound (GArray *sound, const char *name)
{
  char *path = file_fixture_dup_path (name);

  sounds_write_wav (sound, path);

  return path;
}

/* Makes a file of the file_fixture_speech, and perhaps of a test picture, with ffmpeg's @arguments.
 */
char *
file_fixture_make (const char *name, const char *arguments)
{
  g_autofree char *wav = file_fixture_write_sound (file_fixture_speech, "speech.wav");
  char *path = file_fixture_dup_path (name);
  g_autofree char *command =
      g_strdup_printf ("ffmpeg -hide_banner -nostdin -loglevel error -y -f lavfi "
                       "-i testsrc=size=160x120:rate=5:duration=30 -i %s "
                       "-f lavfi -i sine=duration=30 %s %s",
                       wav, arguments, path);
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));

  return path;
}

void
file_fixture_cut (const char *path, gsize size)
{
  g_assert_cmpint (truncate (path, (off_t) size), ==, 0);
}

gsize
file_fixture_get_size (const char *path)
{
  GStatBuf info;

  g_assert_cmpint (g_stat (path, &info), ==, 0);

  return (gsize) info.st_size;
}

/* The recording holds the same sound, as far as a lossy codec goes. @delay is what the source's own
 * codec adds. */
void
file_fixture_assert_same_sound (GArray *recorded, GArray *original)
{
  double best = 0;
  guint from = 8 * SOUNDS_RATE; /* in the second sentence */

  for (guint delay = 0; delay < 4000; delay++)
    best = MAX (best, sounds_compare (recorded, from + delay, original, from, SOUNDS_RATE / 2));

  g_assert_cmpfloat (best, >, 0.95);
}

void
file_fixture_assert_speech (const char *path)
{
  g_autoptr (Watch) watch = watch_file (path, 0);
  g_autoptr (GArray) recorded = NULL;

  watch_to_the_end (watch);

  g_test_message ("%s", path);
  g_assert_no_error (watch->error);
  g_assert_true (watch->started);
  g_assert_true (watch_has_speech (watch));
  g_assert_cmpuint (watch->n_levels, ==, 0);
  g_assert_cmpuint (watch->chunks->len, >=, 2);
  g_assert_cmpuint (watch_get_chunked_ms (watch), >=, sounds_get_ms (file_fixture_speech) - 100);
  g_assert_cmpuint (watch_get_chunked_ms (watch), <=, sounds_get_ms (file_fixture_speech) + 250);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), >=,
                    sounds_get_ms (file_fixture_speech) - 100);
  watch_assert_file_is_whole (watch);

  recorded = sounds_decode (watch->path);
  file_fixture_assert_same_sound (recorded, file_fixture_speech);
}

/* Runs the tests that were added. */
int
file_fixture_run (void)
{
  g_autofree char *rest = NULL;
  int status;

  file_fixture_directory = g_dir_make_tmp ("whis-files-XXXXXX", NULL);
  file_fixture_speech = sounds_speech ();
  status = g_test_run ();
  rest = file_fixture_dup_path ("speech.wav");
  g_unlink (rest);
  g_rmdir (file_fixture_directory);
  g_free (file_fixture_directory);
  g_array_unref (file_fixture_speech);

  return status;
}
