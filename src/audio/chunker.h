/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "chunk.h"

G_BEGIN_DECLS

/**
 * WHIS_CHUNKER_OVERLAP_MS:
 *
 * How much of the sound before a cut inside speech the next chunk repeats, in milliseconds.
 */
#define WHIS_CHUNKER_OVERLAP_MS 2000

/**
 * WHIS_CHUNKER_SPEECH_MS:
 *
 * How much voice a chunk needs before it counts as speech, in milliseconds. A spoken "no" has some
 * 200 ms; what the detector takes for voice in a knock or a cough is shorter.
 */
#define WHIS_CHUNKER_SPEECH_MS 120

typedef struct _WhisChunker WhisChunker;

WhisChunker *whis_chunker_new (const char *dictation, guint longest_ms, guint frame_ms);
void whis_chunker_free (WhisChunker *chunker);

void whis_chunker_resume (WhisChunker *chunker,
                          guint index,
                          guint64 start_frame,
                          guint64 end_of_previous,
                          guint64 first_frame,
                          guint64 first_offset);
gboolean whis_chunker_cut_inside_speech (const WhisChunk *chunk, const WhisChunkMargins *margins);
void whis_chunker_set_margins (WhisChunker *chunker, const WhisChunkMargins *margins);
void whis_chunker_skip_bytes (WhisChunker *chunker, gsize size);

void whis_chunker_add_frame (WhisChunker *chunker, gsize size);
void whis_chunker_add_voice (WhisChunker *chunker, guint length_ms, gboolean voice);
void whis_chunker_add_sound (WhisChunker *chunker, guint length_ms);
WhisChunk *whis_chunker_next (WhisChunker *chunker);
WhisChunk *whis_chunker_flush (WhisChunker *chunker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisChunker, whis_chunker_free)

G_END_DECLS
