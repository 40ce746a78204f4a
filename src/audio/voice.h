/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WHIS_VOICE_STEP_MS:
 *
 * The grid of [struct@Voice]'s decisions in milliseconds.
 */
#define WHIS_VOICE_STEP_MS 10

/**
 * WHIS_VOICE_RATE:
 *
 * The sample rate that [struct@Voice] works at, in Hz.
 */
#define WHIS_VOICE_RATE 16000

typedef struct _WhisVoice WhisVoice;

WhisVoice *whis_voice_new (void);
void whis_voice_free (WhisVoice *voice);

void whis_voice_push (WhisVoice *voice, const gint16 *samples, gsize n_samples);
void whis_voice_finish (WhisVoice *voice);
gboolean whis_voice_next (WhisVoice *voice, gboolean *heard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisVoice, whis_voice_free)

G_END_DECLS
