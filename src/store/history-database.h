/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "history-run.h"
#include "storage-condition.h"

G_BEGIN_DECLS

typedef struct _WhisHistoryDatabase WhisHistoryDatabase;

WhisHistoryDatabase *whis_history_database_new (const char *directory);
void whis_history_database_free (WhisHistoryDatabase *self);

gboolean whis_history_database_open (WhisHistoryDatabase *self, GError **error);
void whis_history_database_close (WhisHistoryDatabase *self);
char *whis_history_database_set_aside (WhisHistoryDatabase *self, GError **error);
void whis_history_database_interrupt (WhisHistoryDatabase *self);
void whis_history_database_trim (WhisHistoryDatabase *self);

gboolean whis_history_database_execute (WhisHistoryDatabase *self, const char *sql, GError **error);
gboolean whis_history_database_begin (WhisHistoryDatabase *self, GError **error);
gboolean whis_history_database_commit (WhisHistoryDatabase *self, GError **error);
void whis_history_database_roll_back (WhisHistoryDatabase *self);

const char *whis_history_database_get_directory (WhisHistoryDatabase *self);
WhisHistoryRun *whis_history_database_get_run (WhisHistoryDatabase *self);
WhisStorageCondition whis_history_database_get_condition (WhisHistoryDatabase *self);
gboolean whis_history_database_may_recover (WhisHistoryDatabase *self);

sqlite3_stmt *whis_history_database_prepare (WhisHistoryDatabase *self,
                                             GError **error,
                                             const char *sql,
                                             const char *types,
                                             ...);
int whis_history_database_step (WhisHistoryDatabase *self, sqlite3_stmt *statement, GError **error);
gboolean whis_history_database_run (WhisHistoryDatabase *self,
                                    GError **error,
                                    const char *sql,
                                    const char *types,
                                    ...);
int whis_history_database_count_changes (WhisHistoryDatabase *self);
gboolean whis_history_database_empty_log (WhisHistoryDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisHistoryDatabase, whis_history_database_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

G_END_DECLS
