/* SPDX-License-Identifier: MIT */
#include "background.h"

#include "portal-request.h"

/**
 * whis_background_set_status:
 * @connection: the session bus
 * @message: what Whis does, in at most 95 characters
 *
 * Tells a desktop that lists the programs that run without a window, if there is one:
 * `org.freedesktop.portal.Background.SetStatus`, version 2, which only knows sandboxed programs.
 * Nobody is started to hear it.
 */
void
whis_background_set_status (GDBusConnection *connection, const char *message)
{
  GVariantDict options;

  g_return_if_fail (G_IS_DBUS_CONNECTION (connection));
  g_return_if_fail (message != NULL);

  g_variant_dict_init (&options, NULL);
  g_variant_dict_insert (&options, "message", "s", message);
  g_dbus_connection_call (connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH,
                          "org.freedesktop.portal.Background", "SetStatus",
                          g_variant_new ("(@a{sv})", g_variant_dict_end (&options)), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}
