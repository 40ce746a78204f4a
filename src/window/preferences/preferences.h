/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PREFERENCES (whis_preferences_get_type ())
#if ADW_CHECK_VERSION(1, 5, 0)
G_DECLARE_FINAL_TYPE (WhisPreferences, whis_preferences, WHIS, PREFERENCES, AdwPreferencesDialog)
#else
G_DECLARE_FINAL_TYPE (WhisPreferences, whis_preferences, WHIS, PREFERENCES, AdwPreferencesWindow)
#endif

WhisPreferences *whis_preferences_new (WhisServiceProxy *service, WhisSettings *settings);

void whis_preferences_present (WhisPreferences *self, GtkApplication *application, GtkWindow *home);
void whis_preferences_close (WhisPreferences *self);
void whis_preferences_show_general (WhisPreferences *self);
void whis_preferences_show_keys (WhisPreferences *self);

G_END_DECLS
