/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * WhisShortcutModifiers:
 * @WHIS_SHORTCUT_SHIFT: Shift
 * @WHIS_SHORTCUT_CONTROL: Ctrl
 * @WHIS_SHORTCUT_ALT: Alt
 * @WHIS_SHORTCUT_SUPER: the key with the logo
 *
 * What is held with a key.
 */
typedef enum
{
  WHIS_SHORTCUT_SHIFT = 1 << 0,
  WHIS_SHORTCUT_CONTROL = 1 << 1,
  WHIS_SHORTCUT_ALT = 1 << 2,
  WHIS_SHORTCUT_SUPER = 1 << 3,
} WhisShortcutModifiers;

/**
 * WhisShortcutTrigger:
 * @modifiers: what is held
 * @keysym: the key, as the X Window System names what it produces without modifiers; 0 for a button
 * @button: the button of the mouse, as X11 numbers it; 0 for a key
 *
 * What the user presses.
 */
typedef struct
{
  WhisShortcutModifiers modifiers;
  guint32 keysym;
  guint button;
} WhisShortcutTrigger;

gboolean
whis_shortcut_trigger_parse (const char *text, WhisShortcutTrigger *trigger, GError **error);
gboolean whis_shortcut_trigger_equal (const WhisShortcutTrigger *a, const WhisShortcutTrigger *b);

char *whis_shortcut_trigger_to_accelerator (const WhisShortcutTrigger *self);
char *whis_shortcut_trigger_to_portal (const WhisShortcutTrigger *self);
char *whis_shortcut_trigger_to_label (const WhisShortcutTrigger *self);
char *whis_shortcut_trigger_dup_key_name (const WhisShortcutTrigger *self);
int whis_shortcut_trigger_to_qt (const WhisShortcutTrigger *self);
gboolean whis_shortcut_trigger_from_qt (int qt, WhisShortcutTrigger *trigger);

G_END_DECLS
