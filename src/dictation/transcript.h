/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"
#include "live-chunks.h"
#include "route.h"
#include "sound.h"

G_BEGIN_DECLS

#define WHIS_TYPE_TRANSCRIPT (whis_transcript_get_type ())
G_DECLARE_FINAL_TYPE (WhisTranscript, whis_transcript, WHIS, TRANSCRIPT, GObject)

WhisTranscript *whis_transcript_new (WhisRecord *record,
                                     gboolean again,
                                     WhisSound *sound,
                                     WhisRoute *route,
                                     WhisHistory *history);

void whis_transcript_set_wishes (WhisTranscript *self,
                                 const char *const *vocabulary,
                                 gboolean wants_times);
void whis_transcript_set_temperature (WhisTranscript *self, double temperature);
void whis_transcript_set_live (WhisTranscript *self, WhisLiveChunks *live);
void whis_transcript_show_provisional (WhisTranscript *self, const char *text);
void whis_transcript_set_known (WhisTranscript *self, const WhisRecord *known);

void whis_transcript_set_key (WhisTranscript *self, char *key, GError *error);
void whis_transcript_add (WhisTranscript *self, const WhisChunk *chunk);
void whis_transcript_end_sound (WhisTranscript *self);
void whis_transcript_cancel (WhisTranscript *self);

gboolean whis_transcript_is_settled (WhisTranscript *self);
guint64 whis_transcript_get_done_ms (WhisTranscript *self);
const GError *whis_transcript_get_error (WhisTranscript *self);
gboolean whis_transcript_has_failed (WhisTranscript *self);
gboolean whis_transcript_had_echo (WhisTranscript *self);
const char *whis_transcript_get_language (WhisTranscript *self);
char *whis_transcript_get_text (WhisTranscript *self);

G_END_DECLS
