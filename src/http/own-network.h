/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void whis_own_network_watch (SoupMessage *message, GCancellable *cancellable);
GError *whis_own_network_get_error (SoupMessage *message);

G_END_DECLS
