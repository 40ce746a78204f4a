/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"
#include "shortcut-backend.h"

G_BEGIN_DECLS

GArray *whis_shortcut_settings_read (WhisSettings *settings);
gboolean whis_shortcut_settings_check (GVariant *triggers, GError **error);
void whis_shortcut_settings_write (WhisSettings *settings, GVariant *triggers);

G_END_DECLS
