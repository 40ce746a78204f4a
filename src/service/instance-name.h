/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean whis_instance_name_claim (GDBusConnection *bus, GError **error);
void whis_instance_name_release_async (GDBusConnection *bus,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean
whis_instance_name_release_finish (GDBusConnection *bus, GAsyncResult *result, GError **error);

G_END_DECLS
