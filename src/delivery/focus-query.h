/* SPDX-License-Identifier: MIT */
#pragma once

#include "focus.h"

G_BEGIN_DECLS

void whis_focus_query_async (GPtrArray *sources,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
WhisFocus *whis_focus_query_finish (GAsyncResult *result, GError **error);

G_END_DECLS
