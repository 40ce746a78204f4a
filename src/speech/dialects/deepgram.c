/* SPDX-License-Identifier: MIT */
#include "deepgram.h"
#include "deepgram-answer.h"
#include "language.h"

#include <string.h>

/* All key terms of a request together may be 500 tokens, and a request with more is refused. A
 * token of a rare name is two or three letters long; here it is two bytes. */
#define MOST_TOKENS 500
#define BYTES_PER_TOKEN 2

/**
 * WhisDeepgram:
 *
 * Deepgram's transcription of recorded sound: the sound alone is the body of `POST /v1/listen`, and
 * all options are in the query.
 */
struct _WhisDeepgram
{
  WhisHttpBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (WhisDeepgram, whis_deepgram, WHIS_TYPE_HTTP_BACKEND)

/* Whole language tags that the Nova models know. A tag that a model does not know is refused, so of
 * others only the language is sent. */
static const char *const known_tags[] = {
  "de-CH", "en-AU", "en-GB", "en-IN", "en-NZ", "en-US", "es-419",  "fr-CA",
  "nl-BE", "pt-BR", "pt-PT", "zh-CN", "zh-HK", "zh-TW", "zh-Hans", "zh-Hant",
};

static gboolean
is_nova_3 (const char *model)
{
  return g_str_has_prefix (model, "nova-3");
}

static char *
dup_language (const char *model, const char *language)
{
  g_autofree char *tag = g_strndup (language, strcspn (language, ".@"));

  g_strdelimit (tag, "_", '-');
  for (gsize i = 0; g_str_has_prefix (model, "nova-") && i < G_N_ELEMENTS (known_tags); i++)
    {
      if (g_ascii_strcasecmp (tag, known_tags[i]) == 0)
        return g_strdup (known_tags[i]);
    }

  return whis_language_get_primary (language);
}

/* Without a word about the language every model takes what it hears for English. On Nova 3, `multi`
 * finds out more languages (55) than `detect_language` does (35, all among those), also where they
 * change within a sentence, and it is what live transcription has. The `multi` of other models is
 * English and Spanish alone, or is not there. */
static void
add_language (GString *query, const char *model, const char *language)
{
  g_autofree char *code = language != NULL ? dup_language (model, language) : NULL;

  if (code != NULL)
    whis_http_query_append (query, "language", code);
  else if (is_nova_3 (model))
    whis_http_query_append (query, "language", "multi");
  else
    whis_http_query_append (query, "detect_language", "true");
}

/* Nova 3 takes terms of several words and refuses `keywords`. Models before it take single words,
 * and a number for the weight behind a colon. */
static void
add_term (GString *query, const char *model, const char *term, gsize *n_tokens)
{
  gsize more = (strlen (term) + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;

  if (more == 0 || *n_tokens + more > MOST_TOKENS)
    return;
  *n_tokens += more;
  if (is_nova_3 (model))
    whis_http_query_append (query, "keyterm", term);
  else if (strpbrk (term, " :") == NULL)
    whis_http_query_append (query, "keywords", term);
}

/* Whisper, which Deepgram hosts too, has no such option. */
static void
add_vocabulary (GString *query, const WhisProvider *provider, const char *model, GStrv vocabulary)
{
  gsize n_tokens = 0;

  if (g_str_has_prefix (model, "whisper"))
    return;
  for (guint i = 0; vocabulary != NULL && vocabulary[i] != NULL && i < provider->max_vocabulary;
       i++)
    add_term (query, model, vocabulary[i], &n_tokens);
}

static char *
make_query (const WhisProvider *provider, const WhisHttpJob *job)
{
  GString *query = g_string_new (NULL);

  whis_http_query_append (query, "model", job->model);
  add_language (query, job->model, job->request->language);
  whis_http_query_append (query, "smart_format", "true");
  whis_http_query_append (query, "punctuate", "true");
  add_vocabulary (query, provider, job->model, job->request->vocabulary);

  return g_string_free (query, FALSE);
}

static WhisHttpRequest *
whis_deepgram_ask (WhisHttpBackend *backend, const WhisHttpJob *job, GError **error)
{
  g_autofree char *query = make_query (whis_http_backend_get_provider (backend), job);
  g_autofree char *url =
      g_strconcat (whis_http_backend_get_url (backend), "/v1/listen", query, NULL);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_set_body (request, "audio/mpeg", job->sound);

  return request;
}

static char *
whis_deepgram_dup_check_url (WhisHttpBackend *backend)
{
  return g_strconcat (whis_http_backend_get_url (backend), "/v1/auth/token", NULL);
}

static char *
whis_deepgram_dup_models_url (WhisHttpBackend *backend)
{
  return g_strconcat (whis_http_backend_get_url (backend), "/v1/models", NULL);
}

static void
whis_deepgram_class_init (WhisDeepgramClass *klass)
{
  WhisHttpBackendClass *backend_class = WHIS_HTTP_BACKEND_CLASS (klass);

  backend_class->ask = whis_deepgram_ask;
  backend_class->parse = whis_deepgram_answer_parse;
  backend_class->dup_check_url = whis_deepgram_dup_check_url;
  backend_class->dup_models_url = whis_deepgram_dup_models_url;
}

static void
whis_deepgram_init (WhisDeepgram *self)
{
}
