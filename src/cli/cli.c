/* SPDX-License-Identifier: MIT */
#include "cli.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "cli-command.h"
#include "cli-commands.h"
#include "cli-help.h"
#include "cli-parse.h"
#include "cli-service.h"
#include "cli-terminal.h"
#include "window-start.h"

static int
open_window (void)
{
  g_autoptr (WhisBusWhis1) service = NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autoptr (GError) error = NULL;
  int status;

  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;
  if (!whis_window_start ("home", (const char *const *) environment,
                          g_getenv ("XDG_ACTIVATION_TOKEN"), &error))
    return whis_cli_report (g_steal_pointer (&error));

  return WHIS_EXIT_OK;
}

/**
 * whis_cli_open:
 * @argc: number of arguments
 * @argv: the arguments of the program
 *
 * `whis` without a command: opens the window.
 *
 * Returns: the exit status
 */
int
whis_cli_open (int argc, char **argv)
{
  gboolean version = FALSE;
  const WhisCliBinding bindings[] = { { "version", &version }, { NULL } };
  int status;

  if (!whis_cli_parse ("", bindings, &argc, &argv, &status))
    return status;
  if (version)
    {
      g_print ("whis %s\n", WHIS_VERSION);
      return WHIS_EXIT_OK;
    }
  if (argc == 1)
    return open_window ();
  if (!g_str_equal (argv[1], "help"))
    return whis_cli_usage (_ ("There is no command “%s”; “whis --help” lists them."), argv[1]);

  whis_cli_help_print ("");

  return WHIS_EXIT_OK;
}

static gboolean
is_help (const char *word)
{
  return g_str_equal (word, "--help") || g_str_equal (word, "-h");
}

/* @path is that of @command. */
static int
cli_run (const WhisCliCommand *command, const char *path, int argc, char **argv)
{
  const WhisCliCommand *next = argc > 1 ? whis_cli_command_find (command, argv[1]) : NULL;

  if (next != NULL)
    {
      g_autofree char *longer = g_strjoin (*path != '\0' ? " " : "", path, next->name, NULL);

      return cli_run (next, longer, argc - 1, argv + 1);
    }
  if (command->n_commands > 0 && argc > 1 && is_help (argv[1]))
    {
      whis_cli_help_print (path);
      return WHIS_EXIT_OK;
    }

  return command->run (argc, argv);
}

/**
 * whis_cli_run:
 * @argc: number of arguments
 * @argv: the arguments of the program
 *
 * Runs the command line.
 *
 * Returns: the exit status
 */
int
whis_cli_run (int argc, char **argv)
{
  /* Known before the first answer comes, so that errors keep their names. */
  (void) whis_bus_error_quark ();
  g_set_prgname (whis_cli_program.name);
  whis_cli_terminal_init ();

  return cli_run (&whis_cli_program, "", argc, argv);
}
