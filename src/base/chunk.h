/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "spans.h"

G_BEGIN_DECLS

#define WHIS_TYPE_CHUNK (whis_chunk_get_type ())

/**
 * WHIS_CHUNK_SOUND_MS:
 *
 * So much sound that stands out of the room is worth a mark where no speech was heard, in
 * milliseconds.
 */
#define WHIS_CHUNK_SOUND_MS 300

/**
 * WhisChunk:
 * @dictation: the id of the dictation that the chunk belongs to
 * @index: place of the chunk in its dictation, from 0
 * @offset: first byte of the chunk in the dictation's recording
 * @size: length of the chunk in bytes
 * @start_ms: where the chunk's own sound begins, in milliseconds from the dictation's start
 * @length_ms: length of the chunk's sound in milliseconds
 * @overlaps_previous: whether the front of the chunk repeats the end of the chunk before it
 * @has_speech: whether speech was heard in the chunk
 * @cut_in_speech: whether the chunk ends while somebody speaks: in no pause, or in one that was
 * over again by the time of the cut; the end of the dictation is no such cut
 * @voice_ms: how much voice was heard in the chunk, in milliseconds
 * @voice: (nullable) (element-type WhisSpan): where in the dictation it was heard; %NULL where that
 *   is not known any more
 * @sounds: (nullable) (element-type WhisSpan): for a chunk without speech, where in the dictation
 *   sound stood out of the room; %NULL if that was less than %WHIS_CHUNK_SOUND_MS
 *
 * A piece of a dictation: a byte range of its recording, cut at a pause where there was one.
 *
 * The range may begin a few frames before @start_ms, because an MP3 frame leans on the bit
 * reservoir of earlier frames (ISO/IEC 11172-3, 2.4.2.7 `main_data_begin`).
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
  GArray *voice;
  GArray *sounds;
} WhisChunk;

/**
 * WhisChunkMargins:
 * @wanted_ms: from this length on a chunk ends at the next pause; 0 for a third of the longest
 * @lead_ms: longer silence in front of speech becomes a chunk of its own
 * @before_ms: how much of such a silence stays in front of the speech, less than @lead_ms
 * @behind_ms: how much silence stays behind speech at most, where a pause is cut in its middle
 * @least_behind_ms: how much of a pause stays behind speech in place of that, if it is that long; 0
 *   for half of the pause, and no more than @behind_ms
 * @end_ms: how much silence stays behind the last speech of a dictation; the rest becomes a chunk
 *   of its own. 0 for all of it
 * @sentence_ms: from @wanted_ms on a pause of this length ends a chunk at once; among shorter ones
 *   the longest is taken when the chunk has its longest length. 0 to take the first that will do
 * @pause_ms: a pause of this length ends a chunk however short it is; 0 for none
 *
 * How much silence a recogniser wants around speech, in milliseconds.
 */
typedef struct
{
  guint wanted_ms;
  guint lead_ms;
  guint before_ms;
  guint behind_ms;
  guint least_behind_ms;
  guint end_ms;
  guint sentence_ms;
  guint pause_ms;
} WhisChunkMargins;

/**
 * WHIS_CHUNK_MARGINS_INIT:
 *
 * What suits a recogniser of which nothing is known: half a second of silence, and in front up to
 * three.
 */
#define WHIS_CHUNK_MARGINS_INIT                                                                    \
  {                                                                                                \
    .lead_ms = 3000, .before_ms = 500, .behind_ms = 500                                            \
  }

GType whis_chunk_get_type (void);

WhisChunk *whis_chunk_new (const char *dictation, guint index);
WhisChunk *whis_chunk_copy (const WhisChunk *chunk);
void whis_chunk_free (WhisChunk *chunk);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisChunk, whis_chunk_free)

G_END_DECLS
