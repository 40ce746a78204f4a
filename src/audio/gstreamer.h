/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "audio-error.h"

G_BEGIN_DECLS

gboolean whis_gstreamer_start (GError **error);

void whis_gstreamer_warm_up_async (GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean whis_gstreamer_warm_up_finish (GAsyncResult *result, GError **error);

G_END_DECLS
