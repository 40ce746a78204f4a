/* SPDX-License-Identifier: MIT */
#include "cli-commands.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "cli-output.h"
#include "cli-service.h"

/* Whoever presses the Tab key waits for no service, and starts none. */
#define PATIENCE_MS 1000

#define MAX_ENTRIES 50
#define SHOWN_CHARACTERS 48

/* When it was, and how it begins, on one line and without what a terminal would obey. */
static char *
describe (GVariant *entry)
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

static int
print_entries (void)
{
  g_autoptr (GVariant) entries = list_entries ();
  g_autoptr (GString) output = g_string_new (NULL);
  GVariantIter iter;
  GVariant *entry;

  if (entries == NULL)
    return WHIS_EXIT_NO_SERVICE;

  g_variant_iter_init (&iter, entries);
  while (g_variant_iter_loop (&iter, "@a{sv}", &entry))
    {
      g_autofree char *description = describe (entry);
      const char *id = "";

      g_variant_lookup (entry, "id", "&s", &id);
      g_string_append_printf (output, "%s\t%s\n", id, description);
    }

  return whis_cli_print_text (output->str) ? WHIS_EXIT_OK : WHIS_EXIT_FAILED;
}

/**
 * whis_cli_complete:
 * @argc: number of arguments
 * @argv: the arguments, from the command's name on
 *
 * `whis complete history`, for the completions of the shells: prints the newest dictations, a tab
 * between id and description, if the service runs and answers at once. Everything else that the
 * shells offer is in their scripts.
 *
 * Returns: the exit status
 */
int
whis_cli_complete (int argc, char **argv)
{
  int status;

  if (!whis_cli_parse ("complete", NULL, &argc, &argv, &status))
    return status;
  if (argc != 2 || !g_str_equal (argv[1], "history"))
    return whis_cli_usage (_ ("“complete” knows “history” alone."));

  return print_entries ();
}
