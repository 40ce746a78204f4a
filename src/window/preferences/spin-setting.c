/* SPDX-License-Identifier: MIT */
#include "spin-setting.h"

/**
 * whis_spin_button_bind_setting:
 * @button: a spin button
 * @settings: the settings
 * @key: name of a setting with a range
 *
 * Shows a setting and changes it, within the range that its schema gives.
 */
void
whis_spin_button_bind_setting (GtkSpinButton *button, WhisSettings *settings, const char *key)
{
  double lowest, highest;

  g_return_if_fail (GTK_IS_SPIN_BUTTON (button));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));

  whis_settings_get_range (settings, key, &lowest, &highest);
  gtk_spin_button_set_range (button, lowest, highest);
  whis_settings_bind (settings, key, button, "value");
}
