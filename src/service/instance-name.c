/* SPDX-License-Identifier: MIT */
#include "instance-name.h"

/* The two names of the service on the bus: that which calls start it with, and one that says who
 * may open the history. */

/* Who has this name may open the history. */
#define FIRST_NAME WHIS_APP_ID ".Service"

/* Of the D-Bus specification. */
#define DBUS_NAME_FLAG_DO_NOT_QUEUE 4u
#define DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER 1u
#define DBUS_REQUEST_NAME_REPLY_ALREADY_OWNER 4u

/**
 * whis_instance_name_claim:
 * @bus: the session bus
 * @error: return location for an error; %G_DBUS_ERROR_FAILED if there is an instance already
 *
 * GApplication asks for its name last, when everything can answer. What must not be there twice has
 * to know before: a second instance would open the history of the first, which may be of another
 * version, and delete what that works on.
 *
 * Returns: whether this is the only instance
 */
gboolean
whis_instance_name_claim (GDBusConnection *bus, GError **error)
{
  g_autoptr (GVariant) reply = NULL;
  guint answer;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus), FALSE);

  reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
      g_variant_new ("(su)", FIRST_NAME, DBUS_NAME_FLAG_DO_NOT_QUEUE), G_VARIANT_TYPE ("(u)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, error);
  if (reply == NULL)
    return FALSE;
  g_variant_get (reply, "(u)", &answer);
  if (answer == DBUS_REQUEST_NAME_REPLY_PRIMARY_OWNER
      || answer == DBUS_REQUEST_NAME_REPLY_ALREADY_OWNER)
    return TRUE;

  g_set_error_literal (error, G_DBUS_ERROR, G_DBUS_ERROR_FAILED, "There is an instance already");

  return FALSE;
}

static void
release_name (GDBusConnection *bus,
              const char *name,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "ReleaseName", g_variant_new ("(s)", name), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, callback, user_data);
}

/**
 * whis_instance_name_release_async:
 * @bus: the session bus
 * @callback: called when the next instance may have the names
 * @user_data: for @callback
 *
 * Gives both names up. The one that calls start the service with goes last: who is started then is
 * the only one. All calls that the bus sent to the names until then are here before @callback is
 * called.
 */
void
whis_instance_name_release_async (GDBusConnection *bus,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));

  release_name (bus, FIRST_NAME, NULL, NULL);
  release_name (bus, WHIS_APP_ID, callback, user_data);
}

/**
 * whis_instance_name_release_finish:
 * @bus: the session bus
 * @result: the result
 * @error: return location
 *
 * Returns: whether the bus has answered
 */
gboolean
whis_instance_name_release_finish (GDBusConnection *bus, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (bus, result, error);

  return reply != NULL;
}
