/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void whis_proxy_log_in (SoupSession *session);

void whis_proxy_watch (SoupMessage *message);
GError *whis_proxy_get_error (SoupMessage *message, const GError *cause);

G_END_DECLS
