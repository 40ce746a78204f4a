/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * WhisSoundFormat:
 * @WHIS_SOUND_FORMAT_MP3: MP3 frames, 16 kHz mono
 * @WHIS_SOUND_FORMAT_SAMPLES: samples, 16 kHz mono `S16LE`; offsets count from the beginning of a
 *   file, header included
 *
 * What the bytes of a sound are.
 */
typedef enum
{
  WHIS_SOUND_FORMAT_MP3,
  WHIS_SOUND_FORMAT_SAMPLES,
} WhisSoundFormat;

#define WHIS_TYPE_SOUND (whis_sound_get_type ())
G_DECLARE_INTERFACE (WhisSound, whis_sound, WHIS, SOUND, GObject)

/**
 * WhisSoundInterface:
 * @get_format: returns what its bytes are
 * @read_async: begins to read a range of bytes
 * @read_finish: returns exactly the bytes that were asked for
 *
 * A sound that can be read, whoever holds it.
 */
struct _WhisSoundInterface
{
  GTypeInterface parent_iface;

  WhisSoundFormat (*get_format) (WhisSound *self);
  void (*read_async) (WhisSound *self,
                      guint64 offset,
                      gsize size,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer data);
  GBytes *(*read_finish) (WhisSound *self, GAsyncResult *result, GError **error);
};

WhisSoundFormat whis_sound_get_format (WhisSound *self);
void whis_sound_read_async (WhisSound *self,
                            guint64 offset,
                            gsize size,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data);
GBytes *whis_sound_read_finish (WhisSound *self, GAsyncResult *result, GError **error);

GError *whis_sound_error_new (const GError *cause);

G_END_DECLS
