/* SPDX-License-Identifier: MIT */
#include "resume-options.h"

#include "failure.h"
#include "providers.h"

static gboolean
has_option (GVariant *options, const char *name)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (options, name, NULL);

  return value != NULL;
}

static void
add_unless_given (GVariantBuilder *merged, GVariant *options, const char *name, const char *value)
{
  if (value != NULL && !has_option (options, name))
    g_variant_builder_add (merged, "{sv}", name, g_variant_new_string (value));
}

/**
 * whis_resume_options:
 * @record: an earlier dictation
 * @options: what the caller wants to be different, a dictionary of type `a{sv}`
 *
 * What was said goes to the service that it was said for, unless the user names another. A model
 * belongs to its service; one that was not on this computer is not waited for when another has
 * come.
 *
 * Returns: (transfer full): @options, and what held for @record where they say nothing
 */
GVariant *
whis_resume_options (const WhisRecord *record, GVariant *options)
{
  gboolean other_service = has_option (options, "provider");
  GVariantBuilder merged;
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_builder_init (&merged, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    g_variant_builder_add (&merged, "{sv}", name, value);

  if (whis_provider_lookup (record->provider) != NULL)
    {
      add_unless_given (&merged, options, "provider", record->provider);
      if (!other_service && g_strcmp0 (record->code, WHIS_FAILURE_NO_MODEL) != 0)
        add_unless_given (&merged, options, "model", record->model);
      add_unless_given (&merged, options, "language",
                        record->language != NULL ? record->language : "");
    }

  return g_variant_ref_sink (g_variant_builder_end (&merged));
}
