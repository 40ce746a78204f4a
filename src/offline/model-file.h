/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WHIS_MODEL_FILE_HEAD:
 *
 * The bytes at the start of a model's file that whis_model_header_parse() looks at.
 */
#define WHIS_MODEL_FILE_HEAD 64

/**
 * WhisModelKind:
 * @WHIS_MODEL_SPHINX: PocketSphinx's folder of models
 * @WHIS_MODEL_WHISPER: a file for libwhisper
 * @WHIS_MODEL_PARAKEET: a file for libparakeet
 *
 * What a model is for.
 */
typedef enum
{
  WHIS_MODEL_SPHINX,
  WHIS_MODEL_WHISPER,
  WHIS_MODEL_PARAKEET,
} WhisModelKind;

/**
 * WhisModelHeader:
 * @kind: what the model is for
 * @vocabulary: number of tokens
 * @audio_context: frames that the encoder sees at once
 * @audio_layers: layers of the encoder
 * @least_bytes: the smallest size in bytes that a file with these dimensions can have
 *
 * What the head of a model's file says about the model.
 */
typedef struct
{
  WhisModelKind kind;
  guint32 vocabulary;
  guint32 audio_context;
  guint32 audio_layers;
  guint64 least_bytes;
} WhisModelHeader;

gboolean whis_model_header_parse (const guint8 *data,
                                  gsize size,
                                  guint64 file_size,
                                  WhisModelHeader *header,
                                  GError **error);
gboolean whis_model_layout_check (const guint8 *data, gsize size, GError **error);

gboolean whis_model_file_read_header (const char *path, WhisModelHeader *header, GError **error);
gboolean whis_model_file_check (const char *path, WhisModelKind kind, GError **error);

const char *const *whis_model_header_get_languages (const WhisModelHeader *header);

G_END_DECLS
