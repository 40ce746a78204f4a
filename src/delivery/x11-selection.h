/* SPDX-License-Identifier: MIT */
#pragma once

#include "selection.h"
#include "x11-connection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_X11_SELECTION (whis_x11_selection_get_type ())

G_DECLARE_FINAL_TYPE (WhisX11Selection, whis_x11_selection, WHIS, X11_SELECTION, GObject)

WhisSelection *whis_x11_selection_new (WhisX11Connection *connection, gboolean tells_reader);

G_END_DECLS
