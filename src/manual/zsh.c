/* SPDX-License-Identifier: MIT */
#include "zsh.h"

#include <string.h>

#include "providers.h"
#include "setting.h"
#include "walk.h"
#include "words-of-kind.h"

/* The completions of zsh: a function for each command, which calls _arguments. */

/* For a string in single quotes, and of it a part that ends before one of @special. */
static void
append_quoted (GString *output, const char *text, const char *special)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\\' || strchr (special, *p) != NULL)
        g_string_append_c (output, '\\');
      if (*p == '\'')
        g_string_append (output, "'\\''");
      else
        g_string_append_c (output, *p);
    }
}

static void
append_action (GString *output, WhisCliKind kind, const char *choices)
{
  g_autofree char *words = NULL;

  switch (kind)
    {
    case WHIS_CLI_CHOICE:
      words = g_strdelimit (g_strdup (choices), "|", ' ');
      g_string_append_printf (output, "(%s)", words);
      return;
    case WHIS_CLI_FILE:
    case WHIS_CLI_FILE_OR_DIRECTORY:
      g_string_append (output, "_files");
      return;
    case WHIS_CLI_PROVIDER:
      g_string_append (output, "__whis_providers");
      return;
    case WHIS_CLI_MODELS_OF:
    case WHIS_CLI_LOCAL_MODEL:
      words = whis_words_of_kind (kind);
      g_string_append_printf (output, "(%s)", words);
      return;
    case WHIS_CLI_LANGUAGE:
      g_string_append (output, "(auto)");
      return;
    case WHIS_CLI_ENTRY:
      g_string_append (output, "__whis_entries");
      return;
    case WHIS_CLI_SETTING:
      g_string_append (output, "__whis_setting_keys");
      return;
    case WHIS_CLI_SETTING_VALUE:
      g_string_append (output, "__whis_setting_values");
      return;
    case WHIS_CLI_FLAG:
    case WHIS_CLI_TEXT:
    case WHIS_CLI_NUMBER:
    case WHIS_CLI_DURATION:
    case WHIS_CLI_MODEL:
    case WHIS_CLI_MICROPHONE:
    default:
      g_string_append_c (output, ' ');
      return;
    }
}

static void
append_option (GString *output, const WhisCliOption *option)
{
  const char *takes = option->kind == WHIS_CLI_FLAG ? "" : "=";

  g_string_append (output, " \\\n        ");
  if (option->letter != 0)
    g_string_append_printf (output, "'(-%c --%s)'{-%c%s,--%s%s}'[", option->letter, option->name,
                            option->letter, *takes != '\0' ? "+" : "", option->name, takes);
  else
    g_string_append_printf (output, "'--%s%s[", option->name, takes);
  append_quoted (output, option->help, "[]");
  g_string_append_c (output, ']');
  if (option->kind != WHIS_CLI_FLAG)
    {
      g_string_append_c (output, ':');
      append_quoted (output, option->value, ":");
      g_string_append_c (output, ':');
      append_action (output, option->kind, option->value);
    }
  g_string_append_c (output, '\'');
}

static void
append_arguments (GString *output, const WhisCliCommand *command)
{
  for (gsize i = 0; i < command->n_arguments; i++)
    {
      const WhisCliArgument *argument = &command->arguments[i];

      g_string_append (output, " \\\n        '");
      if (argument->repeated)
        g_string_append_c (output, '*');
      else
        g_string_append_printf (output, "%" G_GSIZE_FORMAT, i + 1);
      g_string_append (output, argument->optional && !argument->repeated ? "::" : ":");
      append_quoted (output, argument->name, ":");
      g_string_append_c (output, ':');
      append_action (output, argument->kind, NULL);
      g_string_append_c (output, '\'');
    }
}

static char *
dup_function (const char *path)
{
  g_autofree char *name = g_strdelimit (g_strdup (path), " -", '_');

  return g_strjoin (*name != '\0' ? "_" : "", "_whis", name, NULL);
}

/* Calls the function of the command that is typed. */
static void
append_commands (GString *output, const WhisCliCommand *command, const char *function)
{
  g_string_append (output, "    local -a commands=(\n");
  for (gsize i = 0; i < command->n_commands; i++)
    if (!command->commands[i].hidden)
      {
        g_string_append_printf (output, "        '%s:", command->commands[i].name);
        append_quoted (output, command->commands[i].help, "");
        g_string_append (output, "'\n");
      }
  g_string_append (output, "    )\n");
  g_string_append_printf (output,
                          "    case $state in\n"
                          "        command) _describe -t commands command commands ;;\n"
                          "        rest) (( $+functions[%s_$words[1]] )) && %s_$words[1] ;;\n"
                          "    esac\n",
                          function, function);
}

static void
write_command (const WhisCliCommand *command, const char *path, GString *output)
{
  gboolean has_commands = command->n_commands > 0;
  g_autofree char *function = dup_function (path);

  g_string_append_printf (output, "\n%s() {\n", function);
  if (has_commands)
    g_string_append (output, "    local curcontext=$curcontext state line\n"
                             "    typeset -A opt_args\n");
  g_string_append_printf (output, "    _arguments%s -s", has_commands ? " -C" : "");
  for (gsize i = 0; i < command->n_options; i++)
    append_option (output, &command->options[i]);
  append_option (output, &whis_cli_help_option);
  append_arguments (output, command);
  if (has_commands)
    {
      g_string_append (output, " \\\n        '1: :->command' \\\n        '*:: :->rest'\n");
      append_commands (output, command, function);
    }
  else
    g_string_append_c (output, '\n');
  g_string_append (output, "}\n");
}

static void
write_providers (GString *output)
{
  gsize n_providers = 0;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  g_string_append (output, "\n__whis_providers() {\n    local -a providers=(\n");
  for (gsize i = 0; i < n_providers; i++)
    {
      g_string_append_printf (output, "        '%s:", providers[i].id);
      append_quoted (output, providers[i].name, "");
      g_string_append (output, "'\n");
    }
  g_string_append (output, "    )\n    _describe -t providers service providers \"$@\"\n}\n");
}

static void
write_setting_keys (GString *output, GPtrArray *settings)
{
  g_string_append (output, "\n__whis_setting_keys() {\n"
                           "    if compset -P '*/'; then\n        __whis_providers\n"
                           "        return\n    fi\n"
                           "    local -a settings=(\n");
  for (guint i = 0; i < settings->len; i++)
    {
      const WhisSetting *setting = g_ptr_array_index (settings, i);

      g_string_append_printf (output, "        '%s:", setting->key);
      append_quoted (output, setting->summary, "");
      g_string_append (output, "'\n");
    }
  g_string_append (output, "    )\n    _describe -t settings setting settings\n}\n");
}

static void
write_setting_values (GString *output, GPtrArray *settings)
{
  g_string_append (output, "\n__whis_setting_values() {\n    case $words[CURRENT-1] in\n");
  for (guint i = 0; i < settings->len; i++)
    {
      const WhisSetting *setting = g_ptr_array_index (settings, i);

      if (setting->is_switch)
        g_string_append_printf (output, "        %s) compadd true false ;;\n", setting->key);
      if (setting->is_provider)
        g_string_append_printf (output, "        %s) __whis_providers ;;\n", setting->key);
    }
  g_string_append (output, "        *) _message value ;;\n    esac\n}\n");
}

/**
 * whis_zsh_write:
 * @output: where to
 *
 * Writes the completions of zsh.
 */
void
whis_zsh_write (GString *output)
{
  g_autoptr (GPtrArray) settings = whis_setting_list ();

  g_string_append (output, "#compdef whis\n# Made from the table of commands when Whis was built.\n"
                           "\n# The newest dictations, if the service runs.\n"
                           "__whis_entries() {\n    local -a entries\n"
                           "    entries=(${(f)\"$(_call_program entries whis complete history"
                           " 2>/dev/null)\"})\n"
                           "    entries=('last:the newest' ${entries/$'\\t'/:})\n"
                           "    _describe -t entries dictation entries\n}\n");
  write_providers (output);
  write_setting_keys (output, settings);
  write_setting_values (output, settings);
  whis_walk (write_command, output);
  g_string_append (output, "\n_whis \"$@\"\n");
}
