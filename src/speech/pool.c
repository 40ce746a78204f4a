/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "retry.h"

#include <glib/gi18n-lib.h>

struct _WhisPool
{
  GObject parent_instance;

  WhisBackend *backend;
  guint limit;
  guint active;
  /* element-type GTask, the oldest first */
  GQueue waiting;
  GTask *closing;
  gboolean is_closed;
};

typedef struct
{
  WhisSpeechRequest *request;
  guint n_retries;
  /* watches the cancellable while the job is queued, or the clock before a retry */
  GSource *cancelled;
  GSource *pause;
} Job;

enum
{
  PROP_BACKEND = 1,
  PROP_LIMIT,
  PROP_ACTIVE,
  PROP_QUEUED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisPool, whis_pool, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
stop_watching (Job *job)
{
  clear_source (&job->cancelled);
  clear_source (&job->pause);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  stop_watching (job);
  whis_speech_request_unref (job->request);
  g_free (job);
}

/* Calls @callback when the task's cancellable fires, in the task's own context. */
static void
watch_cancellable (GTask *task, GCancellableSourceFunc callback)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Job *job = g_task_get_task_data (task);

  if (cancellable == NULL)
    return;
  job->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (job->cancelled, G_SOURCE_FUNC (callback), task, NULL);
  g_source_attach (job->cancelled, g_task_get_context (task));
}

static void
complete_closing (WhisPool *self)
{
  g_autoptr (GTask) closing = NULL;

  if (self->closing == NULL || self->active > 0 || self->waiting.length > 0)
    return;
  closing = g_steal_pointer (&self->closing);
  g_task_return_boolean (closing, TRUE);
}

static void
change_active (WhisPool *self, int change)
{
  self->active += change;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void pump (WhisPool *self);
static void start_try (GTask *task);

/* Gives the place of a job that has ended to the next one. */
static void
release (WhisPool *self)
{
  change_active (self, -1);
  pump (self);
}

static gboolean
pause_over (gpointer data)
{
  GTask *task = data;

  stop_watching (g_task_get_task_data (task));
  start_try (task);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_in_pause (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisPool *self = g_task_get_source_object (task);

  stop_watching (g_task_get_task_data (task));
  release (self);
  g_task_return_error_if_cancelled (task);
  complete_closing (self);

  return G_SOURCE_REMOVE;
}

/* The job keeps its place while it waits: a provider that wants fewer requests gets fewer. */
static void
retry_later (GTask *task, guint delay_ms)
{
  Job *job = g_task_get_task_data (task);

  job->n_retries++;
  job->pause = g_timeout_source_new (delay_ms);
  g_source_set_callback (job->pause, pause_over, task, NULL);
  g_source_attach (job->pause, g_task_get_context (task));
  watch_cancellable (task, cancelled_in_pause);
}

static void
did_transcribe (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  WhisTranscription *transcription;
  guint delay_ms;

  transcription = whis_backend_transcribe_finish (WHIS_BACKEND (source), result, &error);
  if (transcription == NULL && whis_retry_delay (error, job->n_retries, &delay_ms))
    {
      g_debug ("Trying again in %u ms: %s", delay_ms, g_quark_to_string (error->domain));
      g_error_free (error);
      retry_later (g_steal_pointer (&task), delay_ms);
      return;
    }
  release (self);
  if (transcription != NULL)
    g_task_return_pointer (task, transcription, (GDestroyNotify) whis_transcription_free);
  else
    g_task_return_error (task, error);
  complete_closing (self);
}

static void
start_try (GTask *task)
{
  WhisPool *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);

  whis_backend_transcribe_async (self->backend, job->request, g_task_get_cancellable (task),
                                 did_transcribe, task);
}

static void
pump (WhisPool *self)
{
  while (self->active < self->limit && self->waiting.length > 0)
    {
      GTask *task = g_queue_pop_head (&self->waiting);

      stop_watching (g_task_get_task_data (task));
      change_active (self, 1);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
      start_try (task);
    }
}

static gboolean
cancelled_in_queue (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisPool *self = g_task_get_source_object (task);

  stop_watching (g_task_get_task_data (task));
  g_queue_remove (&self->waiting, task);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
  g_task_return_error_if_cancelled (task);
  complete_closing (self);

  return G_SOURCE_REMOVE;
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
      g_value_set_uint (value, self->limit);
      break;
    case PROP_ACTIVE:
      g_value_set_uint (value, self->active);
      break;
    case PROP_QUEUED:
      g_value_set_uint (value, self->waiting.length);
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
whis_pool_dispose (GObject *object)
{
  WhisPool *self = WHIS_POOL (object);

  /* Every job holds a reference, so there are none. */
  g_assert (self->waiting.length == 0);
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
   * How many requests may be in flight. May be changed at any time; requests that are in flight
   * already are not stopped.
   */
  properties[PROP_LIMIT] = g_param_spec_uint ("limit", NULL, NULL, 1, WHIS_POOL_HIGHEST_LIMIT, 1,
                                              flags | G_PARAM_READWRITE | G_PARAM_CONSTRUCT);

  /**
   * WhisPool:active:
   *
   * How many requests are in flight, those that wait for another try among them.
   */
  properties[PROP_ACTIVE] =
      g_param_spec_uint ("active", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  /**
   * WhisPool:queued:
   *
   * How many requests wait for their turn.
   */
  properties[PROP_QUEUED] =
      g_param_spec_uint ("queued", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_pool_init (WhisPool *self)
{
  g_queue_init (&self->waiting);
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
 * Returns: how many requests may be in flight
 */
guint
whis_pool_get_limit (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return self->limit;
}

/**
 * whis_pool_set_limit:
 * @self: a pool
 * @limit: how many requests may be in flight, from 1 to %WHIS_POOL_HIGHEST_LIMIT
 */
void
whis_pool_set_limit (WhisPool *self, guint limit)
{
  g_return_if_fail (WHIS_IS_POOL (self));

  limit = CLAMP (limit, 1, WHIS_POOL_HIGHEST_LIMIT);
  if (self->limit == limit)
    return;
  self->limit = limit;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIMIT]);
  pump (self);
}

/**
 * whis_pool_get_active:
 * @self: a pool
 *
 * Returns: how many requests are in flight, those that wait for another try among them
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
 * Returns: how many requests wait for their turn
 */
guint
whis_pool_get_queued (WhisPool *self)
{
  g_return_val_if_fail (WHIS_IS_POOL (self), 0);

  return self->waiting.length;
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
 * allows; what fails for a passing reason is tried again after a while. When @cancellable fires, a
 * request ends at once, wherever it is.
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
  if (self->is_closed)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CLOSED,
                               _ ("Whis is about to end and takes no more recordings."));
      return;
    }
  watch_cancellable (task, cancelled_in_queue);
  g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUEUED]);
  pump (self);
}

/**
 * whis_pool_transcribe_finish:
 * @self: a pool
 * @result: what the callback got
 * @error: return location for a %WHIS_SPEECH_ERROR, %G_IO_ERROR_CANCELLED, or %G_IO_ERROR_CLOSED
 *
 * Returns: (transfer full): what was said, with an empty text when it was nothing; %NULL on error
 */
WhisTranscription *
whis_pool_transcribe_finish (WhisPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * whis_pool_close_async:
 * @self: a pool
 * @cancellable: (nullable): a cancellable
 * @callback: called when nothing is queued or in flight any more
 * @data: data for @callback
 *
 * Takes no more requests, and finishes those that are there. To be called once.
 */
void
whis_pool_close_async (WhisPool *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  g_return_if_fail (WHIS_IS_POOL (self));
  g_return_if_fail (!self->is_closed);

  self->is_closed = TRUE;
  self->closing = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (self->closing, whis_pool_close_async);
  complete_closing (self);
}

/**
 * whis_pool_close_finish:
 * @self: a pool
 * @result: what the callback got
 * @error: return location
 *
 * Returns: whether the pool is empty
 */
gboolean
whis_pool_close_finish (WhisPool *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
