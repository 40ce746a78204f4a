/* SPDX-License-Identifier: MIT */
#include "latency-estimate.h"

/* Before so many answers there is no knowing what is usual. */
#define FEWEST_ANSWERS 3
/* Before so many, the length of the sound is not taken into account. */
#define FEWEST_FOR_LENGTH 8
/* An answer counts for one of so many. */
#define MEMORY 10
/* One answer that took much longer than usual, as when a connection was lost, is not what is
 * usual from now on. */
#define MOST_TIMES_USUAL 3.0
/* Lengths that differ by less than this say nothing about the influence of length. */
#define LEAST_DEVIATION_MS 500.0

static gboolean
knows_length (const WhisLatencyEstimate *self)
{
  return self->n_answers >= FEWEST_FOR_LENGTH
         && self->duration_variance >= LEAST_DEVIATION_MS * LEAST_DEVIATION_MS;
}

/* The line of least squares through what was seen, no lower than a quarter of the mean. */
static double
latency_estimate_guess (const WhisLatencyEstimate *self, double duration)
{
  double slope;

  if (!knows_length (self))
    return self->time;
  slope = MAX (self->covariance / self->duration_variance, 0);

  return MAX (self->time + slope * (duration - self->duration), self->time / 4);
}

/**
 * whis_latency_estimate_learn:
 * @self: what is known
 * @duration_ms: length of the sound that was sent
 * @time_ms: how long the answer took
 *
 * Takes another answer into account.
 */
void
whis_latency_estimate_learn (WhisLatencyEstimate *self, guint64 duration_ms, guint64 time_ms)
{
  double duration = (double) duration_ms;
  double time = (double) time_ms;
  double weight;
  double duration_change;
  double time_change;

  g_return_if_fail (self != NULL);

  if (self->n_answers >= FEWEST_ANSWERS)
    time = MIN (time, MOST_TIMES_USUAL * MAX (latency_estimate_guess (self, duration), 1));
  self->n_answers++;
  weight = 1.0 / MIN (self->n_answers, MEMORY);
  duration_change = duration - self->duration;
  time_change = time - self->time;
  self->duration += weight * duration_change;
  self->time += weight * time_change;
  self->duration_variance =
      (1 - weight) * (self->duration_variance + weight * duration_change * duration_change);
  self->covariance = (1 - weight) * (self->covariance + weight * duration_change * time_change);
}

/**
 * whis_latency_estimate_get:
 * @self: what is known
 * @duration_ms: length of a sound
 *
 * Returns: how long an answer to it usually takes; 0 while there were too few answers to tell
 */
guint64
whis_latency_estimate_get (const WhisLatencyEstimate *self, guint64 duration_ms)
{
  g_return_val_if_fail (self != NULL, 0);

  if (self->n_answers < FEWEST_ANSWERS)
    return 0;

  return (guint64) MAX (latency_estimate_guess (self, (double) duration_ms), 1);
}
