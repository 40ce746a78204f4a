/* SPDX-License-Identifier: MIT */
#include "cli-command.h"

#include <glib/gi18n-lib.h>

#include "cli-commands.h"
#include "cli-history.h"

#define ARGUMENTS(array) .arguments = (array), .n_arguments = G_N_ELEMENTS (array)
#define OPTIONS(array) .options = (array), .n_options = G_N_ELEMENTS (array)
#define COMMANDS(array) .commands = (array), .n_commands = G_N_ELEMENTS (array)

/* --- options that several commands have --------------------------------------------------------
 */

#define PROVIDER_OPTION(is_required)                                                               \
  {                                                                                                \
    "provider", 'p', WHIS_CLI_PROVIDER, N_ ("ID"),                                                 \
        N_ ("Use this transcription service; “whis providers” lists them"),                        \
        .required = (is_required)                                                                  \
  }
#define MODEL_OPTION                                                                               \
  {                                                                                                \
    "model", 'm', WHIS_CLI_MODEL, N_ ("NAME"), N_ ("Use this model")                               \
  }
#define LANGUAGE_OPTION                                                                            \
  {                                                                                                \
    "language", 'l', WHIS_CLI_LANGUAGE, N_ ("CODE"),                                               \
        N_ ("Spoken language, such as “en”; “auto” to detect it")                                  \
  }

/**
 * whis_cli_help_option:
 *
 * `--help`, which every command has besides its own options.
 */
const WhisCliOption whis_cli_help_option = { "help", 'h', WHIS_CLI_FLAG, NULL,
                                             N_ ("Print this help") };

/* --- arguments ---------------------------------------------------------------------------------
 */

static const WhisCliArgument one_provider[] = { { WHIS_CLI_PROVIDER, N_ ("PROVIDER") } };

static const WhisCliArgument one_action[] = { { WHIS_CLI_TEXT, N_ ("ACTION") } };

static const WhisCliArgument action_and_keys[] = {
  { WHIS_CLI_TEXT, N_ ("ACTION") },
  { WHIS_CLI_TEXT, N_ ("KEYS") },
};

static const WhisCliArgument models_of[] = { { WHIS_CLI_MODELS_OF, N_ ("PROVIDER") } };

static const WhisCliArgument one_model[] = { { WHIS_CLI_LOCAL_MODEL, N_ ("NAME") } };

static const WhisCliArgument one_file[] = { { WHIS_CLI_FILE, N_ ("FILE") } };

static const WhisCliArgument one_entry[] = { { WHIS_CLI_ENTRY, N_ ("ID") } };

static const WhisCliArgument maybe_entry[] = { { WHIS_CLI_ENTRY, N_ ("ID"), .optional = TRUE } };

static const WhisCliArgument entries[] = { { WHIS_CLI_ENTRY, N_ ("ID"), .repeated = TRUE } };

static const WhisCliArgument maybe_entries[] = {
  { WHIS_CLI_ENTRY, N_ ("ID"), .optional = TRUE, .repeated = TRUE },
};

static const WhisCliArgument words[] = {
  { WHIS_CLI_TEXT, N_ ("WORDS"), .optional = TRUE, .repeated = TRUE },
};

static const WhisCliArgument files[] = { { WHIS_CLI_FILE, N_ ("FILE"), .repeated = TRUE } };

static const WhisCliArgument entry_and_versions[] = {
  { WHIS_CLI_ENTRY, N_ ("ID") },
  { WHIS_CLI_NUMBER, N_ ("VERSION"), .optional = TRUE },
  { WHIS_CLI_NUMBER, N_ ("VERSION"), .optional = TRUE },
};

static const WhisCliArgument setting_and_value[] = {
  { WHIS_CLI_SETTING, N_ ("KEY"), .optional = TRUE },
  { WHIS_CLI_SETTING_VALUE, N_ ("VALUE"), .optional = TRUE },
};

/* --- options of one command --------------------------------------------------------------------
 */

static const WhisCliOption program_options[] = {
  { "version", 0, WHIS_CLI_FLAG, NULL, N_ ("Print the version") },
};

static const WhisCliOption status_options[] = {
  { "json", 'j', WHIS_CLI_FLAG, NULL, N_ ("Print a line of JSON") },
  { "follow", 'f', WHIS_CLI_FLAG, NULL, N_ ("Print a line of JSON at every change") },
  { "text", 0, WHIS_CLI_FLAG, NULL, N_ ("With --follow: also the texts of dictations that end") },
  { "waybar", 0, WHIS_CLI_FLAG, NULL, N_ ("With --follow: print what Waybar reads") },
};

static const WhisCliOption doctor_options[] = {
  { "online", 0, WHIS_CLI_FLAG, NULL, N_ ("Also ask the service whether it answers") },
};

static const WhisCliOption start_options[] = {
  { "hands-free", 0, WHIS_CLI_FLAG, NULL, N_ ("Stop after a silence") },
  { "continuous", 'c', WHIS_CLI_FLAG, NULL,
    N_ ("Leave the microphone open, and deliver at each longer pause") },
};

static const WhisCliOption record_options[] = {
  { "duration", 'd', WHIS_CLI_DURATION, N_ ("TIME"), N_ ("Stop after so long: 90, 90s, 1.5m") },
  PROVIDER_OPTION (FALSE),
  MODEL_OPTION,
  LANGUAGE_OPTION,
  { "microphone", 0, WHIS_CLI_MICROPHONE, N_ ("NAME"), N_ ("Record from this source") },
};

static const WhisCliOption transcribe_options[] = {
  { "format", 'f', WHIS_CLI_CHOICE, "text|json|srt|vtt",
    N_ ("What to write; the text by default") },
  { "output", 'o', WHIS_CLI_FILE_OR_DIRECTORY, N_ ("FILE|DIRECTORY"),
    N_ ("Write to this file, or a file for each into this directory") },
  { "jobs", 0, WHIS_CLI_NUMBER, N_ ("NUMBER"), N_ ("How many files at a time") },
  { "json", 'j', WHIS_CLI_FLAG, NULL,
    N_ ("Print a line of JSON for each file, with its text alone") },
  PROVIDER_OPTION (FALSE),
  MODEL_OPTION,
  LANGUAGE_OPTION,
};

static const WhisCliOption list_options[] = {
  { "limit", 'n', WHIS_CLI_NUMBER, N_ ("NUMBER"), N_ ("Show at most so many; 100 by default") },
  { "marked", 0, WHIS_CLI_FLAG, NULL, N_ ("Only what is marked") },
  { "unfinished", 0, WHIS_CLI_FLAG, NULL, N_ ("Only what waits or was interrupted") },
  { "json", 'j', WHIS_CLI_FLAG, NULL, N_ ("Print an array of JSON") },
};

static const WhisCliOption show_options[] = {
  { "json", 'j', WHIS_CLI_FLAG, NULL, N_ ("Print the whole entry as JSON") },
  { "versions", 0, WHIS_CLI_FLAG, NULL, N_ ("Print every version of the text") },
  { "version", 0, WHIS_CLI_NUMBER, N_ ("NUMBER"), N_ ("Print this version; 0 is the first") },
};

static const WhisCliOption copy_options[] = {
  { "version", 0, WHIS_CLI_NUMBER, N_ ("NUMBER"), N_ ("Copy this version; 0 is the first") },
};

static const WhisCliOption delete_options[] = {
  { "yes", 'y', WHIS_CLI_FLAG, NULL, N_ ("Do not ask") },
};

static const WhisCliOption export_options[] = {
  { "format", 'f', WHIS_CLI_CHOICE, "text|json|audio|srt|vtt",
    N_ ("What to write; the text by default") },
  { "output", 'o', WHIS_CLI_FILE, N_ ("FILE"), N_ ("Write to this file; “-” for the terminal") },
  { "force", 0, WHIS_CLI_FLAG, NULL, N_ ("Replace a file that is there") },
  { "all", 0, WHIS_CLI_FLAG, NULL, N_ ("Write the whole history") },
};

static const WhisCliOption retry_options[] = {
  PROVIDER_OPTION (FALSE),
  MODEL_OPTION,
  LANGUAGE_OPTION,
};

static const WhisCliOption again_options[] = {
  PROVIDER_OPTION (TRUE),
  MODEL_OPTION,
  LANGUAGE_OPTION,
};

static const WhisCliOption fetch_options[] = {
  { "metered", 0, WHIS_CLI_FLAG, NULL, N_ ("Also over a network that costs money") },
};

static const WhisCliOption endpoint_key_options[] = {
  { "new", 0, WHIS_CLI_FLAG, NULL, N_ ("Replace the key; the one before is worth nothing then") },
};

static const WhisCliOption settings_options[] = {
  { "list", 0, WHIS_CLI_FLAG, NULL, N_ ("Print all settings") },
};

static const WhisCliOption import_options[] = {
  { "dry-run", 0, WHIS_CLI_FLAG, NULL, N_ ("Say what would happen, and change nothing") },
  { "again", 0, WHIS_CLI_FLAG, NULL, N_ ("Also when it was done before") },
  { "overwrite", 0, WHIS_CLI_FLAG, NULL, N_ ("Replace settings and keys that Whis has already") },
};

/* --- the commands ------------------------------------------------------------------------------
 */

static const WhisCliCommand history_commands[] = {
  { "list", whis_cli_history_list, N_ ("List what was dictated, or what has these words"),
    N_ ("The newest are first; all the words must be in an entry, the last one may be a beginning. "
        "A star marks what is marked."),
    ARGUMENTS (words), OPTIONS (list_options) },
  { "show", whis_cli_history_show, N_ ("Print the text"), ARGUMENTS (one_entry),
    OPTIONS (show_options) },
  { "diff", whis_cli_history_diff,
    N_ ("Compare two versions of the text; the exit status is 1 if they differ"),
    N_ ("Without versions the first is compared with the last. The exit status is 2 for trouble."),
    ARGUMENTS (entry_and_versions) },
  { "copy", whis_cli_history_copy, N_ ("Put the text on the clipboard"), ARGUMENTS (one_entry),
    OPTIONS (copy_options) },
  { "play", whis_cli_history_play, N_ ("Play the sound"), N_ ("Ctrl+C ends it."),
    ARGUMENTS (one_entry) },
  { "mark", whis_cli_history_mark, N_ ("Keep it, whatever the settings say"),
    ARGUMENTS (one_entry) },
  { "unmark", whis_cli_history_unmark, N_ ("Keep it no longer than the settings say"),
    ARGUMENTS (one_entry) },
  { "delete", whis_cli_history_delete, N_ ("Delete text and sound"),
    N_ ("It asks before; without a terminal to ask it needs --yes."), ARGUMENTS (entries),
    OPTIONS (delete_options) },
  { "export", whis_cli_history_export, N_ ("Write text, sound or everything to a file"),
    N_ ("Sound and subtitles are exported of one dictation at a time. The sound is an MP3 file, or "
        "a WAV file where it was recognised on this computer."),
    ARGUMENTS (maybe_entries), OPTIONS (export_options) },
  { "retry", whis_cli_history_retry,
    N_ ("Finish what waits, was interrupted, failed or was cancelled"),
    N_ ("Only what has no text yet is sent. Without an ID it is the newest that waits or was "
        "interrupted."),
    ARGUMENTS (maybe_entry), OPTIONS (retry_options) },
  { "again", whis_cli_history_again, N_ ("Transcribe the sound once more, with another service"),
    N_ ("The text becomes a new version in the history; the earlier ones stay."),
    ARGUMENTS (one_entry), OPTIONS (again_options) },
};

static const WhisCliCommand key_commands[] = {
  { "set", whis_cli_key_set, N_ ("Store an API key"),
    N_ ("It is typed, without being shown, or piped in; it is never an argument, since others can "
        "read those."),
    ARGUMENTS (one_provider) },
  { "check", whis_cli_key_check, N_ ("Ask the service whether it takes the key; costs nothing"),
    ARGUMENTS (one_provider) },
  { "remove", whis_cli_key_remove, N_ ("Forget the key"), ARGUMENTS (one_provider) },
};

static const WhisCliCommand endpoint_commands[] = {
  { "on", whis_cli_endpoint_on, N_ ("Answer other programs on this computer"),
    N_ ("A key is made the first time. As long as Whis runs, programs that have it can transcribe "
        "with the embedded recogniser.") },
  { "off", whis_cli_endpoint_off, N_ ("Answer them no more") },
  { "status", whis_cli_endpoint_status, N_ ("Print the address, or “off”") },
  { "key", whis_cli_endpoint_key, N_ ("Print the key that other programs need"),
    OPTIONS (endpoint_key_options) },
};

static const WhisCliCommand shortcut_commands[] = {
  { "set", whis_cli_shortcut_set, N_ ("Bind keys to an action, such as “toggle <Super><Alt>d”"),
    N_ ("Actions are toggle, hands-free, continuous, cancel, insert-last, undo-insertion and "
        "alternative. Empty KEYS remove the shortcut. The desktop may ask."),
    ARGUMENTS (action_and_keys) },
  { "check", whis_cli_shortcut_check, N_ ("Wait ten seconds for a shortcut, and say if it came") },
  { "line", whis_cli_shortcut_line,
    N_ ("Print what to write into the configuration of this compositor"),
    N_ ("For sway, i3, Hyprland, niri, labwc, COSMIC and river.") },
  { "press", whis_cli_shortcut_press, N_ ("Say that the key of an action was pressed"),
    N_ ("For compositors that run commands. A press without a release within half a second is a "
        "key "
        "that is held."),
    ARGUMENTS (one_action) },
  { "release", whis_cli_shortcut_release, N_ ("Say that it was released"), ARGUMENTS (one_action) },
  { "tap", whis_cli_shortcut_tap, N_ ("Say both, where the release cannot be seen"),
    ARGUMENTS (one_action) },
};

static const WhisCliCommand model_commands[] = {
  { "fetch", whis_cli_model_fetch, N_ ("Fetch a model from its address"),
    N_ ("It says before where the model comes from and how large it is. Ctrl+C stops; what has "
        "come "
        "is kept, and the next time goes on from there."),
    ARGUMENTS (one_model), OPTIONS (fetch_options) },
  { "remove", whis_cli_model_remove, N_ ("Remove a model, and say how much space that frees"),
    ARGUMENTS (one_model) },
  { "import", whis_cli_model_import, N_ ("Take over a model file that is here already"),
    N_ ("It is recognised by its checksum. Another file is taken as a model of your own if an "
        "engine can be given it, and shown as not verified."),
    ARGUMENTS (one_file) },
  { "check", whis_cli_model_check, N_ ("Compare a model's file with its checksum"),
    ARGUMENTS (one_model) },
  { "measure", whis_cli_model_measure, N_ ("Measure how fast a model is on this computer"),
    N_ ("That is also done when a model was fetched or imported. While a dictation is recorded or "
        "recognised it waits. Ctrl+C stops it."),
    ARGUMENTS (one_model) },
};

static const WhisCliCommand commands[] = {
  { "start", whis_cli_start, N_ ("Start a dictation"), OPTIONS (start_options) },
  { "stop", whis_cli_stop, N_ ("Stop recording; the text goes where the cursor is") },
  { "toggle", whis_cli_toggle, N_ ("Start or stop, whichever fits"),
    N_ ("The command to bind to a shortcut of the desktop."), OPTIONS (start_options) },
  { "cancel", whis_cli_cancel, N_ ("End the dictation without text; the sound is kept") },
  { "undo", whis_cli_undo, N_ ("Take the last “cancel” back, for a minute") },
  { "status", whis_cli_status, N_ ("Say what Whis is doing"),
    N_ ("With --follow it ends when the service does not come back within five seconds."),
    OPTIONS (status_options) },
  { "doctor", whis_cli_doctor, N_ ("Say what works in this session, and what to do about the rest"),
    N_ ("The exit status is 1 if something is missing that dictating needs."),
    OPTIONS (doctor_options) },
  { "last", whis_cli_last, N_ ("Print the last text") },
  { "paste", whis_cli_paste, N_ ("Put the last text, or that of a dictation, at the cursor"),
    N_ ("For a shortcut of the desktop: in a terminal the cursor is the terminal's."),
    ARGUMENTS (maybe_entry) },
  { "unpaste", whis_cli_unpaste, N_ ("Take the text that was inserted last away again"),
    N_ ("Only if it can be seen that it still stands before the cursor; else it is put on the "
        "clipboard.") },
  { "record", whis_cli_record, N_ ("Record in the terminal and print the text"),
    N_ ("Enter stops, Ctrl+C cancels."), OPTIONS (record_options) },
  { "transcribe", whis_cli_transcribe, N_ ("Print the text of sound or video files"),
    N_ ("Files may be of any length; “-” is standard input. The texts come in the order of the "
        "files, and a file that fails does not stop the others. Ctrl+C cancels all."),
    ARGUMENTS (files), OPTIONS (transcribe_options) },
  { "history", whis_cli_history, N_ ("Find, finish, compare, play or delete earlier dictations"),
    N_ ("Without a command they are listed, as by “list”. An ID may be its beginning or end alone, "
        "or “last”."),
    OPTIONS (list_options), COMMANDS (history_commands) },
  { "providers", whis_cli_providers, N_ ("List the transcription services") },
  { "models", whis_cli_models, N_ ("List the models that a service has at present"),
    N_ ("“whis models local” lists those for this computer, with size, languages, licence and what "
        "there is of them."),
    ARGUMENTS (models_of) },
  { "model", whis_cli_model,
    N_ ("Fetch, import, check, measure or remove a model for this computer"), .needs_command = TRUE,
    COMMANDS (model_commands) },
  { "usage", whis_cli_usage_list, N_ ("Show what was sent to each service"),
    N_ ("By month, with an estimate of the cost where a price is known.") },
  { "stats", whis_cli_statistics, N_ ("Show what was put right in the texts of each model"),
    N_ ("Holes are stretches of speech that were in no text: found, filled when they were "
        "recognised again, and left. Words where nobody spoke, the same words over and over, and "
        "descriptions of sounds are removed.") },
  { "key", whis_cli_key, N_ ("Store, check or forget an API key"), .needs_command = TRUE,
    COMMANDS (key_commands) },
  { "endpoint", whis_cli_endpoint, N_ ("Let other programs use the recogniser of this computer"),
    N_ ("It answers at an address of this computer alone, in the dialect of OpenAI: POST "
        "/v1/audio/transcriptions and GET /v1/models. Sound that comes there goes to no service, "
        "and neither sound nor text is kept."),
    .needs_command = TRUE, COMMANDS (endpoint_commands) },
  { "shortcut", whis_cli_shortcut, N_ ("List or set the shortcuts that work in every program"),
    COMMANDS (shortcut_commands) },
  { "settings", whis_cli_settings, N_ ("Open the preferences, or show and change a setting"),
    N_ ("KEY/PROVIDER is the entry of one service in a setting that has one for each; an empty "
        "VALUE removes it. Without a display the settings are listed."),
    .verbatim = TRUE, ARGUMENTS (setting_and_value), OPTIONS (settings_options) },
  { "import", whis_cli_import, N_ ("Take over settings, presets and keys of the earlier Whis"),
    N_ ("That is the program of the same name in Rust. Its files stay as they are."),
    OPTIONS (import_options) },
  { "quit", whis_cli_quit, N_ ("End the service; what is recorded is kept") },
  { "complete", whis_cli_complete, N_ ("Print what the completion of a shell may offer"),
    .hidden = TRUE, .verbatim = TRUE, ARGUMENTS (words) },
};

/**
 * whis_cli_program:
 *
 * The program itself, with all its commands.
 */
const WhisCliCommand whis_cli_program = {
  "whis",
  whis_cli_open,
  N_ ("Speak, and your words are text where you are working"),
  N_ ("Without a command the window opens."),
  .verbatim = TRUE,
  OPTIONS (program_options),
  COMMANDS (commands),
};

/* --- what is read out of it --------------------------------------------------------------------
 */

/**
 * whis_cli_command_find:
 * @self: a command
 * @name: a word
 *
 * Returns: (nullable): the command of that name that @self has
 */
const WhisCliCommand *
whis_cli_command_find (const WhisCliCommand *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  for (gsize i = 0; i < self->n_commands; i++)
    if (g_str_equal (self->commands[i].name, name))
      return &self->commands[i];

  return NULL;
}

/**
 * whis_cli_command_lookup:
 * @path: the words of a command, such as `history show`; empty for the program
 *
 * Returns: (nullable): the command
 */
const WhisCliCommand *
whis_cli_command_lookup (const char *path)
{
  const WhisCliCommand *command = &whis_cli_program;
  g_auto (GStrv) names = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  names = g_strsplit (path, " ", -1);
  for (char **name = names; *name != NULL && command != NULL; name++)
    command = whis_cli_command_find (command, *name);

  return command;
}

/**
 * whis_cli_option_get_value:
 * @self: an option
 *
 * Returns: (nullable): what it takes, for people; %NULL for a flag
 */
const char *
whis_cli_option_get_value (const WhisCliOption *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->kind == WHIS_CLI_FLAG || self->kind == WHIS_CLI_CHOICE ? self->value
                                                                      : _ (self->value);
}

/**
 * whis_cli_command_dup_arguments:
 * @self: a command
 *
 * Returns: (transfer full): what follows its name and its options, as in `ID [VERSION [VERSION]]`;
 *   maybe empty
 */
char *
whis_cli_command_dup_arguments (const WhisCliCommand *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_open = 0;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->n_commands > 0)
    g_string_append (text, self->needs_command ? _ ("COMMAND") : _ ("[COMMAND]"));
  for (gsize i = 0; i < self->n_arguments; i++)
    {
      const WhisCliArgument *argument = &self->arguments[i];

      if (text->len > 0)
        g_string_append_c (text, ' ');
      if (argument->optional)
        {
          g_string_append_c (text, '[');
          n_open++;
        }
      g_string_append (text, _ (argument->name));
      if (argument->repeated)
        g_string_append (text, "…");
    }
  for (; n_open > 0; n_open--)
    g_string_append_c (text, ']');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * whis_cli_command_dup_usage:
 * @self: a command
 * @path: its words, such as `history show`; empty for the program
 *
 * Returns: (transfer full): how to call it, in one line
 */
char *
whis_cli_command_dup_usage (const WhisCliCommand *self, const char *path)
{
  g_autoptr (GString) text = g_string_new (whis_cli_program.name);
  g_autofree char *arguments = NULL;

  g_return_val_if_fail (self != NULL && path != NULL, NULL);

  if (*path != '\0')
    g_string_append_printf (text, " %s", path);
  if (self->n_options > 0)
    g_string_append_printf (text, " %s", _ ("[OPTION…]"));
  for (gsize i = 0; i < self->n_options; i++)
    if (self->options[i].required)
      g_string_append_printf (text, " --%s=%s", self->options[i].name,
                              whis_cli_option_get_value (&self->options[i]));
  arguments = whis_cli_command_dup_arguments (self);
  if (*arguments != '\0')
    g_string_append_printf (text, " %s", arguments);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
