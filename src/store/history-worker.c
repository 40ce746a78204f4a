/* SPDX-License-Identifier: MIT */
#include "history-worker.h"

#include <glib/gi18n-lib.h>

#include "history-repair.h"

/**
 * WhisHistoryWorker:
 *
 * The one thread that works on the database of the history, and the queue in front of it. The
 * thread is there only while there is something to do.
 *
 * A write that may work later, such as one for which there is no room, stays in the queue, with all
 * that come after it, and is tried again; reads pass them. One that never will is told.
 */

/* After how long a write that had to wait is tried again; for a disk that fails, or that may not be
 * written, twice as long each time, and in the end only when there is more to be written. */
#define RETRY_SECONDS 2
#define LONGEST_RETRY_SECONDS 300

struct _WhisHistoryWorker
{
  GObject parent_instance;

  GThreadPool *pool;
  GMainContext *context;
  GSource *retry;
  guint retry_s;

  /* In the worker's thread alone. */
  WhisHistoryDatabase *database;
  gboolean must_empty_log;

  GMutex mutex; /* for all that follows */
  WhisHistoryQueue *jobs;
  gboolean scheduled;
  gboolean stalled;
  gboolean passes; /* what stalls it does so for a while only */
  GError *problem;
  GPtrArray *changed;
  GPtrArray *removed;
  GQueue problems; /* of GError, to be told */
  GQueue done;     /* of WhisHistoryJob, to be freed in the main context */
  WhisHistoryRules rules;
};

enum
{
  CHANGED,
  REMOVED,
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisHistoryWorker, whis_history_worker, G_TYPE_OBJECT)

/* With the mutex. The first of an episode is told; the next comes after a write that worked. */
static void
note_problem (WhisHistoryWorker *self, const GError *error)
{
  if (self->problem != NULL)
    return;

  self->problem = g_error_copy (error);
  g_queue_push_tail (&self->problems, g_error_copy (error));
}

static void
take_all (GPtrArray *to, GPtrArray *from)
{
  for (guint i = 0; i < from->len; i++)
    g_ptr_array_add (to, g_strdup (g_ptr_array_index (from, i)));
}

/* A damaged database is repaired once; whatever failed is then done again. */
static gboolean
repair_if_damaged (WhisHistoryWorker *self, GError **error)
{
  g_autoptr (GError) damage = NULL;

  if (whis_history_database_get_condition (self->database) != WHIS_STORAGE_CONDITION_DAMAGED)
    return FALSE;

  whis_history_database_roll_back (self->database);
  g_clear_error (error);
  if (!whis_history_repair (self->database, &damage, error))
    return FALSE;

  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->problems, g_steal_pointer (&damage));
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

static gboolean
try_write (WhisHistoryWorker *self,
           const WhisHistoryJob *job,
           WhisHistoryWrite *write,
           GError **error)
{
  g_ptr_array_set_size (write->changed, 0);
  g_ptr_array_set_size (write->removed, 0);
  write->deletes_text = FALSE;
  if (whis_history_database_begin (self->database, error)
      && job->write (self->database, write, job->data, error)
      && whis_history_database_commit (self->database, error))
    return TRUE;

  whis_history_database_roll_back (self->database);

  return FALSE;
}

/* Nothing of what was deleted stays in a file: neither sound, nor words, nor the log. */
static void
clean_up (WhisHistoryWorker *self, const WhisHistoryWrite *write)
{
  g_autoptr (GError) error = NULL;

  if (!whis_history_delete_unwanted_sounds (self->database, &error)
      || (write->deletes_text && !whis_history_forget_words (self->database, &error)))
    g_debug ("Deleted things wait for the next time: %s", error->message);
  if (write->deletes_text)
    self->must_empty_log = TRUE;
}

static void
note_written (WhisHistoryWorker *self, const WhisHistoryWrite *write)
{
  g_mutex_lock (&self->mutex);
  g_clear_error (&self->problem);
  take_all (self->changed, write->changed);
  take_all (self->removed, write->removed);
  g_mutex_unlock (&self->mutex);
}

/* What is given up is told each time, what waits once. */
static void
note_failure (WhisHistoryWorker *self, const GError *error)
{
  WhisStorageCondition condition = whis_history_database_get_condition (self->database);

  g_mutex_lock (&self->mutex);
  if (condition == WHIS_STORAGE_CONDITION_OTHER)
    g_clear_error (&self->problem);
  self->passes =
      condition == WHIS_STORAGE_CONDITION_FULL || condition == WHIS_STORAGE_CONDITION_IN_USE;
  note_problem (self, error);
  g_mutex_unlock (&self->mutex);
}

/* Whether the write is over, for better or worse; else it is to be tried again. */
static gboolean
run_write (WhisHistoryWorker *self, const WhisHistoryJob *job)
{
  g_autoptr (GPtrArray) changed = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_free);
  WhisHistoryWrite write = { job->rules, job->now_ms, changed, removed, FALSE };
  g_autoptr (GError) error = NULL;

  if (try_write (self, job, &write, &error)
      || (repair_if_damaged (self, &error) && try_write (self, job, &write, &error)))
    {
      clean_up (self, &write);
      note_written (self, &write);
      return TRUE;
    }

  note_failure (self, error);

  return !whis_history_database_may_recover (self->database);
}

/* That is so for as long as this program is: it is told at once, not only when it is in the way. */
static void
note_if_too_new (WhisHistoryWorker *self, const GError *error)
{
  if (!g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW))
    return;

  g_mutex_lock (&self->mutex);
  note_problem (self, error);
  g_mutex_unlock (&self->mutex);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  whis_history_database_interrupt (user_data);
}

static gpointer
try_read (WhisHistoryWorker *self, const WhisHistoryJob *job, GError **error)
{
  GCancellable *cancellable = g_task_get_cancellable (job->task);
  gpointer answer;
  gulong handler = 0;

  if (!whis_history_database_open (self->database, error))
    return NULL;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self->database, NULL);
  answer = job->read (self->database, g_task_get_task_data (job->task), error);
  g_cancellable_disconnect (cancellable, handler);

  return answer;
}

static void
run_read (WhisHistoryWorker *self, const WhisHistoryJob *job)
{
  g_autoptr (GError) error = NULL;
  gpointer answer;

  if (g_task_return_error_if_cancelled (job->task))
    return;

  answer = try_read (self, job, &error);
  if (error != NULL && repair_if_damaged (self, &error))
    answer = try_read (self, job, &error);
  if (error == NULL)
    {
      g_task_return_pointer (job->task, answer, job->destroy);
      return;
    }

  note_if_too_new (self, error);
  g_task_return_error (job->task, g_steal_pointer (&error));
}

static void
empty_log (WhisHistoryWorker *self)
{
  if (self->must_empty_log)
    self->must_empty_log = !whis_history_database_empty_log (self->database);
}

static void
run_flush (WhisHistoryWorker *self, const WhisHistoryJob *job)
{
  g_autoptr (GError) problem = NULL;

  empty_log (self);
  g_mutex_lock (&self->mutex);
  problem = self->problem != NULL ? g_error_copy (self->problem) : NULL;
  g_mutex_unlock (&self->mutex);

  if (problem != NULL)
    g_task_return_error (job->task, g_steal_pointer (&problem));
  else
    g_task_return_boolean (job->task, TRUE);
}

static WhisHistoryJob *
take_job (WhisHistoryWorker *self, gboolean stalled)
{
  WhisHistoryJob *job;

  g_mutex_lock (&self->mutex);
  job = whis_history_queue_take (self->jobs, stalled);
  if (job == NULL)
    {
      self->scheduled = FALSE;
      self->stalled = stalled;
    }
  g_mutex_unlock (&self->mutex);

  return job;
}

static gboolean settle_cb (gpointer user_data);

/* Never at once: g_main_context_invoke() may take the context while its owner is elsewhere. */
static void
settle_later (WhisHistoryWorker *owned)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, settle_cb, owned, g_object_unref);
  g_source_attach (source, owned->context);
}

/* Whether the job is done. */
static gboolean
run_job (WhisHistoryWorker *self, WhisHistoryJob *job)
{
  gboolean done = TRUE;

  /* What has been written is told before anybody hears that it has. */
  if (job->write == NULL)
    settle_later (g_object_ref (self));
  if (job->write != NULL)
    done = run_write (self, job);
  else if (job->run != NULL)
    job->run (job->data);
  else if (job->read != NULL)
    run_read (self, job);
  else
    run_flush (self, job);

  g_mutex_lock (&self->mutex);
  /* What it refers to may be the last hold on an object of the main context, this one too. */
  if (done)
    g_queue_push_tail (&self->done, job);
  else
    whis_history_queue_put_back (self->jobs, job);
  g_mutex_unlock (&self->mutex);

  return done;
}

/* Does all that can be done now. */
static void
work_cb (gpointer data, gpointer user_data)
{
  WhisHistoryWorker *self = data;
  gboolean stalled = FALSE;
  WhisHistoryJob *job;

  while ((job = take_job (self, stalled)) != NULL)
    {
      /* What is put back is the first again, so that only reads come after it. */
      stalled = !run_job (self, job) || stalled;
    }

  empty_log (self);
  whis_history_database_trim (self->database);
  settle_later (self);
}

/* With the mutex. */
static void
history_worker_schedule (WhisHistoryWorker *self)
{
  if (self->scheduled)
    return;

  self->scheduled = TRUE;
  g_thread_pool_push (self->pool, g_object_ref (self), NULL);
}

static void
history_worker_tell (WhisHistoryWorker *self, GPtrArray *ids, guint signal_id)
{
  for (guint i = 0; i < ids->len; i++)
    g_signal_emit (self, signals[signal_id], 0, g_ptr_array_index (ids, i));
  g_ptr_array_unref (ids);
}

static GPtrArray *
steal_ids (GPtrArray **ids)
{
  GPtrArray *stolen = *ids;

  *ids = g_ptr_array_new_with_free_func (g_free);

  return stolen;
}

static gboolean
retry_cb (gpointer user_data)
{
  WhisHistoryWorker *self = user_data;

  g_clear_pointer (&self->retry, g_source_unref);
  g_mutex_lock (&self->mutex);
  history_worker_schedule (self);
  g_mutex_unlock (&self->mutex);

  return G_SOURCE_REMOVE;
}

static void
retry_later (WhisHistoryWorker *self, gboolean passes)
{
  if (self->retry != NULL || (!passes && self->retry_s >= LONGEST_RETRY_SECONDS))
    return;

  self->retry_s = passes || self->retry_s == 0 ? RETRY_SECONDS : 2 * self->retry_s;
  self->retry = g_timeout_source_new_seconds (self->retry_s);
  g_source_set_callback (self->retry, retry_cb, self, NULL);
  g_source_attach (self->retry, self->context);
}

/* In the main context: what has happened is told. */
static gboolean
settle_cb (gpointer user_data)
{
  WhisHistoryWorker *self = user_data;
  GPtrArray *changed, *removed;
  GQueue problems, done;
  GError *problem;
  gboolean stalled, passes;

  g_mutex_lock (&self->mutex);
  changed = steal_ids (&self->changed);
  removed = steal_ids (&self->removed);
  problems = self->problems;
  g_queue_init (&self->problems);
  done = self->done;
  g_queue_init (&self->done);
  stalled = self->stalled;
  passes = self->passes;
  g_mutex_unlock (&self->mutex);

  if (stalled)
    retry_later (self, passes);
  else
    self->retry_s = 0;
  history_worker_tell (self, changed, CHANGED);
  history_worker_tell (self, removed, REMOVED);
  while ((problem = g_queue_pop_head (&problems)) != NULL)
    {
      g_signal_emit (self, signals[PROBLEM], 0, problem);
      g_error_free (problem);
    }
  g_queue_clear_full (&done, (GDestroyNotify) whis_history_job_free);

  return G_SOURCE_REMOVE;
}

/* With the mutex. */
static void
note_overflow (WhisHistoryWorker *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY,
                           _ ("The history has not been writable for too long; newer entries "
                              "are not in it, but all sound is kept."));

  g_clear_error (&self->problem);
  note_problem (self, error);
}

/**
 * whis_history_worker_write:
 * @self: a worker
 * @slot: (transfer full) (nullable): what is written; only the newest of those that wait counts.
 *   %NULL for a write that no other may pass
 * @func: writes, in the worker's thread and a transaction
 * @data: (transfer full): for @func
 * @destroy: frees @data
 *
 * Puts a write into the queue.
 */
void
whis_history_worker_write (WhisHistoryWorker *self,
                           char *slot,
                           WhisHistoryWriteFunc func,
                           gpointer data,
                           GDestroyNotify destroy)
{
  WhisHistoryJob *job = g_new0 (WhisHistoryJob, 1);

  g_return_if_fail (WHIS_IS_HISTORY_WORKER (self));

  job->slot = slot;
  job->write = func;
  job->data = data;
  job->destroy = destroy;
  job->now_ms = g_get_real_time () / 1000;

  g_mutex_lock (&self->mutex);
  job->rules = self->rules;
  if (!whis_history_queue_push (self->jobs, job))
    note_overflow (self);
  history_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

static void
push_job (WhisHistoryWorker *self, WhisHistoryJob *job)
{
  g_mutex_lock (&self->mutex);
  whis_history_queue_push (self->jobs, job);
  history_worker_schedule (self);
  g_mutex_unlock (&self->mutex);
}

static void
push_task (WhisHistoryWorker *self, WhisHistoryReadFunc func, GDestroyNotify destroy, GTask *task)
{
  WhisHistoryJob *job = g_new0 (WhisHistoryJob, 1);

  job->read = func;
  job->destroy = destroy;
  job->task = g_object_ref (task);
  push_job (self, job);
}

/**
 * whis_history_worker_read:
 * @self: a worker
 * @func: reads, in the worker's thread, what the data of @task asks for
 * @destroy: frees what @func returns
 * @task: the task of the caller, which returns that
 *
 * Puts a read into the queue.
 */
void
whis_history_worker_read (WhisHistoryWorker *self,
                          WhisHistoryReadFunc func,
                          GDestroyNotify destroy,
                          GTask *task)
{
  g_return_if_fail (WHIS_IS_HISTORY_WORKER (self));
  g_return_if_fail (func != NULL);

  push_task (self, func, destroy, task);
}

/**
 * whis_history_worker_run:
 * @self: a worker
 * @func: does something that may wait for the disk, in the worker's thread
 * @data: for @func
 *
 * Puts something into the queue that needs no database.
 */
void
whis_history_worker_run (WhisHistoryWorker *self, WhisHistoryRunFunc func, gpointer data)
{
  WhisHistoryJob *job = g_new0 (WhisHistoryJob, 1);

  g_return_if_fail (WHIS_IS_HISTORY_WORKER (self));
  g_return_if_fail (func != NULL);

  job->run = func;
  job->data = data;
  push_job (self, job);
}

/**
 * whis_history_worker_flush:
 * @self: a worker
 * @task: the task of the caller; returns %TRUE when all earlier writes are done
 */
void
whis_history_worker_flush (WhisHistoryWorker *self, GTask *task)
{
  g_return_if_fail (WHIS_IS_HISTORY_WORKER (self));

  push_task (self, NULL, NULL, task);
}

void
whis_history_worker_set_rules (WhisHistoryWorker *self, WhisHistoryRules rules)
{
  g_return_if_fail (WHIS_IS_HISTORY_WORKER (self));

  g_mutex_lock (&self->mutex);
  self->rules = rules;
  g_mutex_unlock (&self->mutex);
}

static void
whis_history_worker_finalize (GObject *object)
{
  WhisHistoryWorker *self = WHIS_HISTORY_WORKER (object);

  /* Every pass holds a reference, so that none runs any more. */
  g_thread_pool_free (self->pool, FALSE, TRUE);
  if (self->retry != NULL)
    g_source_destroy (self->retry);
  g_clear_pointer (&self->retry, g_source_unref);
  whis_history_queue_free (self->jobs);
  g_queue_clear_full (&self->problems, (GDestroyNotify) g_error_free);
  g_queue_clear_full (&self->done, (GDestroyNotify) whis_history_job_free);
  g_ptr_array_unref (self->changed);
  g_ptr_array_unref (self->removed);
  g_clear_error (&self->problem);
  whis_history_database_free (self->database);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (whis_history_worker_parent_class)->finalize (object);
}

static guint
create_id_signal (const char *name)
{
  return g_signal_new (name, WHIS_TYPE_HISTORY_WORKER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_history_worker_class_init (WhisHistoryWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_history_worker_finalize;

  signals[CHANGED] = create_id_signal ("changed");
  signals[REMOVED] = create_id_signal ("removed");
  signals[PROBLEM] = g_signal_new ("problem", WHIS_TYPE_HISTORY_WORKER, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_history_worker_init (WhisHistoryWorker *self)
{
  g_mutex_init (&self->mutex);
  self->jobs = whis_history_queue_new ();
  g_queue_init (&self->problems);
  g_queue_init (&self->done);
  self->changed = g_ptr_array_new_with_free_func (g_free);
  self->removed = g_ptr_array_new_with_free_func (g_free);
  self->context = g_main_context_ref_thread_default ();
  self->pool = g_thread_pool_new (work_cb, NULL, 1, FALSE, NULL);
  /* A run that was killed may have left deleted words in it. */
  self->must_empty_log = TRUE;
  self->rules.keep_sound_days = -1;
  self->rules.keep_text_days = -1;
}

/**
 * whis_history_worker_new:
 * @directory: where the history is
 *
 * Returns: (transfer full): a worker that has not opened anything yet
 */
WhisHistoryWorker *
whis_history_worker_new (const char *directory)
{
  WhisHistoryWorker *self = g_object_new (WHIS_TYPE_HISTORY_WORKER, NULL);

  self->database = whis_history_database_new (directory);

  return self;
}
