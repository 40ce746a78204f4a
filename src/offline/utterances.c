/* SPDX-License-Identifier: MIT */
#include "utterances.h"

#include "loudness.h"

#define FRAMES_PER_SECOND (WHIS_SAMPLE_RATE / WHIS_LOUDNESS_FRAME)

/* A pause is at least this long; a breath between two words is shorter. */
#define PAUSE (FRAMES_PER_SECOND / 2)

/* An utterance is no longer than this: the decoder's memory and the time in which a request cannot
 * be cancelled grow with it. */
#define LONGEST (20 * FRAMES_PER_SECOND)

/* The softest frame in the second half of a stretch that has no pause. */
static guint
softest_frame (const WhisLoudness *loudness, guint start, guint end)
{
  guint softest = (start + end) / 2;

  for (guint i = softest; i < end; i++)
    if (g_array_index (loudness->frames, float, i)
        < g_array_index (loudness->frames, float, softest))
      softest = i;

  return softest;
}

static void
add_utterance (GArray *utterances, guint start_frame, guint end_frame, gsize n_samples)
{
  WhisUtterance utterance = { .start = (gsize) start_frame * WHIS_LOUDNESS_FRAME,
                              .end = MIN ((gsize) end_frame * WHIS_LOUDNESS_FRAME, n_samples) };

  if (utterance.end > utterance.start)
    g_array_append_val (utterances, utterance);
}

/* Where the next utterance that begins at @start ends: in the middle of the first long pause after
 * some speech, at the softest place of what is too long, or at the end. */
static guint
end_of_utterance (const WhisLoudness *loudness, guint start)
{
  gboolean heard = FALSE;
  guint quiet = 0;

  for (guint i = start; i < loudness->frames->len; i++)
    {
      gboolean loud = whis_loudness_is_loud (loudness, i);

      if (loud && heard && quiet >= PAUSE)
        return i - quiet / 2;
      heard = heard || loud;
      quiet = loud ? 0 : quiet + 1;
      if (i - start >= LONGEST)
        return softest_frame (loudness, start, i);
    }

  return loudness->frames->len;
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
  g_autoptr (WhisLoudness) loudness = NULL;

  g_return_val_if_fail (samples != NULL || n_samples == 0, utterances);

  if (n_samples == 0)
    return utterances;

  loudness = whis_loudness_new (samples, n_samples);
  for (guint start = 0, end; start < loudness->frames->len; start = end)
    {
      end = end_of_utterance (loudness, start);
      add_utterance (utterances, start, end, n_samples);
    }

  return utterances;
}

/**
 * whis_utterances_join:
 * @utterances: (element-type WhisUtterance): utterances in order
 * @most_samples: the longest that is wanted, in samples
 *
 * Joins utterances that follow each other to longer ones, as long as they do not get too long.
 *
 * Returns: (transfer full) (element-type WhisUtterance): the utterances that this gives
 */
GArray *
whis_utterances_join (GArray *utterances, gsize most_samples)
{
  GArray *joined;

  g_return_val_if_fail (utterances != NULL, NULL);

  joined = g_array_new (FALSE, FALSE, sizeof (WhisUtterance));
  for (guint i = 0; i < utterances->len; i++)
    {
      WhisUtterance next = g_array_index (utterances, WhisUtterance, i);
      WhisUtterance *last =
          joined->len > 0 ? &g_array_index (joined, WhisUtterance, joined->len - 1) : NULL;

      if (last != NULL && next.end - last->start <= most_samples)
        last->end = next.end;
      else
        g_array_append_val (joined, next);
    }

  return joined;
}
