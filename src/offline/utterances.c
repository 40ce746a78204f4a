/* SPDX-License-Identifier: MIT */
#include "utterances.h"

#include <math.h>

/* Loudness is looked at in frames of 20 ms. */
#define FRAME (WHIS_SAMPLE_RATE / 50)
#define FRAMES_PER_SECOND 50

/* A pause is at least this long; a breath between two words is shorter. */
#define PAUSE (FRAMES_PER_SECOND / 2)

/* An utterance is no longer than this: the decoder's memory and the time in which a request cannot
 * be cancelled grow with it. */
#define LONGEST (20 * FRAMES_PER_SECOND)

/* What is softer than the speech by this much (in dB) is a pause, also beside digital silence. */
#define PAUSE_DB 25.0

static float
frame_loudness (const gint16 *samples, gsize n_samples)
{
  double energy = 0;

  for (gsize i = 0; i < n_samples; i++)
    energy += (double) samples[i] * samples[i];

  return (float) (10 * log10 (energy / n_samples / (32768.0 * 32768.0) + 1e-10));
}

static GArray *
loudness_of (const gint16 *samples, gsize n_samples)
{
  GArray *loudness = g_array_new (FALSE, FALSE, sizeof (float));

  for (gsize i = 0; i < n_samples; i += FRAME)
    {
      float frame = frame_loudness (samples + i, MIN (FRAME, n_samples - i));
      g_array_append_val (loudness, frame);
    }

  return loudness;
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

/* The loudness that parts speech from the room: between the room's noise, which is what the softest
 * tenth of the frames has, and the speech, which is what the loudest tenth has. */
static float
threshold_of (GArray *loudness)
{
  g_autoptr (GArray) sorted = g_array_copy (loudness);
  float noise, speech;

  g_array_sort (sorted, compare_floats);
  noise = g_array_index (sorted, float, sorted->len / 10);
  speech = g_array_index (sorted, float, sorted->len - 1 - sorted->len / 10);

  return (float) fmax (noise + 0.3 * (speech - noise), speech - PAUSE_DB);
}

/* The softest frame in the second half of a stretch that has no pause. */
static guint
softest_frame (GArray *loudness, guint start, guint end)
{
  guint softest = (start + end) / 2;

  for (guint i = softest; i < end; i++)
    if (g_array_index (loudness, float, i) < g_array_index (loudness, float, softest))
      softest = i;

  return softest;
}

static void
add_utterance (GArray *utterances, guint start_frame, guint end_frame, gsize n_samples)
{
  WhisUtterance utterance = { .start = (gsize) start_frame * FRAME,
                              .end = MIN ((gsize) end_frame * FRAME, n_samples) };

  if (utterance.end > utterance.start)
    g_array_append_val (utterances, utterance);
}

/* Where the next utterance that begins at @start ends: in the middle of the first long pause after
 * some speech, at the softest place of what is too long, or at the end. */
static guint
end_of_utterance (GArray *loudness, float threshold, guint start)
{
  gboolean heard = FALSE;
  guint quiet = 0;

  for (guint i = start; i < loudness->len; i++)
    {
      gboolean loud = g_array_index (loudness, float, i) > threshold;

      if (loud && heard && quiet >= PAUSE)
        return i - quiet / 2;
      heard = heard || loud;
      quiet = loud ? 0 : quiet + 1;
      if (i - start >= LONGEST)
        return softest_frame (loudness, start, i);
    }

  return loudness->len;
}

/**
 * whis_utterances_find:
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: how many samples
 *
 * Cuts sound into utterances: at pauses of half a second or more, and at the softest place where
 * twenty seconds pass without one. Nothing is left out, silence belongs to the utterance beside it.
 *
 * Returns: (transfer full) (element-type WhisUtterance): the utterances in order, none for no sound
 */
GArray *
whis_utterances_find (const gint16 *samples, gsize n_samples)
{
  GArray *utterances = g_array_new (FALSE, FALSE, sizeof (WhisUtterance));
  g_autoptr (GArray) loudness = NULL;
  float threshold;

  g_return_val_if_fail (samples != NULL || n_samples == 0, utterances);

  if (n_samples == 0)
    return utterances;

  loudness = loudness_of (samples, n_samples);
  threshold = threshold_of (loudness);
  for (guint start = 0, end; start < loudness->len; start = end)
    {
      end = end_of_utterance (loudness, threshold, start);
      add_utterance (utterances, start, end, n_samples);
    }

  return utterances;
}
