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
char **whis_window_settings_dup_vocabulary (WhisWindowSettings *self);
void whis_window_settings_set_vocabulary (WhisWindowSettings *self, const char *const *vocabulary);

char *whis_window_settings_dup_address (WhisWindowSettings *self, const char *provider);
void whis_window_settings_set_address (WhisWindowSettings *self,
                                       const char *provider,
                                       const char *address);
gboolean whis_window_settings_get_plain_http (WhisWindowSettings *self, const char *host);
void whis_window_settings_accept_plain_http (WhisWindowSettings *self, const char *host);

const char *whis_window_settings_get_fallback_provider (WhisWindowSettings *self);
void whis_window_settings_set_fallback_provider (WhisWindowSettings *self, const char *provider);
double whis_window_settings_get_price (WhisWindowSettings *self, const char *provider);
void whis_window_settings_set_price (WhisWindowSettings *self, const char *provider, double price);
double whis_window_settings_get_monthly_cap (WhisWindowSettings *self, const char *provider);
void
whis_window_settings_set_monthly_cap (WhisWindowSettings *self, const char *provider, double cap);

char *whis_window_settings_dup_model (WhisWindowSettings *self, const char *provider);
void
whis_window_settings_set_model (WhisWindowSettings *self, const char *provider, const char *model);
guint whis_window_settings_get_limit (WhisWindowSettings *self, const char *provider);
void whis_window_settings_set_limit (WhisWindowSettings *self, const char *provider, guint limit);

G_END_DECLS
