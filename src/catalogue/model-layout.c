/* SPDX-License-Identifier: MIT */
#include "model-layout.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Neither library looks far before it allocates memory for the lengths that a file names: so all of
 * a file is looked through before a library gets to see it. The layouts are those of whisper.cpp
 * 1.9. */

#define LONGEST_TOKEN 1024
#define LONGEST_NAME 128
#define MOST_DIMENSIONS 4

/* How weights are stored: by the number of a type of tensor (`ggml_type`), and the bytes that so
 * many weights take together. */
static const struct
{
  guint32 type;
  guint32 weights;
  guint32 bytes;
} storages[] = {
  { 0, 1, 4 },      { 1, 1, 2 },      { 2, 32, 18 },   { 3, 32, 20 },    { 8, 32, 34 },
  { 6, 32, 22 },    { 7, 32, 24 },    { 10, 256, 84 }, { 11, 256, 110 }, { 12, 256, 144 },
  { 13, 256, 176 }, { 14, 256, 210 }, { 30, 1, 2 },
};

/* Whole numbers, which the libraries count batches in. */
#define TENSOR_TYPE_INTEGER 26

static guint32
read_word (const guint8 *data)
{
  guint32 word;

  memcpy (&word, data, sizeof word);

  return GUINT32_FROM_LE (word);
}

/* What has not been read yet. */
typedef struct
{
  const guint8 *data;
  gsize size;
} Rest;

static gboolean
model_layout_skip (Rest *rest, guint64 bytes)
{
  if (bytes > rest->size)
    return FALSE;
  rest->data += bytes;
  rest->size -= bytes;

  return TRUE;
}

static gboolean
take_word (Rest *rest, guint32 *word)
{
  if (rest->size < 4)
    return FALSE;
  *word = read_word (rest->data);

  return model_layout_skip (rest, 4);
}

/* A matrix of single-precision numbers with its two dimensions in front. */
static gboolean
skip_filters (Rest *rest, guint32 n_rows, guint32 most_columns)
{
  guint32 rows, columns;

  return take_word (rest, &rows) && take_word (rest, &columns) && rows == n_rows
         && columns <= most_columns && model_layout_skip (rest, (guint64) rows * columns * 4);
}

static gboolean
skip_tokens (Rest *rest, guint32 most)
{
  guint32 n_tokens, length;

  if (!take_word (rest, &n_tokens) || n_tokens == 0 || n_tokens > most)
    return FALSE;
  for (guint32 i = 0; i < n_tokens; i++)
    if (!take_word (rest, &length) || length > LONGEST_TOKEN || !model_layout_skip (rest, length))
      return FALSE;

  return TRUE;
}

static gboolean
skip_weights (Rest *rest, guint32 type, guint64 n_weights)
{
  if (type == TENSOR_TYPE_INTEGER)
    return model_layout_skip (rest, 4 * n_weights);
  for (gsize i = 0; i < G_N_ELEMENTS (storages); i++)
    if (storages[i].type == type)
      return n_weights % storages[i].weights == 0
             && model_layout_skip (rest, n_weights / storages[i].weights * storages[i].bytes);

  return FALSE;
}

static gboolean
skip_tensor (Rest *rest)
{
  guint32 n_dimensions, name_length, type, dimension;
  guint64 n_weights = 1;

  if (!take_word (rest, &n_dimensions) || !take_word (rest, &name_length)
      || !take_word (rest, &type))
    return FALSE;
  if (n_dimensions == 0 || n_dimensions > MOST_DIMENSIONS || name_length == 0
      || name_length > LONGEST_NAME)
    return FALSE;
  for (guint32 i = 0; i < n_dimensions; i++)
    {
      if (!take_word (rest, &dimension) || dimension == 0 || dimension > G_MAXINT32)
        return FALSE;
      n_weights *= dimension;
      if (n_weights > G_MAXINT32)
        return FALSE;
    }

  return model_layout_skip (rest, name_length) && skip_weights (rest, type, n_weights);
}

static gboolean
skip_tensors (Rest *rest)
{
  if (rest->size == 0)
    return FALSE;
  while (rest->size > 0)
    if (!skip_tensor (rest))
      return FALSE;

  return TRUE;
}

static gboolean
skip_whisper (Rest *rest, const WhisModelHeader *header)
{
  return model_layout_skip (rest, header->bytes) && skip_filters (rest, header->mels, 201)
         && skip_tokens (rest, header->vocabulary) && skip_tensors (rest);
}

static gboolean
skip_parakeet (Rest *rest, const WhisModelHeader *header)
{
  guint32 window;

  return model_layout_skip (rest, header->bytes)
         && skip_filters (rest, header->mels, header->fourier / 2 + 1) && take_word (rest, &window)
         && window <= header->fourier && model_layout_skip (rest, (guint64) window * 4)
         && model_layout_skip (rest, (guint64) header->durations * 4)
         && skip_tokens (rest, header->vocabulary) && skip_tensors (rest);
}

/**
 * whis_model_layout_check:
 * @data: (array length=size): a whole file
 * @size: its length in bytes
 * @error: return location
 *
 * Goes through all of a model's file and looks whether every length in it can be true, so that
 * the library that loads it allocates and reads what is there. The weights are not looked at.
 *
 * Returns: %FALSE with an error of %WHIS_MODEL_HEADER_ERROR if the file cannot be loaded
 */
gboolean
whis_model_layout_check (const guint8 *data, gsize size, GError **error)
{
  WhisModelHeader header;
  Rest rest = { data, size };
  gboolean good;

  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  if (!whis_model_header_parse (data, MIN (size, WHIS_MODEL_HEADER_SIZE), &header, error))
    return FALSE;
  good = size >= header.min_bytes
         && (header.kind == WHIS_MODEL_PARAKEET ? skip_parakeet (&rest, &header)
                                                : skip_whisper (&rest, &header));
  if (!good)
    g_set_error_literal (error, WHIS_MODEL_HEADER_ERROR, WHIS_MODEL_HEADER_ERROR_TRUNCATED,
                         _ ("The model file is damaged or cut off; fetch it again."));

  return good;
}
