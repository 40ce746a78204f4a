/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ALTERNATIVE_GROUP (whis_alternative_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisAlternativeGroup,
                      whis_alternative_group,
                      WHIS,
                      ALTERNATIVE_GROUP,
                      AdwPreferencesGroup)

void whis_alternative_group_connect (WhisAlternativeGroup *self, WhisSettings *settings);
void whis_alternative_group_set_providers (WhisAlternativeGroup *self, GListModel *providers);

G_END_DECLS
