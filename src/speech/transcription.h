/* SPDX-License-Identifier: MIT */
#pragma once

#include "../timed-text.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TRANSCRIPTION (whis_transcription_get_type ())

/**
 * WhisTranscription:
 * @text: the words in one line; empty when nothing was said
 * @language: (nullable): the language that the service heard, in the service's own form
 * @times: (element-type WhisTimedText): words or segments with their place in the sound that was
 *   sent, in milliseconds; empty when the service gave none
 *
 * What a service made of a piece of sound.
 */
typedef struct
{
  char *text;
  char *language;
  GPtrArray *times;
} WhisTranscription;

GType whis_transcription_get_type (void);

WhisTranscription *whis_transcription_new (const char *text);
WhisTranscription *whis_transcription_copy (const WhisTranscription *self);
void whis_transcription_free (WhisTranscription *self);

void whis_transcription_add_time (WhisTranscription *self,
                                  double start_s,
                                  double end_s,
                                  const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTranscription, whis_transcription_free)

G_END_DECLS
