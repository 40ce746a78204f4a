/* SPDX-License-Identifier: MIT */
#include "cue-filter.h"

#include <gst/gst.h>

#include "sounds.h"

#define N_MS (SOUNDS_RATE / 1000)

/* At most this is replaced around a cue. */
#define LONGEST_MS 200

static gboolean
collect (const gint16 *samples, gsize n_samples, gpointer user_data)
{
  g_array_append_vals (user_data, samples, (guint) n_samples);

  return TRUE;
}

/* In buffers of 10 ms, as a microphone gives it. */
static GArray *
filter (GArray *sound)
{
  GArray *heard = g_array_new (FALSE, FALSE, sizeof (gint16));
  g_autoptr (WhisCueFilter) cue_filter = whis_cue_filter_new (collect, heard);
  const guint n = 10 * N_MS;

  for (guint at = 0; at < sound->len; at += n)
    g_assert_true (whis_cue_filter_push (cue_filter, &g_array_index (sound, gint16, at),
                                         MIN (n, sound->len - at)));
  g_assert_true (whis_cue_filter_flush (cue_filter));

  return heard;
}

static GArray *
load_cue (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("CUE_SOUNDS"), "started.wav", NULL);
  GArray *cue = sounds_decode (path);
  guint lead = 0;

  while (lead < cue->len && ABS (g_array_index (cue, gint16, lead)) < 2)
    lead++;
  g_array_remove_range (cue, 0, lead);

  g_assert_cmpuint (sounds_get_ms (cue), >=, 75);
  g_assert_cmpuint (sounds_get_ms (cue), <=, 90);

  return cue;
}

static void
mix_at (GArray *sound, GArray *taken, guint at)
{
  g_autoptr (GArray) other = taken;

  for (guint i = 0; i < other->len && at + i < sound->len; i++)
    g_array_index (sound, gint16, at + i) =
        (gint16) CLAMP (g_array_index (sound, gint16, at + i) + g_array_index (other, gint16, i),
                        G_MININT16, G_MAXINT16);
}

/* What differs is silence, and one stretch of at most LONGEST_MS. */
static guint
assert_only_blanked (GArray *sound, GArray *heard, guint *first)
{
  guint last = 0;

  *first = G_MAXUINT;
  g_assert_cmpuint (heard->len, ==, sound->len);
  for (guint i = 0; i < sound->len; i++)
    if (g_array_index (sound, gint16, i) != g_array_index (heard, gint16, i))
      {
        g_assert_cmpint (g_array_index (heard, gint16, i), ==, 0);
        *first = MIN (*first, i);
        last = i;
      }
  if (*first == G_MAXUINT)
    return 0;

  g_assert_cmpuint (last - *first, <=, LONGEST_MS * N_MS);

  return last - *first + 1;
}

/* At any offset, loud or faint, in a room that is not still. */
static void
test_cue (void)
{
  static const guint offsets[] = { 25 * N_MS, 333, 4001, 8192, 20011, 40007 };
  static const double levels[] = { 0, -12, -24 };

  sounds_fix_noise (7);
  for (gsize i = 0; i < G_N_ELEMENTS (offsets); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (levels); j++)
      {
        guint offset = MAX (offsets[i], 25 * N_MS);
        g_autoptr (GArray) sound = sounds_noise (3000, -60);
        g_autoptr (GArray) heard = NULL;
        GArray *cue = load_cue ();
        guint cue_length = cue->len, first;

        sounds_scale (cue, levels[j]);
        mix_at (sound, cue, offset);
        heard = filter (sound);
        g_assert_cmpuint (assert_only_blanked (sound, heard, &first), >=, cue_length - 10 * N_MS);
        g_assert_cmpuint (first, <=, offset + 5 * N_MS);
        for (guint k = offset; k < offset + cue_length; k++)
          g_assert_cmpint (g_array_index (heard, gint16, k), ==, 0);
      }
}

/* What is said right after it is untouched. */
static void
test_speech_after_cue (void)
{
  g_autoptr (GArray) sound = sounds_silence (300);
  g_autoptr (GArray) heard = NULL;
  guint at, first;

  mix_at (sound, load_cue (), 100 * N_MS);
  at = sound->len;
  sounds_append (sound, sounds_speech ());
  heard = filter (sound);
  assert_only_blanked (sound, heard, &first);
  g_assert_cmpuint (first, <=, 100 * N_MS + 5 * N_MS);
  g_assert_cmpmem (&g_array_index (sound, gint16, at), (sound->len - at) * sizeof (gint16),
                   &g_array_index (heard, gint16, at), (heard->len - at) * sizeof (gint16));
}

/* Once: what a user plays later is their sound. */
static void
test_second_cue (void)
{
  g_autoptr (GArray) sound = sounds_silence (2000);
  g_autoptr (GArray) heard = NULL;
  guint first;

  mix_at (sound, load_cue (), 100 * N_MS);
  mix_at (sound, load_cue (), 1000 * N_MS);
  heard = filter (sound);
  g_assert_cmpuint (assert_only_blanked (sound, heard, &first), >, 0);
  g_assert_cmpuint (first, <, 200 * N_MS);
}

/* Where no cue is heard nothing is lost: speech, tones and noise are none. */
static void
test_no_cue (void)
{
  static const double hertz[] = { 440, 1000, 1320, 1980 };
  g_autoptr (GArray) speech = sounds_speech ();

  for (guint from = 0; from + 3000 * N_MS < speech->len; from += 500 * N_MS)
    {
      g_autoptr (GArray) sound = g_array_new (FALSE, FALSE, sizeof (gint16));
      g_autoptr (GArray) heard = NULL;
      guint first;

      g_array_append_vals (sound, &g_array_index (speech, gint16, from), 3000 * N_MS);
      heard = filter (sound);
      g_assert_cmpuint (assert_only_blanked (sound, heard, &first), ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (hertz); i++)
    {
      g_autoptr (GArray) sound = sounds_tone (2000, hertz[i], -12);
      g_autoptr (GArray) heard = filter (sound);
      guint first;

      g_assert_cmpuint (assert_only_blanked (sound, heard, &first), ==, 0);
    }
}

/* A dictation may be stopped while the cue still sounds. */
static void
test_short (void)
{
  for (guint ms = 1; ms <= 220; ms += 73)
    {
      g_autoptr (GArray) sound = sounds_noise (ms, -30);
      g_autoptr (GArray) heard = filter (sound);
      guint first;

      g_assert_cmpuint (assert_only_blanked (sound, heard, &first), ==, 0);
    }
}

static void
test_stopped_behind_cue (void)
{
  g_autoptr (GArray) sound = sounds_silence (170);
  g_autoptr (GArray) heard = NULL;
  guint first;

  mix_at (sound, load_cue (), 70 * N_MS);
  heard = filter (sound);
  g_assert_cmpuint (assert_only_blanked (sound, heard, &first), >, 70 * N_MS);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cue-filter/cue", test_cue);
  g_test_add_func ("/cue-filter/speech-after-cue", test_speech_after_cue);
  g_test_add_func ("/cue-filter/second-cue", test_second_cue);
  g_test_add_func ("/cue-filter/no-cue", test_no_cue);
  g_test_add_func ("/cue-filter/short", test_short);
  g_test_add_func ("/cue-filter/stopped-behind-cue", test_stopped_behind_cue);

  return g_test_run ();
}
