/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include <glib/gstdio.h>
#include <gst/gst.h>
#include <string.h>

#include "frame-format.h"
#include "sounds.h"
#include "wav.h"

#define PAUSE_MS 1500
#define BUFFER_SAMPLES (40 * SOUNDS_RATE / 1000)

/* Recorders that follow each other, and what they were given. */
typedef struct
{
  char *directory;
  GPtrArray *paths;
  GPtrArray *recorders;
  GArray *sound;   /* all that was heard */
  GArray *seams;   /* guint: which sample was the first of the next recorder */
  guint n_chunks;  /* with speech, of all */
  guint n_silent;  /* how often it was told that nothing but silence comes */
  guint most_late; /* how many buffers it takes until the next recorder is there, at most */
  guint late;      /* how many it takes still */
} Fixture;

static void
on_chunk (WhisChunk *chunk, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_chunks += chunk->has_speech ? 1 : 0;
  whis_chunk_free (chunk);
}

static void
on_silent (gboolean silent, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_silent += silent ? 1 : 0;
}

static WhisRecorder *
get_recorder (Fixture *fixture)
{
  return g_ptr_array_index (fixture->recorders, fixture->recorders->len - 1);
}

static WhisRecorder *
add_recorder (Fixture *fixture)
{
  static const WhisRecorderFuncs funcs = { .chunk = on_chunk, .silent = on_silent };
  g_autofree char *name = g_strdup_printf ("%u.wav", fixture->paths->len);
  char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (WhisRecording) recording = whis_recording_new (path);
  g_autoptr (GError) error = NULL;
  WhisRecorder *recorder = whis_recorder_new (&funcs, fixture);

  whis_recorder_set_bitrate (recorder, WHIS_BITRATE_LOSSLESS);
  whis_recorder_record (recorder, recording, name, 30000);
  whis_recorder_split_in_pauses (recorder, PAUSE_MS);
  g_assert_true (whis_recorder_prepare (recorder, &error));
  g_assert_no_error (error);
  g_ptr_array_add (fixture->paths, path);
  g_ptr_array_add (fixture->recorders, recorder);

  return recorder;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-split-XXXXXX", NULL);
  fixture->paths = g_ptr_array_new_with_free_func (g_free);
  fixture->recorders = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_recorder_free);
  fixture->sound = sounds_silence (0);
  fixture->seams = g_array_new (FALSE, FALSE, sizeof (guint));
  add_recorder (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->recorders);
  for (guint i = 0; i < fixture->paths->len; i++)
    g_unlink (g_ptr_array_index (fixture->paths, i));
  g_rmdir (fixture->directory);
  g_ptr_array_unref (fixture->paths);
  g_array_unref (fixture->sound);
  g_array_unref (fixture->seams);
  g_free (fixture->directory);
}

static guint64
get_elapsed (Fixture *fixture)
{
  guint64 ms = 0;

  for (guint i = 0; i < fixture->recorders->len; i++)
    ms += whis_recorder_get_elapsed_ms (g_ptr_array_index (fixture->recorders, i));

  return ms;
}

/* As a capture does it: the next recorder is made in some moments, in which sound comes. */
static void
split_if_wanted (Fixture *fixture)
{
  WhisRecorder *former = get_recorder (fixture);
  guint seam;

  if (fixture->late > 0)
    {
      if (--fixture->late > 0)
        return;
    }
  else if (!whis_recorder_begin_split (former))
    return;
  else if (fixture->most_late > 0)
    {
      fixture->late = fixture->most_late;
      return;
    }

  g_assert_true (whis_recorder_split (former, add_recorder (fixture)));
  whis_recorder_finish (former);
  seam = (guint) get_elapsed (fixture) * SOUNDS_RATE / 1000;
  g_array_append_val (fixture->seams, seam);
}

static void
hear (Fixture *fixture, GArray *taken)
{
  g_autoptr (GArray) sound = taken;

  for (guint at = 0; at < sound->len; at += BUFFER_SAMPLES)
    {
      guint n = MIN (BUFFER_SAMPLES, sound->len - at);

      g_array_append_vals (fixture->sound, &g_array_index (sound, gint16, at), n);
      g_assert_true (
          whis_recorder_hear (get_recorder (fixture), &g_array_index (sound, gint16, at), n));
      split_if_wanted (fixture);
    }
}

/* Of a file what was heard, without the zeros that fill up its last frame. */
static void
append_file (GByteArray *all, const char *path, guint64 ms)
{
  g_autofree char *contents = NULL;
  gsize n_heard = ms * SOUNDS_RATE / 1000 * sizeof (gint16);
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  if (n_heard == 0)
    return;
  g_assert_cmpuint (size, >=, WHIS_WAV_HEADER_SIZE + n_heard);
  g_byte_array_append (all, (const guint8 *) contents + WHIS_WAV_HEADER_SIZE, (guint) n_heard);
  for (gsize i = WHIS_WAV_HEADER_SIZE + n_heard; i < size; i++)
    g_assert_cmpint (contents[i], ==, 0);
}

/* Ends the last one. What the files have, one behind the other, is what was heard. */
static void
assert_nothing_is_lost_or_doubled (Fixture *fixture)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();

  whis_recorder_finish (get_recorder (fixture));
  for (guint i = 0; i < fixture->paths->len; i++)
    append_file (all, g_ptr_array_index (fixture->paths, i),
                 whis_recorder_get_elapsed_ms (g_ptr_array_index (fixture->recorders, i)));

  g_assert_cmpmem (all->data, all->len, fixture->sound->data,
                   fixture->sound->len * sizeof (gint16));
  g_assert_cmpuint (get_elapsed (fixture), ==, sounds_get_ms (fixture->sound));
}

/* All that was heard but for so much is in the file, whatever becomes of the process. The encoder
 * holds a frame, too. */
static void
assert_recorded (Fixture *fixture, guint less_ms)
{
  const char *path = g_ptr_array_index (fixture->paths, fixture->paths->len - 1);
  guint64 size = WHIS_WAV_HEADER_SIZE + fixture->sound->len * sizeof (gint16);
  GStatBuf there;

  g_assert_cmpint (g_stat (path, &there), ==, 0);
  g_assert_cmpuint (
      (guint64) there.st_size + (less_ms + 100) * SOUNDS_RATE / 1000 * sizeof (gint16), >=, size);
}

/* A voice in a room. */
static GArray *
speech (const char *name)
{
  g_autofree char *path =
      g_strconcat ("librivox/sense_and_sensibility_01_austen_64kb-", name, ".wav", NULL);
  GArray *sound = sounds_load (path);
  g_autoptr (GArray) room = sounds_noise (sounds_get_ms (sound), -50);

  sounds_mix (sound, room);

  return sound;
}

static GArray *
room (guint ms)
{
  return sounds_noise (ms, -50);
}

static void
hear_three_passages (Fixture *fixture, guint pause_ms)
{
  hear (fixture, room (1000));
  hear (fixture, speech ("0880"));
  hear (fixture, room (pause_ms));
  hear (fixture, speech ("0890"));
  hear (fixture, room (pause_ms));
  hear (fixture, speech ("0930"));
  hear (fixture, room (300));
}

static void
test_each_pause (Fixture *fixture, gconstpointer data)
{
  guint length = 1000 + 2990;

  hear_three_passages (fixture, 2000);
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (fixture->recorders->len, ==, 3);
  g_assert_cmpuint (fixture->n_chunks, >=, 3);
  g_assert_cmpuint (fixture->seams->len, ==, 2);

  /* silence behind the words before, and in front of the next ones */
  for (guint i = 0; i < 2; i++)
    {
      guint seam = g_array_index (fixture->seams, guint, i) / (SOUNDS_RATE / 1000);

      g_assert_cmpuint (seam, >=, length + 600);
      g_assert_cmpuint (seam, <=, length + 2000 - 300);
      length += 2000 + 5300;
    }
}

/* The next words begin while the next file is made. */
static void
test_late_recorder (Fixture *fixture, gconstpointer data)
{
  fixture->most_late = 40;
  hear_three_passages (fixture, 1700);
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (fixture->recorders->len, ==, 3);
  g_assert_cmpuint (fixture->n_chunks, >=, 3);
}

/* What was held goes into the recording, and nowhere else. */
static void
test_short_pauses (Fixture *fixture, gconstpointer data)
{
  hear_three_passages (fixture, 900);
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (fixture->recorders->len, ==, 1);
}

static void
test_nobody_speaks (Fixture *fixture, gconstpointer data)
{
  hear (fixture, room (10000));
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (fixture->recorders->len, ==, 1);
}

/* Somebody types in the pauses: it takes longer to know that nobody speaks. */
static void
test_noise_in_pauses (Fixture *fixture, gconstpointer data)
{
  hear (fixture, room (1000));
  hear (fixture, speech ("0880"));
  hear (fixture, sounds_clicks (4500, -50));
  hear (fixture, speech ("0890"));
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (fixture->recorders->len, ==, 2);
}

/* No recorder will take over: what is said is recorded at once. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  fixture->most_late = G_MAXUINT;
  hear (fixture, speech ("0880"));
  hear (fixture, room (2000));
  g_assert_true (whis_recorder_is_splitting (get_recorder (fixture)));
  whis_recorder_cancel_split (get_recorder (fixture));
  hear (fixture, speech ("0930"));
  g_assert_false (whis_recorder_is_splitting (get_recorder (fixture)));
  assert_recorded (fixture, 1000);
  assert_nothing_is_lost_or_doubled (fixture);
}

/* The user stops when the next recorder has heard nothing but what was left to it. */
static void
test_stopped_after_split (Fixture *fixture, gconstpointer data)
{
  hear (fixture, speech ("0880"));
  while (fixture->recorders->len == 1)
    hear (fixture, room (BUFFER_SAMPLES * 1000 / SOUNDS_RATE));
  assert_nothing_is_lost_or_doubled (fixture);
  g_assert_cmpuint (whis_recorder_get_elapsed_ms (get_recorder (fixture)), >=, 300);
}

/* The user stops while the next file is made: it is not needed. */
static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  WhisRecorder *former = get_recorder (fixture);

  fixture->most_late = G_MAXUINT;
  hear (fixture, speech ("0880"));
  hear (fixture, room (2000));
  hear (fixture, speech ("0930"));
  g_assert_true (whis_recorder_is_splitting (former));
  whis_recorder_finish (former);
  g_assert_false (whis_recorder_split (former, add_recorder (fixture)));
  assert_nothing_is_lost_or_doubled (fixture);
}

/* A disk that stands still: what is said meanwhile is in memory for five seconds and no longer. */
static void
test_next_never_comes (Fixture *fixture, gconstpointer data)
{
  fixture->most_late = G_MAXUINT;
  hear (fixture, speech ("0880"));
  hear (fixture, room (2000));
  g_assert_true (whis_recorder_is_splitting (get_recorder (fixture)));
  hear (fixture, speech ("0890"));
  g_assert_false (whis_recorder_is_splitting (get_recorder (fixture)));
  assert_recorded (fixture, 5000);
  assert_nothing_is_lost_or_doubled (fixture);
}

/* Nobody wants the next one: the silence is recorded all the same. */
static void
test_nobody_splits (Fixture *fixture, gconstpointer data)
{
  WhisRecorder *recorder = get_recorder (fixture);
  g_autoptr (GArray) sound = speech ("0880");
  g_autoptr (GArray) silence = room (20000);

  g_array_append_vals (fixture->sound, sound->data, sound->len);
  g_array_append_vals (fixture->sound, silence->data, silence->len);
  for (guint at = 0; at < fixture->sound->len; at += BUFFER_SAMPLES)
    g_assert_true (whis_recorder_hear (recorder, &g_array_index (fixture->sound, gint16, at),
                                       MIN (BUFFER_SAMPLES, fixture->sound->len - at)));
  assert_recorded (fixture, 5000);
  assert_nothing_is_lost_or_doubled (fixture);
}

/* A microphone that gives zeros in pauses is not taken for a dead one behind a split. */
static void
test_zeros_in_pause (Fixture *fixture, gconstpointer data)
{
  hear (fixture, speech ("0880"));
  hear (fixture, sounds_silence (5000));
  g_assert_cmpuint (fixture->recorders->len, ==, 2);
  g_assert_cmpuint (whis_recorder_get_elapsed_ms (get_recorder (fixture)), >, 3000);
  g_assert_cmpuint (fixture->n_silent, ==, 0);
  assert_nothing_is_lost_or_doubled (fixture);
}

/* How long nobody has spoken is counted through a split. */
static void
test_quiet (Fixture *fixture, gconstpointer data)
{
  gboolean has_spoken;
  guint64 quiet;

  hear (fixture, speech ("0880"));
  hear (fixture, room (7000));
  g_assert_cmpuint (fixture->recorders->len, ==, 2);
  quiet = whis_recorder_get_quiet_ms (get_recorder (fixture), &has_spoken);
  g_assert_false (has_spoken);
  /* decided a second later */
  g_assert_cmpuint (quiet, >=, 5500);
  g_assert_cmpuint (quiet, <=, 6600);
}

#define ADD(name, func) g_test_add ("/split/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  ADD ("each-pause", test_each_pause);
  ADD ("late-recorder", test_late_recorder);
  ADD ("short-pauses", test_short_pauses);
  ADD ("nobody-speaks", test_nobody_speaks);
  ADD ("noise-in-pauses", test_noise_in_pauses);
  ADD ("cancelled", test_cancelled);
  ADD ("stopped", test_stopped);
  ADD ("stopped-after-split", test_stopped_after_split);
  ADD ("next-never-comes", test_next_never_comes);
  ADD ("nobody-splits", test_nobody_splits);
  ADD ("zeros-in-pause", test_zeros_in_pause);
  ADD ("quiet", test_quiet);

  return g_test_run ();
}
