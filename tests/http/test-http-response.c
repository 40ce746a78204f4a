/* SPDX-License-Identifier: MIT */
#include "http-response.h"

#include <string.h>

#include "session.h"

#define NEVER_MS (10 * 60 * 1000)
#define SOON_MS 50
#define BLOCK (64 * 1024)

/* What the server does with a request, once it has read it. */
typedef struct
{
  const char *answer;
  gboolean closes;
  /* sends bytes without an end after @answer, so many at a time */
  gsize goes_on_with;
} Plan;

/* A server in the test's own thread, of which each request is the next plan's. */
typedef struct
{
  GSocketService *service;
  char *url;
  const Plan *plans;
  guint n_requests;
  guint n_connections;
  GPtrArray *connections;
  GCancellable *cancelled_by_request;
} Server;

typedef struct
{
  Server *server;
  GSocketConnection *stream;
  GString *received;
  char buffer[4096];
  GSource *timer;
  gsize goes_on_with;
} Connection;

static void
connection_free (gpointer data)
{
  Connection *self = data;

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_io_stream_close (G_IO_STREAM (self->stream), NULL, NULL);
  g_object_unref (self->stream);
  g_string_free (self->received, TRUE);
  g_free (self);
}

static gboolean
on_writable (gpointer data)
{
  static const char block[BLOCK];
  Connection *self = data;
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->stream));

  g_pollable_output_stream_write_nonblocking (G_POLLABLE_OUTPUT_STREAM (output), block,
                                              self->goes_on_with, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static gboolean
has_whole_request (const char *text)
{
  const char *end = strstr (text, "\r\n\r\n");
  const char *length = strstr (text, "Content-Length: ");

  return end != NULL && (length == NULL || strlen (end + 4) >= strtoul (length + 16, NULL, 10));
}

static void
connection_answer (Connection *self)
{
  Server *server = self->server;
  const Plan *plan = &server->plans[server->n_requests++];
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (self->stream));

  g_string_truncate (self->received, 0);
  if (server->cancelled_by_request != NULL)
    g_cancellable_cancel (server->cancelled_by_request);
  if (plan->answer != NULL)
    g_output_stream_write_all (output, plan->answer, strlen (plan->answer), NULL, NULL, NULL);
  if (plan->closes)
    g_socket_shutdown (g_socket_connection_get_socket (self->stream), TRUE, TRUE, NULL);
  if (plan->goes_on_with > 0)
    {
      self->goes_on_with = plan->goes_on_with;
      self->timer = g_timeout_source_new (1);
      g_source_set_callback (self->timer, on_writable, self, NULL);
      g_source_attach (self->timer, NULL);
    }
}

static gboolean
on_readable (GSocket *socket, GIOCondition condition, gpointer data)
{
  Connection *self = data;
  gssize size = g_socket_receive (socket, self->buffer, sizeof self->buffer, NULL, NULL);

  if (size <= 0)
    return G_SOURCE_REMOVE;
  g_string_append_len (self->received, self->buffer, size);
  if (has_whole_request (self->received->str))
    connection_answer (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
on_incoming (GSocketService *service, GSocketConnection *stream, GObject *source, gpointer data)
{
  Server *server = data;
  Connection *connection = g_new0 (Connection, 1);
  g_autoptr (GSource) readable = NULL;

  connection->server = server;
  connection->stream = g_object_ref (stream);
  connection->received = g_string_new (NULL);
  server->n_connections++;
  g_ptr_array_add (server->connections, connection);
  readable = g_socket_create_source (g_socket_connection_get_socket (stream), G_IO_IN, NULL);
  g_source_set_callback (readable, G_SOURCE_FUNC (on_readable), connection, NULL);
  g_source_attach (readable, NULL);

  return TRUE;
}

static void
server_init (Server *self, const Plan *plans)
{
  g_autoptr (GError) error = NULL;
  guint16 port;

  *self = (Server){ .plans = plans, .service = g_socket_service_new () };
  self->connections = g_ptr_array_new_with_free_func (connection_free);
  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  self->url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_incoming), self);
}

static void
server_clear (Server *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_object_unref (self->service);
  for (guint i = 0; i < self->connections->len; i++)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      while (g_source_remove_by_user_data (connection))
        ;
    }
  g_ptr_array_unref (self->connections);
  g_free (self->url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Server, server_clear)

static WhisHttpRequest *
request_new (const char *url)
{
  WhisHttpRequest *request = whis_http_request_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new_static ("sound", 5);

  whis_http_request_set_body (request, "audio/mpeg", body);
  request->timeouts = (WhisTimeouts){ .connect_ms = NEVER_MS,
                                      .stall_ms = NEVER_MS,
                                      .answer_ms = NEVER_MS,
                                      .send_ms = NEVER_MS,
                                      .read_ms = NEVER_MS };

  return request;
}

static void
take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  g_set_object ((GAsyncResult **) data, result);
}

static WhisHttpResponse *
send_with (SoupSession *session,
           WhisHttpRequest *request,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_http_request_send_async (session, request, cancellable, take_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_http_request_send_finish (session, result, error);
}

/* In a session of its own, which is gone behind it whatever happened. */
static WhisHttpResponse *
send_alone (WhisHttpRequest *request, GCancellable *cancellable, GError **error)
{
  SoupSession *session = whis_session_new (request->url, NULL);
  WhisHttpResponse *response = send_with (session, request, cancellable, error);

  soup_session_abort (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (session);

  return response;
}

static void
assert_body (const WhisHttpResponse *response, const char *expected)
{
  g_assert_nonnull (response);
  g_assert_cmpmem (g_bytes_get_data (response->body, NULL), g_bytes_get_size (response->body),
                   expected, strlen (expected));
}

/* An answer of any status is an answer; what it means is for others to say. */
static void
test_answers (void)
{
  static const Plan plans[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Id: 7\r\n\r\ntext" },
    { "HTTP/1.1 429 Too Many\r\nContent-Length: 4\r\nX-Id: 7\r\n\r\nslow" },
    { "HTTP/1.1 204 No Content\r\nX-Id: 7\r\n\r\n" },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Id: 7\r\n\r\n2\r\nte\r\n2\r\nxt\r\n"
      "0\r\n\r\n" },
    { "HTTP/1.0 500 Broken\r\nX-Id: 7\r\n\r\nto the end", .closes = TRUE },
    /* nobody goes with the sound to where a server points */
    { "HTTP/1.1 302 Elsewhere\r\nLocation: /other\r\nContent-Length: 0\r\nX-Id: 7\r\n\r\n" },
  };
  static const struct
  {
    guint status;
    const char *body;
  } expected[] = {
    { 200, "text" }, { 429, "slow" },       { 204, "" },
    { 200, "text" }, { 500, "to the end" }, { 302, "" },
  };
  g_auto (Server) server = { 0 };

  server_init (&server, plans);
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (WhisHttpRequest) request = request_new (server.url);
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisHttpResponse) response = send_alone (request, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (response->status, ==, expected[i].status);
      g_assert_cmpstr (soup_message_headers_get_one (response->headers, "X-Id"), ==, "7");
      assert_body (response, expected[i].body);
      g_assert_true (request->was_sent);
      g_assert_cmpuint (server.n_requests, ==, i + 1);
    }
}

static const Plan small[] = { { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789" },
                              { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789" } };

static void
test_most_bytes (void)
{
  g_auto (Server) server = { 0 };
  g_autoptr (WhisHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisHttpResponse) whole = NULL;

  server_init (&server, small);
  request = request_new (server.url);
  request->most_bytes = 10;
  whole = send_alone (request, NULL, &error);
  g_assert_no_error (error);
  assert_body (whole, "0123456789");
  request->most_bytes = 9;
  g_assert_null (send_alone (request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* A server that does not stop talking fills no memory. */
static void
test_endless (void)
{
  static const Plan plans[] = { { "HTTP/1.1 200 OK\r\n\r\n", .goes_on_with = BLOCK } };
  g_auto (Server) server = { 0 };
  g_autoptr (WhisHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  server_init (&server, plans);
  request = request_new (server.url);
  g_assert_null (send_alone (request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

/* Half an answer is none: its text would lack words that nobody misses. */
static void
test_cut_off (void)
{
  static const Plan plans[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012", .closes = TRUE },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n012", .closes = TRUE },
    { "HTTP/1.1 200 OK\r\nContent-Le", .closes = TRUE },
    { NULL, .closes = TRUE },
    { "no HTTP at all\r\n\r\n", .closes = TRUE },
  };
  g_auto (Server) server = { 0 };

  server_init (&server, plans);
  for (gsize i = 0; i < G_N_ELEMENTS (plans); i++)
    {
      g_autoptr (WhisHttpRequest) request = request_new (server.url);
      g_autoptr (GError) error = NULL;

      g_assert_null (send_alone (request, NULL, &error));
      g_test_message ("%s", error->message);
      g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
      /* it went out once: the connection was no kept one */
      g_assert_cmpuint (server.n_requests, ==, i + 1);
    }
}

/* A server that is silent, before its answer or within it, and one that sends a byte now and then.
 */
static void
test_deadlines (void)
{
  static const Plan silent = { NULL };
  static const Plan stalls = { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n012" };
  static const Plan drips = { "HTTP/1.1 200 OK\r\n\r\n", .goes_on_with = 1 };
  static const struct
  {
    const Plan *plan;
    guint answer_ms;
    guint stall_ms;
    guint read_ms;
  } cases[] = {
    { &silent, SOON_MS, NEVER_MS, NEVER_MS },
    { &stalls, NEVER_MS, SOON_MS, 0 },
    { &drips, NEVER_MS, NEVER_MS, SOON_MS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Server) server = { 0 };
      g_autoptr (WhisHttpRequest) request = NULL;
      g_autoptr (GError) error = NULL;

      server_init (&server, cases[i].plan);
      request = request_new (server.url);
      request->timeouts.answer_ms = cases[i].answer_ms;
      request->timeouts.stall_ms = cases[i].stall_ms;
      request->timeouts.read_ms = cases[i].read_ms;
      g_assert_null (send_alone (request, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
    }
}

/* That the user cancels is no failure of the server, and nothing goes on behind it. */
static void
test_cancelled (void)
{
  static const Plan plans[] = { { NULL } };
  g_auto (Server) server = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (WhisHttpRequest) request = NULL;
  g_autoptr (GError) while_waiting = NULL;
  g_autoptr (GError) before = NULL;

  server_init (&server, plans);
  request = request_new (server.url);
  server.cancelled_by_request = cancellable;
  g_assert_null (send_alone (request, cancellable, &while_waiting));
  g_assert_error (while_waiting, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (server.n_requests, ==, 1);

  g_assert_null (send_alone (request, cancellable, &before));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (server.n_connections, ==, 1);
}

/* A connection that was kept and that the server has given up meanwhile: sent again, once. */
static void
test_kept_connection_dies (void)
{
  static const Plan plans[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none" },
    { NULL, .closes = TRUE },
    { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo" },
    { NULL, .closes = TRUE },
    { NULL, .closes = TRUE },
  };
  g_auto (Server) server = { 0 };
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (WhisHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisHttpResponse) first = NULL;
  g_autoptr (WhisHttpResponse) second = NULL;

  server_init (&server, plans);
  session = whis_session_new (server.url, NULL);
  request = request_new (server.url);
  first = send_with (session, request, NULL, &error);
  g_assert_no_error (error);
  assert_body (first, "one");
  second = send_with (session, request, NULL, &error);
  g_assert_no_error (error);
  assert_body (second, "two");
  g_assert_cmpuint (server.n_requests, ==, 3);
  g_assert_cmpuint (server.n_connections, ==, 2);

  g_assert_null (send_with (session, request, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (server.n_requests, ==, 5);
  soup_session_abort (session);
}

static void
test_nobody_there (void)
{
  g_autoptr (WhisHttpRequest) refused = NULL;
  g_autoptr (WhisHttpRequest) no_address = request_new ("nonsense");
  g_autoptr (GError) refused_error = NULL;
  g_autoptr (GError) address_error = NULL;
  Server server;

  server_init (&server, NULL);
  refused = request_new (server.url);
  server_clear (&server);
  g_assert_null (send_alone (refused, NULL, &refused_error));
  g_assert_error (refused_error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_false (refused->was_sent);
  g_assert_null (send_alone (no_address, NULL, &address_error));
  g_assert_error (address_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* The page of a network in between, which no service sends. */
static void
test_is_page (void)
{
  static const char *const pages[] = { "<!DOCTYPE html>", "<html>", " \r\n\t<HTML>", "<" };
  static const char *const others[] = { "", " ", "\n\n", "{\"text\":\"<html>\"}", "a <b>", "[<" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (pages[i], strlen (pages[i]));

      g_assert_true (whis_http_response_is_page (&(WhisHttpResponse){ .body = body }));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (others[i], strlen (others[i]));

      g_assert_false (whis_http_response_is_page (&(WhisHttpResponse){ .body = body }));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-response/answers", test_answers);
  g_test_add_func ("/http-response/most-bytes", test_most_bytes);
  g_test_add_func ("/http-response/endless", test_endless);
  g_test_add_func ("/http-response/cut-off", test_cut_off);
  g_test_add_func ("/http-response/deadlines", test_deadlines);
  g_test_add_func ("/http-response/cancelled", test_cancelled);
  g_test_add_func ("/http-response/kept-connection-dies", test_kept_connection_dies);
  g_test_add_func ("/http-response/nobody-there", test_nobody_there);
  g_test_add_func ("/http-response/is-page", test_is_page);

  return g_test_run ();
}
