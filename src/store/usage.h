/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"
#include "usage-row.h"

G_BEGIN_DECLS

#define WHIS_TYPE_USAGE (whis_usage_get_type ())
G_DECLARE_FINAL_TYPE (WhisUsage, whis_usage, WHIS, USAGE, GObject)

/**
 * WhisUsageClock:
 * @user_data: what was given with the function
 *
 * Returns: (transfer full): the time
 */
typedef GDateTime *(*WhisUsageClock) (gpointer user_data);

WhisUsage *whis_usage_new (WhisHistory *history);
void whis_usage_set_clock (WhisUsage *self, WhisUsageClock clock, gpointer user_data);

void whis_usage_load_async (WhisUsage *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean whis_usage_load_finish (WhisUsage *self, GAsyncResult *result, GError **error);

void whis_usage_add (WhisUsage *self, const char *provider, guint64 ms);
void whis_usage_subtract (WhisUsage *self, const char *provider, guint64 ms);
gboolean whis_usage_is_loaded (WhisUsage *self);
guint64 whis_usage_get_ms (WhisUsage *self, const char *provider);
guint64 whis_usage_get_requests (WhisUsage *self, const char *provider);

void whis_usage_list_async (WhisUsage *self,
                            const char *month,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *whis_usage_list_finish (WhisUsage *self, GAsyncResult *result, GError **error);

G_END_DECLS
