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

void whis_wayland_input_method_take_back_async (WhisWaylandInputMethod *self,
                                                const char *text,
                                                GCancellable *cancellable,
                                                GAsyncReadyCallback callback,
                                                gpointer user_data);
gboolean whis_wayland_input_method_take_back_finish (WhisWaylandInputMethod *self,
                                                     GAsyncResult *result,
                                                     GError **error);

G_END_DECLS
