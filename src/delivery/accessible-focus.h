/* SPDX-License-Identifier: MIT */
#pragma once

#include "focus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_ACCESSIBLE_FOCUS (whis_accessible_focus_get_type ())

G_DECLARE_FINAL_TYPE (WhisAccessibleFocus, whis_accessible_focus, WHIS, ACCESSIBLE_FOCUS, GObject)

WhisFocusSource *whis_accessible_focus_new (void);

G_END_DECLS
