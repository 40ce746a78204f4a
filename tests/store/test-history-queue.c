/* SPDX-License-Identifier: MIT */
#include "history-queue.h"

static gboolean
write_nothing (WhisHistoryDatabase *database,
               WhisHistoryWrite *write,
               gconstpointer data,
               GError **error)
{
  return TRUE;
}

static gboolean
push_write (WhisHistoryQueue *queue, const char *slot, const char *data)
{
  WhisHistoryJob *job = g_new0 (WhisHistoryJob, 1);

  job->slot = g_strdup (slot);
  job->write = write_nothing;
  job->data = g_strdup (data);
  job->destroy = g_free;

  return whis_history_queue_push (queue, job);
}

static void
push_flush (WhisHistoryQueue *queue)
{
  g_assert_true (whis_history_queue_push (queue, g_new0 (WhisHistoryJob, 1)));
}

/* All that is left: the data of writes in order, a dot for a flush. */
static char *
drain (WhisHistoryQueue *queue, gboolean stalled)
{
  GString *all = g_string_new (NULL);
  WhisHistoryJob *job;

  while ((job = whis_history_queue_take (queue, stalled)) != NULL)
    {
      g_string_append (all, job->write != NULL ? job->data : ".");
      whis_history_job_free (job);
    }

  return g_string_free (all, FALSE);
}

static void
test_newest_counts (void)
{
  WhisHistoryQueue *queue = whis_history_queue_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  push_write (queue, "a", "1");
  push_write (queue, "b", "2");
  push_write (queue, "a", "3");
  first = drain (queue, FALSE);
  g_assert_cmpstr (first, ==, "32");

  /* A write without a slot is not passed. */
  push_write (queue, "a", "1");
  push_write (queue, NULL, "2");
  push_write (queue, "a", "3");
  push_write (queue, "a", "4");
  second = drain (queue, FALSE);
  g_assert_cmpstr (second, ==, "124");
  whis_history_queue_free (queue);
}

static void
test_stalled (void)
{
  WhisHistoryQueue *queue = whis_history_queue_new ();
  g_autofree char *reads = NULL;
  g_autofree char *rest = NULL;

  push_write (queue, "a", "1");
  push_flush (queue);
  push_write (queue, "b", "2");
  push_flush (queue);
  whis_history_queue_put_back (queue, whis_history_queue_take (queue, FALSE));
  reads = drain (queue, TRUE);
  g_assert_cmpstr (reads, ==, "..");

  /* What was begun is written as it is; what comes then is written after it. */
  push_write (queue, "a", "3");
  rest = drain (queue, FALSE);
  g_assert_cmpstr (rest, ==, "123");
  whis_history_queue_free (queue);
}

static void
test_full (void)
{
  WhisHistoryQueue *queue = whis_history_queue_new ();
  guint n = 0;

  while (push_write (queue, NULL, "x"))
    n++;
  g_assert_cmpuint (n, ==, 10000);
  push_flush (queue);

  whis_history_job_free (whis_history_queue_take (queue, FALSE));
  g_assert_true (push_write (queue, "a", "y"));
  g_assert_true (push_write (queue, "a", "z"));
  g_assert_false (push_write (queue, "b", "z"));
  whis_history_queue_free (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-queue/newest-counts", test_newest_counts);
  g_test_add_func ("/history-queue/stalled", test_stalled);
  g_test_add_func ("/history-queue/full", test_full);

  return g_test_run ();
}
