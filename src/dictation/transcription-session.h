/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"
#include "live-chunks.h"
#include "failover.h"
#include "sound.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TRANSCRIPTION_SESSION (whis_transcription_session_get_type ())
G_DECLARE_FINAL_TYPE (WhisTranscriptionSession,
                      whis_transcription_session,
                      WHIS,
                      TRANSCRIPTION_SESSION,
                      GObject)

WhisTranscriptionSession *whis_transcription_session_new (WhisRecord *record,
                                                          gboolean again,
                                                          WhisSound *sound,
                                                          WhisFailover *failover,
                                                          WhisHistory *history);

void whis_transcription_session_set_wishes (WhisTranscriptionSession *self,
                                            const char *const *vocabulary,
                                            gboolean wants_times);
void
whis_transcription_session_set_temperature (WhisTranscriptionSession *self, double temperature);
void whis_transcription_session_set_live (WhisTranscriptionSession *self, WhisLiveChunks *live);
void whis_transcription_session_show_provisional (WhisTranscriptionSession *self, const char *text);
void
whis_transcription_session_set_earlier (WhisTranscriptionSession *self, const WhisRecord *earlier);

void whis_transcription_session_set_key (WhisTranscriptionSession *self, char *key, GError *error);
void whis_transcription_session_add (WhisTranscriptionSession *self, const WhisChunk *chunk);
void whis_transcription_session_end_sound (WhisTranscriptionSession *self);
void whis_transcription_session_cancel (WhisTranscriptionSession *self);

gboolean whis_transcription_session_is_settled (WhisTranscriptionSession *self);
guint64 whis_transcription_session_get_done_ms (WhisTranscriptionSession *self);
const GError *whis_transcription_session_get_error (WhisTranscriptionSession *self);
gboolean whis_transcription_session_has_failed (WhisTranscriptionSession *self);
gboolean whis_transcription_session_had_echo (WhisTranscriptionSession *self);
const char *whis_transcription_session_get_language (WhisTranscriptionSession *self);
char *whis_transcription_session_get_text (WhisTranscriptionSession *self);

G_END_DECLS
