/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "settings.h"

G_BEGIN_DECLS

#define WHIS_TYPE_OUTPUT_GROUP (whis_output_group_get_type ())

G_DECLARE_FINAL_TYPE (WhisOutputGroup, whis_output_group, WHIS, OUTPUT_GROUP, AdwPreferencesGroup)

void whis_output_group_connect (WhisOutputGroup *self, WhisSettings *settings);

G_END_DECLS
