/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "chunker.h"
#include "sounds.h"
#include "watch.h"

#define FRAME_MS 36
#define LONGEST_MS 10000

/* A recording as the program made it, and its chunks. */
typedef struct
{
  const char *name;
  guint kbps;
  guint frame_size;
  guint header_size;
  Watch *recorded;
  char *contents;
  gsize size;
} Recording;

static Recording recordings[] = {
  { .name = "mp3", .kbps = 64, .frame_size = 288 },
  { .name = "wav", .kbps = 256, .frame_size = 1152, .header_size = 44 },
};

static gsize
count_frames (const Recording *of, gsize n_bytes)
{
  return (n_bytes - of->header_size) / of->frame_size;
}

static void
record (Recording *of)
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
  of->recorded = watch_file_at (of->kbps, path, LONGEST_MS);
  watch_to_the_end (of->recorded);
  g_assert_no_error (of->recorded->error);
  g_assert_cmpuint (of->recorded->chunks->len, >=, 8);
  g_assert_true (g_file_get_contents (of->recorded->path, &of->contents, &of->size, NULL));

  g_unlink (path);
  g_rmdir (directory);
}

static Watch *
resume_after (const Recording *of, const char *bytes, gsize n_bytes, guint index, WhisChunk *before)
{
  const WhisChunkMargins margins = WHIS_CHUNK_MARGINS_INIT;
  WhisRecutStart start = { .index = index };
  Watch *watch;

  if (before != NULL)
    {
      start.offset = before->offset + before->size;
      start.ms = before->start_ms + before->length_ms;
      start.overlaps = whis_chunker_cut_inside_speech (before, &margins);
    }
  watch = watch_recut (of->kbps, LONGEST_MS, &start);
  g_assert_true (g_file_set_contents (watch->path, bytes, (gssize) n_bytes, NULL));

  return watch;
}

static Watch *
resume_bytes (const Recording *of, const char *bytes, gsize n_bytes)
{
  return resume_after (of, bytes, n_bytes, 0, NULL);
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
assert_bytes (const Recording *of, Watch *watch)
{
  for (guint i = 0; i < watch->chunks->len; i++)
    {
      WhisChunk *chunk = watch_get_chunk (watch, i);
      guint64 first = chunk->start_ms / FRAME_MS;

      g_assert_cmpuint (chunk->offset, ==,
                        of->header_size + (first - MIN (first, 4)) * of->frame_size);
      g_assert_cmpuint (chunk->offset + chunk->size, ==,
                        of->header_size + end_of (chunk) / FRAME_MS * of->frame_size);
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
count_same (const Recording *of, Watch *watch, guint from)
{
  guint n = 0;

  for (guint i = 0; i < watch->chunks->len && from + i < of->recorded->chunks->len; i++)
    n += are_same (watch_get_chunk (watch, i), watch_get_chunk (of->recorded, from + i));

  return n;
}

/* From wherever it is resumed, the rest comes out, cut at the same pauses. */
static void
test_every_cut (gconstpointer data)
{
  const Recording *of = data;
  guint n_same = 0;
  guint n_all = 0;
  guint n_overlaps = 0;

  for (guint i = 0; i < of->recorded->chunks->len; i++)
    {
      WhisChunk *before = i > 0 ? watch_get_chunk (of->recorded, i - 1) : NULL;
      guint64 ms = before != NULL ? end_of (before) : 0;
      g_autoptr (Watch) watch = resume_after (of, of->contents, of->size, i, before);

      watch_to_the_end (watch);
      assert_covers (watch, i, ms, count_frames (of, of->size));
      assert_bytes (of, watch);
      assert_unchanged (watch, of->contents, of->size);
      g_assert_true (watch->started);
      g_assert_cmpuint (watch->n_levels, ==, 0);
      g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), ==,
                        count_frames (of, of->size) * FRAME_MS);
      /* the word on a forced cut is whole in the chunk behind it, also when that comes later */
      if (watch_get_chunk (of->recorded, i)->overlaps_previous)
        {
          g_assert_true (watch_get_chunk (watch, 0)->overlaps_previous);
          g_assert_cmpuint (watch_get_chunk (watch, 0)->start_ms, ==,
                            watch_get_chunk (of->recorded, i)->start_ms);
          n_overlaps++;
        }
      n_same += count_same (of, watch, i);
      n_all += of->recorded->chunks->len - i;
    }

  g_assert_cmpuint (n_overlaps, >, 0);
  g_test_message ("%u of %u chunks are the same", n_same, n_all);
  /* A pause that is just long enough may be a hair shorter in what the decoder gives. */
  g_assert_cmpuint (n_same, >=, of->header_size > 0 ? n_all * 19 / 20 : n_all * 17 / 20);
}

/* The program died at some byte: all but the frame that was being written is there. */
static void
test_cut_off (gconstpointer data)
{
  const Recording *of = data;

  for (guint i = 0; i < 10; i++)
    {
      gsize left = (gsize) g_test_rand_int_range (of->frame_size * 5, (gint32) of->size);
      g_autoptr (Watch) watch = resume_bytes (of, of->contents, left);

      watch_to_the_end (watch);
      assert_covers (watch, 0, 0, count_frames (of, left));
      assert_bytes (of, watch);
    }
}

/* After a power cut the end of the file may be zeros, or anything. No samples are told from others.
 */
static void
test_garbage_at_the_end (gconstpointer data)
{
  const Recording *of = data;

  for (guint i = 0; i < 2; i++)
    {
      gsize n = 20000;
      g_autofree char *bytes = g_malloc0 (of->size + n);
      g_autoptr (Watch) watch = NULL;

      memcpy (bytes, of->contents, of->size);
      for (gsize k = 0; i > 0 && k < n; k++)
        bytes[of->size + k] = (char) g_test_rand_int_range (0, 256);
      watch = resume_bytes (of, bytes, of->size + n);

      watch_to_the_end (watch);
      assert_covers (watch, 0, 0, count_frames (of, of->header_size > 0 ? of->size + n : of->size));
      assert_bytes (of, watch);
      assert_unchanged (watch, bytes, of->size + n);
    }
}

/* Part of a frame, and then the recording went on. */
static void
test_garbage_in_the_middle (gconstpointer data)
{
  const Recording *of = data;
  gsize torn = of->size / 2 / of->frame_size * of->frame_size;
  gsize n = 100;
  g_autofree char *bytes = g_malloc (of->size + n);
  g_autoptr (Watch) watch = NULL;
  WhisChunk *last;

  memcpy (bytes, of->contents, torn);
  memset (bytes + torn, 'x', n);
  memcpy (bytes + torn + n, of->contents + torn, of->size - torn);
  watch = resume_bytes (of, bytes, of->size + n);

  watch_to_the_end (watch);
  assert_covers (watch, 0, 0, count_frames (of, of->size));
  last = watch_get_chunk (watch, watch->chunks->len - 1);
  g_assert_cmpuint (last->offset + last->size, ==, of->size + n);
}

/* Where the samples are is known without it. */
static void
test_no_header (gconstpointer data)
{
  const Recording *of = data;
  g_autofree char *bytes = g_memdup2 (of->contents, of->size);
  g_autoptr (Watch) watch = NULL;

  memset (bytes, 0, of->header_size);
  watch = resume_bytes (of, bytes, of->size);

  watch_to_the_end (watch);
  assert_covers (watch, 0, 0, count_frames (of, of->size));
  assert_bytes (of, watch);
}

static void
assert_no_sound (const Recording *of, const char *bytes, gsize n_bytes)
{
  g_autoptr (Watch) watch = resume_bytes (of, bytes, n_bytes);

  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  g_assert_false (watch->started);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  assert_unchanged (watch, bytes, n_bytes);
}

static void
test_no_sound (gconstpointer data)
{
  const Recording *of = data;

  assert_no_sound (of, "", 0);
  assert_no_sound (of, of->contents, of->header_size + of->frame_size - 1);
  assert_no_sound (of, "no sound at all", strlen ("no sound at all"));
}

static void
test_no_file (gconstpointer data)
{
  const Recording *of = data;
  g_autoptr (Watch) watch = resume_bytes (of, "", 0);

  g_unlink (watch->path);
  watch_to_the_end (watch);
  g_assert_error (watch->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE);
  g_assert_false (g_file_test (watch->path, G_FILE_TEST_EXISTS));
}

/* Everything had been cut. */
static void
test_nothing_left (gconstpointer data)
{
  const Recording *of = data;
  g_autoptr (Watch) watch =
      resume_after (of, of->contents, of->size, of->recorded->chunks->len,
                    watch_get_chunk (of->recorded, of->recorded->chunks->len - 1));

  watch_to_the_end (watch);
  g_assert_no_error (watch->error);
  g_assert_cmpuint (watch->chunks->len, ==, 0);
  g_assert_cmpuint (whis_capture_get_elapsed_ms (watch->capture), ==,
                    count_frames (of, of->size) * FRAME_MS);
}

static void
test_cancel_and_stop (gconstpointer data)
{
  const Recording *of = data;

  for (guint moment = 0; moment < 4; moment++)
    {
      g_autoptr (Watch) watch = resume_bytes (of, of->contents, of->size);

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

static void
add_test (const char *name, const Recording *of, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/resume/%s/%s", of->name, name);

  g_test_add_data_func (path, of, func);
}

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  /* Whether a pause that is just long enough is found again behind the codec depends on its noise.
   */
  sounds_fix_noise (1);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      Recording *of = &recordings[i];

      record (of);
      add_test ("every-cut", of, test_every_cut);
      add_test ("cut-off", of, test_cut_off);
      add_test ("garbage-at-the-end", of, test_garbage_at_the_end);
      if (of->header_size == 0)
        add_test ("garbage-in-the-middle", of, test_garbage_in_the_middle);
      else
        add_test ("no-header", of, test_no_header);
      add_test ("no-sound", of, test_no_sound);
      add_test ("no-file", of, test_no_file);
      add_test ("nothing-left", of, test_nothing_left);
      add_test ("cancel-and-stop", of, test_cancel_and_stop);
    }
  status = g_test_run ();

  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_free (recordings[i].contents);
      watch_free (recordings[i].recorded);
    }

  return status;
}
