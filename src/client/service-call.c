/* SPDX-License-Identifier: MIT */
#include "service-call.h"

#include <glib/gi18n-lib.h>

/* What calls of the service are made with, and how their errors read. */

static gboolean
is_from_whis (const GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);

  return name != NULL && g_str_has_prefix (name, "io.github.whis_gtk.Whis.Error.");
}

static gboolean
is_silence (const GError *error)
{
  return error->domain == G_DBUS_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
         || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/**
 * whis_service_call_error_to_sentence:
 * @error: what a call to the service came back with
 *
 * The messages of the service's own errors are sentences for the user; what D-Bus itself reports
 * is not.
 *
 * Returns: (transfer full): one sentence for the user
 */
char *
whis_service_call_error_to_sentence (const GError *error)
{
  g_autoptr (GError) copy = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  if (!g_dbus_error_is_remote_error (error) && !is_silence (error))
    return g_strdup (error->message);
  if (!is_from_whis (error))
    {
      g_debug ("call failed: %s", error->message);
      return g_strdup (_ ("Whis did not answer; start it again if this stays so."));
    }

  copy = g_error_copy (error);
  g_dbus_error_strip_remote_error (copy);

  return g_strdup (copy->message);
}

static void
insert_string (GVariantDict *options, const char *name, const char *value)
{
  if (value != NULL)
    g_variant_dict_insert (options, name, "s", value);
}

/**
 * whis_service_dictation_options:
 * @provider: (nullable): the id of a service, instead of that of the settings
 * @model: (nullable): the name of a model, likewise
 * @language: (nullable): the code of a language, likewise; empty to detect it
 *
 * Returns: (transfer floating): the options of `Start`, `TranscribeFile`, `Resume` and
 *   `TranscribeAgain`, of type `a{sv}`
 */
GVariant *
whis_service_dictation_options (const char *provider, const char *model, const char *language)
{
  g_auto (GVariantDict) options = G_VARIANT_DICT_INIT (NULL);

  insert_string (&options, "provider", provider);
  insert_string (&options, "model", model);
  insert_string (&options, "language", language);

  return g_variant_dict_end (&options);
}

/**
 * whis_service_history_query:
 * @query: (nullable): what is wanted, of type `a{sv}`
 * @offset: how many of the newest to leave out
 * @limit: how many at most
 *
 * Returns: (transfer floating): the query of `ListHistory` for the page that begins there
 */
GVariant *
whis_service_history_query (GVariant *query, guint offset, guint limit)
{
  g_auto (GVariantDict) page = G_VARIANT_DICT_INIT (query);

  g_variant_dict_insert (&page, "offset", "u", offset);
  g_variant_dict_insert (&page, "limit", "u", MIN (limit, WHIS_SERVICE_HISTORY_PAGE));

  return g_variant_dict_end (&page);
}
