/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void whis_portal_version_async (GDBusConnection *connection,
                                const char *interface,
                                gboolean registers,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean whis_portal_version_finish (GDBusConnection *connection,
                                     GAsyncResult *result,
                                     guint32 *version,
                                     gboolean *is_registered,
                                     GError **error);

G_END_DECLS
