/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisLiveQuota:
 * @left: how much may be said now, in bytes
 * @since_us: when that was so, in g_get_monotonic_time()
 *
 * How much a service may say over a WebSocket: a token bucket.
 */
typedef struct
{
  double left;
  gint64 since_us;
} WhisLiveQuota;

void whis_live_quota_init (WhisLiveQuota *self, gint64 now_us);
gboolean whis_live_quota_take (WhisLiveQuota *self, gsize size, gint64 now_us);

G_END_DECLS
