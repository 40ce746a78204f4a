/* SPDX-License-Identifier: MIT */
#pragma once

#include "record.h"
#include "store-error.h"

G_BEGIN_DECLS

/**
 * WHIS_KEEP_ALWAYS:
 *
 * A number of days that never ends.
 */
#define WHIS_KEEP_ALWAYS (-1)

/**
 * WhisHistoryQuery:
 * @search: (nullable): words that must all be in the text; the last may be the beginning of a word
 * @marked: whether only marked entries are wanted
 * @states: bits `1 << WhisDictationState` of the states that are wanted; 0 for all
 * @offset: how many of the newest to leave out
 * @limit: how many at most; 0 for all
 *
 * Which entries are wanted.
 */
typedef struct
{
  const char *search;
  gboolean marked;
  guint states;
  guint offset;
  guint limit;
} WhisHistoryQuery;

#define WHIS_TYPE_HISTORY (whis_history_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistory, whis_history, WHIS, HISTORY, GObject)

WhisHistory *whis_history_new (const char *directory);
char *whis_history_dup_sound_path (WhisHistory *self, const char *id, gboolean is_lossless);
void whis_history_set_rules (WhisHistory *self, int keep_sound_days, int keep_text_days);

/* Writes. They never block and happen in their order; what fails for lack of room is tried again.
 */
void whis_history_put (WhisHistory *self, const WhisRecord *record);
void whis_history_put_chunk (WhisHistory *self, const WhisRecordChunk *chunk);
void whis_history_add_version (WhisHistory *self, const char *id, const WhisRecordVersion *version);
void whis_history_set_marked (WhisHistory *self, const char *id, gboolean marked);
void whis_history_set_landed (WhisHistory *self, const char *id);
void whis_history_set_delivered (WhisHistory *self, const char *id);
void whis_history_set_outcome (WhisHistory *self,
                               const char *id,
                               WhisDeliveryOutcome outcome,
                               const char *method);
void whis_history_delete (WhisHistory *self, const char *const *ids);
void whis_history_delete_sound (WhisHistory *self, const char *id);
void whis_history_apply_rules (WhisHistory *self);

void whis_history_flush_async (WhisHistory *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean whis_history_flush_finish (WhisHistory *self, GAsyncResult *result, GError **error);

/* Reads. They see every write that was asked for before them. */
void whis_history_get_async (WhisHistory *self,
                             const char *id,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
WhisRecord *whis_history_get_finish (WhisHistory *self, GAsyncResult *result, GError **error);

void whis_history_list_async (WhisHistory *self,
                              const WhisHistoryQuery *query,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GPtrArray *
whis_history_list_finish (WhisHistory *self, GAsyncResult *result, guint *total, GError **error);

void whis_history_find_origin_async (WhisHistory *self,
                                     const char *origin,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
WhisRecord *
whis_history_find_origin_finish (WhisHistory *self, GAsyncResult *result, GError **error);

void whis_history_recover_async (WhisHistory *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *whis_history_recover_finish (WhisHistory *self,
                                        GAsyncResult *result,
                                        guint *n_owned,
                                        GError **error);

/* One process at a time works on a dictation. */
void whis_history_lock_async (WhisHistory *self,
                              const char *id,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
int
whis_history_lock_finish (WhisHistory *self, GAsyncResult *result, guint64 *size, GError **error);
void whis_history_unlock (WhisHistory *self, int fd);
void whis_history_open_sound_async (WhisHistory *self,
                                    const char *id,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
int whis_history_open_sound_finish (WhisHistory *self,
                                    GAsyncResult *result,
                                    char **path,
                                    GError **error);

G_END_DECLS
