/* SPDX-License-Identifier: MIT */
#include "display-variables.h"

#include "whis-bus.h"

static const char *const variables[] = {
  "WAYLAND_DISPLAY",     "DISPLAY",          "XAUTHORITY", "XDG_RUNTIME_DIR",
  "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", NULL,
};

/**
 * whis_display_get_variables:
 *
 * Returns: (array zero-terminated=1): the environment variables that say which display a program is
 *   on, and how it is reached
 */
const char *const *
whis_display_get_variables (void)
{
  return variables;
}

/**
 * whis_display_hand_over:
 * @bus: the session bus
 *
 * Tells the service of the display that this program is on, if it is on one. Does not wait for an
 * answer: a service of an earlier version has none.
 */
void
whis_display_hand_over (GDBusConnection *bus)
{
  GVariantBuilder environment = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  g_return_if_fail (G_IS_DBUS_CONNECTION (bus));

  if (g_getenv ("WAYLAND_DISPLAY") == NULL && g_getenv ("DISPLAY") == NULL)
    {
      g_variant_builder_clear (&environment);
      return;
    }

  for (gsize i = 0; variables[i] != NULL; i++)
    {
      const char *value = g_getenv (variables[i]);

      if (value != NULL && g_utf8_validate (value, -1, NULL))
        g_variant_builder_add (&environment, "{ss}", variables[i], value);
    }
  /* Without a callback no reply is asked for. */
  g_dbus_connection_call (bus, WHIS_APP_ID, WHIS_APP_PATH, whis_bus_whis1_interface_info ()->name,
                          "HandOverDisplay", g_variant_new ("(a{ss})", &environment), NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}
