/* SPDX-License-Identifier: MIT */
#include "failover.h"

#include "fake-backend.h"
#include "service-error.h"
#include "sound-request.h"

#include <string.h>

/* Where the sound of a dictation goes, and when it goes to a second service. */

typedef struct
{
  TestBackend *backends[2];
  WhisPool *pools[2];
  WhisKeyring *keyring;
  WhisFailover *failover;
  guint n_notices;
  char *notice;
} Fixture;

/* The first takes a key, the second needs none. */
static const char *const ids[] = { "groq", "whisper-cpp" };

static void
notice_cb (Fixture *fixture, const char *sentence)
{
  g_assert_true (g_utf8_validate (sentence, -1, NULL));
  g_free (fixture->notice);
  fixture->notice = g_strdup (sentence);
  fixture->n_notices++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  const char *const hosts[] = { "first.example", "second.example" };

  for (int i = 0; i < 2; i++)
    {
      fixture->backends[i] = test_backend_new (hosts[i]);
      fixture->pools[i] = whis_pool_new (WHIS_BACKEND (fixture->backends[i]), 3);
    }
  fixture->keyring = whis_keyring_new ();
  fixture->failover =
      whis_failover_new (whis_provider_lookup (ids[0]), fixture->pools[0], "a-model");
  whis_failover_set_key (fixture->failover, g_strdup ("first-key"), NULL);
  g_signal_connect_swapped (fixture->failover, "notice", G_CALLBACK (notice_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->failover);
  g_free (fixture->notice);
  g_object_unref (fixture->keyring);
  for (int i = 0; i < 2; i++)
    {
      g_assert_finalize_object (fixture->pools[i]);
      g_assert_finalize_object (fixture->backends[i]);
    }
}

static void
add_second (Fixture *fixture, double slow_factor)
{
  whis_failover_set_second (fixture->failover, whis_provider_lookup (ids[1]), fixture->pools[1],
                            NULL, fixture->keyring, slow_factor);
}

typedef struct
{
  WhisFailoverAnswer *answer;
  GError *error;
  GAsyncResult *result; /* what happens behind the answer must not touch it */
  gboolean done;
} Outcome;

static void
outcome_clear (Outcome *outcome)
{
  g_clear_pointer (&outcome->answer, whis_failover_answer_free);
  g_clear_error (&outcome->error);
  g_clear_object (&outcome->result);
  outcome->done = FALSE;
}

static void
arrived_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  g_assert_false (outcome->done);
  outcome->answer =
      whis_failover_transcribe_finish (WHIS_FAILOVER (object), result, &outcome->error);
  outcome->result = g_object_ref (result);
  outcome->done = TRUE;
}

static void
send (Fixture *fixture, GCancellable *cancellable, Outcome *outcome)
{
  g_autoptr (WhisSpeechRequest) request = file_request_new ("/nowhere.mp3", 0, 100, 1000);

  whis_failover_transcribe_async (fixture->failover, request, cancellable, arrived_cb, outcome);
}

static void
wait (Outcome *outcome)
{
  while (!outcome->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_requests (TestBackend *backend, guint n)
{
  while (test_backend_get_n_requests (backend) < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_first_answers (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 3);
  send (fixture, NULL, &outcome);
  wait (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.answer->transcription->text, ==, "words");
  g_assert_cmpstr (outcome.answer->provider->id, ==, "groq");
  g_assert_cmpstr (outcome.answer->model, ==, "a-model");
  g_assert_cmpstr (outcome.answer->host, ==, "first.example");
  g_assert_null (outcome.answer->tried);
  g_assert_cmpstr (test_backend_get_key (fixture->backends[0]), ==, "first-key");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[1]), ==, 0);
  outcome_clear (&outcome);
}

/* The one thing that must never happen: without the user's choice nothing goes elsewhere. */
static void
test_no_second (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  test_backend_set_default (fixture->backends[0],
                            &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_SERVICE_DOWN });
  for (int i = 0; i < 3; i++)
    {
      send (fixture, NULL, &outcome);
      wait (&outcome);
      g_assert_error (outcome.error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_SERVICE_DOWN);
      outcome_clear (&outcome);
    }
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[1]), ==, 0);
  g_assert_cmpuint (fixture->n_notices, ==, 0);
}

/* The second one's key is not the first one's. */
static void
test_second_after_failure (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 0);
  test_backend_plan (fixture->backends[0],
                     &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_BAD_ANSWER });
  test_backend_set_default (fixture->backends[1], &(TestBackendPlan){ .text = "from the second" });
  send (fixture, NULL, &outcome);
  wait (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.answer->transcription->text, ==, "from the second");
  g_assert_cmpstr (outcome.answer->provider->id, ==, "whisper-cpp");
  g_assert_cmpstr (outcome.answer->host, ==, "second.example");
  g_assert_cmpstr (outcome.answer->tried, ==, "groq");
  g_assert_null (outcome.answer->model);
  g_assert_null (test_backend_get_key (fixture->backends[1]));
  g_assert_cmpuint (fixture->n_notices, ==, 1);
  outcome_clear (&outcome);
}

/* What the first one says about a wrong key holds for all requests: it is not asked again. */
static void
test_permanent_error (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 0);
  test_backend_set_default (fixture->backends[0],
                            &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_CREDIT });
  for (int i = 0; i < 3; i++)
    {
      send (fixture, NULL, &outcome);
      wait (&outcome);
      g_assert_no_error (outcome.error);
      outcome_clear (&outcome);
    }
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[0]), ==, 1);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[1]), ==, 3);
  g_assert_cmpuint (fixture->n_notices, ==, 1);
}

static void
test_key_not_to_be_had (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) locked =
      g_error_new_literal (WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY, "The keyring is locked.");
  Outcome outcome = { 0 };

  whis_failover_set_key (fixture->failover, NULL, locked);
  send (fixture, NULL, &outcome);
  wait (&outcome);
  g_assert_error (outcome.error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[0]), ==, 0);
  outcome_clear (&outcome);
}

static void
test_both_fail (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 0);
  test_backend_plan (fixture->backends[0],
                     &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_TOO_LARGE });
  test_backend_plan (fixture->backends[1],
                     &(TestBackendPlan){ .error_code = WHIS_SERVICE_ERROR_NETWORK });
  send (fixture, NULL, &outcome);
  wait (&outcome);
  g_assert_error (outcome.error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_TOO_LARGE);
  outcome_clear (&outcome);
}

/* It has to be known what is usual before anything is slow. */
static void
learn (Fixture *fixture)
{
  Outcome outcome = { 0 };

  for (int i = 0; i < 5; i++)
    {
      send (fixture, NULL, &outcome);
      wait (&outcome);
      outcome_clear (&outcome);
    }
}

static void
test_slow (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 2);
  learn (fixture);
  test_backend_plan (fixture->backends[0], &(TestBackendPlan){ .text = "late", .hold = TRUE });
  test_backend_set_default (fixture->backends[1], &(TestBackendPlan){ .text = "in time" });
  send (fixture, NULL, &outcome);
  wait (&outcome);
  g_assert_no_error (outcome.error);
  g_assert_cmpstr (outcome.answer->transcription->text, ==, "in time");
  g_assert_cmpstr (outcome.answer->tried, ==, "groq");
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backends[0]), ==, 1);
  outcome_clear (&outcome);
}

static void
test_slow_but_first (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 2);
  learn (fixture);
  test_backend_plan (fixture->backends[0], &(TestBackendPlan){ .text = "late", .hold = TRUE });
  test_backend_plan (fixture->backends[1], &(TestBackendPlan){ .text = "later", .hold = TRUE });
  send (fixture, NULL, &outcome);
  wait_requests (fixture->backends[1], 1);
  test_backend_release (fixture->backends[0]);
  wait (&outcome);
  g_assert_cmpstr (outcome.answer->transcription->text, ==, "late");
  g_assert_cmpstr (outcome.answer->provider->id, ==, "groq");
  g_assert_cmpstr (outcome.answer->tried, ==, "whisper-cpp");
  settle ();
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backends[1]), ==, 1);
  outcome_clear (&outcome);
}

static gboolean
timeout_cb (gpointer data)
{
  *(gboolean *) data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Somebody who waits is told for whom, once. */
static void
test_slow_answer_is_told (void)
{
  WhisProvider provider = *whis_provider_lookup ("custom");
  TestBackend *backend = test_backend_new ("own.example");
  WhisPool *pool = whis_pool_new (WHIS_BACKEND (backend), 3);
  g_autoptr (WhisSpeechRequest) request = file_request_new ("/nowhere.mp3", 0, 100, 1000);
  Fixture fixture = { .n_notices = 0 };
  Outcome first = { 0 };
  Outcome second = { 0 };
  gboolean over = FALSE;

  provider.timeouts.answer_ms = 40;
  provider.timeouts.answer_percent = 0;
  fixture.failover = whis_failover_new (&provider, pool, NULL);
  g_signal_connect_swapped (fixture.failover, "notice", G_CALLBACK (notice_cb), &fixture);
  test_backend_set_default (backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  whis_failover_transcribe_async (fixture.failover, request, NULL, arrived_cb, &first);
  whis_failover_transcribe_async (fixture.failover, request, NULL, arrived_cb, &second);
  wait_requests (backend, 2);
  while (fixture.n_notices == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (fixture.notice, "own.example"));
  /* The second would be told in a part of this time. */
  g_timeout_add (provider.timeouts.answer_ms, timeout_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  test_backend_release (backend);
  wait (&first);
  wait (&second);
  g_assert_cmpuint (fixture.n_notices, ==, 1);
  outcome_clear (&first);
  outcome_clear (&second);
  g_free (fixture.notice);
  g_assert_finalize_object (fixture.failover);
  g_assert_finalize_object (pool);
  g_assert_finalize_object (backend);
}

/* Slow is nothing to the user who wants the second one for failures only. */
static void
test_slow_without_factor (Fixture *fixture, gconstpointer data)
{
  Outcome outcome = { 0 };

  add_second (fixture, 0);
  learn (fixture);
  test_backend_plan (fixture->backends[0], &(TestBackendPlan){ .text = "late", .hold = TRUE });
  send (fixture, NULL, &outcome);
  wait_requests (fixture->backends[0], 6);
  settle ();
  test_backend_release (fixture->backends[0]);
  wait (&outcome);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[1]), ==, 0);
  outcome_clear (&outcome);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };

  add_second (fixture, 2);
  test_backend_plan (fixture->backends[0], &(TestBackendPlan){ .text = "never", .hold = TRUE });
  send (fixture, cancellable, &outcome);
  wait_requests (fixture->backends[0], 1);
  g_cancellable_cancel (cancellable);
  wait (&outcome);
  g_assert_error (outcome.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  settle ();
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backends[1]), ==, 0);
  g_assert_cmpuint (fixture->n_notices, ==, 0);
  outcome_clear (&outcome);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/failover/first-answers", test_first_answers);
  add ("/failover/no-second", test_no_second);
  add ("/failover/second-after-failure", test_second_after_failure);
  add ("/failover/permanent-error", test_permanent_error);
  add ("/failover/key-not-to-be-had", test_key_not_to_be_had);
  add ("/failover/both-fail", test_both_fail);
  add ("/failover/slow", test_slow);
  add ("/failover/slow-but-first", test_slow_but_first);
  g_test_add_func ("/failover/slow-answer-is-told", test_slow_answer_is_told);
  add ("/failover/slow-without-factor", test_slow_without_factor);
  add ("/failover/cancelled", test_cancelled);

  return g_test_run ();
}
