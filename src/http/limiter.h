/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_LIMITER (whis_limiter_get_type ())
G_DECLARE_FINAL_TYPE (WhisLimiter, whis_limiter, WHIS, LIMITER, GObject)

/**
 * WHIS_LIMITER_HIGHEST_LIMIT:
 *
 * The most requests that a limiter keeps in flight.
 */
#define WHIS_LIMITER_HIGHEST_LIMIT 32

/**
 * WhisLimiterOperation:
 * @admit: (nullable): asked before each try, the first and all others. %TRUE to start it; %FALSE
 *   with an error to end the request, and without if that is not known yet: it then waits for
 *   whis_limiter_ask_again()
 * @start: starts a try; it has to end, with the callback, also when the cancellable fires
 * @finish: the result of a try; %NULL with an error if it failed
 * @free_request: (nullable): frees a request
 * @free_result: (nullable): frees a result that nobody takes
 *
 * How a request is sent. Static data.
 */
typedef struct
{
  gboolean (*admit) (gpointer request, GError **error);
  void (*start) (gpointer request,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data);
  gpointer (*finish) (gpointer request, GObject *source, GAsyncResult *result, GError **error);
  GDestroyNotify free_request;
  GDestroyNotify free_result;
} WhisLimiterOperation;

WhisLimiter *whis_limiter_new (guint limit);

guint whis_limiter_get_limit (WhisLimiter *self);
void whis_limiter_set_limit (WhisLimiter *self, guint limit);
guint whis_limiter_get_effective_limit (WhisLimiter *self);
guint whis_limiter_get_active (WhisLimiter *self);
guint whis_limiter_get_queued (WhisLimiter *self);

void whis_limiter_hold (WhisLimiter *self, guint64 wait_ms, GError *reason);
void whis_limiter_ask_again (WhisLimiter *self);

void whis_limiter_run_async (WhisLimiter *self,
                             const WhisLimiterOperation *operation,
                             gpointer request,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gpointer whis_limiter_run_finish (WhisLimiter *self, GAsyncResult *result, GError **error);

G_END_DECLS
