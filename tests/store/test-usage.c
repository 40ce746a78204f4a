/* SPDX-License-Identifier: MIT */
#include "usage.h"
#include "awaited.h"
#include "history-private.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

/* Usage in a folder of its own, and the day that it takes for today. */
typedef struct
{
  char *directory;
  char *path;
  WhisHistory *history;
  WhisUsage *usage;
  GPtrArray *problems;
  int year;
  int month;
} Fixture;

static GDateTime *
clock_cb (gpointer user_data)
{
  const Fixture *fixture = user_data;

  return g_date_time_new_local (fixture->year, fixture->month, 28, 12, 0, 0);
}

static void
problem_cb (WhisHistory *history, const GError *error, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (error->message));
}

static void
open_usage (Fixture *fixture)
{
  fixture->history = whis_history_new (fixture->directory);
  g_signal_connect (fixture->history, "problem", G_CALLBACK (problem_cb), fixture->problems);
  fixture->usage = whis_usage_new (fixture->history);
  whis_usage_set_clock (fixture->usage, clock_cb, fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-usage-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "history.db", NULL);
  fixture->problems = g_ptr_array_new_with_free_func (g_free);
  fixture->year = 2031;
  fixture->month = 1;
  open_usage (fixture);
}

static void
flush (WhisHistory *history)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_history_flush_async (history, NULL, store_result, &result);
  g_assert_true (whis_history_flush_finish (history, wait_for (&result), NULL));
}

/* All that was asked for is done, and the worker has released the database. */
static void
close_usage (Fixture *fixture)
{
  gpointer watched = whis_history_get_worker (fixture->history);

  flush (fixture->history);
  g_object_add_weak_pointer (watched, &watched);
  g_clear_object (&fixture->usage);
  g_clear_object (&fixture->history);
  while (watched != NULL || g_main_context_pending (NULL))
    g_main_context_iteration (NULL, TRUE);
}

static void
reopen (Fixture *fixture)
{
  close_usage (fixture);
  open_usage (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  close_usage (fixture);
  dir = g_dir_open (fixture->directory, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (fixture->directory, name, NULL);

      g_remove (child);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
  g_ptr_array_unref (fixture->problems);
}

static void
load (WhisUsage *usage)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_usage_load_async (usage, NULL, store_result, &result);
  g_assert_true (whis_usage_load_finish (usage, wait_for (&result), &error));
  g_assert_no_error (error);
}

static char *
list (WhisUsage *usage, const char *month)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  GString *text = g_string_new (NULL);

  whis_usage_list_async (usage, month, NULL, store_result, &result);
  rows = whis_usage_list_finish (usage, wait_for (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++)
    {
      const WhisUsageRow *row = g_ptr_array_index (rows, i);

      g_string_append_printf (text, "%s %s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT "\n",
                              row->month, row->provider, row->requests, row->ms);
    }

  return g_string_free (text, FALSE);
}

#define assert_listed(usage, month, expected)                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *listed_rows = list (usage, month);                                            \
    g_assert_cmpstr (listed_rows, ==, expected);                                                   \
  }                                                                                                \
  G_STMT_END

static void
assert_used (WhisUsage *usage, const char *provider, guint64 requests, guint64 ms)
{
  g_assert_cmpuint (whis_usage_get_requests (usage, provider), ==, requests);
  g_assert_cmpuint (whis_usage_get_ms (usage, provider), ==, ms);
}

/* What is sent counts before any disk has answered. */
static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  assert_used (fixture->usage, "openai", 0, 0);
  whis_usage_add (fixture->usage, "openai", 30000);
  whis_usage_add (fixture->usage, "openai", 12345);
  whis_usage_add (fixture->usage, "groq", G_GUINT64_CONSTANT (86400000) * 100);
  assert_used (fixture->usage, "openai", 2, 42345);
  assert_used (fixture->usage, "groq", 1, G_GUINT64_CONSTANT (8640000000));
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  whis_usage_add (fixture->usage, "openai", 1000);
  whis_usage_add (fixture->usage, "openai", 500);
  reopen (fixture);

  assert_used (fixture->usage, "openai", 0, 0);
  load (fixture->usage);
  assert_used (fixture->usage, "openai", 2, 1500);
  whis_usage_add (fixture->usage, "openai", 1);
  load (fixture->usage);
  assert_used (fixture->usage, "openai", 3, 1501);
}

/* Nothing is counted twice, or not at all, because it was sent while the disk was read. */
static void
test_sent_while_loading (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;

  whis_usage_add (fixture->usage, "openai", 1000);
  reopen (fixture);

  whis_usage_add (fixture->usage, "openai", 200);
  whis_usage_load_async (fixture->usage, NULL, store_result, &first);
  whis_usage_add (fixture->usage, "openai", 30);
  whis_usage_load_async (fixture->usage, NULL, store_result, &second);
  whis_usage_add (fixture->usage, "openai", 4);
  assert_used (fixture->usage, "openai", 3, 234);
  g_assert_true (whis_usage_load_finish (fixture->usage, wait_for (&first), NULL));
  assert_used (fixture->usage, "openai", 4, 1234);
  g_assert_true (whis_usage_load_finish (fixture->usage, wait_for (&second), NULL));
  assert_used (fixture->usage, "openai", 4, 1234);
}

/* The command line and the service count into the same database. */
static void
test_two_processes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistory) history = whis_history_new (fixture->directory);
  g_autoptr (WhisUsage) other = whis_usage_new (history);

  whis_usage_set_clock (other, clock_cb, fixture);
  whis_usage_add (fixture->usage, "groq", 10);
  whis_usage_add (other, "groq", 5);
  flush (history);
  assert_listed (fixture->usage, "2031-01", "2031-01 groq 2 15\n");
  load (fixture->usage);
  assert_used (fixture->usage, "groq", 2, 15);
}

static void
test_month_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_usage_add (fixture->usage, "openai", 1000);
  reopen (fixture);
  whis_usage_load_async (fixture->usage, NULL, store_result, &result);
  fixture->month = 2;
  assert_used (fixture->usage, "openai", 0, 0);
  whis_usage_add (fixture->usage, "openai", 7);
  g_assert_true (whis_usage_load_finish (fixture->usage, wait_for (&result), NULL));
  assert_used (fixture->usage, "openai", 1, 7);

  g_clear_object (&result);
  reopen (fixture);
  load (fixture->usage);
  assert_used (fixture->usage, "openai", 1, 7);
}

static void
wait_until_loaded (WhisUsage *usage)
{
  while (!whis_usage_is_loaded (usage))
    g_main_context_iteration (NULL, TRUE);
}

/* By a clock that is put right, or a time zone. */
static void
test_month_goes_back (Fixture *fixture, gconstpointer data)
{
  whis_usage_add (fixture->usage, "openai", 1000);
  fixture->month = 2;
  whis_usage_add (fixture->usage, "openai", 30);
  fixture->month = 1;
  assert_used (fixture->usage, "openai", 1, 1000);

  /* What another run counted is known for each of the months. */
  reopen (fixture);
  wait_until_loaded (fixture->usage);
  assert_used (fixture->usage, "openai", 1, 1000);
  fixture->month = 2;
  g_assert_false (whis_usage_is_loaded (fixture->usage));
  wait_until_loaded (fixture->usage);
  assert_used (fixture->usage, "openai", 1, 30);
  fixture->month = 1;
  g_assert_true (whis_usage_is_loaded (fixture->usage));
  assert_used (fixture->usage, "openai", 1, 1000);
}

static void
test_take_back (Fixture *fixture, gconstpointer data)
{
  whis_usage_add (fixture->usage, "openai", 1000);
  whis_usage_add (fixture->usage, "openai", 500);
  whis_usage_subtract (fixture->usage, "openai", 1000);
  whis_usage_add (fixture->usage, "groq", 7);
  whis_usage_subtract (fixture->usage, "groq", 7);
  assert_used (fixture->usage, "openai", 1, 500);
  assert_listed (fixture->usage, NULL, "2031-01 openai 1 500\n");
  reopen (fixture);
  load (fixture->usage);
  assert_used (fixture->usage, "openai", 1, 500);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  assert_listed (fixture->usage, NULL, "");
  whis_usage_add (fixture->usage, "openai", 1000);
  fixture->month = 2;
  whis_usage_add (fixture->usage, "groq", 20);
  whis_usage_add (fixture->usage, "openai", 30);
  whis_usage_add (fixture->usage, "deepgram", 20);
  fixture->year = 2030;
  fixture->month = 12;
  whis_usage_add (fixture->usage, "custom", 1);

  assert_listed (fixture->usage, NULL,
                 "2031-02 openai 1 30\n2031-02 deepgram 1 20\n2031-02 groq 1 20\n"
                 "2031-01 openai 1 1000\n2030-12 custom 1 1\n");
  assert_listed (fixture->usage, "2031-01", "2031-01 openai 1 1000\n");
  assert_listed (fixture->usage, "2029-01", "");
}

static void
test_lost (Fixture *fixture, gconstpointer data)
{
  whis_usage_add (fixture->usage, "openai", 1000);
  close_usage (fixture);
  g_remove (fixture->path);
  open_usage (fixture);

  load (fixture->usage);
  assert_used (fixture->usage, "openai", 0, 0);
  whis_usage_add (fixture->usage, "openai", 2);
  assert_listed (fixture->usage, NULL, "2031-01 openai 1 2\n");
  g_assert_cmpuint (fixture->problems->len, ==, 0);
}

/* Where in the file the table of the usage is. */
static gsize
find_table (const char *path, gsize *page_size)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  gsize root;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT rootpage, (SELECT page_size FROM pragma_page_size)"
                                       " FROM sqlite_master WHERE name = 'usage'",
                                       -1, &statement, NULL),
                   ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  root = (gsize) sqlite3_column_int64 (statement, 0);
  *page_size = (gsize) sqlite3_column_int64 (statement, 1);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return (root - 1) * *page_size;
}

static void
damage_table (Fixture *fixture)
{
  g_autofree char *bytes = NULL;
  gsize size, offset, page_size;

  close_usage (fixture);
  offset = find_table (fixture->path, &page_size);
  g_assert_true (g_file_get_contents (fixture->path, &bytes, &size, NULL));
  g_assert_cmpuint (offset + page_size, <=, size);
  memset (bytes + offset, 0xAA, page_size);
  g_assert_true (g_file_set_contents (fixture->path, bytes, (gssize) size, NULL));
  open_usage (fixture);
}

/* Who loads or lists it gets no error; that the history was replaced is told as always. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  whis_usage_add (fixture->usage, "openai", 1000);
  damage_table (fixture);
  load (fixture->usage);
  assert_used (fixture->usage, "openai", 0, 0);
  whis_usage_add (fixture->usage, "openai", 2);
  assert_listed (fixture->usage, NULL, "2031-01 openai 1 2\n");
  g_assert_cmpuint (fixture->problems->len, ==, 1);

  damage_table (fixture);
  assert_listed (fixture->usage, NULL, "");
  assert_listed (fixture->usage, NULL, "");
  g_assert_cmpuint (fixture->problems->len, ==, 2);
}

static void
test_no_folder (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistory) history = whis_history_new ("/proc/no-such-folder");
  g_autoptr (WhisUsage) usage = whis_usage_new (history);

  whis_usage_add (usage, "openai", 5);
  load (usage);
  assert_used (usage, "openai", 1, 5);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_usage_load_async (fixture->usage, cancellable, store_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_false (whis_usage_load_finish (fixture->usage, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/usage/at-once", test_at_once },
    { "/usage/restart", test_restart },
    { "/usage/sent-while-loading", test_sent_while_loading },
    { "/usage/two-processes", test_two_processes },
    { "/usage/month-ends", test_month_ends },
    { "/usage/month-goes-back", test_month_goes_back },
    { "/usage/take-back", test_take_back },
    { "/usage/list", test_list },
    { "/usage/lost", test_lost },
    { "/usage/damaged", test_damaged },
    { "/usage/no-folder", test_no_folder },
    { "/usage/cancelled", test_cancelled },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Fixture, NULL, set_up, tests[i].run, tear_down);

  return g_test_run ();
}
