/* SPDX-License-Identifier: MIT */
#include "bash.h"

#include "providers.h"
#include "setting.h"
#include "walk.h"
#include "words-of-kind.h"

/* The completions of bash, for bash-completion. */

static const char beginning[] =
    "# bash completion for whis                                   -*- shell-script -*-\n"
    "# Made from the table of commands when Whis was built.\n";

/* What a script calls that which is offered: `words` and a list, or a word of its own. */
static char *
describe_kind (WhisCliKind kind, const char *choices)
{
  g_autofree char *words = NULL;

  switch (kind)
    {
    case WHIS_CLI_CHOICE:
      words = g_strdelimit (g_strdup (choices), "|", ' ');
      return g_strconcat ("words ", words, NULL);
    case WHIS_CLI_FILE:
    case WHIS_CLI_FILE_OR_DIRECTORY:
      return g_strdup ("file");
    case WHIS_CLI_PROVIDER:
      return g_strdup ("provider");
    case WHIS_CLI_MODELS_OF:
    case WHIS_CLI_LOCAL_MODEL:
      words = whis_words_of_kind (kind);
      return g_strconcat ("words ", words, NULL);
    case WHIS_CLI_LANGUAGE:
      return g_strdup ("words auto");
    case WHIS_CLI_ENTRY:
      return g_strdup ("entry");
    case WHIS_CLI_SETTING:
      return g_strdup ("setting");
    case WHIS_CLI_SETTING_VALUE:
      return g_strdup ("value");
    case WHIS_CLI_FLAG:
    case WHIS_CLI_TEXT:
    case WHIS_CLI_NUMBER:
    case WHIS_CLI_DURATION:
    case WHIS_CLI_MODEL:
    case WHIS_CLI_MICROPHONE:
    default:
      return g_strdup ("none");
    }
}

static void
write_command (const WhisCliCommand *command, const char *path, GString *output)
{
  g_string_append_printf (output, "        '%s')\n            options='", path);
  for (gsize i = 0; i < command->n_options; i++)
    g_string_append_printf (output, "--%s ", command->options[i].name);
  g_string_append_printf (output, "--%s'\n", whis_cli_help_option.name);
  if (command->n_commands > 0)
    {
      g_string_append (output, "            commands='");
      for (gsize i = 0; i < command->n_commands; i++)
        if (!command->commands[i].hidden)
          g_string_append_printf (output, "%s%s", i > 0 ? " " : "", command->commands[i].name);
      g_string_append (output, "'\n");
    }
  if (command->n_arguments > 0)
    {
      g_string_append (output, "            kinds=(");
      for (gsize i = 0; i < command->n_arguments; i++)
        {
          g_autofree char *kind = describe_kind (command->arguments[i].kind, NULL);

          g_string_append_printf (output, "%s'%s'", i > 0 ? " " : "", kind);
        }
      g_string_append (output, ")\n");
      if (command->arguments[command->n_arguments - 1].repeated)
        g_string_append (output, "            repeats=yes\n");
    }
  g_string_append (output, "            ;;\n");
}

static void
write_values (const WhisCliCommand *command, const char *path, GString *output)
{
  for (gsize i = 0; i < command->n_options; i++)
    {
      const WhisCliOption *option = &command->options[i];
      g_autofree char *kind = describe_kind (option->kind, option->value);

      if (option->kind == WHIS_CLI_FLAG)
        continue;
      g_string_append_printf (output, "        '%s --%s'", path, option->name);
      if (option->letter != 0)
        g_string_append_printf (output, " | '%s -%c'", path, option->letter);
      g_string_append_printf (output, ") kind='%s' ;;\n", kind);
    }
}

static void
write_settings (GString *output)
{
  g_autoptr (GPtrArray) settings = whis_setting_list ();
  g_autoptr (GString) switches = g_string_new (NULL);
  g_autoptr (GString) services = g_string_new (NULL);
  gsize n_providers = 0;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  g_string_append (output, "\n_whis_providers='");
  for (gsize i = 0; i < n_providers; i++)
    g_string_append_printf (output, "%s%s", i > 0 ? " " : "", providers[i].id);
  g_string_append (output, "'\n_whis_settings='");
  for (guint i = 0; i < settings->len; i++)
    {
      const WhisSetting *setting = g_ptr_array_index (settings, i);

      g_string_append_printf (output, "%s%s", i > 0 ? " " : "", setting->key);
      if (setting->is_switch)
        g_string_append_printf (switches, "%s%s", switches->len > 0 ? " | " : "", setting->key);
      if (setting->is_provider)
        g_string_append_printf (services, "%s%s", services->len > 0 ? " | " : "", setting->key);
    }
  g_string_append_printf (output,
                          "'\n\n# What a setting can be.\n_whis_setting_kind()\n{\n"
                          "    case $1 in\n        %s) kind='words true false' ;;\n"
                          "        %s) kind=provider ;;\n        *) kind=none ;;\n    esac\n}\n",
                          switches->str, services->str);
}

static const char end[] =
    "\n"
    "# Offers what $kind says.\n"
    "_whis_offer()\n"
    "{\n"
    "    local list=\n"
    "    case $kind in\n"
    "        words\\ *) list=${kind#words } ;;\n"
    "        provider) list=$_whis_providers ;;\n"
    "        entry)\n"
    "            # compgen would run what looks like a command.\n"
    "            list=$(\"${words[0]}\" complete history 2>/dev/null | cut -f 1 | tr -cd "
    "'[:alnum:]\\n_-')\n"
    "            list=\"last $list\"\n"
    "            ;;\n"
    "        setting)\n"
    "            list=$_whis_settings\n"
    "            # The entry of one service.\n"
    "            if [[ $cur =~ ^[a-z-]+/ ]]; then\n"
    "                list=\"${BASH_REMATCH[0]}${_whis_providers// / ${BASH_REMATCH[0]}}\"\n"
    "            fi\n"
    "            ;;\n"
    "        file)\n"
    "            _filedir\n"
    "            return\n"
    "            ;;\n"
    "    esac\n"
    "    COMPREPLY=($(compgen -W \"$list\" -- \"$cur\"))\n"
    "}\n"
    "\n"
    "_whis()\n"
    "{\n"
    "    local cur prev words cword split\n"
    "    _init_completion -s || return\n"
    "\n"
    "    local path= first=1 options commands kinds repeats kind i n=0 before=\n"
    "    _whis_command\n"
    "    while ((first < cword)) && [[ \" $commands \" == *\" ${words[first]} \"* ]]; do\n"
    "        path+=${path:+ }${words[first++]}\n"
    "        _whis_command\n"
    "    done\n"
    "\n"
    "    if _whis_value \"$prev\"; then\n"
    "        _whis_offer\n"
    "    elif [[ $split == true ]]; then\n"
    "        return\n"
    "    elif [[ $cur == -* ]]; then\n"
    "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
    "    else\n"
    "        for ((i = first; i < cword; i++)); do\n"
    "            if _whis_value \"${words[i]}\"; then\n"
    "                ((i++))\n"
    "            elif [[ ${words[i]} != -* ]]; then\n"
    "                before=${words[i]}\n"
    "                ((n++))\n"
    "            fi\n"
    "        done\n"
    "        kind=none\n"
    "        if [[ $commands ]]; then\n"
    "            ((n == 0)) && kind=\"words $commands\"\n"
    "        elif ((n < ${#kinds[@]})); then\n"
    "            kind=${kinds[n]}\n"
    "        elif [[ $repeats ]]; then\n"
    "            kind=${kinds[-1]}\n"
    "        fi\n"
    "        [[ $kind == value ]] && _whis_setting_kind \"$before\"\n"
    "        _whis_offer\n"
    "    fi\n"
    "} &&\n"
    "    complete -F _whis whis\n";

/**
 * whis_bash_write:
 * @output: where to
 *
 * Writes the completions of bash.
 */
void
whis_bash_write (GString *output)
{
  g_string_append (output, beginning);
  write_settings (output);
  g_string_append (output, "\n# What the command in $path has.\n_whis_command()\n{\n"
                           "    options= commands= kinds=() repeats=\n    case $path in\n");
  whis_walk (write_command, output);
  g_string_append (output, "    esac\n}\n\n# Whether an option of the command has a value, and what"
                           " it is.\n_whis_value()\n{\n    case \"$path $1\" in\n");
  whis_walk (write_values, output);
  g_string_append (output, "        *) return 1 ;;\n    esac\n}\n");
  g_string_append (output, end);
}
