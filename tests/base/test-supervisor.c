/* SPDX-License-Identifier: MIT */
#include "supervisor.h"

#include <signal.h>

/* Real processes: shells that end when their standard input does, unless the test ends them. */

#define UNTIL_EOF "while read line; do eval \"$line\"; done"

typedef struct
{
  WhisSupervisor *supervisor;
  GString *states; /* "starting ready stopped" */
  GString *lines;
  guint n_ends;
  WhisSupervisorEnd end;
  char *complaint;
} Fixture;

static const WhisSupervisorLimits limits = {
  .ready_seconds = 300,
  .most_failures = 3,
  .failure_seconds = 3600,
};

static const WhisSupervisorLimits impatient = { .ready_seconds = 0 };

static void
note_state (Fixture *fixture)
{
  g_string_append_printf (
      fixture->states, "%s%s", fixture->states->len > 0 ? " " : "",
      whis_state_table_get_nick (&whis_supervisor_states,
                                 (int) whis_supervisor_get_state (fixture->supervisor)));
}

static void
note_line (Fixture *fixture, const char *line)
{
  g_string_append_printf (fixture->lines, "%s;", line);
}

static void
note_end (Fixture *fixture, const WhisSupervisorEnd *end)
{
  fixture->n_ends++;
  fixture->end = *end;
  g_free (fixture->complaint);
  fixture->complaint = g_strdup (end->complaint);
  /* the next one may be started from here on */
  g_assert_cmpint (whis_supervisor_get_state (fixture->supervisor), ==,
                   WHIS_SUPERVISOR_STATE_STOPPED);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->supervisor = whis_supervisor_new (data);
  fixture->states = g_string_new (NULL);
  fixture->lines = g_string_new (NULL);
  g_signal_connect_swapped (fixture->supervisor, "notify::state", G_CALLBACK (note_state), fixture);
  g_signal_connect_swapped (fixture->supervisor, "line", G_CALLBACK (note_line), fixture);
  g_signal_connect_swapped (fixture->supervisor, "ended", G_CALLBACK (note_end), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->supervisor != NULL)
    g_assert_finalize_object (fixture->supervisor);
  g_string_free (fixture->states, TRUE);
  g_string_free (fixture->lines, TRUE);
  g_free (fixture->complaint);
}

static void
start (Fixture *fixture, const char *script)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  const char *arguments[] = { "/bin/sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_supervisor_start (fixture->supervisor, launcher, arguments, &error));
  g_assert_no_error (error);
}

static void
wait_state (Fixture *fixture, WhisSupervisorState state)
{
  while (whis_supervisor_get_state (fixture->supervisor) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_line (Fixture *fixture)
{
  while (fixture->lines->len == 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_end (Fixture *fixture)
{
  guint n = fixture->n_ends;

  while (fixture->n_ends == n)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_ready_and_stopped (Fixture *fixture, gconstpointer data)
{
  start (fixture, "echo ready; " UNTIL_EOF);
  wait_state (fixture, WHIS_SUPERVISOR_STATE_READY);
  whis_supervisor_stop (fixture->supervisor);
  whis_supervisor_stop (fixture->supervisor);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting ready stopping stopped");
  g_assert_cmpint (fixture->end.state, ==, WHIS_SUPERVISOR_STATE_STOPPING);
  g_assert_cmpint (fixture->end.signal, ==, SIGTERM);
  g_assert_cmpint (fixture->end.kill, ==, WHIS_SUPERVISOR_KILL_NONE);
  g_assert_true (fixture->end.was_ready);
}

static void
test_starting_to_stopping (Fixture *fixture, gconstpointer data)
{
  start (fixture, UNTIL_EOF);
  whis_supervisor_stop (fixture->supervisor);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting stopping stopped");
  g_assert_false (fixture->end.was_ready);
}

/* What it says after it was told to end is too late. */
static void
test_ready_while_stopping (Fixture *fixture, gconstpointer data)
{
  start (fixture, "trap 'echo ready; exit 0' TERM; echo trapped; " UNTIL_EOF);
  wait_line (fixture);
  whis_supervisor_stop (fixture->supervisor);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting stopping stopped");
  g_assert_false (fixture->end.was_ready);
  g_assert_cmpint (fixture->end.signal, ==, 0);
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  start (fixture, "echo size 12; echo '  no model  ' >&2; exit 4");
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting stopped");
  g_assert_cmpint (fixture->end.state, ==, WHIS_SUPERVISOR_STATE_STARTING);
  g_assert_cmpint (fixture->end.status, ==, 4);
  g_assert_cmpint (fixture->end.signal, ==, 0);
  g_assert_cmpstr (fixture->complaint, ==, "no model");
  g_assert_cmpstr (fixture->lines->str, ==, "size 12;");
}

static void
test_ends_when_ready (Fixture *fixture, gconstpointer data)
{
  start (fixture, "echo ready");
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting ready stopped");
  g_assert_true (fixture->end.was_ready);
  g_assert_cmpint (fixture->end.state, ==, WHIS_SUPERVISOR_STATE_READY);
  g_assert_cmpint (fixture->end.status, ==, 0);
  g_assert_cmpstr (fixture->complaint, ==, "");
}

static void
test_not_ready (Fixture *fixture, gconstpointer data)
{
  start (fixture, UNTIL_EOF);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting killing stopped");
  g_assert_cmpint (fixture->end.kill, ==, WHIS_SUPERVISOR_KILL_NOT_READY);
  g_assert_cmpint (fixture->end.signal, ==, SIGKILL);
}

/* Only the first reason counts, and asking nicely comes too late. */
static void
test_ready_to_killing (Fixture *fixture, gconstpointer data)
{
  start (fixture, "echo ready; " UNTIL_EOF);
  wait_state (fixture, WHIS_SUPERVISOR_STATE_READY);
  whis_supervisor_kill (fixture->supervisor, WHIS_SUPERVISOR_KILL_HANGING);
  whis_supervisor_kill (fixture->supervisor, WHIS_SUPERVISOR_KILL_UNHEALTHY);
  whis_supervisor_stop (fixture->supervisor);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting ready killing stopped");
  g_assert_cmpint (fixture->end.kill, ==, WHIS_SUPERVISOR_KILL_HANGING);
  whis_supervisor_kill (fixture->supervisor, WHIS_SUPERVISOR_KILL_HANGING);
  g_assert_cmpint (whis_supervisor_get_state (fixture->supervisor), ==,
                   WHIS_SUPERVISOR_STATE_STOPPED);
}

static void
test_stopping_to_killing (Fixture *fixture, gconstpointer data)
{
  start (fixture, "trap 'echo ignored' TERM; echo ready; " UNTIL_EOF);
  wait_state (fixture, WHIS_SUPERVISOR_STATE_READY);
  whis_supervisor_stop (fixture->supervisor);
  wait_line (fixture);
  whis_supervisor_kill (fixture->supervisor, WHIS_SUPERVISOR_KILL_UNHEALTHY);
  wait_end (fixture);
  g_assert_cmpstr (fixture->states->str, ==, "starting ready stopping killing stopped");
  g_assert_cmpint (fixture->end.kill, ==, WHIS_SUPERVISOR_KILL_UNHEALTHY);
}

/* Ends by a signal and by force count, and what the caller says; ends that were asked for do not.
 */
static void
test_failures (Fixture *fixture, gconstpointer data)
{
  start (fixture, "kill -SEGV $$");
  wait_end (fixture);
  g_assert_cmpint (fixture->end.signal, ==, SIGSEGV);
  start (fixture, UNTIL_EOF);
  whis_supervisor_kill (fixture->supervisor, WHIS_SUPERVISOR_KILL_HANGING);
  wait_end (fixture);
  start (fixture, UNTIL_EOF);
  whis_supervisor_stop (fixture->supervisor);
  wait_end (fixture);
  start (fixture, "exit 1");
  wait_end (fixture);
  g_assert_false (whis_supervisor_fails_too_often (fixture->supervisor));
  whis_supervisor_count_failure (fixture->supervisor);
  g_assert_true (whis_supervisor_fails_too_often (fixture->supervisor));
}

static void
test_not_a_program (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  const char *arguments[] = { "/nowhere/program", NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_supervisor_start (fixture->supervisor, launcher, arguments, &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT);
  g_assert_cmpstr (fixture->states->str, ==, "");
}

/* Of this process. Other descriptors are GLib's, which closes them when it likes. */
static guint
count_pipes (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      if (target != NULL && g_str_has_prefix (target, "pipe:"))
        n++;
    }

  return n;
}

static gboolean
on_look_again (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Nobody is left who would be told, and neither the process nor what belongs to it stays behind. */
static void
test_finalized (Fixture *fixture, gconstpointer data)
{
  g_autofree char *directory = g_dir_make_tmp ("whis-test-XXXXXX", NULL);
  g_autofree char *script =
      g_strdup_printf ("trap 'rmdir %s; exit 0' TERM; echo ready; " UNTIL_EOF, directory);
  guint n_pipes = count_pipes ();
  guint look_again;

  start (fixture, script);
  wait_state (fixture, WHIS_SUPERVISOR_STATE_READY);
  g_assert_cmpuint (whis_supervisor_get_cpu_ms (fixture->supervisor), <, 60000);
  g_assert_finalize_object (g_steal_pointer (&fixture->supervisor));
  /* The last pipe is closed by a thread, which wakes nobody. */
  look_again = g_timeout_add (10, on_look_again, NULL);
  while (count_pipes () > n_pipes)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (look_again);
  g_assert_false (g_file_test (directory, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (fixture->n_ends, ==, 0);
}

/* Every edge but these is refused; each declared one is walked by a test above. */
static void
test_edges (void)
{
  const char *declared = "stopped>starting starting>stopped starting>ready starting>stopping "
                         "starting>killing ready>stopped ready>stopping ready>killing "
                         "stopping>stopped stopping>killing killing>stopped";
  g_autoptr (GString) found = g_string_new (NULL);

  for (int from = 0; from < WHIS_N_SUPERVISOR_STATES; from++)
    for (int to = 0; to < WHIS_N_SUPERVISOR_STATES; to++)
      if (whis_state_table_may_follow (&whis_supervisor_states, from, to))
        g_string_append_printf (found, "%s%s>%s", found->len > 0 ? " " : "",
                                whis_state_table_get_nick (&whis_supervisor_states, from),
                                whis_state_table_get_nick (&whis_supervisor_states, to));
  g_assert_cmpstr (found->str, ==, declared);
}

#define ADD(path, with, function)                                                                  \
  g_test_add ("/supervisor/" path, Fixture, with, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/supervisor/edges", test_edges);
  ADD ("ready-and-stopped", &limits, test_ready_and_stopped);
  ADD ("starting-to-stopping", &limits, test_starting_to_stopping);
  ADD ("ready-while-stopping", &limits, test_ready_while_stopping);
  ADD ("refused", &limits, test_refused);
  ADD ("ends-when-ready", &limits, test_ends_when_ready);
  ADD ("not-ready", &impatient, test_not_ready);
  ADD ("ready-to-killing", &limits, test_ready_to_killing);
  ADD ("stopping-to-killing", &limits, test_stopping_to_killing);
  ADD ("failures", &limits, test_failures);
  ADD ("not-a-program", &limits, test_not_a_program);
  ADD ("finalized", &limits, test_finalized);

  return g_test_run ();
}
