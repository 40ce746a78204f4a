/* SPDX-License-Identifier: MIT */
#include "history.h"

#include "history-private.h"
#include "history-reads.h"
#include "history-recovery.h"
#include "history-sounds.h"
#include "history-worker.h"

/**
 * WhisHistory:
 *
 * The history: what was dictated, and what is needed to finish what is not at its end. A database
 * and, beside it, the sounds.
 *
 * To make one costs nothing; the database is opened by the first call, in a thread of its own.
 */

struct _WhisHistory
{
  GObject parent_instance;

  char *directory;
  WhisHistoryWorker *worker;
};

enum
{
  CHANGED,
  REMOVED,
  PROBLEM,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisHistory, whis_history, G_TYPE_OBJECT)

/**
 * whis_history_dup_sound_path:
 * @self: a history
 * @id: a dictation
 * @is_lossless: whether its sound is, or will be, samples in a WAV file rather than an MP3
 *
 * Returns: (transfer full) (nullable): where its sound goes; %NULL if @id cannot be an id
 */
char *
whis_history_dup_sound_path (WhisHistory *self, const char *id, gboolean is_lossless)
{
  g_return_val_if_fail (WHIS_IS_HISTORY (self), NULL);

  return whis_history_sounds_dup_path (self->directory, id, is_lossless);
}

/**
 * whis_history_set_rules:
 * @self: a history
 * @keep_sound_days: for how many days a sound is kept after its text was delivered; 0 for not at
 *   all, %WHIS_KEEP_ALWAYS for always
 * @keep_text_days: for how many days a text is kept after it was delivered
 *
 * Says what is to be kept, from the next write on. What is over by now is deleted by
 * whis_history_apply_rules().
 *
 * Only what is done and delivered, and not marked, is ever deleted by a rule; and of a private
 * dictation everything, once it is delivered or a minute after it was cancelled.
 */
void
whis_history_set_rules (WhisHistory *self, int keep_sound_days, int keep_text_days)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));

  whis_history_worker_set_rules (self->worker,
                                 (WhisHistoryRules){ keep_sound_days, keep_text_days });
}

/**
 * whis_history_put:
 * @self: a history
 * @record: a record; its mark, its chunks and its versions are not written
 *
 * Writes the row of a dictation, new or not.
 */
void
whis_history_put (WhisHistory *self, const WhisRecord *record)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (record != NULL && whis_history_sounds_is_id (record->id));

  whis_history_worker_write (self->worker, g_strdup (record->id), whis_history_write_record,
                             whis_record_copy (record), (GDestroyNotify) whis_record_free);
}

/**
 * whis_history_put_chunk:
 * @self: a history
 * @chunk: what is known of a chunk
 *
 * Writes one chunk, new or not. Its dictation must have been put before.
 */
void
whis_history_put_chunk (WhisHistory *self, const WhisRecordChunk *chunk)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (chunk != NULL && chunk->chunk != NULL);

  whis_history_worker_write (
      self->worker, g_strdup_printf ("%s/%u", chunk->chunk->dictation, chunk->chunk->index),
      whis_history_write_chunk, whis_record_chunk_copy (chunk),
      (GDestroyNotify) whis_record_chunk_free);
}

static void
new_version_free (gpointer data)
{
  WhisHistoryNewVersion *new_version = data;

  g_free (new_version->id);
  whis_record_version_free (new_version->version);
  g_free (new_version);
}

/**
 * whis_history_add_version:
 * @self: a history
 * @id: a dictation
 * @version: another transcription of it; it gets the next number, whatever its own is
 *
 * Adds a text to those of a dictation.
 */
void
whis_history_add_version (WhisHistory *self, const char *id, const WhisRecordVersion *version)
{
  WhisHistoryNewVersion *new_version;

  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL && version != NULL);

  new_version = g_new0 (WhisHistoryNewVersion, 1);
  new_version->id = g_strdup (id);
  new_version->version = whis_record_version_copy (version);
  whis_history_worker_write (self->worker, NULL, whis_history_write_version, new_version,
                             new_version_free);
}

void
whis_history_set_marked (WhisHistory *self, const char *id, gboolean marked)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  whis_history_worker_write (self->worker, NULL,
                             marked ? whis_history_write_mark : whis_history_write_no_mark,
                             g_strdup (id), g_free);
}

/**
 * whis_history_set_delivered:
 * @self: a history
 * @id: a dictation
 *
 * Says that the text of a dictation has just arrived.
 */
void
whis_history_set_delivered (WhisHistory *self, const char *id)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  whis_history_worker_write (self->worker, NULL, whis_history_write_delivered, g_strdup (id),
                             g_free);
}

/**
 * whis_history_set_landed:
 * @self: a history
 * @id: a dictation
 *
 * Says that the text of a dictation was seen to land after all.
 */
void
whis_history_set_landed (WhisHistory *self, const char *id)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  whis_history_worker_write (self->worker, NULL, whis_history_write_landed, g_strdup (id), g_free);
}

static void
new_outcome_free (gpointer data)
{
  WhisHistoryNewOutcome *new_outcome = data;

  g_free (new_outcome->id);
  g_free (new_outcome->method);
  g_free (new_outcome);
}

/**
 * whis_history_set_outcome:
 * @self: a history
 * @id: a dictation
 * @outcome: what became of its text when it was inserted once more
 * @method: (nullable): the word of the method that inserted it
 *
 * Says where the text of a dictation went. One that was inserted before stays inserted, whatever
 * became of it now.
 */
void
whis_history_set_outcome (WhisHistory *self,
                          const char *id,
                          WhisDeliveryOutcome outcome,
                          const char *method)
{
  WhisHistoryNewOutcome *new_outcome;

  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  new_outcome = g_new0 (WhisHistoryNewOutcome, 1);
  new_outcome->id = g_strdup (id);
  new_outcome->outcome = outcome;
  new_outcome->method = g_strdup (method);
  whis_history_worker_write (self->worker, NULL, whis_history_write_outcome, new_outcome,
                             new_outcome_free);
}

/**
 * whis_history_delete:
 * @self: a history
 * @ids: dictations; those that are not there are no error
 *
 * Deletes entries, with their texts and sounds.
 */
void
whis_history_delete (WhisHistory *self, const char *const *ids)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (ids != NULL);

  whis_history_worker_write (self->worker, NULL, whis_history_write_deleted,
                             g_strdupv ((char **) ids), (GDestroyNotify) g_strfreev);
}

/**
 * whis_history_delete_sound:
 * @self: a history
 * @id: a dictation
 *
 * Deletes a sound that is not needed, and leaves the entry as it is.
 */
void
whis_history_delete_sound (WhisHistory *self, const char *id)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  whis_history_worker_write (self->worker, NULL, whis_history_write_no_sound, g_strdup (id),
                             g_free);
}

/**
 * whis_history_apply_rules:
 * @self: a history
 *
 * Deletes what is not to be kept any longer.
 */
void
whis_history_apply_rules (WhisHistory *self)
{
  g_return_if_fail (WHIS_IS_HISTORY (self));

  whis_history_worker_write (self->worker, NULL, whis_history_write_rules, NULL, NULL);
}

static GTask *
create_task (WhisHistory *self,
             gpointer source_tag,
             GCancellable *cancellable,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);

  return task;
}

/**
 * whis_history_flush_async:
 * @self: a history
 * @cancellable: (nullable): a cancellable
 * @callback: called when all earlier writes are on the disk, or cannot be
 * @user_data: for @callback
 *
 * Waits for the writes.
 */
void
whis_history_flush_async (WhisHistory *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_HISTORY (self));

  task = create_task (self, whis_history_flush_async, cancellable, callback, user_data);
  whis_history_worker_flush (self->worker, task);
}

gboolean
whis_history_flush_finish (WhisHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_flush_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gpointer
read_record (WhisHistoryDatabase *database, gconstpointer id, GError **error)
{
  return whis_history_read_record (database, id, error);
}

/**
 * whis_history_get_async:
 * @self: a history
 * @id: a dictation
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Reads all of an entry.
 */
void
whis_history_get_async (WhisHistory *self,
                        const char *id,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (id != NULL);

  task = create_task (self, whis_history_get_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (id), g_free);
  whis_history_worker_read (self->worker, read_record, (GDestroyNotify) whis_record_free, task);
}

/**
 * whis_history_get_finish:
 * @self: a history
 * @result: the result
 * @error: return location for an error; %WHIS_STORE_ERROR_NOT_FOUND if there is no such entry
 *
 * Returns: (transfer full) (nullable): the record, with its chunks and versions
 */
WhisRecord *
whis_history_get_finish (WhisHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_get_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
query_free (gpointer data)
{
  WhisHistoryQuery *query = data;

  g_free ((char *) query->search);
  g_free (query);
}

static gpointer
read_page (WhisHistoryDatabase *database, gconstpointer query, GError **error)
{
  return whis_history_read_page (database, query, error);
}

/**
 * whis_history_list_async:
 * @self: a history
 * @query: which entries are wanted
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Lists entries. Private dictations are not found by their words.
 */
void
whis_history_list_async (WhisHistory *self,
                         const WhisHistoryQuery *query,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  WhisHistoryQuery *copy;

  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (query != NULL);

  copy = g_memdup2 (query, sizeof *query);
  copy->search = g_strdup (query->search);
  task = create_task (self, whis_history_list_async, cancellable, callback, user_data);
  g_task_set_task_data (task, copy, query_free);
  whis_history_worker_read (self->worker, read_page, (GDestroyNotify) whis_history_page_free, task);
}

/**
 * whis_history_list_finish:
 * @self: a history
 * @result: the result
 * @total: (out) (optional): how many entries match in all
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisRecord): the records, newest first, without
 *   chunks and versions
 */
GPtrArray *
whis_history_list_finish (WhisHistory *self, GAsyncResult *result, guint *total, GError **error)
{
  WhisHistoryPage *page;
  GPtrArray *records;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_list_async), NULL);

  page = g_task_propagate_pointer (G_TASK (result), error);
  if (page == NULL)
    return NULL;

  records = g_ptr_array_ref (page->records);
  if (total != NULL)
    *total = page->total;
  whis_history_page_free (page);

  return records;
}

static gpointer
read_origin (WhisHistoryDatabase *database, gconstpointer origin, GError **error)
{
  WhisRecord *record = NULL;

  whis_history_read_origin (database, origin, &record, error);

  return record;
}

/**
 * whis_history_find_origin_async:
 * @self: a history
 * @origin: what tells a file from every other, as in #WhisRecord
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Finds what an earlier run left of a file.
 */
void
whis_history_find_origin_async (WhisHistory *self,
                                const char *origin,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_HISTORY (self));
  g_return_if_fail (origin != NULL);

  task = create_task (self, whis_history_find_origin_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (origin), g_free);
  whis_history_worker_read (self->worker, read_origin, (GDestroyNotify) whis_record_free, task);
}

/**
 * whis_history_find_origin_finish:
 * @self: a history
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the newest record of the file that is not done and has a
 *   chunk with a text, with its chunks; %NULL without an error if there is none
 */
WhisRecord *
whis_history_find_origin_finish (WhisHistory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_find_origin_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gpointer
history_recover (WhisHistoryDatabase *database, gconstpointer unused, GError **error)
{
  return whis_history_recover (database, error);
}

/**
 * whis_history_recover_async:
 * @self: a history
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: for @callback
 *
 * Finds what is to be finished: dictations that wait, those in the middle of which Whis ended, and
 * sounds without an entry. What another process works on is left out. Those in the middle become
 * interrupted; what has neither sound nor text is deleted.
 */
void
whis_history_recover_async (WhisHistory *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_HISTORY (self));

  task = create_task (self, whis_history_recover_async, cancellable, callback, user_data);
  whis_history_worker_read (self->worker, history_recover,
                            (GDestroyNotify) whis_history_recovered_free, task);
}

/**
 * whis_history_recover_finish:
 * @self: a history
 * @result: the result
 * @n_owned: (out) (optional): how many were left out because others work on them; what these leave
 *   behind can be found later
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisRecord): the records with their chunks, the
 *   oldest first
 */
GPtrArray *
whis_history_recover_finish (WhisHistory *self,
                             GAsyncResult *result,
                             guint *n_owned,
                             GError **error)
{
  g_autoptr (WhisHistoryRecovered) recovered = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_history_recover_async), NULL);

  recovered = g_task_propagate_pointer (G_TASK (result), error);
  if (recovered == NULL)
    return NULL;
  if (n_owned != NULL)
    *n_owned = recovered->n_owned;

  return g_ptr_array_ref (recovered->records);
}

/**
 * whis_history_get_worker:
 * @self: a history
 *
 * Returns: (transfer none): the worker on its database
 */
WhisHistoryWorker *
whis_history_get_worker (WhisHistory *self)
{
  g_return_val_if_fail (WHIS_IS_HISTORY (self), NULL);

  return self->worker;
}

static void
changed_cb (WhisHistory *self, const char *id)
{
  g_signal_emit (self, signals[CHANGED], 0, id);
}

static void
removed_cb (WhisHistory *self, const char *id)
{
  g_signal_emit (self, signals[REMOVED], 0, id);
}

static void
problem_cb (WhisHistory *self, const GError *error)
{
  g_signal_emit (self, signals[PROBLEM], 0, error);
}

static void
whis_history_finalize (GObject *object)
{
  WhisHistory *self = WHIS_HISTORY (object);

  g_clear_object (&self->worker);
  g_free (self->directory);

  G_OBJECT_CLASS (whis_history_parent_class)->finalize (object);
}

static void
whis_history_class_init (WhisHistoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_history_finalize;

  /**
   * WhisHistory::changed:
   * @self: a history
   * @id: an entry that was added or changed, on the disk
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisHistory::removed:
   * @self: a history
   * @id: an entry that was deleted
   */
  signals[REMOVED] = g_signal_new ("removed", WHIS_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisHistory::problem:
   * @self: a history
   * @error: why the history cannot be written, as a sentence for the user
   *
   * Once, until something has been written again.
   */
  signals[PROBLEM] = g_signal_new ("problem", WHIS_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_history_init (WhisHistory *self)
{
}

/**
 * whis_history_new:
 * @directory: where the history is: `history.db`, and the folder `recordings`
 *
 * Returns: (transfer full): the history; nothing is opened yet
 */
WhisHistory *
whis_history_new (const char *directory)
{
  WhisHistory *self;

  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (WHIS_TYPE_HISTORY, NULL);
  self->directory = g_strdup (directory);
  self->worker = whis_history_worker_new (directory);
  g_signal_connect_object (self->worker, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->worker, "removed", G_CALLBACK (removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->worker, "problem", G_CALLBACK (problem_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
