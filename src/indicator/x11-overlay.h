/* SPDX-License-Identifier: MIT */
#pragma once

#include "overlay.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_X11_OVERLAY (whis_x11_overlay_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Overlay, whis_x11_overlay, WHIS, X11_OVERLAY, WhisOverlay)

WhisOverlay *whis_x11_overlay_new (WhisX11Connection *connection, int corner_radius);

G_END_DECLS
