/* SPDX-License-Identifier: MIT */
#include "cli-job.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli-warning.h"

/* A file that is to be transcribed, and warnings about it. */

typedef struct
{
  char *directory;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("whis-test-job-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->directory);
}

/* Whoever reads it blocks: a player of the service is not to spin. */
static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "memo.ogg", NULL);
  g_autoptr (WhisCliJob) job = whis_cli_job_new (path);
  g_autofree char *name = whis_cli_job_dup_name (job);
  char bytes[8];
  int fd;

  g_assert_true (g_file_set_contents (path, "sound", -1, NULL));
  fd = whis_cli_job_open (job);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, ==, 0);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (read (fd, bytes, sizeof bytes), ==, 5);
  g_assert_false (job->ended);
  g_assert_cmpstr (name, ==, "memo.ogg");
  close (fd);
  g_unlink (path);
}

/* Nobody writes into it, perhaps for ever; the command must not wait for that where it opens it. */
static void
test_pipe (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "pipe", NULL);
  g_autoptr (WhisCliJob) job = whis_cli_job_new (path);
  int fd;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  fd = whis_cli_job_open (job);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, ==, 0);
  close (fd);
  g_unlink (path);
}

static void
test_unreadable (Fixture *fixture, gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->directory, "a\nb\x1b.ogg", NULL);
  g_autofree char *sentence = g_strdup_printf (
      "%s/a?b?.ogg cannot be read: No such file or directory.", fixture->directory);
  g_autofree char *of_directory =
      g_strdup_printf ("%s is a directory; name the files in it.", fixture->directory);
  g_autoptr (WhisCliJob) job = whis_cli_job_new (missing);
  g_autoptr (WhisCliJob) directory = whis_cli_job_new (fixture->directory);

  g_assert_cmpint (whis_cli_job_open (job), ==, -1);
  g_assert_true (job->ended);
  g_assert_cmpint (job->status, ==, WHIS_EXIT_FAILED);
  g_assert_cmpstr (job->message, ==, sentence);
  g_assert_cmpint (whis_cli_job_open (directory), ==, -1);
  g_assert_cmpint (directory->status, ==, WHIS_EXIT_FAILED);
  g_assert_cmpstr (directory->message, ==, of_directory);
}

/* The descriptor is one of its own: who closes it still has a standard input. */
static void
test_stdin (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisCliJob) job = whis_cli_job_new (WHIS_CLI_STDIN);
  g_autofree char *name = whis_cli_job_dup_name (job);
  int before = dup (STDIN_FILENO);
  int file = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int fd;

  dup2 (file, STDIN_FILENO);
  close (file);
  fd = whis_cli_job_open (job);
  g_assert_cmpint (fd, >, STDERR_FILENO);
  close (fd);
  g_assert_cmpint (fcntl (STDIN_FILENO, F_GETFD), >=, 0);
  g_assert_cmpstr (name, ==, "standard input");
  dup2 (before, STDIN_FILENO);
  close (before);
}

/* --- warnings --------------------------------------------------------------------------------- */

static void
note_warning (gpointer data, const char *message)
{
  g_string_append_printf (data, "%s ", message);
}

static void
wait_for_warning (GString *shown, const char *message)
{
  while (strstr (shown->str, message) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* What ends a dictation comes as a warning and as its end, and is said once. */
static void
test_warning_of_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (WhisCliWarning) warning = whis_cli_warning_new (note_warning, shown);

  whis_cli_warning_take (warning, "Gone.");
  whis_cli_warning_end (warning, "Gone. The sound is kept.");
  whis_cli_warning_take (warning, "later");
  g_assert_cmpstr (shown->str, ==, "");
  wait_for_warning (shown, "later");
  g_assert_cmpstr (shown->str, ==, "later ");
}

/* Everything else is said before the end, in its order. */
static void
test_warning_of_something_else (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (WhisCliWarning) warning = whis_cli_warning_new (note_warning, shown);

  whis_cli_warning_take (warning, "one");
  whis_cli_warning_take (warning, "two");
  g_assert_cmpstr (shown->str, ==, "one ");
  whis_cli_warning_end (warning, "three");
  g_assert_cmpstr (shown->str, ==, "one two ");
  whis_cli_warning_take (warning, "four");
  whis_cli_warning_end (warning, NULL);
  g_assert_cmpstr (shown->str, ==, "one two four ");
  whis_cli_warning_end (warning, NULL);
  g_assert_cmpstr (shown->str, ==, "one two four ");
}

/* One that waits goes with who would show it. */
static void
test_warning_freed (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (WhisCliWarning) other = whis_cli_warning_new (note_warning, shown);
  WhisCliWarning *warning = whis_cli_warning_new (note_warning, shown);

  whis_cli_warning_take (warning, "never");
  whis_cli_warning_free (warning);
  whis_cli_warning_take (other, "later");
  wait_for_warning (shown, "later");
  g_assert_cmpstr (shown->str, ==, "later ");
}

#define ADD(path, function) g_test_add ("/job/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("file", test_file);
  ADD ("pipe", test_pipe);
  ADD ("unreadable", test_unreadable);
  ADD ("stdin", test_stdin);
  ADD ("warning/of-the-end", test_warning_of_the_end);
  ADD ("warning/of-something-else", test_warning_of_something_else);
  ADD ("warning/freed", test_warning_freed);

  return g_test_run ();
}
