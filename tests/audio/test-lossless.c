/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "wav.h"
#include "chunker.h"
#include "codec.h"
#include "recording.h"
#include "sounds.h"
#include "watch.h"

#define HEADER_SIZE WHIS_WAV_HEADER_SIZE
#define FRAME_SIZE 1152
#define FRAME_MS 36

static char *directory;
static GArray *speech;

static char *
write_sound (GArray *sound, const char *name)
{
  char *path = g_build_filename (directory, name, NULL);

  sounds_write_wav (sound, path);

  return path;
}

static guint32
read_number (const char *header, gsize at)
{
  guint32 little;

  memcpy (&little, header + at, sizeof little);

  return GUINT32_FROM_LE (little);
}

/* The header is one for @size bytes of samples, or for as many as there are. */
static void
assert_header (const char *header, guint32 riff_size, guint32 size)
{
  g_assert_cmpmem (header, 4, "RIFF", 4);
  g_assert_cmpuint (read_number (header, 4), ==, riff_size);
  g_assert_cmpmem (header + 8, 8, "WAVEfmt ", 8);
  g_assert_cmpuint (read_number (header, 24), ==, 16000);
  g_assert_cmpmem (header + 36, 4, "data", 4);
  g_assert_cmpuint (read_number (header, 40), ==, size);
}

/* A file of header and @sound, and of silence to the end of the last frame. */
static void
assert_samples (const char *contents, gsize size, GArray *sound)
{
  gsize n_frames = (sound->len * sizeof (gint16) + FRAME_SIZE - 1) / FRAME_SIZE;
  gsize n_bytes = sound->len * sizeof (gint16);

  g_assert_cmpuint (size, ==, HEADER_SIZE + n_frames * FRAME_SIZE);
  g_assert_true (memcmp (contents + HEADER_SIZE, sound->data, n_bytes) == 0);
  for (gsize i = HEADER_SIZE + n_bytes; i < size; i++)
    g_assert_cmpint (contents[i], ==, 0);
}

/* Together the pieces are all of the sound: each begins where the one before ends, or four frames
 * earlier, or where the overlap does. */
static void
assert_seams (Watch *watch, gsize size)
{
  guint64 end = HEADER_SIZE;

  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);
      guint64 first = chunk->start_ms / FRAME_MS;
      guint64 overlap = chunk->overlaps_previous ? WHIS_CHUNKER_OVERLAP_MS / FRAME_MS : 0;

      g_assert_cmpuint (chunk->offset, ==, HEADER_SIZE + (first - MIN (first, 4)) * FRAME_SIZE);
      g_assert_cmpuint (end, ==, HEADER_SIZE + (first + overlap) * FRAME_SIZE);
      g_assert_cmpuint (whis_codec_get_frame_size_of (chunk), ==, FRAME_SIZE);
      end = chunk->offset + chunk->size;
    }
  g_assert_cmpuint (end, ==, size);
}

/* What is recorded is what was heard. */
static void
test_samples (void)
{
  g_autoptr (GArray) sound = g_array_copy (speech);
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (Watch) watch = NULL;
  gsize size;

  /* 15 s without a pause are cut by force, and the last frame is not full */
  g_array_append_vals (sound, &g_array_index (speech, gint16, 3000), 45000);
  for (guint i = 0; i < 5; i++)
    g_array_append_vals (sound, &g_array_index (speech, gint16, 3000), 45000 + i);
  path = write_sound (sound, "samples.wav");
  watch = watch_file_at (WHIS_CODEC_LOSSLESS, path, 10000);
  watch_to_the_end (watch);

  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, >=, 4);
  g_assert_true (g_file_get_contents (watch->path, &contents, &size, NULL));
  assert_samples (contents, size, sound);
  assert_header (contents, (guint32) size - 8, (guint32) size - HEADER_SIZE);
  assert_seams (watch, size);
  g_unlink (path);
}

/* There is no codec that delays the sound: the chunk that a beep opens begins half a second before
 * it. */
static void
test_time (void)
{
  g_autoptr (GArray) sound = sounds_noise (5000, -70);
  g_autoptr (GArray) beep = sounds_tone (1000, 200, -20);
  g_autoptr (GArray) end = sounds_noise (500, -70);
  g_autofree char *path = NULL;
  g_autoptr (Watch) watch = NULL;
  WhisChunk *chunk;

  sounds_append (sound, beep);
  sounds_append (sound, end);
  path = write_sound (sound, "time.wav");
  watch = watch_file_at (WHIS_CODEC_LOSSLESS, path, 10000);
  watch_to_the_end (watch);

  g_assert_cmpuint (watch->chunks->len, ==, 2);
  chunk = watch_get_chunk (watch, 1);
  g_assert_cmpuint (chunk->start_ms, >=, 4500 - FRAME_MS - 10);
  g_assert_cmpuint (chunk->start_ms, <=, 4500 + 10);
  g_unlink (path);
}

static void
append_sound (WhisRecording *recording, GArray *sound)
{
  g_assert_true (
      whis_recording_append (recording, sound->data, sound->len / 576 * FRAME_SIZE, NULL));
}

/* Players read a recording of a program that died, and one that is not at its end. */
static void
test_growing (void)
{
  g_autoptr (GArray) sound = g_array_copy (speech);
  g_autofree char *path = g_build_filename (directory, "grows.wav", NULL);
  g_autoptr (WhisRecording) recording = whis_recording_new (path);
  g_autofree char *contents = NULL;
  g_autofree char *ended = NULL;
  g_autoptr (GArray) decoded = NULL;
  g_autoptr (Watch) watch = NULL;
  g_autofree char *again = NULL;
  gsize size;

  g_assert_true (whis_recording_open (recording, NULL));
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_cmpuint (size, ==, 0);
  g_free (contents);

  append_sound (recording, sound);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  assert_header (contents, G_MAXUINT32, G_MAXUINT32);
  g_array_set_size (sound, (guint) ((size - HEADER_SIZE) / sizeof (gint16)));
  assert_samples (contents, size, sound);

  /* ffmpeg */
  decoded = sounds_decode (path);
  g_assert_cmpmem (decoded->data, decoded->len * sizeof (gint16), contents + HEADER_SIZE,
                   size - HEADER_SIZE);
  /* and GStreamer */
  watch = watch_file_at (WHIS_CODEC_LOSSLESS, path, 10000);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_true (g_file_get_contents (watch->path, &again, &size, NULL));
  assert_samples (again, size, sound);

  g_assert_true (whis_recording_sync (recording, NULL));
  g_assert_true (g_file_get_contents (path, &ended, &size, NULL));
  assert_samples (ended, size, sound);
  assert_header (ended, (guint32) size - 8, (guint32) size - HEADER_SIZE);

  /* and on, for whoever was told the end too early */
  append_sound (recording, sound);
  g_assert_true (whis_recording_sync (recording, NULL));
  g_free (ended);
  g_assert_true (g_file_get_contents (path, &ended, &size, NULL));
  assert_header (ended, (guint32) size - 8, (guint32) size - HEADER_SIZE);
  g_assert_cmpuint (size, ==, HEADER_SIZE + 2 * sound->len * sizeof (gint16));

  g_unlink (path);
}

static void
limit_file_size (rlim_t bytes)
{
  struct rlimit limit = { bytes, RLIM_INFINITY };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
assert_unsaved (Watch *watch, WhisChunk *chunk, GArray *sound)
{
  g_autoptr (GBytes) bytes = whis_capture_dup_unsaved (watch->capture, chunk->offset, chunk->size);
  gsize at = chunk->offset - HEADER_SIZE;
  gsize size;
  const char *data;

  if (bytes == NULL)
    return;
  data = g_bytes_get_data (bytes, &size);
  g_assert_cmpuint (size, ==, chunk->size);
  size = MIN (size, sound->len * sizeof (gint16) - at);
  g_assert_true (memcmp (data, sound->data + at, size) == 0);
}

/* The disk is full in the middle of a frame, or of the header. */
static void
record_without_room (rlim_t room, gsize saved)
{
  g_autofree char *path = write_sound (speech, "full.wav");
  g_autofree char *contents = NULL;
  g_autoptr (Watch) watch = NULL;
  GStatBuf info;
  gsize size;

  limit_file_size (room);
  watch = watch_file_at (WHIS_CODEC_LOSSLESS, path, 10000);
  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpint (g_stat (watch->path, &info), ==, 0);
  g_assert_cmpuint ((gsize) info.st_size, ==, saved);
  g_assert_nonnull (strstr (watch->warning, "17 minutes"));
  g_assert_false (whis_capture_get_saved (watch->capture));
  for (guint i = 0; i < watch->chunks->len; i++)
    assert_unsaved (watch, watch_get_chunk (watch, i), speech);

  limit_file_size (RLIM_INFINITY);
  watch_until (watch, &watch->saved);
  g_assert_true (g_file_get_contents (watch->path, &contents, &size, NULL));
  assert_samples (contents, size, speech);
  assert_header (contents, (guint32) size - 8, (guint32) size - HEADER_SIZE);
  g_unlink (path);
}

static void
test_full_disk (void)
{
  if (g_test_subprocess ())
    {
      record_without_room (HEADER_SIZE + 100 * FRAME_SIZE + 10, HEADER_SIZE + 100 * FRAME_SIZE);
      record_without_room (10, 0);
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("whis-lossless-XXXXXX", NULL);
  speech = sounds_speech ();

  g_test_add_func ("/lossless/samples", test_samples);
  g_test_add_func ("/lossless/time", test_time);
  g_test_add_func ("/lossless/growing", test_growing);
  g_test_add_func ("/lossless/full-disk", test_full_disk);
  status = g_test_run ();

  g_rmdir (directory);
  g_free (directory);
  g_array_unref (speech);

  return status;
}
