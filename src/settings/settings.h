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
const char *const *whis_settings_get_vocabulary (WhisSettings *self);
const char *whis_settings_get_microphone (WhisSettings *self);
const char *whis_settings_get_microphone_name (WhisSettings *self);
const char *whis_settings_get_fallback_provider (WhisSettings *self);
double whis_settings_get_fallback_after (WhisSettings *self);
gboolean whis_settings_get_plain_http (WhisSettings *self, const char *host);
guint whis_settings_get_longest_chunk (WhisSettings *self);
guint whis_settings_get_jobs (WhisSettings *self);
int whis_settings_get_keep_sound (WhisSettings *self);
int whis_settings_get_keep_text (WhisSettings *self);
gboolean whis_settings_get_live (WhisSettings *self);
gboolean whis_settings_get_private (WhisSettings *self);
gboolean whis_settings_get_save_data (WhisSettings *self);
gboolean whis_settings_get_automatic_gain (WhisSettings *self);
gboolean whis_settings_get_noise_suppression (WhisSettings *self);
gboolean whis_settings_get_notify_finished (WhisSettings *self);
gboolean whis_settings_get_notify_shows_text (WhisSettings *self);
gboolean whis_settings_get_autostart (WhisSettings *self);
void whis_settings_set_autostart (WhisSettings *self, gboolean autostart);
gboolean whis_settings_get_endpoint (WhisSettings *self);
void whis_settings_set_endpoint (WhisSettings *self, gboolean endpoint);
guint16 whis_settings_get_endpoint_port (WhisSettings *self);
gint64 whis_settings_get_imported (WhisSettings *self);
void whis_settings_set_imported (WhisSettings *self, gint64 time);

/* Settings with an entry per service. */
char *whis_settings_dup_address (WhisSettings *self, const char *provider);
char *whis_settings_dup_model (WhisSettings *self, const char *provider);
char *whis_settings_dup_wanted_model (WhisSettings *self, const char *provider);
void whis_settings_set_local_model (WhisSettings *self, const char *name);
char *whis_settings_dup_live_model (WhisSettings *self, const char *provider);
guint whis_settings_get_limit (WhisSettings *self, const char *provider, guint fallback);
gboolean whis_settings_get_price (WhisSettings *self, const char *provider, double *price);
gboolean whis_settings_get_monthly_cap (WhisSettings *self, const char *provider, double *cap);

/* As people write them. */
char **whis_settings_list_keys (WhisSettings *self);
char *whis_settings_print (WhisSettings *self, const char *name, GError **error);
gboolean whis_settings_is_own (WhisSettings *self, const char *name);
gboolean
whis_settings_write (WhisSettings *self, const char *name, const char *text, GError **error);
gboolean
whis_settings_parse (WhisSettings *self, const char *name, const char *text, GError **error);

G_END_DECLS
