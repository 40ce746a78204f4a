/* SPDX-License-Identifier: MIT */
#include "live-handshake.h"
#include "address.h"
#include "live-traffic.h"
#include "private-network.h"
#include "proxy.h"
#include "http-request.h"
#include "error-body.h"
#include "secret.h"
#include "session.h"
#include "transport-error.h"

#include <string.h>

/* More of a refusal is not read. */
#define LONGEST_BODY 4096

typedef struct
{
  const WhisProvider *provider;
  char *host;
  char *key;
  SoupSession *session;
  SoupLogger *logger;
  SoupMessage *message;

  gboolean in_body;
  GString *body;
  GCancellable *cancellable; /* follows the caller's */
  gulong cancelled_id;
} Attempt;

static void
drop_line (SoupLogger *logger, SoupLoggerLogLevel level, char from, const char *line, gpointer data)
{
}

static void
attempt_free (gpointer data)
{
  Attempt *attempt = data;

  whis_secret_free (attempt->key);
  g_free (attempt->host);
  /* The logger stays in the session: up to 3.6.5, libsoup leaks a feature that is removed before
   * the request has left the queue. */
  soup_logger_set_printer (attempt->logger, drop_line, NULL, NULL);
  g_object_unref (attempt->logger);
  g_object_unref (attempt->session);
  g_clear_object (&attempt->message);
  g_string_free (attempt->body, TRUE);
  g_object_unref (attempt->cancellable);
  g_free (attempt);
}

/* Why an upgrade is refused stands in the body of the answer, which libsoup reads and drops: its
 * logger is who gets to see it. An empty line ends the headers. */
static void
parse_line (SoupLogger *logger,
            SoupLoggerLogLevel level,
            char from,
            const char *line,
            gpointer data)
{
  Attempt *attempt = data;

  if (from != '<')
    return;
  if (attempt->in_body && attempt->body->len + strlen (line) < LONGEST_BODY)
    {
      g_string_append (attempt->body, line);
      g_string_append_c (attempt->body, '\n');
    }
  attempt->in_body = attempt->in_body || *line == '\0';
}

static SoupSession *
make_session (Attempt *attempt, const char *url)
{
  SoupSession *session = whis_session_new (url, NULL);

  attempt->logger = soup_logger_new (SOUP_LOGGER_LOG_BODY);
  soup_logger_set_max_body_size (attempt->logger, LONGEST_BODY);
  soup_logger_set_printer (attempt->logger, parse_line, attempt, NULL);
  soup_session_add_feature (session, SOUP_SESSION_FEATURE (attempt->logger));

  return session;
}

static SoupMessage *
make_message (const WhisLiveHandshake *handshake)
{
  SoupMessage *message = soup_message_new (SOUP_METHOD_GET, handshake->url);

  if (message == NULL)
    return NULL;
  /* Key and sound go to the host that the user knows of, and to no other. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  whis_proxy_watch (message);
  whis_live_traffic_watch (message);
  whis_auth_show_key (handshake->provider->auth, handshake->key,
                      soup_message_get_request_headers (message));

  return message;
}

/* Deepgram says in a header what others say in the body. */
static GBytes *
get_refusal (Attempt *attempt)
{
  const char *words = soup_message_headers_get_one (
      soup_message_get_response_headers (attempt->message), "dg-error");

  if (attempt->body->len > 0 || words == NULL)
    return g_bytes_new (attempt->body->str, attempt->body->len);

  return g_bytes_new (words, strlen (words));
}

static GError *
live_handshake_explain (Attempt *attempt, const GError *cause)
{
  guint status = soup_message_get_status (attempt->message);
  g_autoptr (GError) address_error = whis_private_network_get_error (attempt->message);
  g_autoptr (GError) proxy_error = whis_proxy_get_error (attempt->message, cause);
  g_autoptr (GBytes) words = NULL;

  if (address_error != NULL)
    return whis_transport_error_new (attempt->provider, attempt->host, address_error);
  if (proxy_error != NULL)
    return whis_transport_error_new (attempt->provider, attempt->host, proxy_error);
  if (cause->domain != SOUP_WEBSOCKET_ERROR || status == SOUP_STATUS_NONE)
    return whis_transport_error_new (attempt->provider, attempt->host, cause);
  words = get_refusal (attempt);

  return whis_error_body_to_error (whis_provider_get_name (attempt->provider), status,
                                   soup_message_get_response_headers (attempt->message), words,
                                   attempt->key);
}

static void
caller_cancelled (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (G_CANCELLABLE (data));
}

static void
did_connect (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Attempt *attempt = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection =
      soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  g_cancellable_disconnect (g_task_get_cancellable (task), attempt->cancelled_id);
  if (connection != NULL)
    whis_live_traffic_hand_over (attempt->message, connection);
  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, live_handshake_explain (attempt, error));
}

/**
 * whis_live_handshake_async:
 * @handshake: where to connect to
 * @cancellable: (nullable): a cancellable
 * @callback: called when the connection is there
 * @data: data for @callback
 *
 * Opens a WebSocket (RFC 6455, 4.1). No redirect is followed.
 */
void
whis_live_handshake_async (const WhisLiveHandshake *handshake,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Attempt *attempt;

  g_return_if_fail (handshake != NULL && handshake->url != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_live_handshake_async);
  attempt = g_new0 (Attempt, 1);
  attempt->provider = handshake->provider;
  attempt->host = whis_address_get_host (handshake->url);
  attempt->key = g_strdup (handshake->key);
  attempt->body = g_string_new (NULL);
  attempt->session = make_session (attempt, handshake->url);
  attempt->message = make_message (handshake);
  attempt->cancellable = g_cancellable_new ();
  g_task_set_task_data (task, attempt, attempt_free);

  if (attempt->message == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no address");
  else
    {
      if (cancellable != NULL)
        attempt->cancelled_id =
            g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled),
                                   g_object_ref (attempt->cancellable), g_object_unref);
      whis_private_network_watch (attempt->message, attempt->cancellable);
      soup_session_websocket_connect_async (attempt->session, attempt->message, NULL, NULL,
                                            G_PRIORITY_DEFAULT, attempt->cancellable, did_connect,
                                            g_steal_pointer (&task));
    }
}

/**
 * whis_live_handshake_finish:
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Returns: (transfer full): the connection, or %NULL with an error
 */
SoupWebsocketConnection *
whis_live_handshake_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
