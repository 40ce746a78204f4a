/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_AUTOSTART (whis_autostart_get_type ())
G_DECLARE_FINAL_TYPE (WhisAutostart, whis_autostart, WHIS, AUTOSTART, GObject)

WhisAutostart *
whis_autostart_new (GDBusConnection *connection, const char *program, gboolean enabled);

void whis_autostart_watch (WhisAutostart *self);
gboolean whis_autostart_get_enabled (WhisAutostart *self);
void whis_autostart_apply_async (WhisAutostart *self,
                                 gboolean enabled,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean whis_autostart_apply_finish (WhisAutostart *self, GAsyncResult *result, GError **error);

G_END_DECLS
