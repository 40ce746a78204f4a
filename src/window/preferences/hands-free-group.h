/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HANDS_FREE_GROUP (whis_hands_free_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisHandsFreeGroup,
                      whis_hands_free_group,
                      WHIS,
                      HANDS_FREE_GROUP,
                      AdwPreferencesGroup)

void whis_hands_free_group_connect (WhisHandsFreeGroup *self, WhisSettings *settings);

G_END_DECLS
