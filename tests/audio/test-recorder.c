/* SPDX-License-Identifier: MIT */
#include "recorder.h"

#include <stdlib.h>

#include <glib/gstdio.h>
#include <gst/gst.h>

#include "sounds.h"

/* A microphone that is told as silent, or not. */
typedef struct
{
  WhisRecorder *recorder;
  guint n_told;
  gboolean silent;
} Fixture;

static void
on_silent (gboolean silent, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_cmpint (silent, !=, fixture->silent);
  fixture->silent = silent;
  fixture->n_told++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  static const WhisRecorderFuncs funcs = { .silent = on_silent };

  fixture->recorder = whis_recorder_new (&funcs, fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_recorder_free (fixture->recorder);
}

/* In buffers of 40 ms, as a microphone gives it. */
static void
hear (Fixture *fixture, GArray *taken)
{
  g_autoptr (GArray) sound = taken;
  const guint n = 40 * SOUNDS_RATE / 1000;

  for (guint at = 0; at < sound->len; at += n)
    g_assert_true (whis_recorder_hear (fixture->recorder, &g_array_index (sound, gint16, at),
                                       MIN (n, sound->len - at)));
}

static void
test_nothing_from_the_start (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_silence (2900));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (200));
  g_assert_true (fixture->silent);

  hear (fixture, sounds_noise (500, -50));
  g_assert_false (fixture->silent);
  g_assert_cmpuint (fixture->n_told, ==, 2);
}

/* The last bit of a muted converter is no sound. */
static void
test_hiss_from_the_start (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (3100, -84));
  g_assert_true (fixture->silent);
  hear (fixture, sounds_noise (10000, -84));
  g_assert_cmpuint (fixture->n_told, ==, 1);
}

/* Nobody speaks, but the room and the microphone are there. */
static void
test_quiet_room (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (10000, -60));
  hear (fixture, sounds_noise (10000, -70));
  g_assert_cmpuint (fixture->n_told, ==, 0);
}

static void
test_muted_in_the_middle (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (2000, -40));
  hear (fixture, sounds_silence (4900));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (200));
  g_assert_true (fixture->silent);

  hear (fixture, sounds_noise (100, -70));
  g_assert_false (fixture->silent);
  hear (fixture, sounds_silence (4000));
  g_assert_cmpuint (fixture->n_told, ==, 2);
}

/* Each microphone is judged for itself. */
static void
test_another_microphone (Fixture *fixture, gconstpointer data)
{
  hear (fixture, sounds_noise (2000, -40));
  whis_recorder_change_microphone (fixture->recorder);
  hear (fixture, sounds_noise (3100, -84));
  g_assert_true (fixture->silent);
}

/* --- the tap ---------------------------------------------------------------------------------- */

/* A recording whose sound is passed on. */
typedef struct
{
  WhisRecorder *recorder;
  char *directory;
  char *path;
  guint rate;
  GArray *heard;  /* what was passed on */
  guint64 n_told; /* samples that the recorder has been given, the present ones among them */
  guint n_chunks;
} Tapped;

static void
on_sound (GBytes *taken, gpointer user_data)
{
  Tapped *tapped = user_data;
  g_autoptr (GBytes) bytes = taken;
  gsize size;
  const gint16 *samples = g_bytes_get_data (bytes, &size);

  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size, <=, tapped->rate / 10 * sizeof (gint16));
  g_array_append_vals (tapped->heard, samples, (guint) (size / sizeof (gint16)));
}

static void
assert_all_was_told (Tapped *tapped, guint64 left)
{
  guint64 n = tapped->n_told * tapped->rate / SOUNDS_RATE;

  g_assert_cmpuint (tapped->heard->len, <=, n + left);
  g_assert_cmpuint (tapped->heard->len + left, >=, n);
}

/* All that was heard comes before the chunk, and nothing of what is heard next. */
static void
on_tapped_chunk (WhisChunk *chunk, gpointer user_data)
{
  Tapped *tapped = user_data;

  tapped->n_chunks++;
  assert_all_was_told (tapped, tapped->rate == SOUNDS_RATE ? 0 : 100);
  whis_chunk_free (chunk);
}

static void
set_up_tap (Tapped *tapped, gconstpointer data)
{
  static const WhisRecorderFuncs funcs = { .sound = on_sound, .chunk = on_tapped_chunk };
  g_autoptr (WhisRecording) recording = NULL;
  g_autoptr (GError) error = NULL;

  tapped->rate = GPOINTER_TO_UINT (data);
  tapped->heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  tapped->directory = g_dir_make_tmp ("whis-recorder-XXXXXX", NULL);
  tapped->path = g_build_filename (tapped->directory, "one.mp3", NULL);
  recording = whis_recording_new (tapped->path);
  tapped->recorder = whis_recorder_new (&funcs, tapped);
  whis_recorder_record (tapped->recorder, recording, "d", 10000);
  whis_recorder_tap (tapped->recorder, tapped->rate);
  g_assert_true (whis_recorder_prepare (tapped->recorder, &error));
  g_assert_no_error (error);
}

static void
tear_down_tap (Tapped *tapped, gconstpointer data)
{
  whis_recorder_free (tapped->recorder);
  g_unlink (tapped->path);
  g_rmdir (tapped->directory);
  g_free (tapped->path);
  g_free (tapped->directory);
  g_array_unref (tapped->heard);
}

/* In buffers that fit no piece. */
static void
hear_tapped (Tapped *tapped, GArray *sound)
{
  for (guint at = 0; at < sound->len;)
    {
      guint n = MIN (777, sound->len - at);

      tapped->n_told += n;
      g_assert_true (whis_recorder_hear (tapped->recorder, &g_array_index (sound, gint16, at), n));
      at += n;
    }
  whis_recorder_finish (tapped->recorder);
}

static void
test_tap (Tapped *tapped, gconstpointer data)
{
  g_autoptr (GArray) sound = sounds_speech ();

  hear_tapped (tapped, sound);
  g_assert_cmpuint (tapped->n_chunks, >=, 2);
  assert_all_was_told (tapped, tapped->rate == SOUNDS_RATE ? 0 : 100);
  /* also what was in the filter */
  g_assert_cmpuint (tapped->heard->len, >=, tapped->n_told * tapped->rate / SOUNDS_RATE);
  if (tapped->rate == SOUNDS_RATE)
    g_assert_cmpmem (tapped->heard->data, tapped->heard->len * sizeof (gint16), sound->data,
                     sound->len * sizeof (gint16));
}

/* A tone stays the same tone at another rate. */
static void
test_tap_tone (Tapped *tapped, gconstpointer data)
{
  g_autoptr (GArray) sound = sounds_tone (1000, 440, -12);
  guint n_crossings = 0;
  int peak = 0;

  hear_tapped (tapped, sound);
  for (guint i = 1; i < tapped->heard->len; i++)
    {
      gint16 before = g_array_index (tapped->heard, gint16, i - 1);
      gint16 now = g_array_index (tapped->heard, gint16, i);

      n_crossings += (before < 0) != (now < 0);
      peak = MAX (peak, abs (now));
    }
  g_assert_cmpuint (n_crossings, >=, 876);
  g_assert_cmpuint (n_crossings, <=, 884);
  /* a quarter of full scale, or its effective value */
  g_assert_cmpint (peak, >, 7000);
  g_assert_cmpint (peak, <, 13000);
}

#define ADD_TAP(name, rate, func)                                                                  \
  g_test_add ("/recorder/tap/" name, Tapped, GUINT_TO_POINTER (rate), set_up_tap, func,            \
              tear_down_tap)

#define ADD(name, func) g_test_add ("/recorder/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);

  ADD ("nothing-from-the-start", test_nothing_from_the_start);
  ADD ("hiss-from-the-start", test_hiss_from_the_start);
  ADD ("quiet-room", test_quiet_room);
  ADD ("muted-in-the-middle", test_muted_in_the_middle);
  ADD ("another-microphone", test_another_microphone);
  ADD_TAP ("same-rate", SOUNDS_RATE, test_tap);
  ADD_TAP ("other-rate", 24000, test_tap);
  ADD_TAP ("tone", 24000, test_tap_tone);

  return g_test_run ();
}
