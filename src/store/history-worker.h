/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-queue.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_WORKER (whis_history_worker_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryWorker, whis_history_worker, WHIS, HISTORY_WORKER, GObject)

WhisHistoryWorker *whis_history_worker_new (const char *directory);
void whis_history_worker_set_rules (WhisHistoryWorker *self, WhisHistoryRules rules);
void whis_history_worker_write (WhisHistoryWorker *self,
                                char *slot,
                                WhisHistoryWriteFunc func,
                                gpointer data,
                                GDestroyNotify destroy);
void whis_history_worker_read (WhisHistoryWorker *self,
                               WhisHistoryReadFunc func,
                               GDestroyNotify destroy,
                               GTask *task);
void whis_history_worker_run (WhisHistoryWorker *self, WhisHistoryRunFunc func, gpointer data);
void whis_history_worker_flush (WhisHistoryWorker *self, GTask *task);

G_END_DECLS
