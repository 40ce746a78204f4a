/* SPDX-License-Identifier: MIT */
#include "gemini.h"
#include "gemini-answer.h"
#include "json.h"
#include "language.h"
#include "vocabulary.h"

/* The revision of the interface that this is written for. */
#define REVISION "2026-05-20"

#define INTERACTIONS_PATH "/v1beta/interactions"
#define MODELS_PATH "/v1beta/models"

/**
 * WhisGemini:
 *
 * Google's transcription models: JSON with the sound in base64 goes to `/v1beta/interactions`.
 */
struct _WhisGemini
{
  WhisHttpBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (WhisGemini, whis_gemini, WHIS_TYPE_HTTP_BACKEND)

static char *
make_url (WhisHttpBackend *backend, const char *path)
{
  return g_strconcat (whis_http_backend_get_url (backend), path, NULL);
}

/* A model that the user typed in is taken for one like those that are known. */
static const WhisModel *
find_model (const WhisProvider *provider, const char *id)
{
  const WhisModel *model = whis_provider_find_model (provider, id);

  return model != NULL ? model : &provider->models[0];
}

static void
add_input (JsonBuilder *body, GBytes *sound)
{
  gsize size;
  const guchar *data = g_bytes_get_data (sound, &size);
  g_autofree char *encoded = g_base64_encode (data, size);

  json_builder_set_member_name (body, "input");
  json_builder_begin_array (body);
  json_builder_begin_object (body);
  whis_json_add_string (body, "type", "audio");
  whis_json_add_string (body, "mime_type", "audio/mp3");
  whis_json_add_string (body, "data", encoded);
  json_builder_end_object (body);
  json_builder_end_array (body);
}

static void
add_mode (JsonBuilder *body, gboolean times)
{
  json_builder_set_member_name (body, "mode");
  json_builder_begin_object (body);
  whis_json_add_string (body, "type", times ? "verbatim" : "smart");
  if (times)
    whis_json_add_strings (body, "timestamp_granularities", (const char *const[]){ "word", NULL });
  json_builder_end_object (body);
}

/* The service refuses vocabulary together with times. */
static void
add_config (JsonBuilder *body, const WhisProvider *provider, const WhisHttpJob *job)
{
  const WhisSpeechRequest *request = job->request;
  const WhisModel *model = find_model (provider, job->model);
  g_autofree char *language = whis_language_for_model (model, request->language);
  g_autofree const char **words = NULL;

  if (!request->wants_times)
    words = whis_vocabulary_limit ((const char *const *) request->vocabulary,
                                   provider->max_vocabulary, 0);

  json_builder_set_member_name (body, "generation_config");
  json_builder_begin_object (body);
  json_builder_set_member_name (body, "transcription_config");
  json_builder_begin_object (body);
  if (language != NULL)
    whis_json_add_strings (body, model->language_field, (const char *const[]){ language, NULL });
  if (words != NULL)
    whis_json_add_strings (body, model->vocabulary_field, words);
  add_mode (body, request->wants_times);
  json_builder_end_object (body);
  json_builder_end_object (body);
}

static GBytes *
make_body (const WhisProvider *provider, const WhisHttpJob *job)
{
  g_autoptr (JsonBuilder) body = json_builder_new_immutable ();

  json_builder_begin_object (body);
  whis_json_add_string (body, "model", job->model);
  /* The service keeps what it hears unless it is told not to. */
  whis_json_add_boolean (body, "store", FALSE);
  add_input (body, job->sound);
  add_config (body, provider, job);
  json_builder_end_object (body);

  return whis_json_finish (body);
}

static WhisHttpRequest *
whis_gemini_ask (WhisHttpBackend *backend, const WhisHttpJob *job, GError **error)
{
  g_autofree char *url = make_url (backend, INTERACTIONS_PATH);
  g_autoptr (GBytes) body = make_body (whis_http_backend_get_provider (backend), job);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_add_header (request, "Api-Revision", REVISION);
  whis_http_request_set_body (request, "application/json", body);

  return request;
}

static char *
whis_gemini_dup_check_url (WhisHttpBackend *backend)
{
  return make_url (backend, MODELS_PATH);
}

/* All on one page. */
static char *
whis_gemini_dup_models_url (WhisHttpBackend *backend)
{
  return make_url (backend, MODELS_PATH "?pageSize=1000");
}

static void
whis_gemini_class_init (WhisGeminiClass *klass)
{
  WhisHttpBackendClass *backend_class = WHIS_HTTP_BACKEND_CLASS (klass);

  backend_class->ask = whis_gemini_ask;
  backend_class->parse = whis_gemini_answer_parse;
  backend_class->dup_check_url = whis_gemini_dup_check_url;
  backend_class->dup_models_url = whis_gemini_dup_models_url;
}

static void
whis_gemini_init (WhisGemini *self)
{
}
