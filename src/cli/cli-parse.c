/* SPDX-License-Identifier: MIT */
#include "cli-parse.h"

#include <glib/gi18n-lib.h>

#include "cli-command.h"
#include "cli-help.h"
#include "cli-service.h"

static GOptionArg
get_type (WhisCliKind kind)
{
  switch (kind)
    {
    case WHIS_CLI_FLAG:
      return G_OPTION_ARG_NONE;
    case WHIS_CLI_NUMBER:
      return G_OPTION_ARG_INT;
    case WHIS_CLI_FILE:
    case WHIS_CLI_FILE_OR_DIRECTORY:
      return G_OPTION_ARG_FILENAME;
    case WHIS_CLI_TEXT:
    case WHIS_CLI_DURATION:
    case WHIS_CLI_CHOICE:
    case WHIS_CLI_PROVIDER:
    case WHIS_CLI_MODEL:
    case WHIS_CLI_MODELS_OF:
    case WHIS_CLI_LOCAL_MODEL:
    case WHIS_CLI_LANGUAGE:
    case WHIS_CLI_MICROPHONE:
    case WHIS_CLI_ENTRY:
    case WHIS_CLI_SETTING:
    case WHIS_CLI_SETTING_VALUE:
    default:
      return G_OPTION_ARG_STRING;
    }
}

static gpointer
find_place (const WhisCliBinding *bindings, const char *option)
{
  for (; bindings != NULL && bindings->option != NULL; bindings++)
    if (g_str_equal (bindings->option, option))
      return bindings->value;

  return NULL;
}

static gsize
cli_parse_count (const WhisCliBinding *bindings)
{
  gsize n = 0;

  while (bindings != NULL && bindings[n].option != NULL)
    n++;

  return n;
}

/* The options as GLib reads them. Whoever writes a row and forgets the code, or the code and
 * forgets the row, sees it at the first call. */
static GOptionEntry *
create_entries (const WhisCliCommand *command, const WhisCliBinding *bindings, gboolean *help)
{
  g_autofree GOptionEntry *entries = g_new0 (GOptionEntry, command->n_options + 2);

  if (cli_parse_count (bindings) != command->n_options)
    g_error ("“%s” binds %" G_GSIZE_FORMAT " options and has %" G_GSIZE_FORMAT, command->name,
             cli_parse_count (bindings), command->n_options);
  for (gsize i = 0; i < command->n_options; i++)
    {
      const WhisCliOption *option = &command->options[i];

      entries[i].long_name = option->name;
      entries[i].short_name = option->letter;
      entries[i].arg = get_type (option->kind);
      entries[i].arg_data = find_place (bindings, option->name);
      if (entries[i].arg_data == NULL)
        g_error ("nobody takes --%s of “%s”", option->name, command->name);
    }
  entries[command->n_options].long_name = whis_cli_help_option.name;
  entries[command->n_options].short_name = whis_cli_help_option.letter;
  entries[command->n_options].arg_data = help;

  return g_steal_pointer (&entries);
}

static gboolean
check_choice (const WhisCliOption *option, const WhisCliBinding *bindings, int *status)
{
  char *const *place = find_place (bindings, option->name);
  g_auto (GStrv) choices = g_strsplit (option->value, "|", -1);
  g_autofree char *list = NULL;

  if (*place == NULL || g_strv_contains ((const char *const *) choices, *place))
    return TRUE;

  list = g_strjoinv (", ", choices);
  *status =
      whis_cli_usage (_ ("“%s” is nothing for --%s; there are: %s."), *place, option->name, list);

  return FALSE;
}

static gboolean
cli_parse_check (const WhisCliCommand *command,
                 const char *path,
                 const WhisCliBinding *bindings,
                 const char *argument,
                 int *status)
{
  for (gsize i = 0; i < command->n_options; i++)
    if (command->options[i].kind == WHIS_CLI_CHOICE
        && !check_choice (&command->options[i], bindings, status))
      return FALSE;
  if (argument == NULL || command->n_arguments > 0 || command->n_commands > 0)
    return TRUE;

  *status = whis_cli_usage (_ ("“%s” takes no argument “%s”."), path, argument);

  return FALSE;
}

/**
 * whis_cli_parse:
 * @path: the words of a command, such as `history show`; empty for the program
 * @bindings: (nullable): where its options go; %NULL if it has none
 * @argc: (inout): number of arguments
 * @argv: (inout): the arguments, from the command's name on; afterwards without the options
 * @status: (out): the exit status if this is all
 *
 * Reads the options of a command, as the table has them. `--help` is answered here.
 *
 * Returns: whether the command is to go on
 */
gboolean
whis_cli_parse (const char *path,
                const WhisCliBinding *bindings,
                int *argc,
                char ***argv,
                int *status)
{
  const WhisCliCommand *command = whis_cli_command_lookup (path);
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree GOptionEntry *entries = NULL;
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;

  g_return_val_if_fail (command != NULL, FALSE);

  entries = create_entries (command, bindings, &help);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, command->verbatim);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *status = whis_cli_usage ("%s", error->message);
      return FALSE;
    }
  if (help)
    {
      whis_cli_help_print (path);
      *status = WHIS_EXIT_OK;
      return FALSE;
    }

  return cli_parse_check (command, path, bindings, *argc > 1 ? (*argv)[1] : NULL, status);
}
