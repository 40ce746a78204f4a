/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

GSettings *whis_settings_get_gsettings (WhisSettings *self);
const char *whis_settings_get_local_model (WhisSettings *self);

const char *whis_settings_get_string (WhisSettings *self, const char *key);
void whis_settings_set_value (WhisSettings *self, const char *key, GVariant *value);

GVariant *whis_settings_map_set (GVariant *map, const char *name, GVariant *value);

G_END_DECLS
