/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PANEL (whis_panel_get_type ())
G_DECLARE_FINAL_TYPE (WhisPanel, whis_panel, WHIS, PANEL, GObject)

WhisPanel *
whis_panel_new (GDBusConnection *connection, GActionGroup *actions, WhisDictations *dictations);

gboolean whis_panel_is_shown (WhisPanel *self);
char *whis_panel_take_activation_token (WhisPanel *self);

G_END_DECLS
