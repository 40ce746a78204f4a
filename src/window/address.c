/* SPDX-License-Identifier: MIT */
#include "address.h"

#include <glib/gi18n-lib.h>

#include "host.h"

/* The parser of URIs lets them pass. */
static gboolean
has_space (const char *address)
{
  for (; *address != '\0'; address++)
    if (g_ascii_isspace (*address) || g_ascii_iscntrl (*address))
      return TRUE;

  return FALSE;
}

static gboolean
is_web (GUri *uri)
{
  const char *scheme = g_uri_get_scheme (uri);

  return g_str_equal (scheme, "http") || g_str_equal (scheme, "https");
}

/**
 * whis_address_find_problem:
 * @address: what the user typed
 *
 * Returns: (transfer full) (nullable): a sentence that says why this is not the base address of a
 *   server, %NULL if it is one or is empty
 */
char *
whis_address_find_problem (const char *address)
{
  g_autoptr (GUri) uri = NULL;
  const char *host;

  g_return_val_if_fail (address != NULL, NULL);

  if (*address == '\0')
    return NULL;

  if (has_space (address))
    return g_strdup (_ ("An address has no spaces in it, for instance "
                        "http://localhost:8000/v1."));

  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || !is_web (uri))
    return g_strdup (_ ("An address begins with http:// or https://, for instance "
                        "http://localhost:8000/v1."));

  host = g_uri_get_host (uri);
  if (host == NULL || *host == '\0')
    return g_strdup (_ ("The address lacks the name of the server, for instance "
                        "http://localhost:8000/v1."));
  if (g_uri_get_userinfo (uri) != NULL)
    return g_strdup (_ ("Leave user name and password out of the address; a key goes to the page "
                        "API Keys."));
  if (g_uri_get_query (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return g_strdup (_ ("Give the base address alone, without “?” or “#” and what follows."));
  if (g_str_equal (g_uri_get_scheme (uri), "http")
      && whis_host_get_reach (host) == WHIS_HOST_ANYWHERE)
    return g_strdup (_ ("Without encryption Whis speaks to this computer and its network only, "
                        "such as http://192.168.1.5:8000 or http://nas.local:8000. Use "
                        "https://."));

  return NULL;
}

/**
 * whis_address_dup_plain_host:
 * @address: an address without a problem
 *
 * Returns: (transfer full) (nullable): the host of another computer that is spoken to without
 *   encryption, with its port unless that is 80; %NULL if @address is safe or empty
 */
char *
whis_address_dup_plain_host (const char *address)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || !g_str_equal (g_uri_get_scheme (uri), "http")
      || whis_host_get_reach (g_uri_get_host (uri)) == WHIS_HOST_THIS_COMPUTER)
    return NULL;

  return whis_host_dup_with_port (uri);
}

/**
 * whis_address_find_remark:
 * @address: an address without a problem
 * @hint: what an address of this service looks like, may be empty
 *
 * Returns: (transfer full) (nullable): a sentence that the user should know, %NULL if there is none
 */
char *
whis_address_find_remark (const char *address, const char *hint)
{
  g_autofree char *plain_host = NULL;

  g_return_val_if_fail (address != NULL && hint != NULL, NULL);

  if (*address == '\0')
    /* Translators: an address such as http://127.0.0.1:8080 */
    return g_strdup_printf (_ ("Give the address of the server, for instance %s."),
                            *hint != '\0' ? hint : "http://127.0.0.1:8000/v1");

  plain_host = whis_address_dup_plain_host (address);
  if (plain_host != NULL)
    return g_strdup (_ ("The way to this server is not encrypted: others in the network could "
                        "hear what you say."));

  return NULL;
}
