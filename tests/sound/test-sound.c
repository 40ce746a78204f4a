/* SPDX-License-Identifier: MIT */
#include "file-sound.h"

#include <glib/gstdio.h>
#include <string.h>

#include "memory-sound.h"
#include "read-sound.h"
#include "recording.h"
#include "service-error.h"

/* One sound, whoever holds it. */

#define FRAME_SIZE 288
#define N_FRAMES 20
#define SIZE (FRAME_SIZE * N_FRAMES)

typedef struct
{
  char *directory;
  char *path;
  guint8 bytes[SIZE];
  WhisSound *sound;
} Fixture;

static WhisSound *
record (Fixture *fixture)
{
  WhisRecording *recording = whis_recording_new (fixture->path);

  g_assert_true (whis_recording_open (recording, NULL));
  for (guint i = 0; i < N_FRAMES; i++)
    g_assert_true (
        whis_recording_append (recording, fixture->bytes + i * FRAME_SIZE, FRAME_SIZE, NULL));

  return WHIS_SOUND (recording);
}

static WhisSound *
record_and_close (Fixture *fixture)
{
  WhisSound *sound = record (fixture);

  g_assert_true (whis_recording_sync (WHIS_RECORDING (sound), NULL));
  whis_recording_close (WHIS_RECORDING (sound));

  return sound;
}

static WhisSound *
save_file (Fixture *fixture)
{
  g_assert_true (g_file_set_contents (fixture->path, (const char *) fixture->bytes, SIZE, NULL));

  return whis_file_sound_new (fixture->path);
}

static WhisSound *
keep_in_memory (Fixture *fixture)
{
  g_autoptr (GBytes) bytes = g_bytes_new (fixture->bytes, SIZE);

  return whis_memory_sound_new (bytes, WHIS_SOUND_FORMAT_MP3);
}

typedef WhisSound *(*MakeFunc) (Fixture *fixture);

static const struct
{
  const char *name;
  MakeFunc make;
} kinds[] = { { "recording", record },
              { "closed", record_and_close },
              { "file", save_file },
              { "memory", keep_in_memory } };

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const MakeFunc *make = data;

  fixture->directory = g_dir_make_tmp ("whis-sound-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "one.mp3", NULL);
  for (guint i = 0; i < SIZE; i++)
    fixture->bytes[i] = (guint8) (i / 7);
  fixture->sound = (*make) (fixture);
}

static void
gone_cb (gpointer data, GObject *was)
{
  g_atomic_int_set ((gint *) data, TRUE);
}

/* The thread that has read may hold its reference for a moment longer than the answer takes. */
static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gint gone = FALSE;

  g_object_weak_ref (G_OBJECT (fixture->sound), gone_cb, &gone);
  g_object_unref (fixture->sound);
  while (!g_atomic_int_get (&gone))
    g_thread_yield ();
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static void
test_read (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint64 offset;
    gsize size;
  } ranges[] = { { 0, SIZE }, { 0, 1 }, { SIZE - 1, 1 }, { 5 * FRAME_SIZE, 3 * FRAME_SIZE } };

  g_assert_cmpint (whis_sound_get_format (fixture->sound), ==, WHIS_SOUND_FORMAT_MP3);
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes =
          read_sound (fixture->sound, ranges[i].offset, ranges[i].size, &error);
      gsize size;
      const guint8 *read;

      g_assert_no_error (error);
      read = g_bytes_get_data (bytes, &size);
      g_assert_cmpmem (read, size, fixture->bytes + ranges[i].offset, ranges[i].size);
    }
}

static void
test_beyond_end (Fixture *fixture, gconstpointer data)
{
  const guint64 offsets[] = { 1, SIZE, SIZE + 1, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_sound (fixture->sound, offsets[i], SIZE, &error));
      g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_FILE);
    }
}

static void
cancelled_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean *done = data;

  g_assert_null (whis_sound_read_finish (WHIS_SOUND (object), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  *done = TRUE;
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean done = FALSE;

  whis_sound_read_async (fixture->sound, 0, SIZE, cancellable, cancelled_cb, &done);
  g_assert_false (done);
  g_cancellable_cancel (cancellable);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_file_gone (void)
{
  g_autoptr (WhisSound) sound = whis_file_sound_new ("/nonexistent.wav");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (whis_sound_get_format (sound), ==, WHIS_SOUND_FORMAT_SAMPLES);
  g_assert_null (read_sound (sound, 0, 1, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_FILE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *read = g_strconcat ("/sound/", kinds[i].name, "/read", NULL);
      g_autofree char *beyond = g_strconcat ("/sound/", kinds[i].name, "/beyond-end", NULL);
      g_autofree char *cancelled = g_strconcat ("/sound/", kinds[i].name, "/cancelled", NULL);

      g_test_add (read, Fixture, &kinds[i].make, set_up, test_read, tear_down);
      g_test_add (beyond, Fixture, &kinds[i].make, set_up, test_beyond_end, tear_down);
      g_test_add (cancelled, Fixture, &kinds[i].make, set_up, test_cancelled, tear_down);
    }
  g_test_add_func ("/sound/file/gone", test_file_gone);

  return g_test_run ();
}
