/* SPDX-License-Identifier: MIT */
#include "endpoint-guard.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "endpoint-reply.h"

/* Who may ask: programs on this computer that have the key, and no page in a browser. */

/**
 * whis_endpoint_guard_is_host:
 * @host: (nullable): the header `Host` of a request
 * @port: where the request came
 *
 * A page in a browser reaches this computer by a name of its own that is made to lead here (DNS
 * rebinding); its requests have that name.
 *
 * Returns: whether @host is a name of this computer's loopback
 */
gboolean
whis_endpoint_guard_is_host (const char *host, guint16 port)
{
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]" };
  g_autofree char *ending = g_strdup_printf (":%u", port);

  for (gsize i = 0; host != NULL && i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i]);

      if (g_ascii_strncasecmp (host, names[i], length) == 0
          && (host[length] == '\0' || g_str_equal (host + length, ending)))
        return TRUE;
    }

  return FALSE;
}

/**
 * whis_endpoint_guard_has_key:
 * @authorization: (nullable): the header `Authorization` of a request
 * @key: the key
 *
 * Takes the same time wherever the two differ.
 *
 * Returns: whether @authorization is @key, as `Bearer` (RFC 6750)
 */
gboolean
whis_endpoint_guard_has_key (const char *authorization, const char *key)
{
  static const char scheme[] = "Bearer ";
  const gsize scheme_length = strlen (scheme);
  gsize length;
  volatile guint8 difference = 0;

  g_return_val_if_fail (key != NULL, FALSE);

  if (authorization == NULL || g_ascii_strncasecmp (authorization, scheme, scheme_length) != 0)
    return FALSE;
  authorization += scheme_length;
  length = strlen (key);
  if (length == 0 || strlen (authorization) != length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    difference |= (guint8) (authorization[i] ^ key[i]);

  return difference == 0;
}

/**
 * whis_endpoint_guard_admit:
 * @message: a request of which the headers have come
 * @port: where it came
 * @key: the key
 *
 * Answers a request that may not be made.
 *
 * Returns: whether it may
 */
gboolean
whis_endpoint_guard_admit (SoupServerMessage *message, guint16 port, const char *key)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (!whis_endpoint_guard_is_host (soup_message_headers_get_list (headers, "Host"), port))
    {
      whis_endpoint_reply_with_error (message, SOUP_STATUS_FORBIDDEN, NULL, "wrong_host",
                                      _ ("Whis answers on this computer alone: ask localhost."));
      return FALSE;
    }
  if (soup_message_headers_get_list (headers, "Origin") != NULL)
    {
      whis_endpoint_reply_with_error (message, SOUP_STATUS_FORBIDDEN, NULL, "origin_refused",
                                      _ ("Whis does not answer to pages in a browser."));
      return FALSE;
    }
  if (!whis_endpoint_guard_has_key (soup_message_headers_get_list (headers, "Authorization"), key))
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                    "WWW-Authenticate", "Bearer");
      whis_endpoint_reply_with_error (
          message, SOUP_STATUS_UNAUTHORIZED, NULL, "invalid_api_key",
          _ ("The key is missing or wrong; “whis endpoint key” prints the right one."));
      return FALSE;
    }

  return TRUE;
}
