/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-switch.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT_CALLS (whis_endpoint_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpointCalls, whis_endpoint_calls, WHIS, ENDPOINT_CALLS, GObject)

WhisEndpointCalls *whis_endpoint_calls_new (WhisEndpointSwitch *endpoint_switch);

gboolean whis_endpoint_calls_export (WhisEndpointCalls *self,
                                     GDBusConnection *connection,
                                     const char *path,
                                     GError **error);
void whis_endpoint_calls_unexport (WhisEndpointCalls *self);

G_END_DECLS
