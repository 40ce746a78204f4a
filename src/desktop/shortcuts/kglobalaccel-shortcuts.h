/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-backend.h"

G_BEGIN_DECLS

#define WHIS_TYPE_KGLOBALACCEL_SHORTCUTS (whis_kglobalaccel_shortcuts_get_type ())

G_DECLARE_FINAL_TYPE (WhisKglobalaccelShortcuts,
                      whis_kglobalaccel_shortcuts,
                      WHIS,
                      KGLOBALACCEL_SHORTCUTS,
                      GObject)

WhisKglobalaccelShortcuts *whis_kglobalaccel_shortcuts_new (GDBusConnection *connection);

G_END_DECLS
