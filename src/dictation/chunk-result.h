/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"

G_BEGIN_DECLS

/**
 * WhisChunkSource:
 * @provider: id of the service
 * @model: (nullable): its model
 * @host: (nullable): where the sound went
 * @tried: (nullable): id of the other service that was tried
 *
 * Who a text, or an error, is from.
 */
typedef struct
{
  const char *provider;
  const char *model;
  const char *host;
  const char *tried;
} WhisChunkSource;

void whis_chunk_result_set_source (WhisRecordChunk *chunk, const WhisChunkSource *source);
void whis_chunk_result_set_text (WhisRecordChunk *chunk, const char *text);
void whis_chunk_result_set_error (WhisRecordChunk *chunk, const char *code, const char *message);
void whis_chunk_result_set_echo (WhisRecordChunk *chunk);
void whis_chunk_result_set_times (WhisRecordChunk *chunk, GPtrArray *times);
void whis_chunk_result_set_gaps (WhisRecordChunk *chunk, GArray *gaps);
void whis_chunk_result_copy (WhisRecordChunk *chunk, const WhisRecordChunk *earlier);

const WhisRecordChunk *
whis_chunk_result_find (const WhisRecord *earlier, const WhisChunk *chunk, gboolean wants_times);

G_END_DECLS
