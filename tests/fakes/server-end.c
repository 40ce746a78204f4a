/* SPDX-License-Identifier: MIT */
#include "server-end.h"

/* Ends a server and takes the reference to it. libsoup 3.6 uses a connection that it has freed,
 * where a server ends in the middle of a TLS handshake: one with a certificate stays until the
 * process ends. */
void
server_end (SoupServer *server)
{
  static GSList *secure = NULL;
  static GMutex mutex;

  if (soup_server_get_tls_certificate (server) == NULL)
    {
      soup_server_disconnect (server);
      g_object_unref (server);
      return;
    }

  g_mutex_lock (&mutex);
  secure = g_slist_prepend (secure, server);
  g_mutex_unlock (&mutex);
}
