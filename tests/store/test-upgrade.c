/* SPDX-License-Identifier: MIT */
/* What older and newer versions of the history become: the files in versions/ are out of real
 * homes. */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "awaited.h"
#include "history-schema.h"
#include "history.h"
#include "usage.h"

typedef struct
{
  char *directory;
  char *path;
  WhisHistory *history;
  GPtrArray *problems;
} Fixture;

static void
problem_cb (GPtrArray *problems, const GError *error)
{
  g_ptr_array_add (problems, g_strdup (error->message));
}

static void
open_history (Fixture *fixture)
{
  fixture->history = whis_history_new (fixture->directory);
  g_signal_connect_swapped (fixture->history, "problem", G_CALLBACK (problem_cb),
                            fixture->problems);
}

static void
close_history (Fixture *fixture)
{
  gpointer watched = fixture->history;

  g_object_add_weak_pointer (G_OBJECT (fixture->history), &watched);
  g_clear_object (&fixture->history);
  while (watched != NULL || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-upgrade-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  fixture->path = g_build_filename (fixture->directory, "history.db", NULL);
  fixture->problems = g_ptr_array_new_with_free_func (g_free);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->history != NULL)
    close_history (fixture);
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->problems);
}

static gboolean
flush (WhisHistory *history, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_flush_async (history, NULL, store_result, &result);

  return whis_history_flush_finish (history, wait_for (&result), error);
}

static WhisRecord *
get (WhisHistory *history, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_get_async (history, id, NULL, store_result, &result);

  return whis_history_get_finish (history, wait_for (&result), error);
}

static GPtrArray *
list (WhisHistory *history, const char *search, GError **error)
{
  const WhisHistoryQuery query = { .search = search, .limit = 100 };
  g_autoptr (GAsyncResult) result = NULL;
  guint total;

  whis_history_list_async (history, &query, NULL, store_result, &result);

  return whis_history_list_finish (history, wait_for (&result), &total, error);
}

static GPtrArray *
recover (WhisHistory *history)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *records;

  whis_history_recover_async (history, NULL, store_result, &result);
  records = whis_history_recover_finish (history, wait_for (&result), NULL, &error);
  g_assert_no_error (error);

  return records;
}

static void
words_cb (sqlite3_context *context, int n, sqlite3_value **values)
{
  sqlite3_result_value (context, values[0]);
}

static sqlite3 *
open_as_other (Fixture *fixture)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_create_function (db, "whis_words", 1, SQLITE_UTF8, NULL, words_cb, NULL, NULL);

  return db;
}

static void
run_as_other (Fixture *fixture, const char *sql)
{
  sqlite3 *db = open_as_other (fixture);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
}

static void
load_version (Fixture *fixture, int version)
{
  g_autofree char *name = g_strdup_printf ("%d.sql", version);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "store", "versions", name, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &sql, NULL, &error);
  g_assert_no_error (error);
  run_as_other (fixture, sql);
}

static void
put_sound (Fixture *fixture, const char *id)
{
  g_autofree char *path = whis_history_dup_sound_path (fixture->history, id, FALSE);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "sound", -1, NULL));
}

/* An entry of the fixtures: what the user sees of it. */
static void
assert_entry (Fixture *fixture, const char *words, const char *state, gboolean marked)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = list (fixture->history, words, &error);
  g_autoptr (WhisRecord) record = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  record = get (fixture->history, ((WhisRecord *) g_ptr_array_index (found, 0))->id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (record->text, ==, words);
  g_assert_cmpstr (record->provider, ==, "custom");
  g_assert_cmpstr (record->language, ==, "en");
  g_assert_cmpstr (whis_dictation_state_get_nick (record->state), ==, state);
  g_assert_true (record->marked == marked);
  g_assert_true (record->delivered);
  g_assert_true (record->has_sound);
  g_assert_cmpuint (record->chunks->len, ==, 1);
  g_assert_cmpstr (((WhisRecordChunk *) g_ptr_array_index (record->chunks, 0))->text, ==, words);
}

/* Every version there was: who adds one adds the file, too. */
static void
test_older (Fixture *fixture, gconstpointer data)
{
  int version = GPOINTER_TO_INT (data);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (WhisRecord) written = whis_record_new ("new");
  g_autoptr (GError) error = NULL;

  load_version (fixture, version);
  open_history (fixture);
  all = list (fixture->history, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 5);
  for (guint i = 0; i < all->len; i++)
    put_sound (fixture, ((WhisRecord *) g_ptr_array_index (all, i))->id);
  assert_entry (fixture, "words of the second version", "done", FALSE);
  assert_entry (fixture, "a file of the second version", "done", TRUE);
  assert_entry (fixture, "words of today", "done", FALSE);

  written->created_ms = 1;
  written->state = WHIS_DICTATION_STATE_DONE;
  written->text = g_strdup ("Unheard of");
  whis_history_put (fixture->history, written);
  g_assert_true (flush (fixture->history, &error));
  g_assert_no_error (error);
  g_clear_pointer (&all, g_ptr_array_unref);
  all = list (fixture->history, "unheard", &error);
  g_assert_cmpuint (all->len, ==, 1);
  g_assert_cmpuint (fixture->problems->len, ==, 0);
}

/* What was sent is counted on. */
static void
test_usage (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisUsage) usage = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const WhisUsageRow *row;

  load_version (fixture, 1);
  open_history (fixture);
  usage = whis_usage_new (fixture->history);
  whis_usage_list_async (usage, NULL, NULL, store_result, &result);
  rows = whis_usage_list_finish (usage, wait_for (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->month, ==, "2026-11");
  g_assert_cmpstr (row->provider, ==, "custom");
  g_assert_cmpuint (row->requests, ==, 1);
  g_assert_cmpuint (row->ms, >, 3000);
}

/* Every file in the folder, byte for byte. */
static char *
take_snapshot (Fixture *fixture)
{
  const char *const names[] = { "history.db", "history.db-wal", "history.db-shm" };
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  GString *snapshot = g_string_new (NULL);
  guint count = 0;

  while (g_dir_read_name (dir) != NULL)
    count++;
  g_string_append_printf (snapshot, "%u files", count);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);
      g_autofree char *content = NULL;
      g_autofree char *sum = NULL;
      gsize size;

      if (!g_file_get_contents (path, &content, &size, NULL))
        continue;
      sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *) content, size);
      g_string_append_printf (snapshot, ", %s %s", names[i], sum);
    }

  return g_string_free (snapshot, FALSE);
}

/* Leaves the files as they are while another program has them open: what it wrote is in the log. */
static void
cut_off (Fixture *fixture, const char *sql)
{
  const char *const names[] = { "history.db", "history.db-wal", "history.db-shm" };
  char *contents[G_N_ELEMENTS (names)];
  gsize sizes[G_N_ELEMENTS (names)];
  sqlite3 *db = open_as_other (fixture);

  g_assert_cmpint (sqlite3_exec (db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

      g_assert_true (g_file_get_contents (path, &contents[i], &sizes[i], NULL));
    }
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

      g_assert_true (g_file_set_contents (path, contents[i], (gssize) sizes[i], NULL));
      g_free (contents[i]);
    }
}

/* Whatever is asked of it, nothing is touched, and one sentence says why. */
static void
assert_left_alone (Fixture *fixture)
{
  g_autofree char *before = take_snapshot (fixture);
  g_autofree char *after = NULL;
  g_autoptr (WhisRecord) record = whis_record_new ("mine");
  g_autoptr (GPtrArray) listed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) second = NULL;
  g_autofree char *versions = NULL;

  open_history (fixture);
  listed = list (fixture->history, NULL, &error);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  versions =
      g_strdup_printf ("(version %d of it; this Whis reads up to %d)",
                       whis_history_schema_get_version () + 1, whis_history_schema_get_version ());
  g_assert_nonnull (strstr (error->message, versions));
  whis_history_put (fixture->history, record);
  whis_history_apply_rules (fixture->history);
  g_assert_false (flush (fixture->history, &second));
  g_assert_error (second, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_null (listed);
  close_history (fixture);

  after = take_snapshot (fixture);
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (fixture->problems->len, ==, 1);
}

static char *
get_newer (void)
{
  return g_strdup_printf ("PRAGMA user_version = %d", whis_history_schema_get_version () + 1);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  g_autofree char *newer = get_newer ();

  load_version (fixture, whis_history_schema_get_version ());
  run_as_other (fixture, newer);
  assert_left_alone (fixture);
}

/* As Whis leaves it: SQLite would make a log and an index to read it at all. */
static void
test_newer_with_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *newer = get_newer ();

  load_version (fixture, whis_history_schema_get_version ());
  run_as_other (fixture, "PRAGMA journal_mode = WAL");
  run_as_other (fixture, newer);
  assert_left_alone (fixture);
}

/* The newer one crashed: that it is newer is in the log alone. */
static void
test_newer_in_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *newer = get_newer ();
  g_autofree char *sql = g_strconcat ("CREATE TABLE future (a); BEGIN; CREATE TABLE further (a);",
                                      newer, "; COMMIT", NULL);

  load_version (fixture, whis_history_schema_get_version ());
  cut_off (fixture, sql);
  assert_left_alone (fixture);
}

/* What is in the log but was never committed counts for nothing. */
static void
test_older_in_log (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GError) error = NULL;

  load_version (fixture, 1);
  cut_off (fixture, "UPDATE dictations SET marked = 1");
  open_history (fixture);
  all = list (fixture->history, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 5);
  for (guint i = 0; i < all->len; i++)
    g_assert_true (((WhisRecord *) g_ptr_array_index (all, i))->marked);
}

/* What is recorded meanwhile is found by the newer one. */
static void
test_newer_finds (Fixture *fixture, gconstpointer data)
{
  g_autofree char *newer = get_newer ();
  g_autofree char *known =
      g_strdup_printf ("PRAGMA user_version = %d", whis_history_schema_get_version ());
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (WhisRecord) record = NULL;

  load_version (fixture, whis_history_schema_get_version ());
  run_as_other (fixture, newer);
  open_history (fixture);
  put_sound (fixture, "meanwhile");
  g_assert_null (list (fixture->history, NULL, NULL));
  close_history (fixture);

  run_as_other (fixture, known);
  open_history (fixture);
  found = recover (fixture->history);
  g_assert_cmpuint (found->len, >=, 1);
  record = get (fixture->history, "meanwhile", NULL);
  g_assert_nonnull (record);
  g_assert_true (record->has_sound);
}

int
main (int argc, char **argv)
{
  const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/upgrade/usage", test_usage },
    { "/upgrade/newer", test_newer },
    { "/upgrade/newer-with-log", test_newer_with_log },
    { "/upgrade/newer-in-log", test_newer_in_log },
    { "/upgrade/older-in-log", test_older_in_log },
    { "/upgrade/newer-finds", test_newer_finds },
  };

  g_test_init (&argc, &argv, NULL);
  for (int version = 1; version <= whis_history_schema_get_version (); version++)
    {
      g_autofree char *name = g_strdup_printf ("/upgrade/version-%d", version);

      g_test_add (name, Fixture, GINT_TO_POINTER (version), set_up, test_older, tear_down);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
