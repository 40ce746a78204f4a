/* SPDX-License-Identifier: MIT */
#include "samples.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>
#include <string.h>

#include "codec.h"
#include "frames.h"
#include "gstreamer.h"

#define MS_PER_HOUR (3600 * 1000)
#define LARGEST_PIECE (MS_PER_HOUR / WHIS_FRAME_MS * WHIS_FRAME_LARGEST)

/* How much is encoded between two looks at the cancellable. */
#define PART_SIZE (64 * 1024)

static gboolean
samples_keep (const void *data, gsize size, gpointer user_data)
{
  g_byte_array_append (user_data, data, (guint) size);

  return TRUE;
}

/* What a decoder leaves out, because it is damaged, is silence. */
static void
make_length (GByteArray *samples, guint64 n_frames)
{
  guint size = (guint) (n_frames * WHIS_FRAME_SAMPLES * sizeof (gint16));
  guint had = samples->len;

  g_byte_array_set_size (samples, size);
  if (size > had)
    memset (samples->data + had, 0, size - had);
}

/* Returns: how many frames there were */
static guint64
decode_frames (WhisCodec *decoder, WhisFrames *frames, GCancellable *cancellable)
{
  guint64 n_frames = 0;
  WhisFrame frame;

  while (!g_cancellable_is_cancelled (cancellable) && whis_frames_next (frames, &frame))
    {
      whis_codec_push (decoder, frame.data, frame.size);
      n_frames++;
    }
  whis_codec_end (decoder);

  return n_frames;
}

static GBytes *
samples_decode (GBytes *mp3, GCancellable *cancellable, GError **error)
{
  gsize most =
      g_bytes_get_size (mp3) / whis_bitrate_get_frame_size (WHIS_BITRATE_LOW) * WHIS_FRAME_SAMPLES;
  g_autoptr (GByteArray) samples = NULL;
  g_autoptr (WhisFrames) frames = whis_frames_new_for_bytes (mp3);
  g_autoptr (WhisCodec) decoder = NULL;
  guint64 n_frames;

  if (!whis_gstreamer_start (error))
    return NULL;
  samples = g_byte_array_sized_new ((guint) (most * sizeof (gint16)));
  decoder = whis_codec_new_decoder (samples_keep, samples, error);
  if (decoder == NULL)
    return NULL;

  n_frames = decode_frames (decoder, frames, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (n_frames == 0)
    {
      g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                           _ ("The piece of the recording holds no sound."));
      return NULL;
    }
  make_length (samples, n_frames);

  return g_byte_array_free_to_bytes (g_steal_pointer (&samples));
}

static void
return_bytes (GTask *task, GBytes *bytes, GError *error)
{
  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
decode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *samples = samples_decode (data, cancellable, &error);

  return_bytes (task, samples, error);
}

/**
 * whis_samples_decode_async:
 * @mp3: MP3 frames of a recording, at most an hour of them
 * @cancellable: (nullable): a cancellable
 * @callback: called when the samples are there
 * @data: data for @callback
 *
 * Decodes a piece of a recording in a thread, for services that take no MP3. What is damaged is
 * passed over or becomes silence.
 */
void
whis_samples_decode_async (GBytes *mp3,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (mp3 != NULL);
  g_return_if_fail (g_bytes_get_size (mp3) <= LARGEST_PIECE);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_samples_decode_async);
  g_task_set_task_data (task, g_bytes_ref (mp3), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, decode_in_thread);
}

/**
 * whis_samples_decode_finish:
 * @result: what the callback got
 * @error: return location for a [error@AudioError], or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): 16 kHz mono samples, `S16LE`, 576 for each MP3 frame; %NULL with `FILE`
 *   set when there was not one frame, or `FAILED` when GStreamer lacks something
 */
GBytes *
whis_samples_decode_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_samples_decode_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GBytes *
samples_encode (GBytes *samples, GCancellable *cancellable, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (samples, &size);
  g_autoptr (GByteArray) frames = NULL;
  g_autoptr (WhisCodec) encoder = NULL;

  if (!whis_gstreamer_start (error))
    return NULL;
  frames = g_byte_array_new ();
  encoder = whis_codec_new_encoder (WHIS_BITRATE_USUAL, samples_keep, frames, error);
  if (encoder == NULL)
    return NULL;

  for (gsize at = 0; at < size && !g_cancellable_is_cancelled (cancellable); at += PART_SIZE)
    if (!whis_codec_push (encoder, data + at, MIN (PART_SIZE, size - at)))
      {
        g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                             _ ("The sound could not be encoded."));
        return NULL;
      }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  whis_codec_end (encoder);

  return g_byte_array_free_to_bytes (g_steal_pointer (&frames));
}

static void
encode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GBytes *mp3 = samples_encode (data, cancellable, &error);

  return_bytes (task, mp3, error);
}

/**
 * whis_samples_encode_async:
 * @samples: 16 kHz mono samples, `S16LE`
 * @cancellable: (nullable): a cancellable
 * @callback: called when the frames are there
 * @data: data for @callback
 *
 * Makes an MP3 of %WHIS_BITRATE_USUAL of a piece of a recording that is not encoded, in a thread,
 * for services in the network.
 */
void
whis_samples_encode_async (GBytes *samples,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (samples != NULL);

  task = g_task_new (NULL, cancellable, callback, data);
  g_task_set_source_tag (task, whis_samples_encode_async);
  g_task_set_task_data (task, g_bytes_ref (samples), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, encode_in_thread);
}

/**
 * whis_samples_encode_finish:
 * @result: what the callback got
 * @error: return location for a [error@AudioError], or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): MP3 frames of @samples, with the delay of the codec in front; %NULL
 * with `FAILED` set when GStreamer lacks something
 */
GBytes *
whis_samples_encode_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_samples_encode_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
