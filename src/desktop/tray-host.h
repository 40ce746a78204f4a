/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_TRAY_HOST (whis_tray_host_get_type ())

G_DECLARE_FINAL_TYPE (WhisTrayHost, whis_tray_host, WHIS, TRAY_HOST, GObject)

/**
 * WhisTrayHost:
 *
 * The panel, as an icon sees it: it registers the connection's item with
 * `org.kde.StatusNotifierWatcher` whenever there is one, and knows whether any panel shows it.
 */

/**
 * whis_tray_host_new:
 * @connection: the bus where the item is
 *
 * Returns: (transfer full): an object that watches for panels; the item must be on the bus already
 */
WhisTrayHost *whis_tray_host_new (GDBusConnection *connection);

/**
 * whis_tray_host_get_hosted:
 * @self: a panel
 *
 * Returns: whether the item is registered and a panel shows it; notified as `hosted`
 */
gboolean whis_tray_host_get_hosted (WhisTrayHost *self);

/**
 * whis_tray_host_get_settled:
 * @self: a panel
 *
 * Returns: whether that is known by now; notified as `settled`, once
 */
gboolean whis_tray_host_get_settled (WhisTrayHost *self);

G_END_DECLS
