/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-switch.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_ENDPOINT (whis_bus_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusEndpoint, whis_bus_endpoint, WHIS, BUS_ENDPOINT, GObject)

WhisBusEndpoint *whis_bus_endpoint_new (WhisEndpointSwitch *endpoint_switch);

gboolean whis_bus_endpoint_export (WhisBusEndpoint *self,
                                   GDBusConnection *connection,
                                   const char *path,
                                   GError **error);
void whis_bus_endpoint_unexport (WhisBusEndpoint *self);

G_END_DECLS
