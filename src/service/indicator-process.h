/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "session-display.h"

G_BEGIN_DECLS

#define WHIS_TYPE_INDICATOR_PROCESS (whis_indicator_process_get_type ())

G_DECLARE_FINAL_TYPE (WhisIndicatorProcess,
                      whis_indicator_process,
                      WHIS,
                      INDICATOR_PROCESS,
                      GObject)

WhisIndicatorProcess *whis_indicator_process_new (WhisSettings *settings,
                                                  WhisDictations *dictations,
                                                  WhisSessionDisplay *display);

gboolean whis_indicator_process_is_missing (WhisIndicatorProcess *self);

G_END_DECLS
