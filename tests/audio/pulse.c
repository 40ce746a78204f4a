/* SPDX-License-Identifier: MIT */
#include "pulse.h"

#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>

#include <glib/gstdio.h>

static char *directory;
static char *socket_path;

/* To be called before any thread runs: every server of this process has the same address. */
void
pulse_prepare (void)
{
  g_autofree char *address = NULL;
  g_autofree char *cookie = NULL;

  directory = g_dir_make_tmp ("whis-pulse-XXXXXX", NULL);
  socket_path = g_build_filename (directory, "native", NULL);
  cookie = g_build_filename (directory, "cookie", NULL);
  address = g_strconcat ("unix:", socket_path, NULL);

  /* GStreamer's list of plugins stays where it is; making a new one takes seconds. */
  g_setenv ("XDG_CACHE_HOME", g_get_user_cache_dir (), TRUE);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_setenv ("PULSE_COOKIE", cookie, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", directory, TRUE);
  g_setenv ("HOME", directory, TRUE);
  g_unsetenv ("DISPLAY");
}

void
pulse_clean_up (void)
{
  char *arguments[] = { (char *) "rm", (char *) "-rf", directory, NULL };

  g_spawn_sync (NULL, arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free (directory);
  g_free (socket_path);
}

static void
die_with_parent (gpointer user_data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static GSubprocess *
launch (const char *const *arguments, GSubprocessFlags flags)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);

  return process;
}

static void
on_directory_changed (GFileMonitor *monitor,
                      GFile *file,
                      GFile *other,
                      GFileMonitorEvent event,
                      gpointer user_data)
{
  /* The loop in wait_for_socket() looks again. */
}

static void
wait_for_socket (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (directory);
  g_autoptr (GFileMonitor) monitor =
      g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);

  g_signal_connect (monitor, "changed", G_CALLBACK (on_directory_changed), NULL);
  while (!g_file_test (socket_path, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
}

/* A null sink that nobody listens to renders two seconds at a time. A recorder in a hurry makes it
 * behave like a microphone; the first byte tells that it does. */
static GSubprocess *
listen_in_a_hurry (void)
{
  static const char *const arguments[] = { "parec", "--device=" PULSE_MONITOR, "--latency-msec=50",
                                           NULL };
  GSubprocess *recorder = launch (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  char byte;

  g_input_stream_read (g_subprocess_get_stdout_pipe (recorder), &byte, 1, NULL, &error);
  g_assert_no_error (error);

  return recorder;
}

Pulse *
pulse_new (gboolean with_microphone)
{
  g_autofree char *protocol = g_strdup_printf (
      "--load=module-native-protocol-unix socket=%s auth-anonymous=1", socket_path);
  const char *arguments[] = { "pulseaudio",
                              "-n",
                              "--daemonize=no",
                              "--use-pid-file=no",
                              "--exit-idle-time=-1",
                              "--disable-shm=yes",
                              NULL,
                              NULL,
                              NULL,
                              NULL };
  guint n = 6;
  Pulse *pulse = g_new0 (Pulse, 1);

  if (with_microphone)
    {
      arguments[n++] = "--load=module-null-sink sink_name=whis_test";
      arguments[n++] = "--load=module-remap-source source_name=" PULSE_SOURCE
                       " master=" PULSE_MONITOR " source_properties=device.description=Desk";
    }
  /* last, so that all is there when the socket is */
  arguments[n++] = protocol;

  g_unlink (socket_path);
  pulse->server = launch (arguments, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  wait_for_socket ();
  if (with_microphone)
    pulse->recorder = listen_in_a_hurry ();

  return pulse;
}

static void
kill_and_wait (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
}

void
pulse_kill (Pulse *pulse)
{
  kill_and_wait (pulse->server);
}

void
pulse_free (Pulse *pulse)
{
  if (pulse->recorder != NULL)
    kill_and_wait (pulse->recorder);
  kill_and_wait (pulse->server);
  g_unlink (socket_path);
  g_clear_object (&pulse->recorder);
  g_clear_object (&pulse->server);
  g_free (pulse);
}

/* Runs pactl. */
void
pulse_control (const char *command, ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) process = NULL;
  va_list rest;

  g_ptr_array_add (arguments, (gpointer) "pactl");
  va_start (rest, command);
  for (const char *argument = command; argument != NULL; argument = va_arg (rest, const char *))
    g_ptr_array_add (arguments, (gpointer) argument);
  va_end (rest);
  g_ptr_array_add (arguments, NULL);

  process = launch ((const char *const *) arguments->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

/* Runs `pactl load-module`. Returns what unload-module takes. */
static char *
load_module (const char *const *arguments)
{
  g_autoptr (GSubprocess) process = launch (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  char *module = NULL;

  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &module, NULL, NULL));

  return g_strstrip (module);
}

/* Makes another null sink, which is what a loudspeaker is: it has a monitor, and no microphone.
 * Returns what unload-module takes. */
char *
pulse_load_sink (const char *name)
{
  g_autofree char *sink_name = g_strconcat ("sink_name=", name, NULL);
  const char *const arguments[] = { "pactl", "load-module", "module-null-sink", sink_name, NULL };

  return load_module (arguments);
}

/* Makes another null sink @name, and a microphone that hears it: `NAME_mic`, “The-NAME-one”.
 * Returns what unload-module takes; the microphone goes with the sink. */
char *
pulse_load_microphone (const char *name)
{
  g_autofree char *module = pulse_load_sink (name);
  g_autofree char *source_name = g_strdup_printf ("source_name=%s_mic", name);
  g_autofree char *master = g_strdup_printf ("master=%s.monitor", name);
  g_autofree char *properties =
      g_strdup_printf ("source_properties=device.description=The-%s-one", name);
  const char *const arguments[] = { "pactl",     "load-module", "module-remap-source",
                                    source_name, master,        properties,
                                    NULL };
  G_GNUC_UNUSED g_autofree char *remap = load_module (arguments);

  return g_steal_pointer (&module);
}

/* Plays a file into a null sink. */
GSubprocess *
pulse_play_to (const char *sink, const char *path)
{
  g_autofree char *device = g_strconcat ("--device=", sink, NULL);
  const char *const arguments[] = { "paplay", "--latency-msec=200", device, path, NULL };

  return launch (arguments, G_SUBPROCESS_FLAGS_NONE);
}

/* Plays a file into the null sink. */
GSubprocess *
pulse_play (const char *path)
{
  return pulse_play_to ("whis_test", path);
}
