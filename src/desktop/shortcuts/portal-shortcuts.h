/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PORTAL_SHORTCUTS (whis_portal_shortcuts_get_type ())

G_DECLARE_FINAL_TYPE (WhisPortalShortcuts, whis_portal_shortcuts, WHIS, PORTAL_SHORTCUTS, GObject)

WhisPortalShortcuts *whis_portal_shortcuts_new (const char *address);

G_END_DECLS
