/* SPDX-License-Identifier: MIT */
#include "pool.h"
#include "service-error.h"
#include "service.h"
#include "sound-request.h"

#include <glib/gstdio.h>
#include <string.h>

/* Sound of ten letters a piece; the server repeats it as text. */
#define PIECE 10
#define N_PIECES 600

static char *sound_path;

/* One piece of a dictation on its way. */
typedef struct
{
  GCancellable *cancellable;
  char *text;
  GError *error;
  gboolean is_done;
  /* its place among those that have ended */
  guint rank;
} Piece;

typedef struct
{
  TestService *server;
  WhisBackend *backend;
  WhisPool *pool;
  Piece pieces[N_PIECES];
  guint n_pieces;
  guint n_done;
  guint n_delays;
  guint64 delay_ms;
  char *delay_reason;
} Fixture;

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
  g_autoptr (GError) error = NULL;

  fixture->server = test_service_new_scripted ();
  fixture->backend = whis_backend_new (whis_provider_lookup ("custom"),
                                       test_service_get_url (fixture->server), NULL, &error);
  g_assert_no_error (error);
  fixture->pool = whis_pool_new (fixture->backend, GPOINTER_TO_UINT (data));
  g_signal_connect_swapped (fixture->pool, "delayed", G_CALLBACK (note_delay), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < fixture->n_pieces; i++)
    {
      g_clear_object (&fixture->pieces[i].cancellable);
      g_free (fixture->pieces[i].text);
      g_clear_error (&fixture->pieces[i].error);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_free (fixture->delay_reason);
  g_assert_finalize_object (fixture->pool);
  g_assert_finalize_object (fixture->backend);
  test_service_free (fixture->server);
}

typedef struct
{
  Fixture *fixture;
  Piece *piece;
} Done;

static void
piece_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Done *done = data;
  g_autoptr (WhisTranscription) transcription = NULL;
  Piece *piece = done->piece;

  g_assert_false (piece->is_done);
  transcription = whis_pool_transcribe_finish (WHIS_POOL (source), result, &piece->error);
  g_assert_true ((transcription == NULL) == (piece->error != NULL));
  if (transcription != NULL)
    piece->text = g_strdup (transcription->text);
  piece->is_done = TRUE;
  piece->rank = done->fixture->n_done++;
}

static Piece *
start (Fixture *fixture)
{
  guint index = fixture->n_pieces++;
  Piece *piece = &fixture->pieces[index];
  g_autoptr (WhisSpeechRequest) request = file_request_new (sound_path, index * PIECE, PIECE, 1000);
  Done *done = g_new (Done, 1);

  *done = (Done){ fixture, piece };
  piece->cancellable = g_cancellable_new ();
  whis_pool_transcribe_async (fixture->pool, request, piece->cancellable, piece_done, done);

  return piece;
}

static void
start_many (Fixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    start (fixture);
}

static void
wait_done (Fixture *fixture, guint n)
{
  while (fixture->n_done < n)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_text (Fixture *fixture, guint index)
{
  g_autofree char *expected = g_strdup_printf ("piece-%04u", index);

  g_assert_no_error (fixture->pieces[index].error);
  g_assert_cmpstr (fixture->pieces[index].text, ==, expected);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  start_many (fixture, 30);
  wait_done (fixture, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *sound = g_strdup_printf ("piece-%04u", i);
      const TestServiceRequest *request = test_service_get_request (fixture->server, i);

      g_assert_cmpuint (fixture->pieces[i].rank, ==, i);
      g_assert_cmpmem (g_bytes_get_data (request->file, NULL), g_bytes_get_size (request->file),
                       sound, PIECE);
    }
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  start_many (fixture, N_PIECES);
  wait_done (fixture, N_PIECES);
  for (guint i = 0; i < N_PIECES; i++)
    assert_text (fixture, i);
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, N_PIECES);
  g_assert_cmpuint (test_service_get_peak (fixture->server), <=, GPOINTER_TO_UINT (data));
}

static void
test_reset_is_tried_again (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ .trick = TEST_TRICK_RESET });
  test_service_plan (fixture->server, &(TestPlan){ .trick = TEST_TRICK_BREAK_OFF });
  start (fixture);
  wait_done (fixture, 1);
  assert_text (fixture, 0);
}

static void
test_one_fails_for_good (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ 0 });
  test_service_plan (fixture->server, &(TestPlan){ .status = 400, .body = "" });
  start_many (fixture, 8);
  wait_done (fixture, 8);
  for (guint i = 0, n_failed = 0; i < 8; i++)
    {
      if (fixture->pieces[i].error == NULL)
        {
          assert_text (fixture, i);
          continue;
        }
      g_assert_error (fixture->pieces[i].error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_UNSUPPORTED);
      g_assert_cmpuint (++n_failed, ==, 1);
    }
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, 8);
}

/* An empty purse is not filled by asking again, though its status is that of a rate limit. */
static void
test_money_is_not_retried (Fixture *fixture, gconstpointer data)
{
  test_service_set_default (
      fixture->server,
      &(TestPlan){ .status = 429, .body = "{\"error\":{\"code\":\"insufficient_quota\"}}" });
  start (fixture);
  wait_done (fixture, 1);
  g_assert_error (fixture->pieces[0].error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_CREDIT);
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, 1);
}

static void
assert_cancelled (Piece *piece)
{
  g_assert_true (piece->is_done);
  g_assert_error (piece->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_in_flight (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ .trick = TEST_TRICK_HOLD });
  start_many (fixture, 2);
  test_service_wait_active (fixture->server, 1);
  g_cancellable_cancel (fixture->pieces[0].cancellable);
  wait_done (fixture, 2);
  assert_cancelled (&fixture->pieces[0]);
  assert_text (fixture, 1);
}

static void
cancel_all (Fixture *fixture)
{
  for (guint i = 0; i < fixture->n_pieces; i++)
    g_cancellable_cancel (fixture->pieces[i].cancellable);
  wait_done (fixture, fixture->n_pieces);
}

static void
test_waits_and_goes_on (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ .trick = TEST_TRICK_HOLD,
                                                   .status = 429,
                                                   .header = "Retry-After-Ms: 50",
                                                   .body = "" });
  start_many (fixture, 3);
  test_service_wait_active (fixture->server, 1);
  test_service_release (fixture->server);
  wait_done (fixture, 3);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *sound = g_strdup_printf ("piece-%04u", i);
      const TestServiceRequest *request = test_service_get_request (fixture->server, i + 1);

      /* what was refused goes before what was never sent */
      assert_text (fixture, i);
      g_assert_cmpmem (g_bytes_get_data (request->file, NULL), g_bytes_get_size (request->file),
                       sound, PIECE);
    }
}

#define USED_UP "x-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: "

/* A good answer that says it was the last one for half a minute. */
static void
test_account_is_heeded (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ .header = USED_UP "30s" });
  start (fixture);
  wait_done (fixture, 1);
  assert_text (fixture, 0);
  start (fixture);
  g_assert_cmpuint (fixture->delay_ms, ==, 30000);
  cancel_all (fixture);
  assert_cancelled (&fixture->pieces[1]);
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, 1);
}

static void
test_account_for_a_moment (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server, &(TestPlan){ .header = USED_UP "20ms" });
  test_service_plan (fixture->server, &(TestPlan){ .header = USED_UP "6m0s" });
  start_many (fixture, 3);
  wait_done (fixture, 3);
  for (guint i = 0; i < 3; i++)
    assert_text (fixture, i);
  g_assert_cmpuint (fixture->n_delays, ==, 0);
}

/* One piece that has to wait is told as well, and waits alone. */
static void
test_one_is_delayed (Fixture *fixture, gconstpointer data)
{
  test_service_plan (fixture->server,
                     &(TestPlan){ .status = 503, .header = "Retry-After: 5", .body = "" });
  start_many (fixture, 3);
  wait_done (fixture, 2);
  g_assert_false (fixture->pieces[0].is_done);
  g_assert_cmpuint (fixture->n_delays, ==, 1);
  g_assert_cmpuint (fixture->delay_ms, ==, 5000);
  g_assert_nonnull (strstr (fixture->delay_reason, "trouble"));
  cancel_all (fixture);
}

/* A gate that lets some tries through. */
typedef struct
{
  guint n_asked;
  guint n_allowed;
  guint n_unsent;
  gboolean knows;
  gboolean is_freed;
} Gate;

static gboolean
ask_gate (WhisSpeechRequest *request, gpointer data, GError **error)
{
  Gate *gate = data;

  g_assert_cmpuint (request->duration_ms, ==, 1000);
  if (gate->n_asked++ < gate->n_allowed)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED, "the cap is reached");

  return FALSE;
}

static void
free_gate (gpointer data)
{
  ((Gate *) data)->is_freed = TRUE;
}

static void
test_gate (Fixture *fixture, gconstpointer data)
{
  Gate gate = { .n_allowed = 2 };

  whis_pool_set_gate (fixture->pool, ask_gate, NULL, &gate, free_gate);
  start_many (fixture, 5);
  wait_done (fixture, 5);
  for (guint i = 0; i < 2; i++)
    assert_text (fixture, i);
  for (guint i = 2; i < 5; i++)
    g_assert_error (fixture->pieces[i].error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_cmpuint (gate.n_asked, ==, 5);
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, 2);
  whis_pool_set_gate (fixture->pool, NULL, NULL, NULL, NULL);
  g_assert_true (gate.is_freed);
}

/* From here on the pool asks a port where nobody listens. */
static void
ask_nobody (Fixture *fixture)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/v1", port);

  g_socket_listener_close (listener);
  g_assert_finalize_object (fixture->pool);
  g_object_unref (fixture->backend);
  fixture->backend = whis_backend_new (whis_provider_lookup ("custom"), url, NULL, NULL);
  fixture->pool = whis_pool_new (fixture->backend, 1);
}

static void
count_unsent (WhisSpeechRequest *request, gpointer data)
{
  ((Gate *) data)->n_unsent++;
}

/* A service that answers has got it, whatever it says; one that is not there has not. */
static void
test_gate_unsent (Fixture *fixture, gconstpointer data)
{
  Gate gate = { .n_allowed = 100 };
  guint n_tries;

  whis_pool_set_gate (fixture->pool, ask_gate, count_unsent, &gate, NULL);
  test_service_plan (fixture->server, &(TestPlan){ .status = 400, .body = "" });
  start (fixture);
  wait_done (fixture, 1);
  g_assert_nonnull (fixture->pieces[0].error);
  g_assert_cmpuint (gate.n_unsent, ==, 0);
  n_tries = gate.n_asked;

  ask_nobody (fixture);
  whis_pool_set_gate (fixture->pool, ask_gate, count_unsent, &gate, NULL);
  start (fixture);
  while (gate.n_unsent < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (gate.n_asked, ==, n_tries + 2);
  g_cancellable_cancel (fixture->pieces[1].cancellable);
  wait_done (fixture, 2);
  g_assert_cmpuint (gate.n_unsent, ==, 2);
}

static gboolean
does_not_know (WhisSpeechRequest *request, gpointer data, GError **error)
{
  Gate *gate = data;

  gate->n_asked++;

  return gate->knows;
}

/* Nothing goes out until it is known whether it may. */
static void
test_gate_later (Fixture *fixture, gconstpointer data)
{
  Gate gate = { 0 };

  whis_pool_set_gate (fixture->pool, does_not_know, NULL, &gate, NULL);
  start_many (fixture, 3);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (gate.n_asked, ==, 1);
  g_assert_cmpuint (test_service_get_n_requests (fixture->server), ==, 0);
  gate.knows = TRUE;
  whis_pool_ask_gate_again (fixture->pool);
  wait_done (fixture, 3);
  for (guint i = 0; i < 3; i++)
    assert_text (fixture, i);
}

static void
test_usual_time (Fixture *fixture, gconstpointer data)
{
  test_service_set_default (fixture->server, &(TestPlan){ .delay_ms = 20 });
  start_many (fixture, 2);
  wait_done (fixture, 2);
  g_assert_cmpuint (whis_pool_estimate_latency (fixture->pool, 1000), ==, 0);
  start (fixture);
  wait_done (fixture, 3);
  g_assert_cmpuint (whis_pool_estimate_latency (fixture->pool, 1000), >=, 20);
}

static void
write_sound (void)
{
  g_autoptr (GString) sound = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < N_PIECES; i++)
    g_string_append_printf (sound, "piece-%04u", i);
  sound_path = g_build_filename (g_get_tmp_dir (), "whis-test-XXXXXX", NULL);
  close (g_mkstemp (sound_path));
  g_file_set_contents (sound_path, sound->str, sound->len, &error);
  g_assert_no_error (error);
}

#define ADD(path, limit, function)                                                                 \
  g_test_add (path, Fixture, GUINT_TO_POINTER (limit), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  write_sound ();

  ADD ("/pool/order", 1, test_order);
  ADD ("/pool/many", 6, test_many);
  ADD ("/pool/reset-is-tried-again", 1, test_reset_is_tried_again);
  ADD ("/pool/one-fails-for-good", 3, test_one_fails_for_good);
  ADD ("/pool/money-is-not-retried", 1, test_money_is_not_retried);
  ADD ("/pool/cancel/in-flight", 1, test_cancel_in_flight);
  ADD ("/pool/wait/goes-on", 1, test_waits_and_goes_on);
  ADD ("/pool/wait/account", 2, test_account_is_heeded);
  ADD ("/pool/wait/account-for-a-moment", 1, test_account_for_a_moment);
  ADD ("/pool/wait/one", 1, test_one_is_delayed);
  ADD ("/pool/gate", 1, test_gate);
  ADD ("/pool/gate-unsent", 1, test_gate_unsent);
  ADD ("/pool/gate-later", 2, test_gate_later);
  ADD ("/pool/usual-time", 3, test_usual_time);

  status = g_test_run ();
  g_unlink (sound_path);
  g_free (sound_path);

  return status;
}
