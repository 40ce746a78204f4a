/* SPDX-License-Identifier: MIT */
#pragma once

#include "selection.h"

G_BEGIN_DECLS

#define WHIS_TYPE_DATA_CONTROL_SELECTION (whis_data_control_selection_get_type ())

G_DECLARE_FINAL_TYPE (WhisDataControlSelection,
                      whis_data_control_selection,
                      WHIS,
                      DATA_CONTROL_SELECTION,
                      GObject)

WhisSelection *whis_data_control_selection_new (const char *display_name);

G_END_DECLS
