/* SPDX-License-Identifier: MIT */
#include "start-options.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "call-options.h"
#include "failure.h"
#include "language.h"

/* In the order of WhisStartMethod, so that each method has a beginning of the table. */
static const WhisCallOption known_options[] = {
  { "provider", "s", G_STRUCT_OFFSET (WhisStartOptions, provider_id) },
  { "model", "s", G_STRUCT_OFFSET (WhisStartOptions, model) },
  { "language", "s", G_STRUCT_OFFSET (WhisStartOptions, language) },
  { "times", "b", G_STRUCT_OFFSET (WhisStartOptions, times) },
  { "attached", "b", G_STRUCT_OFFSET (WhisStartOptions, attached) },
  /* From here on not for TranscribeAgain. */
  { "deliver", "b", G_STRUCT_OFFSET (WhisStartOptions, deliver) },
  /* From here on not for Resume. */
  { "document", "b", G_STRUCT_OFFSET (WhisStartOptions, document) },
  /* From here on not for TranscribeFile. */
  { "microphone", "s", G_STRUCT_OFFSET (WhisStartOptions, microphone) },
  { "live", "b", G_STRUCT_OFFSET (WhisStartOptions, live) },
  { "continuous", "b", G_STRUCT_OFFSET (WhisStartOptions, continuous) },
  { "hands-free", "b", G_STRUCT_OFFSET (WhisStartOptions, hands_free) },
};

static const gsize n_known_options[] = {
  [WHIS_START_AGAIN] = 5,
  [WHIS_START_RESUME] = 6,
  [WHIS_START_FILE] = 7,
  [WHIS_START_MICROPHONE] = G_N_ELEMENTS (known_options),
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
 * whis_start_options_read:
 * @self: options, initialised
 * @method: the method that was called
 * @options: (nullable): a dictionary of type `a{sv}`; a floating one is sunk
 * @error: return location for %WHIS_BUS_ERROR_ARGUMENTS
 *
 * Reads what the caller has said. An option that means nothing for @method is refused.
 *
 * Returns: whether all of @options are known
 */
gboolean
whis_start_options_read (WhisStartOptions *self,
                         WhisStartMethod method,
                         GVariant *options,
                         GError **error)
{
  g_autoptr (GVariant) sunk = options != NULL ? g_variant_ref_sink (options) : NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (method <= WHIS_START_MICROPHONE, FALSE);

  return sunk == NULL
         || whis_call_options_read (sunk, known_options, n_known_options[method], self, error);
}

/**
 * whis_start_options_inherit:
 * @self: options that were read
 * @record: an earlier dictation
 *
 * What was said goes to the service that it was said for, unless the caller names another. A model
 * belongs to its service; one that was not on this computer is not waited for when another has
 * come.
 */
void
whis_start_options_inherit (WhisStartOptions *self, const WhisRecord *record)
{
  gboolean other_service;

  g_return_if_fail (self != NULL);
  g_return_if_fail (record != NULL);

  other_service = self->provider_id != NULL;
  if (self->deliver < 0)
    self->deliver = record->deliver;
  if (whis_provider_lookup (record->provider) == NULL)
    return;

  if (self->provider_id == NULL)
    self->provider_id = g_strdup (record->provider);
  if (self->model == NULL && !other_service && g_strcmp0 (record->code, WHIS_FAILURE_NO_MODEL) != 0)
    self->model = g_strdup (record->model);
  if (self->language == NULL)
    self->language = g_strdup (record->language != NULL ? record->language : "");
}

/* Who waits for one text, or ends with the dictation, means one dictation. */
static gboolean
complete_continuous (WhisStartOptions *self, WhisSettings *settings, GError **error)
{
  gboolean is_one = self->attached || self->document || self->hands_free;

  if (self->continuous < 0)
    self->continuous = !is_one && self->deliver && whis_settings_get_continuous (settings);
  if (!self->continuous || !is_one)
    return TRUE;

  g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ARGUMENTS,
                       _ ("A continuous dictation has many texts, and ends by itself: leave out "
                          "“attached”, “document” and “hands-free”."));

  return FALSE;
}

/**
 * whis_start_options_complete:
 * @self: options that were read
 * @settings: what holds where nothing was said
 * @deliver: whether the text goes to the clipboard if nothing was said
 * @error: return location for an error of %WHIS_BUS_ERROR
 *
 * Returns: whether there are such a provider and such a language
 */
gboolean
whis_start_options_complete (WhisStartOptions *self,
                             WhisSettings *settings,
                             gboolean deliver,
                             GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->deliver < 0)
    self->deliver = deliver;
  if (self->live < 0)
    self->live = whis_settings_get_live (settings);
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

  return complete_continuous (self, settings, error)
         && set_provider (self, self->provider_id, error);
}

void
whis_start_options_clear (WhisStartOptions *self)
{
  g_clear_pointer (&self->provider_id, g_free);
  g_clear_pointer (&self->model, g_free);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->microphone, g_free);
}
