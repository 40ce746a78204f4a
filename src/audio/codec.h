/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "audio-error.h"
#include "frame-format.h"

G_BEGIN_DECLS

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

WhisCodec *
whis_codec_new_encoder (guint kbps, WhisCodecFunc func, gpointer user_data, GError **error);
WhisCodec *whis_codec_new_decoder (WhisCodecFunc func, gpointer user_data, GError **error);
void whis_codec_free (WhisCodec *codec);

gboolean whis_codec_push (WhisCodec *codec, const void *data, gsize size);
void whis_codec_end (WhisCodec *codec);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisCodec, whis_codec_free)

G_END_DECLS
