/* SPDX-License-Identifier: MIT */
#pragma once

#include "spans.h"
#include "transcription.h"

G_BEGIN_DECLS

/**
 * WHIS_SPEECH_GAP_MS:
 *
 * Speech of this length in which no word begins was left out, in milliseconds. Shorter limits find
 * more gaps where there are none (CrispASR 350: 0.6 s is worse than 1 s).
 */
#define WHIS_SPEECH_GAP_MS 1000

/**
 * WHIS_SPEECH_WITHOUT_TEXT_MS:
 *
 * So much speech and no text at all is a gap as well, in milliseconds.
 */
#define WHIS_SPEECH_WITHOUT_TEXT_MS 600

GArray *whis_speech_gaps_find (const WhisTranscription *transcription, GArray *voice);
gboolean whis_speech_gaps_fill (WhisTranscription *transcription,
                                const WhisTranscription *found,
                                const WhisSpan *gap);

G_END_DECLS
