/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <wayland-client.h>

G_BEGIN_DECLS

#define WHIS_TYPE_WAYLAND_CONNECTION (whis_wayland_connection_get_type ())

G_DECLARE_FINAL_TYPE (WhisWaylandConnection,
                      whis_wayland_connection,
                      WHIS,
                      WAYLAND_CONNECTION,
                      GObject)

void whis_wayland_connection_open_async (const char *display_name,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
WhisWaylandConnection *whis_wayland_connection_open_finish (GAsyncResult *result, GError **error);

gboolean whis_wayland_connection_is_open (WhisWaylandConnection *self);
gboolean whis_wayland_connection_has (WhisWaylandConnection *self, const char *interface);
gpointer whis_wayland_connection_bind (WhisWaylandConnection *self,
                                       const struct wl_interface *interface,
                                       guint max_version);
void whis_wayland_connection_bind_each (WhisWaylandConnection *self,
                                        const struct wl_interface *interface,
                                        guint max_version,
                                        GFunc func,
                                        gpointer user_data);
struct wl_seat *whis_wayland_connection_get_seat (WhisWaylandConnection *self);
struct wl_callback *whis_wayland_connection_sync (WhisWaylandConnection *self);
void whis_wayland_connection_flush (WhisWaylandConnection *self);
void whis_wayland_connection_close (WhisWaylandConnection *self);

G_END_DECLS
