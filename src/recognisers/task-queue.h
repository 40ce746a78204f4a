/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WhisTaskQueue WhisTaskQueue;

WhisTaskQueue *whis_task_queue_new (void);
void whis_task_queue_free (WhisTaskQueue *self);

gboolean whis_task_queue_is_empty (WhisTaskQueue *self);
void whis_task_queue_push (WhisTaskQueue *self, GTask *task, guint timeout_ms);
void whis_task_queue_return_all (WhisTaskQueue *self, const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisTaskQueue, whis_task_queue_free)

G_END_DECLS
