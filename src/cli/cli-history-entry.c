/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "service-call.h"
#include "variant-json.h"

/**
 * whis_cli_history_foreach:
 * @service: the service
 * @query: (nullable): what is wanted, of type `a{sv}`
 * @limit: how many at most
 * @func: is called for each entry, from the newest on, until it returns %FALSE
 * @data: for @func
 * @total: (out) (optional): how many there are in all
 * @status: (out): the exit status if it fails
 *
 * Goes through the history page by page.
 *
 * Returns: whether that worked; if not, a sentence is on standard error
 */
gboolean
whis_cli_history_foreach (WhisBusWhis1 *service,
                          GVariant *query,
                          guint limit,
                          WhisCliHistoryFunc func,
                          gpointer data,
                          guint *total,
                          int *status)
{
  guint n = 0, n_all = limit;
  gboolean wanted = TRUE;

  while (wanted && n < MIN (limit, n_all))
    {
      g_autoptr (GVariant) entries = NULL;
      g_autoptr (GError) error = NULL;
      gsize found;

      if (!whis_bus_whis1_call_list_history_sync (service,
                                                  whis_service_history_query (query, n, limit - n),
                                                  &entries, &n_all, NULL, &error))
        {
          *status = whis_cli_report (g_steal_pointer (&error));
          return FALSE;
        }
      found = g_variant_n_children (entries);
      for (gsize i = 0; i < found && wanted; i++)
        {
          g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);

          wanted = func (entry, data);
        }
      if (found == 0)
        break;
      n += (guint) found;
    }
  if (total != NULL)
    *total = n_all;

  return TRUE;
}

typedef struct
{
  const char *name;
  GPtrArray *ids;
} Matches;

/* None, one or two: more of them say no more. */
static gboolean
add_match (GVariant *entry, gpointer data)
{
  Matches *matches = data;
  g_autofree char *id = whis_cli_history_dup_string (entry, "id");

  if (g_str_has_prefix (id, matches->name) || g_str_has_suffix (id, matches->name))
    g_ptr_array_add (matches->ids, g_steal_pointer (&id));

  return matches->ids->len < 2;
}

static gboolean
take_id (GVariant *entry, gpointer data)
{
  char **id = data;

  *id = whis_cli_history_dup_string (entry, "id");

  return FALSE;
}

static char *
find_last (WhisBusWhis1 *service, int *status)
{
  char *id = NULL;

  if (whis_cli_history_foreach (service, NULL, 1, take_id, &id, NULL, status) && id == NULL)
    {
      g_printerr ("whis: %s\n", _ ("There is nothing in the history yet."));
      *status = WHIS_EXIT_FAILED;
    }

  return id;
}

/**
 * whis_cli_history_find:
 * @service: the service
 * @name: what the user calls a dictation: its id, the beginning or the end of it, or `last`
 * @status: (out): the exit status if there is none
 *
 * Returns: (transfer full) (nullable): its id; %NULL after a sentence on standard error
 */
char *
whis_cli_history_find (WhisBusWhis1 *service, const char *name, int *status)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  Matches matches = { name, ids };
  g_autoptr (GVariant) entry = NULL;

  if (g_str_equal (name, "last"))
    return find_last (service, status);
  if (whis_bus_whis1_call_get_history_entry_sync (service, name, &entry, NULL, NULL))
    return g_strdup (name);
  if (*name != '\0'
      && !whis_cli_history_foreach (service, NULL, G_MAXUINT, add_match, &matches, NULL, status))
    return NULL;
  if (ids->len == 1)
    return g_ptr_array_steal_index (ids, 0);

  *status = WHIS_EXIT_FAILED;
  if (ids->len == 0)
    g_printerr (_ ("whis: There is no dictation “%s”; “whis history” lists them.\n"), name);
  else
    g_printerr (_ ("whis: More than one dictation begins or ends with “%s”; write more of its id."
                   "\n"),
                name);

  return NULL;
}

/**
 * whis_cli_history_get:
 * @service: the service
 * @name: what the user calls a dictation
 * @status: (out): the exit status if there is none
 *
 * Returns: (transfer full) (nullable): its whole entry, of type `a{sv}`; %NULL after a sentence on
 *   standard error
 */
GVariant *
whis_cli_history_get (WhisBusWhis1 *service, const char *name, int *status)
{
  g_autofree char *id = whis_cli_history_find (service, name, status);
  g_autoptr (GError) error = NULL;
  GVariant *entry = NULL;

  if (id != NULL && !whis_bus_whis1_call_get_history_entry_sync (service, id, &entry, NULL, &error))
    *status = whis_cli_report (g_steal_pointer (&error));

  return entry;
}

/**
 * whis_cli_history_to_json:
 * @value: entries, or one
 *
 * Returns: (transfer full): the same as a line of JSON
 */
char *
whis_cli_history_to_json (GVariant *value)
{
  g_autofree char *line = whis_variant_to_json (value);

  return g_strconcat (line, "\n", NULL);
}

char *
whis_cli_history_dup_string (GVariant *entry, const char *key)
{
  const char *value = "";

  g_variant_lookup (entry, key, "&s", &value);

  return g_strdup (value);
}

/**
 * whis_cli_history_dup_version:
 * @entry: a whole entry
 * @number: a version of its text
 *
 * Returns: (transfer full) (nullable): the text; %NULL after a sentence on standard error
 */
char *
whis_cli_history_dup_version (GVariant *entry, guint number)
{
  g_autoptr (GVariant) versions =
      g_variant_lookup_value (entry, "versions", G_VARIANT_TYPE ("aa{sv}"));
  gsize n = versions != NULL ? g_variant_n_children (versions) : 0;

  if (number == 0)
    return whis_cli_history_dup_string (entry, "text");
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) version = g_variant_get_child_value (versions, i);
      guint its_number = 0;

      g_variant_lookup (version, "number", "u", &its_number);
      if (its_number == number)
        return whis_cli_history_dup_string (version, "text");
    }
  g_printerr (_ ("whis: There is no version %u; “whis history show --versions” lists them.\n"),
              number);

  return NULL;
}
