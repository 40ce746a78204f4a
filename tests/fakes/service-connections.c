/* SPDX-License-Identifier: MIT */
#include "service-connections.h"

struct _ServiceConnections
{
  SoupServer *server;
  GMainContext *context;
  GSocketService *listener;
  /* Connection by the client's port */
  GHashTable *connections;
  guint port;
  /* read by other threads */
  int idle_ms;
  int n_accepted;
  int n_idle_closed;
};

typedef struct
{
  ServiceConnections *all;
  GSocket *socket;
  GSource *timer;
} Connection;

static void
clear_timer (Connection *connection)
{
  if (connection->timer != NULL)
    g_source_destroy (connection->timer);
  g_clear_pointer (&connection->timer, g_source_unref);
}

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  clear_timer (connection);
  g_object_unref (connection->socket);
  g_free (connection);
}

static gboolean
close_idle (gpointer data)
{
  Connection *connection = data;

  if (!g_socket_is_closed (connection->socket)
      && g_socket_shutdown (connection->socket, TRUE, TRUE, NULL))
    g_atomic_int_inc (&connection->all->n_idle_closed);
  clear_timer (connection);
  g_main_context_wakeup (NULL);

  return G_SOURCE_REMOVE;
}

static void
start_timer (Connection *connection)
{
  int idle_ms = g_atomic_int_get (&connection->all->idle_ms);

  clear_timer (connection);
  if (idle_ms == 0)
    return;
  connection->timer = g_timeout_source_new ((guint) idle_ms);
  g_source_set_callback (connection->timer, close_idle, connection, NULL);
  g_source_attach (connection->timer, connection->all->context);
}

static gboolean
incoming (GSocketService *listener, GSocketConnection *stream, GObject *source, gpointer data)
{
  ServiceConnections *self = data;
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (stream, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (stream, NULL);
  Connection *connection;
  guint port;

  /* gone again already */
  if (local == NULL || remote == NULL)
    return TRUE;
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote));
  connection = g_new0 (Connection, 1);
  connection->all = self;
  connection->socket = g_object_ref (g_socket_connection_get_socket (stream));
  g_hash_table_insert (self->connections, GUINT_TO_POINTER (port), connection);
  g_atomic_int_inc (&self->n_accepted);
  start_timer (connection);
  soup_server_accept_iostream (self->server, G_IO_STREAM (stream), local, remote, NULL);
  g_main_context_wakeup (NULL);

  return TRUE;
}

static guint
listen_on_any_port (ServiceConnections *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (self->listener), any, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &address, &error);
  g_assert_no_error (error);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

/* A server without a listener of its own keeps no connection; nobody is told of this one's port. */
static void
have_connections_kept (SoupServer *server)
{
  g_autoptr (GError) error = NULL;

  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
}

ServiceConnections *
service_connections_new (SoupServer *server, GMainContext *context)
{
  ServiceConnections *self = g_new0 (ServiceConnections, 1);

  self->server = server;
  self->context = context;
  self->connections = g_hash_table_new_full (NULL, NULL, NULL, connection_free);
  self->listener = g_socket_service_new ();
  g_signal_connect (self->listener, "incoming", G_CALLBACK (incoming), self);
  self->port = listen_on_any_port (self);
  have_connections_kept (server);

  return self;
}

void
service_connections_close (ServiceConnections *self)
{
  g_socket_service_stop (self->listener);
  g_socket_listener_close (G_SOCKET_LISTENER (self->listener));
  g_hash_table_remove_all (self->connections);
  g_clear_object (&self->listener);
}

void
service_connections_free (ServiceConnections *self)
{
  g_hash_table_unref (self->connections);
  g_free (self);
}

guint
service_connections_get_port (ServiceConnections *self)
{
  return self->port;
}

void
service_connections_set_idle_ms (ServiceConnections *self, guint idle_ms)
{
  g_atomic_int_set (&self->idle_ms, (int) idle_ms);
}

guint
service_connections_get_n_accepted (ServiceConnections *self)
{
  return (guint) g_atomic_int_get (&self->n_accepted);
}

guint
service_connections_get_n_idle_closed (ServiceConnections *self)
{
  return (guint) g_atomic_int_get (&self->n_idle_closed);
}

GSocket *
service_connections_find (ServiceConnections *self, guint port)
{
  Connection *connection = g_hash_table_lookup (self->connections, GUINT_TO_POINTER (port));

  return connection != NULL ? connection->socket : NULL;
}

void
service_connections_note_busy (ServiceConnections *self, guint port)
{
  Connection *connection = g_hash_table_lookup (self->connections, GUINT_TO_POINTER (port));

  if (connection != NULL)
    clear_timer (connection);
}

void
service_connections_note_idle (ServiceConnections *self, guint port)
{
  Connection *connection = g_hash_table_lookup (self->connections, GUINT_TO_POINTER (port));

  if (connection != NULL && !g_socket_is_closed (connection->socket))
    start_timer (connection);
}
