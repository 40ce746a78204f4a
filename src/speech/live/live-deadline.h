/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WhisLiveDeadline WhisLiveDeadline;

WhisLiveDeadline *whis_live_deadline_new (guint timeout_ms, GSourceFunc passed, gpointer user_data);
void whis_live_deadline_free (WhisLiveDeadline *self);

void whis_live_deadline_expect (WhisLiveDeadline *self, guint step, gboolean is_alive);
void whis_live_deadline_stop (WhisLiveDeadline *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLiveDeadline, whis_live_deadline_free)

G_END_DECLS
