/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisHostReach:
 * @WHIS_HOST_THIS_COMPUTER: what is sent there does not leave this computer
 * @WHIS_HOST_PRIVATE: a number that no router carries to the outside: RFC 1918, RFC 4193, RFC 6598
 *   (of which Tailscale takes its numbers) and link-local addresses; or a name that only the own
 *   network has: below `.local` (RFC 6762), `.internal` or `.home.arpa` (RFC 8375), or of one part,
 *   as containers have. Where a name leads is looked at before anything is sent
 * @WHIS_HOST_ANYWHERE: everything else
 *
 * How far what is sent to a host travels.
 */
typedef enum
{
  WHIS_HOST_THIS_COMPUTER,
  WHIS_HOST_PRIVATE,
  WHIS_HOST_ANYWHERE,
} WhisHostReach;

WhisHostReach whis_host_get_reach (const char *host);
gboolean whis_host_is_in_own_network (GInetAddress *address);
gboolean whis_host_has_usual_port (GUri *uri);
char *whis_host_dup_with_port (GUri *uri);

G_END_DECLS
