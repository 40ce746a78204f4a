/* SPDX-License-Identifier: MIT */
#include "limiter.h"
#include "retry.h"
#include "service-error.h"
#include "throttle.h"

/* The user is told of waits from here on. */
#define LONG_WAIT_MS 2000

/**
 * WhisLimiter:
 *
 * Sends requests to one service, as many at a time as it bears, and again after a while when they
 * fail for a passing reason. It does not know what the requests are.
 */
struct _WhisLimiter
{
  GObject parent_instance;

  WhisThrottle throttle;
  guint active;
  /* element-type GTask, the oldest first: those that were never sent, those that are to be sent
   * again now, and those whose pause before that is not over */
  GQueue waiting;
  GQueue again;
  GQueue paused;
  /* while the service wants nothing at all */
  GSource *hold;
  gint64 held_until;
  gboolean awaits_admission; /* it is not known yet whether anything may be sent */
};

typedef struct
{
  const WhisLimiterOperation *operation;
  gpointer request;
  guint n_retries;
  guint period;
  /* where it waits; NULL while it is in flight */
  GQueue *queue;
  /* watches the cancellable while the job waits, and the clock while it is paused */
  GSource *cancelled;
  GSource *pause;
} Job;

enum
{
  PROP_LIMIT = 1,
  PROP_EFFECTIVE_LIMIT,
  PROP_ACTIVE,
  PROP_QUEUED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  DELAYED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLimiter, whis_limiter, G_TYPE_OBJECT)

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
  if (job->operation->free_request != NULL)
    job->operation->free_request (job->request);
  g_free (job);
}

static guint
limiter_count_queued (WhisLimiter *self)
{
  return self->waiting.length + self->again.length + self->paused.length;
}

static void
limiter_change_active (WhisLimiter *self, int change)
{
  self->active += change;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void limiter_pump (WhisLimiter *self);

/* Takes a job out of where it waits. */
static void
limiter_dequeue (GTask *task)
{
  WhisLimiter *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  clear_source (&job->cancelled);
  clear_source (&job->pause);
  g_queue_remove (g_steal_pointer (&job->queue), task);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
}

static gboolean
on_limiter_cancelled_in_queue (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;

  limiter_dequeue (task);
  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

/* Takes over the reference to @task, and gives it up when the task's cancellable fires. */
static void
limiter_enqueue (GTask *task, GQueue *queue)
{
  WhisLimiter *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Job *job = g_task_get_task_data (task);

  job->queue = queue;
  g_queue_push_tail (queue, task);
  if (cancellable != NULL)
    {
      job->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (job->cancelled, G_SOURCE_FUNC (on_limiter_cancelled_in_queue), task,
                             NULL);
      g_source_attach (job->cancelled, g_task_get_context (task));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
}

static void
limiter_tell_delay (WhisLimiter *self, guint64 wait_ms, GError *reason)
{
  if (wait_ms >= LONG_WAIT_MS)
    g_signal_emit (self, signals[DELAYED], 0, wait_ms, reason);
}

static gboolean
on_limiter_hold_over (gpointer data)
{
  WhisLimiter *self = data;

  clear_source (&self->hold);
  limiter_pump (self);

  return G_SOURCE_REMOVE;
}

static gboolean
on_limiter_pause_over (gpointer data)
{
  GTask *task = data;
  WhisLimiter *self = g_task_get_source_object (task);

  limiter_dequeue (task);
  limiter_enqueue (task, &self->again);
  limiter_pump (self);

  return G_SOURCE_REMOVE;
}

/* Others may use the place meanwhile. */
static void
limiter_pause (GTask *task, guint delay_ms, GError *reason)
{
  WhisLimiter *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  limiter_enqueue (task, &self->paused);
  job->pause = g_timeout_source_new (delay_ms);
  g_source_set_callback (job->pause, on_limiter_pause_over, task, NULL);
  g_source_attach (job->pause, g_task_get_context (task));
  limiter_tell_delay (self, delay_ms, reason);
}

/* One request that is more than the whole allowance (413) says nothing about how many are sent. */
static gboolean
is_too_many (const GError *error)
{
  return g_error_matches (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT)
         && whis_service_error_get_status (error) != 413;
}

static void
limiter_notify_throttle (WhisLimiter *self, guint before)
{
  if (self->throttle.effective == before)
    return;
  g_debug ("%u requests at a time, were %u", self->throttle.effective, before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EFFECTIVE_LIMIT]);
}

/* All requests go to the same service, and the next one would be refused as well. */
static void
limiter_apply_error (WhisLimiter *self, const Job *job, GError *error)
{
  guint64 wait_ms = whis_service_error_get_retry_after_ms (error);
  guint before = self->throttle.effective;

  if (!is_too_many (error))
    return;
  whis_throttle_lower (&self->throttle, job->period);
  limiter_notify_throttle (self, before);
  if (wait_ms > 0 && wait_ms <= WHIS_RETRY_LONGEST_WAIT_MS)
    whis_limiter_hold (self, wait_ms, error);
}

static void
limiter_apply_success (WhisLimiter *self)
{
  guint before = self->throttle.effective;

  whis_throttle_recover (&self->throttle);
  limiter_notify_throttle (self, before);
}

/* Takes over the reference to @task if it is to be tried again. */
static gboolean
limiter_retry (GTask *task, GError *error)
{
  WhisLimiter *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  guint delay_ms;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task))
      || !whis_retry_delay (error, job->n_retries, &delay_ms))
    return FALSE;
  g_debug ("Trying again in %u ms: %s", delay_ms, g_quark_to_string (error->domain));
  job->n_retries++;
  if (is_too_many (error) && self->hold != NULL)
    limiter_enqueue (task, &self->again);
  else
    limiter_pause (task, delay_ms, error);

  return TRUE;
}

static void
limiter_fail (GTask *task, GError *error)
{
  WhisLimiter *self = g_task_get_source_object (task);

  limiter_apply_error (self, g_task_get_task_data (task), error);
  if (limiter_retry (task, error))
    {
      g_error_free (error);
      limiter_pump (self);
      return;
    }
  limiter_pump (self);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_limiter_tried (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  WhisLimiter *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer value = job->operation->finish (job->request, source, result, &error);

  limiter_change_active (self, -1);
  if (value == NULL)
    {
      limiter_fail (task, error);
      return;
    }
  limiter_apply_success (self);
  limiter_pump (self);
  g_task_return_pointer (task, value, job->operation->free_result);
  g_object_unref (task);
}

/* Takes over the reference to @task. */
static void
limiter_start_try (GTask *task)
{
  WhisLimiter *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;

  if (job->operation->admit != NULL && !job->operation->admit (job->request, &error))
    {
      if (error == NULL)
        {
          self->awaits_admission = TRUE;
          limiter_enqueue (task, &self->again);
          return;
        }
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  limiter_change_active (self, 1);
  job->period = self->throttle.period;
  job->operation->start (job->request, g_task_get_cancellable (task), on_limiter_tried, task);
}

/* What is tried again goes first: it was there first. */
static GTask *
limiter_peek_next (WhisLimiter *self)
{
  return g_queue_peek_head (self->again.length > 0 ? &self->again : &self->waiting);
}

/* A job that ends here may hold the last reference to the limiter. */
static void
limiter_pump (WhisLimiter *self)
{
  GTask *task;

  g_object_ref (self);
  while (self->hold == NULL && !self->awaits_admission && self->active < self->throttle.effective
         && (task = limiter_peek_next (self)) != NULL)
    {
      limiter_dequeue (task);
      limiter_start_try (task);
    }
  g_object_unref (self);
}

static void
whis_limiter_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisLimiter *self = WHIS_LIMITER (object);

  switch (id)
    {
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
      g_value_set_uint (value, limiter_count_queued (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_limiter_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  WhisLimiter *self = WHIS_LIMITER (object);

  switch (id)
    {
    case PROP_LIMIT:
      whis_limiter_set_limit (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_limiter_dispose (GObject *object)
{
  WhisLimiter *self = WHIS_LIMITER (object);

  /* Every job holds a reference, so there are none. */
  g_assert (limiter_count_queued (self) == 0);
  clear_source (&self->hold);

  G_OBJECT_CLASS (whis_limiter_parent_class)->dispose (object);
}

static void
whis_limiter_class_init (WhisLimiterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = whis_limiter_get_property;
  object_class->set_property = whis_limiter_set_property;
  object_class->dispose = whis_limiter_dispose;

  /**
   * WhisLimiter:limit:
   *
   * How many requests may be in flight at most. May be changed at any time; requests that are in
   * flight already are not stopped.
   */
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 1, WHIS_LIMITER_HIGHEST_LIMIT, 1,
                                              flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT);

  /**
   * WhisLimiter:effective-limit:
   *
   * How many requests may be in flight at present: a service that refuses some because there are
   * too many gets half as many at a time, and slowly more again.
   */
  properties[PROP_EFFECTIVE_LIMIT] = g_param_spec_uint (
      "effective-limit", NULL, NULL, 1, WHIS_LIMITER_HIGHEST_LIMIT, 1, flags | G_PARAM_READABLE);

  /**
   * WhisLimiter:active:
   *
   * How many requests are in flight.
   */
  properties[PROP_ACTIVE] =
      g_param_spec_uint ("active", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  /**
   * WhisLimiter:queued:
   *
   * How many requests wait for their turn, the first or another one.
   */
  properties[PROP_QUEUED] =
      g_param_spec_uint ("queued", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisLimiter::delayed:
   * @self: a limiter
   * @wait_ms: how long, in milliseconds
   * @reason: why, a sentence for people
   *
   * A request, or all of them, will wait for two seconds or more before the next try.
   */
  signals[DELAYED] =
      g_signal_new ("delayed", WHIS_TYPE_LIMITER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
whis_limiter_init (WhisLimiter *self)
{
  g_queue_init (&self->waiting);
  g_queue_init (&self->again);
  g_queue_init (&self->paused);
}

/**
 * whis_limiter_new:
 * @limit: how many requests may be in flight, from 1 to %WHIS_LIMITER_HIGHEST_LIMIT
 *
 * Returns: (transfer full): a limiter
 */
WhisLimiter *
whis_limiter_new (guint limit)
{
  return g_object_new (WHIS_TYPE_LIMITER, "limit", CLAMP (limit, 1, WHIS_LIMITER_HIGHEST_LIMIT),
                       NULL);
}

/**
 * whis_limiter_get_limit:
 * @self: a limiter
 *
 * Returns: how many requests may be in flight at most
 */
guint
whis_limiter_get_limit (WhisLimiter *self)
{
  g_return_val_if_fail (WHIS_IS_LIMITER (self), 0);

  return self->throttle.limit;
}

/**
 * whis_limiter_set_limit:
 * @self: a limiter
 * @limit: how many requests may be in flight, from 1 to %WHIS_LIMITER_HIGHEST_LIMIT
 */
void
whis_limiter_set_limit (WhisLimiter *self, guint limit)
{
  guint before;

  g_return_if_fail (WHIS_IS_LIMITER (self));

  limit = CLAMP (limit, 1, WHIS_LIMITER_HIGHEST_LIMIT);
  if (self->throttle.limit == limit)
    return;
  before = self->throttle.effective;
  whis_throttle_set_limit (&self->throttle, limit);
  limiter_notify_throttle (self, before);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
  limiter_pump (self);
}

/**
 * whis_limiter_get_effective_limit:
 * @self: a limiter
 *
 * Returns: how many requests may be in flight at present
 */
guint
whis_limiter_get_effective_limit (WhisLimiter *self)
{
  g_return_val_if_fail (WHIS_IS_LIMITER (self), 0);

  return self->throttle.effective;
}

/**
 * whis_limiter_get_active:
 * @self: a limiter
 *
 * Returns: how many requests are in flight
 */
guint
whis_limiter_get_active (WhisLimiter *self)
{
  g_return_val_if_fail (WHIS_IS_LIMITER (self), 0);

  return self->active;
}

/**
 * whis_limiter_get_queued:
 * @self: a limiter
 *
 * Returns: how many requests wait for their turn, the first or another one
 */
guint
whis_limiter_get_queued (WhisLimiter *self)
{
  g_return_val_if_fail (WHIS_IS_LIMITER (self), 0);

  return limiter_count_queued (self);
}

/**
 * whis_limiter_hold:
 * @self: a limiter
 * @wait_ms: how long, in milliseconds
 * @reason: why, a sentence for people
 *
 * Sends nothing for a while. A hold that lasts longer stays as it is.
 */
void
whis_limiter_hold (WhisLimiter *self, guint64 wait_ms, GError *reason)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  gint64 now = g_get_monotonic_time ();
  gint64 until = now + (gint64) wait_ms * 1000;
  gint64 held_until;

  g_return_if_fail (WHIS_IS_LIMITER (self));

  held_until = self->hold != NULL ? self->held_until : now;
  if (until <= held_until)
    return;
  g_debug ("Sending nothing for %" G_GUINT64_FORMAT " ms", wait_ms);
  clear_source (&self->hold);
  self->held_until = until;
  self->hold = g_timeout_source_new ((guint) wait_ms);
  g_source_set_callback (self->hold, on_limiter_hold_over, self, NULL);
  g_source_attach (self->hold, context);
  if (until - held_until >= LONG_WAIT_MS * 1000)
    limiter_tell_delay (self, wait_ms, reason);
}

/**
 * whis_limiter_ask_again:
 * @self: a limiter
 *
 * Says that it may be known by now whether a request may be sent.
 */
void
whis_limiter_ask_again (WhisLimiter *self)
{
  g_return_if_fail (WHIS_IS_LIMITER (self));

  self->awaits_admission = FALSE;
  limiter_pump (self);
}

/**
 * whis_limiter_run_async:
 * @self: a limiter
 * @operation: how it is sent
 * @request: (transfer full): what is to be sent
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a result or an error
 * @user_data: data for @callback
 *
 * Queues a request. Requests start in the order in which they came, as many at a time as the limit
 * allows. What fails with a %WHIS_SERVICE_ERROR that passes is tried again after a while, before
 * those that have not been sent yet. When the service asks to wait because there are too many, all
 * wait. When @cancellable fires, a request ends at once, wherever it is.
 */
void
whis_limiter_run_async (WhisLimiter *self,
                        const WhisLimiterOperation *operation,
                        gpointer request,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (WHIS_IS_LIMITER (self));
  g_return_if_fail (operation != NULL && operation->start != NULL && operation->finish != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_limiter_run_async);
  job = g_new0 (Job, 1);
  job->operation = operation;
  job->request = request;
  g_task_set_task_data (task, job, job_free);

  if (g_task_return_error_if_cancelled (task))
    return;
  limiter_enqueue (g_steal_pointer (&task), &self->waiting);
  limiter_pump (self);
}

/**
 * whis_limiter_run_finish:
 * @self: a limiter
 * @result: what the callback got
 * @error: return location for the last try's error, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what the operation's `finish` returned; %NULL on error
 */
gpointer
whis_limiter_run_finish (WhisLimiter *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_limiter_run_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
