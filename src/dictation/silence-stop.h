/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SILENCE_STOP (whis_silence_stop_get_type ())
G_DECLARE_FINAL_TYPE (WhisSilenceStop, whis_silence_stop, WHIS, SILENCE_STOP, GObject)

WhisSilenceStop *whis_silence_stop_new (WhisSettings *settings, WhisDictations *dictations);

G_END_DECLS
