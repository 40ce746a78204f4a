/* SPDX-License-Identifier: MIT */
#include "level-history.h"

#include <math.h>
#include <string.h>

#include "level-share.h"

/**
 * whis_level_history_clear:
 * @self: the levels
 *
 * Forgets all levels: silence.
 */
void
whis_level_history_clear (WhisLevelHistory *self)
{
  g_return_if_fail (self != NULL);

  memset (self->steps, 0, sizeof self->steps);
}

/**
 * whis_level_history_push:
 * @self: the levels
 * @level: a peak level in dBFS
 *
 * Adds a level, and forgets the oldest one. A voice moves more than on a meter in decibels, and the
 * noise of a room less.
 */
void
whis_level_history_push (WhisLevelHistory *self, double level)
{
  double share = whis_level_get_share (level);

  g_return_if_fail (self != NULL);

  memmove (self->steps, self->steps + 1, sizeof self->steps - 1);
  self->steps[WHIS_LEVEL_HISTORY_LENGTH - 1] =
      (guint8) lround (share * share * WHIS_LEVEL_HISTORY_STEPS);
}

/**
 * whis_level_history_get_latest:
 * @self: the levels
 *
 * Returns: the step of the level that was added last
 */
guint
whis_level_history_get_latest (const WhisLevelHistory *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->steps[WHIS_LEVEL_HISTORY_LENGTH - 1];
}
