/* SPDX-License-Identifier: MIT */
#include "limiter.h"
#include "service-error.h"

/* A service in memory: a try is in flight until the test answers it. */

#define MOST_REQUESTS 600

typedef struct _Fixture Fixture;

typedef struct
{
  Fixture *fixture;
  guint number;
  guint n_tries;
  GCancellable *cancellable;
  GTask *try; /* while it is in flight */
  gulong cancelled_id;
  char *result;
  GError *error;
  gboolean is_done;
  guint rank; /* its place among those that have ended */
} Request;

struct _Fixture
{
  WhisLimiter *limiter;
  Request requests[MOST_REQUESTS];
  guint n_requests;
  guint n_done;
  guint n_tries;
  guint n_freed;
  guint most_active;
  GString *order;  /* the numbers of the requests as they were tried, " 0 1 1" */
  GString *limits; /* the effective limits after the first, " 2 3 4" */
  guint n_delays;
  guint64 delay_ms;
  char *delay_reason;
  guint n_asked;
  guint n_admitted;
  gboolean is_undecided;
};

static void
request_end_try (Request *request, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&request->try);

  g_assert_nonnull (task);
  g_cancellable_disconnect (request->cancellable, request->cancelled_id);
  request->cancelled_id = 0;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_strdup_printf ("%u", request->number), g_free);
}

static gboolean
end_cancelled (gpointer data)
{
  Request *request = data;

  if (request->try != NULL)
    request_end_try (request, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled"));

  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_idle_add (end_cancelled, data);
}

static gboolean
admit (gpointer data, GError **error)
{
  Request *request = data;
  Fixture *fixture = request->fixture;

  fixture->n_asked++;
  if (fixture->is_undecided)
    return FALSE;
  if (fixture->n_asked <= fixture->n_admitted)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "no");

  return FALSE;
}

static void
start_try (gpointer data, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user)
{
  Request *request = data;
  Fixture *fixture = request->fixture;

  g_assert_null (request->try);
  g_assert_true (cancellable == request->cancellable);
  request->n_tries++;
  fixture->n_tries++;
  g_string_append_printf (fixture->order, " %u", request->number);
  request->try = g_task_new (NULL, NULL, callback, user);
  request->cancelled_id =
      g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), request, NULL);
}

static gpointer
finish_try (gpointer data, GObject *source, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
free_request (gpointer data)
{
  ((Request *) data)->fixture->n_freed++;
}

static const WhisLimiterOperation operation = {
  .start = start_try,
  .finish = finish_try,
  .free_request = free_request,
  .free_result = g_free,
};

static const WhisLimiterOperation admitted_operation = {
  .admit = admit,
  .start = start_try,
  .finish = finish_try,
  .free_request = free_request,
  .free_result = g_free,
};

static void
note_active (Fixture *fixture)
{
  fixture->most_active = MAX (fixture->most_active, whis_limiter_get_active (fixture->limiter));
}

static void
note_limit (Fixture *fixture)
{
  g_string_append_printf (fixture->limits, " %u",
                          whis_limiter_get_effective_limit (fixture->limiter));
}

static void
note_delay (Fixture *fixture, guint64 wait_ms, GError *reason)
{
  fixture->n_delays++;
  fixture->delay_ms = wait_ms;
  g_free (fixture->delay_reason);
  fixture->delay_reason = g_strdup (reason->message);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->limiter = whis_limiter_new (GPOINTER_TO_UINT (data));
  fixture->order = g_string_new (NULL);
  fixture->limits = g_string_new (NULL);
  g_signal_connect_swapped (fixture->limiter, "notify::active", G_CALLBACK (note_active), fixture);
  g_signal_connect_swapped (fixture->limiter, "notify::effective-limit", G_CALLBACK (note_limit),
                            fixture);
  g_signal_connect_swapped (fixture->limiter, "delayed", G_CALLBACK (note_delay), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (fixture->n_done, ==, fixture->n_requests);
  g_assert_cmpuint (fixture->n_freed, ==, fixture->n_requests);
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 0);
  g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==, 0);
  g_assert_finalize_object (fixture->limiter);
  for (guint i = 0; i < fixture->n_requests; i++)
    {
      g_object_unref (fixture->requests[i].cancellable);
      g_free (fixture->requests[i].result);
      g_clear_error (&fixture->requests[i].error);
    }
  g_string_free (fixture->order, TRUE);
  g_string_free (fixture->limits, TRUE);
  g_free (fixture->delay_reason);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;

  g_assert_false (request->is_done);
  request->result = whis_limiter_run_finish (WHIS_LIMITER (source), result, &request->error);
  g_assert_true ((request->result == NULL) == (request->error != NULL));
  request->is_done = TRUE;
  request->rank = request->fixture->n_done++;
}

static Request *
run_operation (Fixture *fixture, const WhisLimiterOperation *how, GCancellable *cancellable)
{
  Request *request = &fixture->requests[fixture->n_requests];

  request->fixture = fixture;
  request->number = fixture->n_requests++;
  request->cancellable = cancellable;
  whis_limiter_run_async (fixture->limiter, how, request, cancellable, on_run, request);

  return request;
}

static Request *
run (Fixture *fixture)
{
  return run_operation (fixture, &operation, g_cancellable_new ());
}

static void
run_many (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    run (fixture);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
wait_done (Fixture *fixture, guint n)
{
  while (fixture->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_tries (Fixture *fixture, guint n)
{
  while (fixture->n_tries < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
succeed (Fixture *fixture, guint number)
{
  request_end_try (&fixture->requests[number], NULL);
  settle ();
}

static void
fail (Fixture *fixture, guint number, WhisServiceError code, guint status, guint64 wait_ms)
{
  request_end_try (
      &fixture->requests[number],
      whis_service_error_new_answer (code, "It did not work.", NULL, status, wait_ms, TRUE));
  settle ();
}

static void
refuse (Fixture *fixture, guint number, guint64 wait_ms)
{
  fail (fixture, number, WHIS_SERVICE_ERROR_RATE_LIMIT, 429, wait_ms);
}

/* Answers whatever is in flight until all is done. */
static void
succeed_all (Fixture *fixture)
{
  while (fixture->n_done < fixture->n_requests)
    {
      gboolean is_idle = TRUE;

      for (guint i = 0; i < fixture->n_requests; i++)
        if (fixture->requests[i].try != NULL)
          {
            is_idle = FALSE;
            request_end_try (&fixture->requests[i], NULL);
          }
      g_main_context_iteration (NULL, is_idle);
    }
}

static void
cancel_all (Fixture *fixture)
{
  for (guint i = 0; i < fixture->n_requests; i++)
    g_cancellable_cancel (fixture->requests[i].cancellable);
  wait_done (fixture, fixture->n_requests);
}

static void
assert_result (Fixture *fixture, guint number)
{
  g_autofree char *expected = g_strdup_printf ("%u", number);

  g_assert_no_error (fixture->requests[number].error);
  g_assert_cmpstr (fixture->requests[number].result, ==, expected);
}

static void
assert_cancelled (Fixture *fixture, guint number)
{
  g_assert_true (fixture->requests[number].is_done);
  g_assert_error (fixture->requests[number].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  guint limit = GPOINTER_TO_UINT (data);

  run_many (fixture, 4 * limit);
  for (guint i = 0; i < 4 * limit; i++)
    {
      /* never more than the limit, though there is more to do; and never fewer */
      g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, MIN (limit, 4 * limit - i));
      g_assert_cmpuint (fixture->n_tries, ==, MIN (limit + i, 4 * limit));
      g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==,
                        4 * limit - fixture->n_tries);
      succeed (fixture, i);
      assert_result (fixture, i);
    }
  g_assert_cmpuint (fixture->most_active, ==, limit);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 5);
  for (guint i = 0; i < 5; i++)
    {
      succeed (fixture, i);
      g_assert_cmpuint (fixture->requests[i].rank, ==, i);
    }
  g_assert_cmpstr (fixture->order->str, ==, " 0 1 2 3 4");
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, MOST_REQUESTS);
  succeed_all (fixture);
  for (guint i = 0; i < MOST_REQUESTS; i++)
    assert_result (fixture, i);
  g_assert_cmpuint (fixture->n_tries, ==, MOST_REQUESTS);
  g_assert_cmpuint (fixture->most_active, ==, GPOINTER_TO_UINT (data));
}

static void
test_limit_changes (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 8);
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 2);
  whis_limiter_set_limit (fixture->limiter, 5);
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 5);
  g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==, 3);

  /* those in flight go on, and no new ones start until there are fewer than the limit */
  whis_limiter_set_limit (fixture->limiter, 1);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 5 - i);
      succeed (fixture, i);
    }
  g_assert_cmpuint (fixture->n_tries, ==, 5);
  succeed (fixture, 4);
  g_assert_cmpuint (fixture->n_tries, ==, 6);
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 1);
  succeed_all (fixture);

  whis_limiter_set_limit (fixture->limiter, 0);
  g_assert_cmpuint (whis_limiter_get_limit (fixture->limiter), ==, 1);
  whis_limiter_set_limit (fixture->limiter, 1000);
  g_assert_cmpuint (whis_limiter_get_limit (fixture->limiter), ==, WHIS_LIMITER_HIGHEST_LIMIT);
}

/* A failure that passes costs another try of that request, and no one else's. */
static void
test_retry (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 3);
  fail (fixture, 0, WHIS_SERVICE_ERROR_SERVICE_DOWN, 503, 1);
  succeed_all (fixture);
  for (guint i = 0; i < 3; i++)
    assert_result (fixture, i);
  g_assert_cmpuint (fixture->n_tries, ==, 4);
  g_assert_cmpstr (fixture->limits->str, ==, "");
}

static void
test_retries_end (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  for (guint n = 1; n <= 4; n++)
    {
      wait_tries (fixture, n);
      fail (fixture, 0, WHIS_SERVICE_ERROR_SERVICE_DOWN, 500, 1);
    }
  wait_done (fixture, 1);
  g_assert_error (fixture->requests[0].error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN);
  g_assert_cmpuint (fixture->n_tries, ==, 4);
}

/* Errors of other domains are for the caller alone. */
static void
test_no_retry (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 2);
  request_end_try (&fixture->requests[0],
                   g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full"));
  settle ();
  g_assert_error (fixture->requests[0].error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  succeed (fixture, 1);
  assert_result (fixture, 1);
  g_assert_cmpuint (fixture->n_tries, ==, 2);
}

/* One request that has to wait is told, waits alone, and its place is free meanwhile. */
static void
test_pause (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 2);
  fail (fixture, 0, WHIS_SERVICE_ERROR_SERVICE_DOWN, 503, 60000);
  g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==, 1);
  succeed (fixture, 1);
  assert_result (fixture, 1);
  g_assert_cmpuint (fixture->n_delays, ==, 1);
  g_assert_cmpuint (fixture->delay_ms, ==, 60000);
  g_assert_cmpstr (fixture->delay_reason, ==, "It did not work.");

  cancel_all (fixture);
  assert_cancelled (fixture, 0);
  g_assert_cmpuint (fixture->n_tries, ==, 2);
}

static void
test_cancel_queued (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 3);
  g_cancellable_cancel (fixture->requests[1].cancellable);
  wait_done (fixture, 1);
  assert_cancelled (fixture, 1);
  g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==, 1);
  succeed_all (fixture);
  g_assert_cmpstr (fixture->order->str, ==, " 0 2");
}

/* It is not tried again, though another request of that error would be. */
static void
test_cancel_in_flight (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 3);
  g_cancellable_cancel (fixture->requests[0].cancellable);
  wait_done (fixture, 1);
  assert_cancelled (fixture, 0);
  g_assert_cmpstr (fixture->order->str, ==, " 0 1");

  g_cancellable_cancel (fixture->requests[1].cancellable);
  fail (fixture, 1, WHIS_SERVICE_ERROR_SERVICE_DOWN, 503, 1);
  assert_cancelled (fixture, 1);
  succeed_all (fixture);
  g_assert_cmpstr (fixture->order->str, ==, " 0 1 2");
}

static void
test_cancel_all (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 50);
  cancel_all (fixture);
  for (guint i = 0; i < 50; i++)
    assert_cancelled (fixture, i);
  g_assert_cmpuint (fixture->n_tries, ==, 3);
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  GCancellable *cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  run_operation (fixture, &operation, cancellable);
  wait_done (fixture, 1);
  assert_cancelled (fixture, 0);
  g_assert_cmpuint (fixture->n_tries, ==, 0);
}

/* Four that were sent together are refused together: there are half as many at a time from then on,
 * and one more after as many answers as there may be in flight. */
static void
test_throttle (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 12);
  for (guint i = 0; i < 4; i++)
    refuse (fixture, i, 1);
  while (fixture->n_tries < 6)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 2);
  succeed_all (fixture);
  g_assert_cmpstr (fixture->limits->str, ==, " 2 3 4");
  g_assert_cmpuint (fixture->n_tries, ==, 16);
  g_assert_cmpuint (fixture->n_delays, ==, 0);
}

static void
test_throttle_stays_above_zero (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  for (guint n = 1; n <= 3; n++)
    {
      wait_tries (fixture, n);
      refuse (fixture, 0, 1);
    }
  wait_tries (fixture, 4);
  succeed (fixture, 0);
  g_assert_cmpstr (fixture->limits->str, ==, " 2 1 2");
}

/* A single request that is more than the whole allowance says nothing about how many are sent. */
static void
test_throttle_is_kept (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 2);
  fail (fixture, 0, WHIS_SERVICE_ERROR_RATE_LIMIT, 413, 1);
  fail (fixture, 1, WHIS_SERVICE_ERROR_SERVICE_DOWN, 503, 1);
  g_assert_cmpstr (fixture->limits->str, ==, "");
  succeed_all (fixture);
  g_assert_cmpuint (fixture->n_tries, ==, 4);
}

/* While the service asks to wait nothing is sent, though there are places. */
static void
test_hold (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  refuse (fixture, 0, 60000);
  run_many (fixture, 3);
  settle ();
  g_assert_cmpuint (whis_limiter_get_active (fixture->limiter), ==, 0);
  g_assert_cmpuint (whis_limiter_get_queued (fixture->limiter), ==, 4);

  /* told once, with the reason */
  g_assert_cmpuint (fixture->n_delays, ==, 1);
  g_assert_cmpuint (fixture->delay_ms, ==, 60000);
  g_assert_cmpstr (fixture->delay_reason, ==, "It did not work.");

  /* and cancelled at once, all the same */
  cancel_all (fixture);
  g_assert_cmpuint (fixture->n_tries, ==, 1);
}

/* What was refused goes before what was never sent. */
static void
test_hold_ends (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 3);
  refuse (fixture, 0, 20);
  wait_tries (fixture, 2);
  g_assert_cmpstr (fixture->order->str, ==, " 0 0");
  succeed_all (fixture);
  g_assert_cmpstr (fixture->order->str, ==, " 0 0 1 2");
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* A shorter wait does not end a longer one. */
static void
test_hold_longer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_BUSY, "Later.");
  gboolean is_over = FALSE;

  whis_limiter_hold (fixture->limiter, 60000, reason);
  whis_limiter_hold (fixture->limiter, 1, reason);
  run (fixture);
  /* due after the end of the shorter one */
  g_timeout_add (1, set_true, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  settle ();
  g_assert_cmpuint (fixture->n_tries, ==, 0);
  g_assert_cmpuint (fixture->n_delays, ==, 1);
  cancel_all (fixture);
}

/* Nobody sleeps for ten minutes: the request fails with the wait in its error, and others go on. */
static void
test_hold_is_bounded (Fixture *fixture, gconstpointer data)
{
  run_many (fixture, 2);
  refuse (fixture, 0, 600000);
  g_assert_error (fixture->requests[0].error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_RATE_LIMIT);
  g_assert_cmpuint (whis_service_error_get_retry_after_ms (fixture->requests[0].error), ==, 600000);
  succeed (fixture, 1);
  assert_result (fixture, 1);
  g_assert_cmpuint (fixture->n_delays, ==, 0);
}

static void
test_admission (Fixture *fixture, gconstpointer data)
{
  fixture->n_admitted = 2;
  for (guint i = 0; i < 4; i++)
    run_operation (fixture, &admitted_operation, g_cancellable_new ());
  succeed (fixture, 0);
  fail (fixture, 1, WHIS_SERVICE_ERROR_SERVICE_DOWN, 503, 1);
  wait_done (fixture, 4);
  assert_result (fixture, 0);
  /* asked again for the second try */
  for (guint i = 1; i < 4; i++)
    g_assert_error (fixture->requests[i].error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpuint (fixture->n_asked, ==, 5);
  g_assert_cmpuint (fixture->n_tries, ==, 2);
}

/* Nothing goes out until it is known whether it may. */
static void
test_admission_later (Fixture *fixture, gconstpointer data)
{
  fixture->is_undecided = TRUE;
  fixture->n_admitted = 100;
  for (guint i = 0; i < 3; i++)
    run_operation (fixture, &admitted_operation, g_cancellable_new ());
  settle ();
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_cmpuint (fixture->n_tries, ==, 0);
  fixture->is_undecided = FALSE;
  whis_limiter_ask_again (fixture->limiter);
  succeed_all (fixture);
  g_assert_cmpstr (fixture->order->str, ==, " 0 1 2");
}

#define ADD(path, limit, function)                                                                 \
  g_test_add ("/limiter/" path, Fixture, GUINT_TO_POINTER (limit), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("limit/1", 1, test_limit);
  ADD ("limit/6", 6, test_limit);
  ADD ("limit/32", 32, test_limit);
  ADD ("limit/changes", 2, test_limit_changes);
  ADD ("order", 1, test_order);
  ADD ("many", 6, test_many);
  ADD ("retry/passing-failure", 1, test_retry);
  ADD ("retry/ends", 1, test_retries_end);
  ADD ("retry/not-of-other-domains", 1, test_no_retry);
  ADD ("retry/pause-frees-place", 1, test_pause);
  ADD ("cancel/queued", 1, test_cancel_queued);
  ADD ("cancel/in-flight", 1, test_cancel_in_flight);
  ADD ("cancel/all", 3, test_cancel_all);
  ADD ("cancel/before", 3, test_cancelled_before);
  ADD ("throttle/adapts", 4, test_throttle);
  ADD ("throttle/stays-above-zero", 4, test_throttle_stays_above_zero);
  ADD ("throttle/is-kept", 2, test_throttle_is_kept);
  ADD ("hold/all-wait", 3, test_hold);
  ADD ("hold/ends", 1, test_hold_ends);
  ADD ("hold/longer-stays", 1, test_hold_longer);
  ADD ("hold/is-bounded", 1, test_hold_is_bounded);
  ADD ("admission/asked-before-each-try", 1, test_admission);
  ADD ("admission/later", 2, test_admission_later);

  return g_test_run ();
}
