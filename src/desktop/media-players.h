/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_MEDIA_PLAYERS (whis_media_players_get_type ())
G_DECLARE_FINAL_TYPE (WhisMediaPlayers, whis_media_players, WHIS, MEDIA_PLAYERS, GObject)

WhisMediaPlayers *whis_media_players_new (GDBusConnection *connection);

void whis_media_players_pause (WhisMediaPlayers *self);
void whis_media_players_resume (WhisMediaPlayers *self);

G_END_DECLS
