/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

gboolean whis_endpoint_guard_is_host (const char *host, guint16 port);
gboolean whis_endpoint_guard_has_key (const char *authorization, const char *key);
gboolean whis_endpoint_guard_admit (SoupServerMessage *message, guint16 port, const char *key);

G_END_DECLS
