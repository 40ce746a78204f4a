/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-switch.h"
#include "whis-bus-endpoint.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_ENDPOINT (whis_bus_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusEndpoint,
                      whis_bus_endpoint,
                      WHIS,
                      BUS_ENDPOINT,
                      WhisBusWhis1EndpointSkeleton)

WhisBusEndpoint *whis_bus_endpoint_new (WhisEndpointSwitch *endpoint_switch);

G_END_DECLS
