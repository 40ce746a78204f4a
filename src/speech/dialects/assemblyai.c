/* SPDX-License-Identifier: MIT */
#include "assemblyai.h"
#include "wav.h"
#include "address.h"
#include "assemblyai-answer.h"
#include "bad-answer.h"
#include "json.h"
#include "language.h"
#include "service-error.h"
#include "vocabulary.h"

#include <string.h>

/* The endpoint that answers at once has a host and a model of its own. */
#define SYNC_URL "https://sync.assemblyai.com"
#define SYNC_MODEL "universal-3-5-pro"
/* Its 120 s, without the frames that are sent ahead of a cut. */
#define LONGEST_SYNC_MS 119000
/* As many seconds of our MP3 or of samples, with room to spare: what is larger is longer than it
 * says. */
#define LARGEST_SYNC_MP3 (1024 * 1024)
#define LARGEST_SYNC_SAMPLES (120000 * WHIS_WAV_BYTES_PER_MS)

#define SYNC_PATH "/v1/transcribe"
#define WARM_PATH "/v1/warm"
#define UPLOAD_PATH "/v2/upload"
#define JOBS_PATH "/v2/transcript"

/* Keyterms are at most so many characters together. */
#define MOST_LETTERS 2048
/* A model for fewer languages is followed by one for more. */
#define MODEL_FOR_MORE_LANGUAGES "universal-2"

/* How long to wait before asking after a job: a little at first, then as long as the service
 * advises. */
#define FIRST_PAUSE_MS WHIS_HTTP_BACKEND_LEAST_PAUSE_MS
#define LONGEST_PAUSE_MS 3000
/* While the service has trouble to answer, the pauses get longer, up to this. */
#define LAST_PAUSE_MS 20000

/**
 * WhisAssemblyai:
 *
 * AssemblyAI: short sound goes to an endpoint that answers at once, as WAV. Longer sound is
 * uploaded as it is, a job is ordered for it, and the job is asked after until it is done.
 */
struct _WhisAssemblyai
{
  WhisHttpBackend parent_instance;
};

G_DEFINE_FINAL_TYPE (WhisAssemblyai, whis_assemblyai, WHIS_TYPE_HTTP_BACKEND)

static const WhisModel *
find_model (WhisHttpBackend *backend, const char *id)
{
  return whis_provider_find_model (whis_http_backend_get_provider (backend), id);
}

static char *
make_url (WhisHttpBackend *backend, const char *path)
{
  return g_strconcat (whis_http_backend_get_url (backend), path, NULL);
}

/* Another address than the table's stands for all hosts of the service. */
static char *
make_sync_url (WhisHttpBackend *backend, const char *path)
{
  const WhisProvider *provider = whis_http_backend_get_provider (backend);

  if (!g_str_equal (whis_http_backend_get_url (backend), provider->base_url))
    return make_url (backend, path);

  return g_strconcat (SYNC_URL, path, NULL);
}

static gboolean
whis_assemblyai_wants_samples (WhisHttpBackend *backend, const WhisSpeechRequest *request)
{
  const char *model =
      whis_provider_choose_model (whis_http_backend_get_provider (backend), request->model);

  return g_strcmp0 (model, SYNC_MODEL) == 0 && request->duration_ms <= LONGEST_SYNC_MS
         && request->size <= (request->is_lossless ? LARGEST_SYNC_SAMPLES : LARGEST_SYNC_MP3);
}

static void
add_keyterms (JsonBuilder *config, WhisHttpBackend *backend, const WhisHttpJob *job)
{
  const WhisProvider *provider = whis_http_backend_get_provider (backend);
  const WhisModel *model = find_model (backend, job->model);
  g_autofree const char **words = NULL;

  if (model == NULL || model->vocabulary_field == NULL)
    return;
  words = whis_vocabulary_limit ((const char *const *) job->request->vocabulary,
                                 provider->max_vocabulary, MOST_LETTERS);
  if (words != NULL)
    whis_json_add_strings (config, model->vocabulary_field, words);
}

static void
add_prompt (JsonBuilder *config, WhisHttpBackend *backend, const char *prompt)
{
  const WhisProvider *provider = whis_http_backend_get_provider (backend);
  g_autofree char *start = NULL;

  if (prompt == NULL)
    return;
  start = g_utf8_substring (prompt, 0, MIN (g_utf8_strlen (prompt, -1), provider->max_prompt));
  whis_json_add_string (config, "prompt", start);
}

static GBytes *
make_sync_config (WhisHttpBackend *backend, const WhisHttpJob *job)
{
  g_autoptr (JsonBuilder) config = json_builder_new_immutable ();
  const WhisSpeechRequest *request = job->request;
  g_autofree char *language =
      whis_language_for_model (find_model (backend, job->model), request->language);

  json_builder_begin_object (config);
  if (language != NULL)
    whis_json_add_strings (config, "language_codes", (const char *const[]){ language, NULL });
  add_prompt (config, backend, request->prompt);
  add_keyterms (config, backend, job);
  whis_json_add_boolean (config, "timestamps", request->wants_times);
  json_builder_end_object (config);

  return whis_json_finish (config);
}

static void
append_part (SoupMultipart *form, const char *disposition, const char *type, GBytes *body)
{
  g_autoptr (SoupMessageHeaders) headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);

  soup_message_headers_append (headers, "Content-Disposition", disposition);
  soup_message_headers_append (headers, "Content-Type", type);
  soup_multipart_append_part (form, headers, body);
}

static WhisHttpRequest *
create_sync_request (WhisHttpBackend *backend, const WhisHttpJob *job)
{
  g_autofree char *url = make_sync_url (backend, SYNC_PATH);
  g_autoptr (SoupMultipart) form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  g_autoptr (GBytes) wav = whis_wav_new (job->sound);
  g_autoptr (GBytes) config = make_sync_config (backend, job);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  append_part (form, "form-data; name=\"audio\"; filename=\"audio.wav\"", "audio/wav", wav);
  append_part (form, "form-data; name=\"config\"", "application/json", config);
  whis_http_request_add_header (request, "X-AAI-Model", job->model);
  whis_http_request_set_form (request, form);

  return request;
}

static WhisHttpRequest *
make_upload (WhisHttpBackend *backend, GBytes *sound)
{
  g_autofree char *url = make_url (backend, UPLOAD_PATH);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_set_body (request, "application/octet-stream", sound);

  return request;
}

static void
add_models (JsonBuilder *order, const char *model)
{
  const char *models[] = { model, NULL, NULL };

  if (g_str_equal (model, SYNC_MODEL))
    models[1] = MODEL_FOR_MORE_LANGUAGES;
  whis_json_add_strings (order, "speech_models", models);
}

static GBytes *
make_order (WhisHttpBackend *backend, const WhisHttpJob *job, const char *upload_url)
{
  g_autoptr (JsonBuilder) order = json_builder_new_immutable ();
  g_autofree char *language =
      whis_language_for_model (find_model (backend, job->model), job->request->language);

  json_builder_begin_object (order);
  whis_json_add_string (order, "audio_url", upload_url);
  add_models (order, job->model);
  if (language != NULL)
    whis_json_add_string (order, "language_code", language);
  else
    whis_json_add_boolean (order, "language_detection", TRUE);
  whis_json_add_boolean (order, "punctuate", TRUE);
  whis_json_add_boolean (order, "format_text", TRUE);
  add_keyterms (order, backend, job);
  json_builder_end_object (order);

  return whis_json_finish (order);
}

static WhisHttpRequest *
create_job_request (WhisHttpBackend *backend, const WhisHttpJob *job, const char *upload_url)
{
  g_autofree char *url = make_url (backend, JOBS_PATH);
  g_autoptr (GBytes) order = make_order (backend, job, upload_url);
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_POST, url);

  whis_http_request_set_body (request, "application/json", order);

  return request;
}

static WhisHttpRequest *
create_state_request (const char *url, guint pause_ms)
{
  WhisHttpRequest *request = whis_http_request_new (SOUP_METHOD_GET, url);

  request->pause_ms = pause_ms;

  return request;
}

static WhisHttpRequest *
whis_assemblyai_ask (WhisHttpBackend *backend, const WhisHttpJob *job, GError **error)
{
  if (whis_assemblyai_wants_samples (backend, job->request))
    return create_sync_request (backend, job);

  return make_upload (backend, job->sound);
}

static WhisTranscription *
assemblyai_fail (WhisHttpBackend *backend,
                 const WhisHttpJob *job,
                 const WhisHttpResponse *response,
                 GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);

  g_propagate_error (error,
                     whis_bad_answer_new (whis_http_backend_get_name (backend), data, size,
                                          whis_http_backend_get_key (backend, job->request)));

  return NULL;
}

static WhisTranscription *
read_upload (WhisHttpBackend *backend,
             const WhisHttpJob *job,
             const WhisHttpResponse *response,
             WhisHttpRequest **next,
             GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);
  g_autofree char *upload_url = whis_assemblyai_answer_dup_upload_url (data, size);

  if (upload_url == NULL)
    return assemblyai_fail (backend, job, response, error);
  *next = create_job_request (backend, job, upload_url);

  return NULL;
}

static WhisTranscription *
read_order (WhisHttpBackend *backend,
            const WhisHttpJob *job,
            const WhisHttpResponse *response,
            WhisHttpRequest **next,
            GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);
  g_autofree char *id = whis_assemblyai_answer_dup_id (data, size);
  g_autofree char *path = NULL;
  g_autofree char *url = NULL;

  if (id == NULL)
    return assemblyai_fail (backend, job, response, error);
  path = g_strconcat (JOBS_PATH "/", id, NULL);
  url = make_url (backend, path);
  *next = create_state_request (url, FIRST_PAUSE_MS);

  return NULL;
}

/* The endpoint that answers at once has a job in place of an answer, which can be asked after where
 * it has an id. */
static WhisTranscription *
read_promise (WhisHttpBackend *backend,
              const WhisHttpJob *job,
              const WhisHttpResponse *response,
              WhisHttpRequest **next,
              GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);
  g_autofree char *id = whis_assemblyai_answer_dup_id (data, size);

  if (id != NULL)
    return read_order (backend, job, response, next, error);
  g_propagate_error (error, whis_unfinished_answer_new (
                                whis_http_backend_get_name (backend), data, size,
                                whis_http_backend_get_key (backend, job->request), "queued"));

  return NULL;
}

static WhisTranscription *
read_transcript (WhisHttpBackend *backend,
                 const WhisHttpJob *job,
                 const WhisHttpRequest *asked,
                 const WhisHttpResponse *response,
                 WhisHttpRequest **next,
                 GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (response->body, &size);
  gboolean is_waiting;
  WhisTranscription *transcription = whis_assemblyai_answer_parse (
      whis_http_backend_get_name (backend), data, size,
      whis_http_backend_get_key (backend, job->request), &is_waiting, error);

  if (!is_waiting)
    return transcription;
  if (g_str_has_suffix (asked->url, SYNC_PATH))
    return read_promise (backend, job, response, next, error);
  *next = create_state_request (asked->url, MIN (asked->pause_ms * 2, LONGEST_PAUSE_MS));

  return NULL;
}

/* A host that does not know the endpoint, such as one for a region, gets the same sound the long
 * way. */
static gboolean
is_unknown_endpoint (const WhisHttpRequest *asked, const WhisHttpResponse *response)
{
  return response->status == SOUP_STATUS_NOT_FOUND && g_str_has_suffix (asked->url, SYNC_PATH);
}

/* To ask after a job once more costs nothing; to begin again is to upload and to pay again. */
static gboolean
may_ask_again (const WhisHttpRequest *asked, const GError *refusal)
{
  return asked->pause_ms > 0 && asked->pause_ms <= LAST_PAUSE_MS
         && whis_service_error_is_retryable (refusal);
}

static WhisTranscription *
read_refusal (WhisHttpBackend *backend,
              const WhisHttpJob *job,
              const WhisHttpRequest *asked,
              const WhisHttpResponse *response,
              WhisHttpRequest **next,
              GError **error)
{
  g_autoptr (GError) refusal = whis_http_backend_refuse (backend, job->request, response);

  if (is_unknown_endpoint (asked, response))
    {
      g_autoptr (GBytes) wav = whis_wav_new (job->sound);

      *next = make_upload (backend, wav);
    }
  else if (may_ask_again (asked, refusal))
    {
      guint64 wait_ms = whis_service_error_get_retry_after_ms (refusal);

      *next = create_state_request (asked->url, (guint) MAX (wait_ms, asked->pause_ms * 2));
    }
  else
    g_propagate_error (error, g_steal_pointer (&refusal));

  return NULL;
}

static WhisTranscription *
whis_assemblyai_read (WhisHttpBackend *backend,
                      const WhisHttpJob *job,
                      const WhisHttpRequest *asked,
                      const WhisHttpResponse *response,
                      WhisHttpRequest **next,
                      GError **error)
{
  if (response->status != SOUP_STATUS_OK)
    return read_refusal (backend, job, asked, response, next, error);
  if (g_str_has_suffix (asked->url, UPLOAD_PATH))
    return read_upload (backend, job, response, next, error);
  if (g_str_has_suffix (asked->url, JOBS_PATH))
    return read_order (backend, job, response, next, error);

  return read_transcript (backend, job, asked, response, next, error);
}

static char *
whis_assemblyai_dup_check_url (WhisHttpBackend *backend)
{
  return make_url (backend, JOBS_PATH "?limit=1");
}

static char *
whis_assemblyai_dup_models_url (WhisHttpBackend *backend)
{
  return NULL;
}

static char *
whis_assemblyai_dup_warm_url (WhisHttpBackend *backend)
{
  return make_sync_url (backend, WARM_PATH);
}

/* The domain that all its hosts are in, for sound goes to two of them. */
static char *
whis_assemblyai_dup_host (WhisHttpBackend *backend)
{
  const WhisProvider *provider = whis_http_backend_get_provider (backend);
  const char *url = whis_http_backend_get_url (backend);

  if (g_str_equal (url, provider->base_url))
    return g_strdup (provider->domain);

  return whis_address_get_host (url);
}

static void
whis_assemblyai_class_init (WhisAssemblyaiClass *klass)
{
  WhisHttpBackendClass *backend_class = WHIS_HTTP_BACKEND_CLASS (klass);

  backend_class->reads_refusals = TRUE;
  backend_class->wants_samples = whis_assemblyai_wants_samples;
  backend_class->ask = whis_assemblyai_ask;
  backend_class->read = whis_assemblyai_read;
  backend_class->dup_check_url = whis_assemblyai_dup_check_url;
  backend_class->dup_models_url = whis_assemblyai_dup_models_url;
  backend_class->dup_warm_url = whis_assemblyai_dup_warm_url;
  backend_class->dup_host = whis_assemblyai_dup_host;
}

static void
whis_assemblyai_init (WhisAssemblyai *self)
{
}
