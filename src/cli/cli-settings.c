/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "autostart-entry.h"
#include "cli-service.h"
#include "providers.h"
#include "sandbox.h"
#include "service-call.h"
#include "session-bus.h"
#include "settings.h"
#include "window-start.h"

static int
print_setting (WhisSettings *settings, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *value = whis_settings_print (settings, key, &error);

  if (value == NULL)
    return whis_cli_report (g_steal_pointer (&error));

  g_print ("%s\n", value);

  return WHIS_EXIT_OK;
}

static int
list_settings (WhisSettings *settings)
{
  g_auto (GStrv) keys = whis_settings_list_keys (settings);

  for (char **key = keys; *key != NULL; key++)
    {
      g_autofree char *value = whis_settings_print (settings, *key, NULL);

      g_print ("%s = %s\n", *key, value);
    }

  return WHIS_EXIT_OK;
}

static int
open_preferences (void)
{
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;

  if (!whis_window_start ("preferences", (const char *const *) environment,
                          g_getenv ("XDG_ACTIVATION_TOKEN"), &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/* What the schema cannot know: whether there is such a service.
 *
 * Returns: (nullable): the id of none */
static const char *
find_stranger (const char *key, const char *value)
{
  const char *slash = strchr (key, '/');
  const char *id = slash != NULL ? slash + 1 : value;

  if (slash == NULL && !g_str_equal (key, "provider")
      && (!g_str_equal (key, "fallback-provider") || *value == '\0'))
    return NULL;

  return whis_provider_lookup (id) == NULL ? id : NULL;
}

/* The service may not be there to follow what others make of the entry. */
static void
look_at_entry (WhisSettings *settings)
{
  g_autofree char *path = whis_autostart_entry_get_path ();

  if (!whis_sandbox_is_inside ())
    whis_settings_set_autostart (settings, whis_autostart_entry_is_on (path));
}

/* The start at login is the desktop's: the service changes it, and the setting follows. */
static int
set_autostart (const char *text)
{
  g_autoptr (GVariant) value = g_variant_parse (G_VARIANT_TYPE_BOOLEAN, text, NULL, NULL, NULL);
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (value == NULL)
    return whis_cli_usage (_ ("The setting “%s” is true or false, not “%s”."), "autostart", text);

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_bus_whis1_call_set_autostart_sync (service, g_variant_get_boolean (value), NULL,
                                               &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/* The service learns of it a moment later: what is said next, as “private” followed by a dictation,
 * is to find it. */
static int
await_service (WhisSettings *settings, const char *key)
{
  g_autofree char *value = whis_settings_print (settings, key, NULL);
  g_autoptr (GDBusConnection) bus = whis_session_bus_get (NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (bus == NULL)
    return WHIS_EXIT_OK;

  g_dbus_connection_set_exit_on_close (bus, FALSE);
  answer = g_dbus_connection_call_sync (
      bus, WHIS_APP_ID, WHIS_APP_PATH, whis_bus_whis1_interface_info ()->name, "AwaitSetting",
      g_variant_new ("(ss)", key, value), NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START,
      WHIS_SERVICE_CALL_TIMEOUT_MS, NULL, &error);
  /* One that was started before an upgrade does not know the method. */
  if (answer != NULL || whis_cli_is_not_running (error)
      || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD))
    return WHIS_EXIT_OK;

  return whis_cli_report (g_steal_pointer (&error));
}

static int
use_settings (gboolean list, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisSettings) settings = whis_settings_new (&error);
  const char *stranger;

  if (settings == NULL)
    return whis_cli_report (g_steal_pointer (&error));
  look_at_entry (settings);
  if (argc == 1 || list)
    return list_settings (settings);
  if (argc == 2)
    return print_setting (settings, argv[1]);
  stranger = find_stranger (argv[1], argv[2]);
  if (stranger != NULL)
    return whis_cli_usage (_ ("There is no transcription service “%s”; “whis providers” lists "
                              "them."),
                           stranger);
  if (g_str_equal (argv[1], "autostart"))
    return set_autostart (argv[2]);
  if (!whis_settings_parse (settings, argv[1], argv[2], &error))
    return whis_cli_report (g_steal_pointer (&error));

  return await_service (settings, argv[1]);
}

/**
 * whis_cli_settings:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis settings [--list | KEY [VALUE]]`; without arguments it opens the preferences, or lists the
 * settings where there is no display.
 *
 * Returns: the exit status
 */
int
whis_cli_settings (int argc, char **argv)
{
  gboolean list = FALSE;
  const WhisCliBinding bindings[] = { { "list", &list }, { NULL } };
  int status;

  if (!whis_cli_parse ("settings", bindings, &argc, &argv, &status))
    return status;
  if (argc > 3)
    return whis_cli_usage (_ ("Write “whis settings”, “whis settings KEY” or “whis settings KEY "
                              "VALUE”; KEY/PROVIDER is the entry of one service."));
  if (argc == 1 && !list && (g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL))
    return open_preferences ();

  return use_settings (list, argc, argv);
}
