/* SPDX-License-Identifier: MIT */
#pragma once

#include "failover.h"
#include "statistics.h"

G_BEGIN_DECLS

/**
 * WhisChunkAnswer:
 * @answer: what was said, in the times of the dictation, and who said so
 * @gaps: (element-type WhisSpan): where in the dictation speech was heard that is in no text
 * @numbers: what was found and put right
 *
 * What came of a chunk.
 */
typedef struct
{
  WhisFailoverAnswer *answer;
  GArray *gaps;
  guint64 numbers[WHIS_N_STATISTICS];
} WhisChunkAnswer;

void whis_chunk_answer_free (WhisChunkAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisChunkAnswer, whis_chunk_answer_free)

guint64 whis_chunk_get_sent_from_ms (const WhisChunk *chunk);

void whis_chunk_transcribe_async (const WhisChunk *chunk,
                                  WhisFailover *failover,
                                  WhisSpeechRequest *request,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);
WhisChunkAnswer *
whis_chunk_transcribe_finish (WhisFailover *failover, GAsyncResult *result, GError **error);

G_END_DECLS
