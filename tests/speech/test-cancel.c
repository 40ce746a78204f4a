/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "ask.h"
#include "pool.h"
#include "service.h"

#define KEY "0123456789abcdef0123456789abcdef"

/* Longer than any exchange of these takes. */
#define MOST_STEPS 400

/* Requests of every kind that are cancelled at every moment: a request runs for so many iterations
 * of the main loop, and is cancelled before the next one; then once more with one iteration more,
 * until it ends by itself. A step waits for the loop's next event, so that the moments are the same
 * however busy the computer is. What is looked for are crashes and leaks in any version of libsoup,
 * and that a cancelled request ends as cancelled and sends nothing more. */

typedef struct
{
  const char *name;
  const char *provider;
  guint64 duration_ms;
  /* answered before the others; ended by a plan without status */
  TestPlan plans[6];
  /* for all later requests */
  TestPlan later;
} Exchange;

typedef void (*StartFunc) (WhisBackend *backend,
                           const Exchange *exchange,
                           GCancellable *cancellable,
                           GAsyncResult **result);
typedef void (*FinishFunc) (WhisBackend *backend, GAsyncResult *result, GError **error);

static const Exchange one_request = { "one-request", "custom", 1000, { { 0 } }, { 0 } };
static const Exchange large_response = {
  "large-response",
  "custom",
  1000,
  { { 0 } },
  { .status = 200, .trick = TEST_TRICK_ENDLESS, .body = "{}" },
};
static const Exchange half_response = {
  "half-response",
  "custom",
  1000,
  { { 0 } },
  { .status = 200, .trick = TEST_TRICK_BREAK_OFF, .body = "{\"text\":\"lost\"}" },
};
static const Exchange reset = {
  "reset", "custom", 1000, { { 0 } }, { .status = 200, .trick = TEST_TRICK_RESET, .body = "{}" },
};
static const Exchange retrying = {
  "retrying",
  "custom",
  1000,
  {
      { .status = 500, .body = "{}", .header = "Retry-After: 0" },
      { .status = 429, .body = "{}", .header = "Retry-After: 0" },
  },
  { 0 },
};
static const Exchange polling = {
  "polling",
  "assemblyai",
  10 * 60 * 1000,
  {
      { .status = 200, .body = "{\"upload_url\":\"https://cdn.example/1\"}" },
      { .status = 200, .body = "{\"id\":\"job\",\"status\":\"queued\"}" },
  },
  { .status = 200, .body = "{\"id\":\"job\",\"status\":\"completed\",\"text\":\"done\"}" },
};

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

static WhisSpeechRequest *
make_request (const Exchange *exchange)
{
  WhisSpeechRequest *request = ask_make_request ("letters", KEY);

  request->duration_ms = exchange->duration_ms;

  return request;
}

static TestService *
make_server (const Exchange *exchange)
{
  TestService *server = test_service_new_scripted ();

  for (guint i = 0; exchange->plans[i].status != 0; i++)
    test_service_plan (server, &exchange->plans[i]);
  test_service_set_default (server, &exchange->later);

  return server;
}

static void
start_transcribing (WhisBackend *backend,
                    const Exchange *exchange,
                    GCancellable *cancellable,
                    GAsyncResult **result)
{
  g_autoptr (WhisSpeechRequest) request = make_request (exchange);

  whis_backend_transcribe_async (backend, request, cancellable, take_result, result);
}

static void
finish_transcribing (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_autoptr (WhisTranscription) transcription =
      whis_backend_transcribe_finish (backend, result, error);
}

static void
start_listing (WhisBackend *backend,
               const Exchange *exchange,
               GCancellable *cancellable,
               GAsyncResult **result)
{
  whis_backend_list_models_async (backend, KEY, cancellable, take_result, result);
}

static void
finish_listing (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_autoptr (GPtrArray) models = whis_backend_list_models_finish (backend, result, error);
}

static void
start_checking (WhisBackend *backend,
                const Exchange *exchange,
                GCancellable *cancellable,
                GAsyncResult **result)
{
  whis_backend_check_key_async (backend, KEY, cancellable, take_result, result);
}

static void
finish_checking (WhisBackend *backend, GAsyncResult *result, GError **error)
{
  g_autofree char *sentence = NULL;
  WhisKeyVerdict verdict;

  whis_backend_check_key_finish (backend, result, &verdict, &sentence, error);
}

/* Returns whether the request had ended before it was cancelled. */
static gboolean
cancel_after (const Exchange *exchange, StartFunc start, FinishFunc finish, guint steps)
{
  g_autoptr (TestService) server = make_server (exchange);
  WhisBackend *backend = ask_new (exchange->provider, test_service_get_url (server));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean has_ended;
  guint n_requests;

  start (backend, exchange, cancellable, &result);
  for (guint i = 0; i < steps && result == NULL; i++)
    g_main_context_iteration (NULL, TRUE);
  has_ended = result != NULL;
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  finish (backend, result, &error);
  if (!has_ended)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  n_requests = test_service_get_n_requests (server);
  ask_free (backend);
  /* one that was on its way may arrive */
  g_assert_cmpuint (test_service_get_n_requests (server), <=, n_requests + 1);

  return has_ended;
}

static void
cancel_everywhere (const Exchange *exchange, StartFunc start, FinishFunc finish)
{
  guint steps = 0;

  while (!cancel_after (exchange, start, finish, steps))
    {
      steps++;
      g_assert_cmpuint (steps, <, MOST_STEPS);
    }
  g_test_message ("%s: cancelled at %u moments", exchange->name, steps);
  g_assert_cmpuint (steps, >, 2);
}

static void
test_transcribing (gconstpointer data)
{
  cancel_everywhere (data, start_transcribing, finish_transcribing);
}

static void
test_listing (gconstpointer data)
{
  cancel_everywhere (data, start_listing, finish_listing);
}

static void
test_checking (gconstpointer data)
{
  cancel_everywhere (data, start_checking, finish_checking);
}

/* A server that has the request and does not answer, or stops in the middle of its answer. */
static void
test_held (gconstpointer data)
{
  const TestTrick *trick = data;
  TestPlan plan = { .status = 200, .trick = *trick, .body = "{\"text\":\"too late\"}" };
  Exchange exchange = { "held", "custom", 1000, { { 0 } }, plan };

  for (guint steps = 0; steps < 8; steps++)
    {
      g_autoptr (TestService) server = make_server (&exchange);
      WhisBackend *backend = ask_new ("custom", test_service_get_url (server));
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      start_transcribing (backend, &exchange, cancellable, &result);
      test_service_wait_active (server, 1);
      for (guint i = 0; i < steps; i++)
        g_main_context_iteration (NULL, FALSE);
      g_cancellable_cancel (cancellable);
      while (result == NULL)
        g_main_context_iteration (NULL, TRUE);
      finish_transcribing (backend, result, &error);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_clear_object (&result);
      ask_free (backend);
    }
}

/* A piece that waits for its turn, one that is sent and one that waits for its next try. */
static gboolean
cancel_pool_after (const Exchange *exchange, guint steps)
{
  g_autoptr (TestService) server = make_server (exchange);
  WhisBackend *backend = ask_new (exchange->provider, test_service_get_url (server));
  WhisPool *pool = whis_pool_new (backend, 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *results[3] = { NULL };
  gboolean have_ended = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (WhisSpeechRequest) request = make_request (exchange);

      whis_pool_transcribe_async (pool, request, cancellable, take_result, &results[i]);
    }
  for (guint i = 0; i < steps; i++)
    if (results[0] == NULL || results[1] == NULL || results[2] == NULL)
      g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    have_ended = have_ended && results[i] != NULL;
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (WhisTranscription) transcription = NULL;
      g_autoptr (GError) error = NULL;

      while (results[i] == NULL)
        g_main_context_iteration (NULL, TRUE);
      transcription = whis_pool_transcribe_finish (pool, results[i], &error);
      if (transcription == NULL)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (results[i]);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (pool);
  ask_free (backend);

  return have_ended;
}

static void
test_pool (gconstpointer data)
{
  guint steps = 0;

  while (!cancel_pool_after (data, steps))
    {
      steps++;
      g_assert_cmpuint (steps, <, MOST_STEPS);
    }
  g_assert_cmpuint (steps, >, 2);
}

int
main (int argc, char **argv)
{
  static const TestTrick hold = TEST_TRICK_HOLD;
  static const TestTrick hold_body = TEST_TRICK_HOLD_BODY;

  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/cancel/transcribing", &one_request, test_transcribing);
  g_test_add_data_func ("/cancel/transcribing/large-response", &large_response, test_transcribing);
  g_test_add_data_func ("/cancel/transcribing/half-response", &half_response, test_transcribing);
  g_test_add_data_func ("/cancel/transcribing/reset", &reset, test_transcribing);
  g_test_add_data_func ("/cancel/transcribing/polling", &polling, test_transcribing);
  g_test_add_data_func ("/cancel/listing-models", &one_request, test_listing);
  g_test_add_data_func ("/cancel/checking-key", &one_request, test_checking);
  g_test_add_data_func ("/cancel/waiting", &hold, test_held);
  g_test_add_data_func ("/cancel/reading", &hold_body, test_held);
  g_test_add_data_func ("/cancel/queued", &one_request, test_pool);
  g_test_add_data_func ("/cancel/retrying", &retrying, test_pool);

  return g_test_run ();
}
