/* SPDX-License-Identifier: MIT */
#include "history-fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Whoever changes its user cannot be looked at by the sanitizer any more, unless it says so. */
static void
become_nobody (void)
{
  g_assert_cmpint (setresuid (65534, 65534, 65534), ==, 0);
  g_assert_cmpint (prctl (PR_SET_DUMPABLE, 1), ==, 0);
}

static void
fill_disk (gboolean full)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = full ? 1 : limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_full_disk (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) read = NULL;

  put_text (fixture->history, "before", 1, "Before");
  flush_history (fixture->history);
  fill_disk (TRUE);
  put_text (fixture->history, "a", 2, "One");
  put_text (fixture->history, "a", 2, "Two");
  put_chunk (fixture->history, "a", 0, "chunk");
  whis_history_set_marked (fixture->history, "a", TRUE);
  g_assert_false (try_flush_history (fixture->history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
  put_text (fixture->history, "b", 3, "Three");
  g_assert_false (try_flush_history (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  /* What is there can be read. */
  g_assert_true (has_record (fixture->history, "before"));
  fill_disk (FALSE);

  /* Nobody asks again: it is written as soon as there is room. */
  g_ptr_array_set_size (fixture->changed, 0);
  while (!contains_id (fixture->changed, "b"))
    g_main_context_iteration (NULL, TRUE);
  flush_history (fixture->history);
  read = get_record (fixture->history, "a");
  g_assert_cmpstr (read->text, ==, "Two");
  g_assert_true (read->marked);
  g_assert_cmpuint (read->chunks->len, ==, 1);
}

/* Without anywhere to write to, the folder itself cannot be made. */
static void
test_no_folder (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistory) history = whis_history_new ("/dev/null/whis");
  g_autoptr (GError) error = NULL;

  g_signal_connect (history, "problem", G_CALLBACK (add_problem_cb), fixture->problems);
  put_text (history, "a", 1, "One");
  put_text (history, "b", 1, "One");
  g_assert_false (try_flush_history (history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
  g_assert_cmpuint (fixture->problems->len, ==, 1);
}

/* A disk that fails: SQLite's own way to it, but for writes that end with an error of the device.
 */
static struct
{
  sqlite3_vfs *own;
  sqlite3_vfs vfs;
  sqlite3_io_methods own_methods;
  sqlite3_io_methods methods;
  gint fails;
  gint n_failed;
  gint64 failed_us; /* when it failed last; of the worker's thread until @n_failed says so */
} disk;

static int
write_or_fail (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset)
{
  if (!g_atomic_int_get (&disk.fails))
    return disk.own_methods.xWrite (file, data, size, offset);
  disk.failed_us = g_get_monotonic_time ();
  g_atomic_int_inc (&disk.n_failed);
  errno = EIO;

  return SQLITE_IOERR_WRITE;
}

static int
get_errno (sqlite3_vfs *vfs, int size, char *buffer)
{
  return EIO;
}

static int
open_on_disk (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
  int code = disk.own->xOpen (disk.own, name, file, flags, out);

  /* The log is what is written to. */
  if (code != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0)
    return code;
  disk.own_methods = *file->pMethods;
  disk.methods = disk.own_methods;
  disk.methods.xWrite = write_or_fail;
  file->pMethods = &disk.methods;

  return code;
}

static void
set_disk_fails (gboolean fails)
{
  if (disk.own == NULL)
    {
      disk.own = sqlite3_vfs_find (NULL);
      disk.vfs = *disk.own;
      disk.vfs.zName = "failing";
      disk.vfs.xOpen = open_on_disk;
      disk.vfs.xGetLastError = get_errno;
    }
  g_atomic_int_set (&disk.fails, fails);
}

/* Returns: when it failed again, in g_get_monotonic_time() */
static gint64
wait_until_disk_failed (void)
{
  gint n_failed = g_atomic_int_get (&disk.n_failed);

  while (g_atomic_int_get (&disk.n_failed) == n_failed)
    g_main_context_iteration (NULL, TRUE);

  return disk.failed_us;
}

/* It is told as what it is, tried again, and not for ever every other moment. */
static void
test_failing_disk (HistoryFixture *fixture, gconstpointer data)
{
  gint64 failed_us;

  set_disk_fails (FALSE);
  g_assert_cmpint (sqlite3_vfs_register (&disk.vfs, 1), ==, SQLITE_OK);
  put_text (fixture->history, "before", 1, "Before");
  flush_history (fixture->history);
  set_disk_fails (TRUE);
  put_text (fixture->history, "a", 2, "One");
  g_assert_false (try_flush_history (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (fixture->problems, 0), "disk fails"));

  /* The next try comes by itself, after two seconds, and the one after it not so soon. */
  failed_us = wait_until_disk_failed ();
  g_assert_cmpint (wait_until_disk_failed () - failed_us, >=, 3 * G_USEC_PER_SEC);
  set_disk_fails (FALSE);
  put_text (fixture->history, "b", 3, "Two");
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpint (sqlite3_vfs_unregister (&disk.vfs), ==, SQLITE_OK);
}

/* What may not be written is written when it may, and is not dropped. */
static void
test_denied_for_a_while (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);

  g_assert_true (g_file_set_contents (share, "in the way", -1, NULL));
  put_text (fixture->history, "a", 1, "One");
  put_chunk (fixture->history, "a", 0, "One");
  put_text (fixture->history, "b", 2, "Two");
  g_assert_false (try_flush_history (fixture->history, NULL));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
  g_assert_cmpint (g_unlink (share), ==, 0);

  while (!contains_id (fixture->changed, "b"))
    g_main_context_iteration (NULL, TRUE);
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "a"));
  g_assert_cmpuint (fixture->problems->len, ==, 1);
}

/* A write that can never work is in nobody's way, and is told, each one. */
static void
test_refused_write (HistoryFixture *fixture, gconstpointer data)
{
  put_text (fixture->history, "before", 1, "Before");
  flush_history (fixture->history);
  history_fixture_close (fixture);
  write_as_other (fixture->path, "CREATE TRIGGER refusal BEFORE INSERT ON dictations"
                                 "  WHEN new.name = 'bad' BEGIN"
                                 "  SELECT raise (ABORT, 'no'); END");
  history_fixture_open (fixture);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *id = g_strdup_printf ("bad-%d", i);
      g_autoptr (WhisRecord) record = create_record (id, i, WHIS_DICTATION_STATE_DONE, "Bad");

      record->name = g_strdup ("bad");
      whis_history_put (fixture->history, record);
      g_assert_false (try_flush_history (fixture->history, NULL));
    }
  put_text (fixture->history, "good", 1, "Good");
  flush_history (fixture->history);
  g_assert_true (has_record (fixture->history, "good"));
  g_assert_cmpuint (fixture->problems->len, ==, 2);
}

/* In a process of its own, which gives up the rights of root where it has them. */
static void
test_read_only (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);
  const char *directory = g_getenv ("WHIS_TEST_READ_ONLY");
  g_autoptr (WhisHistory) history = NULL;
  g_autoptr (WhisRecord) read = NULL;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      if (geteuid () == 0)
        become_nobody ();
      history = whis_history_new (directory);
      g_signal_connect (history, "problem", G_CALLBACK (add_problem_cb), fixture->problems);
      read = get_record (history, "a");
      g_assert_cmpstr (read->text, ==, "One");
      put_text (history, "b", 1, "Two");
      g_assert_false (try_flush_history (history, &error));
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_cmpuint (fixture->problems->len, ==, 1);
      g_assert_false (has_record (history, "b"));
      return;
    }

  put_text (fixture->history, "a", 1, "One");
  flush_history (fixture->history);
  history_fixture_close (fixture);
  history_fixture_open (fixture);
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->directory, 0555);
  g_chmod (share, 0755);
  g_chmod (top, 0755);
  g_setenv ("WHIS_TEST_READ_ONLY", fixture->directory, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_chmod (fixture->directory, 0755);
}

/* The thread that works on it may close it later than the history goes; with the last connection
 * the log goes, too. */
static void
await_closed_database (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  while (g_file_test (log, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

static void
test_too_new (HistoryFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) second = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize size_before, size_after;

  put_text (fixture->history, "a", 1, "One");
  flush_history (fixture->history);
  history_fixture_close (fixture);
  await_closed_database (fixture->path);
  write_as_other (fixture->path, "PRAGMA user_version = 1000");
  g_assert_true (g_file_get_contents (fixture->path, &before, &size_before, NULL));
  history_fixture_open (fixture);

  put_text (fixture->history, "b", 1, "Two");
  g_assert_false (try_flush_history (fixture->history, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_null (try_get_record (fixture->history, "a", &second));
  g_assert_error (second, WHIS_STORE_ERROR, WHIS_STORE_ERROR_TOO_NEW);
  g_assert_true (g_file_get_contents (fixture->path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
}

/* Version 0 is a file without anything in it, as sqlite3_open() leaves it. */
static void
write_version_0 (HistoryFixture *fixture)
{
  g_assert_cmpint (g_mkdir_with_parents (fixture->directory, 0700), ==, 0);
  write_as_other (fixture->path, "PRAGMA user_version = 7; PRAGMA user_version = 0");
}

static void
test_old_version (HistoryFixture *fixture, gconstpointer data)
{
  write_version_0 (fixture);
  put_text (fixture->history, "a", 1, "One");
  assert_found (fixture->history, "one", "a");
}

/* What cannot be brought up to date says what is in the way. */
static void
test_old_version_read_only (HistoryFixture *fixture, gconstpointer data)
{
  g_autofree char *share = g_path_get_dirname (fixture->directory);
  g_autofree char *top = g_path_get_dirname (share);
  const char *directory = g_getenv ("WHIS_TEST_READ_ONLY");
  g_autoptr (WhisHistory) history = NULL;
  g_autoptr (GError) error = NULL;

  if (g_test_subprocess ())
    {
      if (geteuid () == 0)
        become_nobody ();
      history = whis_history_new (directory);
      g_assert_null (try_get_record (history, "a", &error));
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_HISTORY);
      g_assert_nonnull (strstr (error->message, "read-only"));
      return;
    }

  write_version_0 (fixture);
  g_chmod (fixture->path, 0444);
  g_chmod (fixture->directory, 0555);
  g_chmod (share, 0755);
  g_chmod (top, 0755);
  g_setenv ("WHIS_TEST_READ_ONLY", fixture->directory, TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_chmod (fixture->directory, 0755);
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *name;
    void (*run) (HistoryFixture *fixture, gconstpointer data);
  } tests[] = {
    { "/history/full-disk", test_full_disk },
    { "/history/no-folder", test_no_folder },
    { "/history/failing-disk", test_failing_disk },
    { "/history/denied-for-a-while", test_denied_for_a_while },
    { "/history/refused-write", test_refused_write },
    { "/history/read-only", test_read_only },
    { "/history/too-new", test_too_new },
    { "/history/old-version", test_old_version },
    { "/history/old-version-read-only", test_old_version_read_only },
  };

  (void) signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, HistoryFixture, NULL, history_fixture_set_up, tests[i].run,
                history_fixture_tear_down);

  return g_test_run ();
}
