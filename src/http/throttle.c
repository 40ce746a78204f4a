/* SPDX-License-Identifier: MIT */
#include "throttle.h"

static void
throttle_change (WhisThrottle *self, guint effective)
{
  self->effective = effective;
  self->n_successes = 0;
}

/**
 * whis_throttle_set_limit:
 * @self: a throttle
 * @limit: how many requests may be in flight at most, from 1
 *
 * A throttle that has not been lowered goes along with the limit; a lowered one has to recover.
 */
void
whis_throttle_set_limit (WhisThrottle *self, guint limit)
{
  g_return_if_fail (self != NULL && limit > 0);

  if (self->effective == self->limit || self->effective > limit)
    throttle_change (self, limit);
  self->limit = limit;
}

/**
 * whis_throttle_lower:
 * @self: a throttle
 * @period: what `period` was when the refused request was sent
 *
 * To be called for each request that was refused because there were too many. Requests that were
 * sent together and are refused together lower it once.
 */
void
whis_throttle_lower (WhisThrottle *self, guint period)
{
  g_return_if_fail (self != NULL);

  if (period != self->period)
    return;
  self->period++;
  throttle_change (self, MAX (self->effective / 2, 1));
}

/**
 * whis_throttle_recover:
 * @self: a throttle
 *
 * To be called for each good answer.
 */
void
whis_throttle_recover (WhisThrottle *self)
{
  g_return_if_fail (self != NULL);

  if (self->effective < self->limit && ++self->n_successes >= self->effective)
    throttle_change (self, self->effective + 1);
}
