/* SPDX-License-Identifier: MIT */
#include "endpoint-connection.h"

#include <glib-unix.h>
#include <poll.h>

/**
 * WhisEndpointConnection:
 *
 * What libsoup does not do for a server's connection: an end to those that are too slow, and a look
 * at those whose message is paused. It lives as long as the address of the other side, which leads
 * from a message to it.
 */
struct _WhisEndpointConnection
{
  GSocket *socket;
  GSource *deadline; /* nullable */
  WhisEndpointConnectionFunc ended;
  gpointer data;
};

#define KEY "whis-endpoint-connection"

static void
clear_deadline (WhisEndpointConnection *self)
{
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
}

static void
connection_free (gpointer data)
{
  WhisEndpointConnection *self = data;

  clear_deadline (self);
  g_object_unref (self->socket);
  self->ended (self->data);
  g_free (self);
}

/**
 * whis_endpoint_connection_attach:
 * @connection: a new connection
 * @remote: the address that libsoup is told for the other side
 * @ended: called when the connection is forgotten
 * @data: for @ended
 *
 * Returns: (transfer none): the connection
 */
WhisEndpointConnection *
whis_endpoint_connection_attach (GSocketConnection *connection,
                                 GSocketAddress *remote,
                                 WhisEndpointConnectionFunc ended,
                                 gpointer data)
{
  WhisEndpointConnection *self;

  g_return_val_if_fail (G_IS_SOCKET_CONNECTION (connection), NULL);
  g_return_val_if_fail (G_IS_SOCKET_ADDRESS (remote), NULL);
  g_return_val_if_fail (ended != NULL, NULL);

  self = g_new0 (WhisEndpointConnection, 1);
  self->socket = g_object_ref (g_socket_connection_get_socket (connection));
  self->ended = ended;
  self->data = data;
  g_object_set_data_full (G_OBJECT (remote), KEY, self, connection_free);

  return self;
}

/**
 * whis_endpoint_connection_get:
 * @message: a request
 *
 * Returns: (transfer none): the connection that it came over
 */
WhisEndpointConnection *
whis_endpoint_connection_get (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (soup_server_message_get_remote_address (message)), KEY);
}

/**
 * whis_endpoint_connection_close:
 * @self: a connection
 *
 * Ends the connection; libsoup finds it closed.
 */
void
whis_endpoint_connection_close (WhisEndpointConnection *self)
{
  g_return_if_fail (self != NULL);

  clear_deadline (self);
  g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
}

static gboolean
deadline_cb (gpointer data)
{
  g_debug ("A connection was too slow");
  whis_endpoint_connection_close (data);

  return G_SOURCE_REMOVE;
}

/**
 * whis_endpoint_connection_set_deadline:
 * @self: a connection
 * @ms: how long the connection may still last, in milliseconds; 0 for as long as it wants
 */
void
whis_endpoint_connection_set_deadline (WhisEndpointConnection *self, guint ms)
{
  g_return_if_fail (self != NULL);

  clear_deadline (self);
  if (ms == 0)
    return;
  self->deadline = g_timeout_source_new (ms);
  g_source_set_callback (self->deadline, deadline_cb, self, NULL);
  g_source_attach (self->deadline, g_main_context_get_thread_default ());
}

/* The two arguments of the caller. */
typedef struct
{
  WhisEndpointConnectionFunc gone;
  gpointer data;
} Watch;

static gboolean
gone_cb (int fd, GIOCondition condition, gpointer data)
{
  const Watch *watch = data;

  watch->gone (watch->data);

  return G_SOURCE_REMOVE;
}

/**
 * whis_endpoint_connection_watch:
 * @self: a connection of a message that is paused
 * @gone: called once when the other side has closed it
 * @data: for @gone
 *
 * libsoup does not look at the connection of a paused message. Over TCP the end of the other side
 * is no `POLLHUP`, which needs the end of both.
 *
 * Returns: (transfer full): the source of the watch, to be destroyed
 */
GSource *
whis_endpoint_connection_watch (WhisEndpointConnection *self,
                                WhisEndpointConnectionFunc gone,
                                gpointer data)
{
  const GIOCondition closed = (GIOCondition) (POLLRDHUP | POLLHUP | POLLERR);
  GSource *source;
  Watch *watch;

  g_return_val_if_fail (self != NULL && gone != NULL, NULL);

  source = g_unix_fd_source_new (g_socket_get_fd (self->socket), closed);
  watch = g_new (Watch, 1);
  watch->gone = gone;
  watch->data = data;
  g_source_set_callback (source, G_SOURCE_FUNC (gone_cb), watch, g_free);
  g_source_attach (source, g_main_context_get_thread_default ());

  return source;
}
