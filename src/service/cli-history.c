/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "cli-service.h"

static const struct
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *arguments;
  const char *help;
} commands[] = {
  { "list", whis_cli_history_list, "[WORDS…]",
    N_ ("List what was dictated, or what has these words") },
  { "show", whis_cli_history_show, "ID", N_ ("Print the text") },
  { "diff", whis_cli_history_diff, "ID [VERSION [VERSION]]",
    N_ ("Compare two versions of the text; the exit status is 1 if they differ") },
  { "copy", whis_cli_history_copy, "ID", N_ ("Put the text on the clipboard") },
  { "play", whis_cli_history_play, "ID", N_ ("Play the sound") },
  { "mark", whis_cli_history_mark, "ID", N_ ("Keep it, whatever the settings say") },
  { "unmark", whis_cli_history_unmark, "ID", N_ ("Keep it no longer than the settings say") },
  { "delete", whis_cli_history_delete, "ID…", N_ ("Delete text and sound") },
  { "export", whis_cli_history_export, "ID…", N_ ("Write text, sound or everything to a file") },
  { "retry", whis_cli_history_retry, "[ID]",
    N_ ("Finish what waits, was interrupted, failed or was cancelled") },
  { "again", whis_cli_history_again, "ID --provider ID",
    N_ ("Transcribe the sound once more, with another service") },
};

static void
print_help (void)
{
  g_print ("%s\n\n%s\n\n", _ ("Usage: whis history [COMMAND]"),
           _ ("Earlier dictations. Without a command they are listed. An ID may be its beginning "
              "or end alone, or “last”."));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autofree char *call = g_strjoin (" ", commands[i].name, commands[i].arguments, NULL);

      g_print ("  %-32s %s\n", call, _ (commands[i].help));
    }
  g_print ("\n  %-32s %s\n", "COMMAND --help", _ ("Print the options of a command"));
}

/**
 * whis_cli_history:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history`: everything about earlier dictations.
 *
 * Returns: the exit status
 */
int
whis_cli_history (int argc, char **argv)
{
  if (argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")))
    {
      print_help ();
      return WHIS_EXIT_OK;
    }
  if (argc < 2 || *argv[1] == '-')
    return whis_cli_history_list (argc, argv);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (argv[1], commands[i].name))
      return commands[i].run (argc - 1, argv + 1);

  return whis_cli_usage (_ ("There is no command “history %s”; “whis history list %s” searches for "
                            "it."),
                         argv[1], argv[1]);
}
