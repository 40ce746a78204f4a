/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_RECORDING_GROUP (whis_recording_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecordingGroup,
                      whis_recording_group,
                      WHIS,
                      RECORDING_GROUP,
                      AdwPreferencesGroup)

void whis_recording_group_connect (WhisRecordingGroup *self, WhisSettings *settings);

G_END_DECLS
