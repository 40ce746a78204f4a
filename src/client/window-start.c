/* SPDX-License-Identifier: MIT */
#include "window-start.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "detached-launcher.h"

static gboolean
has_display (const char *const *environment)
{
  return g_environ_getenv ((char **) environment, "WAYLAND_DISPLAY") != NULL
         || g_environ_getenv ((char **) environment, "DISPLAY") != NULL;
}

static const char *
get_program (void)
{
  const char *program = g_getenv ("WHIS_WINDOW_PROGRAM");

  return program != NULL ? program : WHIS_LIBEXECDIR "/whis-window";
}

/**
 * whis_window_start:
 * @page: `home`, `preferences` or `review`
 * @environment: (array zero-terminated=1): the environment of a program on the display
 * @activation_token: (nullable): XDG activation token of the click that asked for it
 * @error: return location for an error of %WHIS_BUS_ERROR
 *
 * Starts the window program. A window that is already open is raised: the program runs once.
 *
 * Returns: whether the program was started
 */
gboolean
whis_window_start (const char *page,
                   const char *const *environment,
                   const char *activation_token,
                   GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GSubprocess) window = NULL;
  g_autoptr (GError) spawn_error = NULL;
  g_autofree char *option = NULL;

  g_return_val_if_fail (page != NULL, FALSE);
  g_return_val_if_fail (environment != NULL, FALSE);

  if (!has_display (environment))
    {
      g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                           _ ("There is no display to open the window on; “whis record” and "
                              "“whis transcribe” work without one."));
      return FALSE;
    }

  option = g_strconcat ("--page=", page, NULL);
  launcher = whis_detached_launcher_new ();
  g_subprocess_launcher_set_environ (launcher, (char **) environment);
  /* The token that this program itself was started with is for its own first window, if any. */
  g_subprocess_launcher_unsetenv (launcher, "DESKTOP_STARTUP_ID");
  g_subprocess_launcher_unsetenv (launcher, "XDG_ACTIVATION_TOKEN");
  if (activation_token != NULL)
    {
      /* Toolkits read the one on Wayland and the other on X11. */
      g_subprocess_launcher_setenv (launcher, "XDG_ACTIVATION_TOKEN", activation_token, TRUE);
      g_subprocess_launcher_setenv (launcher, "DESKTOP_STARTUP_ID", activation_token, TRUE);
    }
  window = g_subprocess_launcher_spawn (launcher, &spawn_error, get_program (), option, NULL);
  if (window == NULL)
    {
      g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                   _ ("The window program %s cannot be started: this Whis was built without its "
                      "window, or must be installed again. “whis --help” says what works "
                      "without it."),
                   get_program ());
      return FALSE;
    }

  return TRUE;
}
