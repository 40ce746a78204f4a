/* SPDX-License-Identifier: MIT */
#include "bus.h"

GDBusConnection *
bus_connect (Bus *self)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection;

  connection =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);

  return connection;
}

static void
hear (GDBusConnection *connection,
      const char *sender,
      const char *object_path,
      const char *interface,
      const char *signal,
      GVariant *parameters,
      gpointer user_data)
{
  Bus *self = user_data;
  g_autofree char *printed = g_variant_print (parameters, FALSE);

  if (!g_str_equal (signal, "PropertiesChanged"))
    g_ptr_array_add (self->heard, g_strdup_printf ("%s %s", signal, printed));
}

void
bus_set_up (Bus *self, gconstpointer user_data)
{
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->ours = bus_connect (self);
  self->theirs = bus_connect (self);
  self->heard = g_ptr_array_new_with_free_func (g_free);
  self->subscription = g_dbus_connection_signal_subscribe (
      self->theirs, g_dbus_connection_get_unique_name (self->ours), NULL, NULL, NULL, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, hear, self, NULL);
  bus_settle (self);
}

void
bus_tear_down (Bus *self, gconstpointer user_data)
{
  g_dbus_connection_signal_unsubscribe (self->theirs, self->subscription);
  bus_settle (self);
  g_clear_pointer (&self->heard, g_ptr_array_unref);
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_dbus_connection_close_sync (self->theirs, NULL, NULL);
  g_clear_object (&self->ours);
  g_clear_object (&self->theirs);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

/* The daemon is another process, so that this may block. */
static void
call_daemon (GDBusConnection *connection, const char *method, GVariant *parameters)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", method, parameters, NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
bus_own_name (Bus *self, const char *name)
{
  call_daemon (self->theirs, "RequestName", g_variant_new ("(su)", name, 0));
}

void
bus_release_name (Bus *self, const char *name)
{
  call_daemon (self->theirs, "ReleaseName", g_variant_new ("(s)", name));
}

static void
did_call (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  *slot = g_object_ref (result);
}

static GVariant *
call (GDBusConnection *from,
      GDBusConnection *to,
      const char *path,
      const char *interface,
      const char *method,
      GVariant *parameters,
      GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_dbus_connection_call (from, g_dbus_connection_get_unique_name (to), path, interface, method,
                          parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, did_call, &result);
  bus_await (result != NULL);

  return g_dbus_connection_call_finish (from, result, error);
}

GVariant *
bus_call (Bus *self,
          const char *path,
          const char *interface,
          const char *method,
          GVariant *parameters,
          GError **error)
{
  return call (self->theirs, self->ours, path, interface, method, parameters, error);
}

GVariant *
bus_call_from (Bus *self,
               GDBusConnection *from,
               const char *path,
               const char *interface,
               const char *method,
               GVariant *parameters,
               GError **error)
{
  return call (from, self->ours, path, interface, method, parameters, error);
}

GVariant *
bus_get (Bus *self, const char *path, const char *interface, const char *property)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;
  GVariant *value;

  reply = bus_call (self, path, "org.freedesktop.DBus.Properties", "Get",
                    g_variant_new ("(ss)", interface, property), &error);
  g_assert_no_error (error);
  g_variant_get (reply, "(v)", &value);

  return value;
}

static void
ping (GDBusConnection *from, GDBusConnection *to)
{
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = call (from, to, "/", "org.freedesktop.DBus.Peer", "Ping", NULL, &error);
  g_assert_no_error (error);
}

/* A bus keeps the order between two connections, so that an answer comes after all signals; what
 * waits in idle callbacks comes first. */
void
bus_settle (Bus *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  ping (self->theirs, self->ours);
  ping (self->ours, self->theirs);
  ping (self->theirs, self->ours);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
find (Bus *self, const char *text, guint *position)
{
  for (*position = 0; *position < self->heard->len; (*position)++)
    {
      if (g_str_has_prefix (self->heard->pdata[*position], text))
        return TRUE;
    }

  return FALSE;
}

void
bus_await_signal (Bus *self, const char *text)
{
  guint position;

  bus_await (find (self, text, &position));
  g_ptr_array_remove_range (self->heard, 0, position + 1);
}

gboolean
bus_has_heard (Bus *self, const char *text)
{
  guint position;

  bus_settle (self);

  return find (self, text, &position);
}

void
bus_forget (Bus *self)
{
  bus_settle (self);
  g_ptr_array_set_size (self->heard, 0);
}
