/* SPDX-License-Identifier: MIT */
#include "form.h"

#include <string.h>

/* The first part of a language tag (BCP 47), which is the code of ISO 639 that services take. */
static char *
primary_language (const char *language)
{
  g_autofree char *primary = g_strndup (language, strcspn (language, "-_.@"));

  return g_ascii_strdown (primary, -1);
}

static gboolean
model_takes_language (const WhisModel *model, const char *language)
{
  g_auto (GStrv) languages = NULL;

  if (model == NULL || model->languages == NULL)
    return TRUE;
  languages = g_strsplit (model->languages, " ", -1);

  return g_strv_contains ((const char *const *) languages, language);
}

static void
append_language (SoupMultipart *form,
                 const WhisModel *model,
                 const char *language,
                 const char *automatic_language)
{
  const char *field = model != NULL ? model->language_field : "language";
  g_autofree char *primary = NULL;

  if (language != NULL && *language != '\0')
    primary = primary_language (language);
  if (primary != NULL && model_takes_language (model, primary))
    soup_multipart_append_form_string (form, field, primary);
  else if (automatic_language != NULL)
    soup_multipart_append_form_string (form, field, automatic_language);
}

static void
append_prompt (SoupMultipart *form, const WhisProvider *provider, const char *prompt)
{
  glong length = g_utf8_strlen (prompt, -1);
  glong most = provider->max_prompt > 0 ? (glong) provider->max_prompt : length;
  /* The recogniser looks at the end of a prompt, so the end is what stays. */
  g_autofree char *end = g_utf8_substring (prompt, MAX (0, length - most), length);

  soup_multipart_append_form_string (form, "prompt", end);
}

/**
 * whis_form_new:
 * @provider: who gets the form
 * @request: what is asked
 * @automatic_language: (nullable): what to send for the language when the user chose none; %NULL to
 *   send none
 * @sound: the MP3 frames
 *
 * Fills in the form of `POST …/audio/transcriptions` (RFC 7578), with the fields that the provider
 * knows and no others. The file has a fixed name in ASCII: libsoup encodes others in a way that few
 * servers read, and services look at the extension.
 *
 * Returns: (transfer full): the form
 */
SoupMultipart *
whis_form_new (const WhisProvider *provider,
               const WhisSpeechRequest *request,
               const char *automatic_language,
               GBytes *sound)
{
  SoupMultipart *form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  const char *model = request->model;

  g_return_val_if_fail (provider != NULL && request != NULL && sound != NULL, form);

  if (model == NULL)
    model = whis_provider_get_default_model (provider);
  if (model != NULL)
    soup_multipart_append_form_string (form, "model", model);
  if (provider->fields & WHIS_FIELD_RESPONSE_FORMAT)
    soup_multipart_append_form_string (form, "response_format", "json");
  if (provider->fields & WHIS_FIELD_LANGUAGE)
    append_language (form, whis_provider_find_model (provider, model), request->language,
                     automatic_language);
  if ((provider->fields & WHIS_FIELD_PROMPT) && request->prompt != NULL)
    append_prompt (form, provider, request->prompt);
  soup_multipart_append_form_file (form, "file", "audio.mp3", "audio/mpeg", sound);

  return form;
}
