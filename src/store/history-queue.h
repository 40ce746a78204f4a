/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-writes.h"

G_BEGIN_DECLS

/* Reads what the data of a task asks for, in the worker's thread, with the database open. Returns
 * what the task returns; %NULL without an error is an answer too. */
typedef gpointer (*WhisHistoryReadFunc) (WhisHistoryDatabase *database,
                                         gconstpointer data,
                                         GError **error);

/* Does something that may wait for the disk, in the worker's thread, without the database. */
typedef void (*WhisHistoryRunFunc) (gpointer data);

/**
 * WhisHistoryJob:
 * @slot: (nullable): what is written; a later write of the same slot takes the place of this one
 * @write: writes
 * @data: for @write
 * @destroy: frees @data, or what @read returns
 * @rules: what was to be kept when the write was asked for
 * @now_ms: when that was, Unix time in milliseconds
 * @read: reads
 * @run: does something with @data
 * @task: of who waits for the job
 *
 * A write if it has a @write function, else a read, something else or, without any function, a
 * flush.
 */
typedef struct
{
  char *slot;
  WhisHistoryWriteFunc write;
  gpointer data;
  GDestroyNotify destroy;
  WhisHistoryRules rules;
  gint64 now_ms;
  WhisHistoryReadFunc read;
  WhisHistoryRunFunc run;
  GTask *task;
} WhisHistoryJob;

void whis_history_job_free (WhisHistoryJob *job);

typedef struct _WhisHistoryQueue WhisHistoryQueue;

WhisHistoryQueue *whis_history_queue_new (void);
void whis_history_queue_free (WhisHistoryQueue *self);
gboolean whis_history_queue_push (WhisHistoryQueue *self, WhisHistoryJob *job);
WhisHistoryJob *whis_history_queue_take (WhisHistoryQueue *self, gboolean stalled);
void whis_history_queue_put_back (WhisHistoryQueue *self, WhisHistoryJob *job);

G_END_DECLS
