/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisPauseEvidence:
 * @heard_ms: how much sound was heard
 * @calm_ms: for how long nothing but the room was heard up to now
 * @decided_ms: up to where it is decided what was speech
 * @quiet_ms: for how long there was none up to there
 * @spoken_ms: how much speech there was in all
 *
 * What is known of a recording, in milliseconds from its start.
 */
typedef struct
{
  guint64 heard_ms;
  guint64 calm_ms;
  guint64 decided_ms;
  guint64 quiet_ms;
  guint64 spoken_ms;
} WhisPauseEvidence;

typedef struct _WhisPauseBuffer WhisPauseBuffer;

WhisPauseBuffer *whis_pause_buffer_new (guint pause_ms);
void whis_pause_buffer_free (WhisPauseBuffer *self);

gboolean whis_pause_buffer_update (WhisPauseBuffer *self, const WhisPauseEvidence *evidence);
void whis_pause_buffer_push (WhisPauseBuffer *self, const gint16 *samples, gsize n_samples);
GArray *whis_pause_buffer_take (WhisPauseBuffer *self);
gsize whis_pause_buffer_get_n_samples (WhisPauseBuffer *self);
guint64 whis_pause_buffer_get_quiet_ms (WhisPauseBuffer *self);

gboolean whis_pause_buffer_begin_split (WhisPauseBuffer *self);
void whis_pause_buffer_cancel_split (WhisPauseBuffer *self);
gboolean whis_pause_buffer_is_splitting (WhisPauseBuffer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisPauseBuffer, whis_pause_buffer_free)

G_END_DECLS
