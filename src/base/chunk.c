/* SPDX-License-Identifier: MIT */
#include "chunk.h"

G_DEFINE_BOXED_TYPE (WhisChunk, whis_chunk, whis_chunk_copy, whis_chunk_free)

/**
 * whis_chunk_new:
 * @dictation: id of the dictation
 * @index: place of the chunk in the dictation
 *
 * Returns: (transfer full): an empty chunk
 */
WhisChunk *
whis_chunk_new (const char *dictation, guint index)
{
  WhisChunk *chunk = g_new0 (WhisChunk, 1);

  chunk->dictation = g_strdup (dictation);
  chunk->index = index;

  return chunk;
}

/**
 * whis_chunk_copy:
 * @chunk: a chunk
 *
 * Returns: (transfer full): a copy of @chunk
 */
WhisChunk *
whis_chunk_copy (const WhisChunk *chunk)
{
  WhisChunk *copy;

  g_return_val_if_fail (chunk != NULL, NULL);

  copy = g_memdup2 (chunk, sizeof *chunk);
  copy->dictation = g_strdup (chunk->dictation);
  copy->voice = whis_spans_copy (chunk->voice);
  copy->sounds = whis_spans_copy (chunk->sounds);

  return copy;
}

/**
 * whis_chunk_free:
 * @chunk: (transfer full) (nullable): a chunk
 */
void
whis_chunk_free (WhisChunk *chunk)
{
  if (chunk == NULL)
    return;

  g_clear_pointer (&chunk->voice, g_array_unref);
  g_clear_pointer (&chunk->sounds, g_array_unref);
  g_free (chunk->dictation);
  g_free (chunk);
}
