/* SPDX-License-Identifier: MIT */
#include "cli-history.h"

#include <glib/gi18n-lib.h>

#include "cli-service.h"
#include "variant-json.h"

/* As much as the service gives at once. */
#define PAGE 500

/**
 * whis_cli_history_get_page:
 * @service: the service
 * @query: (nullable): what is wanted, of type `a{sv}`
 * @offset: how many of the newest to leave out
 * @limit: how many at most
 * @total: (out): how many there are in all
 * @status: (out): the exit status if it fails
 *
 * Returns: (transfer full) (nullable): entries, of type `aa{sv}`; %NULL after a sentence on
 * standard error
 */
GVariant *
whis_cli_history_get_page (WhisBusWhis1 *service,
                           GVariant *query,
                           guint offset,
                           guint limit,
                           guint *total,
                           int *status)
{
  g_auto (GVariantDict) page = G_VARIANT_DICT_INIT (query);
  g_autoptr (GError) error = NULL;
  GVariant *entries = NULL;

  g_variant_dict_insert (&page, "offset", "u", offset);
  g_variant_dict_insert (&page, "limit", "u", MIN (limit, PAGE));
  if (!whis_bus_whis1_call_list_history_sync (service, g_variant_dict_end (&page), &entries, total,
                                              NULL, &error))
    *status = whis_cli_report (g_steal_pointer (&error));

  return entries;
}

/* The ids that begin or end like @name: none, one or two. */
static gboolean
match_all (WhisBusWhis1 *service, const char *name, GPtrArray *matches, int *status)
{
  guint total = 1;

  for (guint offset = 0; offset < total && matches->len < 2; offset += PAGE)
    {
      g_autoptr (GVariant) entries =
          whis_cli_history_get_page (service, NULL, offset, PAGE, &total, status);

      if (entries == NULL)
        return FALSE;
      for (gsize i = 0; i < g_variant_n_children (entries) && matches->len < 2; i++)
        {
          g_autoptr (GVariant) entry = g_variant_get_child_value (entries, i);
          g_autofree char *id = whis_cli_history_dup_string (entry, "id");

          if (g_str_has_prefix (id, name) || g_str_has_suffix (id, name))
            g_ptr_array_add (matches, g_steal_pointer (&id));
        }
    }

  return TRUE;
}

static char *
find_last (WhisBusWhis1 *service, int *status)
{
  guint total;
  g_autoptr (GVariant) entries = whis_cli_history_get_page (service, NULL, 0, 1, &total, status);
  g_autoptr (GVariant) entry = NULL;

  if (entries == NULL)
    return NULL;
  if (g_variant_n_children (entries) == 0)
    {
      g_printerr ("whis: %s\n", _ ("There is nothing in the history yet."));
      *status = WHIS_EXIT_FAILED;
      return NULL;
    }
  entry = g_variant_get_child_value (entries, 0);

  return whis_cli_history_dup_string (entry, "id");
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
  g_autoptr (GPtrArray) matches = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GVariant) entry = NULL;

  if (g_str_equal (name, "last"))
    return find_last (service, status);
  if (whis_bus_whis1_call_get_history_entry_sync (service, name, &entry, NULL, NULL))
    return g_strdup (name);
  if (*name != '\0' && !match_all (service, name, matches, status))
    return NULL;
  if (matches->len == 1)
    return g_ptr_array_steal_index (matches, 0);

  *status = WHIS_EXIT_FAILED;
  if (matches->len == 0)
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
