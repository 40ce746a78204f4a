/* SPDX-License-Identifier: MIT */
#include "recogniser-process.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* A folder with a script in the place of whis-offline; each start adds a line with its number. */
typedef struct
{
  char *folder;
  char *script;
  char *starts;
  WhisRecogniserProcess *process;
} Fixture;

/* A sanitizer would make an exit of a signal. */
#define NO_ASAN "detect_leaks=0:handle_segv=0:handle_abort=0:handle_sigill=0"

/* Runs the real program; %s is for more of its arguments. Its leaks are looked for elsewhere. */
#define REAL "export ASAN_OPTIONS=" NO_ASAN "\nexec \"$REAL_WHIS_OFFLINE\" %s \"$@\"\n"

static void
setup (Fixture *fixture, const char *what, const char *arguments)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *runtime = NULL;

  fixture->folder = g_dir_make_tmp ("whis-process-XXXXXX", NULL);
  fixture->script = g_build_filename (fixture->folder, "program", NULL);
  fixture->starts = g_build_filename (fixture->folder, "starts", NULL);
  runtime = g_build_filename (fixture->folder, "runtime", NULL);
  g_string_printf (text, "#!/bin/sh\necho $$ >> '%s'\n", fixture->starts);
  if (what == NULL)
    g_string_append_printf (text, REAL, arguments);
  else
    g_string_append (text, what);
  g_file_set_contents_full (fixture->script, text->str, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL);
  g_mkdir (runtime, 0700);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("WHIS_OFFLINE_PROGRAM", fixture->script, TRUE);
  fixture->process = whis_recogniser_process_new ();
}

/* The numbers of the processes that were started. */
static GArray *
starts_of (Fixture *fixture)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (int));
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (fixture->starts, &text, NULL, NULL))
    return numbers;
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++)
    {
      int number = atoi (lines[i]);

      g_array_append_val (numbers, number);
    }

  return numbers;
}

static void
assert_starts (Fixture *fixture, guint count)
{
  g_autoptr (GArray) starts = starts_of (fixture);

  g_assert_cmpuint (starts->len, ==, count);
}

static int
last_start (Fixture *fixture)
{
  g_autoptr (GArray) starts = starts_of (fixture);

  return g_array_index (starts, int, starts->len - 1);
}

/* GLib reaps it, which the main loop tells us. */
static void
await_death (int number)
{
  while (kill (number, 0) == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) entries = g_dir_open (folder, 0, NULL);

  for (const char *name = g_dir_read_name (entries); name != NULL; name = g_dir_read_name (entries))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* With the object its program ends. */
static void
teardown (Fixture *fixture)
{
  g_autoptr (GArray) starts = starts_of (fixture);

  g_assert_finalize_object (fixture->process);
  for (guint i = 0; i < starts->len; i++)
    await_death (g_array_index (starts, int, i));
  remove_all (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->script);
  g_free (fixture->starts);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  *kept = g_object_ref (result);
}

static gboolean
finish (Fixture *fixture, GAsyncResult **result, GError **error)
{
  gboolean well;

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  well = whis_recogniser_process_ensure_finish (fixture->process, *result, error);
  g_clear_object (result);

  return well;
}

static gboolean
ensure (Fixture *fixture, GError **error)
{
  GAsyncResult *result = NULL;

  whis_recogniser_process_ensure_async (fixture->process, NULL, keep_result, &result);

  return finish (fixture, &result, error);
}

static void
assert_ensured (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ensure (fixture, &error));
  g_assert_no_error (error);
}

static void
assert_fails (Fixture *fixture, WhisRecogniserError code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ensure (fixture, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, WHIS_RECOGNISER_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_starts (void)
{
  Fixture fixture;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  setup (&fixture, NULL, "");
  assert_ensured (&fixture);
  assert_ensured (&fixture);
  assert_starts (&fixture, 1);
  connection = g_socket_client_connect (
      client, G_SOCKET_CONNECTABLE (whis_recogniser_process_get_address (fixture.process)), NULL,
      &error);
  g_assert_no_error (error);
  teardown (&fixture);
}

static void
test_shared_start (void)
{
  Fixture fixture;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *results[3] = { NULL, NULL, NULL };

  setup (&fixture, NULL, "");
  for (guint i = 0; i < 3; i++)
    whis_recogniser_process_ensure_async (fixture.process, i == 1 ? cancellable : NULL, keep_result,
                                          &results[i]);
  g_cancellable_cancel (cancellable);
  g_assert_false (finish (&fixture, &results[1], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (finish (&fixture, &results[0], NULL));
  g_assert_true (finish (&fixture, &results[2], NULL));
  assert_starts (&fixture, 1);
  teardown (&fixture);
}

static void
test_already_cancelled (void)
{
  Fixture fixture;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  setup (&fixture, NULL, "");
  g_cancellable_cancel (cancellable);
  whis_recogniser_process_ensure_async (fixture.process, cancellable, keep_result, &result);
  g_assert_false (finish (&fixture, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_ensured (&fixture);
  teardown (&fixture);
}

static void
test_killed (void)
{
  Fixture fixture;
  GSocketAddress *before;

  setup (&fixture, NULL, "");
  assert_ensured (&fixture);
  before = whis_recogniser_process_get_address (fixture.process);
  kill (last_start (&fixture), SIGKILL);
  await_death (last_start (&fixture));
  assert_ensured (&fixture);
  assert_starts (&fixture, 2);
  g_assert_true (whis_recogniser_process_get_address (fixture.process) == before);
  teardown (&fixture);
}

/* It is asked for in the moment of its death, which nobody has noticed yet. */
static void
test_killed_unnoticed (void)
{
  Fixture fixture;

  setup (&fixture, NULL, "");
  assert_ensured (&fixture);
  kill (last_start (&fixture), SIGKILL);
  assert_ensured (&fixture);
  assert_starts (&fixture, 2);
  teardown (&fixture);
}

static void
test_idle (void)
{
  Fixture fixture;

  setup (&fixture, NULL, "--idle-seconds 1");
  for (guint i = 1; i <= 4; i++)
    {
      assert_ensured (&fixture);
      assert_starts (&fixture, i);
      await_death (last_start (&fixture));
    }
  teardown (&fixture);
}

static void
test_stop (void)
{
  Fixture fixture;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  setup (&fixture, NULL, "");
  whis_recogniser_process_stop (fixture.process);
  assert_ensured (&fixture);
  whis_recogniser_process_stop (fixture.process);
  assert_ensured (&fixture);
  assert_starts (&fixture, 2);

  whis_recogniser_process_ensure_async (fixture.process, NULL, keep_result, &result);
  whis_recogniser_process_stop (fixture.process);
  g_assert_false (finish (&fixture, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  teardown (&fixture);
}

static void
test_not_installed (void)
{
  Fixture fixture;

  setup (&fixture, NULL, "");
  g_setenv ("WHIS_OFFLINE_PROGRAM", "/nonexistent/whis-offline", TRUE);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_PROGRAM, "/nonexistent/whis-offline");
  teardown (&fixture);
}

/* What the program says reaches the user. */
static void
test_no_model (void)
{
  Fixture fixture;

  setup (&fixture, NULL, "--model-dir /nonexistent");
  /* As often as one asks: it has not crashed. */
  for (int i = 0; i < 4; i++)
    assert_fails (&fixture, WHIS_RECOGNISER_ERROR_NO_MODEL, "pocketsphinx-en-us");
  teardown (&fixture);
}

/* A model whose files are there and hold nothing of use. */
static void
test_broken_model (void)
{
  static const char *const files[] = { "en-us/en-us/mdef", "en-us/en-us.lm.bin",
                                       "en-us/cmudict-en-us.dict" };
  g_autofree char *models = g_dir_make_tmp ("whis-model-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (models, "en-us", "en-us", NULL);
  g_autofree char *arguments = g_strdup_printf ("--model-dir '%s'", models);
  Fixture fixture;

  g_mkdir_with_parents (inner, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (models, files[i], NULL);

      g_file_set_contents (path, "no model", -1, NULL);
    }
  setup (&fixture, NULL, arguments);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_ENDED, "again");
  remove_all (models);
  teardown (&fixture);
}

static void
test_ends_at_once (void)
{
  Fixture fixture;

  setup (&fixture, "exit 0\n", NULL);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_ENDED, "ended");
  teardown (&fixture);
}

static void
test_crashes (void)
{
  Fixture fixture;

  setup (&fixture, "kill -SEGV $$\n", NULL);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_CRASHES, "crashed");
  assert_starts (&fixture, 3);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_CRASHES, "crashed");
  assert_starts (&fixture, 3);
  teardown (&fixture);
}

static gboolean
explain (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_recogniser_process_explain_async (fixture->process, NULL, keep_result, (gpointer) &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_recogniser_process_explain_finish (fixture->process, result, error);
}

/* Who asks right after the program hung up waits for the news of its end. */
static void
test_explained (void)
{
  static const struct
  {
    int number;
    const char *word;
  } ends[] = {
    { SIGKILL, "memory" },
    { SIGABRT, "gave up" },
    { SIGSEGV, "crashed" },
    { SIGILL, "plain" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autoptr (GError) error = NULL;
      Fixture fixture;

      setup (&fixture, NULL, "");
      assert_ensured (&fixture);
      kill (last_start (&fixture), ends[i].number);
      g_assert_false (explain (&fixture, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_CRASH);
      g_assert_nonnull (strstr (error->message, ends[i].word));
      g_assert_cmpint (whis_recogniser_process_is_plain (fixture.process), ==,
                       ends[i].number == SIGILL);
      teardown (&fixture);
    }
}

/* What computes must not spin, nor start a debugger; and it is told the model. */
static void
test_environment (void)
{
  Fixture fixture;
  g_autofree char *path = NULL;
  g_autofree char *script = NULL;
  g_autofree char *noted = NULL;

  setup (&fixture, NULL, "");
  path = g_build_filename (fixture.folder, "noted", NULL);
  script =
      g_strdup_printf ("#!/bin/sh\necho $$ >> '%s'\n"
                       "echo \"$OMP_WAIT_POLICY $GOMP_SPINCOUNT $GGML_NO_BACKTRACE $*\" > '%s'\n"
                       "exit 0\n",
                       fixture.starts, path);
  g_file_set_contents_full (fixture.script, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL);
  whis_recogniser_process_set_model (fixture.process, "ggml-base");
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_ENDED, "ended");
  g_assert_true (g_file_get_contents (path, &noted, NULL, NULL));
  g_assert_true (g_str_has_prefix (noted, "passive 20000 1 --socket "));
  g_assert_true (g_str_has_suffix (noted, "--model ggml-base\n"));
  teardown (&fixture);
}

/* A model that is not there is told by name, and is no reason to start again and again. */
static void
test_unknown_model (void)
{
  Fixture fixture;

  setup (&fixture, NULL, "");
  whis_recogniser_process_set_model (fixture.process, "nothing-like-this");
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_NO_MODEL, "nothing-like-this");
  assert_starts (&fixture, 1);
  whis_recogniser_process_set_model (fixture.process, NULL);
  assert_ensured (&fixture);
  whis_recogniser_process_set_model (fixture.process, "nothing-like-this");
  assert_ensured (&fixture);
  assert_starts (&fixture, 2);
  teardown (&fixture);
}

/* It says that it is ready and does not listen. */
static void
test_sick (void)
{
  Fixture fixture;

  setup (&fixture, "echo ready\nexec cat\n", NULL);
  assert_fails (&fixture, WHIS_RECOGNISER_ERROR_CRASHES, "wait a minute");
  assert_starts (&fixture, 3);
  teardown (&fixture);
}

/* Without a runtime directory, and with one whose name is too long for a socket. */
static void
test_runtime_directories (void)
{
  Fixture fixture;
  g_autofree char *padding = g_strnfill (90, 'x');
  g_autofree char *long_directory = NULL;

  setup (&fixture, NULL, "");
  g_unsetenv ("XDG_RUNTIME_DIR");
  assert_ensured (&fixture);
  teardown (&fixture);

  setup (&fixture, NULL, "");
  long_directory = g_build_filename (fixture.folder, padding, NULL);
  g_mkdir (long_directory, 0700);
  g_setenv ("XDG_RUNTIME_DIR", long_directory, TRUE);
  assert_ensured (&fixture);
  teardown (&fixture);
}

int
main (int argc, char **argv)
{
  g_setenv ("REAL_WHIS_OFFLINE", g_getenv ("WHIS_OFFLINE_PROGRAM"), TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/process/starts", test_starts);
  g_test_add_func ("/offline/process/shared-start", test_shared_start);
  g_test_add_func ("/offline/process/already-cancelled", test_already_cancelled);
  g_test_add_func ("/offline/process/killed", test_killed);
  g_test_add_func ("/offline/process/killed-unnoticed", test_killed_unnoticed);
  g_test_add_func ("/offline/process/idle", test_idle);
  g_test_add_func ("/offline/process/stop", test_stop);
  g_test_add_func ("/offline/process/not-installed", test_not_installed);
  g_test_add_func ("/offline/process/no-model", test_no_model);
  g_test_add_func ("/offline/process/broken-model", test_broken_model);
  g_test_add_func ("/offline/process/ends-at-once", test_ends_at_once);
  g_test_add_func ("/offline/process/crashes", test_crashes);
  g_test_add_func ("/offline/process/explained", test_explained);
  g_test_add_func ("/offline/process/environment", test_environment);
  g_test_add_func ("/offline/process/unknown-model", test_unknown_model);
  g_test_add_func ("/offline/process/sick", test_sick);
  g_test_add_func ("/offline/process/runtime-directories", test_runtime_directories);

  return g_test_run ();
}
