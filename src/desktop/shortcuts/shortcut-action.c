/* SPDX-License-Identifier: MIT */
#include "shortcut-action.h"

#include <glib/gi18n-lib.h>

G_DEFINE_ENUM_TYPE (WhisShortcutAction,
                    whis_shortcut_action,
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_TOGGLE, "toggle"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_HOLD, "hold"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_CANCEL, "cancel"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_INSERT_LAST, "insert-last"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_UNDO_INSERTION, "undo-insertion"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_ALTERNATIVE, "alternative"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_CONTINUOUS, "continuous"),
                    G_DEFINE_ENUM_VALUE (WHIS_SHORTCUT_ACTION_HANDS_FREE, "hands-free"))

static const struct
{
  const char *title;
  const char *setting; /* NULL if only programs call it */
  gboolean records;
} actions[] = {
  [WHIS_SHORTCUT_ACTION_TOGGLE] = { N_ ("Dictate"), "shortcut-toggle", TRUE },
  [WHIS_SHORTCUT_ACTION_HOLD] = { N_ ("Dictate while held"), NULL, TRUE },
  [WHIS_SHORTCUT_ACTION_CANCEL] = { N_ ("Cancel the dictation"), "shortcut-cancel", FALSE },
  [WHIS_SHORTCUT_ACTION_INSERT_LAST] = { N_ ("Insert the last text again"), "shortcut-insert-last",
                                         FALSE },
  [WHIS_SHORTCUT_ACTION_UNDO_INSERTION] = { N_ ("Take the last insertion back"),
                                            "shortcut-undo-insertion", FALSE },
  [WHIS_SHORTCUT_ACTION_ALTERNATIVE] = { N_ ("Dictate with the other language or service"),
                                         "shortcut-alternative", TRUE },
  [WHIS_SHORTCUT_ACTION_CONTINUOUS] = { N_ ("Dictate continuously"), "shortcut-continuous", FALSE },
  [WHIS_SHORTCUT_ACTION_HANDS_FREE] = { N_ ("Dictate until you are silent"), "shortcut-hands-free",
                                        FALSE },
};

G_STATIC_ASSERT (G_N_ELEMENTS (actions) == WHIS_SHORTCUT_N_ACTIONS);

/**
 * whis_shortcut_action_get_nick:
 * @action: an action
 *
 * Returns: its word in the D-Bus interface
 */
const char *
whis_shortcut_action_get_nick (WhisShortcutAction action)
{
  g_autoptr (GEnumClass) values = g_type_class_ref (WHIS_TYPE_SHORTCUT_ACTION);
  GEnumValue *value = g_enum_get_value (values, (int) action);

  g_return_val_if_fail (value != NULL, NULL);

  return value->value_nick;
}

/**
 * whis_shortcut_action_from_nick:
 * @nick: a word from the bus
 * @action: (out): the action of that name
 *
 * Returns: whether there is one
 */
gboolean
whis_shortcut_action_from_nick (const char *nick, WhisShortcutAction *action)
{
  g_autoptr (GEnumClass) values = g_type_class_ref (WHIS_TYPE_SHORTCUT_ACTION);
  GEnumValue *value;

  g_return_val_if_fail (nick != NULL, FALSE);
  g_return_val_if_fail (action != NULL, FALSE);

  value = g_enum_get_value_by_nick (values, nick);
  if (value != NULL)
    *action = (WhisShortcutAction) value->value;

  return value != NULL;
}

/**
 * whis_shortcut_action_get_title:
 * @action: an action
 *
 * Returns: what people read in the preferences and in the dialogs of desktops
 */
const char *
whis_shortcut_action_get_title (WhisShortcutAction action)
{
  g_return_val_if_fail (action < WHIS_SHORTCUT_N_ACTIONS, NULL);

  return _ (actions[action].title);
}

/**
 * whis_shortcut_action_get_setting:
 * @action: an action
 *
 * Returns: (nullable): the setting with its triggers, %NULL for an action that only other programs
 *   call
 */
const char *
whis_shortcut_action_get_setting (WhisShortcutAction action)
{
  g_return_val_if_fail (action < WHIS_SHORTCUT_N_ACTIONS, NULL);

  return actions[action].setting;
}

/**
 * whis_shortcut_action_records:
 * @action: an action
 *
 * Returns: whether its key can be held to talk
 */
gboolean
whis_shortcut_action_records (WhisShortcutAction action)
{
  g_return_val_if_fail (action < WHIS_SHORTCUT_N_ACTIONS, FALSE);

  return actions[action].records;
}
