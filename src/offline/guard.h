/* SPDX-License-Identifier: MIT */
#pragma once

#include "loudness.h"
#include "segment.h"
#include "transcript.h"

G_BEGIN_DECLS

/* The bounds that OpenAI's program has, the second as 4,814 real dictations wanted it. */
#define WHIS_GUARD_MOST_COMPRESSION 2.4
#define WHIS_GUARD_LEAST_LOGPROB (-1.25)

/* Where the model is less sure than this that nobody spoke, somebody did. Noise, hum, music and
 * typing give 0.47 to 0.9 with Whisper base, human speech below 0.1 and a synthetic voice that says
 * a single word up to 0.42. Beside such a doubt a text has to be surer. */
#define WHIS_GUARD_MOST_NO_SPEECH 0.45
#define WHIS_GUARD_LEAST_LOGPROB_IN_DOUBT (-0.9)

/**
 * WhisGuardReason:
 * @WHIS_GUARD_FINE: somebody said it
 * @WHIS_GUARD_SOUND: it names a sound and not words
 * @WHIS_GUARD_NOBODY: the model itself doubts it, and that there was speech at all
 * @WHIS_GUARD_LOOP: it says the same over and over
 * @WHIS_GUARD_RATE: nobody speaks so fast
 * @WHIS_GUARD_QUIET: nothing is to be heard at its place
 *
 * Why a segment is taken out.
 */
typedef enum
{
  WHIS_GUARD_FINE,
  WHIS_GUARD_SOUND,
  WHIS_GUARD_NOBODY,
  WHIS_GUARD_LOOP,
  WHIS_GUARD_RATE,
  WHIS_GUARD_QUIET,
} WhisGuardReason;

WhisGuardReason whis_guard_judge (const WhisSegment *segment, const WhisLoudness *loudness);
void whis_guard_clean (WhisTranscript *transcript, const WhisLoudness *loudness);

G_END_DECLS
