/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_WINDOW_SETTINGS (whis_window_settings_get_type ())
G_DECLARE_FINAL_TYPE (WhisWindowSettings, whis_window_settings, WHIS, WINDOW_SETTINGS, GObject)

WhisWindowSettings *whis_window_settings_new (void);

const char *whis_window_settings_get_provider (WhisWindowSettings *self);
void whis_window_settings_set_provider (WhisWindowSettings *self, const char *provider);
const char *whis_window_settings_get_language (WhisWindowSettings *self);
void whis_window_settings_set_language (WhisWindowSettings *self, const char *language);
const char *whis_window_settings_get_microphone (WhisWindowSettings *self);
void whis_window_settings_set_microphone (WhisWindowSettings *self, const char *microphone);
const char *whis_window_settings_get_microphone_name (WhisWindowSettings *self);
void whis_window_settings_set_microphone_name (WhisWindowSettings *self, const char *name);
const char *whis_window_settings_get_prompt (WhisWindowSettings *self);
void whis_window_settings_set_prompt (WhisWindowSettings *self, const char *prompt);
const char *whis_window_settings_get_custom_address (WhisWindowSettings *self);
void whis_window_settings_set_custom_address (WhisWindowSettings *self, const char *address);

char *whis_window_settings_dup_model (WhisWindowSettings *self, const char *provider);
void
whis_window_settings_set_model (WhisWindowSettings *self, const char *provider, const char *model);
guint whis_window_settings_get_limit (WhisWindowSettings *self, const char *provider);
void whis_window_settings_set_limit (WhisWindowSettings *self, const char *provider, guint limit);

G_END_DECLS
