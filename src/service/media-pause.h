/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MEDIA_PAUSE (whis_media_pause_get_type ())
G_DECLARE_FINAL_TYPE (WhisMediaPause, whis_media_pause, WHIS, MEDIA_PAUSE, GObject)

WhisMediaPause *whis_media_pause_new (GDBusConnection *connection,
                                      WhisSettings *settings,
                                      WhisDictations *dictations);

G_END_DECLS
