/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "chunk.h"
#include "audio-error.h"

G_BEGIN_DECLS

/**
 * WHIS_CODEC_LOSSLESS:
 *
 * How many kbit/s samples have that are not encoded, 16 kHz mono `S16LE`, for what is recognised on
 * this computer: from an MP3 of any rate Whisper gets more words wrong (docs/local-recognition.md).
 */
#define WHIS_CODEC_LOSSLESS 256

/**
 * WHIS_CODEC_BITRATE:
 *
 * How many kbit/s an MP3 has that is sent: at half of it recognisers get more words wrong
 * (`bench/wer.py`).
 */
#define WHIS_CODEC_BITRATE 64

/**
 * WHIS_CODEC_LOW_BITRATE:
 *
 * How many kbit/s an MP3 has that is to be small.
 */
#define WHIS_CODEC_LOW_BITRATE 32

/**
 * WHIS_CODEC_LARGEST_FRAME:
 *
 * Length of the longest of our frames in bytes.
 */
#define WHIS_CODEC_LARGEST_FRAME 1152

/**
 * WHIS_CODEC_FRAME_SAMPLES:
 *
 * How many samples a frame holds: that of an MP3 at 16 kHz (ISO/IEC 13818-3), and of a recording
 * that is not encoded as many.
 */
#define WHIS_CODEC_FRAME_SAMPLES 576

/**
 * WHIS_CODEC_FRAME_MS:
 *
 * Length of a frame's sound in milliseconds.
 */
#define WHIS_CODEC_FRAME_MS 36

typedef struct _WhisCodec WhisCodec;

/**
 * WhisCodecFunc:
 * @data: (array length=size): one frame, or samples
 * @size: length of @data in bytes
 * @user_data: what the codec was made with
 *
 * Takes what a codec puts out, in the thread that feeds it.
 *
 * Returns: whether more is wanted
 */
typedef gboolean (*WhisCodecFunc) (const void *data, gsize size, gpointer user_data);

gboolean whis_codec_has_bitrate (guint kbps);
guint whis_codec_get_frame_size (guint kbps);
guint whis_codec_get_frame_size_of (const WhisChunk *chunk);

WhisCodec *
whis_codec_new_encoder (guint kbps, WhisCodecFunc func, gpointer user_data, GError **error);
WhisCodec *whis_codec_new_decoder (WhisCodecFunc func, gpointer user_data, GError **error);
void whis_codec_free (WhisCodec *codec);

gboolean whis_codec_push (WhisCodec *codec, const void *data, gsize size);
void whis_codec_end (WhisCodec *codec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisCodec, whis_codec_free)

G_END_DECLS
