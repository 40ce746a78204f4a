/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisLatencyEstimate:
 *
 * How long a service takes, learnt from its answers. The later ones count more. A zeroed record has
 * learnt nothing. Times are milliseconds.
 */
typedef struct
{
  guint n_answers;
  double time;
  double duration;
  double duration_variance;
  double covariance;
} WhisLatencyEstimate;

void whis_latency_estimate_learn (WhisLatencyEstimate *self, guint64 duration_ms, guint64 time_ms);
guint64 whis_latency_estimate_get (const WhisLatencyEstimate *self, guint64 duration_ms);

G_END_DECLS
