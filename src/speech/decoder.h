/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSoundDecoder:
 * @decode_async: begins to decode MP3 frames, off the main loop
 * @decode_finish: returns 16 kHz mono samples, `S16LE`
 *
 * How a backend whose service takes no MP3 comes by samples. Speech knows nothing of audio, so
 * whoever knows both gives it.
 */
typedef struct
{
  void (*decode_async) (GBytes *mp3,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);
  GBytes *(*decode_finish) (GAsyncResult *result, GError **error);
} WhisSoundDecoder;

G_END_DECLS
