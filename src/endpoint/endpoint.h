/* SPDX-License-Identifier: MIT */
#pragma once

#include "endpoint-recogniser.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ENDPOINT (whis_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (WhisEndpoint, whis_endpoint, WHIS, ENDPOINT, GObject)

WhisEndpoint *whis_endpoint_new (WhisEndpointRecogniser *recogniser, const char *directory);

gboolean whis_endpoint_open (WhisEndpoint *self, guint16 port, const char *key, GError **error);
void whis_endpoint_set_key (WhisEndpoint *self, const char *key);
void whis_endpoint_close (WhisEndpoint *self);
guint16 whis_endpoint_get_port (WhisEndpoint *self);

G_END_DECLS
