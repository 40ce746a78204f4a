/* SPDX-License-Identifier: MIT */
#include "live-traffic.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* libsoup up to 3.6 puts the parts of a message together without a limit, and tells nobody before
 * its end. The system knows how much came (tcp(7), TCP_INFO). */

#define DATA_KEY "whis-socket"

static void
on_event (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  if (event == G_SOCKET_CLIENT_CONNECTED && G_IS_SOCKET_CONNECTION (stream))
    g_object_set_data_full (
        G_OBJECT (message), DATA_KEY,
        g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream))),
        g_object_unref);
}

/**
 * whis_live_traffic_watch:
 * @message: a request for a WebSocket that is going to be sent
 *
 * Notes its socket.
 */
void
whis_live_traffic_watch (SoupMessage *message)
{
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  g_signal_connect (message, "network-event", G_CALLBACK (on_event), NULL);
}

/**
 * whis_live_traffic_hand_over:
 * @message: a request that was watched
 * @connection: the WebSocket that came of it
 */
void
whis_live_traffic_hand_over (SoupMessage *message, SoupWebsocketConnection *connection)
{
  GSocket *socket;

  g_return_if_fail (SOUP_IS_MESSAGE (message));
  g_return_if_fail (SOUP_IS_WEBSOCKET_CONNECTION (connection));

  socket = g_object_get_data (G_OBJECT (message), DATA_KEY);
  if (socket != NULL)
    g_object_set_data_full (G_OBJECT (connection), DATA_KEY, g_object_ref (socket), g_object_unref);
}

/**
 * whis_live_traffic_get_received:
 * @connection: a WebSocket
 *
 * Returns: how many bytes came through its socket, whatever they are; 0 where that is not known
 */
guint64
whis_live_traffic_get_received (SoupWebsocketConnection *connection)
{
  GSocket *socket;
  struct tcp_info info = { 0 };
  socklen_t size = sizeof info;

  g_return_val_if_fail (SOUP_IS_WEBSOCKET_CONNECTION (connection), 0);

  socket = g_object_get_data (G_OBJECT (connection), DATA_KEY);
  if (socket == NULL
      || getsockopt (g_socket_get_fd (socket), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return 0;

  return info.tcpi_bytes_received;
}
