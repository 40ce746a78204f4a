/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_FALLBACK_GROUP (whis_fallback_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisFallbackGroup,
                      whis_fallback_group,
                      WHIS,
                      FALLBACK_GROUP,
                      AdwPreferencesGroup)

void whis_fallback_group_connect (WhisFallbackGroup *self, WhisSettings *settings);
void whis_fallback_group_set_providers (WhisFallbackGroup *self, GListModel *providers);

G_END_DECLS
