/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "settings.h"
#include "shortcuts.h"

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_DICTATION (whis_shortcut_dictation_get_type ())
G_DECLARE_FINAL_TYPE (WhisShortcutDictation,
                      whis_shortcut_dictation,
                      WHIS,
                      SHORTCUT_DICTATION,
                      GObject)

WhisShortcutDictation *whis_shortcut_dictation_new (WhisShortcuts *shortcuts,
                                                    WhisDictations *dictations,
                                                    WhisSettings *settings);

G_END_DECLS
