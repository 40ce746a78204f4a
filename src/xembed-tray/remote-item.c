/* SPDX-License-Identifier: MIT */
#include "remote-item.h"

#define ITEM_PATH "/StatusNotifierItem"
#define ITEM_INTERFACE "org.kde.StatusNotifierItem"

struct _WhisRemoteItem
{
  GObject parent_instance;

  GDBusProxy *proxy;
  GMenuModel *menu;
  GActionGroup *actions;
};

G_DEFINE_FINAL_TYPE (WhisRemoteItem, whis_remote_item, G_TYPE_OBJECT)

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
whis_remote_item_finalize (GObject *object)
{
  WhisRemoteItem *self = WHIS_REMOTE_ITEM (object);

  g_clear_object (&self->actions);
  g_clear_object (&self->menu);
  g_clear_object (&self->proxy);

  G_OBJECT_CLASS (whis_remote_item_parent_class)->finalize (object);
}

static void
whis_remote_item_class_init (WhisRemoteItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_remote_item_finalize;

  /**
   * WhisRemoteItem::changed:
   * @self: the item
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_remote_item_init (WhisRemoteItem *self)
{
}

static void
properties_changed (WhisRemoteItem *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static WhisRemoteItem *
remote_item_create (GDBusProxy *proxy)
{
  WhisRemoteItem *self = g_object_new (WHIS_TYPE_REMOTE_ITEM, NULL);
  GDBusConnection *connection = g_dbus_proxy_get_connection (proxy);
  const char *name = g_dbus_proxy_get_name (proxy);
  g_autoptr (GVariant) path = g_dbus_proxy_get_cached_property (proxy, "Menu");
  const char *menu_path = g_variant_get_string (path, NULL);

  self->proxy = g_object_ref (proxy);
  self->menu = G_MENU_MODEL (g_dbus_menu_model_get (connection, name, menu_path));
  self->actions = G_ACTION_GROUP (g_dbus_action_group_get (connection, name, menu_path));
  g_signal_connect_object (proxy, "g-properties-changed", G_CALLBACK (properties_changed), self,
                           G_CONNECT_SWAPPED);

  return self;
}

static void
got_proxy (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusProxy) proxy = g_dbus_proxy_new_finish (result, &error);
  g_autoptr (GVariant) path = NULL;

  if (proxy == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  path = g_dbus_proxy_get_cached_property (proxy, "Menu");
  if (path == NULL || !g_variant_is_of_type (path, G_VARIANT_TYPE_OBJECT_PATH))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s has no item",
                             g_dbus_proxy_get_name (proxy));
  else
    g_task_return_pointer (task, remote_item_create (proxy), g_object_unref);
}

void
whis_remote_item_new_async (GDBusConnection *connection,
                            const char *bus_name,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (G_IS_DBUS_CONNECTION (connection));
  g_return_if_fail (bus_name != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, whis_remote_item_new_async);
  g_dbus_proxy_new (connection, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, NULL, bus_name, ITEM_PATH,
                    ITEM_INTERFACE, NULL, got_proxy, task);
}

WhisRemoteItem *
whis_remote_item_new_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
whis_remote_item_get_string (WhisRemoteItem *self, const char *property)
{
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (WHIS_IS_REMOTE_ITEM (self), NULL);

  value = g_dbus_proxy_get_cached_property (self->proxy, property);
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_strdup ("");

  return g_variant_dup_string (value, NULL);
}

char *
whis_remote_item_get_tooltip (WhisRemoteItem *self)
{
  g_autoptr (GVariant) value = NULL;
  g_autofree char *escaped = NULL;
  const char *title;
  const char *markup;

  g_return_val_if_fail (WHIS_IS_REMOTE_ITEM (self), NULL);

  value = g_dbus_proxy_get_cached_property (self->proxy, "ToolTip");
  if (value == NULL || !g_variant_is_of_type (value, G_VARIANT_TYPE ("(sa(iiay)ss)")))
    return g_strdup ("");

  g_variant_get (value, "(sa(iiay)&s&s)", NULL, NULL, &title, &markup);
  escaped = g_markup_escape_text (title, -1);

  return *markup != '\0' ? g_strjoin ("\n", escaped, markup, NULL) : g_steal_pointer (&escaped);
}

GMenuModel *
whis_remote_item_get_menu (WhisRemoteItem *self)
{
  g_return_val_if_fail (WHIS_IS_REMOTE_ITEM (self), NULL);

  return self->menu;
}

GActionGroup *
whis_remote_item_get_actions (WhisRemoteItem *self)
{
  g_return_val_if_fail (WHIS_IS_REMOTE_ITEM (self), NULL);

  return self->actions;
}

void
whis_remote_item_activate (WhisRemoteItem *self)
{
  g_return_if_fail (WHIS_IS_REMOTE_ITEM (self));

  g_dbus_proxy_call (self->proxy, "Activate", g_variant_new ("(ii)", 0, 0), G_DBUS_CALL_FLAGS_NONE,
                     -1, NULL, NULL, NULL);
}
