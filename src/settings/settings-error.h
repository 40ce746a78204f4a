/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_SETTINGS_ERROR (whis_settings_error_quark ())

/**
 * WhisSettingsError:
 * @WHIS_SETTINGS_ERROR_NO_SCHEMA: the settings schema is not installed
 * @WHIS_SETTINGS_ERROR_NO_SUCH_KEY: there is no setting of that name
 * @WHIS_SETTINGS_ERROR_BAD_VALUE: the value does not fit the setting
 * @WHIS_SETTINGS_ERROR_NOT_WRITABLE: the setting is locked, or cannot be stored
 * @WHIS_SETTINGS_ERROR_FILE: the entry for the start at login cannot be written or removed
 *
 * Errors of the settings. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_SETTINGS_ERROR_NO_SCHEMA,
  WHIS_SETTINGS_ERROR_NO_SUCH_KEY,
  WHIS_SETTINGS_ERROR_BAD_VALUE,
  WHIS_SETTINGS_ERROR_NOT_WRITABLE,
  WHIS_SETTINGS_ERROR_FILE,
} WhisSettingsError;

GQuark whis_settings_error_quark (void);

G_END_DECLS
