/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "job.h"
#include "process-limits.h"
#include "reply.h"

/* The largest body of a request in bytes; the largest that a cloud service takes is 25 MB. */
#define LARGEST_BODY (64 * 1024 * 1024)

/**
 * WhisOfflineServer:
 *
 * The recogniser's HTTP side, in the dialect of
 * [OpenAI](https://platform.openai.com/docs/api-reference/audio/createTranscription):
 * `POST /v1/audio/transcriptions`, `GET /v1/models` and `GET /health`, which can name a model:
 * `/health?model=NAME`.
 *
 * It takes connections from a socket that it is given, and opens no other.
 */

struct _WhisOfflineServer
{
  GObject parent_instance;

  WhisRecogniser *recogniser;
  SoupServer *http;
  GSocketService *service;

  guint active; /* requests */
  guint idle_seconds;
  guint idle_timer;
};

enum
{
  SIGNAL_IDLE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisOfflineServer, whis_offline_server, G_TYPE_OBJECT)

/* Where an address that make_address() made keeps its connection. */
#define CONNECTION_KEY "whis-connection"

static gboolean
idle_expired (gpointer data)
{
  WhisOfflineServer *self = data;

  self->idle_timer = 0;
  g_signal_emit (self, signals[SIGNAL_IDLE], 0);

  return G_SOURCE_REMOVE;
}

/* The timer runs only while there is nothing to do. */
static void
update_idle_timer (WhisOfflineServer *self)
{
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  if (self->active == 0 && self->idle_seconds > 0)
    self->idle_timer = g_timeout_add_seconds (self->idle_seconds, idle_expired, self);
}

static void
request_started (SoupServer *http, SoupServerMessage *message, WhisOfflineServer *self)
{
  self->active++;
  update_idle_timer (self);
}

static void
request_ended (SoupServer *http, SoupServerMessage *message, WhisOfflineServer *self)
{
  g_assert (self->active > 0);

  self->active--;
  update_idle_timer (self);

  if (self->active == 0)
    whis_limits_release_memory ();
  if (self->active == 0 && whis_recogniser_is_bloated (self->recogniser))
    g_signal_emit (self, signals[SIGNAL_IDLE], 0);
}

static void
server_transcriptions (WhisOfflineServer *self, SoupServerMessage *message, GHashTable *query)
{
  GSocketAddress *peer = soup_server_message_get_remote_address (message);

  whis_job_start (message, self->recogniser, g_object_get_data (G_OBJECT (peer), CONNECTION_KEY));
}

static void
server_models (WhisOfflineServer *self, SoupServerMessage *message, GHashTable *query)
{
  whis_reply_with_models (message, whis_recogniser_get_models (self->recogniser));
}

static void
on_server_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SoupServerMessage) message = data;
  g_autoptr (GError) error = NULL;

  if (whis_recogniser_load_finish (WHIS_RECOGNISER (source), result, &error))
    whis_reply_with_health (message);
  else
    whis_reply_with_failure (message, NULL, error);
  soup_server_message_unpause (message);
}

/* Who asks with "Prefer: wait" (RFC 7240) gets the answer when the model is loaded. */
static void
server_health (WhisOfflineServer *self, SoupServerMessage *message, GHashTable *query)
{
  const char *model = query != NULL ? g_hash_table_lookup (query, "model") : NULL;
  const char *preference =
      soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Prefer");

  if (whis_recogniser_is_loaded (self->recogniser, model))
    whis_reply_with_health (message);
  else if (preference != NULL && g_str_has_prefix (preference, "wait"))
    {
      soup_server_message_pause (message);
      whis_recogniser_load_async (self->recogniser, model, NULL, on_server_loaded,
                                  g_object_ref (message));
    }
  else
    whis_reply_with_error (message, SOUP_STATUS_SERVICE_UNAVAILABLE, NULL, "model_loading",
                           _ ("The embedded recogniser is loading its model: ask again."));
}

static const struct
{
  const char *path;
  const char *method;
  void (*answer) (WhisOfflineServer *self, SoupServerMessage *message, GHashTable *query);
} routes[] = {
  { "/v1/audio/transcriptions", "POST", server_transcriptions },
  { "/v1/models", "GET", server_models },
  { "/health", "GET", server_health },
};

static void
refuse_method (SoupServerMessage *message, const char *allowed)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Allow", allowed);
  whis_reply_with_error (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL, "method_not_allowed",
                         _ ("This path does not know that method."));
}

static void
server_answer (SoupServer *http,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (g_strcmp0 (path, routes[i].path) != 0)
        continue;
      if (g_strcmp0 (soup_server_message_get_method (message), routes[i].method) != 0)
        refuse_method (message, routes[i].method);
      else
        routes[i].answer (data, message, query);
      return;
    }

  whis_reply_with_error (message, SOUP_STATUS_NOT_FOUND, NULL, "not_found",
                         _ ("The embedded recogniser does not know this path."));
}

/* Answers that there is too much. The rest of the body is read and dropped, so that a client that
 * first sends it all gets to see the answer. */
static void
refuse_size (SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
  whis_reply_with_error (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "file", "file_too_large",
                         _ ("The file is too large: the embedded recogniser takes 64 MB at once."));
}

static void
got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (soup_server_message_get_status (message) == 0 && body->length > LARGEST_BODY)
    refuse_size (message);
}

static void
got_headers (SoupServer *http,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer data)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_content_length (headers) > LARGEST_BODY)
    refuse_size (message);
  else
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk), NULL);
}

/* libsoup 3.2 takes its addresses for those of the internet: it would cast a Unix socket's to
 * one for a request without a Host. Such an address also leads from a message to its connection. */
static GSocketAddress *
make_address (GSocketConnection *connection)
{
  GSocketAddress *address = g_inet_socket_address_new_from_string ("127.0.0.1", 1);

  g_object_set_data_full (G_OBJECT (address), CONNECTION_KEY,
                          g_object_ref (g_socket_connection_get_socket (connection)),
                          g_object_unref);

  return address;
}

static gboolean
on_server_incoming (GSocketService *service,
                    GSocketConnection *connection,
                    GObject *source,
                    WhisOfflineServer *self)
{
  g_autoptr (GSocketAddress) address = make_address (connection);
  g_autoptr (GError) error = NULL;

  if (!soup_server_accept_iostream (self->http, G_IO_STREAM (connection), address, address, &error))
    g_warning ("A connection is lost: %s", error->message);

  return TRUE;
}

static void
whis_offline_server_dispose (GObject *object)
{
  WhisOfflineServer *self = WHIS_OFFLINE_SERVER (object);

  if (self->service != NULL)
    {
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
    }
  g_clear_object (&self->service);
  if (self->http != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->http, self);
      soup_server_remove_handler (self->http, NULL);
      soup_server_disconnect (self->http);
    }
  g_clear_object (&self->http);
  g_clear_handle_id (&self->idle_timer, g_source_remove);
  g_clear_object (&self->recogniser);

  G_OBJECT_CLASS (whis_offline_server_parent_class)->dispose (object);
}

static void
whis_offline_server_class_init (WhisOfflineServerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_offline_server_dispose;

  /**
   * WhisOfflineServer::idle:
   * @self: the server
   *
   * Nothing was asked for as long as whis_offline_server_set_idle_seconds() said, or nothing is
   * asked and the recogniser has grown too much.
   */
  signals[SIGNAL_IDLE] = g_signal_new ("idle", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_offline_server_init (WhisOfflineServer *self)
{
  self->http = soup_server_new ("server-header", "whis-offline/" WHIS_VERSION, NULL);
  soup_server_add_early_handler (self->http, NULL, got_headers, NULL, NULL);
  soup_server_add_handler (self->http, NULL, server_answer, self, NULL);
  g_signal_connect (self->http, "request-started", G_CALLBACK (request_started), self);
  g_signal_connect (self->http, "request-finished", G_CALLBACK (request_ended), self);
  g_signal_connect (self->http, "request-aborted", G_CALLBACK (request_ended), self);

  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (on_server_incoming), self);
}

/**
 * whis_offline_server_new:
 * @recogniser: who does the work
 *
 * Returns: (transfer full): a server that does not listen yet
 */
WhisOfflineServer *
whis_offline_server_new (WhisRecogniser *recogniser)
{
  WhisOfflineServer *self;

  g_return_val_if_fail (WHIS_IS_RECOGNISER (recogniser), NULL);

  self = g_object_new (WHIS_TYPE_OFFLINE_SERVER, NULL);
  self->recogniser = g_object_ref (recogniser);

  return self;
}

/**
 * whis_offline_server_listen:
 * @self: a server
 * @socket: a Unix socket that listens
 * @error: return location
 *
 * Takes connections from a socket.
 *
 * Returns: %FALSE with a %GIOErrorEnum if that does not work
 */
gboolean
whis_offline_server_listen (WhisOfflineServer *self, GSocket *socket, GError **error)
{
  g_return_val_if_fail (WHIS_IS_OFFLINE_SERVER (self), FALSE);
  g_return_val_if_fail (G_IS_SOCKET (socket), FALSE);

  update_idle_timer (self);

  return g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), socket, NULL, error);
}

/**
 * whis_offline_server_set_idle_seconds:
 * @self: a server
 * @seconds: how long nothing is asked before [signal@OfflineServer::idle], or 0 for never
 */
void
whis_offline_server_set_idle_seconds (WhisOfflineServer *self, guint seconds)
{
  g_return_if_fail (WHIS_IS_OFFLINE_SERVER (self));

  self->idle_seconds = seconds;
  update_idle_timer (self);
}
