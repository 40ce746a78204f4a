/* SPDX-License-Identifier: MIT */
#include "start-options.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-options.h"
#include "language.h"

static const WhisCallOption known_options[] = {
  { "provider", "s", G_STRUCT_OFFSET (WhisStartOptions, provider_id) },
  { "model", "s", G_STRUCT_OFFSET (WhisStartOptions, model) },
  { "language", "s", G_STRUCT_OFFSET (WhisStartOptions, language) },
  { "microphone", "s", G_STRUCT_OFFSET (WhisStartOptions, microphone) },
  { "deliver", "b", G_STRUCT_OFFSET (WhisStartOptions, deliver) },
  { "attached", "b", G_STRUCT_OFFSET (WhisStartOptions, attached) },
  { "live", "b", G_STRUCT_OFFSET (WhisStartOptions, live) },
  { "times", "b", G_STRUCT_OFFSET (WhisStartOptions, times) },
  { "document", "b", G_STRUCT_OFFSET (WhisStartOptions, document) },
};

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
  g_return_val_if_fail (self != NULL, FALSE);

  self->live = whis_settings_get_live (settings);
  if (options != NULL
      && !whis_call_options_read (options, known_options, G_N_ELEMENTS (known_options), self,
                                  error))
    return FALSE;

  if (self->provider_id == NULL)
    self->provider_id = g_strdup (whis_settings_get_provider (settings));
  if (self->language == NULL)
    self->language = g_strdup (whis_settings_get_language (settings));
  if (self->microphone == NULL)
    self->microphone = g_strdup (whis_settings_get_microphone (settings));
  if (*self->language != '\0' && !whis_language_is_tag (self->language))
    {
      g_set_error (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                   _ ("“%s” is no language code; use one such as “en” or “pt-BR”, or nothing for "
                      "automatic."),
                   self->language);
      return FALSE;
    }

  return set_provider (self, self->provider_id, error);
}

void
whis_start_options_clear (WhisStartOptions *self)
{
  g_clear_pointer (&self->provider_id, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->microphone, g_free);
}
