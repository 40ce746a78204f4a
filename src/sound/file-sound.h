/* SPDX-License-Identifier: MIT */
#pragma once

#include "sound.h"

G_BEGIN_DECLS

#define WHIS_TYPE_FILE_SOUND (whis_file_sound_get_type ())
G_DECLARE_FINAL_TYPE (WhisFileSound, whis_file_sound, WHIS, FILE_SOUND, GObject)

WhisSound *whis_file_sound_new (const char *path);

G_END_DECLS
