/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "recogniser.h"

G_BEGIN_DECLS

#define WHIS_TYPE_OFFLINE_SERVER (whis_offline_server_get_type ())
G_DECLARE_FINAL_TYPE (WhisOfflineServer, whis_offline_server, WHIS, OFFLINE_SERVER, GObject)

WhisOfflineServer *whis_offline_server_new (WhisRecogniser *recogniser);

gboolean whis_offline_server_listen (WhisOfflineServer *self, GSocket *socket, GError **error);
void whis_offline_server_set_idle_seconds (WhisOfflineServer *self, guint seconds);

G_END_DECLS
