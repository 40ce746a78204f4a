/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "proxy.h"

/* The limiter decides how many requests are in flight; libsoup's own bound (2) must not. */
#define MOST_CONNECTIONS 64

/**
 * whis_session_new:
 * @url: the address of the service that it is for
 * @connectable: (nullable): where to connect to in place of the host in @url
 *
 * Makes a session that goes through the system's proxies, but for what must not: plain http is for
 * this computer and its network, and a proxy would carry it elsewhere. It shows a key in the way of
 * the provider's row, and in no other.
 *
 * Returns: (transfer full): a session without a time limit of its own
 */
SoupSession *
whis_session_new (const char *url, GSocketConnectable *connectable)
{
  SoupSession *session;

  g_return_val_if_fail (url != NULL, NULL);

  session = soup_session_new_with_options (
      "user-agent", "Whis/" WHIS_VERSION, "timeout", 0, "max-conns", MOST_CONNECTIONS,
      "max-conns-per-host", MOST_CONNECTIONS, "remote-connectable", connectable, NULL);
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  whis_proxy_log_in (session);
  if (connectable != NULL || g_str_has_prefix (url, "http://"))
    soup_session_set_proxy_resolver (session, NULL);

  return session;
}
