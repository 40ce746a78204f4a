/* SPDX-License-Identifier: MIT */
#pragma once

#include "interface-group.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT_GROUP (whis_endpoint_group_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpointGroup,
                      whis_endpoint_group,
                      WHIS,
                      ENDPOINT_GROUP,
                      WhisInterfaceGroup)

G_END_DECLS
