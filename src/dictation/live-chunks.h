/* SPDX-License-Identifier: MIT */
#pragma once

#include "hallucination.h"
#include "live.h"
#include "meter.h"
#include "record.h"

G_BEGIN_DECLS

#define WHIS_TYPE_LIVE_CHUNKS (whis_live_chunks_get_type ())
G_DECLARE_FINAL_TYPE (WhisLiveChunks, whis_live_chunks, WHIS, LIVE_CHUNKS, GObject)

WhisLiveChunks *whis_live_chunks_new (const WhisProvider *provider,
                                      const char *address,
                                      const char *model,
                                      WhisMeter *meter);

guint whis_live_chunks_get_rate (WhisLiveChunks *self);
const char *whis_live_chunks_get_model (WhisLiveChunks *self);
void whis_live_chunks_start (WhisLiveChunks *self,
                             const WhisRecord *record,
                             const char *const *vocabulary,
                             const char *key);
void whis_live_chunks_push (WhisLiveChunks *self, GBytes *samples);
gboolean whis_live_chunks_add (WhisLiveChunks *self, WhisRecordChunk *chunk);
void whis_live_chunks_finish (WhisLiveChunks *self);
void whis_live_chunks_cancel (WhisLiveChunks *self);
guint whis_live_chunks_get_n_waiting (WhisLiveChunks *self);

G_END_DECLS
