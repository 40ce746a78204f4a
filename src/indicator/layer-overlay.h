/* SPDX-License-Identifier: MIT */
#pragma once

#include "overlay.h"
#include "wayland-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LAYER_OVERLAY (whis_layer_overlay_get_type ())

G_DECLARE_FINAL_TYPE (WhisLayerOverlay, whis_layer_overlay, WHIS, LAYER_OVERLAY, WhisOverlay)

gboolean whis_layer_overlay_is_supported (WhisWaylandConnection *connection);
WhisOverlay *whis_layer_overlay_new (WhisWaylandConnection *connection);

G_END_DECLS
