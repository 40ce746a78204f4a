/* SPDX-License-Identifier: MIT */
#include "decode.h"

#include "decoder.h"
#include "module.h"

/**
 * whis_decode_async:
 * @file: a file of sound or video, of any kind that GStreamer knows
 * @longest_ms: the longest sound that is taken, in milliseconds
 * @cancellable: (nullable): stops the decoding
 * @callback: called when the sound is there
 * @data: for @callback
 *
 * Decodes the first sound track of a file in GStreamer's threads.
 */
void
whis_decode_async (GBytes *file,
                   guint64 longest_ms,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer data)
{
  GError *error = NULL;
  const WhisDecoder *decoder;

  g_return_if_fail (file != NULL);
  g_return_if_fail (longest_ms <= G_MAXINT);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  decoder = whis_module_find (WHIS_DECODER_MODULE, &error);
  if (decoder != NULL)
    decoder->decode_async (file, longest_ms, cancellable, callback, data);
  else
    g_task_report_error (NULL, callback, data, whis_decode_async, error);
}

/**
 * whis_decode_finish:
 * @result: what the callback got
 * @error: return location
 *
 * Returns: (transfer full): the sound as signed 16-bit numbers of this machine's byte order,
 *   16 kHz, one channel; %NULL with %WHIS_OFFLINE_ERROR_UNDECODABLE,
 *   %WHIS_OFFLINE_ERROR_TOO_LONG, %WHIS_OFFLINE_ERROR_MISSING or %G_IO_ERROR_CANCELLED
 */
GBytes *
whis_decode_finish (GAsyncResult *result, GError **error)
{
  const WhisDecoder *decoder;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (g_async_result_is_tagged (result, whis_decode_async))
    return g_task_propagate_pointer (G_TASK (result), error);
  decoder = whis_module_find (WHIS_DECODER_MODULE, error);

  return decoder != NULL ? decoder->decode_finish (result, error) : NULL;
}
