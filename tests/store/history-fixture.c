/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "awaited.h"
#include "history-sounds.h"

static void
add_id_cb (WhisHistory *history, const char *id, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (id));
}

void
add_problem_cb (WhisHistory *history, const GError *error, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (error->message));
}

void
history_fixture_open (HistoryFixture *fixture)
{
  fixture->history = whis_history_new (fixture->directory);
  g_signal_connect (fixture->history, "changed", G_CALLBACK (add_id_cb), fixture->changed);
  g_signal_connect (fixture->history, "removed", G_CALLBACK (add_id_cb), fixture->removed);
  g_signal_connect (fixture->history, "problem", G_CALLBACK (add_problem_cb), fixture->problems);
}

void
history_fixture_set_up (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *top = g_dir_make_tmp ("whis-history-XXXXXX", &error);

  g_assert_no_error (error);
  fixture->directory = g_build_filename (top, "share", "whis", NULL);
  fixture->recordings = g_build_filename (fixture->directory, "recordings", NULL);
  fixture->path = g_build_filename (fixture->directory, "history.db", NULL);
  fixture->changed = g_ptr_array_new_with_free_func (g_free);
  fixture->removed = g_ptr_array_new_with_free_func (g_free);
  fixture->problems = g_ptr_array_new_with_free_func (g_free);
  history_fixture_open (fixture);
}

void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

void
history_fixture_close (HistoryFixture *fixture)
{
  gpointer watched = fixture->history;

  g_object_add_weak_pointer (G_OBJECT (fixture->history), &watched);
  g_clear_object (&fixture->history);
  while (watched != NULL || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

void
history_fixture_tear_down (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);

  history_fixture_close (fixture);
  remove_tree (top);
  g_free (fixture->directory);
  g_free (fixture->recordings);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->changed);
  g_ptr_array_unref (fixture->removed);
  g_ptr_array_unref (fixture->problems);
}

gboolean
try_flush_history (WhisHistory *history, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_flush_async (history, NULL, store_result, &result);

  return whis_history_flush_finish (history, wait_for (&result), error);
}

void
flush_history (WhisHistory *history)
{
  g_autoptr (GError) error = NULL;

  try_flush_history (history, &error);
  g_assert_no_error (error);
}

WhisRecord *
try_get_record (WhisHistory *history, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_get_async (history, id, NULL, store_result, &result);

  return whis_history_get_finish (history, wait_for (&result), error);
}

WhisRecord *
get_record (WhisHistory *history, const char *id)
{
  g_autoptr (GError) error = NULL;
  WhisRecord *record = try_get_record (history, id, &error);

  g_assert_no_error (error);
  g_assert_nonnull (record);

  return record;
}

gboolean
has_record (WhisHistory *history, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = try_get_record (history, id, &error);

  if (record == NULL)
    g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_NOT_FOUND);

  return record != NULL;
}

GPtrArray *
list_records (WhisHistory *history, const WhisHistoryQuery *query, guint *total)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_list_async (history, query, NULL, store_result, &result);
  records = whis_history_list_finish (history, wait_for (&result), total, &error);
  g_assert_no_error (error);

  return records;
}

char *
search_ids (WhisHistory *history, const char *words)
{
  const WhisHistoryQuery query = { .search = words };
  guint total;
  g_autoptr (GPtrArray) records = list_records (history, &query, &total);
  GString *ids = g_string_new (NULL);

  g_assert_cmpuint (records->len, ==, total);
  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((WhisRecord *) g_ptr_array_index (records, i))->id);

  return g_string_free (ids, FALSE);
}

GPtrArray *
recover_records (WhisHistory *history)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_recover_async (history, NULL, store_result, &result);
  records = whis_history_recover_finish (history, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return records;
}

int
lock_sound (WhisHistory *history, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_lock_async (history, id, NULL, store_result, &result);

  return whis_history_lock_finish (history, wait_for (&result), NULL, error);
}

WhisRecord *
create_record (const char *id, gint64 created_ms, WhisDictationState state, const char *text)
{
  WhisRecord *record = whis_record_new (id);

  record->created_ms = created_ms;
  record->state = state;
  record->text = g_strdup (text);

  return record;
}

void
put_record (WhisHistory *history,
            const char *id,
            gint64 created,
            WhisDictationState state,
            const char *text)
{
  g_autoptr (WhisRecord) record = create_record (id, created, state, text);

  whis_history_put (history, record);
}

void
put_text (WhisHistory *history, const char *id, gint64 created, const char *text)
{
  put_record (history, id, created, WHIS_DICTATION_STATE_DONE, text);
}

void
put_chunk (WhisHistory *history, const char *id, guint index, const char *text)
{
  g_autoptr (WhisChunk) range = whis_chunk_new (id, index);
  g_autoptr (WhisRecordChunk) chunk = whis_record_chunk_new (range);

  chunk->text = g_strdup (text);
  chunk->times = whis_timed_texts_new ();
  g_ptr_array_add (chunk->times, whis_timed_text_new (100, 200, text));
  whis_history_put_chunk (history, chunk);
}

void
add_version (WhisHistory *history, const char *id, const char *provider, const char *text)
{
  WhisRecordVersion version = { 99, 5000, (char *) provider, (char *) "large", (char *) text };

  whis_history_add_version (history, id, &version);
}

char *
history_fixture_write_sound (HistoryFixture *fixture, const char *id, const char *bytes)
{
  gboolean is_lossless = fixture->n_sounds++ % 2 == 0;
  g_autoptr (GError) error = NULL;
  char *path = whis_history_dup_sound_path (fixture->history, id, is_lossless);

  g_assert_cmpint (g_mkdir_with_parents (fixture->recordings, 0700), ==, 0);
  g_file_set_contents (path, bytes, -1, &error);
  g_assert_no_error (error);

  return path;
}

gboolean
history_fixture_has_sound (HistoryFixture *fixture, const char *id)
{
  struct stat status;
  g_autofree char *path = whis_history_sounds_find (fixture->directory, id, &status);

  return path != NULL;
}

static void
words_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_value (context, values[0]);
}

void
write_as_other (const char *path, const char *sql)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  sqlite3_busy_timeout (db, 5000);
  sqlite3_create_function (db, "whis_words", 1, SQLITE_UTF8, NULL, words_cb, NULL, NULL);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

gboolean
contains_id (GPtrArray *ids, const char *id)
{
  return g_ptr_array_find_with_equal_func (ids, id, g_str_equal, NULL);
}

void
history_fixture_reopen (HistoryFixture *fixture)
{
  history_fixture_close (fixture);
  history_fixture_open (fixture);
}

const WhisRecord *
find_record (GPtrArray *records, const char *id)
{
  for (guint i = 0; i < records->len; i++)
    {
      const WhisRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->id, id))
        return record;
    }

  return NULL;
}

char *
create_secret (int i)
{
  GString *text = g_string_new (NULL);

  for (int word = 0; word <= (i * 37) % 400; word++)
    g_string_append (text, "zanzibarine ");

  return g_string_free (text, FALSE);
}

void
put_secret (WhisHistory *history, int i, gboolean private)
{
  g_autofree char *id = g_strdup_printf ("secret-%d", i);
  g_autofree char *text = create_secret (i);
  g_autoptr (WhisRecord) record = create_record (id, i, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);

  record->private = private;
  whis_history_put (history, record);
  for (guint chunk = 0; chunk < 3; chunk++)
    put_chunk (history, id, chunk, text);
  record->text = g_steal_pointer (&text);
  record->state = WHIS_DICTATION_STATE_DONE;
  whis_history_put (history, record);
  add_version (history, id, "groq", record->text);
}

void
assert_time (const WhisTimedText *time, guint64 start_ms, guint64 end_ms, const char *text)
{
  g_assert_cmpuint (time->start_ms, ==, start_ms);
  g_assert_cmpuint (time->end_ms, ==, end_ms);
  g_assert_cmpstr (time->text, ==, text);
}
