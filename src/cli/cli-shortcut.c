/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <glib/gi18n-lib.h>

#include "cli-command.h"
#include "cli-service.h"
#include "whis-bus-shortcuts.h"

/* `whis shortcut [set|check|line|press|release|tap]`: keys that work in every program. */

/* A desktop may ask the user meanwhile. */
#define LONGEST_WAIT_MS (10 * 60 * 1000)

/* Reads options and as many arguments as there have to be. */
static WhisBusWhis1Shortcuts *
cli_shortcut_begin (const char *path, int n_arguments, int *argc, char ***argv, int *status)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GError) error = NULL;
  WhisBusWhis1Shortcuts *shortcuts;

  if (!whis_cli_parse (path, NULL, argc, argv, status))
    return NULL;
  if (*argc - 1 != n_arguments)
    {
      g_autofree char *usage = whis_cli_command_dup_usage (whis_cli_command_lookup (path), path);

      *status = whis_cli_usage (_ ("Call it as “%s”."), usage);
      return NULL;
    }
  service = whis_cli_connect (TRUE, status);
  if (service == NULL)
    return NULL;

  shortcuts = whis_bus_whis1_shortcuts_proxy_new_sync (
      g_dbus_proxy_get_connection (G_DBUS_PROXY (service)), G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
      WHIS_APP_ID, WHIS_APP_PATH, NULL, &error);
  if (shortcuts == NULL)
    *status = whis_cli_report (g_steal_pointer (&error));
  else
    g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (shortcuts), LONGEST_WAIT_MS);

  return shortcuts;
}

static void
print_triggers (GVariant *description)
{
  g_autoptr (GVariant) triggers =
      g_variant_lookup_value (description, "triggers", G_VARIANT_TYPE ("a{ss}"));
  GVariantIter iter;
  const char *action, *trigger;

  if (triggers == NULL)
    return;
  g_variant_iter_init (&iter, triggers);
  while (g_variant_iter_next (&iter, "{&s&s}", &action, &trigger))
    g_print ("%s\t%s\n", action, trigger);
}

/* Says on standard error by what they are bound, and what is wrong. */
static void
print_state (GVariant *description)
{
  const char *backend = "", *problem = NULL;
  gboolean holds = FALSE;

  g_variant_lookup (description, "backend", "&s", &backend);
  g_variant_lookup (description, "holds", "b", &holds);
  if (*backend == '\0')
    g_printerr ("%s\n", _ ("No program can bind shortcuts in this session."));
  else if (holds)
    g_printerr (_ ("Bound by %s; a key that is held records until it is released.\n"), backend);
  else
    g_printerr (_ ("Bound by %s, which does not tell when a key is released.\n"), backend);
  if (g_variant_lookup (description, "problem", "&s", &problem))
    g_printerr ("%s\n", problem);
}

/**
 * whis_cli_shortcut:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis shortcut`: prints action and keys of each shortcut that is bound.
 *
 * Returns: the exit status
 */
int
whis_cli_shortcut (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Shortcuts) shortcuts = NULL;
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GError) error = NULL;

  if (argc > 1 && argv[1][0] != '-')
    return whis_cli_usage (
        _ ("There is no command “shortcut %s”; “whis shortcut --help” lists them."), argv[1]);
  shortcuts = cli_shortcut_begin ("shortcut", 0, &argc, &argv, &status);
  if (shortcuts == NULL)
    return status;
  if (!whis_bus_whis1_shortcuts_call_describe_sync (shortcuts, &description, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  print_triggers (description);
  print_state (description);

  return WHIS_EXIT_OK;
}

/* `whis shortcut set ACTION KEYS` */
int
whis_cli_shortcut_set (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Shortcuts) shortcuts =
      cli_shortcut_begin ("shortcut set", 2, &argc, &argv, &status);
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GError) error = NULL;
  GVariantBuilder triggers;
  const char *problem;

  if (shortcuts == NULL)
    return status;
  g_variant_builder_init (&triggers, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&triggers, "{ss}", argv[1], argv[2]);
  if (!whis_bus_whis1_shortcuts_call_bind_sync (shortcuts, g_variant_builder_end (&triggers), NULL,
                                                &error)
      || !whis_bus_whis1_shortcuts_call_describe_sync (shortcuts, &description, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  if (!g_variant_lookup (description, "problem", "&s", &problem))
    return WHIS_EXIT_OK;

  g_printerr ("whis: %s\n", problem);

  return WHIS_EXIT_FAILED;
}

/* `whis shortcut check` */
int
whis_cli_shortcut_check (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Shortcuts) shortcuts =
      cli_shortcut_begin ("shortcut check", 0, &argc, &argv, &status);
  g_autoptr (GError) error = NULL;
  gboolean arrived = FALSE;

  if (shortcuts == NULL)
    return status;
  g_printerr ("%s\n", _ ("Press the shortcut within ten seconds."));
  if (!whis_bus_whis1_shortcuts_call_check_sync (shortcuts, &arrived, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  g_printerr ("%s\n", arrived ? _ ("It arrived.") : _ ("No shortcut arrived."));

  return arrived ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

/* `whis shortcut line` */
int
whis_cli_shortcut_line (int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Shortcuts) shortcuts =
      cli_shortcut_begin ("shortcut line", 0, &argc, &argv, &status);
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GError) error = NULL;
  const char *line, *file;

  if (shortcuts == NULL)
    return status;
  if (!whis_bus_whis1_shortcuts_call_describe_sync (shortcuts, &description, NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));
  if (!g_variant_lookup (description, "line", "&s", &line)
      || !g_variant_lookup (description, "line-file", "&s", &file))
    {
      g_printerr ("whis: %s\n",
                  _ ("This desktop is not known for lines in a file; “whis shortcut "
                     "set” binds a shortcut, or bind “whis toggle” in its settings."));
      return WHIS_EXIT_FAILED;
    }

  g_print ("%s", line);
  g_printerr (_ ("Add it to %s, and check it with “whis shortcut check”.\n"), file);

  return WHIS_EXIT_OK;
}

typedef gboolean (*Told) (WhisBusWhis1Shortcuts *proxy,
                          const char *action,
                          GCancellable *cancellable,
                          GError **error);

static int
shortcut_tell (const char *path, Told told, int argc, char **argv)
{
  int status = WHIS_EXIT_OK;
  g_autoptr (WhisBusWhis1Shortcuts) shortcuts = cli_shortcut_begin (path, 1, &argc, &argv, &status);
  g_autoptr (GError) error = NULL;

  if (shortcuts == NULL)
    return status;
  if (!told (shortcuts, argv[1], NULL, &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/* `whis shortcut press ACTION` */
int
whis_cli_shortcut_press (int argc, char **argv)
{
  return shortcut_tell ("shortcut press", whis_bus_whis1_shortcuts_call_press_sync, argc, argv);
}

/* `whis shortcut release ACTION` */
int
whis_cli_shortcut_release (int argc, char **argv)
{
  return shortcut_tell ("shortcut release", whis_bus_whis1_shortcuts_call_release_sync, argc, argv);
}

/* `whis shortcut tap ACTION` */
int
whis_cli_shortcut_tap (int argc, char **argv)
{
  return shortcut_tell ("shortcut tap", whis_bus_whis1_shortcuts_call_tap_sync, argc, argv);
}
