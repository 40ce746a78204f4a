/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SOUND_CUES (whis_sound_cues_get_type ())
G_DECLARE_FINAL_TYPE (WhisSoundCues, whis_sound_cues, WHIS, SOUND_CUES, GObject)

WhisSoundCues *whis_sound_cues_new (WhisSettings *settings, WhisDictations *dictations);

G_END_DECLS
