/* SPDX-License-Identifier: MIT */
#include "cue-filter.h"

#include <math.h>
#include <string.h>

/**
 * WhisCueFilter:
 *
 * Replaces the sound that tells of a start by silence, where a microphone hears it.
 *
 * When it sounds is known to nobody exactly: sound server and loudspeaker take their time. But what
 * it sounds like is known, so it is searched for: two tones after each other that hold most of the
 * energy of their time. Speech has its energy in many harmonics. Who listens with headphones loses
 * nothing, as nothing is found. The search ends with the first cue, or after three seconds; until
 * then the sound comes out 182 ms later.
 */

#define RATE 16000
#define MS(ms) ((gsize) (ms) *RATE / 1000)

/* The sound of data/sounds/make-sounds.py. */
#define FIRST_HZ 1320.0
#define SECOND_HZ 1980.0
#define TONE_SAMPLES MS (40)

/* What is replaced: 175 ms at most. Rooms echo. */
#define BEFORE_SAMPLES MS (20)
#define AFTER_SAMPLES MS (80)
#define HELD_SAMPLES (BEFORE_SAMPLES + 2 * TONE_SAMPLES + AFTER_SAMPLES + HOP_SAMPLES)

#define HOP_SAMPLES 40 /* 2.5 ms */
#define SEARCH_SAMPLES MS (3000)

/* Of the energy in the time of a tone, how much is at its frequency. A whole tone with its envelope
 * has 0.7 to 0.85 there behind a sound server. */
#define SHARE 0.5

/* Quieter sound is no cue: -66 dBFS, as a mean of squares. */
#define QUIETEST (16.0 * 16.0)

struct _WhisCueFilter
{
  WhisCueFilterFunc func;
  gpointer user_data;
  gint16 held[HELD_SAMPLES];
  gsize n_held;
  gsize n_searched; /* samples of the sound */
  gsize found_at;   /* in held; where the best match begins */
  double best;      /* its share; 0 for none yet */
  int open;         /* atomic: the search is over, everything is passed on */
};

/**
 * whis_cue_filter_new:
 * @func: gets what comes out
 * @user_data: for @func
 *
 * Returns: (transfer full): a filter that has heard nothing
 */
WhisCueFilter *
whis_cue_filter_new (WhisCueFilterFunc func, gpointer user_data)
{
  WhisCueFilter *self = g_new0 (WhisCueFilter, 1);

  g_return_val_if_fail (func != NULL, NULL);

  self->func = func;
  self->user_data = user_data;

  return self;
}

void
whis_cue_filter_free (WhisCueFilter *self)
{
  g_free (self);
}

/* G. Goertzel, “An Algorithm for the Evaluation of Finite Trigonometric Series”, 1958.
 *
 * Returns: the share of the energy of a tone's length that is at @hz; 0 where it is quiet */
static double
get_share (const gint16 *samples, double hz)
{
  const double coefficient = 2 * cos (2 * G_PI * hz / RATE);
  double before = 0, last = 0, energy = 0, power;

  for (gsize i = 0; i < TONE_SAMPLES; i++)
    {
      double next = samples[i] + coefficient * last - before;

      before = last;
      last = next;
      energy += (double) samples[i] * samples[i];
    }
  power = last * last + before * before - coefficient * last * before;
  if (energy < QUIETEST * TONE_SAMPLES)
    return 0;

  return 2 * power / (TONE_SAMPLES * energy);
}

static gboolean
cue_filter_pass (WhisCueFilter *self, gsize n_samples)
{
  gboolean taken = self->func (self->held, n_samples, self->user_data);

  self->n_held -= n_samples;
  memmove (self->held, self->held + n_samples, self->n_held * sizeof *self->held);

  return taken;
}

/* Ends the search. */
static gboolean
cue_filter_open (WhisCueFilter *self)
{
  g_atomic_int_set (&self->open, TRUE);

  return self->n_held == 0 || cue_filter_pass (self, self->n_held);
}

static gboolean
cue_filter_blank (WhisCueFilter *self)
{
  gsize from = self->found_at - MIN (self->found_at, BEFORE_SAMPLES);
  gsize until = MIN (self->found_at + 2 * TONE_SAMPLES + AFTER_SAMPLES, self->n_held);

  g_debug ("The cue is cut out of the recording");
  memset (self->held + from, 0, (until - from) * sizeof *self->held);

  return cue_filter_open (self);
}

/* Looks at the cue that would begin behind the margin: all that is held is full. */
static gboolean
cue_filter_search (WhisCueFilter *self)
{
  const gint16 *at = self->held + BEFORE_SAMPLES;
  double first = get_share (at, FIRST_HZ);
  double share = first >= SHARE ? MIN (first, get_share (at + TONE_SAMPLES, SECOND_HZ)) : 0;

  self->n_searched += HOP_SAMPLES;
  if (share >= SHARE && share > self->best)
    {
      self->best = share;
      self->found_at = BEFORE_SAMPLES;
    }
  else if (self->best > 0)
    {
      /* It was one hop before, and that is still held. */
      self->found_at = BEFORE_SAMPLES - HOP_SAMPLES;
      return cue_filter_blank (self);
    }
  if (self->n_searched >= SEARCH_SAMPLES)
    return self->best > 0 ? cue_filter_blank (self) : cue_filter_open (self);

  return cue_filter_pass (self, HOP_SAMPLES);
}

/**
 * whis_cue_filter_push:
 * @self: a filter
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 *
 * Hears sound, and passes on what is sure to be none of the cue.
 *
 * Returns: whether more is taken
 */
gboolean
whis_cue_filter_push (WhisCueFilter *self, const gint16 *samples, gsize n_samples)
{
  gboolean taken = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  while (n_samples > 0 && taken && !self->open)
    {
      gsize n = MIN (n_samples, HELD_SAMPLES - self->n_held);

      memcpy (self->held + self->n_held, samples, n * sizeof *samples);
      self->n_held += n;
      samples += n;
      n_samples -= n;
      if (self->n_held == HELD_SAMPLES)
        taken = cue_filter_search (self);
    }

  if (!taken || n_samples == 0)
    return taken;

  return self->func (samples, n_samples, self->user_data);
}

/**
 * whis_cue_filter_flush:
 * @self: a filter
 *
 * Passes on what is held, as no more comes: without the beginning of a cue that is in it.
 *
 * Returns: whether more is taken
 */
gboolean
whis_cue_filter_flush (WhisCueFilter *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->open)
    return TRUE;

  for (gsize at = 0; at + 2 * TONE_SAMPLES <= self->n_held; at += HOP_SAMPLES)
    {
      double share = MIN (get_share (self->held + at, FIRST_HZ),
                          get_share (self->held + at + TONE_SAMPLES, SECOND_HZ));

      if (share >= SHARE && share > self->best)
        {
          self->best = share;
          self->found_at = at;
        }
    }

  return self->best > 0 ? cue_filter_blank (self) : cue_filter_open (self);
}

/**
 * whis_cue_filter_get_delay_ms:
 * @self: a filter; any thread may ask
 *
 * Returns: by how much the sound comes out later now, in milliseconds
 */
guint
whis_cue_filter_get_delay_ms (WhisCueFilter *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return g_atomic_int_get (&self->open) ? 0 : HELD_SAMPLES * 1000 / RATE;
}
