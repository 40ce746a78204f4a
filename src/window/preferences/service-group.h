/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SERVICE_GROUP (whis_service_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisServiceGroup,
                      whis_service_group,
                      WHIS,
                      SERVICE_GROUP,
                      AdwPreferencesGroup)

void whis_service_group_connect (WhisServiceGroup *self,
                                 WhisServiceProxy *service,
                                 WhisSettings *settings);
void whis_service_group_set_providers (WhisServiceGroup *self, GListModel *providers);

G_END_DECLS
