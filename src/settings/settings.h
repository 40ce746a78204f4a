/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_TYPE_SETTINGS (whis_settings_get_type ())
G_DECLARE_FINAL_TYPE (WhisSettings, whis_settings, WHIS, SETTINGS, GObject)

WhisSettings *whis_settings_new (GError **error);

const char *whis_settings_get_provider (WhisSettings *self);
void whis_settings_set_provider (WhisSettings *self, const char *provider);
const char *whis_settings_get_language (WhisSettings *self);
void whis_settings_set_language (WhisSettings *self, const char *language);
const char *whis_settings_get_prompt (WhisSettings *self);
void whis_settings_set_prompt (WhisSettings *self, const char *prompt);
const char *const *whis_settings_get_vocabulary (WhisSettings *self);
void whis_settings_set_vocabulary (WhisSettings *self, const char *const *vocabulary);
const char *whis_settings_get_microphone (WhisSettings *self);
void whis_settings_set_microphone (WhisSettings *self, const char *microphone);
const char *whis_settings_get_microphone_name (WhisSettings *self);
void whis_settings_set_microphone_name (WhisSettings *self, const char *name);
const char *whis_settings_get_fallback_provider (WhisSettings *self);
void whis_settings_set_fallback_provider (WhisSettings *self, const char *provider);
double whis_settings_get_fallback_after (WhisSettings *self);
gboolean whis_settings_get_plain_http (WhisSettings *self, const char *host);
void whis_settings_accept_plain_http (WhisSettings *self, const char *host);
guint whis_settings_get_longest_chunk (WhisSettings *self);
guint whis_settings_get_stop_after_silence (WhisSettings *self);
void whis_settings_set_stop_after_silence (WhisSettings *self, guint seconds);
guint whis_settings_get_jobs (WhisSettings *self);
int whis_settings_get_keep_sound (WhisSettings *self);
void whis_settings_set_keep_sound (WhisSettings *self, int days);
int whis_settings_get_keep_text (WhisSettings *self);
void whis_settings_set_keep_text (WhisSettings *self, int days);
gboolean whis_settings_get_live (WhisSettings *self);
gboolean whis_settings_get_private (WhisSettings *self);
gboolean whis_settings_get_save_data (WhisSettings *self);
gboolean whis_settings_get_automatic_gain (WhisSettings *self);
gboolean whis_settings_get_noise_suppression (WhisSettings *self);
const char *whis_settings_get_delivery (WhisSettings *self);
void whis_settings_set_delivery (WhisSettings *self, const char *delivery);
char *whis_settings_dup_delivery_for (WhisSettings *self, const char *application);
char *whis_settings_dup_paste_keys (WhisSettings *self, const char *application);
gboolean whis_settings_get_restore_clipboard (WhisSettings *self);
gboolean whis_settings_get_clipboard_history (WhisSettings *self);
const char *whis_settings_get_spacing (WhisSettings *self);
void whis_settings_set_spacing (WhisSettings *self, const char *spacing);
gboolean whis_settings_get_portal_paste (WhisSettings *self);
gboolean whis_settings_get_ibus_commit (WhisSettings *self);
const char *whis_settings_get_portal_token (WhisSettings *self);
void whis_settings_set_portal_token (WhisSettings *self, const char *token);
gboolean whis_settings_get_cues (WhisSettings *self);
gboolean whis_settings_get_indicator (WhisSettings *self);
gboolean whis_settings_get_pause_media (WhisSettings *self);
gboolean whis_settings_get_notify_finished (WhisSettings *self);
gboolean whis_settings_get_notify_shows_text (WhisSettings *self);
gboolean whis_settings_get_autostart (WhisSettings *self);
void whis_settings_set_autostart (WhisSettings *self, gboolean autostart);
gboolean whis_settings_get_endpoint (WhisSettings *self);
void whis_settings_set_endpoint (WhisSettings *self, gboolean endpoint);
guint16 whis_settings_get_endpoint_port (WhisSettings *self);
gboolean whis_settings_get_offer_shortcut (WhisSettings *self);
void whis_settings_set_offer_shortcut (WhisSettings *self, gboolean offer);
gboolean whis_settings_get_offer_shell_extension (WhisSettings *self);
void whis_settings_set_offer_shell_extension (WhisSettings *self, gboolean offer);
gboolean whis_settings_get_model_offer (WhisSettings *self);
void whis_settings_set_model_offer (WhisSettings *self, gboolean offer);
const char *whis_settings_get_fetched_model (WhisSettings *self);
void whis_settings_set_fetched_model (WhisSettings *self, const char *model);
gint64 whis_settings_get_imported (WhisSettings *self);
void whis_settings_set_imported (WhisSettings *self, gint64 time);

/* Shortcuts. */
char *whis_settings_dup_shortcut (WhisSettings *self, const char *key);
void whis_settings_set_shortcut (WhisSettings *self, const char *key, const char *shortcut);
gboolean whis_settings_get_shortcuts_refused (WhisSettings *self);
void whis_settings_set_shortcuts_refused (WhisSettings *self, gboolean refused);
GVariant *whis_settings_dup_alternative_options (WhisSettings *self);
char *whis_settings_dup_alternative_option (WhisSettings *self, const char *option);
void
whis_settings_set_alternative_option (WhisSettings *self, const char *option, const char *value);

/* Settings with an entry per service. */
char *whis_settings_dup_address (WhisSettings *self, const char *provider);
void whis_settings_set_address (WhisSettings *self, const char *provider, const char *address);
char *whis_settings_dup_model (WhisSettings *self, const char *provider);
char *whis_settings_dup_wanted_model (WhisSettings *self, const char *provider);
void whis_settings_set_model (WhisSettings *self, const char *provider, const char *model);
void whis_settings_set_local_model (WhisSettings *self, const char *name);
char *whis_settings_dup_live_model (WhisSettings *self, const char *provider);
guint whis_settings_get_limit (WhisSettings *self, const char *provider, guint fallback);
guint whis_settings_get_own_limit (WhisSettings *self, const char *provider);
void whis_settings_set_limit (WhisSettings *self, const char *provider, guint limit);
gboolean whis_settings_get_price (WhisSettings *self, const char *provider, double *price);
void whis_settings_set_price (WhisSettings *self, const char *provider, double price);
gboolean whis_settings_get_monthly_cap (WhisSettings *self, const char *provider, double *cap);
void whis_settings_set_monthly_cap (WhisSettings *self, const char *provider, double cap);

/* For widgets. */
void
whis_settings_bind (WhisSettings *self, const char *key, gpointer object, const char *property);
void whis_settings_unbind (gpointer object, const char *property);
void whis_settings_get_range (WhisSettings *self, const char *key, double *lowest, double *highest);

/* As people write them. */
char **whis_settings_list_keys (WhisSettings *self);
char *whis_settings_print (WhisSettings *self, const char *name, GError **error);
gboolean whis_settings_is_own (WhisSettings *self, const char *name);
gboolean
whis_settings_write (WhisSettings *self, const char *name, const char *text, GError **error);
gboolean
whis_settings_parse (WhisSettings *self, const char *name, const char *text, GError **error);

G_END_DECLS
