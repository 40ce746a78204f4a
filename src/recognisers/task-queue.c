/* SPDX-License-Identifier: MIT */
#include "task-queue.h"

/**
 * WhisTaskQueue:
 *
 * Tasks of type boolean that wait for the same event, and end together. One whose cancellable fires
 * ends at once.
 */
struct _WhisTaskQueue
{
  GQueue tasks; /* of GTask, whose data are an Item */
};

typedef struct
{
  WhisTaskQueue *queue;
  GSource *cancelled; /* nullable */
  GSource *timeout;   /* nullable */
} Item;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
item_free (gpointer data)
{
  Item *item = data;

  clear_source (&item->cancelled);
  clear_source (&item->timeout);
  g_free (item);
}

/* Returns the reference to @task, which nothing watches any more. */
static GTask *
task_queue_remove (GTask *task)
{
  Item *item = g_task_get_task_data (task);

  g_queue_remove (&item->queue->tasks, task);
  g_task_set_task_data (task, NULL, NULL);

  return task;
}

static gboolean
on_task_queue_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = task_queue_remove (data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static gboolean
on_task_queue_timeout (gpointer data)
{
  g_autoptr (GTask) task = task_queue_remove (data);

  g_task_return_boolean (task, TRUE);

  return G_SOURCE_REMOVE;
}

/**
 * whis_task_queue_new:
 *
 * Returns: (transfer full): a queue without tasks
 */
WhisTaskQueue *
whis_task_queue_new (void)
{
  return g_new0 (WhisTaskQueue, 1);
}

/**
 * whis_task_queue_free:
 * @self: (transfer full): a queue without tasks
 */
void
whis_task_queue_free (WhisTaskQueue *self)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (whis_task_queue_is_empty (self));

  g_free (self);
}

/**
 * whis_task_queue_is_empty:
 * @self: a queue
 *
 * Returns: whether no task waits
 */
gboolean
whis_task_queue_is_empty (WhisTaskQueue *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return g_queue_is_empty (&self->tasks);
}

/**
 * whis_task_queue_push:
 * @self: a queue
 * @task: (transfer full): a task without data
 * @timeout_ms: after how long it returns %TRUE without the event, in milliseconds; 0 for never
 *
 * Lets a task wait.
 */
void
whis_task_queue_push (WhisTaskQueue *self, GTask *task, guint timeout_ms)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Item *item;

  g_return_if_fail (self != NULL);

  item = g_new0 (Item, 1);
  item->queue = self;
  g_task_set_task_data (task, item, item_free);
  g_queue_push_tail (&self->tasks, task);
  if (cancellable != NULL)
    {
      item->cancelled = g_cancellable_source_new (cancellable);
      g_source_set_callback (item->cancelled, G_SOURCE_FUNC (on_task_queue_cancelled), task, NULL);
      g_source_attach (item->cancelled, g_task_get_context (task));
    }
  if (timeout_ms > 0)
    {
      item->timeout = g_timeout_source_new (timeout_ms);
      g_source_set_callback (item->timeout, on_task_queue_timeout, task, NULL);
      g_source_attach (item->timeout, g_task_get_context (task));
    }
}

/**
 * whis_task_queue_return_all:
 * @self: a queue
 * @error: (nullable): what each returns a copy of; %NULL to return %TRUE
 *
 * Ends the tasks that wait now. Those that are pushed meanwhile stay.
 */
void
whis_task_queue_return_all (WhisTaskQueue *self, const GError *error)
{
  GQueue tasks;

  g_return_if_fail (self != NULL);

  tasks = self->tasks;
  g_queue_init (&self->tasks);
  for (GTask *task = g_queue_pop_head (&tasks); task != NULL; task = g_queue_pop_head (&tasks))
    {
      g_task_set_task_data (task, NULL, NULL);
      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}
