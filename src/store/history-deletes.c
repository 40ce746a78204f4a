/* SPDX-License-Identifier: MIT */
#include "history-sounds.h"
#include "history-writes.h"

/* A sound is deleted only after the commit that says so. Until then it is in a list, so that what
 * was deleted does not come back as a sound without an entry. */
static gboolean
add_unwanted (WhisHistoryDatabase *database, const char *id, GError **error)
{
  return whis_history_database_run (database, error, "INSERT OR IGNORE INTO unwanted VALUES (?1)",
                                    "s", id);
}

static gboolean
delete_entry (WhisHistoryDatabase *database,
              WhisHistoryWrite *write,
              const char *id,
              GError **error)
{
  if (!whis_history_database_run (database, error, "DELETE FROM dictations WHERE id = ?1", "s", id))
    return FALSE;
  if (whis_history_database_count_changes (database) == 0)
    return TRUE;
  g_ptr_array_add (write->removed, g_strdup (id));
  write->deletes_text = TRUE;

  return add_unwanted (database, id, error);
}

static gboolean
delete_sound (WhisHistoryDatabase *database,
              WhisHistoryWrite *write,
              const char *id,
              GError **error)
{
  g_ptr_array_add (write->changed, g_strdup (id));

  return add_unwanted (database, id, error);
}

static gboolean
delete_texts (WhisHistoryDatabase *database,
              WhisHistoryWrite *write,
              const char *id,
              GError **error)
{
  static const char *const statements[] = {
    ("UPDATE chunks SET text = NULL, times = NULL"
     "  WHERE (text IS NOT NULL OR times IS NOT NULL)"
     "  AND dictation = (SELECT key FROM dictations WHERE id = ?1)"),
    "DELETE FROM versions WHERE dictation = (SELECT key FROM dictations WHERE id = ?1)",
    "UPDATE dictations SET text = NULL WHERE text IS NOT NULL AND id = ?1",
  };
  int changes = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      if (!whis_history_database_run (database, error, statements[i], "s", id))
        return FALSE;
      changes += whis_history_database_count_changes (database);
    }
  if (changes > 0)
    {
      g_ptr_array_add (write->changed, g_strdup (id));
      write->deletes_text = TRUE;
    }

  return TRUE;
}

static gboolean
carry_out (WhisHistoryDatabase *database,
           WhisHistoryWrite *write,
           const char *id,
           WhisHistoryVerdict verdict,
           GError **error)
{
  switch (verdict)
    {
    case WHIS_HISTORY_DROP_SOUND:
      return delete_sound (database, write, id, error);
    case WHIS_HISTORY_DROP_TEXT:
      return delete_texts (database, write, id, error);
    case WHIS_HISTORY_DROP_ENTRY:
      return delete_entry (database, write, id, error);
    case WHIS_HISTORY_KEEP:
    default:
      return TRUE;
    }
}

static const char cases[] = "SELECT id, state, delivered, marked, private, state_at,"
                            "  coalesce (delivered_at, state_at) FROM dictations"
                            " WHERE ((state = 'done' AND delivered)"
                            "  OR (state = 'cancelled' AND private))";

static WhisHistoryVerdict
judge_row (WhisHistoryDatabase *database, const WhisHistoryWrite *write, sqlite3_stmt *row)
{
  const WhisHistoryCase entry = {
    .state = whis_dictation_state_from_nick ((const char *) sqlite3_column_text (row, 1)),
    .delivered = sqlite3_column_int (row, 2),
    .marked = sqlite3_column_int (row, 3),
    .private = sqlite3_column_int (row, 4),
    .state_ms = sqlite3_column_int64 (row, 5),
    .delivered_ms = sqlite3_column_int64 (row, 6),
    .has_sound = whis_history_sounds_exists (whis_history_database_get_directory (database),
                                             (const char *) sqlite3_column_text (row, 0)),
  };

  return whis_history_rules_judge (write->rules, &entry, write->now_ms);
}

/* What is to happen is known before the first row changes. */
static gboolean
judge_all (WhisHistoryDatabase *database,
           const WhisHistoryWrite *write,
           sqlite3_stmt *rows,
           GHashTable *verdicts,
           GError **error)
{
  int code;

  while ((code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    {
      WhisHistoryVerdict verdict = judge_row (database, write, rows);

      if (verdict != WHIS_HISTORY_KEEP)
        g_hash_table_insert (verdicts, g_strdup ((const char *) sqlite3_column_text (rows, 0)),
                             GINT_TO_POINTER ((int) verdict));
    }

  return code == SQLITE_DONE;
}

static gboolean
history_deletes_apply (WhisHistoryDatabase *database,
                       WhisHistoryWrite *write,
                       sqlite3_stmt *rows,
                       GError **error)
{
  g_autoptr (GHashTable) verdicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id, verdict;

  if (rows == NULL || !judge_all (database, write, rows, verdicts, error))
    return FALSE;
  g_hash_table_iter_init (&iter, verdicts);
  while (g_hash_table_iter_next (&iter, &id, &verdict))
    if (!carry_out (database, write, id, (WhisHistoryVerdict) GPOINTER_TO_INT (verdict), error))
      return FALSE;

  return TRUE;
}

/**
 * whis_history_apply_rules_to:
 * @database: the database, within a transaction
 * @write: the transaction
 * @id: a dictation
 * @error: return location for an error
 *
 * Deletes of one dictation what is not to be kept.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_apply_rules_to (WhisHistoryDatabase *database,
                             WhisHistoryWrite *write,
                             const char *id,
                             GError **error)
{
  g_autofree char *sql = g_strconcat (cases, " AND id = ?1", NULL);
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (database, error, sql, "s", id);

  return history_deletes_apply (database, write, rows, error);
}

/**
 * whis_history_write_rules:
 * @database: the database, within a transaction
 * @write: the transaction
 * @unused: nothing
 * @error: return location for an error
 *
 * Deletes what is not to be kept any longer.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_write_rules (WhisHistoryDatabase *database,
                          WhisHistoryWrite *write,
                          gconstpointer unused,
                          GError **error)
{
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (database, error, cases, "");

  return history_deletes_apply (database, write, rows, error);
}

/**
 * whis_history_write_deleted:
 * @database: the database, within a transaction
 * @write: the transaction
 * @ids: (type GStrv): dictations
 * @error: return location for an error
 *
 * Deletes entries.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_write_deleted (WhisHistoryDatabase *database,
                            WhisHistoryWrite *write,
                            gconstpointer ids,
                            GError **error)
{
  for (const char *const *id = ids; *id != NULL; id++)
    if (!delete_entry (database, write, *id, error))
      return FALSE;

  return TRUE;
}

gboolean
whis_history_write_no_sound (WhisHistoryDatabase *database,
                             WhisHistoryWrite *write,
                             gconstpointer id,
                             GError **error)
{
  return delete_sound (database, write, id, error);
}

/**
 * whis_history_delete_unwanted_sounds:
 * @database: the database, open and not within a transaction
 * @error: return location for an error
 *
 * Deletes the sounds that committed transactions have left for it. One that cannot be deleted is
 * tried again the next time.
 *
 * Returns: whether the list could be read and written
 */
gboolean
whis_history_delete_unwanted_sounds (WhisHistoryDatabase *database, GError **error)
{
  const char *directory = whis_history_database_get_directory (database);
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) rows =
      whis_history_database_prepare (database, error, "SELECT id FROM unwanted", "");
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    {
      const char *id = (const char *) sqlite3_column_text (rows, 0);

      if (whis_history_sounds_remove (directory, id))
        g_ptr_array_add (gone, g_strdup (id));
    }
  if (code != SQLITE_DONE)
    return FALSE;

  sqlite3_reset (rows);
  for (guint i = 0; i < gone->len; i++)
    if (!whis_history_database_run (database, error, "DELETE FROM unwanted WHERE id = ?1", "s",
                                    g_ptr_array_index (gone, i)))
      return FALSE;

  return TRUE;
}

/**
 * whis_history_forget_words:
 * @database: the database, open and not within a transaction
 * @error: return location for an error
 *
 * Drops the words of deleted texts from the index, where they stay until its segments are merged.
 *
 * Returns: whether it worked
 */
gboolean
whis_history_forget_words (WhisHistoryDatabase *database, GError **error)
{
  return whis_history_database_run (
             database, error, "INSERT INTO dictation_words (dictation_words) VALUES ('optimize')",
             "")
         && whis_history_database_run (
             database, error, "INSERT INTO version_words (version_words) VALUES ('optimize')", "");
}
