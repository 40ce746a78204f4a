/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_GROUP (whis_history_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryGroup,
                      whis_history_group,
                      WHIS,
                      HISTORY_GROUP,
                      AdwPreferencesGroup)

void whis_history_group_connect (WhisHistoryGroup *self, WhisSettings *settings);

G_END_DECLS
