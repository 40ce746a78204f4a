/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "chunker.h"
#include "sounds.h"
#include "watch.h"

#define FRAME_SIZE 288
#define FRAME_MS 36
#define LONGEST_MS 10000

/* A recording as the program made it, and its chunks. */
static Watch *recorded;
static char *contents;
static gsize size;

static void
record (void)
{
  g_autoptr (GArray) sound = sounds_noise (1000, -60);
  g_autoptr (GArray) sentence =
      sounds_load ("librivox/sense_and_sensibility_01_austen_64kb-0870.wav");
  g_autofree char *path = NULL;
  g_autofree char *directory = g_dir_make_tmp ("whis-resume-XXXXXX", NULL);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GArray) speech = sounds_speech ();
      g_autoptr (GArray) pause = sounds_noise (2000 + 3000 * i, -60);

      sounds_append (sound, speech);
      sounds_append (sound, pause);
    }

  /* a vowel without end has no pause to be cut at */
  for (guint i = 0; i < 8; i++)
    g_array_append_vals (sound, &g_array_index (sentence, gint16, 3000), 45000);

  path = g_build_filename (directory, "long.wav", NULL);
  sounds_write_wav (sound, path);
  recorded = watch_file (path, LONGEST_MS);
  watch_to_the_end (recorded);
  g_assert_no_error (recorded->error);
  g_assert_cmpuint (recorded->chunks->len, >=, 8);
  g_assert_true (g_file_get_contents (recorded->path, &contents, &size, NULL));

  g_unlink (path);
  g_rmdir (directory);
}

static Watch *
resume_after (const char *bytes, gsize n_bytes, guint index, WhisChunk *before)
{
  const WhisChunkMargins margins = WHIS_CHUNK_MARGINS_INIT;
  WhisCaptureOptions options = WHIS_CAPTURE_OPTIONS_INIT;
  Watch *watch;

  options.longest_chunk_ms = LONGEST_MS;
  options.resume = TRUE;
  options.resume_index = index;
  if (before != NULL)
    {
      options.resume_offset = before->offset + before->size;
      options.resume_ms = before->start_ms + before->length_ms;
      options.resume_overlaps = whis_chunker_cut_inside_speech (before, &margins);
    }
  watch = watch_new (&options);
  g_assert_true (g_file_set_contents (watch->path, bytes, (gssize) n_bytes, NULL));

  return watch;
}

static Watch *
resume_bytes (const char *bytes, gsize n_bytes)
{
  return resume_after (bytes, n_bytes, 0, NULL);
}

static guint64
end_of (WhisChunk *chunk)
{
  return chunk->start_ms + chunk->length_ms;
}

/* The chunks go from @start_ms to the end of the last of @n_frames frames, without a gap. */
static void
assert_covers (Watch *watch, guint index, guint64 start_ms, guint64 n_frames)
{
  guint64 end = start_ms;

  g_assert_no_error (watch->error);
  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);

      g_assert_cmpstr (chunk->dictation, ==, "one");
      g_assert_cmpuint (chunk->index, ==, index + i);
      g_assert_cmpuint (chunk->length_ms, <=, LONGEST_MS);
      if (chunk->overlaps_previous)
        g_assert_cmpuint (chunk->start_ms, <, end);
      else
        g_assert_cmpuint (chunk->start_ms, ==, end);
      g_assert_cmpint (chunk->has_speech, ==, chunk->voice_ms >= 120);
      end = end_of (chunk);
    }

  g_assert_cmpuint (end, ==, n_frames * FRAME_MS);
}

/* As long as nothing was taken out of the file, a frame's place is its number. */
static void
assert_bytes (Watch *watch)
{
  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);
      guint64 first = chunk->start_ms / FRAME_MS;

      g_assert_cmpuint (chunk->offset, ==, (first - MIN (first, 4)) * FRAME_SIZE);
      g_assert_cmpuint (chunk->offset + chunk->size, ==, end_of (chunk) / FRAME_MS * FRAME_SIZE);
    }
}

static void
assert_unchanged (Watch *watch, const char *bytes, gsize n_bytes)
{
  g_autofree char *now = NULL;
  gsize n_now;

  g_assert_true (g_file_get_contents (watch->path, &now, &n_now, NULL));
  g_assert_cmpmem (now, n_now, bytes, n_bytes);
}

/* The codec blurs where a voice sets in and ends, so the middle of a pause may be a frame off. */
static gboolean
are_close (guint64 one, guint64 other)
{
  return MAX (one, other) - MIN (one, other) <= FRAME_MS;
}

static gboolean
are_same (WhisChunk *one, WhisChunk *other)
{
  return are_close (one->start_ms, other->start_ms) && are_close (end_of (one), end_of (other))
         && one->has_speech == other->has_speech
         && one->overlaps_previous == other->overlaps_previous;
}

static guint
count_same (Watch *watch, guint from)
{
  guint n = 0;

  for (guint i = 0; i < watch->chunks->len && from + i < recorded->chunks->len; i++)
    n += are_same (watch_get_chunk (watch, i), watch_get_chunk (recorded, from + i));

  return n;
}

/* From wherever it is resumed, the rest comes out, cut at the same pauses. */
static void
test_every_cut (void)
{
  guint n_same = 0;
  guint n_all = 0;
  guint n_overlaps = 0;

  for (guint i = 0; i < recorded->chunks->len; i++)
    {
      WhisChunk *before = i > 0 ? watch_get_chunk (recorded, i - 1) : NULL;
      guint64 ms = before != NULL ? end_of (before) : 0;
      g_autoptr (Watch) watch = resume_after (contents, size, i, before);

      watch_to_the_end (watch);
      assert_covers (watch, i, ms, size / FRAME_SIZE);
      assert_bytes (watch);
      assert_unchanged (watch, contents, size);
      g_assert_true (watch->started);
      g_assert_cmpuint (watch->n_levels, ==, 0);
      g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), ==,
                        size / FRAME_SIZE * FRAME_MS);
      /* the word on a forced cut is whole in the chunk behind it, also when that comes later */
      if (watch_get_chunk (recorded, i)->overlaps_previous)
        {
          g_assert_true (watch_get_chunk (watch, 0)->overlaps_previous);
          g_assert_cmpuint (watch_get_chunk (watch, 0)->start_ms, ==,
                            watch_get_chunk (recorded, i)->start_ms);
          n_overlaps++;
        }
      n_same += count_same (watch, i);
      n_all += recorded->chunks->len - i;
    }

  g_assert_cmpuint (n_overlaps, >, 0);
  g_test_message ("%u of %u chunks are the same", n_same, n_all);
  /* A pause that is just long enough may be a hair shorter in what the decoder gives. */
  g_assert_cmpuint (n_same, >=, n_all * 17 / 20);
}

/* The program died at some byte: all but the frame that was being written is there. */
static void
test_cut_off (void)
{
  for (guint i = 0; i < 10; i++)
    {
      gsize left = (gsize) g_test_rand_int_range (FRAME_SIZE * 5, (gint32) size);
      g_autoptr (Watch) watch = resume_bytes (contents, left);

      watch_to_the_end (watch);
      assert_covers (watch, 0, 0, left / FRAME_SIZE);
      assert_bytes (watch);
    }
}

/* After a power cut the end of the file may be zeros, or anything. */
static void
test_garbage_at_the_end (void)
{
  for (guint i = 0; i < 2; i++)
    {
      gsize n = 20000;
      g_autofree char *bytes = g_malloc0 (size + n);
      g_autoptr (Watch) watch = NULL;

      memcpy (bytes, contents, size);
      for (gsize k = 0; i > 0 && k < n; k++)
        bytes[size + k] = (char) g_test_rand_int_range (0, 256);
      watch = resume_bytes (bytes, size + n);

      watch_to_the_end (watch);
      assert_covers (watch, 0, 0, size / FRAME_SIZE);
      assert_bytes (watch);
      assert_unchanged (watch, bytes, size + n);
    }
}

/* Part of a frame, and then the recording went on. */
static void
test_garbage_in_the_middle (void)
{
  gsize torn = size / 2 / FRAME_SIZE * FRAME_SIZE;
  gsize n = 100;
  g_autofree char *bytes = g_malloc (size + n);
  g_autoptr (Watch) watch = NULL;
  WhisChunk *last;

  memcpy (bytes, contents, torn);
  memset (bytes + torn, 'x', n);
  memcpy (bytes + torn + n, contents + torn, size - torn);
  watch = resume_bytes (bytes, size + n);

  watch_to_the_end (watch);
  assert_covers (watch, 0, 0, size / FRAME_SIZE);
  last = watch_get_chunk (watch, watch->chunks->len - 1);
  g_assert_cmpuint (last->offset + last->size, ==, size + n);
}

static void
assert_no_sound (const char *bytes, gsize n_bytes)
{
  g_autoptr (Watch) watch = resume_bytes (bytes, n_bytes);

  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  g_assert_false (watch->started);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  assert_unchanged (watch, bytes, n_bytes);
}

static void
test_no_sound (void)
{
  assert_no_sound ("", 0);
  assert_no_sound (contents, FRAME_SIZE - 1);
  assert_no_sound ("no sound at all", strlen ("no sound at all"));
}

static void
test_no_file (void)
{
  g_autoptr (Watch) watch = resume_bytes ("", 0);

  g_unlink (watch->path);
  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  g_assert_false (g_file_test (watch->path, G_FILE_TEST_EXISTS));
}

/* Everything had been cut. */
static void
test_nothing_left (void)
{
  g_autoptr (Watch) watch = resume_after (contents, size, recorded->chunks->len,
                                          watch_get_chunk (recorded, recorded->chunks->len - 1));

  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), ==, size / FRAME_SIZE * FRAME_MS);
}

static void
test_cancel_and_stop (void)
{
  for (guint moment = 0; moment < 4; moment++)
    {
      g_autoptr (Watch) watch = resume_bytes (contents, size);

      if (moment == 1)
        watch->on_started = watch_cancel;
      if (moment == 2)
        watch->on_chunk = watch_cancel;
      if (moment == 3)
        watch->on_chunk = watch_stop;
      watch_start (watch);

      if (moment == 3)
        {
          watch_until (watch, &watch->ended);
          g_assert_no_error (watch->error);
          continue;
        }
      if (moment > 0)
        watch_until (watch, &watch->cancelled);
      watch_cancel (watch);
    }
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  record ();

  g_test_add_func ("/resume/every-cut", test_every_cut);
  g_test_add_func ("/resume/cut-off", test_cut_off);
  g_test_add_func ("/resume/garbage-at-the-end", test_garbage_at_the_end);
  g_test_add_func ("/resume/garbage-in-the-middle", test_garbage_in_the_middle);
  g_test_add_func ("/resume/no-sound", test_no_sound);
  g_test_add_func ("/resume/no-file", test_no_file);
  g_test_add_func ("/resume/nothing-left", test_nothing_left);
  g_test_add_func ("/resume/cancel-and-stop", test_cancel_and_stop);
  status = g_test_run ();

  g_free (contents);
  watch_free (recorded);

  return status;
}
