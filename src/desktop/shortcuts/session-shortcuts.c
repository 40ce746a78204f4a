/* SPDX-License-Identifier: MIT */
/* All ways to get keys, in the order in which they are tried. */
#include "session-shortcuts.h"

#include "gsettings-shortcuts.h"
#include "kglobalaccel-shortcuts.h"
#include "portal-shortcuts.h"
#include "sandbox.h"
#include "x11-shortcuts.h"

static void
add_backend (WhisShortcuts *shortcuts, gpointer backend)
{
  g_autoptr (WhisShortcutBackend) owned = backend;

  whis_shortcuts_add_backend (shortcuts, owned);
}

/**
 * whis_session_shortcuts_new:
 * @settings: which shortcuts there are
 * @connection: the session bus
 * @environment: (array zero-terminated=1): that of the session
 *
 * KGlobalAccel comes before grabs, which KDE would have itself, and both before the portal, whose
 * dialog they spare. Commands of the desktop, which do not know of a release, come last. On
 * Xwayland grabs see the keys of X11 programs only.
 *
 * Returns: (transfer full): the shortcuts, not started
 */
WhisShortcuts *
whis_session_shortcuts_new (WhisSettings *settings,
                            GDBusConnection *connection,
                            const char *const *environment)
{
  WhisShortcuts *shortcuts = whis_shortcuts_new (settings, connection);
  const char *wayland = g_environ_getenv ((char **) environment, "WAYLAND_DISPLAY");
  const char *x11 = g_environ_getenv ((char **) environment, "DISPLAY");

  if (!whis_sandbox_is_inside ())
    add_backend (shortcuts, whis_kglobalaccel_shortcuts_new (connection));
  if ((wayland == NULL || *wayland == '\0') && x11 != NULL && *x11 != '\0')
    {
      g_autoptr (WhisX11Connection) display = whis_x11_connection_new (x11);

      add_backend (shortcuts, whis_x11_shortcuts_new (display));
    }
  add_backend (shortcuts, whis_portal_shortcuts_new (NULL));
  if (!whis_sandbox_is_inside ())
    add_backend (shortcuts, whis_gsettings_shortcuts_new (connection));
  whis_shortcuts_set_environment (shortcuts, environment);

  return shortcuts;
}
