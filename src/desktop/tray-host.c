/* SPDX-License-Identifier: MIT */
#include "tray-host.h"

#define WATCHER_NAME "org.kde.StatusNotifierWatcher"
#define WATCHER_PATH "/StatusNotifierWatcher"
#define WATCHER_INTERFACE "org.kde.StatusNotifierWatcher"

struct _WhisTrayHost
{
  GObject parent_instance;

  GDBusConnection *connection;
  guint watch_id;
  guint signals_id;

  /* One life of the watcher. */
  GCancellable *cancellable;
  guint n_pending;
  gboolean registered;
  gboolean has_host;

  gboolean hosted;
  gboolean settled;
};

G_DEFINE_FINAL_TYPE (WhisTrayHost, whis_tray_host, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONNECTION,
  PROP_HOSTED,
  PROP_SETTLED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update_hosted (WhisTrayHost *self)
{
  gboolean hosted = self->registered && self->has_host;

  if (self->hosted != hosted)
    {
      self->hosted = hosted;
      g_debug ("tray: %s", hosted ? "hosted" : "not hosted");
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HOSTED]);
    }

  if (!self->settled && self->n_pending == 0)
    {
      self->settled = TRUE;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SETTLED]);
    }
}

/* Calls do not own the object: dispose cancels them, and so does a watcher that goes away. Returns
 * %FALSE if the reply is of no interest any more. */
static gboolean
finish_watcher_call (WhisTrayHost *self, GObject *source, GAsyncResult *result, GVariant **reply)
{
  g_autoptr (GError) error = NULL;

  *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  g_assert (self->n_pending > 0);
  self->n_pending--;
  if (error != NULL)
    g_debug ("tray: the watcher answered: %s", error->message);

  return TRUE;
}

static void
did_register (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisTrayHost *self = user_data;
  g_autoptr (GVariant) reply = NULL;

  if (!finish_watcher_call (self, source, result, &reply))
    return;

  self->registered = reply != NULL;
  update_hosted (self);
}

static gboolean
is_true (GVariant *reply)
{
  g_autoptr (GVariant) value = NULL;

  if (reply == NULL || !g_variant_is_of_type (reply, G_VARIANT_TYPE ("(v)")))
    return FALSE;

  g_variant_get (reply, "(v)", &value);

  return g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) && g_variant_get_boolean (value);
}

static void
did_get_host (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WhisTrayHost *self = user_data;
  g_autoptr (GVariant) reply = NULL;

  if (!finish_watcher_call (self, source, result, &reply))
    return;

  self->has_host = is_true (reply);
  update_hosted (self);
}

static void
call_watcher (WhisTrayHost *self,
              const char *interface,
              const char *method,
              GVariant *parameters,
              GAsyncReadyCallback callback)
{
  self->n_pending++;
  g_dbus_connection_call (self->connection, WATCHER_NAME, WATCHER_PATH, interface, method,
                          parameters, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, self->cancellable,
                          callback, self);
}

static void
ask_for_host (WhisTrayHost *self)
{
  call_watcher (self, "org.freedesktop.DBus.Properties", "Get",
                g_variant_new ("(ss)", WATCHER_INTERFACE, "IsStatusNotifierHostRegistered"),
                did_get_host);
}

static void
forget_watcher (WhisTrayHost *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->n_pending = 0;
  self->registered = FALSE;
  self->has_host = FALSE;
}

static void
watcher_appeared (GDBusConnection *connection,
                  const char *name,
                  const char *owner,
                  gpointer user_data)
{
  WhisTrayHost *self = user_data;

  forget_watcher (self);
  self->cancellable = g_cancellable_new ();
  call_watcher (self, WATCHER_INTERFACE, "RegisterStatusNotifierItem",
                g_variant_new ("(s)", g_dbus_connection_get_unique_name (connection)),
                did_register);
  ask_for_host (self);
}

static void
watcher_vanished (GDBusConnection *connection, const char *name, gpointer user_data)
{
  WhisTrayHost *self = user_data;

  forget_watcher (self);
  update_hosted (self);
}

/* Hosts may be several: one that goes may leave another. */
static void
host_changed (GDBusConnection *connection,
              const char *sender,
              const char *object_path,
              const char *interface,
              const char *signal,
              GVariant *parameters,
              gpointer user_data)
{
  WhisTrayHost *self = user_data;

  if (self->cancellable != NULL && g_str_has_prefix (signal, "StatusNotifierHost"))
    ask_for_host (self);
}

static void
whis_tray_host_constructed (GObject *object)
{
  WhisTrayHost *self = WHIS_TRAY_HOST (object);

  G_OBJECT_CLASS (whis_tray_host_parent_class)->constructed (object);

  self->signals_id = g_dbus_connection_signal_subscribe (
      self->connection, WATCHER_NAME, WATCHER_INTERFACE, NULL, WATCHER_PATH, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, host_changed, self, NULL);
  self->watch_id =
      g_bus_watch_name_on_connection (self->connection, WATCHER_NAME, G_BUS_NAME_WATCHER_FLAGS_NONE,
                                      watcher_appeared, watcher_vanished, self, NULL);
}

static void
whis_tray_host_dispose (GObject *object)
{
  WhisTrayHost *self = WHIS_TRAY_HOST (object);

  g_clear_handle_id (&self->watch_id, g_bus_unwatch_name);
  if (self->signals_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->signals_id);
  self->signals_id = 0;
  forget_watcher (self);
  g_clear_object (&self->connection);

  G_OBJECT_CLASS (whis_tray_host_parent_class)->dispose (object);
}

static void
whis_tray_host_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisTrayHost *self = WHIS_TRAY_HOST (object);

  switch (prop_id)
    {
    case PROP_HOSTED:
      g_value_set_boolean (value, self->hosted);
      break;
    case PROP_SETTLED:
      g_value_set_boolean (value, self->settled);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_tray_host_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisTrayHost *self = WHIS_TRAY_HOST (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      self->connection = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_tray_host_class_init (WhisTrayHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_tray_host_constructed;
  object_class->dispose = whis_tray_host_dispose;
  object_class->get_property = whis_tray_host_get_property;
  object_class->set_property = whis_tray_host_set_property;

  /**
   * WhisTrayHost:connection:
   */
  properties[PROP_CONNECTION] =
      g_param_spec_object ("connection", NULL, NULL, G_TYPE_DBUS_CONNECTION,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * WhisTrayHost:hosted:
   */
  properties[PROP_HOSTED] = g_param_spec_boolean ("hosted", NULL, NULL, FALSE, flags);
  /**
   * WhisTrayHost:settled:
   */
  properties[PROP_SETTLED] = g_param_spec_boolean ("settled", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_tray_host_init (WhisTrayHost *self)
{
}

WhisTrayHost *
whis_tray_host_new (GDBusConnection *connection)
{
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  return g_object_new (WHIS_TYPE_TRAY_HOST, "connection", connection, NULL);
}

gboolean
whis_tray_host_get_hosted (WhisTrayHost *self)
{
  g_return_val_if_fail (WHIS_IS_TRAY_HOST (self), FALSE);

  return self->hosted;
}

gboolean
whis_tray_host_get_settled (WhisTrayHost *self)
{
  g_return_val_if_fail (WHIS_IS_TRAY_HOST (self), FALSE);

  return self->settled;
}
