/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define WHIS_TYPE_CHUNK (whis_chunk_get_type ())

/**
 * WhisChunk:
 * @dictation: the id of the dictation that the chunk belongs to
 * @index: place of the chunk in its dictation, from 0
 * @offset: first byte of the chunk in the dictation's MP3 file
 * @size: length of the chunk in bytes
 * @start_ms: where the chunk's own sound begins, in milliseconds from the dictation's start
 * @length_ms: length of the chunk's sound in milliseconds
 * @overlaps_previous: whether the front of the chunk repeats the end of the chunk before it
 * @has_speech: whether speech was heard in the chunk
 * @cut_in_speech: whether the chunk ends while somebody speaks: in no pause, or in one that was
 * over again by the time of the cut; the end of the dictation is no such cut
 * @voice_ms: how much voice was heard in the chunk, in milliseconds
 *
 * A piece of a dictation: a byte range of its MP3 file, cut at a pause where there was one.
 *
 * The range may begin a few MP3 frames before @start_ms, because a frame leans on the bit reservoir
 * of earlier frames (ISO/IEC 11172-3, 2.4.2.7 `main_data_begin`).
 */
typedef struct
{
  char *dictation;
  guint index;
  guint64 offset;
  guint64 size;
  guint64 start_ms;
  guint64 length_ms;
  gboolean overlaps_previous;
  gboolean has_speech;
  gboolean cut_in_speech;
  guint64 voice_ms;
} WhisChunk;

GType whis_chunk_get_type (void);

WhisChunk *whis_chunk_new (const char *dictation, guint index);
WhisChunk *whis_chunk_copy (const WhisChunk *chunk);
void whis_chunk_free (WhisChunk *chunk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisChunk, whis_chunk_free)

G_END_DECLS
