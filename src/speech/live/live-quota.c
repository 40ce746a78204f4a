/* SPDX-License-Identifier: MIT */
#include "live-quota.h"

/* So much at once, and so much in each second. Provisional texts with the times of their words,
 * five in a second, come to some 60 kB in a second. */
#define BURST (512.0 * 1024)
#define PER_SECOND (128.0 * 1024)

/* What a message costs beside its bytes, so that small ones are counted too. */
#define MESSAGE_COST 64

/**
 * whis_live_quota_init:
 * @self: a quota
 * @now_us: the time, in g_get_monotonic_time()
 *
 * Nothing was said yet.
 */
void
whis_live_quota_init (WhisLiveQuota *self, gint64 now_us)
{
  g_return_if_fail (self != NULL);

  self->left = BURST;
  self->since_us = now_us;
}

/**
 * whis_live_quota_take:
 * @self: a quota
 * @size: length of a message, in bytes
 * @now_us: the time, in g_get_monotonic_time()
 *
 * Returns: whether the service may say as much
 */
gboolean
whis_live_quota_take (WhisLiveQuota *self, gsize size, gint64 now_us)
{
  g_return_val_if_fail (self != NULL, FALSE);

  self->left += PER_SECOND * (double) MAX (now_us - self->since_us, 0) / G_USEC_PER_SEC;
  self->left = MIN (self->left, BURST) - (double) size - MESSAGE_COST;
  self->since_us = now_us;

  return self->left >= 0;
}
