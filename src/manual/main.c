/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "page.h"
#include "walk.h"

/* `whis-manual page TEMPLATE` prints the manual page, and `whis-manual commands` for the tests
 * every command and option. Run while Whis is built, and not installed. */

static void
write_path (const WhisCliCommand *command, const char *path, GString *output)
{
  g_string_append_printf (output, "%s\n", path);
  for (gsize i = 0; i < command->n_options; i++)
    g_string_append_printf (output, "%s --%s%s\n", path, command->options[i].name,
                            command->options[i].kind == WHIS_CLI_FLAG ? "" : "=");
  g_string_append_printf (output, "%s --%s\n", path, whis_cli_help_option.name);
}

int
main (int argc, char **argv)
{
  g_autoptr (GString) output = g_string_new (NULL);

  if (argc == 2 && g_str_equal (argv[1], "commands"))
    whis_walk (write_path, output);
  if (argc == 3 && g_str_equal (argv[1], "page"))
    whis_page_write (argv[2], output);
  if (output->len == 0)
    return 2;

  return fwrite (output->str, 1, output->len, stdout) == output->len && fflush (stdout) == 0 ? 0
                                                                                             : 1;
}
