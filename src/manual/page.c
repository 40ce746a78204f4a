/* SPDX-License-Identifier: MIT */
#include "page.h"

#include <string.h>

#include "providers.h"
#include "cli-setting.h"
#include "walk.h"

/* The manual page: man(7), whose prose is in data/whis.1.in. */

#define LINE_LENGTH 78

static void
append_character (GString *output, gunichar c)
{
  static const struct
  {
    gunichar character;
    const char *roff;
  } special[] = {
    { '\\', "\\e" },     { '-', "\\-" },    { 0x201c, "\\(lq" },
    { 0x201d, "\\(rq" }, { 0x2026, "..." }, { '\'', "\\(aq" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (c == special[i].character)
      {
        g_string_append (output, special[i].roff);
        return;
      }
  if (c < 0x80)
    g_string_append_c (output, (char) c);
  else
    g_string_append_printf (output, "\\[u%04X]", c);
}

static char *
page_escape (const char *text)
{
  g_autoptr (GString) output = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    append_character (output, g_utf8_get_char (p));

  return g_string_free (g_steal_pointer (&output), FALSE);
}

/* Filled lines, none of which looks like a request, and each sentence begins one. */
static void
append_text (GString *output, const char *text)
{
  g_autofree char *escaped = page_escape (text);
  g_auto (GStrv) words = g_strsplit (escaped, " ", -1);
  gsize used = 0;
  gboolean ended = FALSE;

  for (char **word = words; *word != NULL; word++)
    {
      gsize length = strlen (*word);
      gboolean next_line = used > 0 && (ended || used + 1 + length > LINE_LENGTH);

      if (next_line)
        g_string_append_c (output, '\n');
      else if (used > 0)
        g_string_append_c (output, ' ');
      used = next_line || used == 0 ? length : used + 1 + length;
      g_string_append_printf (output, "%s%s", **word == '.' ? "\\&" : "", *word);
      ended = g_str_has_suffix (*word, ".");
    }
  g_string_append_c (output, '\n');
}

/* Capitals are names of things that the user puts there. */
static void
append_usage (GString *output, const char *usage)
{
  g_auto (GStrv) words = g_strsplit (usage, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *escaped = page_escape (*word);
      gboolean is_name = g_ascii_isupper (**word) || **word == '[';

      g_string_append_printf (output, "%s%s%s\\fR", word != words ? " " : "",
                              is_name ? "\\fI" : "\\fB", escaped);
    }
  g_string_append_c (output, '\n');
}

static void
append_option (GString *output, const WhisCliOption *option)
{
  const char *value = whis_cli_option_get_value (option);
  g_autofree char *name = page_escape (option->name);

  g_string_append (output, ".TP\n");
  if (option->letter != 0)
    g_string_append_printf (output, "\\fB\\-%c\\fR, ", option->letter);
  g_string_append_printf (output, "\\fB\\-\\-%s\\fR", name);
  if (value != NULL)
    {
      g_autofree char *escaped = page_escape (value);

      g_string_append_printf (output, "=\\fI%s\\fR", escaped);
    }
  g_string_append_c (output, '\n');
  append_text (output, option->help);
}

static void
append_sentence (GString *output, const char *text)
{
  g_autofree char *sentence = g_strconcat (text, ".", NULL);

  append_text (output, sentence);
}

static void
append_command (const WhisCliCommand *command, const char *path, GString *output)
{
  g_autofree char *usage = whis_cli_command_dup_usage (command, path);

  if (*path == '\0')
    return;

  g_string_append (output, ".TP\n");
  append_usage (output, usage);
  append_sentence (output, command->help);
  if (command->more != NULL)
    append_text (output, command->more);
  /* Without a command of its own it is one of those, and has the same options. */
  if (command->n_options == 0 || command->n_commands > 0)
    return;

  g_string_append (output, ".RS\n");
  for (gsize i = 0; i < command->n_options; i++)
    append_option (output, &command->options[i]);
  g_string_append (output, ".RE\n");
}

static void
write_commands (GString *output)
{
  whis_walk (append_command, output);
}

static void
write_options (GString *output)
{
  append_option (output, &whis_cli_help_option);
  for (gsize i = 0; i < whis_cli_program.n_options; i++)
    append_option (output, &whis_cli_program.options[i]);
}

static void
write_settings (GString *output)
{
  g_autoptr (GPtrArray) settings = whis_cli_setting_list ();

  for (guint i = 0; i < settings->len; i++)
    {
      const WhisCliSetting *setting = g_ptr_array_index (settings, i);
      g_autofree char *key = page_escape (setting->key);
      g_autofree char *standard = page_escape (setting->standard);

      g_string_append_printf (output, ".TP\n\\fB%s\\fR%s (%s", key,
                              setting->per_provider ? "[/\\fIPROVIDER\\fR]" : "", setting->type);
      if (*standard != '\0')
        g_string_append_printf (output, "; %s", standard);
      g_string_append (output, ")\n");
      append_sentence (output, setting->summary);
      if (setting->description != NULL)
        append_text (output, setting->description);
    }
}

static void
write_providers (GString *output)
{
  gsize n_providers = 0;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  for (gsize i = 0; i < n_providers; i++)
    {
      g_autofree char *id = page_escape (providers[i].id);

      g_string_append_printf (output, ".TP\n\\fB%s\\fR\n", id);
      append_sentence (output, providers[i].name);
      if (providers[i].note != NULL)
        append_text (output, providers[i].note);
    }
}

static void
write_keys (GString *output)
{
  gsize n_providers = 0;
  const WhisProvider *providers = whis_providers_list (&n_providers);

  for (gsize i = 0; i < n_providers; i++)
    if (providers[i].key_variable != NULL)
      {
        g_autofree char *sentence = g_strdup_printf ("For the service “%s”.", providers[i].id);

        g_string_append_printf (output, ".TP\n.B %s\n", providers[i].key_variable);
        append_text (output, sentence);
      }
}

static void
write_version (GString *output)
{
  g_string_append (output, WHIS_VERSION);
}

static void
write_folder (GString *output)
{
  g_autofree char *folder = page_escape (WHIS_DOCDIR);

  g_string_append (output, folder);
}

static const struct
{
  const char *name;
  void (*write) (GString *output);
} parts[] = {
  { "@COMMANDS@\n", write_commands }, { "@OPTIONS@\n", write_options },
  { "@SETTINGS@\n", write_settings }, { "@PROVIDERS@\n", write_providers },
  { "@KEYS@\n", write_keys },         { "@VERSION@", write_version },
  { "@DOCDIR@", write_folder },
};

static gboolean
write_part (const char *place, gsize *length, GString *output)
{
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_has_prefix (place, parts[i].name))
      {
        parts[i].write (output);
        *length = strlen (parts[i].name);
        return TRUE;
      }

  return FALSE;
}

/**
 * whis_page_write:
 * @template: the file with the prose, and with `@COMMANDS@` and the like where the tables go
 * @output: where to
 *
 * Writes the manual page.
 */
void
whis_page_write (const char *template, GString *output)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (template, &text, NULL, &error))
    g_error ("%s", error->message);

  for (const char *p = text; *p != '\0';)
    {
      gsize length = 1;

      if (!write_part (p, &length, output))
        g_string_append_c (output, *p);
      p += length;
    }
}
