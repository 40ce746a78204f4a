/* SPDX-License-Identifier: MIT */
#include "frame-format.h"

#include "wav.h"

/* The highest first. */
static const guint bitrates[] = { WHIS_BITRATE_LOSSLESS, WHIS_BITRATE_USUAL, WHIS_BITRATE_LOW };

/**
 * whis_bitrate_is_known:
 * @kbps: a rate
 *
 * Returns: whether recordings may have that rate
 */
gboolean
whis_bitrate_is_known (guint kbps)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bitrates); i++)
    if (bitrates[i] == kbps)
      return TRUE;

  return FALSE;
}

/**
 * whis_bitrate_get_frame_size:
 * @kbps: rate of a recording in kbit/s, at 16 kHz
 *
 * Returns: length of each of its frames in bytes (ISO/IEC 11172-3, 2.4.2.3)
 */
guint
whis_bitrate_get_frame_size (guint kbps)
{
  return kbps * WHIS_FRAME_SAMPLES / 16 / 8;
}

/* Only frames behind a WAV header are in such places. */
static gboolean
is_lossless (const WhisChunk *chunk)
{
  guint size = whis_bitrate_get_frame_size (WHIS_BITRATE_LOSSLESS);

  return chunk->offset % size == WHIS_WAV_HEADER_SIZE && chunk->size % size == 0;
}

/**
 * whis_chunk_get_frame_size:
 * @chunk: a chunk of a recording, which has one rate
 *
 * Returns: length of each frame of the recording in bytes
 */
guint
whis_chunk_get_frame_size (const WhisChunk *chunk)
{
  guint size = whis_bitrate_get_frame_size (WHIS_BITRATE_LOW);

  g_return_val_if_fail (chunk != NULL, size);

  /* A chunk has a few frames more than its length says; at a rate that is too high it has half of
   * them. */
  for (gsize i = 0; i < G_N_ELEMENTS (bitrates); i++)
    {
      if (bitrates[i] == WHIS_BITRATE_LOSSLESS && !is_lossless (chunk))
        continue;
      size = whis_bitrate_get_frame_size (bitrates[i]);
      if (chunk->size / size >= chunk->length_ms / WHIS_FRAME_MS)
        break;
    }

  return size;
}
