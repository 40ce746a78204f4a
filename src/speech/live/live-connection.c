/* SPDX-License-Identifier: MIT */
#include "live-connection.h"

#include "live-handshake.h"
#include "live-quota.h"
#include "live-traffic.h"
#include "transport-error.h"

/* For proxies on the way, which close what is silent. */
#define PING_S 15

/* A final text with the times of its words has some 100 bytes a word. */
#define LARGEST_MESSAGE (256 * 1024)

#define LARGEST_CONTROL 125

/* How often is looked at what came, and how much may come beside what the quota counts: frames,
 * TLS and pings. */
#define TRAFFIC_MS 1000
#define MOST_IN_A_LOOK (1024 * 1024)

/**
 * WhisLiveConnection:
 *
 * The WebSocket of a live session, with bounds on what a service can send.
 *
 * Signals are emitted in the thread-default main context of the thread that made it. libsoup writes
 * at once, and tells of an error before it comes back: whoever sends must expect that
 * [signal@LiveConnection::failed] is emitted inside of the call.
 */
struct _WhisLiveConnection
{
  GObject parent_instance;

  const WhisProvider *provider;
  char *host;
  GMainContext *context;
  GCancellable *cancellable;
  SoupWebsocketConnection *socket; /* NULL before it is open, and after it was closed here */
  WhisLiveQuota quota;
  GSource *traffic;
  guint64 n_received; /* bytes, when it was looked at last */
};

enum
{
  OPENED,
  MESSAGE,
  CLOSED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisLiveConnection, whis_live_connection, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
whis_live_connection_fail (WhisLiveConnection *self, const GError *cause)
{
  g_autoptr (GError) error = whis_transport_error_new (self->provider, self->host, cause);

  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
whis_live_connection_fail_too_much (WhisLiveConnection *self)
{
  g_autoptr (GError) cause =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE, "more than anybody can say");

  whis_live_connection_fail (self, cause);
}

static gboolean
whis_live_connection_check_quota (WhisLiveConnection *self, gsize size)
{
  if (whis_live_quota_take (&self->quota, size, g_get_monotonic_time ()))
    return TRUE;
  whis_live_connection_fail_too_much (self);

  return FALSE;
}

/* What comes with it is a GByteArray under the name of GBytes in libsoup 3.2, and is left alone:
 * RFC 6455, 5.5 limits it. */
static void
on_pong (SoupWebsocketConnection *socket, gpointer message, gpointer data)
{
  g_autoptr (WhisLiveConnection) self = g_object_ref (data);

  whis_live_connection_check_quota (self, LARGEST_CONTROL);
}

/* JSON comes in binary messages too. */
static void
on_message (SoupWebsocketConnection *socket, int type, GBytes *message, gpointer data)
{
  g_autoptr (WhisLiveConnection) self = g_object_ref (data);

  if (whis_live_connection_check_quota (self, g_bytes_get_size (message)))
    g_signal_emit (self, signals[MESSAGE], 0, message);
}

static void
on_closed (SoupWebsocketConnection *socket, gpointer data)
{
  g_autoptr (WhisLiveConnection) self = g_object_ref (data);
  guint code = soup_websocket_connection_get_close_code (socket);
  const char *words = soup_websocket_connection_get_close_data (socket);

  g_debug ("%s closed the live session with %u", self->host, code);
  g_signal_emit (self, signals[CLOSED], 0, code, words != NULL ? words : "");
}

static void
on_error (SoupWebsocketConnection *socket, GError *error, gpointer data)
{
  g_autoptr (WhisLiveConnection) self = g_object_ref (data);

  whis_live_connection_fail (self, error);
}

/* What is no message, or none yet, is seen by nobody else. */
static gboolean
on_traffic (gpointer data)
{
  g_autoptr (WhisLiveConnection) self = g_object_ref (data);
  guint64 before = self->n_received;

  self->n_received = whis_live_traffic_get_received (self->socket);
  if (self->n_received - before <= MOST_IN_A_LOOK)
    return G_SOURCE_CONTINUE;
  whis_live_connection_fail_too_much (self);

  return G_SOURCE_REMOVE;
}

static void
whis_live_connection_watch_traffic (WhisLiveConnection *self)
{
  self->traffic = g_timeout_source_new (TRAFFIC_MS);
  g_source_set_callback (self->traffic, on_traffic, self, NULL);
  g_source_attach (self->traffic, self->context);
}

/* What all parts of a message come to can be limited from libsoup 3.8 on. */
static void
limit_messages (SoupWebsocketConnection *socket)
{
  const char *total = "max-total-message-size";

  soup_websocket_connection_set_max_incoming_payload_size (socket, LARGEST_MESSAGE);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (socket), total) != NULL)
    g_object_set (socket, total, (guint64) LARGEST_MESSAGE, NULL);
}

/* Takes @socket. */
static void
whis_live_connection_set_socket (WhisLiveConnection *self, SoupWebsocketConnection *socket)
{
  self->socket = socket;
  whis_live_quota_init (&self->quota, g_get_monotonic_time ());
  whis_live_connection_watch_traffic (self);
  soup_websocket_connection_set_keepalive_interval (socket, PING_S);
  limit_messages (socket);
  g_signal_connect (socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (socket, "pong", G_CALLBACK (on_pong), self);
  g_signal_connect (socket, "closed", G_CALLBACK (on_closed), self);
  g_signal_connect (socket, "error", G_CALLBACK (on_error), self);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
on_handshake_done (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisLiveConnection) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) socket = whis_live_handshake_finish (result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (socket != NULL)
    whis_live_connection_set_socket (self, g_steal_pointer (&socket));
  else
    g_signal_emit (self, signals[FAILED], 0, error);
}

/**
 * whis_live_connection_open:
 * @self: a new connection
 * @url: where to
 * @key: (nullable): the key of the service
 *
 * [signal@LiveConnection::opened] or [signal@LiveConnection::failed] follows.
 */
void
whis_live_connection_open (WhisLiveConnection *self, const char *url, const char *key)
{
  g_return_if_fail (WHIS_IS_LIVE_CONNECTION (self));
  g_return_if_fail (self->socket == NULL);

  whis_live_handshake_async (
      &(WhisLiveHandshake){ .provider = self->provider, .url = url, .key = key }, self->cancellable,
      on_handshake_done, g_object_ref (self));
}

static gboolean
whis_live_connection_is_open (WhisLiveConnection *self)
{
  return self->socket != NULL
         && soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN;
}

/**
 * whis_live_connection_send_text:
 * @self: a connection
 * @text: a message
 *
 * Does nothing on one that is not open.
 */
void
whis_live_connection_send_text (WhisLiveConnection *self, const char *text)
{
  g_return_if_fail (WHIS_IS_LIVE_CONNECTION (self));

  if (whis_live_connection_is_open (self))
    soup_websocket_connection_send_text (self->socket, text);
}

/**
 * whis_live_connection_send_bytes:
 * @self: a connection
 * @data: a message
 * @size: its size
 *
 * Does nothing on one that is not open.
 */
void
whis_live_connection_send_bytes (WhisLiveConnection *self, const guint8 *data, gsize size)
{
  g_return_if_fail (WHIS_IS_LIVE_CONNECTION (self));

  if (whis_live_connection_is_open (self))
    soup_websocket_connection_send_binary (self->socket, data, size);
}

/* No signal is emitted from here on. */
static SoupWebsocketConnection *
whis_live_connection_steal_socket (WhisLiveConnection *self)
{
  SoupWebsocketConnection *socket = g_steal_pointer (&self->socket);

  g_cancellable_cancel (self->cancellable);
  clear_source (&self->traffic);
  if (socket != NULL)
    g_signal_handlers_disconnect_by_data (socket, self);

  return socket;
}

/**
 * whis_live_connection_close:
 * @self: a connection
 *
 * Says goodbye: the socket closes by itself once its last frame is sent and answered. No signal is
 * emitted any more.
 */
void
whis_live_connection_close (WhisLiveConnection *self)
{
  SoupWebsocketConnection *socket;

  g_return_if_fail (WHIS_IS_LIVE_CONNECTION (self));

  socket = whis_live_connection_steal_socket (self);
  if (socket == NULL)
    return;
  if (soup_websocket_connection_get_state (socket) != SOUP_WEBSOCKET_STATE_OPEN)
    {
      g_object_unref (socket);
      return;
    }
  g_signal_connect (socket, "closed", G_CALLBACK (g_object_unref), NULL);
  soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
}

static gboolean
on_idle (gpointer data)
{
  return G_SOURCE_REMOVE;
}

/**
 * whis_live_connection_abort:
 * @self: a connection
 *
 * Closes the connection without waiting for an answer, which nobody might be there to give. No
 * signal is emitted any more.
 */
void
whis_live_connection_abort (WhisLiveConnection *self)
{
  SoupWebsocketConnection *socket;
  g_autoptr (GSource) source = NULL;

  g_return_if_fail (WHIS_IS_LIVE_CONNECTION (self));

  socket = whis_live_connection_steal_socket (self);
  if (socket == NULL)
    return;
  if (soup_websocket_connection_get_state (socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket, SOUP_WEBSOCKET_CLOSE_GOING_AWAY, NULL);
  /* Not unreferenced at once: it may be the socket itself that calls; libsoup goes on reading as
   * long as more comes, unless the socket is being closed. */
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_idle, socket, g_object_unref);
  g_source_attach (source, self->context);
}

static void
whis_live_connection_dispose (GObject *object)
{
  whis_live_connection_abort (WHIS_LIVE_CONNECTION (object));

  G_OBJECT_CLASS (whis_live_connection_parent_class)->dispose (object);
}

static void
whis_live_connection_finalize (GObject *object)
{
  WhisLiveConnection *self = WHIS_LIVE_CONNECTION (object);

  g_free (self->host);
  g_object_unref (self->cancellable);
  g_main_context_unref (self->context);

  G_OBJECT_CLASS (whis_live_connection_parent_class)->finalize (object);
}

static void
whis_live_connection_class_init (WhisLiveConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_live_connection_dispose;
  object_class->finalize = whis_live_connection_finalize;

  /**
   * WhisLiveConnection::opened:
   *
   * Messages can be sent.
   */
  signals[OPENED] = g_signal_new ("opened", WHIS_TYPE_LIVE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisLiveConnection::message:
   * @message: what the service sent, as text or as bytes
   */
  signals[MESSAGE] = g_signal_new ("message", WHIS_TYPE_LIVE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);

  /**
   * WhisLiveConnection::closed:
   * @code: why, RFC 6455, 7.4
   * @words: what the service said to that
   *
   * The service closed it.
   */
  signals[CLOSED] = g_signal_new ("closed", WHIS_TYPE_LIVE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_STRING);

  /**
   * WhisLiveConnection::failed:
   * @error: a %WHIS_SERVICE_ERROR
   *
   * It could not be opened, was lost, or the service sent more than anybody can say. It is not
   * closed yet.
   */
  signals[FAILED] = g_signal_new ("failed", WHIS_TYPE_LIVE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_live_connection_init (WhisLiveConnection *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
}

/**
 * whis_live_connection_new:
 * @provider: the service, which must outlive the connection
 * @host: its host, for people
 *
 * Returns: (transfer full): a connection that is not open
 */
WhisLiveConnection *
whis_live_connection_new (const WhisProvider *provider, const char *host)
{
  WhisLiveConnection *self;

  g_return_val_if_fail (provider != NULL, NULL);

  self = g_object_new (WHIS_TYPE_LIVE_CONNECTION, NULL);
  self->provider = provider;
  self->host = g_strdup (host);

  return self;
}
