/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void whis_private_network_watch (SoupMessage *message, GCancellable *cancellable);
GError *whis_private_network_get_error (SoupMessage *message);

G_END_DECLS
