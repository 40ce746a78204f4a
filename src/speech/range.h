/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_range_read_async (const char *path,
                            guint64 offset,
                            gsize size,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);
GBytes *whis_range_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
