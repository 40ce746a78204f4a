/* SPDX-License-Identifier: MIT */
#include "endpoint.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "endpoint-connection.h"
#include "endpoint-guard.h"
#include "endpoint-job.h"
#include "endpoint-timeout.h"
#include "endpoint-reply.h"
#include "secret.h"

/**
 * WhisEndpoint:
 *
 * The recogniser of this computer for other programs on it, in the dialect of
 * [OpenAI](https://platform.openai.com/docs/api-reference/audio/createTranscription):
 * `POST /v1/audio/transcriptions` and `GET /v1/models`.
 *
 * It listens on the loopback alone, and answers those who have its key. Requests are worked on one
 * after the other, in the order in which they have come.
 */
struct _WhisEndpoint
{
  GObject parent_instance;

  WhisEndpointRecogniser *recogniser;
  char *directory;
  char *key; /* NULL while it is closed */
  guint16 port;
  GSocketService *service; /* NULL while it is closed */
  SoupServer *http;
  GPtrArray *jobs; /* WhisEndpointJob, from the headers to the end of the answer */
  GQueue waiting;  /* WhisEndpointJob, not owned */
  WhisEndpointJob *running;
  guint n_connections;
};

G_DEFINE_FINAL_TYPE (WhisEndpoint, whis_endpoint, G_TYPE_OBJECT)

/* Requests that may be there at a time, with the one that is worked on; and when another one may
 * come, in seconds. */
#define MOST_JOBS 8
#define RETRY_AFTER "10"

/* More connections than that are of nobody who means well. */
#define MOST_CONNECTIONS 32

/* RFC 6585, which libsoup has no name for. */
#define TOO_MANY_REQUESTS 429

#define TRANSCRIPTIONS "/v1/audio/transcriptions"
#define MODELS "/v1/models"

/* --- the queue -------------------------------------------------------------------------------- */

static void
run_next (WhisEndpoint *self)
{
  WhisEndpointJob *job;

  if (self->running != NULL)
    return;
  job = g_queue_pop_head (&self->waiting);
  if (job == NULL)
    return;
  self->running = g_object_ref (job);
  whis_endpoint_job_run (job, self->recogniser);
}

static void
ready_cb (WhisEndpoint *self, WhisEndpointJob *job)
{
  g_queue_push_tail (&self->waiting, job);
  run_next (self);
}

static void
done_cb (WhisEndpoint *self, WhisEndpointJob *job)
{
  g_queue_remove (&self->waiting, job);
  if (job != self->running)
    return;
  g_clear_object (&self->running);
  run_next (self);
}

static void
add_job (WhisEndpoint *self, SoupServerMessage *message)
{
  WhisEndpointJob *job = whis_endpoint_job_new (message, self->directory);

  g_signal_connect_object (job, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (job, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->jobs, job);
}

static void
message_ended_cb (SoupServer *http, SoupServerMessage *message, WhisEndpoint *self)
{
  WhisEndpointJob *job = whis_endpoint_job_get (message);

  if (job == NULL)
    return;
  whis_endpoint_job_close (job);
  g_queue_remove (&self->waiting, job);
  g_ptr_array_remove (self->jobs, job);
}

/* --- requests --------------------------------------------------------------------------------- */

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SoupServerMessage) message = data;
  WhisEndpointRecogniser *recogniser = WHIS_ENDPOINT_RECOGNISER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models =
      WHIS_ENDPOINT_RECOGNISER_GET_IFACE (recogniser)->list_finish (recogniser, result, &error);

  if (models != NULL)
    whis_endpoint_reply_with_models (message, models);
  else
    whis_endpoint_reply_with_failure (message, NULL, error);
  soup_server_message_unpause (message);
}

static void
list_models (WhisEndpoint *self, SoupServerMessage *message)
{
  soup_server_message_pause (message);
  WHIS_ENDPOINT_RECOGNISER_GET_IFACE (self->recogniser)
      ->list_async (self->recogniser, NULL, listed_cb, g_object_ref (message));
}

static void
endpoint_transcribe (WhisEndpoint *self, SoupServerMessage *message)
{
  whis_endpoint_job_complete (whis_endpoint_job_get (message));
}

static const struct
{
  const char *path;
  const char *method;
  void (*answer) (WhisEndpoint *self, SoupServerMessage *message);
} plan[] = {
  { TRANSCRIPTIONS, "POST", endpoint_transcribe },
  { MODELS, "GET", list_models },
};

static void
refuse_method (SoupServerMessage *message, const char *allowed)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                allowed);
  whis_endpoint_reply_with_error (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL,
                                  "method_not_allowed", _ ("This path does not know that method."));
}

static gboolean
check_route (SoupServerMessage *message, const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (plan); i++)
    {
      if (g_strcmp0 (path, plan[i].path) != 0)
        continue;
      if (g_strcmp0 (soup_server_message_get_method (message), plan[i].method) == 0)
        return TRUE;
      refuse_method (message, plan[i].method);
      return FALSE;
    }
  whis_endpoint_reply_with_error (message, SOUP_STATUS_NOT_FOUND, NULL, "not_found",
                                  _ ("Whis does not know this path."));

  return FALSE;
}

static gboolean
check_room (WhisEndpoint *self, SoupServerMessage *message)
{
  if (self->jobs->len < MOST_JOBS)
    return TRUE;
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                RETRY_AFTER);
  whis_endpoint_reply_with_error (message, TOO_MANY_REQUESTS, NULL, "rate_limit_exceeded",
                                  _ ("Too many requests wait already: ask again later."));

  return FALSE;
}

/* Whoever may not ask is told so before anything of the body is read. */
static void
got_headers_cb (SoupServer *http,
                SoupServerMessage *message,
                const char *path,
                GHashTable *query,
                gpointer data)
{
  WhisEndpoint *self = data;
  WhisEndpointConnection *connection = whis_endpoint_connection_get (message);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  /* One connection has one request, so that its deadlines are those of the request. */
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                "close");
  whis_endpoint_connection_set_deadline (connection, whis_endpoint_timeout_get_ms ());
  if (whis_endpoint_guard_admit (message, self->port, self->key) && check_route (message, path)
      && g_str_equal (path, TRANSCRIPTIONS) && check_room (self, message))
    add_job (self, message);
}

static void
answer_cb (SoupServer *http,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  if (soup_server_message_get_status (message) != 0)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (plan); i++)
    if (g_strcmp0 (path, plan[i].path) == 0)
      plan[i].answer (data, message);
}

/* --- connections ------------------------------------------------------------------------------ */

static void
connection_ended_cb (gpointer data)
{
  g_autoptr (WhisEndpoint) self = data;

  self->n_connections--;
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *connection,
             GObject *source,
             WhisEndpoint *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, &error);
  g_autoptr (GSocketAddress) remote =
      local != NULL ? g_socket_connection_get_remote_address (connection, &error) : NULL;
  WhisEndpointConnection *ours;

  if (remote == NULL || self->n_connections >= MOST_CONNECTIONS)
    {
      g_debug ("A connection is not taken");
      return TRUE;
    }

  self->n_connections++;
  ours = whis_endpoint_connection_attach (connection, remote, connection_ended_cb,
                                          g_object_ref (self));
  whis_endpoint_connection_set_deadline (ours, whis_endpoint_timeout_get_ms ());
  if (!soup_server_accept_iostream (self->http, G_IO_STREAM (connection), local, remote, &error))
    g_debug ("A connection is lost: %s", error->message);

  return TRUE;
}

static GSocket *
create_socket (const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GSocket) socket = g_socket_new (g_socket_address_get_family (where),
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (socket == NULL || !g_socket_bind (socket, where, TRUE, error)
      || !g_socket_listen (socket, error))
    return NULL;

  return g_steal_pointer (&socket);
}

static gboolean
listen_at (GSocketService *service, const char *address, guint16 port, GError **error)
{
  g_autoptr (GSocket) socket = create_socket (address, port, error);

  return socket != NULL
         && g_socket_listener_add_socket (G_SOCKET_LISTENER (service), socket, NULL, error);
}

/* A computer may be without IPv6; but where it has it, nobody else may have the port there: a
 * client that asks `localhost` would give its key away. */
static gboolean
listen_at_both (GSocketService *service, guint16 port, GError **error)
{
  g_autoptr (GError) problem = NULL;

  if (listen_at (service, "127.0.0.1", port, &problem)
      && (listen_at (service, "::1", port, &problem)
          || !g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)))
    return TRUE;

  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_set_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_PORT,
                 _ ("Another program listens at port %u already; choose another one with “whis "
                    "settings endpoint-port”."),
                 port);
  else
    g_set_error (error, WHIS_ENDPOINT_ERROR, WHIS_ENDPOINT_ERROR_PORT,
                 _ ("Whis cannot listen at port %u: %s."), port, problem->message);

  return FALSE;
}

static void
create_http (WhisEndpoint *self)
{
  self->http = soup_server_new ("server-header", "whis/" WHIS_VERSION, NULL);
  soup_server_add_early_handler (self->http, NULL, got_headers_cb, self, NULL);
  soup_server_add_handler (self->http, NULL, answer_cb, self, NULL);
  g_signal_connect (self->http, "request-finished", G_CALLBACK (message_ended_cb), self);
  g_signal_connect (self->http, "request-aborted", G_CALLBACK (message_ended_cb), self);
}

/**
 * whis_endpoint_open:
 * @self: an endpoint that is closed
 * @port: where to listen
 * @key: what a client must have
 * @error: return location for %WHIS_ENDPOINT_ERROR_PORT
 *
 * Begins to listen, at 127.0.0.1 and ::1 alone.
 *
 * Returns: whether it listens
 */
gboolean
whis_endpoint_open (WhisEndpoint *self, guint16 port, const char *key, GError **error)
{
  g_autoptr (GSocketService) service = NULL;

  g_return_val_if_fail (WHIS_IS_ENDPOINT (self), FALSE);
  g_return_val_if_fail (self->service == NULL, FALSE);
  g_return_val_if_fail (key != NULL && *key != '\0', FALSE);

  service = g_socket_service_new ();
  if (!listen_at_both (service, port, error))
    {
      g_socket_service_stop (service);
      g_socket_listener_close (G_SOCKET_LISTENER (service));
      return FALSE;
    }

  self->port = port;
  self->key = g_strdup (key);
  create_http (self);
  self->service = g_steal_pointer (&service);
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);

  return TRUE;
}

static void
forget_key (WhisEndpoint *self)
{
  g_clear_pointer (&self->key, whis_secret_free);
}

/**
 * whis_endpoint_set_key:
 * @self: an endpoint
 * @key: what a client must have from now on
 *
 * What was asked for with the key before is answered. Does nothing if the endpoint is closed.
 */
void
whis_endpoint_set_key (WhisEndpoint *self, const char *key)
{
  g_return_if_fail (WHIS_IS_ENDPOINT (self));
  g_return_if_fail (key != NULL && *key != '\0');

  if (self->key == NULL)
    return;
  forget_key (self);
  self->key = g_strdup (key);
}

static void
close_jobs (WhisEndpoint *self)
{
  g_queue_clear (&self->waiting);
  for (guint i = 0; i < self->jobs->len; i++)
    whis_endpoint_job_close (g_ptr_array_index (self->jobs, i));
  g_ptr_array_set_size (self->jobs, 0);
}

/**
 * whis_endpoint_close:
 * @self: an endpoint
 *
 * Listens no more, and ends what it was asked for. Does nothing if it is closed.
 */
void
whis_endpoint_close (WhisEndpoint *self)
{
  g_return_if_fail (WHIS_IS_ENDPOINT (self));

  if (self->service == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->service, self);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  close_jobs (self);
  g_signal_handlers_disconnect_by_data (self->http, self);
  soup_server_remove_handler (self->http, NULL);
  soup_server_disconnect (self->http);
  g_clear_object (&self->http);
  forget_key (self);
  self->port = 0;
}

/**
 * whis_endpoint_get_port:
 * @self: an endpoint
 *
 * Returns: where it listens; 0 while it is closed
 */
guint16
whis_endpoint_get_port (WhisEndpoint *self)
{
  g_return_val_if_fail (WHIS_IS_ENDPOINT (self), 0);

  return self->port;
}

static void
whis_endpoint_dispose (GObject *object)
{
  WhisEndpoint *self = WHIS_ENDPOINT (object);

  whis_endpoint_close (self);
  g_clear_object (&self->running);
  g_clear_object (&self->recogniser);

  G_OBJECT_CLASS (whis_endpoint_parent_class)->dispose (object);
}

static void
whis_endpoint_finalize (GObject *object)
{
  WhisEndpoint *self = WHIS_ENDPOINT (object);

  g_ptr_array_unref (self->jobs);
  g_free (self->directory);

  G_OBJECT_CLASS (whis_endpoint_parent_class)->finalize (object);
}

static void
whis_endpoint_class_init (WhisEndpointClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_endpoint_dispose;
  object_class->finalize = whis_endpoint_finalize;
}

static void
whis_endpoint_init (WhisEndpoint *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->waiting);
}

/**
 * whis_endpoint_new:
 * @recogniser: who does the work
 * @directory: where sound may be while it is worked on; for its owner alone
 *
 * Returns: (transfer full): an endpoint that is closed
 */
WhisEndpoint *
whis_endpoint_new (WhisEndpointRecogniser *recogniser, const char *directory)
{
  WhisEndpoint *self;

  g_return_val_if_fail (WHIS_IS_ENDPOINT_RECOGNISER (recogniser), NULL);
  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (WHIS_TYPE_ENDPOINT, NULL);
  self->recogniser = g_object_ref (recogniser);
  self->directory = g_strdup (directory);

  return self;
}
