/* SPDX-License-Identifier: MIT */
#pragma once

#include "settings.h"

G_BEGIN_DECLS

GSettings *whis_settings_get_gsettings (WhisSettings *self);

G_END_DECLS
