/* SPDX-License-Identifier: MIT */
#include "cli-terminal.h"

#include <pty.h>
#include <unistd.h>

#include "cli-job.h"
#include "cli-progress.h"

/* What a terminal gets: texts of others without their commands to it, and one line of progress. */

static void
test_escape (void)
{
  static const struct
  {
    const char *text;
    const char *escaped;
  } cases[] = {
    { "", "" },
    { "plain, “quoted”\tand\nmore", "plain, “quoted”\tand\nmore" },
    { "\x1b[2J", "\xef\xbf\xbd[2J" },
    { "a\rb\bc\x7f", "a\xef\xbf\xbd"
                     "b\xef\xbf\xbd"
                     "c\xef\xbf\xbd" },
    /* CSI in eight bits, as UTF-8 and as a byte of its own */
    { "\xc2\x9b"
      "2J",
      "\xef\xbf\xbd"
      "2J" },
    { "\x9b"
      "2J",
      "\xef\xbf\xbd"
      "2J" },
    { "\xc2\xa0\xc3\xa9", "\xc2\xa0\xc3\xa9" },
    { "cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *escaped = whis_cli_terminal_escape (cases[i].text);

      g_assert_cmpstr (escaped, ==, cases[i].escaped);
      g_assert_true (g_utf8_validate (escaped, -1, NULL));
    }
}

/* --- progress --------------------------------------------------------------------------------- */

/* A terminal in the place of standard error. */
typedef struct
{
  int terminal;
  int before;
  GPtrArray *jobs;
  WhisCliProgress *progress;
} Fixture;

static void
free_job (gpointer job)
{
  whis_cli_job_free (job);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int program;

  g_assert_cmpint (openpty (&fixture->terminal, &program, NULL, NULL, NULL), ==, 0);
  fixture->before = dup (STDERR_FILENO);
  g_assert_cmpint (dup2 (program, STDERR_FILENO), ==, STDERR_FILENO);
  close (program);
  fixture->jobs = g_ptr_array_new_with_free_func (free_job);
  fixture->progress = whis_cli_progress_new (fixture->jobs);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_cli_progress_free (fixture->progress);
  g_ptr_array_unref (fixture->jobs);
  if (fixture->before >= 0)
    {
      dup2 (fixture->before, STDERR_FILENO);
      close (fixture->before);
    }
  close (fixture->terminal);
}

static WhisCliJob *
add_job (Fixture *fixture, guint64 done, guint64 total)
{
  WhisCliJob *job = whis_cli_job_new ("memo.ogg");

  job->done = done;
  job->total = total;
  g_ptr_array_add (fixture->jobs, job);

  return job;
}

/* What the terminal has got since the last time; a mark ends it, so that nothing has to be waited
 * for. */
static char *
read_terminal (Fixture *fixture)
{
  GString *text = g_string_new (NULL);

  g_assert_cmpint (write (STDERR_FILENO, "|", 1), ==, 1);
  while (text->len == 0 || text->str[text->len - 1] != '|')
    {
      char byte;

      g_assert_cmpint (read (fixture->terminal, &byte, 1), ==, 1);
      g_string_append_c (text, byte);
    }
  g_string_truncate (text, text->len - 1);

  return g_string_free (text, FALSE);
}

#define assert_terminal(fixture, expected)                                                         \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *seen = read_terminal (fixture);                                               \
    g_assert_cmpstr (seen, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

#define CLEAR "\r\033[K"
#define NOTHING "[------------------------------] "
#define HALF "[###############---------------] "
#define ALL "[##############################] "

/* As long as nobody knows how long a sound is, there are only its seconds. */
static void
test_one_file (Fixture *fixture, gconstpointer data)
{
  WhisCliJob *job = add_job (fixture, 0, 0);

  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR NOTHING "0 s");
  job->total = 120000;
  job->done = 60000;
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR HALF " 50 %");
  /* Whoever counts more than there is has a full bar, and no longer one. */
  job->done = 130000;
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR ALL "100 %");
}

/* Each counts the same, as long as it may be. */
static void
test_many_files (Fixture *fixture, gconstpointer data)
{
  WhisCliJob *first = add_job (fixture, 3000, 3000);
  WhisCliJob *second = add_job (fixture, 0, 0);

  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR HALF "0 of 2 files, 50 %");
  first->ended = TRUE;
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR HALF "1 of 2 files, 50 %");
  /* One that failed before anybody knew its length is done with, too. */
  second->ended = TRUE;
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR ALL "2 of 2 files, 100 %");
}

/* A line is drawn when it changes, and cleared once for what is written between. */
static void
test_drawn_once (Fixture *fixture, gconstpointer data)
{
  WhisCliJob *job = add_job (fixture, 0, 100000);

  whis_cli_progress_hide (fixture->progress);
  assert_terminal (fixture, "");
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR NOTHING "  0 %");
  job->done = 10;
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, "");
  whis_cli_progress_hide (fixture->progress);
  whis_cli_progress_hide (fixture->progress);
  assert_terminal (fixture, CLEAR);
  whis_cli_progress_show (fixture->progress);
  assert_terminal (fixture, CLEAR NOTHING "  0 %");
}

/* A log gets no bars. */
static void
test_no_terminal (void)
{
  int ends[2], before = dup (STDERR_FILENO);
  g_autoptr (GPtrArray) jobs = g_ptr_array_new_with_free_func (free_job);
  WhisCliProgress *progress;
  char bytes[8];

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (dup2 (ends[1], STDERR_FILENO), ==, STDERR_FILENO);
  progress = whis_cli_progress_new (jobs);
  g_ptr_array_add (jobs, whis_cli_job_new ("memo.ogg"));
  whis_cli_progress_show (progress);
  whis_cli_progress_hide (progress);
  whis_cli_progress_free (progress);
  dup2 (before, STDERR_FILENO);
  close (before);
  close (ends[1]);
  g_assert_cmpint (read (ends[0], bytes, sizeof bytes), ==, 0);
  close (ends[0]);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/terminal-output/progress/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/terminal-output/escape", test_escape);
  ADD ("one-file", test_one_file);
  ADD ("many-files", test_many_files);
  ADD ("drawn-once", test_drawn_once);
  g_test_add_func ("/terminal-output/progress/no-terminal", test_no_terminal);

  return g_test_run ();
}
