/* SPDX-License-Identifier: MIT */
#include "settings-private.h"

/* Where the text of a dictation goes, and how. */

static gboolean
settings_get_boolean (WhisSettings *self, const char *key)
{
  return g_settings_get_boolean (whis_settings_get_gsettings (self), key);
}

/* The value of a program in a map; programs are written as desktops name them, in any case. */
static char *
settings_dup_of_program (WhisSettings *self, const char *key, const char *application)
{
  g_autoptr (GVariant) map = g_settings_get_value (whis_settings_get_gsettings (self), key);
  const char *name, *value;
  GVariantIter iter;

  if (application == NULL)
    return NULL;

  g_variant_iter_init (&iter, map);
  while (g_variant_iter_next (&iter, "{&s&s}", &name, &value))
    if (g_ascii_strcasecmp (name, application) == 0)
      return g_strdup (value);

  return NULL;
}

/**
 * whis_settings_get_delivery:
 * @self: the settings
 *
 * Returns: where texts go: `insert`, `paste`, `commit`, `copy` or `both`
 */
const char *
whis_settings_get_delivery (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "delivery");
}

void
whis_settings_set_delivery (WhisSettings *self, const char *delivery)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (delivery != NULL);

  whis_settings_set_value (self, "delivery", g_variant_new_string (delivery));
}

/**
 * whis_settings_dup_delivery_for:
 * @self: the settings
 * @application: (nullable): an application id or window class
 *
 * Returns: (transfer full): where texts go while that program has the focus
 */
char *
whis_settings_dup_delivery_for (WhisSettings *self, const char *application)
{
  char *delivery;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  delivery = settings_dup_of_program (self, "delivery-by-program", application);

  return delivery != NULL ? delivery : g_strdup (whis_settings_get_delivery (self));
}

/**
 * whis_settings_dup_paste_keys:
 * @self: the settings
 * @application: (nullable): an application id or window class
 *
 * Returns: (transfer full) (nullable): the keys that paste in that program, if the user has said so
 */
char *
whis_settings_dup_paste_keys (WhisSettings *self, const char *application)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return settings_dup_of_program (self, "paste-shortcuts", application);
}

/**
 * whis_settings_get_restore_clipboard:
 * @self: the settings
 *
 * Returns: whether the clipboard of before is put back after a text was seen to land
 */
gboolean
whis_settings_get_restore_clipboard (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return settings_get_boolean (self, "restore-clipboard");
}

/**
 * whis_settings_get_clipboard_history:
 * @self: the settings
 *
 * Returns: whether clipboard managers may keep dictated texts
 */
gboolean
whis_settings_get_clipboard_history (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return settings_get_boolean (self, "clipboard-history");
}

/**
 * whis_settings_get_spacing:
 * @self: the settings
 *
 * Returns: what is put around an inserted text: `automatic`, `space`, `newline` or `none`
 */
const char *
whis_settings_get_spacing (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "spacing");
}

void
whis_settings_set_spacing (WhisSettings *self, const char *spacing)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (spacing != NULL);

  whis_settings_set_value (self, "spacing", g_variant_new_string (spacing));
}

/**
 * whis_settings_get_portal_paste:
 * @self: the settings
 *
 * Returns: whether the user has agreed that the desktop is asked for the permission to paste
 */
gboolean
whis_settings_get_portal_paste (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return settings_get_boolean (self, "portal-paste");
}

/**
 * whis_settings_get_ibus_commit:
 * @self: the settings
 *
 * Returns: whether texts are committed by IBus where it runs
 */
gboolean
whis_settings_get_ibus_commit (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return settings_get_boolean (self, "ibus-commit");
}

/**
 * whis_settings_get_portal_token:
 * @self: the settings
 *
 * Returns: by which the desktop knows the permission to paste, empty if there is none
 */
const char *
whis_settings_get_portal_token (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "portal-token");
}

/**
 * whis_settings_set_portal_token:
 * @self: the settings
 * @token: by which the desktop knows the permission to paste, empty if there is none
 */
void
whis_settings_set_portal_token (WhisSettings *self, const char *token)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "portal-token", g_variant_new_string (token));
}
