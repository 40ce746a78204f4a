/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define WHIS_TYPE_LEVEL_METER (whis_level_meter_get_type ())
G_DECLARE_FINAL_TYPE (WhisLevelMeter, whis_level_meter, WHIS, LEVEL_METER, AdwBin)

void whis_level_meter_set_level (WhisLevelMeter *self, double level);
gboolean whis_level_meter_is_moving (WhisLevelMeter *self);

G_END_DECLS
