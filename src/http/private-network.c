/* SPDX-License-Identifier: MIT */
#include "private-network.h"

#include <glib/gi18n-lib.h>

#include "host.h"
#include "http-error.h"

#define DATA_KEY "whis-own-network"

typedef struct
{
  GCancellable *cancellable;
  char *outside; /* where the name led to, if that is not in the own network */
} Watch;

static void
watch_free (gpointer data)
{
  Watch *watch = data;

  g_object_unref (watch->cancellable);
  g_free (watch->outside);
  g_free (watch);
}

/* Before anything is sent. */
static void
on_event (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  Watch *watch = g_object_get_data (G_OBJECT (message), DATA_KEY);
  g_autoptr (GSocketAddress) remote = NULL;
  GInetAddress *address;

  if ((event != G_SOCKET_CLIENT_CONNECTING && event != G_SOCKET_CLIENT_CONNECTED)
      || !G_IS_SOCKET_CONNECTION (stream))
    return;
  remote = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL);
  if (!G_IS_INET_SOCKET_ADDRESS (remote))
    return;
  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (remote));
  if (whis_host_is_in_own_network (address))
    return;
  g_free (watch->outside);
  watch->outside = g_inet_address_to_string (address);
  g_cancellable_cancel (watch->cancellable);
}

/**
 * whis_private_network_watch:
 * @message: a request that is going to be sent
 * @cancellable: what cancels it
 *
 * Sees to it that a request without encryption does not leave the own network, wherever the name
 * of its host leads.
 */
void
whis_private_network_watch (SoupMessage *message, GCancellable *cancellable)
{
  Watch *watch;

  g_return_if_fail (SOUP_IS_MESSAGE (message));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  if (!g_str_equal (g_uri_get_scheme (soup_message_get_uri (message)), "http"))
    return;
  watch = g_new0 (Watch, 1);
  watch->cancellable = g_object_ref (cancellable);
  g_object_set_data_full (G_OBJECT (message), DATA_KEY, watch, watch_free);
  g_signal_connect (message, "network-event", G_CALLBACK (on_event), NULL);
}

/**
 * whis_private_network_get_error:
 * @message: a request that was watched and has ended
 *
 * Returns: (transfer full) (nullable): a %WHIS_HTTP_ERROR_ADDRESS when it was not sent because it
 *   would have left the own network
 */
GError *
whis_private_network_get_error (SoupMessage *message)
{
  const Watch *watch;

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), NULL);

  watch = g_object_get_data (G_OBJECT (message), DATA_KEY);
  if (watch == NULL || watch->outside == NULL)
    return NULL;

  return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_ADDRESS,
                      _ ("The name %s leads to %s, which is not in your own network, so nothing "
                         "was sent there without encryption. Use an https:// address."),
                      g_uri_get_host (soup_message_get_uri (message)), watch->outside);
}
