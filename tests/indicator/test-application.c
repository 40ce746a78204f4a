/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "bus-service.h"
#include "compositor.h"
#include "indicator-application.h"

/* The program, while a dictation records, and on a display that a test chooses. */
typedef struct
{
  BusService service;
  Compositor *compositor; /* nullable */
  GSubprocess *process;
  gboolean has_ended;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  bus_service_start (&self->service);
  bus_service_set_recording (&self->service, "one");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->process);
  g_clear_pointer (&self->compositor, compositor_free);
  bus_service_stop (&self->service);
}

static void
start (Fixture *self, const char *wayland, const char *argument)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
  if (wayland != NULL)
    g_subprocess_launcher_setenv (launcher, "WAYLAND_DISPLAY", wayland, TRUE);
  self->process = g_subprocess_launcher_spawn (launcher, &error,
                                               g_getenv ("WHIS_INDICATOR_PROGRAM"), argument, NULL);
  g_assert_no_error (error);
}

static void
start_on_compositor (Fixture *self, guint globals)
{
  self->compositor = compositor_new (globals);
  start (self, self->compositor->name, "one");
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  self->has_ended = TRUE;
}

/* How it ended, and a word of what it said about that. */
static void
assert_end (Fixture *self, WhisIndicatorExit status, const char *complaint)
{
  char text[1024] = "";
  gsize length;

  g_subprocess_wait_async (self->process, NULL, on_ended, self);
  while (!self->has_ended)
    g_main_context_iteration (NULL, TRUE);
  g_input_stream_read_all (g_subprocess_get_stderr_pipe (self->process), text, sizeof text - 1,
                           &length, NULL, NULL);
  g_assert_true (g_subprocess_get_if_exited (self->process));
  g_assert_nonnull (strstr (text, complaint));
  g_assert_cmpint (g_subprocess_get_exit_status (self->process), ==, status);
}

/* By hand it says what it is for. */
static void
test_arguments (Fixture *self, gconstpointer data)
{
  start (self, NULL, data);
  assert_end (self, WHIS_INDICATOR_EXIT_FAILED, "is started by Whis");
}

static void
test_no_display (Fixture *self, gconstpointer data)
{
  start (self, NULL, "one");
  assert_end (self, WHIS_INDICATOR_EXIT_FAILED, "There is no X11 display");
}

/* One that was in the environment may have gone. */
static void
test_no_compositor (Fixture *self, gconstpointer data)
{
  start (self, "/nowhere/wayland-0", "one");
  assert_end (self, WHIS_INDICATOR_EXIT_FAILED, "");
}

static void
test_unsupported (Fixture *self, gconstpointer data)
{
  start_on_compositor (self, COMPOSITOR_SURFACES | COMPOSITOR_OUTPUT);
  assert_end (self, WHIS_INDICATOR_EXIT_UNSUPPORTED, "no protocol layer-shell");
}

static void
show (Fixture *self)
{
  start_on_compositor (self, COMPOSITOR_SURFACES | COMPOSITOR_OUTPUT | COMPOSITOR_LAYER_SHELL);
  compositor_await (self->compositor, "buffer:440x");
}

static void
on_line_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  char **line = user_data;

  *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  g_assert_nonnull (*line);
}

/* The service waits for that word, and the program ends when it has nothing more to show. */
static void
test_shown (Fixture *self, gconstpointer data)
{
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  show (self);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line_read, &line);
  while (line == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (line, ==, "ready");
  while (self->service.n_watching == 0)
    g_main_context_iteration (NULL, TRUE);
  bus_service_tell_state (&self->service, "one", "done");
  assert_end (self, WHIS_INDICATOR_EXIT_DONE, "");
}

/* The card grows when there is a text. */
static void
test_text (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_await (self->compositor, "buffer:440x52 ");
  while (self->service.n_watching == 0)
    g_main_context_iteration (NULL, TRUE);
  whis_bus_whis1_emit_partial_text (self->service.skeleton, "one", "what was said");
  while (strstr (strrchr (self->compositor->log->str, ':'), "440x52") != NULL)
    g_main_context_iteration (NULL, TRUE);
  bus_service_tell_state (&self->service, "one", "cancelled");
  assert_end (self, WHIS_INDICATOR_EXIT_DONE, "");
}

/* What was dictated is in its memory. */
static void
test_no_core_file (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;
  g_autofree char *limits = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit limit, usual;

  g_assert_no_errno (getrlimit (RLIMIT_CORE, &usual));
  limit = usual;
  limit.rlim_cur = limit.rlim_max;
  g_assert_no_errno (setrlimit (RLIMIT_CORE, &limit));
  show (self);
  g_assert_no_errno (setrlimit (RLIMIT_CORE, &usual));
  path = g_strdup_printf ("/proc/%s/limits", g_subprocess_get_identifier (self->process));
  g_file_get_contents (path, &limits, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_regex_match_simple ("Max core file size +0 +0 ", limits, 0, 0));
  g_subprocess_send_signal (self->process, SIGTERM);
  assert_end (self, WHIS_INDICATOR_EXIT_DONE, "");
}

/* With the service its pipe ends, whatever becomes of the bus. */
static void
test_input_ends (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  show (self);
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, &error);
  g_assert_no_error (error);
  assert_end (self, WHIS_INDICATOR_EXIT_DONE, "");
}

static void
test_terminated (Fixture *self, gconstpointer data)
{
  show (self);
  g_subprocess_send_signal (self->process, SIGTERM);
  assert_end (self, WHIS_INDICATOR_EXIT_DONE, "");
}

static void
test_display_ends (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_stop (self->compositor);
  assert_end (self, WHIS_INDICATOR_EXIT_FAILED, "does not show it any more");
}

static void
test_monitor_ends (Fixture *self, gconstpointer data)
{
  show (self);
  compositor_close_layer_surface (self->compositor);
  assert_end (self, WHIS_INDICATOR_EXIT_FAILED, "does not show it any more");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func)                                                                      \
  g_test_add ("/application/" path, Fixture, data, set_up, func, tear_down)
  ADD ("arguments/none", NULL, test_arguments);
  ADD ("arguments/option", "--help", test_arguments);
  ADD ("no-display", NULL, test_no_display);
  ADD ("no-compositor", NULL, test_no_compositor);
  ADD ("unsupported", NULL, test_unsupported);
  ADD ("shown", NULL, test_shown);
  ADD ("text", NULL, test_text);
  ADD ("input-ends", NULL, test_input_ends);
  ADD ("terminated", NULL, test_terminated);
  ADD ("display-ends", NULL, test_display_ends);
  ADD ("monitor-ends", NULL, test_monitor_ends);
#undef ADD
  g_test_add ("/application/no-core-file", Fixture, NULL, set_up, test_no_core_file, tear_down);

  return g_test_run ();
}
