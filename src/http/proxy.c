/* SPDX-License-Identifier: MIT */
#include "proxy.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "http-error.h"

/* Proxies of HTTP (RFC 9110, 7.3.2 and 9.3.6) for connections with TLS, and no others: plain http
 * goes through none. */

#define DATA_KEY "whis-proxy"

/* The way to a server through a proxy. */
typedef struct
{
  char *name; /* NULL without a proxy */
  gboolean has_login;
  gboolean is_through;
} Way;

static void
way_free (gpointer data)
{
  Way *way = data;

  g_free (way->name);
  g_free (way);
}

static char *
dup_name (GProxyAddress *proxy)
{
  g_autoptr (GUri) uri = NULL;
  const char *text = g_proxy_address_get_uri (proxy);
  GInetSocketAddress *address = G_INET_SOCKET_ADDRESS (proxy);

  if (text != NULL)
    uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri != NULL && g_uri_get_host (uri) != NULL)
    return g_strdup_printf ("%s:%u", g_uri_get_host (uri),
                            g_inet_socket_address_get_port (address));

  return g_socket_connectable_to_string (G_SOCKET_CONNECTABLE (proxy));
}

static void
note_proxy (Way *way, GIOStream *stream)
{
  g_autoptr (GSocketAddress) remote = NULL;

  if (way->name != NULL || !G_IS_SOCKET_CONNECTION (stream))
    return;
  remote = g_socket_connection_get_remote_address (G_SOCKET_CONNECTION (stream), NULL);
  if (!G_IS_PROXY_ADDRESS (remote))
    return;
  way->name = dup_name (G_PROXY_ADDRESS (remote));
  way->has_login = g_proxy_address_get_username (G_PROXY_ADDRESS (remote)) != NULL;
}

static void
on_event (SoupMessage *message, GSocketClientEvent event, GIOStream *stream, gpointer data)
{
  Way *way = g_object_get_data (G_OBJECT (message), DATA_KEY);

  if (event == G_SOCKET_CLIENT_CONNECTING || event == G_SOCKET_CLIENT_PROXY_NEGOTIATING)
    note_proxy (way, stream);
  else if (event == G_SOCKET_CLIENT_PROXY_NEGOTIATED || event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    way->is_through = TRUE;
}

/* Basic authentication (RFC 7617), and before it is asked for: libsoup up to 3.6 asks for itself
 * when it answers a 407, in place of the server. */
static void
show_login (SoupMessage *message, gpointer data)
{
  GSocketAddress *remote = soup_message_get_remote_address (message);
  const char *name;
  const char *password;
  g_autofree char *login = NULL;
  g_autofree char *base64 = NULL;
  g_autofree char *value = NULL;

  if (!G_IS_PROXY_ADDRESS (remote))
    return;
  name = g_proxy_address_get_username (G_PROXY_ADDRESS (remote));
  password = g_proxy_address_get_password (G_PROXY_ADDRESS (remote));
  if (name == NULL)
    return;
  login = g_strconcat (name, ":", password != NULL ? password : "", NULL);
  base64 = g_base64_encode ((const guchar *) login, strlen (login));
  value = g_strconcat ("Basic ", base64, NULL);
  soup_message_headers_replace (soup_message_get_request_headers (message), "Proxy-Authorization",
                                value);
}

static void
on_queued (SoupSession *session, SoupMessage *message, gpointer data)
{
  if (g_str_equal (soup_message_get_method (message), SOUP_METHOD_CONNECT))
    g_signal_connect (message, "starting", G_CALLBACK (show_login), NULL);
}

/**
 * whis_proxy_log_in:
 * @session: a session
 *
 * Shows the name and the password that the system's settings have for a proxy to that proxy, and
 * to nobody else.
 */
void
whis_proxy_log_in (SoupSession *session)
{
  g_return_if_fail (SOUP_IS_SESSION (session));

  g_signal_connect (session, "request-queued", G_CALLBACK (on_queued), NULL);
}

/**
 * whis_proxy_watch:
 * @message: a request that is going to be sent
 *
 * Notes whether it goes through a proxy, and how far it gets.
 */
void
whis_proxy_watch (SoupMessage *message)
{
  g_return_if_fail (SOUP_IS_MESSAGE (message));

  g_object_set_data_full (G_OBJECT (message), DATA_KEY, g_new0 (Way, 1), way_free);
  g_signal_connect (message, "network-event", G_CALLBACK (on_event), NULL);
}

static GError *
make_refusal (const Way *way, const char *host, guint status)
{
  if (status == SOUP_STATUS_PROXY_UNAUTHORIZED && way->has_login)
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY,
                        _ ("The proxy %s does not accept the name and the password that the "
                           "network settings have for it. Correct them there."),
                        way->name);
  if (status == SOUP_STATUS_PROXY_UNAUTHORIZED)
    return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY,
                        _ ("The proxy %s wants a name and a password. Enter them in the network "
                           "settings, or in the variable “https_proxy”."),
                        way->name);

  return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY,
                      _ ("The proxy %s did not connect to %s (status %u). Check the proxy in the "
                         "network settings."),
                      way->name, host, status);
}

/**
 * whis_proxy_get_error:
 * @message: a request that was watched and has ended
 * @cause: (nullable): why there is no answer, of GIO; %NULL when there is one, or when it was not
 *   waited for any longer
 *
 * Tells what a proxy did from what the server did, which was not reached before.
 *
 * Returns: (transfer full) (nullable): a %WHIS_HTTP_ERROR_PROXY when the proxy is to blame
 */
GError *
whis_proxy_get_error (SoupMessage *message, const GError *cause)
{
  const Way *way;
  const char *host;

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), NULL);

  way = g_object_get_data (G_OBJECT (message), DATA_KEY);
  if (way == NULL || way->name == NULL || way->is_through
      || g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return NULL;
  host = g_uri_get_host (soup_message_get_uri (message));
  if (soup_message_get_status (message) != SOUP_STATUS_NONE)
    return make_refusal (way, host, soup_message_get_status (message));

  return g_error_new (WHIS_HTTP_ERROR, WHIS_HTTP_ERROR_PROXY,
                      _ ("The proxy %s does not answer. Check the proxy in the network settings."),
                      way->name);
}
