/* SPDX-License-Identifier: MIT */
#include "cli-outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli-job.h"
#include "cli-output.h"
#include "cli-terminal.h"
#include "cli-warning.h"

/* Where documents go, and that none is lost on the way. */
typedef struct
{
  char *directory;
  char *before; /* the working directory */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->directory = g_dir_make_tmp ("whis-outputs-XXXXXX", NULL);
  fixture->before = g_get_current_dir ();
  g_assert_cmpint (g_chdir (fixture->directory), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *command = g_strdup_printf ("rm -r %s", fixture->directory);

  g_assert_cmpint (g_chdir (fixture->before), ==, 0);
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL));
  g_free (fixture->directory);
  g_free (fixture->before);
}

static GPtrArray *
make_jobs (const char *const *paths)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cli_job_free);

  for (; *paths != NULL; paths++)
    g_ptr_array_add (jobs, whis_cli_job_new (*paths));

  return jobs;
}

static void
write_file (const char *path, const char *text)
{
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_file (const char *path, const char *expected)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, expected);
}

static guint
count_files (void)
{
  g_autoptr (GDir) directory = g_dir_open (".", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (directory) != NULL)
    n++;

  return n;
}

/* --- names ------------------------------------------------------------------------------------ */

static void
test_names (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path;
    const char *output;
  } cases[] = {
    { "talk.mp3", "out/talk.srt" },
    { "a/b/talk.mp3", "out/talk.srt" },
    { "/somewhere/talk.tar.gz", "out/talk.tar.srt" },
    { "talk", "out/talk.srt" },
    { ".hidden", "out/.hidden.srt" },
    { "talk.", "out/talk.srt" },
    { "-", "out/stdin.srt" },
    { "über.ogg", "out/über.srt" },
    { "two words.ogg", "out/two words.srt" },
    { "talk.srt", "out/talk.srt" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *const paths[] = { cases[i].path, NULL };
      g_autoptr (GPtrArray) jobs = make_jobs (paths);

      g_assert_cmpint (whis_cli_outputs_plan (jobs, "out", TRUE, "srt"), ==, WHIS_EXIT_OK);
      g_assert_cmpstr (((WhisCliJob *) g_ptr_array_index (jobs, 0))->output, ==, cases[i].output);
      g_assert_true (g_file_test ("out", G_FILE_TEST_IS_DIR));
    }
}

/* Before anything is sent: two to one place, and one over what is to be read. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *paths[4];
    const char *output;
    gboolean directory;
    WhisExit status;
  } cases[] = {
    { { "a.mp3", "b.mp3" }, "out", TRUE, WHIS_EXIT_OK },
    { { "a.mp3", "a.wav" }, "out", TRUE, WHIS_EXIT_USAGE },
    { { "a.mp3", "b.mp3", "elsewhere/a.ogg" }, "out", TRUE, WHIS_EXIT_USAGE },
    { { "a.mp3", "a.mp3" }, "out", TRUE, WHIS_EXIT_USAGE },
    /* a text of that name is to be transcribed */
    { { "a.mp3", "a.srt" }, ".", TRUE, WHIS_EXIT_USAGE },
    { { "a.srt" }, ".", TRUE, WHIS_EXIT_USAGE },
    { { "a.mp3" }, "a.mp3", FALSE, WHIS_EXIT_USAGE },
    { { "a.mp3" }, "./a.mp3", FALSE, WHIS_EXIT_USAGE },
    { { "a.mp3" }, "link.mp3", FALSE, WHIS_EXIT_USAGE },
    { { "a.mp3" }, "hard.mp3", FALSE, WHIS_EXIT_USAGE },
    { { "a.mp3" }, "new.srt", FALSE, WHIS_EXIT_OK },
    { { "a.mp3" }, "b.mp3", FALSE, WHIS_EXIT_OK },
    { { "gone.mp3" }, "gone.mp3", FALSE, WHIS_EXIT_OK },
    /* a file is in the place of the directory */
    { { "a.mp3" }, "b.mp3/texts", TRUE, WHIS_EXIT_FAILED },
  };

  write_file ("a.mp3", "sound");
  write_file ("a.srt", "text");
  write_file ("b.mp3", "sound");
  g_assert_cmpint (symlink ("a.mp3", "link.mp3"), ==, 0);
  g_assert_cmpint (link ("a.mp3", "hard.mp3"), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) jobs = make_jobs (cases[i].paths);

      g_test_message ("%s to %s", cases[i].paths[0], cases[i].output);
      g_assert_cmpint (whis_cli_outputs_plan (jobs, cases[i].output, cases[i].directory, "srt"), ==,
                       cases[i].status);
    }
  assert_file ("a.mp3", "sound");
}

static void
test_is_directory (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir ("there", 0700), ==, 0);
  write_file ("file", "x");
  g_assert_true (whis_cli_outputs_is_directory ("there"));
  g_assert_true (whis_cli_outputs_is_directory ("there/"));
  g_assert_true (whis_cli_outputs_is_directory ("new/"));
  g_assert_true (whis_cli_outputs_is_directory ("."));
  g_assert_false (whis_cli_outputs_is_directory ("new"));
  g_assert_false (whis_cli_outputs_is_directory ("file"));
  g_assert_false (whis_cli_outputs_is_directory (""));
}

/* --- files ------------------------------------------------------------------------------------ */

/* The earlier one is there until the new one is whole, and keeps its permissions. */
static void
test_replaced_as_a_whole (Fixture *fixture, gconstpointer data)
{
  WhisCliFile file;
  struct stat status;

  write_file ("out", "earlier");
  g_assert_cmpint (chmod ("out", 0640), ==, 0);
  g_assert_true (whis_cli_file_open (&file, "out", 0600));
  g_assert_cmpint (write (file.fd, "new", 3), ==, 3);
  assert_file ("out", "earlier");
  g_assert_true (whis_cli_file_close (&file, TRUE));
  assert_file ("out", "new");
  g_assert_cmpint (stat ("out", &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0640);
  g_assert_cmpuint (count_files (), ==, 1);
}

static void
test_not_whole (Fixture *fixture, gconstpointer data)
{
  WhisCliFile file;

  write_file ("out", "earlier");
  g_assert_true (whis_cli_file_open (&file, "out", 0600));
  g_assert_cmpint (write (file.fd, "ne", 2), ==, 2);
  errno = ENOSPC;
  g_assert_false (whis_cli_file_close (&file, FALSE));
  g_assert_cmpint (errno, ==, ENOSPC);
  assert_file ("out", "earlier");
  g_assert_cmpuint (count_files (), ==, 1);

  g_assert_true (whis_cli_file_open (&file, "new", 0600));
  g_assert_false (whis_cli_file_close (&file, FALSE));
  g_assert_false (g_file_test ("new", G_FILE_TEST_EXISTS));
}

/* A link stays a link, and what it leads to is written. */
static void
test_link (Fixture *fixture, gconstpointer data)
{
  write_file ("target", "a longer earlier text");
  g_assert_cmpint (symlink ("target", "out"), ==, 0);
  g_assert_true (whis_cli_write_text ("out", "new\n"));
  g_assert_true (g_file_test ("out", G_FILE_TEST_IS_SYMLINK));
  assert_file ("target", "new\n");
}

static void
test_places_that_refuse (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (g_mkdir ("folder", 0700), ==, 0);
  g_assert_false (whis_cli_write_text ("folder", "text\n"));
  g_assert_false (whis_cli_write_text ("no/such/place", "text\n"));
  g_assert_false (whis_cli_write_text ("/dev/full", "text\n"));
  g_assert_true (whis_cli_write_text ("/dev/null", "text\n"));
  g_assert_cmpuint (count_files (), ==, 1);
}

/* --- terminals -------------------------------------------------------------------------------- */

static void
test_escape (void)
{
  static const struct
  {
    const char *text;
    const char *escaped;
  } cases[] = {
    { "", "" },
    { "plain ö 今 👍", "plain ö 今 👍" },
    { "two\nlines\tand a tab", "two\nlines\tand a tab" },
    { "\x1b]0;title\x07", "\xef\xbf\xbd]0;title\xef\xbf\xbd" },
    { "over\rwritten\b", "over\xef\xbf\xbdwritten\xef\xbf\xbd" },
    /* C1 in UTF-8, and as a byte that is none */
    { "\xc2\x9b"
      "2J",
      "\xef\xbf\xbd"
      "2J" },
    { "\x9b"
      "2J",
      "\xef\xbf\xbd"
      "2J" },
    { "\x7f", "\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *escaped = whis_cli_terminal_escape (cases[i].text);

      g_assert_cmpstr (escaped, ==, cases[i].escaped);
    }
}

static void
test_display_name (void)
{
  static const struct
  {
    const char *path;
    const char *name;
  } cases[] = {
    { "a/talk.mp3", "a/talk.mp3" },
    { "two\nlines\x1b[2J", "two?lines?[2J" },
    { "über", "über" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = whis_cli_display_name (cases[i].path);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

/* --- warnings --------------------------------------------------------------------------------- */

static void
note_warning (gpointer data, const char *message)
{
  g_string_append_printf (data, "%s|", message);
}

/* What the end repeats is said once; nothing else is lost. */
static void
test_warnings (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (WhisCliWarning) warning = whis_cli_warning_new (note_warning, said);

  whis_cli_warning_end (warning, NULL);
  whis_cli_warning_take (warning, "One.");
  g_assert_cmpstr (said->str, ==, "");
  whis_cli_warning_take (warning, "Two.");
  g_assert_cmpstr (said->str, ==, "One.|");
  whis_cli_warning_end (warning, "Two. It is kept.");
  g_assert_cmpstr (said->str, ==, "One.|");
  whis_cli_warning_take (warning, "Three.");
  whis_cli_warning_end (warning, "Something else.");
  whis_cli_warning_take (warning, "Four.");
  whis_cli_warning_end (warning, NULL);
  g_assert_cmpstr (said->str, ==, "One.|Three.|Four.|");
}

/* One that nothing follows is said after a while. */
static void
test_warning_alone (void)
{
  g_autoptr (GString) said = g_string_new (NULL);
  g_autoptr (WhisCliWarning) warning = whis_cli_warning_new (note_warning, said);

  whis_cli_warning_take (warning, "Alone.");
  while (said->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (said->str, ==, "Alone.|");
  whis_cli_warning_end (warning, "Alone. It is kept.");
  g_assert_cmpstr (said->str, ==, "Alone.|");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, set_up, func, tear_down)
  ADD ("/outputs/names", test_names);
  ADD ("/outputs/refused", test_refused);
  ADD ("/outputs/is-directory", test_is_directory);
  ADD ("/output/replaced-as-a-whole", test_replaced_as_a_whole);
  ADD ("/output/not-whole", test_not_whole);
  ADD ("/output/link", test_link);
  ADD ("/output/places-that-refuse", test_places_that_refuse);
  g_test_add_func ("/terminal/escape", test_escape);
  g_test_add_func ("/terminal/display-name", test_display_name);
  g_test_add_func ("/warning/end", test_warnings);
  g_test_add_func ("/warning/alone", test_warning_alone);

  return g_test_run ();
}
