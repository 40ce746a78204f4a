/* SPDX-License-Identifier: MIT */
#include "task-queue.h"

typedef struct
{
  WhisTaskQueue *queue;
  guint n_done;
  guint n_well;
  GError *error; /* of the last that failed */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->queue = whis_task_queue_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_true (whis_task_queue_is_empty (fixture->queue));
  whis_task_queue_free (fixture->queue);
  g_clear_error (&fixture->error);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *fixture = data;

  g_clear_error (&fixture->error);
  fixture->n_done++;
  if (g_task_propagate_boolean (G_TASK (result), &fixture->error))
    fixture->n_well++;
}

static void
push (Fixture *fixture, GCancellable *cancellable, guint timeout_ms)
{
  whis_task_queue_push (fixture->queue, g_task_new (NULL, cancellable, on_done, fixture),
                        timeout_ms);
}

static void
wait_done (Fixture *fixture, guint n)
{
  while (fixture->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_all (Fixture *fixture, gconstpointer data)
{
  push (fixture, NULL, 0);
  push (fixture, NULL, 300);
  g_assert_false (whis_task_queue_is_empty (fixture->queue));
  whis_task_queue_return_all (fixture->queue, NULL);
  wait_done (fixture, 2);
  g_assert_cmpuint (fixture->n_well, ==, 2);
}

static void
test_error (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "busy");

  push (fixture, NULL, 0);
  push (fixture, NULL, 0);
  whis_task_queue_return_all (fixture->queue, error);
  wait_done (fixture, 2);
  g_assert_cmpuint (fixture->n_well, ==, 0);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* One that is cancelled ends alone. */
static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  push (fixture, cancellable, 0);
  push (fixture, NULL, 0);
  g_cancellable_cancel (cancellable);
  wait_done (fixture, 1);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (whis_task_queue_is_empty (fixture->queue));
  whis_task_queue_return_all (fixture->queue, NULL);
  wait_done (fixture, 2);
  g_assert_cmpuint (fixture->n_well, ==, 1);
}

/* The event does not come. */
static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  push (fixture, NULL, 1);
  wait_done (fixture, 1);
  g_assert_cmpuint (fixture->n_well, ==, 1);
}

static void
push_again (GObject *source, GAsyncResult *result, gpointer data)
{
  on_done (source, result, data);
  push (data, NULL, 0);
}

/* Who asks again in the answer waits for the next event. */
static void
test_pushed_meanwhile (Fixture *fixture, gconstpointer data)
{
  whis_task_queue_push (fixture->queue, g_task_new (NULL, NULL, push_again, fixture), 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  whis_task_queue_return_all (fixture->queue, NULL);
  wait_done (fixture, 1);
  g_assert_false (whis_task_queue_is_empty (fixture->queue));
  whis_task_queue_return_all (fixture->queue, NULL);
  wait_done (fixture, 2);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/task-queue/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("all", test_all);
  ADD ("error", test_error);
  ADD ("cancelled", test_cancelled);
  ADD ("timeout", test_timeout);
  ADD ("pushed-meanwhile", test_pushed_meanwhile);

  return g_test_run ();
}
