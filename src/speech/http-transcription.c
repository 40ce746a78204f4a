/* SPDX-License-Identifier: MIT */
#include "http-transcription.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "wav.h"
#include "rate-limit.h"
#include "key-check.h"
#include "error-sentence.h"
#include "retry.h"
#include "service-error.h"
#include "http-backend-private.h"

/* What is shorter than this is refused by services, and nobody says a word in it. */
#define SHORTEST_SOUND_MS 100

/* What an answer may have beside a byte for each millisecond of sound, which holds its words with
 * their times several times over. */
#define MOST_ANSWER_BYTES (512 * 1024)

/* As many bytes of text for any piece, and so many for each second of it: several times what the
 * fastest speaker says. */
#define MOST_TEXT_BYTES (64 * 1024)
#define MOST_TEXT_BYTES_PER_SECOND 200

/* What becomes of samples for a service far away: 64 kbit/s. */
#define MP3_BYTES_PER_MS 8

/* A transcription: the job, and the request that has no answer yet. */
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

static void http_backend_start_request (GTask *task, WhisHttpRequest *request);

static WhisTranscription *
read_response (GTask *task,
               const WhisHttpResponse *response,
               WhisHttpRequest **next,
               GError **error)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);
  Transcribing *transcribing = g_task_get_task_data (task);

  if ((response->status == SOUP_STATUS_OK || klass->reads_refusals)
      && !whis_http_response_is_page (response))
    return klass->read != NULL
               ? klass->read (self, &transcribing->job, transcribing->asked, response, next, error)
               : klass->parse (whis_http_backend_get_name (self),
                               g_bytes_get_data (response->body, NULL),
                               g_bytes_get_size (response->body),
                               whis_http_backend_get_key (self, transcribing->job.request), error);
  g_propagate_error (error, whis_http_backend_refuse (self, transcribing->job.request, response));

  return NULL;
}

/* An answer may say that it was the last one for a while: better to wait than to be refused. */
static void
apply_rate_limit_headers (WhisHttpBackend *self, const WhisHttpResponse *response)
{
  g_autofree char *sentence = NULL;
  g_autoptr (GError) error = NULL;
  guint64 wait_ms;

  if (response->status != SOUP_STATUS_OK
      || !whis_rate_limit_get_delay_until_reset (
          response->headers, g_get_real_time () / G_USEC_PER_SEC, FALSE, &wait_ms)
      || wait_ms > WHIS_RETRY_LONGEST_WAIT_MS)
    return;
  sentence = whis_rate_limit_describe (whis_http_backend_get_name (self), wait_ms);
  error = whis_service_error_new_answer (WHIS_SERVICE_ERROR_RATE_LIMIT, sentence, NULL,
                                         response->status, wait_ms, TRUE);
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
on_response (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (self);
  Transcribing *transcribing = g_task_get_task_data (task);
  g_autoptr (WhisHttpResponse) response = NULL;
  WhisTranscription *transcription;
  WhisHttpRequest *next = NULL;
  GError *error = NULL;

  response = whis_http_request_send_finish (SOUP_SESSION (source), result, &error);
  transcribing->job.request->was_sent =
      transcribing->job.request->was_sent || transcribing->asked->was_sent;
  if (response == NULL)
    {
      whis_http_backend_return_transport_error (task, error);
      return;
    }
  g_debug ("%s answered %u with %zu bytes", priv->host, response->status,
           g_bytes_get_size (response->body));
  apply_rate_limit_headers (self, response);
  transcription = read_response (task, response, &next, &error);
  if (transcription != NULL && is_too_long (transcription, transcribing->job.request))
    {
      g_clear_pointer (&transcription, whis_transcription_free);
      error = make_too_long_error (self, response->status);
    }
  if (next != NULL)
    next = whis_http_backend_follow (self, &transcribing->job, next, &error);
  if (transcription != NULL)
    g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  else if (next != NULL)
    http_backend_start_request (g_steal_pointer (&task), next);
  else
    return_error (task, error);
}

static void
http_backend_send (GTask *task)
{
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (g_task_get_source_object (task));
  Transcribing *transcribing = g_task_get_task_data (task);

  whis_http_request_send_async (priv->session, transcribing->asked, g_task_get_cancellable (task),
                                on_response, task);
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

static void
http_backend_start_request (GTask *task, WhisHttpRequest *request)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (self);
  Transcribing *transcribing = g_task_get_task_data (task);

  whis_http_request_unref (transcribing->asked);
  transcribing->asked = request;
  whis_http_request_set_key (request, priv->provider->auth,
                             whis_http_backend_get_key (self, transcribing->job.request));
  request->timeouts = whis_provider_get_timeouts (
      priv->provider, request->body != NULL ? g_bytes_get_size (request->body) : 0,
      transcribing->job.request->duration_ms);
  request->most_bytes = MOST_ANSWER_BYTES + transcribing->job.request->duration_ms;
  request->trusted = whis_http_backend_dup_trusted (priv);
  g_debug ("Asking %s %s", request->method, priv->host);
  if (request->pause_ms > 0)
    send_after (task, request->pause_ms);
  else
    http_backend_send (task);
}

static void
ask_first (GTask *task)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  Transcribing *transcribing = g_task_get_task_data (task);
  GError *error = NULL;
  WhisHttpRequest *request =
      WHIS_HTTP_BACKEND_GET_CLASS (self)->ask (self, &transcribing->job, &error);

  if (request != NULL)
    http_backend_start_request (task, request);
  else
    {
      return_error (task, error);
      g_object_unref (task);
    }
}

/* Takes @sound and @cause, one of which is there. */
static void
use_converted (GTask *task, GBytes *sound, gboolean is_samples, GError *cause)
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
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (g_task_get_source_object (data));
  GError *cause = NULL;
  GBytes *samples = priv->converter->decode_finish (result, &cause);

  use_converted (data, samples, TRUE, cause);
}

static void
did_encode (GObject *source, GAsyncResult *result, gpointer data)
{
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (g_task_get_source_object (data));
  GError *cause = NULL;
  GBytes *mp3 = priv->converter->encode_finish (result, &cause);

  use_converted (data, mp3, FALSE, cause);
}

static gboolean
wants_samples (WhisHttpBackend *self, const WhisSpeechRequest *request)
{
  WhisHttpBackendClass *klass = WHIS_HTTP_BACKEND_GET_CLASS (self);

  return whis_http_backend_peek_private (self)->converter != NULL && klass->wants_samples != NULL
         && klass->wants_samples (self, request);
}

/* What the service wants, of what was recorded for it or for another one. */
static void
prepare_sound (GTask *task)
{
  WhisHttpBackend *self = g_task_get_source_object (task);
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (self);
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

  transcribing->job.sound = whis_sound_read_finish (WHIS_SOUND (source), result, &error);
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
  WhisHttpBackendPrivate *priv = whis_http_backend_peek_private (self);

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

void
whis_http_transcription_async (WhisBackend *backend,
                               WhisSpeechRequest *request,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  WhisHttpBackend *self = WHIS_HTTP_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Transcribing *transcribing = g_new0 (Transcribing, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, whis_http_transcription_async);
  transcribing->job.request = whis_speech_request_ref (request);
  transcribing->job.begun_us = g_get_monotonic_time ();
  transcribing->job.model =
      whis_provider_choose_model (whis_http_backend_peek_private (self)->provider, request->model);
  g_task_set_task_data (task, transcribing, transcribing_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!may_ask (self, request, &error))
    g_task_return_error (task, error);
  else if (request->size == 0 || request->duration_ms < SHORTEST_SOUND_MS)
    g_task_return_pointer (task, whis_transcription_new (""),
                           (GDestroyNotify) whis_transcription_free);
  else
    whis_sound_read_async (request->sound, request->offset, request->size, cancellable,
                           did_read_sound, g_steal_pointer (&task));
}

WhisTranscription *
whis_http_transcription_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
