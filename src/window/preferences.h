/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "service-proxy.h"
#include "window-settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_PREFERENCES (whis_preferences_get_type ())
G_DECLARE_FINAL_TYPE (WhisPreferences, whis_preferences, WHIS, PREFERENCES, AdwPreferencesWindow)

WhisPreferences *whis_preferences_new (GtkApplication *application,
                                       WhisServiceProxy *service,
                                       WhisWindowSettings *settings);

void whis_preferences_show_keys (WhisPreferences *self);

G_END_DECLS
