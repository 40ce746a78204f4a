/* SPDX-License-Identifier: MIT */
#include "start-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "bus-error.h"
#include "language.h"

static const struct
{
  const char *name;
  const char *type;
} known_options[] = {
  { "provider", "s" },   { "model", "s" },   { "language", "s" },
  { "microphone", "s" }, { "deliver", "b" }, { "attached", "b" },
  { "live", "b" },       { "times", "b" },   { "document", "b" },
};

static gboolean
is_known (const char *name, GVariant *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_options); i++)
    if (g_str_equal (known_options[i].name, name))
      return g_variant_is_of_type (value, G_VARIANT_TYPE (known_options[i].type));

  return FALSE;
}

static gboolean
check_known (GVariant *options, GError **error)
{
  GVariantIter iter;
  const char *name;
  GVariant *value;

  g_variant_iter_init (&iter, options);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    if (!is_known (name, value))
      {
        g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                     _ ("There is no option “%s”, or its value has the wrong type."), name);
        g_variant_unref (value);
        return FALSE;
      }

  return TRUE;
}

static gboolean
set_provider (WhisStartOptions *self, const char *id, GError **error)
{
  self->provider = whis_provider_lookup (id);
  if (self->provider != NULL)
    return TRUE;

  g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_NOT_FOUND,
               _ ("There is no transcription service “%s”; “whis providers” lists them."), id);
  return FALSE;
}

/**
 * whis_start_options_parse:
 * @self: options, initialised
 * @options: (nullable): a dictionary of type `a{sv}`
 * @settings: what holds where @options says nothing
 * @error: return location for an error of %WHIS_BUS_ERROR
 *
 * Returns: whether @options makes sense
 */
gboolean
whis_start_options_parse (WhisStartOptions *self,
                          GVariant *options,
                          WhisSettings *settings,
                          GError **error)
{
  g_autoptr (GVariant) none = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));
  const char *provider = whis_settings_get_provider (settings);

  g_return_val_if_fail (self != NULL, FALSE);

  options = options != NULL ? options : none;
  if (!check_known (options, error))
    return FALSE;

  g_variant_lookup (options, "provider", "&s", &provider);
  g_variant_lookup (options, "model", "s", &self->model);
  g_variant_lookup (options, "deliver", "b", &self->deliver);
  g_variant_lookup (options, "attached", "b", &self->attached);
  g_variant_lookup (options, "times", "b", &self->times);
  if (!g_variant_lookup (options, "live", "b", &self->live))
    self->live = whis_settings_get_live (settings);
  g_variant_lookup (options, "document", "b", &self->document);
  if (!g_variant_lookup (options, "language", "s", &self->language))
    self->language = g_strdup (whis_settings_get_language (settings));
  if (!g_variant_lookup (options, "microphone", "s", &self->microphone))
    self->microphone = g_strdup (whis_settings_get_microphone (settings));
  if (*self->language != '\0' && !whis_language_is_tag (self->language))
    {
      g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                   _ ("“%s” is no language code; use one such as “en” or “pt-BR”, or nothing for "
                      "automatic."),
                   self->language);
      return FALSE;
    }

  return set_provider (self, provider, error);
}

void
whis_start_options_clear (WhisStartOptions *self)
{
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->microphone, g_free);
}
