/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_health_check_async (GSocketAddress *address,
                              const char *model,
                              guint timeout_seconds,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);
gboolean whis_health_check_finish (GAsyncResult *result, GError **error);

G_END_DECLS
