/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "providers.h"
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
  g_autoptr (GError) error = NULL;

  if (!whis_window_start ("preferences", NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/* What the schema cannot know. */
static gboolean
makes_sense (const char *key, const char *value)
{
  return !g_str_equal (key, "provider") || whis_provider_lookup (value) != NULL;
}

static int
use_settings (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisSettings) settings = whis_settings_new (&error);

  if (settings == NULL)
    return whis_cli_report (g_steal_pointer (&error));
  if (argc == 1 || g_str_equal (argv[1], "--list"))
    return list_settings (settings);
  if (argc == 2)
    return print_setting (settings, argv[1]);
  if (!makes_sense (argv[1], argv[2]))
    return whis_cli_usage (_ ("There is no transcription service “%s”; “whis providers” lists "
                              "them."),
                           argv[2]);
  if (!whis_settings_parse (settings, argv[1], argv[2], &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
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
  if (argc > 3)
    return whis_cli_usage (_ ("Write “whis settings”, “whis settings KEY” or “whis settings KEY "
                              "VALUE”."));
  if (argc == 1 && (g_getenv ("DISPLAY") != NULL || g_getenv ("WAYLAND_DISPLAY") != NULL))
    return open_preferences ();

  return use_settings (argc, argv);
}
