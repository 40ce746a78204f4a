/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "cli-command.h"
#include "cli-output.h"
#include "cli-service.h"
#include "cli-setting.h"
#include "local-model.h"
#include "providers.h"

/* Whoever presses the Tab key waits for no service, and starts none. */
#define PATIENCE_MS 1000

#define MAX_ENTRIES 50
#define SHOWN_CHARACTERS 48

/* What the shells complete themselves. */
#define FILES ":file\n"

/* What is offered: a line for each, with a tab between word and description. */
typedef struct
{
  GString *output;
  const char *before; /* what stands before each word: the `--option=` that it is the value of */
} Offer;

static void
cli_complete_offer (Offer *self, const char *word, const char *description)
{
  g_string_append_printf (self->output, "%s%s", self->before, word);
  if (description != NULL)
    g_string_append_printf (self->output, "\t%s", description);
  g_string_append_c (self->output, '\n');
}

/* --- dictations ------------------------------------------------------------------------------- */

/* When it was, and how it begins, on one line and without what a terminal would obey. */
static char *
describe_entry (GVariant *entry)
{
  const char *text = "", *message = "";
  gint64 created_ms = 0;
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *when = NULL;
  g_autoptr (GString) line = NULL;
  guint n = 0;

  g_variant_lookup (entry, "text", "&s", &text);
  g_variant_lookup (entry, "message", "&s", &message);
  g_variant_lookup (entry, "created", "x", &created_ms);
  time = g_date_time_new_from_unix_local (created_ms / 1000);
  when = time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M ") : g_strdup ("");
  line = g_string_new (when);
  for (const char *p = *text != '\0' ? text : message; *p != '\0' && n < SHOWN_CHARACTERS; n++)
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (line, g_unichar_iscntrl (c) || g_unichar_isspace (c) ? ' ' : c);
      p = g_utf8_next_char (p);
    }

  return g_string_free (g_steal_pointer (&line), FALSE);
}

static GVariant *
list_entries (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_auto (GVariantDict) query = G_VARIANT_DICT_INIT (NULL);

  if (bus == NULL)
    return NULL;

  g_variant_dict_insert (&query, "limit", "u", MAX_ENTRIES);
  answer = g_dbus_connection_call_sync (
      bus, WHIS_APP_ID, WHIS_APP_PATH, "io.github.whis_gtk.Whis1", "ListHistory",
      g_variant_new ("(@a{sv})", g_variant_dict_end (&query)), G_VARIANT_TYPE ("(aa{sv}u)"),
      G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE_MS, NULL, NULL);

  return answer != NULL ? g_variant_get_child_value (answer, 0) : NULL;
}

static void
offer_entries (Offer *self)
{
  g_autoptr (GVariant) entries = list_entries ();
  gsize n = entries != NULL ? g_variant_n_children (entries) : 0;

  cli_complete_offer (self, "last", _ ("the newest"));
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
      g_autofree char *description = describe_entry (entry);
      const char *id = "";

      g_variant_lookup (entry, "id", "&s", &id);
      cli_complete_offer (self, id, description);
    }
}

/* --- services, models, settings --------------------------------------------------------------- */

static void
offer_providers (Offer *self)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (gsize i = 0; i < n; i++)
    cli_complete_offer (self, providers[i].id, whis_provider_get_name (&providers[i]));
}

static void
offer_local_models (Offer *self)
{
  gsize n;
  const WhisLocalModel *const *models = whis_local_models_list (&n);

  for (gsize i = 0; i < n; i++)
    cli_complete_offer (self, models[i]->id, models[i]->name);
}

static void
offer_models (Offer *self, const char *provider_id)
{
  const WhisProvider *provider = provider_id != NULL ? whis_provider_lookup (provider_id) : NULL;

  if (provider != NULL && provider->local)
    offer_local_models (self);
  else if (provider != NULL)
    for (gsize i = 0; i < provider->n_models; i++)
      cli_complete_offer (self, provider->models[i].id, NULL);
}

static void
offer_settings (Offer *self, const char *word)
{
  const char *slash = strchr (word, '/');
  g_autofree char *before = slash != NULL ? g_strndup (word, (gsize) (slash - word) + 1) : NULL;
  g_autoptr (GPtrArray) settings = whis_cli_setting_list ();

  for (guint i = 0; i < settings->len && before == NULL; i++)
    {
      const WhisCliSetting *setting = g_ptr_array_index (settings, i);

      cli_complete_offer (self, setting->key, setting->summary);
    }
  if (before != NULL)
    {
      /* The entry of one service. */
      self->before = before;
      offer_providers (self);
      self->before = "";
    }
}

static void
offer_setting_values (Offer *self, const char *key)
{
  g_autoptr (GPtrArray) settings = whis_cli_setting_list ();

  for (guint i = 0; i < settings->len; i++)
    {
      const WhisCliSetting *setting = g_ptr_array_index (settings, i);

      if (!g_str_equal (setting->key, key))
        continue;
      if (setting->is_switch)
        {
          cli_complete_offer (self, "true", NULL);
          cli_complete_offer (self, "false", NULL);
        }
      if (setting->is_provider)
        offer_providers (self);
    }
}

static void
offer_choices (Offer *self, const char *words)
{
  g_auto (GStrv) choices = g_strsplit (words, "|", -1);

  for (char **choice = choices; *choice != NULL; choice++)
    cli_complete_offer (self, *choice, NULL);
}

/* --- what is typed ---------------------------------------------------------------------------- */

/* A command line up to the cursor. */
typedef struct
{
  const WhisCliCommand *command;
  const WhisCliOption *waiting; /* (nullable): the option that the word at the cursor is for */
  GPtrArray *arguments;         /* before the cursor */
  GPtrArray *options;           /* that are there already: their rows */
  const char *provider;         /* (nullable): that is named by an option */
  gboolean only_arguments;      /* there was a “--” */
} Line;

/* @word may go on behind the name, with its value. */
static const WhisCliOption *
find_option (const WhisCliCommand *command, const char *word)
{
  const WhisCliOption *last = command->options + command->n_options;
  gboolean is_long = g_str_has_prefix (word, "--");
  gsize length = is_long ? strcspn (word + 2, "=") : 0;

  for (const WhisCliOption *option = command->options; option < last; option++)
    {
      if (is_long && strlen (option->name) == length
          && strncmp (option->name, word + 2, length) == 0)
        return option;
      if (!is_long && word[0] == '-' && option->letter != 0 && word[1] == option->letter)
        return option;
    }

  return NULL;
}

/* `--name=value` or `-nvalue`; NULL for a name alone. */
static const char *
find_value (const char *word)
{
  const char *equals = strchr (word, '=');

  if (g_str_has_prefix (word, "--"))
    return equals != NULL ? equals + 1 : NULL;

  return word[0] == '-' && word[1] != '\0' && word[2] != '\0' ? word + 2 : NULL;
}

static void
take_value (Line *self, const WhisCliOption *option, const char *value)
{
  if (option->kind == WHIS_CLI_PROVIDER)
    self->provider = value;
}

static void
take_option (Line *self, const char *word)
{
  const WhisCliOption *option = find_option (self->command, word);
  const char *value = find_value (word);

  if (option == NULL)
    return;

  g_ptr_array_add (self->options, (gpointer) option);
  if (option->kind == WHIS_CLI_FLAG)
    return;
  if (value != NULL)
    take_value (self, option, value);
  else
    self->waiting = option;
}

static void
take_word (Line *self, const char *word)
{
  const WhisCliCommand *next = NULL;

  if (self->waiting != NULL)
    {
      take_value (self, self->waiting, word);
      self->waiting = NULL;
      return;
    }
  if (self->arguments->len == 0 && self->options->len == 0)
    next = whis_cli_command_find (self->command, word);
  if (next != NULL && !next->hidden)
    self->command = next;
  else if (g_str_equal (word, "--"))
    self->only_arguments = TRUE;
  else if (*word == '-' && !self->only_arguments)
    take_option (self, word);
  else
    g_ptr_array_add (self->arguments, (gpointer) word);
}

/* --- what is offered -------------------------------------------------------------------------- */

static void
offer_kind (Offer *self, const Line *line, WhisCliKind kind, const char *choices, const char *word)
{
  switch (kind)
    {
    case WHIS_CLI_CHOICE:
      offer_choices (self, choices);
      break;
    case WHIS_CLI_FILE:
    case WHIS_CLI_FILE_OR_DIRECTORY:
      g_string_append (self->output, FILES);
      break;
    case WHIS_CLI_MODELS_OF:
      cli_complete_offer (self, "local", _ ("This computer"));
      offer_providers (self);
      break;
    case WHIS_CLI_PROVIDER:
      offer_providers (self);
      break;
    case WHIS_CLI_MODEL:
      offer_models (self, line->provider);
      break;
    case WHIS_CLI_LOCAL_MODEL:
      offer_local_models (self);
      break;
    case WHIS_CLI_LANGUAGE:
      cli_complete_offer (self, "auto", NULL);
      break;
    case WHIS_CLI_ENTRY:
      offer_entries (self);
      break;
    case WHIS_CLI_SETTING:
      offer_settings (self, word);
      break;
    case WHIS_CLI_SETTING_VALUE:
      offer_setting_values (self, g_ptr_array_index (line->arguments, line->arguments->len - 1));
      break;
    case WHIS_CLI_FLAG:
    case WHIS_CLI_TEXT:
    case WHIS_CLI_NUMBER:
    case WHIS_CLI_DURATION:
    case WHIS_CLI_MICROPHONE:
    default:
      break;
    }
}

static void
offer_option (Offer *self, const Line *line, const WhisCliOption *option)
{
  g_autofree char *name = g_strconcat ("--", option->name, NULL);

  if (!g_ptr_array_find (line->options, option, NULL))
    cli_complete_offer (self, name, _ (option->help));
}

static void
offer_options (Offer *self, const Line *line)
{
  for (gsize i = 0; i < line->command->n_options; i++)
    offer_option (self, line, &line->command->options[i]);
  offer_option (self, line, &whis_cli_help_option);
}

static void
offer_arguments (Offer *self, const Line *line, const char *word)
{
  const WhisCliCommand *command = line->command;
  guint n = line->arguments->len;
  gboolean may_be_command = n == 0 && line->options->len == 0;

  for (gsize i = 0; i < command->n_commands && may_be_command; i++)
    if (!command->commands[i].hidden)
      cli_complete_offer (self, command->commands[i].name, _ (command->commands[i].help));
  if (command->n_arguments == 0)
    return;

  if (n >= command->n_arguments && command->arguments[command->n_arguments - 1].repeated)
    n = (guint) command->n_arguments - 1;
  if (n < command->n_arguments)
    offer_kind (self, line, command->arguments[n].kind, NULL, word);
}

static void
offer_word (Offer *self, Line *line, const char *word)
{
  const WhisCliOption *option = NULL;
  const char *value = find_value (word);
  g_autofree char *before = value != NULL ? g_strndup (word, (gsize) (value - word)) : NULL;

  if (line->waiting != NULL)
    {
      offer_kind (self, line, line->waiting->kind, line->waiting->value, word);
      return;
    }
  if (*word != '-' || line->only_arguments)
    {
      offer_arguments (self, line, word);
      return;
    }
  if (value == NULL)
    {
      offer_options (self, line);
      return;
    }

  option = find_option (line->command, word);
  self->before = before;
  if (option != NULL)
    offer_kind (self, line, option->kind, option->value, value);
}

/**
 * whis_cli_complete:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis complete -- WORD…`, for the completions of the shells: prints what the last of the words,
 * which may be empty or a beginning, may become behind the others. Each stands on a line of its
 * own, maybe with a tab and a description; the line `:file` stands for names of files. The shell
 * takes out what does not begin like the word.
 *
 * Returns: the exit status
 */
int
whis_cli_complete (int argc, char **argv)
{
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GPtrArray) options = g_ptr_array_new ();
  Line line = { .command = &whis_cli_program, .arguments = arguments, .options = options };
  Offer offered = { output, "" };

  if (argc < 3 || !g_str_equal (argv[1], "--"))
    return whis_cli_usage (_ ("“complete” needs “--” and the words up to the cursor."));

  for (int i = 2; i < argc - 1; i++)
    take_word (&line, argv[i]);
  offer_word (&offered, &line, argv[argc - 1]);

  return whis_cli_print_text (output->str) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}
