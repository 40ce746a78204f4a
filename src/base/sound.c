/* SPDX-License-Identifier: MIT */
#include "sound.h"

#include <glib/gi18n-lib.h>

#include "service-error.h"

/**
 * WhisSound:
 *
 * A sound that can be read while it is still recorded.
 *
 * Ranges of its bytes are read by whoever sends them; whether these are on disk already or in
 * memory only is the sound's affair. All of it is asynchronous, and cancelled by its cancellable.
 */
G_DEFINE_INTERFACE (WhisSound, whis_sound, G_TYPE_OBJECT)

static void
whis_sound_default_init (WhisSoundInterface *iface)
{
}

/**
 * whis_sound_get_format:
 * @self: a sound
 *
 * Returns: what its bytes are
 */
WhisSoundFormat
whis_sound_get_format (WhisSound *self)
{
  g_return_val_if_fail (WHIS_IS_SOUND (self), WHIS_SOUND_FORMAT_MP3);

  return WHIS_SOUND_GET_IFACE (self)->get_format (self);
}

/**
 * whis_sound_read_async:
 * @self: a sound
 * @offset: first byte to read
 * @size: number of bytes to read, more than 0
 * @cancellable: (nullable): a cancellable
 * @callback: called when the bytes are there
 * @data: data for @callback
 *
 * Reads a range of a sound.
 */
void
whis_sound_read_async (WhisSound *self,
                       guint64 offset,
                       gsize size,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer data)
{
  g_return_if_fail (WHIS_IS_SOUND (self));
  g_return_if_fail (offset <= G_MAXINT64 && size > 0);

  WHIS_SOUND_GET_IFACE (self)->read_async (self, offset, size, cancellable, callback, data);
}

/**
 * whis_sound_read_finish:
 * @self: the sound
 * @result: what the callback got
 * @error: return location for a %WHIS_SERVICE_ERROR
 *
 * Returns: (transfer full): exactly the bytes that were asked for; %NULL with
 *   %WHIS_SERVICE_ERROR_FILE when there are fewer or they cannot be read, or %G_IO_ERROR_CANCELLED
 */
GBytes *
whis_sound_read_finish (WhisSound *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_SOUND (self), NULL);

  return WHIS_SOUND_GET_IFACE (self)->read_finish (self, result, error);
}

/**
 * whis_sound_error_new:
 * @cause: (nullable): why bytes cannot be read; %NULL where there are too few
 *
 * For implementations.
 *
 * Returns: (transfer full): the error of [method@Sound.read_finish] for it
 */
GError *
whis_sound_error_new (const GError *cause)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (cause);

  return whis_service_error_new (WHIS_SERVICE_ERROR_FILE,
                                 _ ("The recorded sound could not be read."),
                                 cause != NULL ? cause->message : NULL);
}
