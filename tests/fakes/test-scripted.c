/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  TestService *service;
  SoupSession *session;
} Fixture;

/* An exchange on its way. */
typedef struct
{
  SoupMessage *message;
  GBytes *body;
  GError *error;
  gboolean done;
} Exchange;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->service = test_service_new_scripted ();
  fixture->session = soup_session_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_object_unref (fixture->session);
  test_service_free (fixture->service);
}

static void
exchange_free (Exchange *exchange)
{
  g_object_unref (exchange->message);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_clear_error (&exchange->error);
  g_free (exchange);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Exchange, exchange_free)

static void
on_sent (GObject *session, GAsyncResult *result, gpointer data)
{
  Exchange *exchange = data;

  exchange->body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result, &exchange->error);
  exchange->done = TRUE;
}

static Exchange *
ask (Fixture *fixture, const char *path)
{
  Exchange *exchange = g_new0 (Exchange, 1);
  g_autofree char *uri = g_strconcat (test_service_get_url (fixture->service), path, NULL);

  exchange->message = soup_message_new ("GET", uri);
  soup_session_send_and_read_async (fixture->session, exchange->message, G_PRIORITY_DEFAULT, NULL,
                                    on_sent, exchange);

  return exchange;
}

static void
await (Exchange *exchange)
{
  while (!exchange->done)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_answer (Exchange *exchange, guint status, const char *body)
{
  await (exchange);
  g_assert_no_error (exchange->error);
  g_assert_cmpuint (soup_message_get_status (exchange->message), ==, status);
  g_assert_cmpmem (g_bytes_get_data (exchange->body, NULL), g_bytes_get_size (exchange->body), body,
                   strlen (body));
}

/* Plans are used up one by one, then comes the default one. */
static void
test_plans (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Exchange) first = NULL;
  g_autoptr (Exchange) second = NULL;

  test_service_set_default (fixture->service, &(TestPlan){ .body = "the usual" });
  test_service_plan (fixture->service,
                     &(TestPlan){ .status = 418, .body = "teapot", .header = "X-Kind: pot" });
  first = ask (fixture, "/any/path?and=query");
  assert_answer (first, 418, "teapot");
  g_assert_cmpstr (
      soup_message_headers_get_one (soup_message_get_response_headers (first->message), "X-Kind"),
      ==, "pot");
  second = ask (fixture, "/other");
  assert_answer (second, 200, "the usual");
  g_assert_cmpstr (test_service_get_request (fixture->service, 0)->query, ==, "and=query");
  g_assert_null (test_service_get_complaint (fixture->service));
}

/* Two that are held are answered in the other order, each with its own. */
static void
test_answer_held (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Exchange) first = NULL;
  g_autoptr (Exchange) second = NULL;
  g_autofree char *body = g_strdup ("for the second");

  test_service_set_default (fixture->service, &(TestPlan){ .trick = TEST_TRICK_HOLD });
  first = ask (fixture, "/first");
  test_service_wait_requests (fixture->service, 1);
  second = ask (fixture, "/second");
  test_service_wait_requests (fixture->service, 2);

  test_service_answer (fixture->service, 1, &(TestPlan){ .status = 201, .body = body });
  /* the answer is a copy */
  memset (body, 'x', strlen (body));
  assert_answer (second, 201, "for the second");
  g_assert_false (first->done);
  g_assert_cmpuint (test_service_get_active (fixture->service), ==, 1);

  test_service_answer (fixture->service, 0, &(TestPlan){ .trick = TEST_TRICK_RESET });
  await (first);
  g_assert_nonnull (first->error);
  test_service_wait_active (fixture->service, 0);
  /* it is not held any more */
  test_service_answer (fixture->service, 0, &(TestPlan){ .body = "late" });
}

static void
test_late_answer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (Exchange) exchange = NULL;
  gint64 start = g_get_monotonic_time ();

  test_service_plan (fixture->service, &(TestPlan){ .delay_ms = 50, .body = "late" });
  exchange = ask (fixture, "/");
  assert_answer (exchange, 200, "late");
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 50 * 1000);
}

/* The service ends while an answer is late, held, or without end. */
static void
test_end_before_answer (Fixture *fixture, gconstpointer data)
{
  const TestPlan plans[] = {
    { .delay_ms = 3600 * 1000 },       { .trick = TEST_TRICK_HOLD },
    { .trick = TEST_TRICK_HOLD_BODY }, { .trick = TEST_TRICK_DRIP },
    { .trick = TEST_TRICK_ENDLESS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (Exchange) exchange = NULL;

      test_service_plan (fixture->service, &plans[i]);
      exchange = ask (fixture, "/");
      test_service_wait_requests (fixture->service, 1);
      tear_down (fixture, NULL);
      await (exchange);
      g_assert_nonnull (exchange->error);
      set_up (fixture, NULL);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add ("/scripted/" name, Fixture, NULL, set_up, test, tear_down)
  ADD ("plans", test_plans);
  ADD ("answer-held", test_answer_held);
  ADD ("late-answer", test_late_answer);
  ADD ("end-before-answer", test_end_before_answer);

  return g_test_run ();
}
