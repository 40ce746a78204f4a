/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisCliKind:
 * @WHIS_CLI_FLAG: nothing: the option is there or not
 * @WHIS_CLI_TEXT: any words
 * @WHIS_CLI_NUMBER: a whole number
 * @WHIS_CLI_DURATION: a length of time: 90, 90s, 1.5m
 * @WHIS_CLI_CHOICE: one of a few words
 * @WHIS_CLI_FILE: a file
 * @WHIS_CLI_FILE_OR_DIRECTORY: a file, or a directory for many
 * @WHIS_CLI_PROVIDER: the id of a transcription service
 * @WHIS_CLI_MODEL: the name of a model
 * @WHIS_CLI_MODELS_OF: the id of a transcription service, or “local” for this computer
 * @WHIS_CLI_LOCAL_MODEL: the name of a model for this computer
 * @WHIS_CLI_LANGUAGE: the code of a language, or “auto”
 * @WHIS_CLI_MICROPHONE: the name of a source of sound
 * @WHIS_CLI_ENTRY: the id of a dictation, or “last”
 * @WHIS_CLI_SETTING: the name of a setting, or SETTING/PROVIDER
 * @WHIS_CLI_SETTING_VALUE: what a setting can be
 *
 * What an option or an argument takes. The completions of the shells go by it.
 */
typedef enum
{
  WHIS_CLI_FLAG,
  WHIS_CLI_TEXT,
  WHIS_CLI_NUMBER,
  WHIS_CLI_DURATION,
  WHIS_CLI_CHOICE,
  WHIS_CLI_FILE,
  WHIS_CLI_FILE_OR_DIRECTORY,
  WHIS_CLI_PROVIDER,
  WHIS_CLI_MODEL,
  WHIS_CLI_MODELS_OF,
  WHIS_CLI_LOCAL_MODEL,
  WHIS_CLI_LANGUAGE,
  WHIS_CLI_MICROPHONE,
  WHIS_CLI_ENTRY,
  WHIS_CLI_SETTING,
  WHIS_CLI_SETTING_VALUE,
} WhisCliKind;

/**
 * WhisCliOption:
 * @name: its name without the dashes
 * @letter: its short name, 0 for none
 * @kind: what it takes
 * @value: (nullable): what that is called in the help, translate with `_()`; for a choice the
 * words, with `|` between them
 * @help: what it does, translate with `_()`
 * @required: whether the command makes no sense without it
 *
 * An option of a command.
 */
typedef struct
{
  const char *name;
  char letter;
  WhisCliKind kind;
  const char *value;
  const char *help;
  gboolean required;
} WhisCliOption;

/**
 * WhisCliArgument:
 * @kind: what it is
 * @name: what it is called in the help; translate with `_()`
 * @optional: whether it may be left out, and all after it
 * @repeated: whether there may be more of them
 *
 * A word that follows a command.
 */
typedef struct
{
  WhisCliKind kind;
  const char *name;
  gboolean optional;
  gboolean repeated;
} WhisCliArgument;

typedef struct _WhisCliCommand WhisCliCommand;

/**
 * WhisCliCommand:
 * @name: the word on the command line
 * @run: what it does, which gets the words from @name on and returns the exit status; of a command
 *   that has commands of its own, what it does without one of them
 * @help: one line; translate with `_()`
 * @more: (nullable): what one line cannot say; translate with `_()`
 * @hidden: whether only programs call it
 * @verbatim: whether what follows the first argument is no option, whatever it looks like
 * @needs_command: whether it does nothing without one of its commands
 * @arguments: (array length=n_arguments): the words that it takes
 * @options: (array length=n_options): its options, besides --help
 * @commands: (array length=n_commands): the commands that it has of its own
 *
 * A command of the command line: a row of a constant table. Parser, help, man page and the
 * completions of the shells read that table; there is no other list of commands or options.
 */
struct _WhisCliCommand
{
  const char *name;
  int (*run) (int argc, char **argv);
  const char *help;
  const char *more;
  gboolean hidden;
  gboolean verbatim;
  gboolean needs_command;
  const WhisCliArgument *arguments;
  gsize n_arguments;
  const WhisCliOption *options;
  gsize n_options;
  const WhisCliCommand *commands;
  gsize n_commands;
};

extern const WhisCliCommand whis_cli_program;
extern const WhisCliOption whis_cli_help_option;

const WhisCliCommand *whis_cli_command_find (const WhisCliCommand *self, const char *name);
const WhisCliCommand *whis_cli_command_lookup (const char *path);
char *whis_cli_command_dup_usage (const WhisCliCommand *self, const char *path);
char *whis_cli_command_dup_arguments (const WhisCliCommand *self);
const char *whis_cli_option_get_value (const WhisCliOption *self);

G_END_DECLS
