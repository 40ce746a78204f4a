/* SPDX-License-Identifier: MIT */
#include "form.h"
#include "language.h"

#include <string.h>

/* What is not in the table, such as a model that the user typed in, speaks as all did at first. */
static const WhisModel plain_model = { .language_field = "language" };

static void
append_language (SoupMultipart *form,
                 const WhisModel *model,
                 const char *language,
                 gboolean say_auto)
{
  g_autofree char *code = whis_language_for_model (model, language);

  if (code == NULL && say_auto)
    code = g_strdup ("auto");
  if (code != NULL && model->language_field != NULL)
    soup_multipart_append_form_string (form, model->language_field, code);
}

/* The user's hint, and the words that have no field of their own. */
static char *
compose_prompt (const WhisModel *model, const WhisSpeechRequest *request)
{
  g_autofree char *words = NULL;

  if (request->vocabulary != NULL && model->vocabulary_field == NULL)
    words = g_strjoinv (", ", request->vocabulary);
  if (words == NULL)
    return g_strdup (request->prompt);
  if (request->prompt == NULL)
    return g_steal_pointer (&words);

  return g_strconcat (words, ". ", request->prompt, NULL);
}

static void
append_prompt (SoupMultipart *form,
               const WhisProvider *provider,
               const WhisModel *model,
               const WhisSpeechRequest *request)
{
  g_autofree char *prompt = compose_prompt (model, request);
  g_autofree char *end = NULL;
  glong length;
  glong most;

  if (prompt == NULL)
    return;
  length = g_utf8_strlen (prompt, -1);
  most = provider->max_prompt > 0 ? (glong) provider->max_prompt : length;
  /* The recogniser looks at the end of a prompt, so the end is what stays. */
  end = g_utf8_substring (prompt, MAX (0, length - most), length);
  soup_multipart_append_form_string (form, "prompt", end);
}

static void
append_vocabulary (SoupMultipart *form,
                   const WhisProvider *provider,
                   const WhisModel *model,
                   const WhisSpeechRequest *request)
{
  if (request->vocabulary == NULL || model->vocabulary_field == NULL)
    return;
  for (guint i = 0; request->vocabulary[i] != NULL
                    && (provider->max_vocabulary == 0 || i < provider->max_vocabulary);
       i++)
    soup_multipart_append_form_string (form, model->vocabulary_field, request->vocabulary[i]);
}

static void
append_format (SoupMultipart *form, const WhisProvider *provider, gboolean times)
{
  if (provider->fields & WHIS_FIELD_RESPONSE_FORMAT)
    soup_multipart_append_form_string (form, "response_format", times ? "verbose_json" : "json");
}

/**
 * whis_form_new:
 * @provider: who gets the form
 * @job: what is asked
 * @say_auto: whether a server that takes English for granted has to be told to find the language
 *   out
 *
 * Fills in the form of `POST …/audio/transcriptions` (RFC 7578), with the fields that the provider
 * knows and no others. The file has a fixed name in ASCII: libsoup encodes others in a way that few
 * servers read, and services look at the extension.
 *
 * Returns: (transfer full): the form
 */
SoupMultipart *
whis_form_new (const WhisProvider *provider, const WhisHttpJob *job, gboolean say_auto)
{
  SoupMultipart *form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  const WhisModel *model;
  gboolean times;

  g_return_val_if_fail (provider != NULL && job != NULL, form);

  model = whis_provider_find_model (provider, job->model);
  if (model == NULL)
    model = &plain_model;
  times = job->request->wants_times && (provider->fields & WHIS_FIELD_TIMES) != 0
          && model->times != NULL;
  if (job->model != NULL)
    soup_multipart_append_form_string (form, "model", job->model);
  append_format (form, provider, times);
  if (provider->fields & WHIS_FIELD_LANGUAGE)
    append_language (form, model, job->request->language, say_auto);
  if (provider->fields & WHIS_FIELD_PROMPT)
    append_prompt (form, provider, model, job->request);
  append_vocabulary (form, provider, model, job->request);
  soup_multipart_append_form_file (form, "file", "audio.mp3", "audio/mpeg", job->sound);

  return form;
}
