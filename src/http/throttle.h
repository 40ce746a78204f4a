/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisThrottle:
 * @limit: how many requests may be in flight at most
 * @effective: how many may be in flight at present
 * @n_successes: good answers since @effective changed
 * @period: how often @effective was lowered
 *
 * How many requests a service bears at a time: half as many after each refusal, one more after as
 * many good answers as may be in flight.
 */
typedef struct
{
  guint limit;
  guint effective;
  guint n_successes;
  guint period;
} WhisThrottle;

void whis_throttle_set_limit (WhisThrottle *self, guint limit);
void whis_throttle_lower (WhisThrottle *self, guint period);
void whis_throttle_recover (WhisThrottle *self);

G_END_DECLS
