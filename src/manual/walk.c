/* SPDX-License-Identifier: MIT */
#include "walk.h"

static void
walk_walk (const WhisCliCommand *command, const char *path, WhisWalkFunc func, GString *output)
{
  func (command, path, output);
  for (gsize i = 0; i < command->n_commands; i++)
    {
      const WhisCliCommand *next = &command->commands[i];
      g_autofree char *longer = g_strjoin (*path != '\0' ? " " : "", path, next->name, NULL);

      if (!next->hidden)
        walk_walk (next, longer, func, output);
    }
}

/**
 * whis_walk:
 * @func: what is written about each
 * @output: where to
 *
 * Goes through the commands that are for people, the program first.
 */
void
whis_walk (WhisWalkFunc func, GString *output)
{
  g_return_if_fail (func != NULL);

  walk_walk (&whis_cli_program, "", func, output);
}
