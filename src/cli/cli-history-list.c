/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli-output.h"
#include "cli-parse.h"
#include "cli-service.h"

#define DEFAULT_LIMIT 100

/* Standard output's width if it is a terminal, else 0. */
static guint
get_width (void)
{
  struct winsize size;

  if (!isatty (STDOUT_FILENO) || ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return 0;

  return size.ws_col;
}

static guint
get_columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

/* On one line, without what a terminal would obey; and no wider than there is room, if that is
 * known. */
static void
append_line (GString *output, const char *text, guint room)
{
  guint used = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gunichar shown = g_unichar_iscntrl (c) || g_unichar_isspace (c) ? ' ' : c;

      used += get_columns (shown);
      if (room > 0 && used > room - 1 && *g_utf8_next_char (p) != '\0')
        {
          g_string_append (output, "…");
          break;
        }
      g_string_append_unichar (output, shown);
    }
}

static char *
format_time (gint64 created_ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (created_ms / 1000);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M") : g_strdup ("-");
}

static const char *
or_dash (const char *value)
{
  return *value != '\0' ? value : "-";
}

/* `*` is in front of what is marked, in the same column as the `-` of what is not. */
static void
append_entry (GString *output, GVariant *entry, guint width)
{
  const char *id = "", *provider = "", *state = "", *text = "", *message = "";
  gboolean marked = FALSE;
  gint64 created_ms = 0;
  guint64 length_ms = 0;
  gsize start = output->len;
  g_autofree char *time = NULL;
  g_autofree char *length = NULL;
  guint columns;

  g_variant_lookup (entry, "id", "&s", &id);
  g_variant_lookup (entry, "provider", "&s", &provider);
  g_variant_lookup (entry, "state", "&s", &state);
  g_variant_lookup (entry, "text", "&s", &text);
  g_variant_lookup (entry, "message", "&s", &message);
  g_variant_lookup (entry, "marked", "b", &marked);
  g_variant_lookup (entry, "created", "x", &created_ms);
  g_variant_lookup (entry, "length", "t", &length_ms);
  time = format_time (created_ms);
  length = g_strdup_printf ("%" G_GUINT64_FORMAT ":%02u", length_ms / 60000,
                            (guint) (length_ms / 1000 % 60));
  g_string_append_printf (output, "%s  %s  %6s  %-10s  %-12s %s ", id, time, length,
                          or_dash (provider), or_dash (state), marked ? "*" : "-");
  columns = (guint) g_utf8_strlen (output->str + start, -1);
  append_line (output, *text != '\0' ? text : message,
               width > columns + 10 ? width - columns : (width > 0 ? 10 : 0));
  g_string_append_c (output, '\n');
}

static GVariant *
create_query (char **words, gboolean marked, gboolean unfinished)
{
  static const char *const states[] = { "waiting", "interrupted", NULL };
  g_autofree char *search = g_strjoinv (" ", words);
  g_auto (GVariantDict) query = G_VARIANT_DICT_INIT (NULL);

  if (*search != '\0')
    g_variant_dict_insert (&query, "search", "s", search);
  if (marked)
    g_variant_dict_insert (&query, "marked", "b", TRUE);
  if (unfinished)
    g_variant_dict_insert (&query, "states", "^as", states);

  return g_variant_ref_sink (g_variant_dict_end (&query));
}

static gboolean
add_entry (GVariant *entry, gpointer data)
{
  g_variant_builder_add_value (data, entry);

  return TRUE;
}

static GVariant *
get_entries (WhisBusWhis1 *service, GVariant *query, guint limit, guint *total, int *status)
{
  g_auto (GVariantBuilder) all = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));

  if (!whis_cli_history_foreach (service, query, limit, add_entry, &all, total, status))
    return NULL;

  return g_variant_ref_sink (g_variant_builder_end (&all));
}

static int
print_entries (GVariant *entries, guint total)
{
  g_autoptr (GString) output = g_string_new (NULL);
  guint width = get_width ();
  gsize n = g_variant_n_children (entries);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);

      append_entry (output, entry, width);
    }
  if (!whis_cli_print_text (output->str))
    return WHIS_EXIT_FAILED;
  if (width > 0 && n < total)
    g_printerr (_ ("The newest %u of %u; “--limit” shows more.\n"), (guint) n, total);
  if (width > 0 && total == 0)
    g_printerr ("%s\n", _ ("Nothing was found in the history."));

  return WHIS_EXIT_OK;
}

/**
 * whis_cli_history_list:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis history list`: a line per entry, newest first.
 *
 * Returns: the exit status
 */
int
whis_cli_history_list (int argc, char **argv)
{
  int limit = DEFAULT_LIMIT;
  gboolean marked = FALSE, unfinished = FALSE, json = FALSE;
  g_autoptr (WhisBusWhis1) service = NULL;
  g_autoptr (GVariant) query = NULL;
  g_autoptr (GVariant) entries = NULL;
  g_autofree char *line = NULL;
  guint total = 0;
  int status = WHIS_EXIT_OK;
  const WhisCliBinding bindings[] = {
    { "limit", &limit },
    { "marked", &marked },
    { "unfinished", &unfinished },
    { "json", &json },
    { NULL },
  };

  if (!whis_cli_parse ("history list", bindings, &argc, &argv, &status))
    return status;
  if (limit <= 0)
    return whis_cli_usage (_ ("“--limit” needs a number above 0."));
  service = whis_cli_connect (TRUE, &status);
  if (service == NULL)
    return status;

  query = create_query (argv + 1, marked, unfinished);
  entries = get_entries (service, query, (guint) limit, &total, &status);
  if (entries == NULL)
    return status;
  if (!json)
    return print_entries (entries, total);

  line = whis_cli_history_to_json (entries);

  return whis_cli_print_text (line) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}
