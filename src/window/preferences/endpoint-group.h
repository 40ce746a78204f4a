/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT_GROUP (whis_endpoint_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpointGroup,
                      whis_endpoint_group,
                      WHIS,
                      ENDPOINT_GROUP,
                      AdwPreferencesGroup)

void whis_endpoint_group_connect (WhisEndpointGroup *self, WhisServiceProxy *service);
void whis_endpoint_group_disconnect (WhisEndpointGroup *self);

G_END_DECLS
