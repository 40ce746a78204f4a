/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <ifaddrs.h>
#include <netinet/in.h>
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

/* Addresses behind a translator of one's provider, or of a network laid over others. */
static gboolean
is_shared (GInetAddress *address)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);

  return g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4 && bytes[0] == 100
         && (bytes[1] & 0xC0) == 64;
}

/* A name of one part that begins with a digit may be a number in disguise. */
static gboolean
is_name_of_own_network (const char *host)
{
  static const char *const endings[] = { ".local", ".internal", ".home.arpa" };
  g_autofree char *name = g_ascii_strdown (host, -1);

  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  if (strchr (name, '.') == NULL && strchr (name, ':') == NULL)
    return g_ascii_isalpha (*name);
  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      if (g_str_has_suffix (name, endings[i]) && *name != '.')
        return TRUE;
    }

  return FALSE;
}

static WhisHostReach
get_reach (GInetAddress *address)
{
  if (g_inet_address_get_is_loopback (address))
    return WHIS_HOST_THIS_COMPUTER;
  if (g_inet_address_get_is_site_local (address) || g_inet_address_get_is_link_local (address)
      || is_unique_local (address) || is_shared (address))
    return WHIS_HOST_PRIVATE;

  return WHIS_HOST_ANYWHERE;
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
    return is_name_of_this_computer (host) ? WHIS_HOST_THIS_COMPUTER
           : is_name_of_own_network (host) ? WHIS_HOST_PRIVATE
                                           : WHIS_HOST_ANYWHERE;

  return get_reach (address);
}

static const guint8 *
get_bytes (const struct sockaddr *address, GSocketFamily family)
{
  if (address == NULL || address->sa_family != family)
    return NULL;
  if (family == G_SOCKET_FAMILY_IPV4)
    return (const guint8 *) &((const struct sockaddr_in *) (gconstpointer) address)->sin_addr;

  return (const guint8 *) &((const struct sockaddr_in6 *) (gconstpointer) address)->sin6_addr;
}

static gboolean
shares_link (GInetAddress *address, const struct ifaddrs *interface)
{
  GSocketFamily family = g_inet_address_get_family (address);
  const guint8 *bytes = g_inet_address_to_bytes (address);
  const guint8 *own = get_bytes (interface->ifa_addr, family);
  const guint8 *mask = get_bytes (interface->ifa_netmask, family);

  if (own == NULL || mask == NULL || mask[0] == 0)
    return FALSE;
  for (gsize i = 0; i < g_inet_address_get_native_size (address); i++)
    {
      if ((own[i] & mask[i]) != (bytes[i] & mask[i]))
        return FALSE;
    }

  return TRUE;
}

/* IPv6 gives computers of one's own network numbers that the whole world has. */
static gboolean
is_on_link (GInetAddress *address)
{
  struct ifaddrs *interfaces;
  gboolean is = FALSE;

  if (getifaddrs (&interfaces) != 0)
    return FALSE;
  for (const struct ifaddrs *i = interfaces; i != NULL && !is; i = i->ifa_next)
    is = shares_link (address, i);
  freeifaddrs (interfaces);

  return is;
}

/**
 * whis_host_is_in_own_network:
 * @address: where a connection leads
 *
 * Returns: whether what is sent there stays in this computer or its network
 */
gboolean
whis_host_is_in_own_network (GInetAddress *address)
{
  g_return_val_if_fail (G_IS_INET_ADDRESS (address), FALSE);

  return get_reach (address) != WHIS_HOST_ANYWHERE || is_on_link (address);
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
