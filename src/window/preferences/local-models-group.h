/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LOCAL_MODELS_GROUP (whis_local_models_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisLocalModelsGroup,
                      whis_local_models_group,
                      WHIS,
                      LOCAL_MODELS_GROUP,
                      AdwPreferencesGroup)

void whis_local_models_group_connect (WhisLocalModelsGroup *self,
                                      WhisServiceProxy *service,
                                      WhisSettings *settings);
void whis_local_models_group_disconnect (WhisLocalModelsGroup *self);

G_END_DECLS
