/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisLiveSender WhisLiveSender;

WhisLiveSender *whis_live_sender_new (guint rate);
void whis_live_sender_free (WhisLiveSender *self);

void whis_live_sender_push (WhisLiveSender *self, GBytes *samples);
void whis_live_sender_clear (WhisLiveSender *self);
const guint8 *
whis_live_sender_peek (WhisLiveSender *self, guint64 until, gboolean all, gsize *size);
void whis_live_sender_sent (WhisLiveSender *self, gsize size);

guint64 whis_live_sender_get_n_pushed (const WhisLiveSender *self);
guint64 whis_live_sender_get_n_sent (const WhisLiveSender *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLiveSender, whis_live_sender_free)

G_END_DECLS
