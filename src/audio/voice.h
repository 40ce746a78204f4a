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

/**
 * WhisVoiceKind:
 * @WHIS_VOICE_NONE: the room, or what keys and knocks make
 * @WHIS_VOICE_SOUND: sound that stands out of the room and lasts, such as a breath; a whispered
 * word alone is no more
 * @WHIS_VOICE_SPEECH: a voice, or a whisper
 *
 * What was heard.
 */
typedef enum
{
  WHIS_VOICE_NONE,
  WHIS_VOICE_SOUND,
  WHIS_VOICE_SPEECH,
} WhisVoiceKind;

typedef struct _WhisVoice WhisVoice;

WhisVoice *whis_voice_new (void);
void whis_voice_free (WhisVoice *voice);

void whis_voice_push (WhisVoice *voice, const gint16 *samples, gsize n_samples);
guint64 whis_voice_get_calm_ms (WhisVoice *voice);
void whis_voice_finish (WhisVoice *voice);
gboolean whis_voice_next (WhisVoice *voice, WhisVoiceKind *heard);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisVoice, whis_voice_free)

G_END_DECLS
