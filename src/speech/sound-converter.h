/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSoundConverter:
 * @decode_async: begins to decode MP3 frames, off the main loop
 * @decode_finish: returns 16 kHz mono samples, `S16LE`
 * @encode_async: begins to make MP3 frames of such samples, off the main loop
 * @encode_finish: returns them
 *
 * How a backend whose service takes no MP3 comes by samples, and one whose service is far away by
 * an MP3. Speech knows nothing of audio, so whoever knows both gives it.
 */
typedef struct
{
  void (*decode_async) (GBytes *mp3,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);
  GBytes *(*decode_finish) (GAsyncResult *result, GError **error);
  void (*encode_async) (GBytes *samples,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data);
  GBytes *(*encode_finish) (GAsyncResult *result, GError **error);
} WhisSoundConverter;

G_END_DECLS
