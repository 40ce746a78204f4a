/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SHORTCUT_ACTION (whis_shortcut_action_get_type ())

/**
 * WhisShortcutAction:
 * @WHIS_SHORTCUT_ACTION_TOGGLE: start or stop a dictation; held, it talks until the release
 * @WHIS_SHORTCUT_ACTION_HOLD: talk until the release, however short
 * @WHIS_SHORTCUT_ACTION_CANCEL: cancel the dictation
 * @WHIS_SHORTCUT_ACTION_INSERT_LAST: insert the last text again
 * @WHIS_SHORTCUT_ACTION_UNDO_INSERTION: take the last insertion back
 * @WHIS_SHORTCUT_ACTION_ALTERNATIVE: as toggle, with another language or service
 * @WHIS_SHORTCUT_ACTION_CONTINUOUS: start or stop a continuous dictation
 * @WHIS_SHORTCUT_ACTION_HANDS_FREE: start or stop a dictation that ends by itself
 *
 * What a shortcut does. The nicks are the words of the D-Bus interface.
 */
typedef enum
{
  WHIS_SHORTCUT_ACTION_TOGGLE,
  WHIS_SHORTCUT_ACTION_HOLD,
  WHIS_SHORTCUT_ACTION_CANCEL,
  WHIS_SHORTCUT_ACTION_INSERT_LAST,
  WHIS_SHORTCUT_ACTION_UNDO_INSERTION,
  WHIS_SHORTCUT_ACTION_ALTERNATIVE,
  WHIS_SHORTCUT_ACTION_CONTINUOUS,
  WHIS_SHORTCUT_ACTION_HANDS_FREE,
  WHIS_SHORTCUT_N_ACTIONS
} WhisShortcutAction;

GType whis_shortcut_action_get_type (void);
const char *whis_shortcut_action_get_nick (WhisShortcutAction action);
gboolean whis_shortcut_action_from_nick (const char *nick, WhisShortcutAction *action);
const char *whis_shortcut_action_get_title (WhisShortcutAction action);
const char *whis_shortcut_action_get_setting (WhisShortcutAction action);
gboolean whis_shortcut_action_records (WhisShortcutAction action);

G_END_DECLS
