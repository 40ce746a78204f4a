/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "bash.h"
#include "fish.h"
#include "page.h"
#include "zsh.h"

/* `whis-manual bash|zsh|fish|commands`, and `whis-manual page TEMPLATE`: prints what is made from
 * the table of commands. Run while Whis is built, and not installed. */

#include "walk.h"

static void
write_path (const WhisCliCommand *command, const char *path, GString *output)
{
  g_string_append_printf (output, "%s\n", path);
  for (gsize i = 0; i < command->n_options; i++)
    g_string_append_printf (output, "%s --%s%s\n", path, command->options[i].name,
                            command->options[i].kind == WHIS_CLI_FLAG ? "" : "=");
  g_string_append_printf (output, "%s --%s\n", path, whis_cli_help_option.name);
}

/* For the tests: every command, and every option of it. */
static void
write_commands (GString *output)
{
  whis_walk (write_path, output);
}

static const struct
{
  const char *name;
  void (*write) (GString *output);
} scripts[] = {
  { "bash", whis_bash_write },
  { "zsh", whis_zsh_write },
  { "fish", whis_fish_write },
  { "commands", write_commands },
};

int
main (int argc, char **argv)
{
  g_autoptr (GString) output = g_string_new (NULL);

  for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS (scripts); i++)
    if (g_str_equal (argv[1], scripts[i].name))
      scripts[i].write (output);
  if (argc == 3 && g_str_equal (argv[1], "page"))
    whis_page_write (argv[2], output);
  if (output->len == 0)
    return 2;

  return fwrite (output->str, 1, output->len, stdout) == output->len && fflush (stdout) == 0 ? 0
                                                                                             : 1;
}
