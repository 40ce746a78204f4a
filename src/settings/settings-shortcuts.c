/* SPDX-License-Identifier: MIT */
/* The settings of shortcuts. A list, since desktops take several; Whis itself uses the first. */
#include "settings-private.h"

/**
 * whis_settings_dup_shortcut:
 * @self: the settings
 * @key: name of a setting, `shortcut-…`
 *
 * Returns: (transfer full) (nullable): its first shortcut, as GTK writes it; %NULL for none
 */
char *
whis_settings_dup_shortcut (WhisSettings *self, const char *key)
{
  g_auto (GStrv) shortcuts = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  shortcuts = g_settings_get_strv (whis_settings_get_gsettings (self), key);

  return shortcuts[0] != NULL && *shortcuts[0] != '\0' ? g_strdup (shortcuts[0]) : NULL;
}

/**
 * whis_settings_set_shortcut:
 * @self: the settings
 * @key: name of a setting, `shortcut-…`
 * @shortcut: (nullable): its only shortcut, as GTK writes it; %NULL for none
 */
void
whis_settings_set_shortcut (WhisSettings *self, const char *key, const char *shortcut)
{
  GSettings *gsettings;
  g_autoptr (GVariant) present = NULL;
  g_autoptr (GVariant) wanted = NULL;

  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (key != NULL);

  gsettings = whis_settings_get_gsettings (self);
  present = g_settings_get_value (gsettings, key);
  wanted = g_variant_ref_sink (g_variant_new_strv (&shortcut, shortcut != NULL ? 1 : 0));
  if (!g_variant_equal (present, wanted))
    g_settings_set_value (gsettings, key, wanted);
}

/**
 * whis_settings_get_shortcuts_refused:
 * @self: the settings
 *
 * Returns: whether the user has refused the shortcuts in a dialog of the desktop
 */
gboolean
whis_settings_get_shortcuts_refused (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return g_settings_get_boolean (whis_settings_get_gsettings (self), "shortcuts-refused");
}

void
whis_settings_set_shortcuts_refused (WhisSettings *self, gboolean refused)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  if (whis_settings_get_shortcuts_refused (self) != refused)
    g_settings_set_boolean (whis_settings_get_gsettings (self), "shortcuts-refused", refused);
}

/**
 * whis_settings_dup_alternative_options:
 * @self: the settings
 *
 * Returns: (transfer full): `a{sv}`: what is different in a dictation that the shortcut of the
 *   alternative starts, such as `language` and `provider`
 */
GVariant *
whis_settings_dup_alternative_options (WhisSettings *self)
{
  g_autoptr (GVariant) texts = NULL;
  GVariantBuilder options;
  GVariantIter iter;
  const char *key, *text;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  texts = g_settings_get_value (whis_settings_get_gsettings (self), "alternative-options");
  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_iter_init (&iter, texts);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &text))
    g_variant_builder_add (&options, "{sv}", key, g_variant_new_string (text));

  return g_variant_ref_sink (g_variant_builder_end (&options));
}

/**
 * whis_settings_dup_alternative_option:
 * @self: the settings
 * @option: name of an option, such as `language`
 *
 * Returns: (transfer full) (nullable): its value in dictations that the shortcut of the alternative
 *   starts, %NULL if it is as in all others
 */
char *
whis_settings_dup_alternative_option (WhisSettings *self, const char *option)
{
  g_autoptr (GVariant) options = NULL;
  char *value = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (option != NULL, NULL);

  options = whis_settings_dup_alternative_options (self);
  g_variant_lookup (options, option, "s", &value);

  return value;
}

/**
 * whis_settings_set_alternative_option:
 * @self: the settings
 * @option: name of an option, such as `language`
 * @value: (nullable): its value, %NULL for that of all other dictations
 *
 * A model belongs to its service: the one of another service is forgotten.
 */
void
whis_settings_set_alternative_option (WhisSettings *self, const char *option, const char *value)
{
  g_autofree char *present = NULL;
  g_autoptr (GVariant) map = NULL;
  GVariant *changed;

  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (option != NULL);

  present = whis_settings_dup_alternative_option (self, option);
  if (g_strcmp0 (present, value) == 0)
    return;

  map = g_settings_get_value (whis_settings_get_gsettings (self), "alternative-options");
  changed =
      whis_settings_map_set (map, option, value != NULL ? g_variant_new_string (value) : NULL);
  if (g_str_equal (option, "provider"))
    {
      g_variant_unref (map);
      map = g_variant_ref_sink (changed);
      changed = whis_settings_map_set (map, "model", NULL);
    }
  whis_settings_set_value (self, "alternative-options", changed);
}
