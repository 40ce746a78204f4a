/* SPDX-License-Identifier: MIT */
#include "cli-help.h"

#include <glib/gi18n-lib.h>

#include "cli-command.h"

/* What is wider than this has its explanation on the next line. */
#define WIDEST 34

/* Two columns: what to write, and what it does. */
typedef struct
{
  char *call;
  const char *help;
} Row;

static void
row_clear (gpointer data)
{
  g_free (((Row *) data)->call);
}

static void
add_row (GArray *rows, char *call, const char *help)
{
  const Row row = { call, help };

  g_array_append_val (rows, row);
}

static GArray *
create_rows (void)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (Row));

  g_array_set_clear_func (rows, row_clear);

  return rows;
}

static void
print_rows (GArray *rows)
{
  glong width = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      glong columns = g_utf8_strlen (g_array_index (rows, Row, i).call, -1);

      if (columns <= WIDEST)
        width = MAX (width, columns);
    }
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);
      glong columns = g_utf8_strlen (row->call, -1);

      if (columns > width)
        g_print ("  %s\n  %*s  %s\n", row->call, (int) width, "", row->help);
      else
        g_print ("  %s%*s  %s\n", row->call, (int) (width - columns), "", row->help);
    }
}

static void
print_commands (const WhisCliCommand *command)
{
  g_autoptr (GArray) rows = create_rows ();

  for (gsize i = 0; i < command->n_commands; i++)
    {
      const WhisCliCommand *each = &command->commands[i];
      g_autofree char *arguments = whis_cli_command_dup_arguments (each);

      if (!each->hidden)
        add_row (rows, g_strjoin (*arguments != '\0' ? " " : "", each->name, arguments, NULL),
                 _ (each->help));
    }
  if (rows->len == 0)
    return;

  g_print ("\n%s\n", _ ("Commands:"));
  print_rows (rows);
}

static char *
format_option (const WhisCliOption *option)
{
  const char *value = whis_cli_option_get_value (option);
  g_autoptr (GString) call = g_string_new (NULL);

  if (option->letter != 0)
    g_string_append_printf (call, "-%c, ", option->letter);
  g_string_append_printf (call, "--%s", option->name);
  if (value != NULL)
    g_string_append_printf (call, "=%s", value);

  return g_string_free (g_steal_pointer (&call), FALSE);
}

static void
print_options (const WhisCliCommand *command)
{
  g_autoptr (GArray) rows = create_rows ();

  for (gsize i = 0; i < command->n_options; i++)
    add_row (rows, format_option (&command->options[i]), _ (command->options[i].help));
  add_row (rows, format_option (&whis_cli_help_option), _ (whis_cli_help_option.help));
  g_print ("\n%s\n", _ ("Options:"));
  print_rows (rows);
}

/**
 * whis_cli_help_print:
 * @path: the words of a command, such as `history show`; empty for the program
 *
 * Prints what the table says about a command.
 */
void
whis_cli_help_print (const char *path)
{
  const WhisCliCommand *command = whis_cli_command_lookup (path);
  g_autofree char *usage = NULL;

  g_return_if_fail (command != NULL);

  usage = whis_cli_command_dup_usage (command, path);
  /* Translators: how to call a command, such as “whis history show [OPTION…] ID” */
  g_print (_ ("Usage: %s\n"), usage);
  g_print ("\n%s.\n", _ (command->help));
  if (command->more != NULL)
    g_print ("%s\n", _ (command->more));
  print_commands (command);
  print_options (command);
  if (command->n_commands > 0)
    g_print ("\n%s\n", _ ("A command with --help prints its own options."));
}
