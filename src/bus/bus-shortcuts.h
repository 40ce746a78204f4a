/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcuts.h"
#include "whis-bus-shortcuts.h"

G_BEGIN_DECLS

#define WHIS_TYPE_BUS_SHORTCUTS (whis_bus_shortcuts_get_type ())
G_DECLARE_FINAL_TYPE (WhisBusShortcuts,
                      whis_bus_shortcuts,
                      WHIS,
                      BUS_SHORTCUTS,
                      WhisBusWhis1ShortcutsSkeleton)

WhisBusShortcuts *whis_bus_shortcuts_new (WhisShortcuts *shortcuts);

G_END_DECLS
