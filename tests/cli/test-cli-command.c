/* SPDX-License-Identifier: MIT */
#include "cli-command.h"

typedef void (*Check) (const WhisCliCommand *command);

static void
for_each (const WhisCliCommand *command, Check check)
{
  check (command);
  for (gsize i = 0; i < command->n_commands; i++)
    for_each (&command->commands[i], check);
}

static void
check_texts (const WhisCliCommand *command)
{
  g_assert_nonnull (command->run);
  g_assert_false (g_str_has_suffix (command->help, "."));
  if (command->more != NULL)
    g_assert_true (g_str_has_suffix (command->more, "."));
}

static void
check_options (const WhisCliCommand *command)
{
  for (gsize i = 0; i < command->n_options; i++)
    {
      const WhisCliOption *option = &command->options[i];

      g_assert_false (g_str_has_suffix (option->help, "."));
      g_assert_cmpint (option->value == NULL, ==, option->kind == WHIS_CLI_FLAG);
      g_assert_cmpstr (option->name, !=, whis_cli_help_option.name);
      g_assert_cmpint (option->letter, !=, whis_cli_help_option.letter);
      for (gsize j = 0; j < i; j++)
        {
          g_assert_cmpstr (option->name, !=, command->options[j].name);
          g_assert_true (option->letter == 0 || option->letter != command->options[j].letter);
        }
    }
}

/* What may be left out comes last, and so does what may be repeated. */
static void
check_arguments (const WhisCliCommand *command)
{
  for (gsize i = 1; i < command->n_arguments; i++)
    {
      g_assert_false (command->arguments[i - 1].repeated);
      g_assert_true (command->arguments[i].optional || !command->arguments[i - 1].optional);
    }
}

static void
check_names (const WhisCliCommand *command)
{
  for (gsize i = 0; i < command->n_commands; i++)
    g_assert_true (whis_cli_command_find (command, command->commands[i].name)
                   == &command->commands[i]);
}

static void
test_rows (void)
{
  for_each (&whis_cli_program, check_texts);
  for_each (&whis_cli_program, check_options);
  for_each (&whis_cli_program, check_arguments);
  for_each (&whis_cli_program, check_names);
}

static void
test_lookup (void)
{
  const WhisCliCommand *history = whis_cli_command_lookup ("history");

  g_assert_true (whis_cli_command_lookup ("") == &whis_cli_program);
  g_assert_cmpstr (history->name, ==, "history");
  g_assert_true (whis_cli_command_lookup ("history show")
                 == whis_cli_command_find (history, "show"));
  g_assert_null (whis_cli_command_lookup ("show"));
  g_assert_null (whis_cli_command_lookup ("history show more"));
}

static void
test_usage (void)
{
  static const struct
  {
    const char *path;
    const char *usage;
  } cases[] = {
    { "", "whis [OPTION…] [COMMAND]" },
    { "stop", "whis stop" },
    { "start", "whis start [OPTION…]" },
    { "key", "whis key COMMAND" },
    { "transcribe", "whis transcribe [OPTION…] FILE…" },
    { "settings", "whis settings [OPTION…] [KEY [VALUE]]" },
    { "history diff", "whis history diff ID [VERSION [VERSION]]" },
    { "history again", "whis history again [OPTION…] --provider=ID ID" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WhisCliCommand *command = whis_cli_command_lookup (cases[i].path);
      g_autofree char *usage = whis_cli_command_dup_usage (command, cases[i].path);

      g_assert_cmpstr (usage, ==, cases[i].usage);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/cli-command/rows", test_rows);
  g_test_add_func ("/cli-command/lookup", test_lookup);
  g_test_add_func ("/cli-command/usage", test_usage);

  return g_test_run ();
}
