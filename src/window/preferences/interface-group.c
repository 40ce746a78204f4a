/* SPDX-License-Identifier: MIT */
#include "interface-group.h"

#include "toast.h"

/**
 * WhisInterfaceGroup:
 *
 * A group of preferences that the service holds behind one of its D-Bus interfaces. It is sensitive
 * while the service runs.
 */
typedef struct
{
  WhisServiceProxy *service; /* NULL before and after it is connected */
  GDBusProxy *proxy;         /* NULL until the service was found */
  GCancellable *cancellable;
} WhisInterfaceGroupPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WhisInterfaceGroup,
                                     whis_interface_group,
                                     ADW_TYPE_PREFERENCES_GROUP)

static WhisInterfaceGroupPrivate *
interface_group_get (WhisInterfaceGroup *self)
{
  return whis_interface_group_get_instance_private (self);
}

static void
proxy_ready_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisInterfaceGroup) self = user_data;
  WhisInterfaceGroupPrivate *priv = interface_group_get (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) proxy =
      g_async_initable_new_finish (G_ASYNC_INITABLE (object), result, &error);

  if (proxy == NULL || priv->service == NULL || priv->proxy != NULL)
    {
      g_debug ("%s: no proxy", G_OBJECT_TYPE_NAME (self));
      return;
    }

  priv->proxy = G_DBUS_PROXY (g_steal_pointer (&proxy));
  WHIS_INTERFACE_GROUP_GET_CLASS (self)->connected (self);
}

/* The proxy of the service has a bus once it runs. */
static void
availability_cb (WhisInterfaceGroup *self)
{
  WhisInterfaceGroupPrivate *priv = interface_group_get (self);
  WhisInterfaceGroupClass *klass = WHIS_INTERFACE_GROUP_GET_CLASS (self);
  gboolean is_running = whis_service_proxy_is_running (priv->service);
  GDBusProxy *main_proxy;

  gtk_widget_set_sensitive (GTK_WIDGET (self), is_running);
  if (!is_running || priv->proxy != NULL)
    return;

  main_proxy = G_DBUS_PROXY (whis_service_proxy_get_interface (priv->service));
  g_async_initable_new_async (
      klass->proxy_type, G_PRIORITY_DEFAULT, priv->cancellable, proxy_ready_cb, g_object_ref (self),
      "g-connection", g_dbus_proxy_get_connection (main_proxy), "g-flags",
      G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START, "g-name", WHIS_APP_ID, "g-object-path", WHIS_APP_PATH,
      "g-interface-name", klass->interface->name, NULL);
}

static void
whis_interface_group_dispose (GObject *object)
{
  WhisInterfaceGroup *self = WHIS_INTERFACE_GROUP (object);

  whis_interface_group_disconnect (self);
  g_clear_object (&interface_group_get (self)->cancellable);

  G_OBJECT_CLASS (whis_interface_group_parent_class)->dispose (object);
}

static void
whis_interface_group_class_init (WhisInterfaceGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_interface_group_dispose;
}

static void
whis_interface_group_init (WhisInterfaceGroup *self)
{
  interface_group_get (self)->cancellable = g_cancellable_new ();
}

/**
 * whis_interface_group_connect:
 * @self: the group
 * @service: the service; set once
 *
 * Shows what the service says, and follows that.
 */
void
whis_interface_group_connect (WhisInterfaceGroup *self, WhisServiceProxy *service)
{
  WhisInterfaceGroupPrivate *priv;

  g_return_if_fail (WHIS_IS_INTERFACE_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));

  priv = interface_group_get (self);
  g_return_if_fail (priv->service == NULL);

  priv->service = g_object_ref (service);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_cb), self,
                           G_CONNECT_SWAPPED);
  availability_cb (self);
}

/**
 * whis_interface_group_disconnect:
 * @self: the group
 *
 * Releases the service. Pending calls hold a reference to the group until they return.
 */
void
whis_interface_group_disconnect (WhisInterfaceGroup *self)
{
  WhisInterfaceGroupPrivate *priv;

  g_return_if_fail (WHIS_IS_INTERFACE_GROUP (self));

  priv = interface_group_get (self);
  g_cancellable_cancel (priv->cancellable);
  if (priv->proxy != NULL)
    g_signal_handlers_disconnect_by_data (priv->proxy, self);
  g_clear_object (&priv->proxy);
  if (priv->service != NULL)
    g_signal_handlers_disconnect_by_data (priv->service, self);
  g_clear_object (&priv->service);
}

/**
 * whis_interface_group_get_proxy:
 * @self: the group
 *
 * Returns: (nullable) (transfer none): a proxy of the class's type, %NULL before the service was
 *   found and after the group was disconnected
 */
gpointer
whis_interface_group_get_proxy (WhisInterfaceGroup *self)
{
  g_return_val_if_fail (WHIS_IS_INTERFACE_GROUP (self), NULL);

  return interface_group_get (self)->proxy;
}

/**
 * whis_interface_group_get_cancellable:
 * @self: the group
 *
 * Returns: (transfer none): for calls of the service; cancelled when the group is disconnected
 */
GCancellable *
whis_interface_group_get_cancellable (WhisInterfaceGroup *self)
{
  g_return_val_if_fail (WHIS_IS_INTERFACE_GROUP (self), NULL);

  return interface_group_get (self)->cancellable;
}

/**
 * whis_interface_group_show_error:
 * @self: the group
 * @error: the error of a call; nothing is shown of a cancelled one
 */
void
whis_interface_group_show_error (WhisInterfaceGroup *self, const GError *error)
{
  g_autofree char *sentence = NULL;

  g_return_if_fail (WHIS_IS_INTERFACE_GROUP (self));
  g_return_if_fail (error != NULL);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  sentence = whis_service_call_error_to_sentence (error);
  whis_toast_show (GTK_WIDGET (self), sentence);
}
