/* SPDX-License-Identifier: MIT */
#pragma once

#include "spans.h"
#include "transcription.h"

G_BEGIN_DECLS

/**
 * WhisHallucinations:
 * @n_invented: texts that were removed because nobody spoke where they were heard
 * @n_loops: repetitions that were removed because nobody can speak so fast
 * @n_sounds: descriptions of sounds, and tokens of models, that were removed
 * @is_doubtful: whether the text repeats itself in a way that speech rarely does, but may; it is
 *   worth another look
 *
 * What was found in an answer that nobody said.
 */
typedef struct
{
  guint n_invented;
  guint n_loops;
  guint n_sounds;
  gboolean is_doubtful;
} WhisHallucinations;

void whis_hallucinations_remove (WhisTranscription *transcription,
                                 GArray *voice,
                                 WhisHallucinations *found);

G_END_DECLS
