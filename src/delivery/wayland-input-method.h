/* SPDX-License-Identifier: MIT */
#pragma once

#include "insertion-method.h"

G_BEGIN_DECLS

#define WHIS_TYPE_WAYLAND_INPUT_METHOD (whis_wayland_input_method_get_type ())

G_DECLARE_FINAL_TYPE (WhisWaylandInputMethod,
                      whis_wayland_input_method,
                      WHIS,
                      WAYLAND_INPUT_METHOD,
                      GObject)

WhisWaylandInputMethod *whis_wayland_input_method_new (const char *display_name);

G_END_DECLS
