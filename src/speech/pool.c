/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "retry.h"
#include "service-error.h"
#include "throttle.h"
#include "latency-estimate.h"

/* The user is told of waits from here on. */
#define LONG_WAIT_MS 2000

struct _WhisPool
{
  GObject parent_instance;

  WhisBackend *backend;
  WhisThrottle throttle;
  WhisLatencyEstimate usual_time;
  guint active;
  /* element-type GTask, the oldest first: those that were never sent, those that are to be sent
   * again now, and those whose pause before that is not over */
  GQueue waiting;
  GQueue again;
  GQueue paused;
  /* while the service wants nothing at all */
  GSource *hold;
  gint64 held_until;
  WhisPoolGate gate;
  WhisPoolUnsent unsent;
  gboolean awaits_gate; /* which does not know yet whether anything may be sent */
  gpointer gate_data;
  GDestroyNotify gate_destroy;
};

typedef struct
{
  WhisSpeechRequest *request;
  guint n_retries;
  guint period;
  gint64 sent;
  /* where it waits; NULL while it is in flight */
  GQueue *queue;
  /* watches the cancellable while the job waits, and the clock while it is paused */
  GSource *cancelled;
  GSource *pause;
} Job;

enum
{
  PROP_BACKEND = 1,
  PROP_LIMIT,
  PROP_EFFECTIVE_LIMIT,
  PROP_ACTIVE,
  PROP_QUEUED,
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
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  clear_source (&job->cancelled);
  clear_source (&job->pause);
  whis_speech_request_unref (job->request);
  g_free (job);
}

static guint
count_queued (WhisPool *self)
{
  return self->waiting.length + self->again.length + self->paused.length;
}

static void
change_active (WhisPool *self, int change)
{
  self->active += change;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void pool_pump (WhisPool *self);

/* Takes a job out of where it waits. */
static void
pool_dequeue (GTask *task)
{
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  clear_source (&job->cancelled);
  clear_source (&job->pause);
  g_queue_remove (g_steal_pointer (&job->queue), task);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
}

static gboolean
cancelled_in_queue (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;

  pool_dequeue (task);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Takes over the reference to @task, and gives it up when the task's cancellable fires. */
static void
pool_enqueue (GTask *task, GQueue *queue)
{
  WhisPool *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Job *job = g_task_get_task_data (task);

  job->queue = queue;
  g_queue_push_tail (queue, task);
  if (cancellable != NULL)
    {
      job->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (job->cancelled, G_SOURCE_FUNC (cancelled_in_queue), task, NULL);
      g_source_attach (job->cancelled, g_task_get_context (task));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
}

static void
tell_delay (WhisPool *self, guint64 wait_ms, GError *reason)
{
  if (wait_ms >= LONG_WAIT_MS)
    g_signal_emit (self, signals[DELAYED], 0, wait_ms, reason);
}

static gboolean
hold_over (gpointer data)
{
  WhisPool *self = data;

  clear_source (&self->hold);
  pool_pump (self);

  return G_SOURCE_REMOVE;
}

/* Sends nothing for a while; a hold that lasts longer stays as it is. */
static void
pool_hold (WhisPool *self, guint64 wait_ms, GError *reason)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  gint64 now = g_get_monotonic_time ();
  gint64 until = now + (gint64) wait_ms * 1000;
  gint64 held_until = self->hold != NULL ? self->held_until : now;

  if (until <= held_until)
    return;
  g_debug ("Sending nothing for %" G_GUINT64_FORMAT " ms", wait_ms);
  clear_source (&self->hold);
  self->held_until = until;
  self->hold = g_timeout_source_new ((guint) wait_ms);
  g_source_set_callback (self->hold, hold_over, self, NULL);
  g_source_attach (self->hold, context);
  if (until - held_until >= LONG_WAIT_MS * 1000)
    tell_delay (self, wait_ms, reason);
}

static void
backend_exhausted (WhisPool *self, GError *reason)
{
  pool_hold (self, whis_service_error_get_retry_after_ms (reason), reason);
}

static gboolean
pause_over (gpointer data)
{
  GTask *task = data;
  WhisPool *self = g_task_get_source_object (task);

  pool_dequeue (task);
  pool_enqueue (task, &self->again);
  pool_pump (self);

  return G_SOURCE_REMOVE;
}

/* Others may use the place meanwhile. */
static void
pause_job (GTask *task, guint delay_ms, GError *reason)
{
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  pool_enqueue (task, &self->paused);
  job->pause = g_timeout_source_new (delay_ms);
  g_source_set_callback (job->pause, pause_over, task, NULL);
  g_source_attach (job->pause, g_task_get_context (task));
  tell_delay (self, delay_ms, reason);
}

/* One piece that is more than the whole allowance (413) says nothing about how many are sent. */
static gboolean
is_too_many (const GError *error)
{
  return g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT)
         && whis_service_error_get_status (error) != 413;
}

static void
change_throttle (WhisPool *self, guint before)
{
  if (self->throttle.effective == before)
    return;
  g_debug ("%u requests at a time, were %u", self->throttle.effective, before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EFFECTIVE_LIMIT]);
}

/* All requests of the pool go to the same service, and the next one would be refused as well. */
static void
pool_apply_error (WhisPool *self, const Job *job, GError *error)
{
  guint64 wait_ms = whis_service_error_get_retry_after_ms (error);
  guint before = self->throttle.effective;

  if (!is_too_many (error))
    return;
  whis_throttle_lower (&self->throttle, job->period);
  change_throttle (self, before);
  if (wait_ms > 0 && wait_ms <= WHIS_RETRY_LONGEST_WAIT_MS)
    pool_hold (self, wait_ms, error);
}

static void
pool_apply_success (WhisPool *self, const Job *job)
{
  guint before = self->throttle.effective;

  whis_throttle_recover (&self->throttle);
  change_throttle (self, before);
  whis_latency_estimate_learn (&self->usual_time, job->request->duration_ms,
                               (guint64) (g_get_monotonic_time () - job->sent) / 1000);
}

/* Takes over the reference to @task if it is to be tried again. */
static gboolean
try_again (GTask *task, GError *error)
{
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  guint delay_ms;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task))
      || !whis_retry_delay (error, job->n_retries, &delay_ms))
    return FALSE;
  g_debug ("Trying again in %u ms: %s", delay_ms, g_quark_to_string (error->domain));
  job->n_retries++;
  if (is_too_many (error) && self->hold != NULL)
    pool_enqueue (task, &self->again);
  else
    pause_job (task, delay_ms, error);

  return TRUE;
}

static void
did_fail (GTask *task, GError *error)
{
  WhisPool *self = g_task_get_source_object (task);

  pool_apply_error (self, g_task_get_task_data (task), error);
  if (try_again (task, error))
    {
      g_error_free (error);
      pool_pump (self);
      return;
    }
  pool_pump (self);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* An answer is proof enough that it was sent, unless it is one that needs no asking. */
static void
tell_unsent (WhisPool *self, const Job *job, const WhisTranscription *transcription)
{
  if (self->unsent != NULL && !job->request->was_sent
      && (transcription == NULL || *transcription->text == '\0'))
    self->unsent (job->request, self->gate_data);
}

static void
did_transcribe (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  WhisPool *self = g_task_get_source_object (task);
  GError *error = NULL;
  WhisTranscription *transcription;

  transcription = whis_backend_transcribe_finish (WHIS_BACKEND (source), result, &error);
  change_active (self, -1);
  tell_unsent (self, g_task_get_task_data (task), transcription);
  if (transcription == NULL)
    {
      did_fail (task, error);
      return;
    }
  pool_apply_success (self, g_task_get_task_data (task));
  pool_pump (self);
  g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  g_object_unref (task);
}

/* Takes over the reference to @task. */
static void
start_try (GTask *task)
{
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  job->request->was_sent = FALSE;
  if (self->gate != NULL && !self->gate (job->request, self->gate_data, &error))
    {
      if (error == NULL)
        {
          self->awaits_gate = TRUE;
          pool_enqueue (task, &self->again);
          return;
        }
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_signal_emit (self, signals[TRYING], 0, job->request);
  change_active (self, 1);
  job->period = self->throttle.period;
  job->sent = g_get_monotonic_time ();
  whis_backend_transcribe_async (self->backend, job->request, g_task_get_cancellable (task),
                                 did_transcribe, task);
}

/* What is tried again goes first: it was there first. */
static GTask *
get_next (WhisPool *self)
{
  return g_queue_peek_head (self->again.length > 0 ? &self->again : &self->waiting);
}

/* A job that ends here may hold the last reference to the pool. */
static void
pool_pump (WhisPool *self)
{
  GTask *task;

  g_object_ref (self);
  while (self->hold == NULL && !self->awaits_gate && self->active < self->throttle.effective
         && (task = get_next (self)) != NULL)
    {
      pool_dequeue (task);
      start_try (task);
    }
  g_object_unref (self);
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
      g_value_set_uint (value, self->throttle.limit);
      break;
    case PROP_EFFECTIVE_LIMIT:
      g_value_set_uint (value, self->throttle.effective);
      break;
    case PROP_ACTIVE:
      g_value_set_uint (value, self->active);
      break;
    case PROP_QUEUED:
      g_value_set_uint (value, count_queued (self));
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

  g_signal_connect_swapped (self->backend, "exhausted", G_CALLBACK (backend_exhausted), self);
}

static void
whis_pool_dispose (GObject *object)
{
  WhisPool *self = WHIS_POOL (object);

  /* Every job holds a reference, so there are none. */
  g_assert (count_queued (self) == 0);
  clear_source (&self->hold);
  whis_pool_set_gate (self, NULL, NULL, NULL, NULL);
  if (self->backend != NULL)
    g_signal_handlers_disconnect_by_data (self->backend, self);
  g_clear_object (&self->backend);

  G_OBJECT_CLASS (whis_pool_parent_class)->dispose (object);
}

static void
whis_pool_install_signals (void)
{
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
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 1, WHIS_POOL_HIGHEST_LIMIT, 1,
                                              flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT);

  /**
   * WhisPool:effective-limit:
   *
   * How many requests may be in flight at present: a service that refuses some because there are
   * too many gets half as many at a time, and slowly more again.
   */
  properties[PROP_EFFECTIVE_LIMIT] = g_param_spec_uint (
      "effective-limit", NULL, NULL, 1, WHIS_POOL_HIGHEST_LIMIT, 1, flags | G_PARAM_READABLE);

  /**
   * WhisPool:active:
   *
   * How many requests are in flight.
   */
  properties[PROP_ACTIVE] =
      g_param_spec_uint ("active", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  /**
   * WhisPool:queued:
   *
   * How many requests wait for their turn, the first or another one.
   */
  properties[PROP_QUEUED] =
      g_param_spec_uint ("queued", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  whis_pool_install_signals ();
}

static void
whis_pool_init (WhisPool *self)
{
  g_queue_init (&self->waiting);
  g_queue_init (&self->again);
  g_queue_init (&self->paused);
}

/**
 * whis_pool_new:
 * @backend: what turns sound into text
 * @limit: how many requests may be in flight, from 1 to %WHIS_POOL_HIGHEST_LIMIT
 *
 * Returns: (transfer full): a pool
 */
WhisPool *
whis_pool_new (WhisBackend *backend, guint limit)
{
  g_return_val_if_fail (WHIS_IS_BACKEND (backend), NULL);

  return g_object_new (WHIS_TYPE_POOL, "backend", backend, "limit",
                       CLAMP (limit, 1, WHIS_POOL_HIGHEST_LIMIT), NULL);
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
 * whis_pool_get_limit:
 * @self: a pool
 *
 * Returns: how many requests may be in flight at most
 */
guint
whis_pool_get_limit (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return self->throttle.limit;
}

/**
 * whis_pool_set_limit:
 * @self: a pool
 * @limit: how many requests may be in flight, from 1 to %WHIS_POOL_HIGHEST_LIMIT
 */
void
whis_pool_set_limit (WhisPool *self, guint limit)
{
  guint before;

  g_return_if_fail (WHIS_IS_POOL (self));

  limit = CLAMP (limit, 1, WHIS_POOL_HIGHEST_LIMIT);
  if (self->throttle.limit == limit)
    return;
  before = self->throttle.effective;
  whis_throttle_set_limit (&self->throttle, limit);
  change_throttle (self, before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
  pool_pump (self);
}

/**
 * whis_pool_get_effective_limit:
 * @self: a pool
 *
 * Returns: how many requests may be in flight at present
 */
guint
whis_pool_get_effective_limit (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return self->throttle.effective;
}

/**
 * whis_pool_get_active:
 * @self: a pool
 *
 * Returns: how many requests are in flight
 */
guint
whis_pool_get_active (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return self->active;
}

/**
 * whis_pool_get_queued:
 * @self: a pool
 *
 * Returns: how many requests wait for their turn, the first or another one
 */
guint
whis_pool_get_queued (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return count_queued (self);
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

  self->awaits_gate = FALSE;
  pool_pump (self);
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
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (WHIS_IS_POOL (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, whis_pool_transcribe_async);
  job = g_new0 (Job, 1);
  job->request = whis_speech_request_ref (request);
  g_task_set_task_data (task, job, job_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  pool_enqueue (g_steal_pointer (&task), &self->waiting);
  pool_pump (self);
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
