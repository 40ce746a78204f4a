/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WHIS_MODEL_HEADER_ERROR (whis_model_header_error_quark ())

/**
 * WhisModelHeaderError:
 * @WHIS_MODEL_HEADER_ERROR_FORMAT: the file is not a model of Whisper or Parakeet
 * @WHIS_MODEL_HEADER_ERROR_TRUNCATED: the file is shorter than its header implies
 * @WHIS_MODEL_HEADER_ERROR_DIMENSIONS: a dimension is outside of what any such model has
 *
 * Why a model file must not be given to an engine. Every message is a sentence for the user.
 */
typedef enum
{
  WHIS_MODEL_HEADER_ERROR_FORMAT,
  WHIS_MODEL_HEADER_ERROR_TRUNCATED,
  WHIS_MODEL_HEADER_ERROR_DIMENSIONS,
} WhisModelHeaderError;

GQuark whis_model_header_error_quark (void);

/**
 * WhisModelKind:
 * @WHIS_MODEL_WHISPER: a model for libwhisper
 * @WHIS_MODEL_PARAKEET: a model for libparakeet
 * @WHIS_MODEL_SPHINX: PocketSphinx's folder of models, which is no such file
 *
 * Which engine a model is for.
 */
typedef enum
{
  WHIS_MODEL_WHISPER,
  WHIS_MODEL_PARAKEET,
  WHIS_MODEL_SPHINX,
} WhisModelKind;

const char *whis_model_kind_get_name (WhisModelKind kind);

/* As much of a file as whis_model_header_parse() reads at most, in bytes. */
#define WHIS_MODEL_HEADER_SIZE 64

/**
 * WhisModelHeader:
 * @kind: which engine the file is for
 * @vocabulary: number of tokens
 * @audio_context: frames that the encoder sees at once
 * @width: of the encoder's layers
 * @heads: of the encoder's attention
 * @layers: of the encoder
 * @text_context: (Whisper) tokens that the decoder sees
 * @text_layers: layers of the decoder, or of the predictor
 * @mels: number of mel bands
 * @fourier: (Parakeet) length of the Fourier transform
 * @durations: (Parakeet) how many durations a token can have
 * @type: how most weights are stored, a `ggml_ftype`
 * @bytes: length of the header itself
 * @min_bytes: what a file with these dimensions has at least, in bytes
 *
 * The beginning of a model file.
 */
typedef struct
{
  WhisModelKind kind;
  guint vocabulary;
  guint audio_context;
  guint width;
  guint heads;
  guint layers;
  guint text_context;
  guint text_layers;
  guint mels;
  guint fourier;
  guint durations;
  guint type;
  guint bytes;
  guint64 min_bytes;
} WhisModelHeader;

gboolean
whis_model_header_parse (const guint8 *data, gsize size, WhisModelHeader *header, GError **error);
gboolean whis_model_header_read_file (const char *path, WhisModelHeader *header, GError **error);
const char *const *whis_model_header_get_languages (const WhisModelHeader *header);

G_END_DECLS
