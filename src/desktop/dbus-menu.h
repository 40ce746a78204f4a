/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_DBUS_MENU (whis_dbus_menu_get_type ())

G_DECLARE_FINAL_TYPE (WhisDBusMenu, whis_dbus_menu, WHIS, DBUS_MENU, GObject)

/**
 * WhisDBusMenu:
 *
 * A [class@Gio.MenuModel] and its actions as a `com.canonical.dbusmenu` object, which is what every
 * panel draws.
 *
 * Sections are divided by separators, and their labels become lines that cannot be chosen. An item
 * is enabled as its action is; a boolean action makes a check mark, an action whose state has the
 * type of the item's target a radio button. `hidden-when` with `action-missing` and
 * `action-disabled` is followed. Actions are looked up without their prefix `app.`.
 *
 * An item keeps its id as long as it keeps its place and its action, so that a label may change
 * without a new layout.
 */

/**
 * WhisDBusMenu::clicked:
 * @self: a menu
 *
 * An item was clicked, and its action, if it has one, was activated.
 */

/**
 * whis_dbus_menu_new:
 * @menu: the menu
 * @actions: the actions that @menu names
 *
 * Returns: (transfer full): an exporter that is not on the bus yet
 */
WhisDBusMenu *whis_dbus_menu_new (GMenuModel *menu, GActionGroup *actions);

/**
 * whis_dbus_menu_export:
 * @self: a menu
 * @connection: the bus
 * @object_path: where to put it
 * @error: return location for an error
 *
 * Puts the menu on the bus; it stays there until whis_dbus_menu_unexport() or the end of @self.
 *
 * Returns: whether it worked; errors are those of g_dbus_interface_skeleton_export()
 */
gboolean whis_dbus_menu_export (WhisDBusMenu *self,
                                GDBusConnection *connection,
                                const char *object_path,
                                GError **error);

void whis_dbus_menu_unexport (WhisDBusMenu *self);

G_END_DECLS
