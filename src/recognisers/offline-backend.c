/* SPDX-License-Identifier: MIT */
#include "offline-backend.h"

#include <glib/gi18n-lib.h>

#include "models.h"
#include "service-error.h"

/**
 * WhisOfflineBackend:
 *
 * The embedded recogniser as a backend: it is started before each request where it does not run,
 * and then spoken to in its provider's dialect over its Unix socket. A provisional request is
 * cancelled by the next one, whoever asks.
 */

struct _WhisOfflineBackend
{
  GObject parent_instance;

  const WhisProvider *provider;
  WhisRecogniserProcess *process;
  const WhisSoundConverter *converter;
  WhisBackend *http;         /* made when the socket's address is known */
  GCancellable *provisional; /* of the request that any other one ends; nullable */
};

static void backend_iface_init (WhisBackendInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisOfflineBackend,
                               whis_offline_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_BACKEND, backend_iface_init))

static gboolean
ensure_http (WhisOfflineBackend *self, GError **error)
{
  GSocketAddress *address;

  if (self->http != NULL)
    return TRUE;

  address = whis_recogniser_process_get_address (self->process);
  self->http = whis_backend_new (self->provider, NULL, G_SOCKET_CONNECTABLE (address), error);
  if (self->http != NULL && self->converter != NULL)
    whis_backend_set_converter (self->http, self->converter);

  return self->http != NULL;
}

/* A sound takes at most this long to recognise, and one that is short at most a minute. Where other
 * programs keep the processor busy it is processor time that counts, for what goes on with its work
 * does not hang. */
#define LEAST_LIMIT_MS 60000
#define LIMIT_FACTOR 10
#define LEAST_PROGRESS_MS 100

/* One request; the task data. */
typedef struct
{
  WhisSpeechRequest *request;
  GSource *limit; /* nullable */
  guint64 limit_ms;
  guint64 begun_cpu_ms;
  guint64 last_cpu_ms;
  GError *failure; /* nullable */
} Transcribing;

static void
stop_limit (Transcribing *transcribing)
{
  if (transcribing->limit != NULL)
    g_source_destroy (transcribing->limit);
  g_clear_pointer (&transcribing->limit, g_source_unref);
}

static void
transcribing_free (gpointer data)
{
  Transcribing *transcribing = data;

  stop_limit (transcribing);
  whis_speech_request_unref (transcribing->request);
  g_clear_error (&transcribing->failure);
  g_free (transcribing);
}

/* What the speech room calls such an error. A recogniser that was too slow once is hardly faster
 * the next time. */
static WhisServiceError
get_code (const GError *error)
{
  if (g_error_matches (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_NO_MODEL))
    return WHIS_SERVICE_ERROR_NO_MODEL;

  return g_error_matches (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_HANG)
             ? WHIS_SERVICE_ERROR_TIMEOUT
             : WHIS_SERVICE_ERROR_RECOGNISER;
}

/* Ends the task with an error, in the words of the speech room. */
static void
return_not_running (GTask *task, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_error (task, whis_service_error_new (get_code (error), error->message, NULL));
}

static void
explained_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Transcribing *transcribing = g_task_get_task_data (task);

  if (whis_recogniser_process_explain_finish (WHIS_RECOGNISER_PROCESS (object), result, &error))
    g_task_return_error (task, g_steal_pointer (&transcribing->failure));
  else
    return_not_running (task, error);
}

static void
transcribed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Transcribing *transcribing = g_task_get_task_data (task);
  WhisOfflineBackend *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  WhisTranscription *transcription =
      whis_backend_transcribe_finish (WHIS_BACKEND (object), result, &error);

  stop_limit (transcribing);
  if (transcription != NULL)
    g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  else if (!g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RECOGNISER))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      /* It hung up; its end says why. */
      transcribing->failure = g_steal_pointer (&error);
      whis_recogniser_process_explain_async (self->process, cancellable, explained_cb,
                                             g_steal_pointer (&task));
    }
}

static gboolean
limit_over (gpointer data)
{
  GTask *task = data;
  WhisOfflineBackend *self = g_task_get_source_object (task);
  Transcribing *transcribing = g_task_get_task_data (task);
  guint64 cpu_ms = whis_recogniser_process_get_cpu_ms (self->process);

  if (cpu_ms >= transcribing->last_cpu_ms + LEAST_PROGRESS_MS
      && cpu_ms < transcribing->begun_cpu_ms + transcribing->limit_ms)
    {
      transcribing->last_cpu_ms = cpu_ms;
      return G_SOURCE_CONTINUE;
    }
  whis_recogniser_process_end_hang (self->process);

  return G_SOURCE_REMOVE;
}

/* Tests do not wait for a minute. */
static guint64
get_least_limit_ms (void)
{
  const char *value = g_getenv ("WHIS_OFFLINE_LIMIT_MS");

  return value != NULL ? g_ascii_strtoull (value, NULL, 10) : LEAST_LIMIT_MS;
}

static void
start_limit (GTask *task)
{
  WhisOfflineBackend *self = g_task_get_source_object (task);
  Transcribing *transcribing = g_task_get_task_data (task);
  guint64 limit_ms = MAX (get_least_limit_ms (), transcribing->request->duration_ms * LIMIT_FACTOR);

  transcribing->limit = g_timeout_source_new ((guint) MIN (limit_ms, G_MAXINT));
  transcribing->limit_ms = limit_ms;
  transcribing->begun_cpu_ms = whis_recogniser_process_get_cpu_ms (self->process);
  transcribing->last_cpu_ms = transcribing->begun_cpu_ms;
  g_source_set_callback (transcribing->limit, limit_over, task, NULL);
  g_source_attach (transcribing->limit, g_main_context_get_thread_default ());
}

static void
running_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  WhisOfflineBackend *self = g_task_get_source_object (task);
  Transcribing *transcribing = g_task_get_task_data (task);

  if (!whis_recogniser_process_ensure_finish (WHIS_RECOGNISER_PROCESS (object), result, &error)
      || !ensure_http (self, &error))
    {
      return_not_running (task, error);
      return;
    }

  start_limit (task);
  whis_backend_transcribe_async (self->http, transcribing->request, g_task_get_cancellable (task),
                                 transcribed_cb, g_object_ref (task));
}

/* The recogniser does one thing after the other: what is only for the eye must not be in the way of
 * a text that somebody waits for. Its engine stops within the step it is at. */
static void
make_way (WhisOfflineBackend *self, WhisSpeechRequest *request, GCancellable *cancellable)
{
  g_cancellable_cancel (self->provisional);
  g_clear_object (&self->provisional);
  if (request->is_provisional && cancellable != NULL)
    self->provisional = g_object_ref (cancellable);
}

static void
offline_transcribe_async (WhisBackend *backend,
                          WhisSpeechRequest *request,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  WhisOfflineBackend *self = WHIS_OFFLINE_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);
  Transcribing *transcribing = g_new0 (Transcribing, 1);

  g_task_set_source_tag (task, offline_transcribe_async);
  make_way (self, request, cancellable);
  transcribing->request = whis_speech_request_ref (request);
  g_task_set_task_data (task, transcribing, transcribing_free);
  whis_recogniser_process_set_model (self->process, request->model);
  whis_recogniser_process_ensure_async (self->process, cancellable, running_cb,
                                        g_steal_pointer (&task));
}

static WhisTranscription *
offline_transcribe_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, offline_transcribe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
checked_running_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_recogniser_process_ensure_finish (WHIS_RECOGNISER_PROCESS (object), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    return_not_running (task, error);
}

static void
offline_check_key_async (WhisBackend *backend,
                         const char *key,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  WhisOfflineBackend *self = WHIS_OFFLINE_BACKEND (backend);
  GTask *task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, offline_check_key_async);
  whis_recogniser_process_ensure_async (self->process, cancellable, checked_running_cb, task);
}

static gboolean
offline_check_key_finish (WhisBackend *backend,
                          GAsyncResult *result,
                          WhisKeyVerdict *verdict,
                          char **sentence,
                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, offline_check_key_async), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (verdict != NULL)
    *verdict = WHIS_KEY_OK;
  if (sentence != NULL
      && whis_recogniser_process_is_plain (WHIS_OFFLINE_BACKEND (backend)->process))
    *sentence = g_strdup (_ ("The embedded recogniser runs; it needs no key. It is several times "
                             "slower than it could be, because this processor cannot run its "
                             "faster variants."));
  else if (sentence != NULL)
    *sentence = g_strdup (_ ("The embedded recogniser runs; it needs no key."));

  return TRUE;
}

static void
offline_list_models_async (WhisBackend *backend,
                           const char *key,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  WhisOfflineBackend *self = WHIS_OFFLINE_BACKEND (backend);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, data);

  g_task_set_source_tag (task, offline_list_models_async);
  g_task_return_pointer (task, whis_models_known (self->provider),
                         (GDestroyNotify) g_ptr_array_unref);
}

static GPtrArray *
offline_list_models_finish (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, backend), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static const char *
offline_get_host (WhisBackend *backend)
{
  return _ ("this computer");
}

static void
warm_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  /* The first request says what is wrong. */
  if (!whis_recogniser_process_ensure_finish (WHIS_RECOGNISER_PROCESS (object), result, &error))
    g_debug ("The recogniser was not warmed up: %s", error->message);
}

static void
offline_warm_up (WhisBackend *backend, const char *model)
{
  WhisOfflineBackend *self = WHIS_OFFLINE_BACKEND (backend);

  whis_recogniser_process_set_model (self->process, model);
  whis_recogniser_process_ensure_async (self->process, NULL, warm_cb, NULL);
}

static void
offline_set_converter (WhisBackend *backend, const WhisSoundConverter *converter)
{
  WHIS_OFFLINE_BACKEND (backend)->converter = converter;
}

static void
backend_iface_init (WhisBackendInterface *iface)
{
  iface->transcribe_async = offline_transcribe_async;
  iface->transcribe_finish = offline_transcribe_finish;
  iface->check_key_async = offline_check_key_async;
  iface->check_key_finish = offline_check_key_finish;
  iface->list_models_async = offline_list_models_async;
  iface->list_models_finish = offline_list_models_finish;
  iface->get_host = offline_get_host;
  iface->warm_up = offline_warm_up;
  iface->set_converter = offline_set_converter;
}

static void
whis_offline_backend_dispose (GObject *object)
{
  WhisOfflineBackend *self = WHIS_OFFLINE_BACKEND (object);

  g_clear_object (&self->http);
  g_clear_object (&self->process);
  g_clear_object (&self->provisional);

  G_OBJECT_CLASS (whis_offline_backend_parent_class)->dispose (object);
}

static void
whis_offline_backend_class_init (WhisOfflineBackendClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_offline_backend_dispose;
}

static void
whis_offline_backend_init (WhisOfflineBackend *self)
{
}

/**
 * whis_offline_backend_new:
 * @provider: the row of the embedded recogniser
 * @process: its process
 *
 * Returns: (transfer full): a backend
 */
WhisOfflineBackend *
whis_offline_backend_new (const WhisProvider *provider, WhisRecogniserProcess *process)
{
  WhisOfflineBackend *self;

  g_return_val_if_fail (provider != NULL && provider->local, NULL);
  g_return_val_if_fail (WHIS_IS_RECOGNISER_PROCESS (process), NULL);

  self = g_object_new (WHIS_TYPE_OFFLINE_BACKEND, NULL);
  self->provider = provider;
  self->process = g_object_ref (process);

  return self;
}
