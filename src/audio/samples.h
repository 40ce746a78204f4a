/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "audio-error.h"

G_BEGIN_DECLS

void whis_samples_decode_async (GBytes *mp3,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
GBytes *whis_samples_decode_finish (GAsyncResult *result, GError **error);
void whis_samples_encode_async (GBytes *samples,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
GBytes *whis_samples_encode_finish (GAsyncResult *result, GError **error);

G_END_DECLS
