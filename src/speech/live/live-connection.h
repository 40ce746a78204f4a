/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "providers.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LIVE_CONNECTION (whis_live_connection_get_type ())
G_DECLARE_FINAL_TYPE (WhisLiveConnection, whis_live_connection, WHIS, LIVE_CONNECTION, GObject)

WhisLiveConnection *whis_live_connection_new (const WhisProvider *provider, const char *host);

void whis_live_connection_open (WhisLiveConnection *self, const char *url, const char *key);
void whis_live_connection_send_text (WhisLiveConnection *self, const char *text);
void whis_live_connection_send_bytes (WhisLiveConnection *self, const guint8 *data, gsize size);
void whis_live_connection_close (WhisLiveConnection *self);
void whis_live_connection_abort (WhisLiveConnection *self);

G_END_DECLS
