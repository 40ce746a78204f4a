/* SPDX-License-Identifier: MIT */
#pragma once

#include "loudness.h"

G_BEGIN_DECLS

/**
 * WhisWord:
 * @start_ms: where it begins, in milliseconds from the start of the sound
 * @end_ms: where it ends
 * @text: the word, with its punctuation
 *
 * A word and its place.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  char *text;
} WhisWord;

/**
 * WhisSegment:
 * @start_ms: where it begins, in milliseconds from the start of the sound
 * @end_ms: where it ends
 * @text: what was said, never empty
 * @is_glued: whether it goes on from the segment before without a blank
 * @words: (element-type WhisWord): its words, none where the engine gives no times for them
 * @is_measured: whether the numbers below are known
 * @average_logprob: mean natural logarithm of the probabilities of its tokens
 * @no_speech_probability: how sure the model is that nobody spoke, from 0 to 1
 * @compression_ratio: how much smaller zlib makes the text; above 2.4 it repeats itself
 * @temperature: the temperature of the pass that the text comes from
 *
 * A part of a transcript.
 */
typedef struct
{
  guint64 start_ms;
  guint64 end_ms;
  char *text;
  gboolean is_glued;
  GPtrArray *words;
  gboolean is_measured;
  double average_logprob;
  double no_speech_probability;
  double compression_ratio;
  double temperature;
} WhisSegment;

WhisSegment *whis_segment_new (guint64 start_ms, guint64 end_ms, const char *text);
void whis_segment_free (WhisSegment *segment);
void
whis_segment_add_word (WhisSegment *segment, guint64 start_ms, guint64 end_ms, const char *text);
void whis_segment_spread_words (WhisSegment *segment, const WhisLoudness *loudness);
void whis_segment_limit (WhisSegment *segment, guint64 earliest_ms, guint64 latest_ms);
void whis_segment_shift (WhisSegment *segment, guint64 by_ms);

double whis_compression_ratio (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisSegment, whis_segment_free)

G_END_DECLS
