/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"

G_BEGIN_DECLS

#define WHIS_TYPE_IBUS_PANEL_METHOD (whis_ibus_panel_method_get_type ())

G_DECLARE_FINAL_TYPE (WhisIBusPanelMethod, whis_ibus_panel_method, WHIS, IBUS_PANEL_METHOD, GObject)

WhisIBusPanelMethod *
whis_ibus_panel_method_new (const char *wayland_display, const char *x11_display);

void whis_ibus_panel_method_set_allowed (WhisIBusPanelMethod *self, gboolean allowed);

G_END_DECLS
