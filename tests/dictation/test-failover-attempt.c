/* SPDX-License-Identifier: MIT */
#include "failover-attempt.h"

#include "fake-backend.h"
#include "service-error.h"
#include "sound-request.h"

/* One request to one service: each edge of its states, and what its error means for the next. */

#define N_STATES (WHIS_ATTEMPT_STATE_DONE + 1)

/* The edges that any test went along. */
static gboolean seen[N_STATES][N_STATES];

typedef struct
{
  TestBackend *backend;
  WhisPool *pool;
  WhisKeyring *keyring;
  WhisFailoverTarget *target;
  WhisFailoverAttempt *attempt;
  WhisAttemptState last_state;
  GString *states;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data /* id of the service */)
{
  fixture->backend = test_backend_new ("service.example");
  fixture->pool = whis_pool_new (WHIS_BACKEND (fixture->backend), 3);
  fixture->keyring = whis_keyring_new ();
  fixture->target =
      whis_failover_target_new (whis_provider_lookup (data), fixture->pool, "a-model");
  fixture->states = g_string_new ("idle");
}

static void
forget_attempt (Fixture *fixture)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->attempt));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  forget_attempt (fixture);
  whis_failover_target_unref (fixture->target);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
  g_object_unref (fixture->keyring);
  g_string_free (fixture->states, TRUE);
}

static void
changed_cb (Fixture *fixture)
{
  WhisAttemptState state = whis_failover_attempt_get_state (fixture->attempt);

  seen[fixture->last_state][state] = TRUE;
  fixture->last_state = state;
  g_string_append_printf (fixture->states, " %s",
                          whis_state_table_get_nick (whis_attempt_state_get_table (), (int) state));
}

static void
start (Fixture *fixture)
{
  g_autoptr (WhisSpeechRequest) request = file_request_new ("/nowhere.mp3", 0, 100, 1000);

  g_string_assign (fixture->states, "idle");
  fixture->last_state = WHIS_ATTEMPT_STATE_IDLE;
  fixture->attempt = whis_failover_attempt_new (fixture->target, request, fixture->keyring);
  g_signal_connect_swapped (fixture->attempt, "changed", G_CALLBACK (changed_cb), fixture);
  whis_failover_attempt_start (fixture->attempt);
}

static void
wait (Fixture *fixture)
{
  while (!whis_state_table_is_final (whis_attempt_state_get_table (),
                                     (int) whis_failover_attempt_get_state (fixture->attempt)))
    g_main_context_iteration (NULL, TRUE);
}

static void
run (Fixture *fixture)
{
  start (fixture);
  wait (fixture);
}

#define assert_states(fixture, expected) g_assert_cmpstr ((fixture)->states->str, ==, expected)

static void
test_key_known (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisTranscription) transcription = NULL;

  whis_failover_target_set_key (fixture->target, g_strdup ("a-key"));
  run (fixture);
  assert_states (fixture, "idle running done");
  transcription = whis_failover_attempt_steal_transcription (fixture->attempt);
  g_assert_cmpstr (transcription->text, ==, "words");
  g_assert_null (whis_failover_attempt_get_error (fixture->attempt));
  g_assert_true (whis_failover_attempt_was_sent (fixture->attempt));
  g_assert_cmpstr (test_backend_get_key (fixture->backend), ==, "a-key");
  g_assert_cmpstr (test_backend_get_request (fixture->backend, 0)->model, ==, "a-model");
}

/* Once for all requests. */
static void
test_key_looked_up (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  assert_states (fixture, "idle key running done");
  g_assert_cmpstr (test_backend_get_key (fixture->backend), ==, "key-of-groq");
  forget_attempt (fixture);
  run (fixture);
  assert_states (fixture, "idle running done");
  g_assert_cmpstr (test_backend_get_key (fixture->backend), ==, "key-of-groq");
}

/* Nothing is sent, this time and the next. */
static void
test_key_missing (Fixture *fixture, gconstpointer data)
{
  run (fixture);
  assert_states (fixture, "idle key failed");
  g_assert_error (whis_failover_attempt_get_error (fixture->attempt), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_false (whis_failover_attempt_was_sent (fixture->attempt));
  forget_attempt (fixture);
  run (fixture);
  assert_states (fixture, "idle failed");
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
}

/* The service can do without a key. */
static void
test_key_optional (Fixture *fixture, gconstpointer data)
{
  g_assert_true (whis_provider_lookup (data)->takes_key);
  run (fixture);
  assert_states (fixture, "idle key running done");
  g_assert_null (test_backend_get_key (fixture->backend));
}

static void
test_no_key_taken (Fixture *fixture, gconstpointer data)
{
  g_assert_false (whis_provider_lookup (data)->takes_key);
  run (fixture);
  assert_states (fixture, "idle running done");
}

static void
run_with_error (Fixture *fixture, int code)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .error_code = code });
  run (fixture);
  assert_states (fixture, "idle key running failed");
  g_assert_error (whis_failover_attempt_get_error (fixture->attempt), WHIS_SERVICE_ERROR, code);
  g_assert_null (whis_failover_attempt_steal_transcription (fixture->attempt));
  forget_attempt (fixture);
}

/* The next request may succeed. */
static void
test_passing_error (Fixture *fixture, gconstpointer data)
{
  run_with_error (fixture, WHIS_SERVICE_ERROR_TOO_LARGE);
  g_assert_null (whis_failover_target_get_error (fixture->target));
  run (fixture);
  assert_states (fixture, "idle running done");
}

/* The next request would meet the same: it is not even sent. */
static void
test_permanent_error (Fixture *fixture, gconstpointer data)
{
  run_with_error (fixture, WHIS_SERVICE_ERROR_CREDIT);
  run (fixture);
  assert_states (fixture, "idle failed");
  g_assert_error (whis_failover_attempt_get_error (fixture->attempt), WHIS_SERVICE_ERROR,
                  WHIS_SERVICE_ERROR_CREDIT);
  g_assert_false (whis_failover_attempt_was_sent (fixture->attempt));
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 1);
}

static void
test_cancelled_at_key (Fixture *fixture, gconstpointer data)
{
  start (fixture);
  assert_states (fixture, "idle key");
  whis_failover_attempt_cancel (fixture->attempt);
  wait (fixture);
  assert_states (fixture, "idle key failed");
  g_assert_error (whis_failover_attempt_get_error (fixture->attempt), G_IO_ERROR,
                  G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_backend_get_n_requests (fixture->backend), ==, 0);
  g_assert_null (whis_failover_target_get_error (fixture->target));
}

static void
test_cancelled_at_service (Fixture *fixture, gconstpointer data)
{
  test_backend_plan (fixture->backend, &(TestBackendPlan){ .text = "late", .hold = TRUE });
  start (fixture);
  while (test_backend_get_n_requests (fixture->backend) == 0)
    g_main_context_iteration (NULL, TRUE);
  whis_failover_attempt_cancel (fixture->attempt);
  wait (fixture);
  assert_states (fixture, "idle key running failed");
  g_assert_error (whis_failover_attempt_get_error (fixture->attempt), G_IO_ERROR,
                  G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_backend_get_n_cancelled (fixture->backend), ==, 1);
}

static void
assert_every_edge_was_tested (void)
{
  const WhisStateTable *table = whis_attempt_state_get_table ();

  for (int from = 0; from < N_STATES; from++)
    for (int to = 0; to < N_STATES; to++)
      if (whis_state_table_may_follow (table, from, to) && !seen[from][to])
        g_error ("No test goes from %s to %s", whis_state_table_get_nick (table, from),
                 whis_state_table_get_nick (table, to));
}

#define ADD(path, service, function)                                                               \
  g_test_add ("/failover-attempt/" path, Fixture, service, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  const gboolean runs_all = argc == 1;
  int status;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("GROQ_API_KEY", "key-of-groq", TRUE);
  g_unsetenv ("OPENAI_API_KEY");
  /* There is no keyring. */
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);

  ADD ("key/known", "groq", test_key_known);
  ADD ("key/looked-up", "groq", test_key_looked_up);
  ADD ("key/missing", "openai", test_key_missing);
  ADD ("key/optional", "custom", test_key_optional);
  ADD ("key/none-taken", "whisper-cpp", test_no_key_taken);
  ADD ("error/passing", "groq", test_passing_error);
  ADD ("error/permanent", "groq", test_permanent_error);
  ADD ("cancelled/at-the-key", "groq", test_cancelled_at_key);
  ADD ("cancelled/at-the-service", "groq", test_cancelled_at_service);
  status = g_test_run ();
  if (runs_all && status == 0)
    assert_every_edge_was_tested ();

  return status;
}
