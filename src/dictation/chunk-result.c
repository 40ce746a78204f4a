/* SPDX-License-Identifier: MIT */
#include "chunk-result.h"

#include <glib/gi18n-lib.h>

static void
set_string (char **place, const char *value)
{
  char *copy = g_strdup (value);

  g_free (*place);
  *place = copy;
}

static void
set_answer (WhisRecordChunk *chunk, const char *text, const char *code, const char *message)
{
  set_string (&chunk->text, text);
  set_string (&chunk->code, code);
  set_string (&chunk->message, message);
}

/**
 * whis_chunk_result_set_source:
 * @chunk: what the history is told of a chunk
 * @source: who its text or its error is from
 */
void
whis_chunk_result_set_source (WhisRecordChunk *chunk, const WhisChunkSource *source)
{
  g_return_if_fail (chunk != NULL);
  g_return_if_fail (source != NULL);

  set_string (&chunk->provider, source->provider);
  set_string (&chunk->model, source->model);
  set_string (&chunk->host, source->host);
  set_string (&chunk->tried, source->tried);
}

/**
 * whis_chunk_result_set_text:
 * @chunk: what the history is told of a chunk
 * @text: its text, in place of an earlier one or an error
 */
void
whis_chunk_result_set_text (WhisRecordChunk *chunk, const char *text)
{
  g_return_if_fail (chunk != NULL);
  g_return_if_fail (text != NULL);

  set_answer (chunk, text, NULL, NULL);
}

/**
 * whis_chunk_result_set_error:
 * @chunk: what the history is told of a chunk
 * @code: why it has no text
 * @message: a sentence about that
 */
void
whis_chunk_result_set_error (WhisRecordChunk *chunk, const char *code, const char *message)
{
  g_return_if_fail (chunk != NULL);

  set_answer (chunk, NULL, code, message);
}

/**
 * whis_chunk_result_set_echo:
 * @chunk: what the history is told of a chunk for which a service gave back only what it was told
 *
 * Its text is empty.
 */
void
whis_chunk_result_set_echo (WhisRecordChunk *chunk)
{
  g_return_if_fail (chunk != NULL);

  set_answer (chunk, "", "no-speech", _ ("The service answered with the hint alone."));
}

/**
 * whis_chunk_result_set_times:
 * @chunk: what the history is told of a chunk
 * @times: (nullable) (element-type WhisTimedText): its words or segments with times
 */
void
whis_chunk_result_set_times (WhisRecordChunk *chunk, GPtrArray *times)
{
  g_return_if_fail (chunk != NULL);

  g_clear_pointer (&chunk->times, g_ptr_array_unref);
  if (times != NULL && times->len > 0)
    chunk->times = whis_timed_texts_copy (times);
}

/**
 * whis_chunk_result_set_gaps:
 * @chunk: what the history is told of a chunk
 * @gaps: (element-type WhisSpan): where sound that may be speech has no text
 */
void
whis_chunk_result_set_gaps (WhisRecordChunk *chunk, GArray *gaps)
{
  g_return_if_fail (chunk != NULL);
  g_return_if_fail (gaps != NULL);

  g_clear_pointer (&chunk->gaps, g_array_unref);
  if (gaps->len > 0)
    chunk->gaps = whis_spans_copy (gaps);
}

/**
 * whis_chunk_result_copy:
 * @chunk: what the history is told of a chunk
 * @earlier: the same chunk in an earlier try
 *
 * Takes over its text, its times, and who they are from.
 */
void
whis_chunk_result_copy (WhisRecordChunk *chunk, const WhisRecordChunk *earlier)
{
  g_return_if_fail (chunk != NULL);
  g_return_if_fail (earlier != NULL && earlier->text != NULL);

  whis_chunk_result_set_source (chunk, &(WhisChunkSource){ earlier->provider, earlier->model,
                                                           earlier->host, earlier->tried });
  whis_chunk_result_set_times (chunk, earlier->times);
  whis_chunk_result_set_text (chunk, earlier->text);
}

/**
 * whis_chunk_result_find:
 * @earlier: (nullable): an earlier try on the same sound, with the same service
 * @chunk: a chunk
 * @wants_times: whether a text without times is of no use
 *
 * Returns: (transfer none) (nullable): what @earlier has of exactly this sound, with a text
 */
const WhisRecordChunk *
whis_chunk_result_find (const WhisRecord *earlier, const WhisChunk *chunk, gboolean wants_times)
{
  const WhisRecordChunk *found;

  g_return_val_if_fail (chunk != NULL, NULL);

  if (earlier == NULL || chunk->index >= earlier->chunks->len)
    return NULL;

  found = g_ptr_array_index (earlier->chunks, chunk->index);
  if (found->text == NULL || found->chunk->offset != chunk->offset
      || found->chunk->size != chunk->size || found->chunk->start_ms != chunk->start_ms)
    return NULL;

  return !wants_times || found->times != NULL || *found->text == '\0' ? found : NULL;
}
