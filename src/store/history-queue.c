/* SPDX-License-Identifier: MIT */
#include "history-queue.h"

/**
 * WhisHistoryQueue:
 *
 * What waits for the worker of the history, in order. For one thread at a time.
 */
struct _WhisHistoryQueue
{
  GQueue jobs;
  GHashTable *slots; /* slot → WhisHistoryJob that waits */
  guint n_writes;
};

/* What waits at most while nothing can be written. */
#define MAX_WRITES 10000

void
whis_history_job_free (WhisHistoryJob *job)
{
  if (job->data != NULL && job->destroy != NULL)
    job->destroy (job->data);
  g_clear_object (&job->task);
  g_free (job->slot);
  g_free (job);
}

/* Whether the write takes the place of one that waits. */
static gboolean
replace_older (WhisHistoryQueue *self, WhisHistoryJob *job)
{
  WhisHistoryJob *older;

  if (job->slot == NULL)
    {
      /* What comes after it may not pass it. */
      g_hash_table_remove_all (self->slots);
      return FALSE;
    }
  older = g_hash_table_lookup (self->slots, job->slot);
  if (older == NULL)
    return FALSE;

  older->destroy (older->data);
  older->data = g_steal_pointer (&job->data);
  older->destroy = job->destroy;
  older->rules = job->rules;
  older->now_ms = job->now_ms;
  job->destroy = NULL;
  whis_history_job_free (job);

  return TRUE;
}

/**
 * whis_history_queue_push:
 * @self: a queue
 * @job: (transfer full): a job
 *
 * Puts a job at the end, or a write of a slot in the place of one that waits.
 *
 * Returns: %FALSE if there are too many writes; the job is dropped then
 */
gboolean
whis_history_queue_push (WhisHistoryQueue *self, WhisHistoryJob *job)
{
  g_return_val_if_fail (self != NULL && job != NULL, FALSE);

  if (job->write != NULL)
    {
      if (replace_older (self, job))
        return TRUE;
      if (self->n_writes >= MAX_WRITES)
        {
          whis_history_job_free (job);
          return FALSE;
        }
      if (job->slot != NULL)
        g_hash_table_insert (self->slots, g_strdup (job->slot), job);
      self->n_writes++;
    }
  g_queue_push_tail (&self->jobs, job);

  return TRUE;
}

/**
 * whis_history_queue_take:
 * @self: a queue
 * @stalled: whether nothing can be written: behind a write that has to wait, all writes wait
 *
 * Returns: (transfer full) (nullable): the next job that may run
 */
WhisHistoryJob *
whis_history_queue_take (WhisHistoryQueue *self, gboolean stalled)
{
  GList *link;
  WhisHistoryJob *job;

  g_return_val_if_fail (self != NULL, NULL);

  link = self->jobs.head;
  while (stalled && link != NULL && ((WhisHistoryJob *) link->data)->write != NULL)
    link = link->next;
  if (link == NULL)
    return NULL;

  job = link->data;
  g_queue_delete_link (&self->jobs, link);
  if (job->write != NULL)
    self->n_writes--;
  if (job->slot != NULL && g_hash_table_lookup (self->slots, job->slot) == job)
    g_hash_table_remove (self->slots, job->slot);

  return job;
}

/**
 * whis_history_queue_put_back:
 * @self: a queue
 * @job: (transfer full): a write that was taken but has to be tried again
 *
 * Makes the job the next one again.
 */
void
whis_history_queue_put_back (WhisHistoryQueue *self, WhisHistoryJob *job)
{
  g_return_if_fail (self != NULL && job != NULL);

  g_queue_push_head (&self->jobs, job);
  self->n_writes++;
}

void
whis_history_queue_free (WhisHistoryQueue *self)
{
  g_queue_clear_full (&self->jobs, (GDestroyNotify) whis_history_job_free);
  g_hash_table_unref (self->slots);
  g_free (self);
}

WhisHistoryQueue *
whis_history_queue_new (void)
{
  WhisHistoryQueue *self = g_new0 (WhisHistoryQueue, 1);

  g_queue_init (&self->jobs);
  self->slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}
