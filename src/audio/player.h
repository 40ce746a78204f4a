/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "audio-error.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PLAYER (whis_player_get_type ())
G_DECLARE_FINAL_TYPE (WhisPlayer, whis_player, WHIS, PLAYER, GObject)

WhisPlayer *whis_player_new (void);
void whis_player_play (WhisPlayer *self, const char *path);
void whis_player_stop (WhisPlayer *self);
gboolean whis_player_get_playing (WhisPlayer *self);

G_END_DECLS
