/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "latency-estimate.h"
#include "limiter.h"
#include "service-error.h"

/**
 * WhisPool:
 *
 * What one service is asked to turn into text, in the order and at the pace of a #WhisLimiter.
 */
struct _WhisPool
{
  GObject parent_instance;

  WhisBackend *backend;
  WhisLimiter *limiter;
  WhisLatencyEstimate usual_time;
  WhisPoolGate gate;
  WhisPoolUnsent unsent;
  gpointer gate_data;
  GDestroyNotify gate_destroy;
};

/* One request on its way. The task of whoever waits for it holds the pool. */
typedef struct
{
  WhisPool *pool;
  WhisSpeechRequest *request;
  gint64 sent;
} Job;

enum
{
  PROP_BACKEND = 1,
  PROP_LIMIT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  TRYING,
  DELAYED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisPool, whis_pool, G_TYPE_OBJECT)

static void
job_free (gpointer data)
{
  Job *job = data;

  whis_speech_request_unref (job->request);
  g_free (job);
}

static gboolean
job_admit (gpointer data, GError **error)
{
  Job *job = data;
  WhisPool *self = job->pool;

  job->request->was_sent = FALSE;

  return self->gate == NULL || self->gate (job->request, self->gate_data, error);
}

static void
job_start (gpointer data,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  Job *job = data;
  WhisPool *self = job->pool;

  g_signal_emit (self, signals[TRYING], 0, job->request);
  job->sent = g_get_monotonic_time ();
  whis_backend_transcribe_async (self->backend, job->request, cancellable, callback, user_data);
}

/* An answer is proof enough that it was sent, unless it is one that needs no asking. */
static void
job_tell_unsent (const Job *job, const WhisTranscription *transcription)
{
  const WhisPool *self = job->pool;

  if (self->unsent != NULL && !job->request->was_sent
      && (transcription == NULL || *transcription->text == '\0'))
    self->unsent (job->request, self->gate_data);
}

static gpointer
job_finish (gpointer data, GObject *source, GAsyncResult *result, GError **error)
{
  Job *job = data;
  WhisTranscription *transcription =
      whis_backend_transcribe_finish (WHIS_BACKEND (source), result, error);

  job_tell_unsent (job, transcription);
  if (transcription != NULL)
    whis_latency_estimate_learn (&job->pool->usual_time, job->request->duration_ms,
                                 (guint64) (g_get_monotonic_time () - job->sent) / 1000);

  return transcription;
}

static const WhisLimiterOperation transcribe = {
  .admit = job_admit,
  .start = job_start,
  .finish = job_finish,
  .free_request = job_free,
  .free_result = (GDestroyNotify) whis_transcription_free,
};

static void
on_pool_backend_exhausted (WhisPool *self, GError *reason)
{
  whis_limiter_hold (self->limiter, whis_service_error_get_retry_after_ms (reason), reason);
}

static void
on_pool_delayed (WhisPool *self, guint64 wait_ms, GError *reason)
{
  g_signal_emit (self, signals[DELAYED], 0, wait_ms, reason);
}

static void
whis_pool_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisPool *self = WHIS_POOL (object);

  switch (id)
    {
    case PROP_BACKEND:
      g_value_set_object (value, self->backend);
      break;
    case PROP_LIMIT:
      g_value_set_uint (value, whis_limiter_get_limit (self->limiter));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_pool_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisPool *self = WHIS_POOL (object);

  switch (id)
    {
    case PROP_BACKEND:
      self->backend = g_value_dup_object (value);
      break;
    case PROP_LIMIT:
      whis_pool_set_limit (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_pool_constructed (GObject *object)
{
  WhisPool *self = WHIS_POOL (object);

  G_OBJECT_CLASS (whis_pool_parent_class)->constructed (object);

  g_signal_connect_swapped (self->backend, "exhausted", G_CALLBACK (on_pool_backend_exhausted),
                            self);
}

static void
whis_pool_dispose (GObject *object)
{
  WhisPool *self = WHIS_POOL (object);

  if (self->backend != NULL)
    g_signal_handlers_disconnect_by_data (self->backend, self);
  if (self->limiter != NULL)
    g_signal_handlers_disconnect_by_data (self->limiter, self);
  whis_pool_set_gate (self, NULL, NULL, NULL, NULL);
  g_clear_object (&self->limiter);
  g_clear_object (&self->backend);

  G_OBJECT_CLASS (whis_pool_parent_class)->dispose (object);
}

static void
whis_pool_class_init (WhisPoolClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = whis_pool_get_property;
  object_class->set_property = whis_pool_set_property;
  object_class->constructed = whis_pool_constructed;
  object_class->dispose = whis_pool_dispose;

  /**
   * WhisPool:backend:
   *
   * What turns sound into text.
   */
  properties[PROP_BACKEND] = g_param_spec_object (
      "backend", NULL, NULL, WHIS_TYPE_BACKEND, flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY);

  /**
   * WhisPool:limit:
   *
   * How many requests may be in flight at most. May be changed at any time; requests that are in
   * flight already are not stopped.
   */
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 1, WHIS_LIMITER_HIGHEST_LIMIT, 1,
                                              flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisPool::trying:
   * @self: a pool
   * @request: a request
   *
   * A request is about to be sent, for the first time or again.
   */
  signals[TRYING] =
      g_signal_new ("trying", WHIS_TYPE_POOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    1, WHIS_TYPE_SPEECH_REQUEST | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * WhisPool::delayed:
   * @wait_ms: how long, in milliseconds
   * @reason: why, a sentence for people
   *
   * A request, or all of them, will wait for two seconds or more before the next try.
   */
  signals[DELAYED] =
      g_signal_new ("delayed", WHIS_TYPE_POOL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                    2, G_TYPE_UINT64, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
whis_pool_init (WhisPool *self)
{
  self->limiter = whis_limiter_new (1);
  g_signal_connect_swapped (self->limiter, "delayed", G_CALLBACK (on_pool_delayed), self);
}

/**
 * whis_pool_new:
 * @backend: what turns sound into text
 * @limit: how many requests may be in flight, from 1 to %WHIS_LIMITER_HIGHEST_LIMIT
 *
 * Returns: (transfer full): a pool
 */
WhisPool *
whis_pool_new (WhisBackend *backend, guint limit)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (backend), NULL);

  return g_object_new (WHIS_TYPE_POOL, "backend", backend, "limit",
                       CLAMP (limit, 1, WHIS_LIMITER_HIGHEST_LIMIT), NULL);
}

/**
 * whis_pool_get_backend:
 * @self: a pool
 *
 * Returns: (transfer none): what turns sound into text
 */
WhisBackend *
whis_pool_get_backend (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), NULL);

  return self->backend;
}

/**
 * whis_pool_set_limit:
 * @self: a pool
 * @limit: how many requests may be in flight, from 1 to %WHIS_LIMITER_HIGHEST_LIMIT
 */
void
whis_pool_set_limit (WhisPool *self, guint limit)
{
  g_return_if_fail (WHIS_IS_POOL (self));

  limit = CLAMP (limit, 1, WHIS_LIMITER_HIGHEST_LIMIT);
  if (whis_limiter_get_limit (self->limiter) == limit)
    return;
  whis_limiter_set_limit (self->limiter, limit);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
}

/**
 * whis_pool_estimate_latency:
 * @self: a pool
 * @duration_ms: length of a sound, in milliseconds
 *
 * Returns: how long the service usually takes for such a sound, from sending it to the whole
 *   answer, in milliseconds; 0 while that is not known
 */
guint64
whis_pool_estimate_latency (WhisPool *self, guint64 duration_ms)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return whis_latency_estimate_get (&self->usual_time, duration_ms);
}

/**
 * whis_pool_set_gate:
 * @self: a pool
 * @gate: (nullable): what is asked before each try; %NULL for nothing
 * @unsent: (nullable): what is told of each try of which nothing was sent
 * @data: data for @gate
 * @destroy: (nullable): frees @data
 */
void
whis_pool_set_gate (WhisPool *self,
                    WhisPoolGate gate,
                    WhisPoolUnsent unsent,
                    gpointer data,
                    GDestroyNotify destroy)
{
  g_return_if_fail (WHIS_IS_POOL (self));

  if (self->gate_destroy != NULL)
    self->gate_destroy (self->gate_data);
  self->gate = gate;
  self->unsent = unsent;
  self->gate_data = data;
  self->gate_destroy = destroy;
}

/**
 * whis_pool_ask_gate_again:
 * @self: a pool
 *
 * Says that the gate may know by now what it did not.
 */
void
whis_pool_ask_gate_again (WhisPool *self)
{
  g_return_if_fail (WHIS_IS_POOL (self));

  whis_limiter_ask_again (self->limiter);
}

static void
on_pool_transcribed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  WhisTranscription *transcription =
      whis_limiter_run_finish (WHIS_LIMITER (source), result, &error);

  if (transcription != NULL)
    g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  else
    g_task_return_error (task, error);
}

/**
 * whis_pool_transcribe_async:
 * @self: a pool
 * @request: what to turn into text
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a text or an error
 * @data: data for @callback
 *
 * Queues a request. Requests start in the order in which they came, as many at a time as the limit
 * allows; what fails for a passing reason is tried again after a while, before those that have not
 * been sent yet. When the service asks to wait because there are too many, all wait. When
 * @cancellable fires, a request ends at once, wherever it is.
 */
void
whis_pool_transcribe_async (WhisPool *self,
                            WhisSpeechRequest *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;
  Job *job;

  g_return_if_fail (WHIS_IS_POOL (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_pool_transcribe_async);
  job = g_new0 (Job, 1);
  job->pool = self;
  job->request = whis_speech_request_ref (request);
  whis_limiter_run_async (self->limiter, &transcribe, job, cancellable, on_pool_transcribed, task);
}

/**
 * whis_pool_transcribe_finish:
 * @self: a pool
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what was said, with an empty text when it was nothing; %NULL on error
 */
WhisTranscription *
whis_pool_transcribe_finish (WhisPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
