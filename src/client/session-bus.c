/* SPDX-License-Identifier: MIT */
#include "session-bus.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"

/**
 * whis_session_bus_get:
 * @error: return location for %WHIS_BUS_ERROR_FAILED with a sentence for people
 *
 * Returns: (transfer full) (nullable): the session bus
 */
GDBusConnection *
whis_session_bus_get (GError **error)
{
  g_autoptr (GError) bus_error = NULL;
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, &bus_error);

  if (bus != NULL)
    return bus;

  g_debug ("No session bus: %s", bus_error->message);
  g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                       _ ("There is no session bus; run this inside a desktop session, or as "
                          "“dbus-run-session whis …”."));

  return NULL;
}
