/* SPDX-License-Identifier: MIT */
#include "openai-form.h"
#include "wav.h"
#include "language.h"
#include "prompt.h"

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

/* What was said before is what a model goes on from, so it comes last. */
static char *
join_hint (const WhisSpeechRequest *request)
{
  if (request->prompt == NULL || request->context == NULL)
    return g_strdup (request->prompt != NULL ? request->prompt : request->context);

  return g_strconcat (request->prompt, " ", request->context, NULL);
}

static void
append_prompt (SoupMultipart *form,
               const WhisProvider *provider,
               const WhisModel *model,
               const WhisSpeechRequest *request)
{
  guint most = model->max_prompt > 0 ? model->max_prompt : provider->max_prompt;
  GStrv words = model->vocabulary_field == NULL ? request->vocabulary : NULL;
  g_autofree char *hint = join_hint (request);
  g_autofree char *prompt = whis_prompt_compose (hint, (const char *const *) words, most);

  if (prompt != NULL)
    soup_multipart_append_form_string (form, "prompt", prompt);
}

/* Without commas and blanks: `Quillara Nord` is `Quillara_Nord`. */
static char *
join_entry (const char *entry)
{
  g_auto (GStrv) parts = g_strsplit_set (entry, ", \t\n", -1);
  GString *joined = g_string_new (NULL);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0')
        g_string_append_printf (joined, "%s%s", joined->len > 0 ? "_" : "", parts[i]);
    }

  return g_string_free (joined, FALSE);
}

static void
append_vocabulary (SoupMultipart *form,
                   const WhisProvider *provider,
                   const WhisModel *model,
                   const WhisSpeechRequest *request)
{
  guint n = 0;

  if (request->vocabulary == NULL || model->vocabulary_field == NULL)
    return;
  for (gsize i = 0; request->vocabulary[i] != NULL
                    && (provider->max_vocabulary == 0 || n < provider->max_vocabulary);
       i++)
    {
      g_autofree char *entry = model->joins_words ? join_entry (request->vocabulary[i])
                                                  : g_strdup (request->vocabulary[i]);

      if (*entry == '\0')
        continue;
      soup_multipart_append_form_string (form, model->vocabulary_field, entry);
      n++;
    }
}

/* Mistral answers with an empty text when it is given a language and asked for times. The user's
 * language wins: words in another language are worse than none with times. */
static gboolean
asks_for_times (const WhisProvider *provider,
                const WhisModel *model,
                const WhisSpeechRequest *request)
{
  return request->wants_times && (provider->fields & WHIS_FIELD_TIMES) != 0 && model->times != NULL
         && ((provider->fields & WHIS_FIELD_TIMES_OR_LANGUAGE) == 0 || request->language == NULL);
}

static void
append_format (SoupMultipart *form,
               const WhisProvider *provider,
               const WhisModel *model,
               gboolean times)
{
  g_auto (GStrv) kinds = NULL;

  if (provider->fields & WHIS_FIELD_RESPONSE_FORMAT)
    soup_multipart_append_form_string (form, "response_format", times ? "verbose_json" : "json");
  if (!times || provider->times_field == NULL)
    return;
  kinds = g_strsplit (model->times, " ", -1);
  for (gsize i = 0; kinds[i] != NULL; i++)
    soup_multipart_append_form_string (form, provider->times_field, kinds[i]);
}

/* Services have their own ways to choose tokens. */
static void
append_temperature (SoupMultipart *form, const WhisProvider *provider, double temperature)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (provider->local && temperature > 0)
    soup_multipart_append_form_string (form, "temperature",
                                       g_ascii_dtostr (text, sizeof text, temperature));
}

static void
append_sound (SoupMultipart *form, const WhisHttpJob *job)
{
  g_autoptr (GBytes) wav = job->is_samples ? whis_wav_new (job->sound) : NULL;

  if (wav != NULL)
    soup_multipart_append_form_file (form, "file", "audio.wav", "audio/wav", wav);
  else
    soup_multipart_append_form_file (form, "file", "audio.mp3", "audio/mpeg", job->sound);
}

/**
 * whis_openai_form_new:
 * @provider: who gets the form
 * @job: what is asked
 * @say_model: whether the model has a field, and is not named by the address
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
whis_openai_form_new (const WhisProvider *provider,
                      const WhisHttpJob *job,
                      gboolean say_model,
                      gboolean say_auto)
{
  SoupMultipart *form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  const WhisModel *model;

  g_return_val_if_fail (provider != NULL && job != NULL, form);

  model = whis_provider_describe_model (provider, job->model);
  if (job->model != NULL && say_model)
    soup_multipart_append_form_string (form, "model", job->model);
  append_format (form, provider, model, asks_for_times (provider, model, job->request));
  if (provider->fields & WHIS_FIELD_LANGUAGE)
    append_language (form, model, job->request->language, say_auto);
  if (provider->fields & WHIS_FIELD_PROMPT)
    append_prompt (form, provider, model, job->request);
  append_vocabulary (form, provider, model, job->request);
  append_temperature (form, provider, job->request->temperature);
  /* The embedded recogniser's own field. */
  if (job->request->is_provisional)
    soup_multipart_append_form_string (form, "quick", "true");
  append_sound (form, job);

  return form;
}
