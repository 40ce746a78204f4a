/* SPDX-License-Identifier: MIT */
#pragma once

#include "shortcut-action.h"
#include "shortcut-trigger.h"

G_BEGIN_DECLS

/**
 * WhisShortcutLineFormat:
 *
 * Compositors whose shortcuts are lines of a file. The nicks are what they call themselves.
 */
typedef enum
{
  WHIS_SHORTCUT_LINE_NONE,
  WHIS_SHORTCUT_LINE_SWAY,
  WHIS_SHORTCUT_LINE_I3,
  WHIS_SHORTCUT_LINE_HYPRLAND,
  WHIS_SHORTCUT_LINE_NIRI,
  WHIS_SHORTCUT_LINE_LABWC,
  WHIS_SHORTCUT_LINE_COSMIC,
  WHIS_SHORTCUT_LINE_RIVER,
  WHIS_SHORTCUT_N_LINES
} WhisShortcutLineFormat;

WhisShortcutLineFormat whis_shortcut_line_find_format (const char *const *environment);
const char *whis_shortcut_line_get_name (WhisShortcutLineFormat format);
const char *whis_shortcut_line_get_file (WhisShortcutLineFormat format);
char *whis_shortcut_line_new (WhisShortcutLineFormat format,
                              WhisShortcutAction action,
                              const WhisShortcutTrigger *trigger);

G_END_DECLS
