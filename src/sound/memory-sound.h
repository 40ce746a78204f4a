/* SPDX-License-Identifier: MIT */
#pragma once

#include "sound.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MEMORY_SOUND (whis_memory_sound_get_type ())
G_DECLARE_FINAL_TYPE (WhisMemorySound, whis_memory_sound, WHIS, MEMORY_SOUND, GObject)

WhisSound *whis_memory_sound_new (GBytes *bytes, WhisSoundFormat format);

G_END_DECLS
