/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_LEVEL_HISTORY_LENGTH 20
#define WHIS_LEVEL_HISTORY_STEPS 16

/**
 * WhisLevelHistory:
 * @steps: each level, the latest last, from 0 to %WHIS_LEVEL_HISTORY_STEPS
 *
 * The levels of the last two seconds. They are counted in steps, so that what would look alike is
 * equal.
 */
typedef struct
{
  guint8 steps[WHIS_LEVEL_HISTORY_LENGTH];
} WhisLevelHistory;

void whis_level_history_clear (WhisLevelHistory *self);
void whis_level_history_push (WhisLevelHistory *self, double level);
guint whis_level_history_get_latest (const WhisLevelHistory *self);

G_END_DECLS
