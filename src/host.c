/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <string.h>

/* Names below `localhost` are this computer by RFC 6761, and for GLib. */
static gboolean
is_name_of_this_computer (const char *host)
{
  g_autofree char *name = g_ascii_strdown (host, -1);

  return g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost");
}

/* IPv6 addresses of one's own network, which GLib does not count as site-local. */
static gboolean
is_unique_local (GInetAddress *address)
{
  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6
         && (g_inet_address_to_bytes (address)[0] & 0xFE) == 0xFC;
}

/**
 * whis_host_get_reach:
 * @host: a name, or a number without brackets
 *
 * Returns: how far what is sent to it travels
 */
WhisHostReach
whis_host_get_reach (const char *host)
{
  g_autoptr (GInetAddress) address = NULL;

  g_return_val_if_fail (host != NULL, WHIS_HOST_ANYWHERE);

  address = g_inet_address_new_from_string (host);
  if (address == NULL)
    return is_name_of_this_computer (host) ? WHIS_HOST_THIS_COMPUTER : WHIS_HOST_ANYWHERE;
  if (g_inet_address_get_is_loopback (address))
    return WHIS_HOST_THIS_COMPUTER;
  if (g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address)
      || is_unique_local (address))
    return WHIS_HOST_PRIVATE;

  return WHIS_HOST_ANYWHERE;
}

/**
 * whis_host_has_usual_port:
 * @uri: an `http` or `https` address
 *
 * Returns: %TRUE if its port need not be named
 */
gboolean
whis_host_has_usual_port (GUri *uri)
{
  int port;

  g_return_val_if_fail (uri != NULL, FALSE);

  port = g_uri_get_port (uri);

  return port <= 0 || port == (g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80);
}

/**
 * whis_host_dup_with_port:
 * @uri: an `http` or `https` address that has a host
 *
 * Returns: (transfer full): host and, where it is not the usual one, port, as settings and people
 *   name them: `192.168.1.5:8000`, `[fd00::1]:8000`, `api.openai.com`
 */
char *
whis_host_dup_with_port (GUri *uri)
{
  const char *host;

  g_return_val_if_fail (uri != NULL && g_uri_get_host (uri) != NULL, NULL);

  host = g_uri_get_host (uri);
  if (whis_host_has_usual_port (uri))
    return g_strdup (host);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host,
                          g_uri_get_port (uri));
}
