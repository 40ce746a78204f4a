/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "cli-service.h"

/**
 * whis_cli_history:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history` without a command of its own: lists earlier dictations.
 *
 * Returns: the exit status
 */
int
whis_cli_history (int argc, char **argv)
{
  if (argc < 2 || *argv[1] == '-')
    return whis_cli_history_list (argc, argv);

  return whis_cli_usage (_ ("There is no command “history %s”; “whis history list %s” searches for "
                            "it."),
                         argv[1], argv[1]);
}
