/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_REMOTE_ITEM (whis_remote_item_get_type ())

G_DECLARE_FINAL_TYPE (WhisRemoteItem, whis_remote_item, WHIS, REMOTE_ITEM, GObject)

/**
 * WhisRemoteItem:
 *
 * The service's StatusNotifierItem, as it is on the bus. The signal `changed` comes whenever it
 * looks different.
 */

/**
 * whis_remote_item_new_async:
 * @connection: the session bus
 * @bus_name: whose item it is
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Looks at the item.
 */
void whis_remote_item_new_async (GDBusConnection *connection,
                                 const char *bus_name,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);

/**
 * whis_remote_item_new_finish:
 * @result: what came
 * @error: return location for an error of GIO or D-Bus
 *
 * Returns: (transfer full): the item, or %NULL
 */
WhisRemoteItem *whis_remote_item_new_finish (GAsyncResult *result, GError **error);

/**
 * whis_remote_item_get_string:
 * @self: an item
 * @property: the name of a property that is a string, such as `IconName`
 *
 * Returns: (transfer full): its value, maybe empty
 */
char *whis_remote_item_get_string (WhisRemoteItem *self, const char *property);

/**
 * whis_remote_item_get_tooltip:
 * @self: an item
 *
 * Returns: (transfer full): the tooltip, as markup
 */
char *whis_remote_item_get_tooltip (WhisRemoteItem *self);

/**
 * whis_remote_item_get_menu:
 * @self: an item
 *
 * Returns: (transfer none): its menu, which follows the service's
 */
GMenuModel *whis_remote_item_get_menu (WhisRemoteItem *self);

/**
 * whis_remote_item_get_actions:
 * @self: an item
 *
 * Returns: (transfer none): the actions of its menu, which follow the service's
 */
GActionGroup *whis_remote_item_get_actions (WhisRemoteItem *self);

/**
 * whis_remote_item_activate:
 * @self: an item
 *
 * Does what a click on the icon does.
 */
void whis_remote_item_activate (WhisRemoteItem *self);

G_END_DECLS
