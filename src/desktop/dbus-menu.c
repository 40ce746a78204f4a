/* SPDX-License-Identifier: MIT */
#include "dbus-menu.h"

#include <glib/gi18n-lib.h>

#include "dbusmenu.h"
#include "menu-tree.h"

#define PROTOCOL_VERSION 3

struct _WhisDBusMenu
{
  GObject parent_instance;

  GMenuModel *menu;
  GActionGroup *actions;
  WhisDBusDbusmenu *skeleton;

  WhisMenuTree *tree;
  guint revision;
  guint update_source;
};

G_DEFINE_FINAL_TYPE (WhisDBusMenu, whis_dbus_menu, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_MENU,
  PROP_ACTIONS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  CLICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_properties (WhisDBusMenu *self, const WhisMenuTree *tree)
{
  g_autoptr (GVariant) updated = NULL;
  g_autoptr (GVariant) removed = NULL;

  if (whis_menu_tree_diff (tree, self->tree, &updated, &removed))
    whis_dbus_dbusmenu_emit_items_properties_updated (self->skeleton, updated, removed);
}

static void schedule_update (WhisDBusMenu *self);

static void
watch_models (WhisDBusMenu *self, const WhisMenuTree *tree)
{
  for (guint i = 0; i < tree->models->len; i++)
    g_signal_connect_object (tree->models->pdata[i], "items-changed", G_CALLBACK (schedule_update),
                             self, G_CONNECT_SWAPPED);
}

static void
unwatch_models (WhisDBusMenu *self, const WhisMenuTree *tree)
{
  for (guint i = 0; i < tree->models->len; i++)
    g_signal_handlers_disconnect_by_func (tree->models->pdata[i], schedule_update, self);
}

/* Reads the menu again and tells the host what is different; returns whether the layout is. */
static gboolean
dbus_menu_update (WhisDBusMenu *self)
{
  g_autoptr (WhisMenuTree) tree = NULL;
  gboolean same_layout;

  g_clear_handle_id (&self->update_source, g_source_remove);

  tree = whis_menu_tree_new (self->menu, self->actions, self->tree);
  same_layout = whis_menu_tree_same_layout (tree, self->tree);
  emit_properties (self, tree);

  unwatch_models (self, self->tree);
  watch_models (self, tree);
  whis_menu_tree_free (self->tree);
  self->tree = g_steal_pointer (&tree);

  if (!same_layout)
    {
      self->revision++;
      whis_dbus_dbusmenu_emit_layout_updated (self->skeleton, self->revision, 0);
    }

  return !same_layout;
}

static gboolean
update_if_needed (WhisDBusMenu *self)
{
  return self->update_source != 0 && dbus_menu_update (self);
}

static gboolean
update_in_idle (gpointer user_data)
{
  WhisDBusMenu *self = user_data;

  self->update_source = 0;
  dbus_menu_update (self);

  return G_SOURCE_REMOVE;
}

/* Changes come in bunches: a state of the program switches several actions at once. */
static void
schedule_update (WhisDBusMenu *self)
{
  if (self->update_source == 0)
    self->update_source = g_idle_add_full (G_PRIORITY_DEFAULT, update_in_idle, self, NULL);
}

static gboolean
return_unknown_item (GDBusMethodInvocation *invocation, int id)
{
  g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                         "There is no menu item %d", id);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_get_layout (WhisDBusMenu *self,
                   GDBusMethodInvocation *invocation,
                   int parent_id,
                   int recursion_depth,
                   const char *const *property_names)
{
  const WhisMenuItem *item;

  update_if_needed (self);
  item = whis_menu_tree_lookup (self->tree, parent_id);
  if (item == NULL)
    return return_unknown_item (invocation, parent_id);

  whis_dbus_dbusmenu_complete_get_layout (
      self->skeleton, invocation, self->revision,
      whis_menu_item_get_layout (item, recursion_depth, property_names));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
add_properties (GVariantBuilder *builder, const WhisMenuItem *item, const char *const *names)
{
  g_variant_builder_add (builder, "(i@a{sv})", item->id,
                         whis_menu_item_get_properties (item, names));
}

/* Every id is answered once, however often it is asked for. */
static void
add_properties_of (WhisDBusMenu *self,
                   GVariantBuilder *builder,
                   GVariant *ids,
                   const char *const *names)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  GVariantIter iter;
  int id;

  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_next (&iter, "i", &id))
    {
      const WhisMenuItem *item = whis_menu_tree_lookup (self->tree, id);

      if (item != NULL && g_hash_table_add (seen, GINT_TO_POINTER (id)))
        add_properties (builder, item, names);
    }
}

static gboolean
handle_get_group_properties (WhisDBusMenu *self,
                             GDBusMethodInvocation *invocation,
                             GVariant *ids,
                             const char *const *property_names)
{
  GVariantBuilder builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ia{sv})"));
  GHashTableIter iter;
  WhisMenuItem *item;

  update_if_needed (self);

  if (g_variant_n_children (ids) > 0)
    {
      add_properties_of (self, &builder, ids, property_names);
    }
  else
    {
      g_hash_table_iter_init (&iter, self->tree->items);
      while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &item))
        add_properties (&builder, item, property_names);
    }

  whis_dbus_dbusmenu_complete_get_group_properties (self->skeleton, invocation,
                                                    g_variant_builder_end (&builder));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_get_property (WhisDBusMenu *self,
                     GDBusMethodInvocation *invocation,
                     int id,
                     const char *name)
{
  const WhisMenuItem *item;
  g_autoptr (GVariant) value = NULL;

  update_if_needed (self);
  item = whis_menu_tree_lookup (self->tree, id);
  if (item == NULL)
    return return_unknown_item (invocation, id);

  value = g_variant_lookup_value (item->properties, name, NULL);
  if (value == NULL)
    g_dbus_method_invocation_return_error (invocation, G_DBUS_ERROR, G_DBUS_ERROR_INVALID_ARGS,
                                           "Menu item %d has no such property", id);
  else
    whis_dbus_dbusmenu_complete_get_property (self->skeleton, invocation,
                                              g_variant_new_variant (value));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* Only a click does something; the rest says where the pointer is and what is open. */
static void
handle_item_event (WhisDBusMenu *self, const WhisMenuItem *item, const char *event)
{
  g_autofree char *action = g_strdup (item->action);
  g_autoptr (GVariant) target = item->target != NULL ? g_variant_ref (item->target) : NULL;
  gboolean enabled = TRUE;

  g_variant_lookup (item->properties, "enabled", "b", &enabled);

  if (!g_str_equal (event, "clicked"))
    return;

  if (action != NULL && enabled)
    g_action_group_activate_action (self->actions, action, target);
  g_signal_emit (self, signals[CLICKED], 0);
}

static gboolean
handle_event (WhisDBusMenu *self,
              GDBusMethodInvocation *invocation,
              int id,
              const char *event_id,
              GVariant *data,
              guint timestamp)
{
  const WhisMenuItem *item;

  update_if_needed (self);
  item = whis_menu_tree_lookup (self->tree, id);
  if (item == NULL)
    return return_unknown_item (invocation, id);

  /* Answered first: the action may end the program. */
  whis_dbus_dbusmenu_complete_event (self->skeleton, invocation);
  handle_item_event (self, item, event_id);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_event_group (WhisDBusMenu *self, GDBusMethodInvocation *invocation, GVariant *events)
{
  GVariantBuilder errors = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  GVariantIter iter;
  const char *event;
  int id;

  update_if_needed (self);

  g_variant_iter_init (&iter, events);
  while (g_variant_iter_loop (&iter, "(i&svu)", &id, NULL, NULL, NULL))
    {
      if (whis_menu_tree_lookup (self->tree, id) == NULL)
        g_variant_builder_add (&errors, "i", id);
    }

  whis_dbus_dbusmenu_complete_event_group (self->skeleton, invocation,
                                           g_variant_builder_end (&errors));

  g_variant_iter_init (&iter, events);
  while (g_variant_iter_loop (&iter, "(i&svu)", &id, &event, NULL, NULL))
    {
      const WhisMenuItem *item = whis_menu_tree_lookup (self->tree, id);

      if (item != NULL)
        handle_item_event (self, item, event);
    }

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_about_to_show (WhisDBusMenu *self, GDBusMethodInvocation *invocation, int id)
{
  gboolean need_update = update_if_needed (self);

  if (whis_menu_tree_lookup (self->tree, id) == NULL)
    return return_unknown_item (invocation, id);

  whis_dbus_dbusmenu_complete_about_to_show (self->skeleton, invocation, need_update);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
handle_about_to_show_group (WhisDBusMenu *self, GDBusMethodInvocation *invocation, GVariant *ids)
{
  GVariantBuilder updates = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  GVariantBuilder errors = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("ai"));
  gboolean need_update = update_if_needed (self);
  GVariantIter iter;
  int id;

  g_variant_iter_init (&iter, ids);
  while (g_variant_iter_next (&iter, "i", &id))
    {
      if (whis_menu_tree_lookup (self->tree, id) == NULL)
        g_variant_builder_add (&errors, "i", id);
      else if (need_update)
        g_variant_builder_add (&updates, "i", id);
    }

  whis_dbus_dbusmenu_complete_about_to_show_group (self->skeleton, invocation,
                                                   g_variant_builder_end (&updates),
                                                   g_variant_builder_end (&errors));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static const struct
{
  const char *signal;
  GCallback callback;
} handlers[] = {
  { "handle-get-layout", G_CALLBACK (handle_get_layout) },
  { "handle-get-group-properties", G_CALLBACK (handle_get_group_properties) },
  { "handle-get-property", G_CALLBACK (handle_get_property) },
  { "handle-event", G_CALLBACK (handle_event) },
  { "handle-event-group", G_CALLBACK (handle_event_group) },
  { "handle-about-to-show", G_CALLBACK (handle_about_to_show) },
  { "handle-about-to-show-group", G_CALLBACK (handle_about_to_show_group) },
};

static const char *const action_signals[] = {
  "action-added",
  "action-removed",
  "action-enabled-changed",
  "action-state-changed",
};

static void
whis_dbus_menu_constructed (GObject *object)
{
  WhisDBusMenu *self = WHIS_DBUS_MENU (object);

  G_OBJECT_CLASS (whis_dbus_menu_parent_class)->constructed (object);

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->skeleton, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (action_signals); i++)
    g_signal_connect_object (self->actions, action_signals[i], G_CALLBACK (schedule_update), self,
                             G_CONNECT_SWAPPED);

  self->tree = whis_menu_tree_new (self->menu, self->actions, NULL);
  watch_models (self, self->tree);
}

static void
whis_dbus_menu_dispose (GObject *object)
{
  WhisDBusMenu *self = WHIS_DBUS_MENU (object);

  whis_dbus_menu_unexport (self);
  g_clear_handle_id (&self->update_source, g_source_remove);
  if (self->tree != NULL)
    unwatch_models (self, self->tree);
  g_clear_pointer (&self->tree, whis_menu_tree_free);
  g_clear_object (&self->menu);
  g_clear_object (&self->actions);

  G_OBJECT_CLASS (whis_dbus_menu_parent_class)->dispose (object);
}

static void
whis_dbus_menu_finalize (GObject *object)
{
  WhisDBusMenu *self = WHIS_DBUS_MENU (object);

  g_clear_object (&self->skeleton);

  G_OBJECT_CLASS (whis_dbus_menu_parent_class)->finalize (object);
}

static void
whis_dbus_menu_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisDBusMenu *self = WHIS_DBUS_MENU (object);

  switch (prop_id)
    {
    case PROP_MENU:
      self->menu = g_value_dup_object (value);
      break;
    case PROP_ACTIONS:
      self->actions = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_dbus_menu_class_init (WhisDBusMenuClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = whis_dbus_menu_constructed;
  object_class->dispose = whis_dbus_menu_dispose;
  object_class->finalize = whis_dbus_menu_finalize;
  object_class->set_property = whis_dbus_menu_set_property;

  /**
   * WhisDBusMenu:menu:
   */
  properties[PROP_MENU] =
      g_param_spec_object ("menu", NULL, NULL, G_TYPE_MENU_MODEL,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * WhisDBusMenu:actions:
   */
  properties[PROP_ACTIONS] =
      g_param_spec_object ("actions", NULL, NULL, G_TYPE_ACTION_GROUP,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CLICKED] = g_signal_new ("clicked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_dbus_menu_init (WhisDBusMenu *self)
{
  self->revision = 1;
  self->skeleton = whis_dbus_dbusmenu_skeleton_new ();
  whis_dbus_dbusmenu_set_version (self->skeleton, PROTOCOL_VERSION);
  whis_dbus_dbusmenu_set_status (self->skeleton, "normal");
  /* Translators: the direction of your script, one of "ltr" and "rtl" */
  whis_dbus_dbusmenu_set_text_direction (self->skeleton, C_ ("text direction", "ltr"));
  whis_dbus_dbusmenu_set_icon_theme_path (self->skeleton, (const char *const[]){ NULL });
}

WhisDBusMenu *
whis_dbus_menu_new (GMenuModel *menu, GActionGroup *actions)
{
  g_return_val_if_fail (G_IS_MENU_MODEL (menu), NULL);
  g_return_val_if_fail (G_IS_ACTION_GROUP (actions), NULL);

  return g_object_new (WHIS_TYPE_DBUS_MENU, "menu", menu, "actions", actions, NULL);
}

gboolean
whis_dbus_menu_export (WhisDBusMenu *self,
                       GDBusConnection *connection,
                       const char *object_path,
                       GError **error)
{
  g_return_val_if_fail (WHIS_IS_DBUS_MENU (self), FALSE);
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), FALSE);
  g_return_val_if_fail (g_variant_is_object_path (object_path), FALSE);

  return g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), connection,
                                           object_path, error);
}

void
whis_dbus_menu_unexport (WhisDBusMenu *self)
{
  GDBusInterfaceSkeleton *skeleton;

  g_return_if_fail (WHIS_IS_DBUS_MENU (self));

  skeleton = G_DBUS_INTERFACE_SKELETON (self->skeleton);
  if (g_dbus_interface_skeleton_get_connection (skeleton) != NULL)
    g_dbus_interface_skeleton_unexport (skeleton);
}
