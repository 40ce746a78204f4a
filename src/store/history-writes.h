/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-database.h"
#include "history-rules.h"
#include "record.h"

G_BEGIN_DECLS

/**
 * WhisHistoryWrite:
 * @rules: what is to be kept
 * @now_ms: when the write was asked for, Unix time in milliseconds
 * @changed: (element-type utf8): ids of the entries that the write changes
 * @removed: (element-type utf8): ids of the entries that it deletes
 * @deletes_text: whether it deletes texts
 *
 * A transaction, and what it does to the entries.
 */
typedef struct
{
  WhisHistoryRules rules;
  gint64 now_ms;
  GPtrArray *changed;
  GPtrArray *removed;
  gboolean deletes_text;
} WhisHistoryWrite;

typedef gboolean (*WhisHistoryWriteFunc) (WhisHistoryDatabase *database,
                                          WhisHistoryWrite *write,
                                          gconstpointer data,
                                          GError **error);

gboolean whis_history_write_record (WhisHistoryDatabase *database,
                                    WhisHistoryWrite *write,
                                    gconstpointer record,
                                    GError **error);
gboolean whis_history_write_chunk (WhisHistoryDatabase *database,
                                   WhisHistoryWrite *write,
                                   gconstpointer chunk,
                                   GError **error);

/* A version of the text of the dictation @id. */
typedef struct
{
  char *id;
  WhisRecordVersion *version;
} WhisHistoryNewVersion;

gboolean whis_history_write_version (WhisHistoryDatabase *database,
                                     WhisHistoryWrite *write,
                                     gconstpointer new_version,
                                     GError **error);
gboolean whis_history_write_mark (WhisHistoryDatabase *database,
                                  WhisHistoryWrite *write,
                                  gconstpointer id,
                                  GError **error);
gboolean whis_history_write_no_mark (WhisHistoryDatabase *database,
                                     WhisHistoryWrite *write,
                                     gconstpointer id,
                                     GError **error);
gboolean whis_history_write_landed (WhisHistoryDatabase *database,
                                    WhisHistoryWrite *write,
                                    gconstpointer id,
                                    GError **error);

/* What became of the text of the dictation @id when it was inserted once more. */
typedef struct
{
  char *id;
  WhisDeliveryOutcome outcome;
  char *method;
} WhisHistoryNewOutcome;

gboolean whis_history_write_outcome (WhisHistoryDatabase *database,
                                     WhisHistoryWrite *write,
                                     gconstpointer new_outcome,
                                     GError **error);
gboolean whis_history_write_delivered (WhisHistoryDatabase *database,
                                       WhisHistoryWrite *write,
                                       gconstpointer id,
                                       GError **error);
gboolean whis_history_write_interrupted (WhisHistoryDatabase *database,
                                         WhisHistoryWrite *write,
                                         gconstpointer id,
                                         GError **error);

/* What is deleted, in history-deletes.c. */
gboolean whis_history_write_deleted (WhisHistoryDatabase *database,
                                     WhisHistoryWrite *write,
                                     gconstpointer ids,
                                     GError **error);
gboolean whis_history_write_no_sound (WhisHistoryDatabase *database,
                                      WhisHistoryWrite *write,
                                      gconstpointer id,
                                      GError **error);
gboolean whis_history_write_rules (WhisHistoryDatabase *database,
                                   WhisHistoryWrite *write,
                                   gconstpointer unused,
                                   GError **error);
gboolean whis_history_apply_rules_to (WhisHistoryDatabase *database,
                                      WhisHistoryWrite *write,
                                      const char *id,
                                      GError **error);
gboolean whis_history_delete_unwanted_sounds (WhisHistoryDatabase *database, GError **error);
gboolean whis_history_forget_words (WhisHistoryDatabase *database, GError **error);

G_END_DECLS
