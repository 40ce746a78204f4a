/* SPDX-License-Identifier: MIT */
/* The shortcuts in the settings. */
#include "shortcut-settings.h"

#include <glib/gi18n-lib.h>

/**
 * whis_shortcut_settings_read:
 * @settings: the settings
 *
 * Returns: (transfer full) (element-type WhisShortcutBinding): what they say, without what is no
 *   shortcut
 */
GArray *
whis_shortcut_settings_read (WhisSettings *settings)
{
  GArray *bindings = g_array_new (FALSE, TRUE, sizeof (WhisShortcutBinding));

  for (guint i = 0; i < WHIS_SHORTCUT_N_ACTIONS; i++)
    {
      WhisShortcutBinding binding = { .action = (WhisShortcutAction) i };
      const char *setting = whis_shortcut_action_get_setting (binding.action);
      g_autofree char *trigger =
          setting != NULL ? whis_settings_dup_shortcut (settings, setting) : NULL;

      if (trigger != NULL && whis_shortcut_trigger_parse (trigger, &binding.trigger, NULL))
        g_array_append_val (bindings, binding);
    }

  return bindings;
}

/**
 * whis_shortcut_settings_check:
 * @triggers: `a{ss}`: from actions to shortcuts, or to empty texts to remove them
 * @error: return location for %WHIS_SHORTCUT_ERROR_TRIGGER
 *
 * Returns: whether all of them can be written
 */
gboolean
whis_shortcut_settings_check (GVariant *triggers, GError **error)
{
  GVariantIter iter;
  const char *nick, *text;

  g_variant_iter_init (&iter, triggers);
  while (g_variant_iter_next (&iter, "{&s&s}", &nick, &text))
    {
      WhisShortcutAction action;
      WhisShortcutTrigger trigger;

      if (!whis_shortcut_action_from_nick (nick, &action)
          || whis_shortcut_action_get_setting (action) == NULL)
        {
          g_set_error (error, WHIS_SHORTCUT_ERROR, WHIS_SHORTCUT_ERROR_TRIGGER,
                       _ ("There is no action “%s” that can have a shortcut."), nick);
          return FALSE;
        }
      if (*text != '\0' && !whis_shortcut_trigger_parse (text, &trigger, error))
        return FALSE;
    }

  return TRUE;
}

static void
write_one (WhisSettings *settings, const char *nick, const char *text)
{
  WhisShortcutAction action;
  WhisShortcutTrigger trigger;
  g_autofree char *accelerator = NULL;

  if (!whis_shortcut_action_from_nick (nick, &action))
    return;
  if (whis_shortcut_trigger_parse (text, &trigger, NULL))
    accelerator = whis_shortcut_trigger_to_accelerator (&trigger);
  whis_settings_set_shortcut (settings, whis_shortcut_action_get_setting (action), accelerator);
}

/**
 * whis_shortcut_settings_write:
 * @settings: the settings
 * @triggers: what was checked
 */
void
whis_shortcut_settings_write (WhisSettings *settings, GVariant *triggers)
{
  GVariantIter iter;
  const char *nick, *text;

  g_variant_iter_init (&iter, triggers);
  while (g_variant_iter_next (&iter, "{&s&s}", &nick, &text))
    write_one (settings, nick, text);
}
