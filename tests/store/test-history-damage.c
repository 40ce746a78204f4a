/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "awaited.h"

/* A damaged value costs the times, not the text. */
static void
test_damaged_times (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisRecord) read = NULL;
  const WhisRecordChunk *chunk;

  put_text (fixture->history, "a", 1, "One");
  put_chunk (fixture->history, "a", 0, "One");
  flush_history (fixture->history);
  write_as_other (fixture->path, "UPDATE chunks SET times = '[[0,1,\"On'");
  read = get_record (fixture->history, "a");
  chunk = g_ptr_array_index (read->chunks, 0);
  g_assert_cmpstr (chunk->text, ==, "One");
  g_assert_null (chunk->times);
}

static guint
count_files (const char *directory, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, prefix))
      n++;

  return n;
}

static void
test_no_database (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisRecord) delivered = NULL;

  g_free (history_fixture_write_sound (fixture, "lost", "mp3"));
  g_free (history_fixture_write_sound (fixture, "delivered", "mp3"));
  put_text (fixture->history, "delivered", 1, "One");
  flush_history (fixture->history);
  history_fixture_close (fixture);
  g_file_set_contents (fixture->path, "This is no database, whatever its name says.", -1, NULL);
  history_fixture_open (fixture);
  put_text (fixture->history, "a", 1, "One");
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), ==, 1);
  /* What was delivered is there, but not offered; what was not is. */
  found = recover_records (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find_record (found, "lost"));
  delivered = get_record (fixture->history, "delivered");
  g_assert_cmpint (delivered->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_true (delivered->has_sound);
}

/* Damage that shows only while reading. */
static void
test_damaged (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  const WhisHistoryQuery query = { 0 };
  gsize size;

  for (int i = 0; i < 200; i++)
    put_secret (fixture->history, i, FALSE);
  flush_history (fixture->history);
  history_fixture_close (fixture);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  memset (bytes + 4096, 0xAA, size - 4096);
  g_file_set_contents (fixture->path, bytes, (gssize) size, NULL);
  history_fixture_open (fixture);

  whis_history_list_async (fixture->history, &query, NULL, store_result, &result);
  none = whis_history_list_finish (fixture->history, wait_for (&result), NULL, NULL);
  put_text (fixture->history, "a", 1, "One");
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), >=, 1);
}

#define PAGE 4096

static void
damage_page (HistoryFixture *fixture, gsize number)
{
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  g_assert_cmpuint (number * PAGE, <=, size);
  memset (bytes + (number - 1) * PAGE, 0xAA, PAGE);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
}

static gsize
find_root_page (HistoryFixture *fixture, const char *table)
{
  g_autofree char *sql =
      g_strdup_printf ("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
  sqlite3_stmt *row;
  sqlite3 *db;
  gsize page;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &row, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  page = (gsize) sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);

  return page;
}

/* Every page that has these bytes. */
static void
damage_pages (HistoryFixture *fixture, const char *bytes)
{
  g_autofree char *contents = NULL;
  gsize size, n = 0;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &size, NULL));
  for (gsize page = 0; page < size / PAGE; page++)
    if (memmem (contents + page * PAGE, PAGE, bytes, strlen (bytes)) != NULL)
      {
        damage_page (fixture, page + 1);
        n++;
      }
  g_assert_cmpuint (n, >, 0);
}

#define N_DELIVERED 100

/* A hundred that were delivered and have their sound, one in the middle, and what was used. */
static void
fill (HistoryFixture *fixture)
{
  for (int i = 0; i < N_DELIVERED; i++)
    {
      g_autofree char *id = g_strdup_printf ("done-%d", i);
      g_autofree char *text = g_strdup_printf ("apricot number-%d-of-many with some more words", i);

      g_free (history_fixture_write_sound (fixture, id, "mp3"));
      put_text (fixture->history, id, i, text);
      put_chunk (fixture->history, id, 0, text);
      add_version (fixture->history, id, "groq", "another apple");
      whis_history_set_delivered (fixture->history, id);
    }
  put_record (fixture->history, "half", 1000, WHIS_DICTATION_STATE_TRANSCRIBING, NULL);
  put_chunk (fixture->history, "half", 0, "half");
  g_free (history_fixture_write_sound (fixture, "half", "mp3"));
  flush_history (fixture->history);
  history_fixture_close (fixture);
  write_as_other (fixture->path, "INSERT INTO usage VALUES ('2026-01', 'openai', 7, 5000);"
                                 "PRAGMA wal_checkpoint (TRUNCATE)");
}

static gint64
count_usage (HistoryFixture *fixture)
{
  sqlite3_stmt *row;
  sqlite3 *db;
  gint64 ms;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT sum (ms) FROM usage", -1, &row, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (row), ==, SQLITE_ROW);
  ms = sqlite3_column_int64 (row, 0);
  sqlite3_finalize (row);
  sqlite3_close (db);

  return ms;
}

/* Where nothing but an index is damaged nothing is lost, whoever is the first to notice. */
static void
test_damaged_index (HistoryFixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    WhisHistoryQuery query; /* that needs it */
  } indexes[] = {
    { "dictation_words_data", { .search = "apricot" } },
    { "dictations_created", { .states = 1u << WHIS_DICTATION_STATE_DONE, .limit = 10 } },
  };

  fill (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (indexes); i++)
    {
      g_autoptr (GPtrArray) records = NULL;
      guint total = 0;

      damage_page (fixture, find_root_page (fixture, indexes[i].name));
      history_fixture_open (fixture);
      records = list_records (fixture->history, &indexes[i].query, &total);
      g_assert_cmpuint (total, ==, N_DELIVERED);
      flush_history (fixture->history);
      g_assert_cmpuint (fixture->problems->len, ==, i + 1);
      g_assert_nonnull (strstr (g_ptr_array_index (fixture->problems, i), "nothing is lost"));
      g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), ==, 0);
      history_fixture_close (fixture);
    }

  /* Or a write. */
  damage_page (fixture, find_root_page (fixture, "dictation_words_data"));
  history_fixture_open (fixture);
  put_text (fixture->history, "new", 2000, "a new apricot");
  assert_found (fixture->history, "new apricot", "new");
  assert_found (fixture->history, "number-7-of", "done-7");
  flush_history (fixture->history);
  g_assert_cmpuint (fixture->problems->len, ==, 3);
  g_assert_cmpint (count_usage (fixture), ==, 5000);
}

/* One page of a table takes with it what was in it, and no more. */
static void
test_damaged_page (HistoryFixture *fixture, gconstpointer data)
{
  const WhisHistoryQuery done = { .states = 1u << WHIS_DICTATION_STATE_DONE };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) records = NULL;
  g_autoptr (WhisRecord) kept = NULL;
  g_autoptr (WhisRecord) lost = NULL;
  const char *problem;
  guint total = 0;

  fill (fixture);
  damage_pages (fixture, "number-50-of-many");
  history_fixture_open (fixture);
  found = recover_records (fixture->history);
  g_assert_cmpuint (found->len, ==, 1);
  g_assert_nonnull (find_record (found, "half"));
  g_assert_cmpuint (find_record (found, "half")->chunks->len, ==, 1);

  records = list_records (fixture->history, &done, &total);
  g_assert_cmpuint (total, >, N_DELIVERED / 2);
  g_assert_cmpuint (total, <, N_DELIVERED);
  kept = get_record (fixture->history, "done-0");
  g_assert_true (kept->delivered);
  g_assert_cmpuint (kept->chunks->len, ==, 1);
  g_assert_cmpuint (kept->versions->len, ==, 2);
  assert_found (fixture->history, "number-99-of", "done-99");
  lost = get_record (fixture->history, "done-50");
  g_assert_cmpint (lost->state, ==, WHIS_DICTATION_STATE_FAILED);
  g_assert_cmpint (count_usage (fixture), ==, 5000);

  flush_history (fixture->history);
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  problem = g_ptr_array_index (fixture->problems, 0);
  g_assert_nonnull (strstr (problem, "history.db.damaged-"));
  g_assert_cmpuint (count_files (fixture->directory, "history.db.damaged-"), >=, 1);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (HistoryFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/damaged-times", test_damaged_times },
    { "/history/no-database", test_no_database },
    { "/history/damaged", test_damaged },
    { "/history/damaged-index", test_damaged_index },
    { "/history/damaged-page", test_damaged_page },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, HistoryFixture, NULL, history_fixture_set_up, tests[i].run,
                history_fixture_tear_down);

  return g_test_run ();
}
