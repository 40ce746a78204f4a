/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void whis_live_traffic_watch (SoupMessage *message);
void whis_live_traffic_hand_over (SoupMessage *message, SoupWebsocketConnection *connection);
guint64 whis_live_traffic_get_received (SoupWebsocketConnection *connection);

G_END_DECLS
