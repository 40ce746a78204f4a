/* SPDX-License-Identifier: MIT */
#include "http-backend.h"
#include "wav.h"
#include "address.h"
#include "rate-limit.h"
#include "key-check.h"
#include "models.h"
#include "range.h"
#include "error-sentence.h"
#include "retirement.h"
#include "retry.h"
#include "secret.h"
#include "session.h"
#include "service-error.h"
#include "transport-error.h"
#include "trusted-certificate.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is shorter than this is refused by services, and nobody says a word in it. */
#define SHORTEST_SOUND_MS 100

/* What an answer may have beside a byte for each millisecond of sound, which holds its words with
 * their times several times over. */
#define MOST_ANSWER_BYTES (512 * 1024)

/* As many bytes of text for any piece, and so many for each second of it: several times what the
 * fastest speaker says. */
#define MOST_TEXT_BYTES (64 * 1024)
#define MOST_TEXT_BYTES_PER_SECOND 200

/* No model has to be loaded, and no sound to be heard, for an answer about a key or about models,
 * which somebody waits for. */
#define LONGEST_BARE_ANSWER_MS 30000

/* How long all questions about a piece may take beyond the length of its sound: jobs beyond the
 * account's number wait for their turn at the service. */
#define LONGEST_WAIT_MS (10 * 60 * 1000)

/* What becomes of samples for a service far away: 64 kbit/s. */
#define MP3_BYTES_PER_MS 8

typedef struct
{
  const WhisProvider *provider;
  char *url;
  char *host;
  GSocketConnectable *remote_connectable;
  SoupSession *session;
  const WhisSoundConverter *converter;
} WhisHttpBackendPrivate;

enum
{
  PROP_PROVIDER = 1,
  PROP_URL,
  PROP_REMOTE_CONNECTABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void whis_http_backend_backend_init (WhisBackendInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (WhisHttpBackend,
                                  whis_http_backend,
                                  G_TYPE_OBJECT,
                                  G_ADD_PRIVATE (WhisHttpBackend)
                                      G_IMPLEMENT_INTERFACE (WHIS_TYPE_BACKEND,
                                                             whis_http_backend_backend_init))

static WhisHttpBackendPrivate *
get_private (WhisHttpBackend *self)
{
  return whis_http_backend_get_instance_private (self);
}

/* A transcription: the job, and the question that has no answer yet. */
typedef struct
{
  WhisHttpJob job;
  WhisHttpRequest *asked;
} Transcribing;

static void
transcribing_free (gpointer data)
{
  Transcribing *transcribing = data;

  whis_speech_request_unref (transcribing->job.request);
  g_clear_pointer (&transcribing->job.sound, g_bytes_unref);
  whis_http_request_unref (transcribing->asked);
  g_free (transcribing);
}

static void
return_transport_error (GTask *task, GError *cause)
{
  WhisHttpBackendPrivate *priv = get_private (g_task_get_source_object (task));

  g_task_return_error (task, whis_transport_error_new (priv->provider, priv->host, cause));
  g_error_free (cause);
}

/* Too short to hold a word: nothing was said. */
static void
return_error (GTask *task, GError *error)
{
  if (!g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TOO_SHORT))
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_return_pointer (task, whis_transcription_new (""),
                         (GDestroyNotify) whis_transcription_free);
  g_error_free (error);
}

static void http_backend_ask (GTask *task, WhisHttpRequest *question);

static WhisTranscription *
read_reply (GTask *task, const WhisHttpResponse *reply, WhisHttpRequest **next, GError **error)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  Transcribing *transcribing = g_task_get_task_data (task);

  if ((reply->status == SOUP_STATUS_OK || klass->reads_refusals)
      && !whis_http_response_is_page (reply))
    return klass->read != NULL
               ? klass->read (self, &transcribing->job, transcribing->asked, reply, next, error)
               : klass->parse (whis_http_backend_get_name (self),
                               g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body),
                               whis_http_backend_get_key (self, transcribing->job.request), error);
  g_propagate_error (error, whis_http_backend_refuse (self, transcribing->job.request, reply));

  return NULL;
}

/* An answer may say that it was the last one for a while: better to wait than to be refused. */
static void
apply_rate_limit_headers (WhisHttpBackend *self, const WhisHttpResponse *reply)
{
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;
  guint64 wait_ms;

  if (reply->status != SOUP_STATUS_OK
      || !whis_rate_limit_get_delay_until_reset (
          reply->headers, g_get_real_time () / G_USEC_PER_SEC, FALSE, &wait_ms)
      || wait_ms > WHIS_RETRY_LONGEST_WAIT_MS)
    return;
  sentence = whis_rate_limit_describe (whis_http_backend_get_name (self), wait_ms);
  error = whis_service_error_new_answer (WHIS_SERVICE_ERROR_RATE_LIMIT, sentence, NULL,
                                         reply->status, wait_ms, TRUE);
  whis_backend_exhausted (WHIS_BACKEND (self), error);
}

/* All of it would be compared, stored and shown, on the main loop. */
static gboolean
is_too_long (const WhisTranscription *transcription, const WhisSpeechRequest *request)
{
  return strlen (transcription->text)
         > MOST_TEXT_BYTES + request->duration_ms / 1000 * MOST_TEXT_BYTES_PER_SECOND;
}

static GError *
make_too_long_error (WhisHttpBackend *self, guint status)
{
  g_autofree char *sentence =
      g_strdup_printf (_ ("The answer of %s is longer than anything that can have been said."),
                       whis_http_backend_get_name (self));

  return whis_service_error_new_answer (WHIS_SERVICE_ERROR_BAD_ANSWER, sentence, NULL, status, 0,
                                        TRUE);
}

static void
did_get_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = get_private (self);
  Transcribing *transcribing = g_task_get_task_data (task);
  g_autoptr (WhisHttpResponse) reply = NULL;
  WhisTranscription *transcription;
  WhisHttpRequest *next = NULL;
  GError *error = NULL;

  reply = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  transcribing->job.request->was_sent =
      transcribing->job.request->was_sent || transcribing->asked->was_sent;
  if (reply == NULL)
    {
      return_transport_error (task, error);
      return;
    }
  g_debug ("%s answered %u with %zu bytes", priv->host, reply->status,
           g_bytes_get_size (reply->body));
  apply_rate_limit_headers (self, reply);
  transcription = read_reply (task, reply, &next, &error);
  if (transcription != NULL && is_too_long (transcription, transcribing->job.request))
    {
      g_clear_pointer (&transcription, whis_transcription_free);
      error = make_too_long_error (self, reply->status);
    }
  if (next != NULL)
    next = whis_http_backend_follow (self, &transcribing->job, next, &error);
  if (transcription != NULL)
    g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  else if (next != NULL)
    http_backend_ask (g_steal_pointer (&task), next);
  else
    return_error (task, error);
}

static void
http_backend_send (GTask *task)
{
  WhisHttpBackendPrivate *priv = get_private (g_task_get_source_object (task));
  Transcribing *transcribing = g_task_get_task_data (task);

  whis_http_request_send_async (priv->session, transcribing->asked, g_task_get_cancellable (task),
                                did_get_reply, task);
}

static gboolean
pause_over (gpointer data)
{
  http_backend_send (data);

  return G_SOURCE_REMOVE;
}

/* Ends early when the task is cancelled; sending then says so. */
static void
send_after (GTask *task, guint pause_ms)
{
  g_autoptr (GSource) pause = g_timeout_source_new (pause_ms);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (pause, cancelled);
    }
  g_source_set_callback (pause, pause_over, task, NULL);
  g_source_attach (pause, g_task_get_context (task));
}

/* Only a server of the user's own may have a certificate of the user's own. */
static char *
dup_trusted (WhisHttpBackendPrivate *priv)
{
  g_autoptr (GUri) uri = NULL;

  if (!priv->provider->own_address || !g_str_has_prefix (priv->url, "https://"))
    return NULL;
  uri = g_uri_parse (priv->url, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL ? whis_trusted_certificate_dup_path (g_uri_get_host (uri)) : NULL;
}

static void
http_backend_ask (GTask *task, WhisHttpRequest *question)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = get_private (self);
  Transcribing *transcribing = g_task_get_task_data (task);

  whis_http_request_unref (transcribing->asked);
  transcribing->asked = question;
  whis_http_request_set_key (question, priv->provider->auth,
                             whis_http_backend_get_key (self, transcribing->job.request));
  question->timeouts = whis_provider_get_timeouts (
      priv->provider, question->body != NULL ? g_bytes_get_size (question->body) : 0,
      transcribing->job.request->duration_ms);
  question->most_bytes = MOST_ANSWER_BYTES + transcribing->job.request->duration_ms;
  question->trusted = dup_trusted (priv);
  g_debug ("Asking %s %s", question->method, priv->host);
  if (question->pause_ms > 0)
    send_after (task, question->pause_ms);
  else
    http_backend_send (task);
}

static void
ask_first (GTask *task)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  Transcribing *transcribing = g_task_get_task_data (task);
  GError *error = NULL;
  WhisHttpRequest *question =
      WHIS_HTTP_BACKEND_GET_CLASS (self)->ask (self, &transcribing->job, &error);

  if (question != NULL)
    http_backend_ask (task, question);
  else
    {
      return_error (task, error);
      g_object_unref (task);
    }
}

/* Takes @sound and @cause, one of which is there. */
static void
take_converted (GTask *task, GBytes *sound, gboolean is_samples, GError *cause)
{
  Transcribing *transcribing = g_task_get_task_data (task);

  if (sound != NULL)
    {
      g_bytes_unref (transcribing->job.sound);
      transcribing->job.sound = sound;
      transcribing->job.is_samples = is_samples;
      ask_first (task);
      return;
    }
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (cause));
  else
    g_task_return_error (task, whis_service_error_new (WHIS_SERVICE_ERROR_FILE,
                                                       _ ("The recorded sound could not be read."),
                                                       cause->message));
  g_error_free (cause);
  g_object_unref (task);
}

static void
did_decode (GObject *source, GAsyncResult *result, gpointer data)
{
  WhisHttpBackendPrivate *priv = get_private (g_task_get_source_object (data));
  GError *cause = NULL;
  GBytes *samples = priv->converter->decode_finish (result, &cause);

  take_converted (data, samples, TRUE, cause);
}

static void
did_encode (GObject *source, GAsyncResult *result, gpointer data)
{
  WhisHttpBackendPrivate *priv = get_private (g_task_get_source_object (data));
  GError *cause = NULL;
  GBytes *mp3 = priv->converter->encode_finish (result, &cause);

  take_converted (data, mp3, FALSE, cause);
}

static gboolean
wants_samples (WhisHttpBackend *self, const WhisSpeechRequest *request)
{
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);

  return get_private (self)->converter != NULL && klass->wants_samples != NULL
         && klass->wants_samples (self, request);
}

/* What the service wants, of what was recorded for it or for another one. */
static void
prepare_sound (GTask *task)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = get_private (self);
  Transcribing *transcribing = g_task_get_task_data (task);
  gboolean wants = wants_samples (self, transcribing->job.request);

  transcribing->job.is_samples = transcribing->job.request->is_lossless;
  if (wants == transcribing->job.is_samples || priv->converter == NULL)
    ask_first (task);
  else if (wants)
    priv->converter->decode_async (transcribing->job.sound, g_task_get_cancellable (task),
                                   did_decode, task);
  else
    priv->converter->encode_async (transcribing->job.sound, g_task_get_cancellable (task),
                                   did_encode, task);
}

static void
did_read_sound (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Transcribing *transcribing = g_task_get_task_data (task);
  GError *error = NULL;

  transcribing->job.sound = whis_range_read_finish (result, &error);
  if (transcribing->job.sound == NULL)
    g_task_return_error (task, error);
  else
    prepare_sound (g_steal_pointer (&task));
}

static GError *
make_too_large_error (WhisHttpBackend *self)
{
  g_autofree char *sentence =
      g_strdup_printf (_ ("A piece of the recording is too large for %s. Set shorter pieces."),
                       whis_http_backend_get_name (self));

  return whis_service_error_new (WHIS_SERVICE_ERROR_TOO_LARGE, sentence, NULL);
}

static GError *
make_no_model_error (WhisHttpBackend *self)
{
  g_autofree char *sentence = g_strdup_printf (
      _ ("%s does not work without the name of a model. Set one in the preferences."),
      whis_http_backend_get_name (self));

  return whis_service_error_new (WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL, sentence, NULL);
}

static guint64
get_upload_size (WhisHttpBackend *self, const WhisSpeechRequest *request)
{
  if (wants_samples (self, request))
    return request->duration_ms * WHIS_WAV_BYTES_PER_MS;

  return request->is_lossless ? request->size / WHIS_WAV_BYTES_PER_MS * MP3_BYTES_PER_MS
                              : request->size;
}

static gboolean
may_ask (WhisHttpBackend *self, const WhisSpeechRequest *request, GError **error)
{
  WhisHttpBackendPrivate *priv = get_private (self);

  if (!whis_key_check_may_send (priv->provider, priv->url, request->key, error))
    return FALSE;
  if (priv->provider->needs_model && request->model == NULL)
    {
      g_propagate_error (error, make_no_model_error (self));
      return FALSE;
    }
  if (get_upload_size (self, request) <= priv->provider->max_bytes
      && (priv->provider->max_ms == 0 || request->duration_ms <= priv->provider->max_ms))
    return TRUE;
  g_propagate_error (error, make_too_large_error (self));

  return FALSE;
}

static void
whis_http_backend_transcribe_async (WhisBackend *backend,
                                    WhisSpeechRequest *request,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Transcribing *transcribing = g_new0 (Transcribing, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, whis_http_backend_transcribe_async);
  transcribing->job.request = whis_speech_request_ref (request);
  transcribing->job.begun_us = g_get_monotonic_time ();
  transcribing->job.model =
      whis_provider_choose_model (get_private (self)->provider, request->model);
  g_task_set_task_data (task, transcribing, transcribing_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!may_ask (self, request, &error))
    g_task_return_error (task, error);
  else if (request->size == 0 || request->duration_ms < SHORTEST_SOUND_MS)
    g_task_return_pointer (task, whis_transcription_new (""),
                           (GDestroyNotify) whis_transcription_free);
  else if (request->samples != NULL)
    {
      transcribing->job.sound = g_bytes_ref (request->samples);
      transcribing->job.is_samples = TRUE;
      ask_first (g_steal_pointer (&task));
    }
  else if (request->bytes != NULL)
    {
      transcribing->job.sound = g_bytes_ref (request->bytes);
      prepare_sound (g_steal_pointer (&task));
    }
  else
    whis_range_read_async (request->path, request->offset, request->size, cancellable,
                           did_read_sound, g_steal_pointer (&task));
}

static WhisTranscription *
whis_http_backend_transcribe_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* A question without sound; takes the address. */
static WhisHttpRequest *
make_bare_question (WhisHttpBackend *self, char *url, const char *key)
{
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpRequest *question = whis_http_request_new (SOUP_METHOD_GET, url);

  question->timeouts = whis_provider_get_timeouts (priv->provider, 0, 0);
  question->timeouts.answer_ms = MIN (question->timeouts.answer_ms, LONGEST_BARE_ANSWER_MS);
  question->trusted = dup_trusted (priv);
  whis_http_request_set_key (question, priv->provider->auth, whis_key_usable (priv->provider, key));
  g_free (url);

  return question;
}

static void
whis_http_backend_check_key_async (WhisBackend *backend,
                                   const char *key,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);

  g_autoptr (WhisHttpRequest) question =
      make_bare_question (self, WHIS_HTTP_BACKEND_GET_CLASS (self)->dup_check_url (self), key);

  whis_key_check_async (self, priv->session, priv->provider, priv->url, question, cancellable,
                        callback, data);
}

static gboolean
whis_http_backend_check_key_finish (WhisBackend *backend,
                                    GAsyncResult *result,
                                    WhisKeyVerdict *verdict,
                                    char **sentence,
                                    GError **error)
{
  return whis_key_check_finish (backend, result, verdict, sentence, error);
}

/* The endpoint for the list is one that a user's own server may do without. */
static gboolean
lacks_list (const WhisProvider *provider, const WhisHttpResponse *reply)
{
  return provider->own_address && !provider->needs_model && reply->status == SOUP_STATUS_NOT_FOUND;
}

static void
return_known_models (GTask *task, const WhisProvider *provider)
{
  g_task_return_pointer (task, whis_models_known (provider), (GDestroyNotify) g_ptr_array_unref);
}

static void
did_list_models (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = get_private (self);
  g_autoptr (WhisHttpResponse) reply = NULL;
  GError *error = NULL;
  GPtrArray *models;

  reply = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  if (reply == NULL)
    {
      return_transport_error (task, error);
      return;
    }
  if (lacks_list (priv->provider, reply))
    {
      return_known_models (task, priv->provider);
      return;
    }
  if (reply->status != SOUP_STATUS_OK || whis_http_response_is_page (reply))
    {
      g_task_return_error (task, whis_error_body_to_error (
                                     whis_http_backend_get_name (self),
                                     whis_provider_read_status (priv->provider, reply->status),
                                     reply->headers, reply->body, g_task_get_task_data (task)));
      return;
    }
  models = whis_models_parse (priv->provider, g_bytes_get_data (reply->body, NULL),
                              g_bytes_get_size (reply->body), &error);
  if (models != NULL)
    g_task_return_pointer (task, models, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
whis_http_backend_list_models_async (WhisBackend *backend,
                                     const char *key,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  char *(*dup_url) (WhisHttpBackend *) =
      klass->dup_models_url != NULL ? klass->dup_models_url : klass->dup_check_url;
  g_autoptr (WhisHttpRequest) question = NULL;
  char *url;
  GError *error = NULL;

  g_task_set_source_tag (task, whis_http_backend_list_models_async);
  g_task_set_task_data (task, g_strdup (whis_key_usable (priv->provider, key)),
                        (GDestroyNotify) whis_secret_free);
  if (!whis_key_check_may_send (priv->provider, priv->url, key, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  url = dup_url (self);
  if (url == NULL)
    {
      return_known_models (task, priv->provider);
      return;
    }
  question = make_bare_question (self, url, key);
  whis_http_request_send_async (priv->session, question, cancellable, did_list_models,
                                g_steal_pointer (&task));
}

static GPtrArray *
whis_http_backend_list_models_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
whis_http_backend_get_host (WhisBackend *backend)
{
  return get_private (WHIS_HTTP_BACKEND (backend))->host;
}

static void
did_warm_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisHttpBackend) self = data;
  g_autoptr (WhisHttpResponse) reply = NULL;
  g_autoptr (GError) error = NULL;

  reply = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  if (reply == NULL)
    g_debug ("No connection ahead of time to %s: %s", get_private (self)->host, error->message);
}

/* A HEAD request rather than soup_session_preconnect_async(): libsoup closes a connection that has
 * carried nothing after three seconds, and one that has carried something after sixty. */
static void
whis_http_backend_warm_up (WhisBackend *backend, const char *model)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  WhisHttpBackendPrivate *priv = get_private (self);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  g_autofree char *url =
      klass->dup_warm_url != NULL ? klass->dup_warm_url (self) : g_strdup (priv->url);
  g_autoptr (WhisHttpRequest) question = whis_http_request_new (SOUP_METHOD_HEAD, url);

  question->timeouts = whis_provider_get_timeouts (priv->provider, 0, 0);
  question->trusted = dup_trusted (priv);
  whis_http_request_send_async (priv->session, question, NULL, did_warm_up, g_object_ref (backend));
}

static void
whis_http_backend_set_converter (WhisBackend *backend, const WhisSoundConverter *converter)
{
  get_private (WHIS_HTTP_BACKEND (backend))->converter = converter;
}

static char *
dup_host (WhisHttpBackend *self)
{
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  WhisHttpBackendPrivate *priv = get_private (self);

  if (priv->provider->local)
    return g_strdup (_ ("this computer"));

  return klass->dup_host != NULL ? klass->dup_host (self) : whis_address_get_host (priv->url);
}

static void
whis_http_backend_constructed (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  G_OBJECT_CLASS (whis_http_backend_parent_class)->constructed (object);

  priv->host = dup_host (WHIS_HTTP_BACKEND (object));
  priv->session = whis_session_new (priv->url, priv->remote_connectable);
}

static void
whis_http_backend_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  switch (id)
    {
    case PROP_PROVIDER:
      priv->provider = g_value_get_pointer (value);
      break;
    case PROP_URL:
      priv->url = g_value_dup_string (value);
      break;
    case PROP_REMOTE_CONNECTABLE:
      priv->remote_connectable = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_http_backend_dispose (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  if (priv->session != NULL)
    soup_session_abort (priv->session);
  g_clear_object (&priv->session);
  g_clear_object (&priv->remote_connectable);

  G_OBJECT_CLASS (whis_http_backend_parent_class)->dispose (object);
}

static void
whis_http_backend_finalize (GObject *object)
{
  WhisHttpBackendPrivate *priv = get_private (WHIS_HTTP_BACKEND (object));

  g_free (priv->url);
  g_free (priv->host);

  G_OBJECT_CLASS (whis_http_backend_parent_class)->finalize (object);
}

static void
whis_http_backend_class_init (WhisHttpBackendClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_http_backend_constructed;
  object_class->set_property = whis_http_backend_set_property;
  object_class->dispose = whis_http_backend_dispose;
  object_class->finalize = whis_http_backend_finalize;

  /**
   * WhisHttpBackend:provider:
   *
   * The row of the provider table, a #WhisProvider that outlives the backend.
   */
  properties[PROP_PROVIDER] = g_param_spec_pointer ("provider", NULL, NULL, flags);

  /**
   * WhisHttpBackend:url:
   *
   * The address of the service, from whis_address_complete().
   */
  properties[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, flags);

  /**
   * WhisHttpBackend:remote-connectable:
   *
   * Where to connect to in place of the address's host; %NULL for the host.
   */
  properties[PROP_REMOTE_CONNECTABLE] =
      g_param_spec_object ("remote-connectable", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_http_backend_init (WhisHttpBackend *self)
{
}

static void
whis_http_backend_backend_init (WhisBackendInterface *iface)
{
  iface->transcribe_async = whis_http_backend_transcribe_async;
  iface->transcribe_finish = whis_http_backend_transcribe_finish;
  iface->check_key_async = whis_http_backend_check_key_async;
  iface->check_key_finish = whis_http_backend_check_key_finish;
  iface->list_models_async = whis_http_backend_list_models_async;
  iface->list_models_finish = whis_http_backend_list_models_finish;
  iface->get_host = whis_http_backend_get_host;
  iface->warm_up = whis_http_backend_warm_up;
  iface->set_converter = whis_http_backend_set_converter;
}

/**
 * whis_http_backend_get_provider:
 * @self: a backend
 *
 * Returns: (transfer none): the row of the provider table
 */
const WhisProvider *
whis_http_backend_get_provider (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return get_private (self)->provider;
}

/**
 * whis_http_backend_get_name:
 * @self: a backend
 *
 * Returns: (transfer none): what people call the service
 */
const char *
whis_http_backend_get_name (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return whis_provider_get_name (get_private (self)->provider);
}

/**
 * whis_http_backend_get_url:
 * @self: a backend
 *
 * Returns: (transfer none): the address of the service, from whis_address_complete()
 */
const char *
whis_http_backend_get_url (WhisHttpBackend *self)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);

  return get_private (self)->url;
}

/**
 * whis_http_backend_get_key:
 * @self: a backend
 * @request: a request
 *
 * Returns: (transfer none) (nullable): the key that goes with @request, if the service takes one
 */
const char *
whis_http_backend_get_key (WhisHttpBackend *self, const WhisSpeechRequest *request)
{
  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (request != NULL, NULL);

  return whis_key_usable (get_private (self)->provider, request->key);
}

/**
 * whis_http_backend_refuse:
 * @self: a backend
 * @request: what was asked
 * @reply: an answer that is no transcript
 *
 * Returns: (transfer full): the answer as an error of the domain %WHIS_SERVICE_ERROR
 */
GError *
whis_http_backend_refuse (WhisHttpBackend *self,
                          const WhisSpeechRequest *request,
                          const WhisHttpResponse *reply)
{
  const WhisProvider *provider;
  GError *error;

  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (request != NULL && reply != NULL, NULL);

  provider = get_private (self)->provider;
  error = whis_error_body_to_error (
      whis_http_backend_get_name (self), whis_provider_read_status (provider, reply->status),
      reply->headers, reply->body, whis_http_backend_get_key (self, request));

  return whis_retirement_explain (provider, whis_provider_choose_model (provider, request->model),
                                  g_get_real_time () / G_USEC_PER_SEC, error);
}

static gboolean
is_too_late (const WhisHttpJob *job)
{
  guint64 waited_ms = (guint64) (g_get_monotonic_time () - job->begun_us) / 1000;

  return waited_ms > LONGEST_WAIT_MS + job->request->duration_ms;
}

/**
 * whis_http_backend_follow:
 * @self: a backend
 * @job: a transcription on its way
 * @next: (transfer full): a question that follows another one about it
 * @error: return location for a %WHIS_SERVICE_ERROR_TIMEOUT
 *
 * Sees to it that a service is not asked after a job again and again without a pause, nor without
 * an end, whatever it says.
 *
 * Returns: (transfer full) (nullable): @next; %NULL with an error when enough was asked
 */
WhisHttpRequest *
whis_http_backend_follow (WhisHttpBackend *self,
                          const WhisHttpJob *job,
                          WhisHttpRequest *next,
                          GError **error)
{
  g_autoptr (GError) cause = NULL;

  g_return_val_if_fail (WHIS_IS_HTTP_BACKEND (self), NULL);
  g_return_val_if_fail (job != NULL && next != NULL, NULL);

  if (!is_too_late (job))
    {
      if (next->body == NULL)
        next->pause_ms = MAX (next->pause_ms, WHIS_HTTP_BACKEND_LEAST_PAUSE_MS);
      return next;
    }
  whis_http_request_unref (next);
  cause = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "the job is not finished");
  g_propagate_error (error, whis_transport_error_new (get_private (self)->provider,
                                                      get_private (self)->host, cause));

  return NULL;
}
