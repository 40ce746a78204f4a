/* SPDX-License-Identifier: MIT */
#include "settings-private.h"

/* What Whis remembers between its runs and no row of the preferences shows: answers that the user
 * gave once, and what was done already. */

/**
 * whis_settings_get_plain_http:
 * @self: the settings
 * @host: a host, with its port
 *
 * Returns: whether the user accepted that @host is spoken to without encryption
 */
gboolean
whis_settings_get_plain_http (WhisSettings *self, const char *host)
{
  g_auto (GStrv) hosts = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  hosts = g_settings_get_strv (whis_settings_get_gsettings (self), "plain-http");
  for (char **known = hosts; *known != NULL; known++)
    if (g_ascii_strcasecmp (*known, host) == 0)
      return TRUE;

  return FALSE;
}

/**
 * whis_settings_accept_plain_http:
 * @self: the settings
 * @host: a host, with its port
 *
 * Notes that the user accepts that @host is spoken to without encryption.
 */
void
whis_settings_accept_plain_http (WhisSettings *self, const char *host)
{
  g_auto (GStrv) hosts = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (host != NULL);

  if (whis_settings_get_plain_http (self, host))
    return;
  hosts = g_settings_get_strv (whis_settings_get_gsettings (self), "plain-http");
  g_strv_builder_addv (builder, (const char **) hosts);
  g_strv_builder_add (builder, host);
  all = g_strv_builder_end (builder);
  g_settings_set_strv (whis_settings_get_gsettings (self), "plain-http", (const char *const *) all);
}

/**
 * whis_settings_get_imported:
 * @self: the settings
 *
 * Returns: when the settings of the earlier Whis were imported, Unix time in seconds; 0 if they
 * were not
 */
gint64
whis_settings_get_imported (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 0);

  return g_settings_get_int64 (whis_settings_get_gsettings (self), "imported");
}

void
whis_settings_set_imported (WhisSettings *self, gint64 time)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  g_settings_set_int64 (whis_settings_get_gsettings (self), "imported", time);
}

/**
 * whis_settings_get_offer_shortcut:
 * @self: the settings
 *
 * Returns: whether the window offers a shortcut while there is none
 */
gboolean
whis_settings_get_offer_shortcut (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return g_settings_get_boolean (whis_settings_get_gsettings (self), "offer-shortcut");
}

void
whis_settings_set_offer_shortcut (WhisSettings *self, gboolean offer)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "offer-shortcut", g_variant_new_boolean (offer));
}

/**
 * whis_settings_get_offer_shell_extension:
 * @self: the settings
 *
 * Returns: whether the window offers to switch the extension of GNOME Shell on, while it is off
 */
gboolean
whis_settings_get_offer_shell_extension (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return g_settings_get_boolean (whis_settings_get_gsettings (self), "offer-shell-extension");
}

void
whis_settings_set_offer_shell_extension (WhisSettings *self, gboolean offer)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "offer-shell-extension", g_variant_new_boolean (offer));
}

/**
 * whis_settings_get_model_offer:
 * @self: the settings
 *
 * Returns: whether the window offers to download a model while there is none
 */
gboolean
whis_settings_get_model_offer (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return g_settings_get_boolean (whis_settings_get_gsettings (self), "model-offer");
}

void
whis_settings_set_model_offer (WhisSettings *self, gboolean offer)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "model-offer", g_variant_new_boolean (offer));
}

/**
 * whis_settings_get_fetched_model:
 * @self: the settings
 *
 * Returns: (transfer none): id of the model that the window has downloaded, until it has offered to
 *   recognise earlier dictations with it; else empty
 */
const char *
whis_settings_get_fetched_model (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "fetched-model");
}

void
whis_settings_set_fetched_model (WhisSettings *self, const char *model)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (model != NULL);

  whis_settings_set_value (self, "fetched-model", g_variant_new_string (model));
}
