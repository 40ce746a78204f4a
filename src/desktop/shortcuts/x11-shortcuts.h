/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_X11_SHORTCUTS (whis_x11_shortcuts_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Shortcuts, whis_x11_shortcuts, WHIS, X11_SHORTCUTS, GObject)

WhisX11Shortcuts *whis_x11_shortcuts_new (WhisX11Connection *connection);

G_END_DECLS
