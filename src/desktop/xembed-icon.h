/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_XEMBED_ICON (whis_xembed_icon_get_type ())

G_DECLARE_FINAL_TYPE (WhisXembedIcon, whis_xembed_icon, WHIS, XEMBED_ICON, GObject)

/**
 * WhisXembedIcon:
 *
 * Our item in the X11 panels that know no StatusNotifierItem. While it is wanted, and such a panel
 * is there, the program whis-xembed-tray runs, which shows the item; the menu and its actions are
 * on the bus for it as `org.gtk.Menus` and `org.gtk.Actions`.
 *
 * While it is not wanted nothing is connected to the display. Under Wayland nothing ever is: many
 * compositors start their X server for whoever connects to it.
 */

/**
 * whis_xembed_icon_new:
 * @connection: the session bus, with the item on it
 * @object_path: where to put the menu and its actions
 * @menu: the menu of the icon
 * @actions: the actions that @menu names
 *
 * Returns: (transfer full): an icon that is not wanted yet
 */
WhisXembedIcon *whis_xembed_icon_new (GDBusConnection *connection,
                                      const char *object_path,
                                      GMenuModel *menu,
                                      GActionGroup *actions);

/**
 * whis_xembed_icon_set_wanted:
 * @self: an icon
 * @wanted: whether nobody else shows the item
 */
void whis_xembed_icon_set_wanted (WhisXembedIcon *self, gboolean wanted);

/**
 * whis_xembed_icon_get_shown:
 * @self: an icon
 *
 * Returns: whether a panel shows it; notified as `shown`
 */
gboolean whis_xembed_icon_get_shown (WhisXembedIcon *self);

G_END_DECLS
