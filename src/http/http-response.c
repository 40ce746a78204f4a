/* SPDX-License-Identifier: MIT */
#include "http-response.h"

#include "message-send.h"
#include "private-network.h"
#include "proxy.h"
#include "tls-errors.h"
#include "trusted-certificate.h"

/* An hour of speech is some 60 kB of text, and 1.5 MB with the times of its words; a server that
 * sends more is not a recogniser. */
#define LARGEST_ANSWER (4 * 1024 * 1024)
#define READ_SIZE (16 * 1024)

typedef struct
{
  WhisHttpRequest *request;
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *answer;

  /* follows the caller's cancellable, and is cancelled by a deadline too */
  GCancellable *cancellable;
  gulong cancelled_id;
  GSource *deadline;
  gint64 end_of_step; /* in g_get_monotonic_time(), whatever moves until then */
  GPtrArray *trusted;
  GTlsCertificateFlags flaws;
  gboolean is_late;
  gboolean is_second_try;
} Exchange;

static void
drop_message (Exchange *exchange)
{
  if (exchange->message != NULL)
    g_signal_handlers_disconnect_by_data (exchange->message, exchange);
  g_clear_object (&exchange->message);
}

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  drop_message (exchange);
  g_source_destroy (exchange->deadline);
  g_source_unref (exchange->deadline);
  g_clear_object (&exchange->stream);
  g_clear_pointer (&exchange->trusted, g_ptr_array_unref);
  g_clear_object (&exchange->cancellable);
  g_byte_array_unref (exchange->answer);
  whis_http_request_unref (exchange->request);
  g_free (exchange);
}

/**
 * whis_http_response_free:
 * @self: (transfer full): a reply
 */
void
whis_http_response_free (WhisHttpResponse *self)
{
  g_return_if_fail (self != NULL);

  soup_message_headers_unref (self->headers);
  g_bytes_unref (self->body);
  g_free (self);
}

/**
 * whis_http_response_is_page:
 * @self: a reply
 *
 * Returns: whether it is a web page, such as the sign-in page of a network, which no service sends
 */
gboolean
whis_http_response_is_page (const WhisHttpResponse *self)
{
  gsize size;
  const char *data;

  g_return_val_if_fail (self != NULL, FALSE);

  data = g_bytes_get_data (self->body, &size);
  while (size > 0 && g_ascii_isspace (*data))
    {
      data++;
      size--;
    }

  return size > 0 && *data == '<';
}

static void
begin_step (Exchange *exchange, guint longest_ms)
{
  exchange->end_of_step =
      longest_ms > 0 ? g_get_monotonic_time () + (gint64) longest_ms * 1000 : G_MAXINT64;
}

static void
expect_progress_within (Exchange *exchange, guint ms)
{
  g_source_set_ready_time (exchange->deadline, MIN (g_get_monotonic_time () + (gint64) ms * 1000,
                                                    exchange->end_of_step));
}

static gboolean
deadline_passed (gpointer data)
{
  Exchange *exchange = data;

  g_source_set_ready_time (exchange->deadline, -1);
  exchange->is_late = TRUE;
  g_cancellable_cancel (exchange->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
caller_cancelled (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (G_CANCELLABLE (data));
}

static void
stop_waiting (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_source_set_ready_time (exchange->deadline, -1);
  g_cancellable_disconnect (g_task_get_cancellable (task), exchange->cancelled_id);
  exchange->cancelled_id = 0;
  drop_message (exchange);
}

/* What is known better than by who has sent the request. */
static GError *
http_response_explain (SoupMessage *message, const GError *error)
{
  GError *better = whis_private_network_get_error (message);

  return better != NULL ? better : whis_proxy_get_error (message, error);
}

static void
return_failure (GTask *task, GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);
  gboolean is_late = exchange->is_late && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  GError *better = exchange->message != NULL
                       ? http_response_explain (exchange->message, is_late ? NULL : error)
                       : NULL;

  if (better == NULL && is_late)
    better = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "no progress in time");
  if (better == NULL && exchange->flaws != 0 && error->domain == G_TLS_ERROR)
    better = g_error_new_literal (error->domain, error->code,
                                  whis_tls_errors_describe (exchange->flaws));
  if (better != NULL)
    {
      g_error_free (error);
      error = better;
    }
  stop_waiting (task);
  g_task_return_error (task, error);
}

static void
return_reply (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = whis_proxy_get_error (exchange->message, NULL);
  WhisHttpResponse *reply;

  if (error != NULL)
    {
      stop_waiting (task);
      g_task_return_error (task, error);
      return;
    }
  reply = g_new0 (WhisHttpResponse, 1);
  reply->status = soup_message_get_status (exchange->message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (exchange->message));
  reply->body = g_bytes_new (exchange->answer->data, exchange->answer->len);
  stop_waiting (task);
  g_task_return_pointer (task, reply, (GDestroyNotify) whis_http_response_free);
}

static void
wrote_headers (SoupMessage *message, gpointer data)
{
  Exchange *exchange = data;

  exchange->request->was_sent = exchange->request->body != NULL;
  if (exchange->request->body == NULL)
    {
      expect_progress_within (exchange, exchange->request->timeouts.answer_ms);
      return;
    }
  begin_step (exchange, exchange->request->timeouts.send_ms);
  expect_progress_within (exchange, exchange->request->timeouts.stall_ms);
}

static void
wrote_body_data (SoupMessage *message, guint n_bytes, gpointer data)
{
  Exchange *exchange = data;

  expect_progress_within (exchange, exchange->request->timeouts.stall_ms);
}

static void
wrote_body (SoupMessage *message, gpointer data)
{
  Exchange *exchange = data;

  begin_step (exchange, 0);
  expect_progress_within (exchange, exchange->request->timeouts.answer_ms);
}

/* HTTP/1.1 alone is offered in the TLS greeting (RFC 7301). When an HTTP/2 connection of
 * libsoup 3.2 dies, some of the requests on it never end, not even when they are cancelled, and
 * later ones are put on the dead connection too; and API to choose the version came with 3.4. */
static void
network_event (SoupMessage *message, GSocketClientEvent event, GIOStream *connection, gpointer data)
{
  static const char *const protocols[] = { "http/1.1", NULL };

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING && G_IS_TLS_CONNECTION (connection))
    g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
}

/* Not accepted unless the user has it among the trusted ones; what is wrong with it is told. */
static gboolean
accept_certificate (SoupMessage *message,
                    GTlsCertificate *certificate,
                    GTlsCertificateFlags flaws,
                    gpointer data)
{
  Exchange *exchange = data;
  g_autoptr (GSocketConnectable) identity =
      g_network_address_parse_uri (exchange->request->url, 443, NULL);

  exchange->flaws = flaws;

  return (flaws & G_TLS_CERTIFICATE_REVOKED) == 0
         && whis_trusted_certificates_have (exchange->trusted, certificate, identity);
}

/* libsoup opens a new connection for each POST unless it is marked as idempotent. Marked, a
 * connection is used again, which saves the greetings of TCP and TLS. A transcript can be asked for
 * twice without harm. Redirects are not followed: the key and the sound go to the host
 * that the user knows of, and to no other. */
static SoupMessage *
make_message (Exchange *exchange)
{
  SoupMessage *message = whis_http_request_to_message (exchange->request);

  if (message == NULL)
    return NULL;
  soup_message_add_flags (
      message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT | SOUP_MESSAGE_COLLECT_METRICS
                   | (exchange->is_second_try ? SOUP_MESSAGE_NEW_CONNECTION : 0));
  whis_proxy_watch (message);
  whis_private_network_watch (message, exchange->cancellable);
  g_signal_connect (message, "network-event", G_CALLBACK (network_event), NULL);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate), exchange);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_headers), exchange);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data), exchange);
  if (exchange->request->body != NULL)
    g_signal_connect (message, "wrote-body", G_CALLBACK (wrote_body), exchange);

  return message;
}

static gsize
get_most_bytes (const WhisHttpRequest *request)
{
  return request->most_bytes > 0 ? MIN (request->most_bytes, LARGEST_ANSWER) : LARGEST_ANSWER;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GBytes) bytes = NULL;
  GError *error = NULL;

  bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  if (bytes == NULL)
    {
      return_failure (task, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      return_reply (task);
      return;
    }
  if (exchange->answer->len + g_bytes_get_size (bytes) > get_most_bytes (exchange->request))
    {
      g_cancellable_cancel (exchange->cancellable);
      return_failure (task,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "too large"));
      return;
    }
  g_byte_array_append (exchange->answer, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  expect_progress_within (exchange, exchange->request->timeouts.stall_ms);
  g_input_stream_read_bytes_async (exchange->stream, READ_SIZE, G_PRIORITY_DEFAULT,
                                   exchange->cancellable, did_read, g_steal_pointer (&task));
}

/* Whether the connection was kept from an earlier request, and may have died since: libsoup resends
 * by itself only for methods such as GET. */
static gboolean
used_old_connection (SoupMessage *message)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);

  return metrics != NULL && soup_message_metrics_get_request_start (metrics) != 0
         && soup_message_metrics_get_connect_start (metrics) == 0
         && soup_message_metrics_get_response_start (metrics) == 0;
}

static gboolean
may_send_again (Exchange *exchange, const GError *error)
{
  return !exchange->is_second_try && !exchange->is_late
         && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         && used_old_connection (exchange->message);
}

static void send_message (GTask *task);

static void
did_send (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->stream = whis_message_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->stream != NULL)
    {
      begin_step (exchange, exchange->request->timeouts.read_ms);
      expect_progress_within (exchange, exchange->request->timeouts.stall_ms);
      g_input_stream_read_bytes_async (exchange->stream, READ_SIZE, G_PRIORITY_DEFAULT,
                                       exchange->cancellable, did_read, g_steal_pointer (&task));
    }
  else if (may_send_again (exchange, error))
    {
      g_debug ("The kept connection is gone: %s; sending again", error->message);
      g_clear_error (&error);
      exchange->is_second_try = TRUE;
      send_message (g_steal_pointer (&task));
    }
  else
    return_failure (task, error);
}

static void
send_message (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  drop_message (exchange);
  exchange->message = make_message (exchange);
  if (exchange->message == NULL)
    {
      return_failure (task,
                      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no address"));
      g_object_unref (task);
      return;
    }
  begin_step (exchange, 0);
  expect_progress_within (exchange, exchange->request->timeouts.connect_ms);
  whis_message_send_async (SOUP_SESSION (g_task_get_source_object (task)), exchange->message,
                           G_PRIORITY_DEFAULT, exchange->cancellable, did_send, task);
}

static void
did_load_trusted (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Exchange *exchange = g_task_get_task_data (task);

  exchange->trusted = whis_trusted_certificates_load_finish (result);
  send_message (task);
}

static Exchange *
exchange_new (WhisHttpRequest *request, GMainContext *context)
{
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->request = whis_http_request_ref (request);
  exchange->answer = g_byte_array_new ();
  exchange->cancellable = g_cancellable_new ();
  exchange->deadline = g_timeout_source_new (G_MAXUINT);
  g_source_set_ready_time (exchange->deadline, -1);
  g_source_set_callback (exchange->deadline, deadline_passed, exchange, NULL);
  g_source_attach (exchange->deadline, context);

  return exchange;
}

/**
 * whis_http_request_send_async:
 * @session: whose connections to use
 * @request: what to ask
 * @cancellable: (nullable): a cancellable
 * @callback: called when the whole answer is there
 * @data: data for @callback
 *
 * Sends one request and reads the answer, up to 4 MB or what @request says. A kept connection that
 * died meanwhile costs a second try on a new one, at once. Each step has its deadline, which a byte
 * now and then does not put off.
 */
void
whis_http_request_send_async (SoupSession *session,
                              WhisHttpRequest *request,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  GTask *task;
  Exchange *exchange;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (request != NULL);

  task = g_task_new (session, cancellable, callback, data);
  g_task_set_source_tag (task, whis_http_request_send_async);
  exchange = exchange_new (request, g_task_get_context (task));
  g_task_set_task_data (task, exchange, exchange_free);
  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }
  if (cancellable != NULL)
    exchange->cancelled_id =
        g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled),
                               g_object_ref (exchange->cancellable), g_object_unref);
  if (request->trusted != NULL)
    whis_trusted_certificates_load_async (request->trusted, exchange->cancellable, did_load_trusted,
                                          task);
  else
    send_message (task);
}

/**
 * whis_http_request_send_finish:
 * @session: the session
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): the answer, of whatever status; %NULL with an error of GIO or libsoup
 *   when there is none: %G_IO_ERROR_TIMED_OUT after a deadline, %G_IO_ERROR_MESSAGE_TOO_LARGE when
 *   the server does not stop talking
 */
WhisHttpResponse *
whis_http_request_send_finish (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
