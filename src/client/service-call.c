/* SPDX-License-Identifier: MIT */
#include "service-call.h"

#include "dictation-end.h"

/* What calls of the service are made with, and how their errors read. */

/**
 * whis_service_call_error_to_sentence:
 * @error: what a call to the service came back with
 *
 * Returns: (transfer full): one sentence for the user, the message of
 *   whis_dictation_end_new_from_error()
 */
char *
whis_service_call_error_to_sentence (const GError *error)
{
  g_autoptr (WhisDictationEnd) end = NULL;

  g_return_val_if_fail (error != NULL, NULL);

  end = whis_dictation_end_new_from_error (error);

  return g_steal_pointer (&end->message);
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
