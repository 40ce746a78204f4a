/* SPDX-License-Identifier: MIT */
#include "level-share.h"

/* A meter is empty below this level; speech lies between -40 and -10 dBFS. */
#define FLOOR_DB (-60.0)

/**
 * whis_level_get_share:
 * @level: a peak level in dBFS
 *
 * Returns: how much of a meter it fills, from 0 to 1; 0 for what is no number
 */
double
whis_level_get_share (double level)
{
  /* The comparison is written so that NaN counts as silence. */
  return level > FLOOR_DB ? MIN ((level - FLOOR_DB) / -FLOOR_DB, 1.0) : 0.0;
}
