/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_MICROPHONE_GROUP (whis_microphone_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisMicrophoneGroup,
                      whis_microphone_group,
                      WHIS,
                      MICROPHONE_GROUP,
                      AdwPreferencesGroup)

void whis_microphone_group_connect (WhisMicrophoneGroup *self,
                                    WhisServiceProxy *service,
                                    WhisSettings *settings);

G_END_DECLS
