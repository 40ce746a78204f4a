/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_decode_async (GBytes *file,
                        guint64 longest_ms,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);
GBytes *whis_decode_finish (GAsyncResult *result, GError **error);

G_END_DECLS
