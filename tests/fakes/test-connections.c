/* SPDX-License-Identifier: MIT */

/* Answers that wait, connections that end, clients that go away. */

#include "service-client.h"

#include <string.h>

/* A request under way. */
typedef struct
{
  SoupMessage *message;
  GCancellable *cancellable;
  GBytes *body;
  GError *error;
  gboolean done;
} Sending;

static void
sent (GObject *session, GAsyncResult *result, gpointer data)
{
  Sending *sending = data;

  sending->body =
      soup_session_send_and_read_finish (SOUP_SESSION (session), result, &sending->error);
  sending->done = TRUE;
}

static Sending *
send (SoupSession *session, TestService *service, const char *kind)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->cancellable = g_cancellable_new ();
  sending->message = service_client_message (service, kind, &(ServiceAsk){ 0 });
  /* or no connection is used a second time */
  soup_message_add_flags (sending->message, SOUP_MESSAGE_IDEMPOTENT);
  soup_session_send_and_read_async (session, sending->message, G_PRIORITY_DEFAULT,
                                    sending->cancellable, sent, sending);

  return sending;
}

static void
wait_for (Sending *sending)
{
  while (!sending->done)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
says (Sending *sending, const char *text)
{
  g_autofree char *body =
      g_strndup (g_bytes_get_data (sending->body, NULL), g_bytes_get_size (sending->body));

  return strstr (body, text) != NULL;
}

static void
sending_free (Sending *sending)
{
  g_object_unref (sending->message);
  g_object_unref (sending->cancellable);
  g_clear_pointer (&sending->body, g_bytes_unref);
  g_clear_error (&sending->error);
  g_free (sending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sending, sending_free)

static void
note (SoupMessage *message, gpointer flag)
{
  *(gboolean *) flag = TRUE;
}

static void
test_slow_first_byte (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) sending = NULL;

  test_service_fail_next (service, "slow-first-byte");
  sending = send (session, service, "openai");
  test_service_wait_requests (service, 1);
  g_assert_cmpuint (test_service_get_active (service), ==, 1);
  g_assert_false (sending->done);

  test_service_release (service);
  wait_for (sending);
  g_assert_no_error (sending->error);
  g_assert_true (says (sending, "hello"));
  g_assert_cmpuint (test_service_get_active (service), ==, 0);
}

static void
test_slow_drip (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) sending = NULL;
  gboolean has_headers = FALSE;

  test_service_fail_next (service, "slow-drip");
  sending = send (session, service, "openai");
  g_signal_connect (sending->message, "got-headers", G_CALLBACK (note), &has_headers);
  while (!has_headers)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (sending->done);

  test_service_release (service);
  wait_for (sending);
  g_assert_no_error (sending->error);
  g_assert_true (says (sending, "hello"));
}

static void
test_reset (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) half = NULL;
  g_autoptr (Sending) nothing = NULL;

  test_service_fail_next (service, "reset");
  half = send (session, service, "openai");
  wait_for (half);
  g_assert_nonnull (half->error);
  g_assert_cmpuint (soup_message_get_status (half->message), ==, 200);

  test_service_fail_next (service, "reset-at-once");
  nothing = send (session, service, "openai");
  wait_for (nothing);
  g_assert_nonnull (nothing->error);
  g_assert_cmpuint (soup_message_get_status (nothing->message), ==, 0);
  test_service_wait_active (service, 0);
}

/* whisper-server has one mutex. */
static void
test_one_at_a_time (void)
{
  g_autoptr (TestService) service = test_service_new ("whisper-cpp");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  test_service_fail_next (service, "slow-first-byte");
  first = send (session, service, "whisper-cpp");
  test_service_wait_requests (service, 1);
  second = send (session, service, "whisper-cpp");
  test_service_wait_requests (service, 2);
  g_assert_cmpuint (test_service_get_active (service), ==, 2);
  g_assert_false (second->done);

  test_service_release (service);
  wait_for (second);
  g_assert_true (first->done);
  g_assert_true (says (second, "hello"));
}

/* And who goes away makes room for the next. */
static void
test_abort (void)
{
  g_autoptr (TestService) service = test_service_new ("whisper-cpp");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  test_service_fail_next (service, "slow-first-byte");
  first = send (session, service, "whisper-cpp");
  test_service_wait_requests (service, 1);
  second = send (session, service, "whisper-cpp");
  test_service_wait_requests (service, 2);
  g_cancellable_cancel (first->cancellable);

  test_service_wait_aborted (service, 1);
  wait_for (second);
  g_assert_true (says (second, "hello"));
  g_assert_cmpuint (test_service_get_n_aborted (service), ==, 1);
}

static void
test_idle (void)
{
  g_autoptr (TestService) service = test_service_new ("whisper-cpp");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  test_service_set_idle_ms (service, 50);
  first = send (session, service, "whisper-cpp");
  wait_for (first);
  g_assert_no_error (first->error);
  test_service_wait_idle_closed (service, 1);

  second = send (session, service, "whisper-cpp");
  wait_for (second);
  g_assert_no_error (second->error);
  g_assert_cmpuint (test_service_get_n_connections (service), ==, 2);
}

static void
connected (GObject *client, GAsyncResult *result, gpointer connection)
{
  *(GSocketConnection **) connection =
      g_socket_client_connect_to_uri_finish (G_SOCKET_CLIENT (client), result, NULL);
}

/* A connection that was opened ahead of time too. */
static void
test_idle_before_request (void)
{
  g_autoptr (TestService) service = test_service_new ("whisper-cpp");
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  test_service_set_idle_ms (service, 50);
  g_socket_client_connect_to_uri_async (client, test_service_get_url (service), 80, NULL, connected,
                                        &connection);
  test_service_wait_idle_closed (service, 1);
  while (connection == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (test_service_get_n_connections (service), ==, 1);
}

/* Other services keep a connection, for the next request too. */
static void
test_kept (void)
{
  gboolean is_finished = FALSE;
  g_autoptr (TestService) service = test_service_new ("groq");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  first = send (session, service, "groq");
  g_signal_connect (first->message, "finished", G_CALLBACK (note), &is_finished);
  while (!is_finished || !first->done)
    g_main_context_iteration (NULL, TRUE);
  second = send (session, service, "groq");
  wait_for (second);

  g_assert_cmpuint (test_service_get_n_connections (service), ==, 1);
  g_assert_cmpuint (test_service_get_request (service, 0)->port, ==,
                    test_service_get_request (service, 1)->port);
}

static void
test_peak (void)
{
  g_autoptr (TestService) service = test_service_new ("openai");
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  test_service_fail_next (service, "slow-first-byte");
  test_service_fail_next (service, "slow-first-byte");
  first = send (session, service, "openai");
  second = send (session, service, "openai");
  test_service_wait_active (service, 2);
  test_service_release (service);
  wait_for (first);
  wait_for (second);

  g_assert_cmpuint (test_service_get_peak (service), ==, 2);
  g_assert_cmpuint (test_service_get_active (service), ==, 0);
}

/* A service may be freed while it holds an answer back. */
static void
test_freed_in_between (void)
{
  g_autoptr (SoupSession) session = service_client_new ();
  g_autoptr (Sending) first = NULL;
  g_autoptr (Sending) second = NULL;

  {
    g_autoptr (TestService) service = test_service_new ("whisper-cpp");

    test_service_fail_next (service, "slow-first-byte");
    first = send (session, service, "whisper-cpp");
    second = send (session, service, "whisper-cpp");
    test_service_wait_requests (service, 2);
  }

  wait_for (first);
  wait_for (second);
  g_assert_nonnull (first->error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connections/slow-first-byte", test_slow_first_byte);
  g_test_add_func ("/connections/slow-drip", test_slow_drip);
  g_test_add_func ("/connections/reset", test_reset);
  g_test_add_func ("/connections/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/connections/abort", test_abort);
  g_test_add_func ("/connections/idle", test_idle);
  g_test_add_func ("/connections/idle-before-request", test_idle_before_request);
  g_test_add_func ("/connections/kept", test_kept);
  g_test_add_func ("/connections/peak", test_peak);
  g_test_add_func ("/connections/freed-in-between", test_freed_in_between);

  return g_test_run ();
}
