/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisSegment:
 * @start_ms: where it begins, in milliseconds from the start of the sound
 * @end_ms: where it ends
 * @text: what was said, never empty
 *
 * A part of a transcript.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  char *text;
} WhisSegment;

/**
 * WhisTranscript:
 * @duration_ms: length of the sound in milliseconds
 * @segments: (element-type WhisSegment): what was said, in order
 *
 * What was said in a piece of sound.
 */
typedef struct
{
  guint64 duration_ms;
  GPtrArray *segments;
} WhisTranscript;

WhisTranscript *whis_transcript_new (guint64 duration_ms);
void whis_transcript_free (WhisTranscript *transcript);
void whis_transcript_add (WhisTranscript *transcript,
                          guint64 start_ms,
                          guint64 end_ms,
                          const char *words);
char *whis_transcript_get_text (const WhisTranscript *transcript);

char *whis_transcript_clean (const char *words);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTranscript, whis_transcript_free)

G_END_DECLS
