/* SPDX-License-Identifier: MIT */
#pragma once

#include "focus.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_X11_FOCUS (whis_x11_focus_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Focus, whis_x11_focus, WHIS, X11_FOCUS, GObject)

WhisFocusSource *whis_x11_focus_new (WhisX11Connection *connection);

G_END_DECLS
