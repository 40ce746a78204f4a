/* SPDX-License-Identifier: MIT */
#include "elevenlabs.h"
#include "elevenlabs-answer.h"
#include "language.h"

#include <string.h>

/* A request with one key term beyond these bounds is refused as a whole. */
#define LONGEST_TERM 49
#define MOST_TERM_WORDS 5
#define FORBIDDEN "<>{}[]\\"

/**
 * WhisElevenlabs:
 *
 * ElevenLabs' transcription of recorded sound: a form goes to `POST /v1/speech-to-text`.
 */
struct _WhisElevenlabs
{
  WhisHttpBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (WhisElevenlabs, whis_elevenlabs, WHIS_TYPE_HTTP_BACKEND)

static guint
count_words (const char *term)
{
  guint n = 0;
  gboolean in_word = FALSE;

  for (const char *p = term; *p != '\0'; p = g_utf8_next_char (p))
    {
      gboolean is_blank = g_unichar_isspace (g_utf8_get_char (p));

      n += !is_blank && !in_word;
      in_word = !is_blank;
    }

  return n;
}

static gboolean
is_key_term (const char *term)
{
  guint n_words = count_words (term);

  return n_words > 0 && n_words <= MOST_TERM_WORDS && g_utf8_strlen (term, -1) <= LONGEST_TERM
         && strpbrk (term, FORBIDDEN) == NULL;
}

static void
append_vocabulary (SoupMultipart *form,
                   const WhisProvider *provider,
                   const WhisModel *model,
                   GStrv vocabulary)
{
  guint n = 0;

  if (model == NULL || model->vocabulary_field == NULL || vocabulary == NULL)
    return;
  for (gsize i = 0; vocabulary[i] != NULL && n < provider->max_vocabulary; i++)
    {
      if (!is_key_term (vocabulary[i]))
        continue;
      soup_multipart_append_form_string (form, model->vocabulary_field, vocabulary[i]);
      n++;
    }
}

/* Unless it is told not to, the service writes what is no speech into the text, such as laughter in
 * brackets. The words one by one are fifty times the text, so they are asked for only where they
 * are wanted. */
static SoupMultipart *
make_form (const WhisProvider *provider, const WhisHttpJob *job)
{
  const WhisModel *model = whis_provider_find_model (provider, job->model);
  g_autofree char *language = whis_language_for_model (model, job->request->language);
  SoupMultipart *form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);

  soup_multipart_append_form_string (form, "model_id", job->model);
  if (language != NULL)
    soup_multipart_append_form_string (form, "language_code", language);
  soup_multipart_append_form_string (form, "tag_audio_events", "false");
  soup_multipart_append_form_string (form, "timestamps_granularity",
                                     job->request->wants_times ? "word" : "none");
  append_vocabulary (form, provider, model, job->request->vocabulary);
  soup_multipart_append_form_file (form, "file", "audio.mp3", "audio/mpeg", job->sound);

  return form;
}

static WhisHttpRequest *
whis_elevenlabs_ask (WhisHttpBackend *backend, const WhisHttpJob *job, GError **error)
{
  g_autoptr (SoupMultipart) form = make_form (whis_http_backend_get_provider (backend), job);
  g_autofree char *url =
      g_strconcat (whis_http_backend_get_url (backend), "/v1/speech-to-text", NULL);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_set_form (request, form);

  return request;
}

/* Not `/v1/user`, which answers with the person's account and the key itself. */
static char *
whis_elevenlabs_dup_check_url (WhisHttpBackend *backend)
{
  return g_strconcat (whis_http_backend_get_url (backend), "/v1/models", NULL);
}

/* The list of models is of those that speak. */
static char *
whis_elevenlabs_dup_models_url (WhisHttpBackend *backend)
{
  return NULL;
}

static void
whis_elevenlabs_class_init (WhisElevenlabsClass *klass)
{
  WhisHttpBackendClass *backend_class = WHIS_HTTP_BACKEND_CLASS (klass);

  backend_class->ask = whis_elevenlabs_ask;
  backend_class->parse = whis_elevenlabs_answer_parse;
  backend_class->dup_check_url = whis_elevenlabs_dup_check_url;
  backend_class->dup_models_url = whis_elevenlabs_dup_models_url;
}

static void
whis_elevenlabs_init (WhisElevenlabs *self)
{
}
