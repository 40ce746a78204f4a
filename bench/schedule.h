/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ScheduleRule:
 * @SCHEDULE_ALONE: only the refused upload waits for as long as a status 429 says
 * @SCHEDULE_TOGETHER: all uploads wait, since all go to the service that said so
 *
 * Who waits when there were too many requests.
 */
typedef enum
{
  SCHEDULE_ALONE,
  SCHEDULE_TOGETHER,
} ScheduleRule;

double schedule_get_ideal_ms (guint32 seed,
                              double mean_latency_ms,
                              guint n_uploads,
                              guint limit,
                              ScheduleRule rule);

G_END_DECLS
