/* SPDX-License-Identifier: MIT */
#pragma once

#include "segment.h"

G_BEGIN_DECLS

/**
 * WhisTranscript:
 * @duration_ms: length of the sound in milliseconds
 * @language: (nullable): the language that was spoken or heard (ISO 639)
 * @segments: (element-type WhisSegment): what was said, in order
 * @n_removed: how many segments were taken out because nobody said them
 *
 * What was said in a piece of sound.
 */
typedef struct
{
  guint64 duration_ms;
  char *language;
  GPtrArray *segments;
  guint n_removed;
} WhisTranscript;

WhisTranscript *whis_transcript_new (guint64 duration_ms);
void whis_transcript_free (WhisTranscript *transcript);
void whis_transcript_add (WhisTranscript *transcript,
                          guint64 start_ms,
                          guint64 end_ms,
                          const char *words);
void whis_transcript_take (WhisTranscript *transcript, WhisSegment *segment);
char *whis_transcript_get_text (const WhisTranscript *transcript);

char *whis_transcript_clean (const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTranscript, whis_transcript_free)

G_END_DECLS
