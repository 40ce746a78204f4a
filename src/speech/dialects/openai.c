/* SPDX-License-Identifier: MIT */
#include "openai.h"
#include "address.h"
#include "answer.h"
#include "openai-form.h"
#include "json.h"
#include "service-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * WhisOpenai:
 *
 * The dialect that OpenAI defined and many servers speak: a form with the sound goes to
 * `…/audio/transcriptions`, the answer is JSON with the member `text`.
 */
struct _WhisOpenai
{
  WhisHttpBackend parent_instance;

  /* whisper.cpp takes English for granted unless it is told to find the language out, by a word
   * that other servers refuse */
  gboolean is_whisper_cpp;

  /* what does not leave this computer need not be small */
  gboolean is_here;
};

G_DEFINE_FINAL_TYPE (WhisOpenai, whis_openai, WHIS_TYPE_HTTP_BACKEND)

#define MODEL_PLACE "{model}"

static gboolean
url_names_model (WhisHttpBackend *backend)
{
  return strstr (whis_http_backend_get_url (backend), MODEL_PLACE) != NULL;
}

/* The address with the deployment in its place. */
static char *
make_url (WhisHttpBackend *backend, const char *model)
{
  const char *url = whis_http_backend_get_url (backend);
  g_auto (GStrv) parts = g_strsplit (url, MODEL_PLACE, 2);
  g_autofree char *escaped = g_uri_escape_string (model != NULL ? model : "", NULL, FALSE);

  return g_strjoinv (escaped, parts);
}

static WhisHttpRequest *
create_request (WhisOpenai *self, const WhisHttpJob *job)
{
  WhisHttpBackend *backend = WHIS_HTTP_BACKEND (self);
  const WhisProvider *provider = whis_http_backend_get_provider (backend);
  g_autofree char *url = make_url (backend, job->model);
  g_autoptr (SoupMultipart) form =
      whis_openai_form_new (provider, job, !url_names_model (backend), self->is_whisper_cpp);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_set_form (request, form);

  return request;
}

static gboolean
whis_openai_wants_samples (WhisHttpBackend *backend, const WhisSpeechRequest *request)
{
  return WHIS_OPENAI (backend)->is_here;
}

static WhisHttpRequest *
whis_openai_ask (WhisHttpBackend *backend, const WhisHttpJob *job, GError **error)
{
  return create_request (WHIS_OPENAI (backend), job);
}

/* Notes that the server is whisper.cpp when its answer shows it.
 *
 * Returns: whether that is news */
static gboolean
recognise_whisper_cpp (WhisOpenai *self, const WhisHttpResponse *response)
{
  const WhisProvider *provider = whis_http_backend_get_provider (WHIS_HTTP_BACKEND (self));
  const char *server = soup_message_headers_get_one (response->headers, "Server");

  if (self->is_whisper_cpp || !provider->own_address || g_strcmp0 (server, "whisper.cpp") != 0)
    return FALSE;
  self->is_whisper_cpp = TRUE;

  return TRUE;
}

/* A server that knows the endpoint explains in JSON why it has no such model. */
static gboolean
lacks_endpoint (WhisHttpBackend *backend, const WhisHttpResponse *response)
{
  g_autoptr (JsonNode) root = NULL;
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  if (response->status != 404 || whis_http_backend_get_provider (backend)->unknown_path == NULL)
    return FALSE;
  root = whis_json_parse (data, size, NULL);

  return whis_json_as_object (root) == NULL;
}

static GError *
openai_refuse (WhisHttpBackend *backend, const WhisHttpJob *job, const WhisHttpResponse *response)
{
  const char *unknown_path = whis_http_backend_get_provider (backend)->unknown_path;

  if (lacks_endpoint (backend, response))
    return whis_service_error_new_answer (WHIS_SERVICE_ERROR_UNSUPPORTED, _ (unknown_path), NULL,
                                          response->status, 0, FALSE);

  return whis_http_backend_refuse (backend, job->request, response);
}

static WhisTranscription *
whis_openai_read (WhisHttpBackend *backend,
                  const WhisHttpJob *job,
                  const WhisHttpRequest *asked,
                  const WhisHttpResponse *response,
                  WhisHttpRequest **next,
                  GError **error)
{
  WhisOpenai *self = WHIS_OPENAI (backend);
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  if (recognise_whisper_cpp (self, response) && job->request->language == NULL)
    {
      *next = create_request (self, job);
      return NULL;
    }
  if (response->status == SOUP_STATUS_OK)
    return whis_answer_parse (whis_http_backend_get_name (backend),
                              self->is_whisper_cpp ? WHIS_ANSWER_LINES_AS_THEY_ARE
                                                   : WHIS_ANSWER_LINES_OF_WORDS,
                              soup_message_headers_get_content_type (response->headers, NULL), data,
                              size, whis_http_backend_get_key (backend, job->request), error);
  g_propagate_error (error, openai_refuse (backend, job, response));

  return NULL;
}

static char *
whis_openai_dup_check_url (WhisHttpBackend *backend)
{
  const WhisProvider *provider = whis_http_backend_get_provider (backend);
  const char *url = whis_http_backend_get_url (backend);

  return provider->check_path != NULL ? whis_address_get_sibling (url, provider->check_path)
                                      : whis_address_get_models_url (url);
}

static char *
whis_openai_dup_models_url (WhisHttpBackend *backend)
{
  if (whis_http_backend_get_provider (backend)->check_path != NULL)
    return NULL;

  return whis_address_get_models_url (whis_http_backend_get_url (backend));
}

/* No model is known yet, and none is asked. */
static char *
whis_openai_dup_warm_url (WhisHttpBackend *backend)
{
  return make_url (backend, "-");
}

static void
whis_openai_constructed (GObject *object)
{
  WhisHttpBackend *backend = WHIS_HTTP_BACKEND (object);

  G_OBJECT_CLASS (whis_openai_parent_class)->constructed (object);

  WHIS_OPENAI (object)->is_whisper_cpp =
      (whis_http_backend_get_provider (backend)->fields & WHIS_FIELD_AUTO_LANGUAGE) != 0
      || g_str_has_suffix (whis_http_backend_get_url (backend), "/inference");
  WHIS_OPENAI (object)->is_here = whis_provider_is_here (whis_http_backend_get_provider (backend),
                                                         whis_http_backend_get_url (backend));
}

static void
whis_openai_class_init (WhisOpenaiClass *klass)
{
  WhisHttpBackendClass *backend_class = WHIS_HTTP_BACKEND_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = whis_openai_constructed;
  backend_class->reads_refusals = TRUE;
  backend_class->wants_samples = whis_openai_wants_samples;
  backend_class->ask = whis_openai_ask;
  backend_class->read = whis_openai_read;
  backend_class->dup_check_url = whis_openai_dup_check_url;
  backend_class->dup_warm_url = whis_openai_dup_warm_url;
  backend_class->dup_models_url = whis_openai_dup_models_url;
}

static void
whis_openai_init (WhisOpenai *self)
{
}
