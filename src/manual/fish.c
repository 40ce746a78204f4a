/* SPDX-License-Identifier: MIT */
#include "fish.h"

#include "providers.h"
#include "setting.h"
#include "walk.h"
#include "words-of-kind.h"

/* The completions of fish. */

static void
append_quoted (GString *output, const char *text)
{
  g_string_append_c (output, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' || *p == '\'')
        g_string_append_c (output, '\\');
      g_string_append_c (output, *p);
    }
  g_string_append_c (output, '\'');
}

/* What is offered, as options of `complete`. */
static void
append_kind (GString *output, WhisCliKind kind, const char *choices)
{
  g_autofree char *words = NULL;

  switch (kind)
    {
    case WHIS_CLI_CHOICE:
      words = g_strdelimit (g_strdup (choices), "|", ' ');
      g_string_append_printf (output, " -a '%s'", words);
      return;
    case WHIS_CLI_FILE:
    case WHIS_CLI_FILE_OR_DIRECTORY:
      g_string_append (output, " -F");
      return;
    case WHIS_CLI_PROVIDER:
      g_string_append (output, " -a '(__whis_providers)'");
      return;
    case WHIS_CLI_MODELS_OF:
    case WHIS_CLI_LOCAL_MODEL:
      words = whis_words_of_kind (kind);
      g_string_append_printf (output, " -a '%s'", words);
      return;
    case WHIS_CLI_LANGUAGE:
      g_string_append (output, " -a auto");
      return;
    case WHIS_CLI_ENTRY:
      g_string_append (output, " -k -a '(__whis_entries)'");
      return;
    case WHIS_CLI_SETTING:
      g_string_append (output, " -a '(__whis_setting_keys)'");
      return;
    case WHIS_CLI_SETTING_VALUE:
      g_string_append (output, " -a '(__whis_setting_values)'");
      return;
    case WHIS_CLI_FLAG:
    case WHIS_CLI_TEXT:
    case WHIS_CLI_NUMBER:
    case WHIS_CLI_DURATION:
    case WHIS_CLI_MODEL:
    case WHIS_CLI_MICROPHONE:
    default:
      return;
    }
}

static gboolean
takes_file (WhisCliKind kind)
{
  return kind == WHIS_CLI_FILE || kind == WHIS_CLI_FILE_OR_DIRECTORY;
}

static void
append_option (GString *output, const char *path, const WhisCliOption *option)
{
  g_string_append_printf (output, "complete -c whis -n '__whis_at \"%s\"'", path);
  if (option->letter != 0)
    g_string_append_printf (output, " -s %c", option->letter);
  g_string_append_printf (output, " -l %s", option->name);
  if (option->kind != WHIS_CLI_FLAG)
    {
      g_string_append (output, takes_file (option->kind) ? " -r" : " -x");
      append_kind (output, option->kind, option->value);
    }
  g_string_append (output, " -d ");
  append_quoted (output, option->help);
  g_string_append_c (output, '\n');
}

static void
write_command (const WhisCliCommand *command, const char *path, GString *output)
{
  g_string_append_printf (output, "\n# whis%s%s\n", *path != '\0' ? " " : "", path);
  for (gsize i = 0; i < command->n_commands; i++)
    if (!command->commands[i].hidden)
      {
        g_string_append_printf (output, "complete -c whis -n '__whis_at \"%s\" 0' -a %s -d ", path,
                                command->commands[i].name);
        append_quoted (output, command->commands[i].help);
        g_string_append_c (output, '\n');
      }
  for (gsize i = 0; i < command->n_arguments; i++)
    {
      g_string_append_printf (output,
                              "complete -c whis -n '__whis_at \"%s\" %" G_GSIZE_FORMAT "%s'", path,
                              i, command->arguments[i].repeated ? " more" : "");
      append_kind (output, command->arguments[i].kind, NULL);
      g_string_append_c (output, '\n');
    }
  for (gsize i = 0; i < command->n_options; i++)
    append_option (output, path, &command->options[i]);
  append_option (output, path, &whis_cli_help_option);
}

static void
write_path (const WhisCliCommand *command, const char *path, GString *output)
{
  if (*path != '\0')
    g_string_append_printf (output, " '%s'", path);
}

/* Each with its command: --version is a flag in one and has a value in another. */
static void
write_valued (const WhisCliCommand *command, const char *path, GString *output)
{
  for (gsize i = 0; i < command->n_options; i++)
    {
      const WhisCliOption *option = &command->options[i];

      if (option->kind == WHIS_CLI_FLAG)
        continue;
      g_string_append_printf (output, " '%s --%s'", path, option->name);
      if (option->letter != 0)
        g_string_append_printf (output, " '%s -%c'", path, option->letter);
    }
}

static void
write_lists (GString *output)
{
  g_autoptr (GPtrArray) settings = whis_setting_list ();
  gsize n_providers = 0;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  g_string_append (output, "\nfunction __whis_providers\n    printf '%s\\t%s\\n'");
  for (gsize i = 0; i < n_providers; i++)
    {
      g_string_append_printf (output, " \\\n        %s ", providers[i].id);
      append_quoted (output, providers[i].name);
    }
  g_string_append (output, "\nend\n\nfunction __whis_setting_keys\n"
                           "    # The entry of one service.\n"
                           "    if string match -q '*/*' -- (commandline -ct)\n"
                           "        set -l key (string replace -r '/.*' / -- (commandline -ct))\n"
                           "        printf '%s\\n' $key(__whis_providers)\n"
                           "        return\n    end\n    printf '%s\\t%s\\n'");
  for (guint i = 0; i < settings->len; i++)
    {
      const WhisSetting *setting = g_ptr_array_index (settings, i);

      g_string_append_printf (output, " \\\n        %s ", setting->key);
      append_quoted (output, setting->summary);
    }
  g_string_append (output, "\nend\n\nfunction __whis_setting_values\n"
                           "    switch (commandline -opc)[-1]\n");
  for (guint i = 0; i < settings->len; i++)
    {
      const WhisSetting *setting = g_ptr_array_index (settings, i);

      if (setting->is_switch)
        g_string_append_printf (output, "        case %s\n            printf '%%s\\n' true false\n",
                                setting->key);
      if (setting->is_provider)
        g_string_append_printf (output, "        case %s\n            __whis_providers\n",
                                setting->key);
    }
  g_string_append (output, "    end\nend\n");
}

static const char functions[] =
    "\n"
    "# The newest dictations, if the service runs.\n"
    "function __whis_entries\n"
    "    printf '%s\\t%s\\n' last 'the newest'\n"
    "    whis complete history 2>/dev/null\n"
    "end\n"
    "\n"
    "# Whether the command before the cursor is this one; and, with a number, whether so many\n"
    "# arguments follow it, or with “more” at least so many.\n"
    "function __whis_at\n"
    "    set -l words (commandline -opc)\n"
    "    set -l path ''\n"
    "    set -l n 0\n"
    "    set -l skip no\n"
    "    for word in $words[2..]\n"
    "        set -l longer (string trim -- \"$path $word\")\n"
    "        if test $skip = yes\n"
    "            set skip no\n"
    "        else if test $n = 0; and contains -- $longer $__whis_paths\n"
    "            set path $longer\n"
    "        else if contains -- \"$path $word\" $__whis_valued\n"
    "            set skip yes\n"
    "        else if not string match -q -- '-*' $word\n"
    "            set n (math $n + 1)\n"
    "        end\n"
    "    end\n"
    "    test \"$path\" = $argv[1]; or return 1\n"
    "    set -q argv[2]; or return 0\n"
    "    test $n = $argv[2]; or begin\n"
    "        set -q argv[3]; and test $n -ge $argv[2]\n"
    "    end\n"
    "end\n"
    "\n"
    "complete -c whis -f\n";

/**
 * whis_fish_write:
 * @output: where to
 *
 * Writes the completions of fish.
 */
void
whis_fish_write (GString *output)
{
  g_string_append (output, "# Made from the table of commands when Whis was built.\n"
                           "\nset -g __whis_paths");
  whis_walk (write_path, output);
  g_string_append (output, "\n# Options that take a value.\nset -g __whis_valued");
  whis_walk (write_valued, output);
  g_string_append_c (output, '\n');
  write_lists (output);
  g_string_append (output, functions);
  whis_walk (write_command, output);
}
