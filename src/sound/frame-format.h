/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "chunk.h"

G_BEGIN_DECLS

/**
 * WHIS_BITRATE_LOSSLESS:
 *
 * How many kbit/s samples have that are not encoded, 16 kHz mono `S16LE`, for what is recognised on
 * this computer: from an MP3 of any rate Whisper gets more words wrong (docs/local-recognition.md).
 */
#define WHIS_BITRATE_LOSSLESS 256

/**
 * WHIS_BITRATE_USUAL:
 *
 * How many kbit/s an MP3 has that is sent: at half of it recognisers get more words wrong
 * (`bench/wer.py`).
 */
#define WHIS_BITRATE_USUAL 64

/**
 * WHIS_BITRATE_LOW:
 *
 * How many kbit/s an MP3 has that is to be small.
 */
#define WHIS_BITRATE_LOW 32

/**
 * WHIS_FRAME_LARGEST:
 *
 * Length of the longest of our frames in bytes.
 */
#define WHIS_FRAME_LARGEST 1152

/**
 * WHIS_FRAME_SAMPLES:
 *
 * How many samples a frame holds: that of an MP3 at 16 kHz (ISO/IEC 13818-3), and of a recording
 * that is not encoded as many.
 */
#define WHIS_FRAME_SAMPLES 576

/**
 * WHIS_FRAME_MS:
 *
 * Length of a frame's sound in milliseconds.
 */
#define WHIS_FRAME_MS 36

gboolean whis_bitrate_is_known (guint kbps);
guint whis_bitrate_get_frame_size (guint kbps);
guint whis_chunk_get_frame_size (const WhisChunk *chunk);

G_END_DECLS
