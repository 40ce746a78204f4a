/* SPDX-License-Identifier: MIT */
#pragma once

#include "timed-text.h"

G_BEGIN_DECLS

/**
 * WhisTranscriptionSegment:
 * @start_ms: where it begins in the sound that was sent, in milliseconds
 * @end_ms: where it ends
 * @avg_logprob: mean logarithm of the tokens' probabilities; NaN when it is not known
 * @no_speech_prob: how likely nobody speaks; NaN when it is not known
 * @text: its words
 *
 * A part of an answer, and what the model thought of it.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  double avg_logprob;
  double no_speech_prob;
  char *text;
} WhisTranscriptionSegment;

#define WHIS_TYPE_TRANSCRIPTION (whis_transcription_get_type ())

/**
 * WhisTranscription:
 * @text: the words in one line; empty when nothing was said
 * @language: (nullable): the language that the service heard, in the service's own form
 * @times: (element-type WhisTimedText): words or segments with their place in the sound that was
 *   sent, in milliseconds; empty when the service gave none
 * @segments: (element-type WhisTranscriptionSegment): what the model thought of its parts; empty
 * when the service did not say
 *
 * What a service made of a piece of sound.
 */
typedef struct
{
  char *text;
  char *language;
  GPtrArray *times;
  GPtrArray *segments;
} WhisTranscription;

GType whis_transcription_get_type (void);

WhisTranscription *whis_transcription_new (const char *text);
WhisTranscription *whis_transcription_copy (const WhisTranscription *self);
void whis_transcription_free (WhisTranscription *self);

void whis_transcription_add_time (WhisTranscription *self,
                                  double start_s,
                                  double end_s,
                                  const char *text);

void whis_transcription_add_segment (WhisTranscription *self,
                                     double start_s,
                                     double end_s,
                                     double avg_logprob,
                                     double no_speech_prob,
                                     const char *text);
void whis_transcription_shift (WhisTranscription *self, guint64 ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTranscription, whis_transcription_free)

G_END_DECLS
