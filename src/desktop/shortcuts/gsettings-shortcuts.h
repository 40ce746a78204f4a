/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_GSETTINGS_SHORTCUTS (whis_gsettings_shortcuts_get_type ())

G_DECLARE_FINAL_TYPE (WhisGsettingsShortcuts,
                      whis_gsettings_shortcuts,
                      WHIS,
                      GSETTINGS_SHORTCUTS,
                      GObject)

WhisGsettingsShortcuts *whis_gsettings_shortcuts_new (GDBusConnection *connection);

G_END_DECLS
