/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What a menu looks like at one moment, as dbusmenu sees it: numbered items with properties. It is
 * a value: when the menu or an action changes, a new tree is made, which takes the numbers of the
 * items that are still there from the one before.
 */

/**
 * WhisMenuItem:
 * @id: its number; 0 is the root, and a number is never given to another item
 * @action: (nullable): the action that a click activates, without prefix
 * @target: (nullable): the action's parameter
 * @properties: (type a{sv}): the item's dbusmenu properties, those with default values left out
 * @children: (element-type WhisMenuItem): the items of its submenu
 */
typedef struct
{
  int id;
  char *action;
  GVariant *target;
  GVariant *properties;
  GPtrArray *children;
} WhisMenuItem;

/**
 * WhisMenuTree:
 * @root: item 0
 * @items: (element-type int WhisMenuItem): every item by its number
 * @models: (element-type Gio.MenuModel): the models that were read, to be watched for changes
 */
typedef struct
{
  WhisMenuItem *root;
  GHashTable *items;
  GPtrArray *models;

  /*< private >*/
  GHashTable *ids;
  int next_id;
} WhisMenuTree;

/**
 * whis_menu_action_name:
 * @name: an action's name, with or without the prefix `app.`
 *
 * Returns: (transfer none): the name in the action group
 */
const char *whis_menu_action_name (const char *name);

/**
 * whis_menu_tree_new:
 * @menu: the menu
 * @actions: its actions
 * @previous: (nullable): the tree before this one
 *
 * Returns: (transfer full): the menu as it is now
 */
WhisMenuTree *
whis_menu_tree_new (GMenuModel *menu, GActionGroup *actions, const WhisMenuTree *previous);
void whis_menu_tree_free (WhisMenuTree *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisMenuTree, whis_menu_tree_free)

/**
 * whis_menu_tree_lookup:
 *
 * Returns: (transfer none) (nullable): the item with this number
 */
const WhisMenuItem *whis_menu_tree_lookup (const WhisMenuTree *self, int id);

/**
 * whis_menu_tree_same_layout:
 *
 * Returns: whether both trees have the same items in the same places
 */
gboolean whis_menu_tree_same_layout (const WhisMenuTree *self, const WhisMenuTree *other);

/**
 * whis_menu_tree_diff:
 * @self: the tree now
 * @previous: the tree before
 * @updated: (out) (type a(ia{sv})): properties that are new or different, of items in both trees
 * @removed: (out) (type a(ias)): properties that went back to their default
 *
 * Returns: whether there is any difference
 */
gboolean whis_menu_tree_diff (const WhisMenuTree *self,
                              const WhisMenuTree *previous,
                              GVariant **updated,
                              GVariant **removed);

/**
 * whis_menu_item_get_properties:
 * @self: an item
 * @names: (nullable): the wanted properties; none are all
 *
 * Returns: (transfer floating) (type a{sv}): the properties
 */
GVariant *whis_menu_item_get_properties (const WhisMenuItem *self, const char *const *names);

/**
 * whis_menu_item_get_layout:
 * @self: an item
 * @depth: how many levels of children; a negative number is all
 * @names: (nullable): the wanted properties; none are all
 *
 * Returns: (transfer floating) (type (ia{sv}av)): the item and its children
 */
GVariant *whis_menu_item_get_layout (const WhisMenuItem *self, int depth, const char *const *names);

G_END_DECLS
