/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

/* What the first version had instead of `addresses`. */
#define WHIS_SETTINGS_OLD_ADDRESS "custom-address"

GSettings *whis_settings_get_gsettings (WhisSettings *self);

G_END_DECLS
