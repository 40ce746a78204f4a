/* SPDX-License-Identifier: MIT */
#include "history-reads.h"

#include <glib/gi18n-lib.h>

#include "history-sounds.h"
#include "history-times.h"
#include "history-words.h"

#define COLUMNS                                                                                    \
  "id, created, state, marked, private, deliver, delivered, is_file, longest_chunk, length, "      \
  "provider, model, language, prompt, host, name, code, message, text, complete, origin, run, "    \
  "outcome, method"

static char *
dup_text (sqlite3_stmt *row, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (row, column));
}

static WhisRecord *
create_record (WhisHistoryDatabase *database, sqlite3_stmt *row)
{
  WhisRecord *record = whis_record_new ((const char *) sqlite3_column_text (row, 0));

  record->created_ms = sqlite3_column_int64 (row, 1);
  record->state = whis_dictation_state_from_nick ((const char *) sqlite3_column_text (row, 2));
  record->marked = sqlite3_column_int (row, 3);
  record->private = sqlite3_column_int (row, 4);
  record->deliver = sqlite3_column_int (row, 5);
  record->delivered = sqlite3_column_int (row, 6);
  record->is_file = sqlite3_column_int (row, 7);
  record->longest_chunk_ms = (guint) sqlite3_column_int64 (row, 8);
  record->length_ms = (guint64) sqlite3_column_int64 (row, 9);
  g_free (record->provider);
  record->provider = dup_text (row, 10);
  record->model = dup_text (row, 11);
  record->language = dup_text (row, 12);
  record->prompt = dup_text (row, 13);
  record->host = dup_text (row, 14);
  record->name = dup_text (row, 15);
  record->code = dup_text (row, 16);
  record->message = dup_text (row, 17);
  record->text = dup_text (row, 18);
  record->complete = sqlite3_column_int (row, 19);
  record->origin = dup_text (row, 20);
  record->run = sqlite3_column_int64 (row, 21);
  record->outcome = whis_delivery_outcome_from_nick ((const char *) sqlite3_column_text (row, 22));
  record->method = dup_text (row, 23);
  record->has_sound = whis_history_sounds_get_size (whis_history_database_get_directory (database),
                                                    record->id, &record->is_lossless)
                      >= 0;

  return record;
}

static WhisRecordChunk *
create_chunk (const char *id, sqlite3_stmt *row)
{
  g_autoptr (WhisChunk) range = whis_chunk_new (id, (guint) sqlite3_column_int64 (row, 0));
  WhisRecordChunk *chunk;

  range->offset = (guint64) sqlite3_column_int64 (row, 1);
  range->size = (guint64) sqlite3_column_int64 (row, 2);
  range->start_ms = (guint64) sqlite3_column_int64 (row, 3);
  range->length_ms = (guint64) sqlite3_column_int64 (row, 4);
  range->overlaps_previous = sqlite3_column_int (row, 5);
  range->has_speech = sqlite3_column_int (row, 6);
  range->voice_ms = (guint64) sqlite3_column_int64 (row, 7);
  range->voice = whis_spans_parse ((const char *) sqlite3_column_text (row, 16));
  chunk = whis_record_chunk_new (range);
  chunk->provider = dup_text (row, 8);
  chunk->code = dup_text (row, 9);
  chunk->message = dup_text (row, 10);
  chunk->text = dup_text (row, 11);
  chunk->model = dup_text (row, 12);
  chunk->host = dup_text (row, 13);
  chunk->times = whis_history_times_parse ((const char *) sqlite3_column_text (row, 14));
  chunk->tried = dup_text (row, 15);
  chunk->gaps = whis_spans_parse ((const char *) sqlite3_column_text (row, 17));

  return chunk;
}

static gboolean
read_chunks (WhisHistoryDatabase *database, WhisRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (
      database, error,
      "SELECT idx, offset, size, start, length, overlaps, speech, voice, provider, code, message,"
      "  text, model, host, times, tried, spans, gaps FROM chunks"
      " WHERE dictation = (SELECT key FROM dictations WHERE id = ?1)"
      " ORDER BY idx",
      "s", record->id);
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    g_ptr_array_add (record->chunks, create_chunk (record->id, rows));

  return code == SQLITE_DONE;
}

static WhisRecordVersion *
create_version (sqlite3_stmt *row)
{
  WhisRecordVersion *version = g_new0 (WhisRecordVersion, 1);

  version->number = (guint) sqlite3_column_int64 (row, 0);
  version->created_ms = sqlite3_column_int64 (row, 1);
  version->provider = dup_text (row, 2);
  version->model = dup_text (row, 3);
  version->text = dup_text (row, 4);

  return version;
}

static gboolean
read_versions (WhisHistoryDatabase *database, WhisRecord *record, GError **error)
{
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (
      database, error,
      "SELECT number, created, provider, model, text FROM versions"
      " WHERE dictation = (SELECT key FROM dictations WHERE id = ?1) ORDER BY number",
      "s", record->id);
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    g_ptr_array_add (record->versions, create_version (rows));

  return code == SQLITE_DONE;
}

/**
 * whis_history_read_record:
 * @database: the database, open
 * @id: a dictation
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): its record, with chunks and versions
 */
WhisRecord *
whis_history_read_record (WhisHistoryDatabase *database, const char *id, GError **error)
{
  g_autoptr (sqlite3_stmt) row = whis_history_database_prepare (
      database, error, "SELECT " COLUMNS " FROM dictations WHERE id = ?1", "s", id);
  g_autoptr (WhisRecord) record = NULL;
  int code = row != NULL ? whis_history_database_step (database, row, error) : 0;

  if (code == SQLITE_DONE)
    g_set_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND,
                 _ ("There is no dictation “%s” in the history; “whis history” lists them."), id);
  if (code != SQLITE_ROW)
    return NULL;

  record = create_record (database, row);
  if (!read_chunks (database, record, error) || !read_versions (database, record, error))
    return NULL;

  return g_steal_pointer (&record);
}

/**
 * whis_history_read_origin:
 * @database: the database, open
 * @origin: identity of a file
 * @record: (out) (nullable): the newest record of the file that is not done but has a text in a
 *   chunk, with its chunks; %NULL if there is none
 * @error: return location for an error
 *
 * Returns: whether the database could be read
 */
gboolean
whis_history_read_origin (WhisHistoryDatabase *database,
                          const char *origin,
                          WhisRecord **record,
                          GError **error)
{
  g_autoptr (sqlite3_stmt) row = whis_history_database_prepare (
      database, error,
      "SELECT " COLUMNS " FROM dictations WHERE origin = ?1 AND state <> 'done'"
      "  AND EXISTS (SELECT 1 FROM chunks WHERE dictation = dictations.key AND text <> '')"
      " ORDER BY created DESC, key DESC LIMIT 1",
      "s", origin);
  g_autoptr (WhisRecord) found = NULL;
  int code = row != NULL ? whis_history_database_step (database, row, error) : 0;

  *record = NULL;
  if (code != SQLITE_ROW)
    return code == SQLITE_DONE;

  found = create_record (database, row);
  if (!read_chunks (database, found, error))
    return FALSE;
  *record = g_steal_pointer (&found);

  return TRUE;
}

gboolean
whis_history_read_exists (WhisHistoryDatabase *database,
                          const char *id,
                          gboolean *exists,
                          GError **error)
{
  g_autoptr (sqlite3_stmt) row = whis_history_database_prepare (
      database, error,
      "SELECT 1 FROM dictations WHERE id = ?1 UNION SELECT 1 FROM unwanted WHERE id = ?1", "s", id);
  int code = row != NULL ? whis_history_database_step (database, row, error) : 0;

  *exists = code == SQLITE_ROW;

  return code != 0;
}

/**
 * whis_history_read_unfinished:
 * @database: the database, open
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type WhisRecord): the records of all dictations that
 *   are not at their end, with their chunks, the oldest first
 */
GPtrArray *
whis_history_read_unfinished (WhisHistoryDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_free);
  g_autoptr (sqlite3_stmt) rows = whis_history_database_prepare (
      database, error,
      "SELECT " COLUMNS " FROM dictations WHERE state NOT IN ('done', 'failed', 'cancelled')"
      " ORDER BY created, key",
      "");
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    g_ptr_array_add (records, create_record (database, rows));
  if (code != SQLITE_DONE)
    return NULL;
  for (guint i = 0; i < records->len; i++)
    if (!read_chunks (database, g_ptr_array_index (records, i), error))
      return NULL;

  return g_steal_pointer (&records);
}

/* The words of a search without letters have no index. */
static void
add_search (GString *where, const char *search, char **words)
{
  if (search == NULL || *search == '\0')
    return;

  *words = whis_history_words_to_query (search);
  if (*words != NULL)
    g_string_append (where,
                     " AND key IN (SELECT rowid FROM dictation_words WHERE dictation_words MATCH ?1"
                     " UNION SELECT dictation FROM versions WHERE key IN"
                     " (SELECT rowid FROM version_words WHERE version_words MATCH ?1))");
  else
    {
      g_autofree char *valid = g_utf8_make_valid (search, -1);

      *words = g_strdup (g_strstrip (valid));
      g_string_append (where, " AND (?1 = '' OR instr (text, ?1) > 0)");
    }
}

static char *
create_condition (const WhisHistoryQuery *query, char **words)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (WHIS_TYPE_DICTATION_STATE);
  GString *where = g_string_new ("WHERE 1");

  add_search (where, query->search, words);
  if (query->marked)
    g_string_append (where, " AND marked");
  if (query->states != 0)
    {
      g_string_append (where, " AND state IN (NULL");
      for (guint i = 0; i < states->n_values; i++)
        if ((query->states & (1u << states->values[i].value)) != 0)
          g_string_append_printf (where, ", '%s'", states->values[i].value_nick);
      g_string_append_c (where, ')');
    }

  return g_string_free (where, FALSE);
}

static sqlite3_stmt *
prepare_query (WhisHistoryDatabase *database, char *sql, const char *words, GError **error)
{
  G_GNUC_UNUSED g_autofree char *owned = sql;

  if (words == NULL)
    return whis_history_database_prepare (database, error, sql, "");

  return whis_history_database_prepare (database, error, sql, "s", words);
}

static gboolean
history_reads_count (WhisHistoryDatabase *database,
                     const char *where,
                     const char *words,
                     guint *total,
                     GError **error)
{
  g_autoptr (sqlite3_stmt) row = prepare_query (
      database, g_strconcat ("SELECT count(*) FROM dictations ", where, NULL), words, error);

  if (row == NULL || whis_history_database_step (database, row, error) != SQLITE_ROW)
    return FALSE;
  *total = (guint) sqlite3_column_int64 (row, 0);

  return TRUE;
}

static gboolean
read_rows (WhisHistoryDatabase *database, sqlite3_stmt *rows, GPtrArray *records, GError **error)
{
  int code = 0;

  while (rows != NULL && (code = whis_history_database_step (database, rows, error)) == SQLITE_ROW)
    g_ptr_array_add (records, create_record (database, rows));

  return code == SQLITE_DONE;
}

/**
 * whis_history_read_page:
 * @database: the database, open
 * @query: which entries are wanted
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the entries, newest first
 */
WhisHistoryPage *
whis_history_read_page (WhisHistoryDatabase *database,
                        const WhisHistoryQuery *query,
                        GError **error)
{
  g_autofree char *words = NULL;
  g_autofree char *where = create_condition (query, &words);
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) whis_record_free);
  /* The keys alone first: what is left out by the offset is not read. */
  g_autoptr (sqlite3_stmt) rows = prepare_query (
      database,
      g_strdup_printf ("SELECT " COLUMNS " FROM dictations WHERE key IN"
                       " (SELECT key FROM dictations %s ORDER BY created DESC, key DESC"
                       "  LIMIT %d OFFSET %u) ORDER BY created DESC, key DESC",
                       where, query->limit > 0 ? (int) MIN (query->limit, (guint) G_MAXINT) : -1,
                       query->offset),
      words, error);
  WhisHistoryPage *page;
  guint total = 0;

  if (rows == NULL || !read_rows (database, rows, records, error)
      || !history_reads_count (database, where, words, &total, error))
    return NULL;

  page = g_new0 (WhisHistoryPage, 1);
  page->records = g_steal_pointer (&records);
  page->total = total;

  return page;
}

void
whis_history_page_free (WhisHistoryPage *page)
{
  if (page == NULL)
    return;

  g_ptr_array_unref (page->records);
  g_free (page);
}
