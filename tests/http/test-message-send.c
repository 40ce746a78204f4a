/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "message-send.h"

/* Longer than any exchange of these takes. */
#define MOST_STEPS 100

/* A server in the test's own thread that answers before it has read the request: so the head of the
 * response is read in the same iteration of the main loop in which the request is sent. */
typedef struct
{
  GSocketListener *listener;
  GSocketConnection *connection;
  char *url;
} EagerServer;

static void
eager_server_init (EagerServer *self)
{
  g_autoptr (GError) error = NULL;
  guint16 port;

  self->listener = g_socket_listener_new ();
  self->connection = NULL;
  port = g_socket_listener_add_any_inet_port (self->listener, NULL, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/", port);
}

static void
eager_server_clear (EagerServer *self)
{
  g_clear_object (&self->connection);
  g_clear_object (&self->listener);
  g_clear_pointer (&self->url, g_free);
}

static void
answer_at_once (SoupMessage *message,
                GSocketClientEvent event,
                GIOStream *connection,
                gpointer data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  EagerServer *server = data;
  g_autoptr (GError) error = NULL;

  if (event != G_SOCKET_CLIENT_CONNECTED)
    return;
  server->connection = g_socket_listener_accept (server->listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (server->connection)),
                             answer, strlen (answer), NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

/* Returns whether the callback had come before it was cancelled. */
static gboolean
cancel_after (guint steps)
{
  EagerServer server;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  SoupSession *session = soup_session_new ();
  gboolean has_ended;

  eager_server_init (&server);
  soup_session_set_proxy_resolver (session, NULL);
  message = soup_message_new (SOUP_METHOD_GET, server.url);
  g_signal_connect (message, "network-event", G_CALLBACK (answer_at_once), &server);
  whis_message_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, take_result, &result);
  for (guint i = 0; i < steps && result == NULL; i++)
    g_main_context_iteration (NULL, TRUE);
  has_ended = result != NULL;
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  stream = whis_message_send_finish (session, result, &error);
  g_assert_null (stream);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_object (&result);
  g_clear_object (&message);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (session);
  eager_server_clear (&server);

  return has_ended;
}

static void
test_cancelled_everywhere (void)
{
  guint steps = 0;

  while (!cancel_after (steps))
    {
      steps++;
      g_assert_cmpuint (steps, <, MOST_STEPS);
    }
  g_assert_cmpuint (steps, >, 2);
}

static void
test_cancelled_before (void)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, "http://127.0.0.1:1/");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  whis_message_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (whis_message_send_finish (session, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/message-send/cancelled-everywhere", test_cancelled_everywhere);
  g_test_add_func ("/message-send/cancelled-before", test_cancelled_before);

  return g_test_run ();
}
