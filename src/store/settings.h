/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SETTINGS (whis_settings_get_type ())
G_DECLARE_FINAL_TYPE (WhisSettings, whis_settings, WHIS, SETTINGS, GObject)

WhisSettings *whis_settings_new (GError **error);

const char *whis_settings_get_provider (WhisSettings *self);
const char *whis_settings_get_language (WhisSettings *self);
const char *whis_settings_get_prompt (WhisSettings *self);
const char *whis_settings_get_microphone (WhisSettings *self);
const char *whis_settings_get_microphone_name (WhisSettings *self);
const char *whis_settings_get_custom_address (WhisSettings *self);
guint whis_settings_get_longest_chunk (WhisSettings *self);
int whis_settings_get_keep_sound (WhisSettings *self);
int whis_settings_get_keep_text (WhisSettings *self);
gboolean whis_settings_get_private (WhisSettings *self);
gboolean whis_settings_get_automatic_gain (WhisSettings *self);
gboolean whis_settings_get_noise_suppression (WhisSettings *self);
gboolean whis_settings_get_notify_finished (WhisSettings *self);
gboolean whis_settings_get_notify_shows_text (WhisSettings *self);
char *whis_settings_dup_model (WhisSettings *self, const char *provider);
guint whis_settings_get_limit (WhisSettings *self, const char *provider, guint fallback);

char **whis_settings_list_keys (WhisSettings *self);
char *whis_settings_print (WhisSettings *self, const char *key, GError **error);
gboolean
whis_settings_parse (WhisSettings *self, const char *key, const char *text, GError **error);

G_END_DECLS
