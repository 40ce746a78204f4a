/* SPDX-License-Identifier: MIT */
#include "entry-details.h"

#include <glib/gi18n-lib.h>

#include "delivery-outcome.h"
#include "languages.h"
#include "providers.h"
#include "elapsed-time.h"

static void
append_part (GString *text, const char *part)
{
  if (*part == '\0')
    return;
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, part);
}

static GVariant *
get_chunks (WhisHistoryItem *entry)
{
  return g_variant_lookup_value (whis_history_item_get_description (entry), "chunks",
                                 G_VARIANT_TYPE ("aa{sv}"));
}

static void
add_unique (GPtrArray *names, const char *name)
{
  if (*name != '\0' && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

static void
add_provider (GPtrArray *names, const char *id)
{
  add_unique (names, whis_providers_get_name (id));
}

static char *
entry_details_join (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);

  return g_strjoinv (", ", (char **) names->pdata);
}

/* The distinct values that the chunks have for a key, in the order of speaking. */
static GPtrArray *
list_of_chunks (WhisHistoryItem *entry, const char *key)
{
  g_autoptr (GVariant) chunks = get_chunks (entry);
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  gsize n_chunks = chunks != NULL ? g_variant_n_children (chunks) : 0;

  for (gsize i = 0; i < n_chunks; i++)
    {
      g_autoptr (GVariant) chunk = g_variant_get_child_value (chunks, i);
      const char *value = "";

      g_variant_lookup (chunk, key, "&s", &value);
      add_unique (values, value);
    }

  return values;
}

/* All hosts that were sent a part of the sound: a second service may have been asked, too. */
static char *
list_hosts (WhisHistoryItem *entry)
{
  g_autoptr (GPtrArray) hosts = list_of_chunks (entry, "host");

  if (hosts->len == 0)
    add_unique (hosts, whis_history_item_get_string (entry, "host"));

  return entry_details_join (hosts);
}

/* The services that were sent a part as well, but gave none of the text. */
static char *
list_tried (WhisHistoryItem *entry)
{
  g_autoptr (GPtrArray) tried = list_of_chunks (entry, "tried");
  g_autoptr (GPtrArray) gave = list_of_chunks (entry, "provider");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < tried->len; i++)
    {
      const char *id = g_ptr_array_index (tried, i);

      if (!g_ptr_array_find_with_equal_func (gave, id, g_str_equal, NULL))
        add_provider (names, id);
    }

  return entry_details_join (names);
}

static void
append_tried (GString *text, WhisHistoryItem *entry)
{
  g_autofree char *names = list_tried (entry);
  g_autofree char *sentence = NULL;

  if (*names == '\0')
    return;
  /* Translators: %s has names of services, such as OpenAI, which got the sound but gave no text */
  sentence = g_strdup_printf (_ ("also sent to %s, which gave no text"), names);
  append_part (text, sentence);
}

/* The services that gave the text; if none did, the one that was asked. */
static char *
list_providers (WhisHistoryItem *entry)
{
  g_autoptr (GPtrArray) gave = list_of_chunks (entry, "provider");
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < gave->len; i++)
    add_provider (names, g_ptr_array_index (gave, i));
  if (names->len == 0)
    add_provider (names, whis_history_item_get_string (entry, "provider"));

  return entry_details_join (names);
}

/* Where the sound went, %NULL if it went nowhere. */
static char *
describe_destination (WhisHistoryItem *entry)
{
  g_autofree char *host = list_hosts (entry);

  if (g_str_equal (whis_history_item_get_string (entry, "provider"), "offline"))
    return g_strdup (_ ("recognised on this computer"));
  if (*host != '\0')
    /* Translators: %s has names of hosts, such as api.openai.com */
    return g_strdup_printf (_ ("sound went to %s"), host);
  return NULL;
}

/* The way that inserted a text, as the service names it, in words; NULL if it has none. */
static const char *
describe_method (const char *method)
{
  static const struct
  {
    const char *method;
    const char *description;
  } methods[] = {
    { "gnome-shell", N_ ("by the extension of GNOME Shell") },
    { "ibus-panel", N_ ("by IBus") },
    { "wayland-input-method", N_ ("by an input method") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (g_str_equal (methods[i].method, method))
      return _ (methods[i].description);

  return g_str_has_suffix (method, "-paste") ? _ ("by keys that paste") : NULL;
}

static void
append_outcome (GString *text, WhisHistoryItem *entry)
{
  WhisDeliveryOutcome outcome =
      whis_delivery_outcome_from_nick (whis_history_item_get_string (entry, "outcome"));
  const char *description = whis_delivery_outcome_describe (outcome);
  const char *method = describe_method (whis_history_item_get_string (entry, "method"));
  gboolean tried =
      whis_delivery_outcome_is_inserted (outcome) || outcome == WHIS_DELIVERY_OUTCOME_NOT_SEEN;

  append_part (text, description != NULL ? description : "");
  append_part (text, tried && method != NULL ? method : "");
}

/**
 * whis_entry_details_describe:
 * @entry: an entry
 *
 * Returns: (transfer full): a line that says how long it is, who transcribed it, and where it went
 */
char *
whis_entry_details_describe (WhisHistoryItem *entry)
{
  g_autofree char *length = whis_elapsed_time_format (whis_history_item_get_length (entry));
  g_autofree char *destination = describe_destination (entry);
  g_autofree char *names = list_providers (entry);
  const char *language = whis_history_item_get_string (entry, "language");
  GString *text = g_string_new (NULL);

  append_part (text, whis_history_item_get_string (entry, "name"));
  append_part (text, length);
  append_part (text, names);
  append_part (text, whis_history_item_get_string (entry, "model"));
  append_part (text, whis_language_get_name (language));
  append_part (text, destination != NULL ? destination : "");
  append_tried (text, entry);
  append_outcome (text, entry);
  if (whis_history_item_get_flag (entry, "private"))
    append_part (text, _ ("private"));

  return g_string_free (text, FALSE);
}

/**
 * whis_entry_details_count_missing:
 * @entry: an entry with its chunks
 * @total: (out): how many of them have speech
 *
 * Returns: how many of those have no text
 */
guint
whis_entry_details_count_missing (WhisHistoryItem *entry, guint *total)
{
  g_autoptr (GVariant) chunks = get_chunks (entry);
  gsize n_chunks = chunks != NULL ? g_variant_n_children (chunks) : 0;
  guint missing = 0;

  *total = 0;
  for (gsize i = 0; i < n_chunks; i++)
    {
      g_autoptr (GVariant) chunk = g_variant_get_child_value (chunks, i);
      gboolean has_speech = TRUE;
      const char *text = "";

      g_variant_lookup (chunk, "has-speech", "b", &has_speech);
      g_variant_lookup (chunk, "text", "&s", &text);
      *total += has_speech ? 1 : 0;
      missing += has_speech && *text == '\0' ? 1 : 0;
    }

  return missing;
}
