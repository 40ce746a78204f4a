/* SPDX-License-Identifier: MIT */
#include "supervisor.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As much of a complaint as is read at once. */
#define COMPLAINT_SIZE 1024

/* What a process writes to standard output when it is ready. */
#define READY "ready"

#define HIGHEST_FAILURES 8

/**
 * WhisSupervisor:
 *
 * Supervises a helper process: starts it, waits until it says that it is ready, ends it when it
 * exceeds its limits, tells how it ended, and counts how often it fails. At most one process runs
 * at a time.
 *
 * The process speaks in lines on standard output; the line `ready` says that it can be used. Its
 * standard input is a pipe from here, so that it can end when this process does. The last that it
 * writes to standard error is kept for its end.
 *
 * The only timer is that of a process that is not ready yet.
 */
struct _WhisSupervisor
{
  GObject parent_instance;

  const WhisSupervisorLimits *limits;
  WhisStateMachine *machine;
  struct _Run *run; /* of the process, NULL while there is none */
  guint ready_timer;
  gint64 failures[HIGHEST_FAILURES]; /* times of the last ones, the latest last */
};

/* One process, until it and its output have ended. The supervisor may be gone before. */
typedef struct _Run
{
  WhisSupervisor *supervisor; /* not owned; NULL when it is gone */
  GSubprocess *process;
  WhisSupervisorKill kill;
  gboolean was_ready;
  char *complaint;
  guint n_open; /* of its life, its standard output and its standard error */
} Run;

enum
{
  PROP_STATE = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  LINE,
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_ENUM_TYPE (WhisSupervisorState,
                    whis_supervisor_state,
                    G_DEFINE_ENUM_VALUE (WHIS_SUPERVISOR_STATE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (WHIS_SUPERVISOR_STATE_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (WHIS_SUPERVISOR_STATE_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (WHIS_SUPERVISOR_STATE_STOPPING, "stopping"),
                    G_DEFINE_ENUM_VALUE (WHIS_SUPERVISOR_STATE_KILLING, "killing"))

#define TO(state) WHIS_STATE_BIT (WHIS_SUPERVISOR_STATE_##state)

static const guint edges[WHIS_N_SUPERVISOR_STATES] = {
  [WHIS_SUPERVISOR_STATE_STOPPED] = TO (STARTING),
  [WHIS_SUPERVISOR_STATE_STARTING] = TO (READY) | TO (STOPPING) | TO (KILLING) | TO (STOPPED),
  [WHIS_SUPERVISOR_STATE_READY] = TO (STOPPING) | TO (KILLING) | TO (STOPPED),
  [WHIS_SUPERVISOR_STATE_STOPPING] = TO (KILLING) | TO (STOPPED),
  [WHIS_SUPERVISOR_STATE_KILLING] = TO (STOPPED),
};

const WhisStateTable whis_supervisor_states = {
  .get_type = whis_supervisor_state_get_type,
  .n_states = WHIS_N_SUPERVISOR_STATES,
  .edges = edges,
};

G_DEFINE_FINAL_TYPE (WhisSupervisor, whis_supervisor, G_TYPE_OBJECT)

static void
run_free (Run *run)
{
  g_clear_object (&run->process);
  g_free (run->complaint);
  g_free (run);
}

static WhisSupervisorEnd
run_get_end (Run *run, WhisSupervisorState state)
{
  gboolean was_signaled = g_subprocess_get_if_signaled (run->process);

  return (WhisSupervisorEnd){
    .state = state,
    .was_ready = run->was_ready,
    .kill = run->kill,
    .signal = was_signaled ? g_subprocess_get_term_sig (run->process) : 0,
    .status = was_signaled ? 0 : g_subprocess_get_exit_status (run->process),
    .complaint = run->complaint,
  };
}

static void
supervisor_end_run (WhisSupervisor *self, Run *run)
{
  WhisSupervisorState state = whis_supervisor_get_state (self);
  WhisSupervisorEnd end = run_get_end (run, state);

  g_assert (self->run == run);

  self->run = NULL;
  g_clear_handle_id (&self->ready_timer, g_source_remove);
  if (state == WHIS_SUPERVISOR_STATE_KILLING
      || (state != WHIS_SUPERVISOR_STATE_STOPPING && end.signal != 0))
    whis_supervisor_count_failure (self);
  whis_state_machine_set (self->machine, WHIS_SUPERVISOR_STATE_STOPPED);
  g_signal_emit (self, signals[ENDED], 0, &end);
}

/* All that it had to say is known. */
static void
run_close_one (Run *run)
{
  g_autoptr (WhisSupervisor) self = NULL;

  if (--run->n_open > 0)
    return;

  if (run->supervisor != NULL)
    {
      self = g_object_ref (run->supervisor);
      supervisor_end_run (self, run);
    }
  run_free (run);
}

static void
on_supervisor_process_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  run_close_one (data);
}

static void
on_supervisor_complaint_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize size;
  const char *text;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      run_close_one (run);
      return;
    }

  text = g_bytes_get_data (bytes, &size);
  g_free (run->complaint);
  run->complaint = g_strstrip (g_utf8_make_valid (text, (gssize) size));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (source), COMPLAINT_SIZE, G_PRIORITY_DEFAULT,
                                   NULL, on_supervisor_complaint_read, run);
}

static void
supervisor_take_line (WhisSupervisor *self, const char *line)
{
  g_object_ref (self);
  if (!g_str_equal (line, READY))
    g_signal_emit (self, signals[LINE], 0, line);
  else if (whis_supervisor_get_state (self) == WHIS_SUPERVISOR_STATE_STARTING)
    {
      g_clear_handle_id (&self->ready_timer, g_source_remove);
      self->run->was_ready = TRUE;
      whis_state_machine_set (self->machine, WHIS_SUPERVISOR_STATE_READY);
    }
  g_object_unref (self);
}

static void
on_supervisor_line_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *run = data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL)
    {
      run_close_one (run);
      return;
    }

  if (run->supervisor != NULL)
    supervisor_take_line (run->supervisor, line);
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL,
                                       on_supervisor_line_read, run);
}

static void
run_watch (Run *run)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (run->process));

  run->n_open = 3;
  g_subprocess_wait_async (run->process, NULL, on_supervisor_process_ended, run);
  g_input_stream_read_bytes_async (g_subprocess_get_stderr_pipe (run->process), COMPLAINT_SIZE,
                                   G_PRIORITY_DEFAULT, NULL, on_supervisor_complaint_read, run);
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_supervisor_line_read,
                                       run);
}

static gboolean
on_supervisor_not_ready (gpointer data)
{
  WhisSupervisor *self = data;

  self->ready_timer = 0;
  whis_supervisor_kill (self, WHIS_SUPERVISOR_KILL_NOT_READY);

  return G_SOURCE_REMOVE;
}

static void
on_supervisor_state_changed (int from, int to, gpointer data)
{
  g_object_notify_by_pspec (data, properties[PROP_STATE]);
}

static void
whis_supervisor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, whis_supervisor_get_state (WHIS_SUPERVISOR (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_supervisor_finalize (GObject *object)
{
  WhisSupervisor *self = WHIS_SUPERVISOR (object);

  g_clear_handle_id (&self->ready_timer, g_source_remove);
  if (self->run != NULL)
    {
      self->run->supervisor = NULL;
      g_subprocess_send_signal (self->run->process, SIGTERM);
    }
  g_clear_pointer (&self->machine, whis_state_machine_free);

  G_OBJECT_CLASS (whis_supervisor_parent_class)->finalize (object);
}

static void
whis_supervisor_class_init (WhisSupervisorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_supervisor_get_property;
  object_class->finalize = whis_supervisor_finalize;

  /**
   * WhisSupervisor:state:
   *
   * How the process is.
   */
  properties[PROP_STATE] = g_param_spec_enum (
      "state", NULL, NULL, WHIS_TYPE_SUPERVISOR_STATE, WHIS_SUPERVISOR_STATE_STOPPED,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisSupervisor::line:
   * @self: a supervisor
   * @line: a line other than `ready`, as it was written
   *
   * The process has written a line to standard output.
   */
  signals[LINE] = g_signal_new ("line", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);

  /**
   * WhisSupervisor::ended:
   * @self: a supervisor
   * @end: how, a #WhisSupervisorEnd
   *
   * The process is gone, and all that it had to say is known. The next one may be started.
   */
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
whis_supervisor_init (WhisSupervisor *self)
{
  self->machine =
      whis_state_machine_new (&whis_supervisor_states, on_supervisor_state_changed, self);
}

/**
 * whis_supervisor_new:
 * @limits: what a process may do
 *
 * Returns: (transfer full): a supervisor without a process
 */
WhisSupervisor *
whis_supervisor_new (const WhisSupervisorLimits *limits)
{
  WhisSupervisor *self;

  g_return_val_if_fail (limits != NULL, NULL);
  g_return_val_if_fail (limits->most_failures <= HIGHEST_FAILURES, NULL);

  self = g_object_new (WHIS_TYPE_SUPERVISOR, NULL);
  self->limits = limits;

  return self;
}

/**
 * whis_supervisor_get_state:
 * @self: a supervisor
 *
 * Returns: how the process is
 */
WhisSupervisorState
whis_supervisor_get_state (WhisSupervisor *self)
{
  g_return_val_if_fail (WHIS_IS_SUPERVISOR (self), WHIS_SUPERVISOR_STATE_STOPPED);

  return (WhisSupervisorState) whis_state_machine_get (self->machine);
}

/**
 * whis_supervisor_start:
 * @self: a supervisor without a process
 * @launcher: what starts it, with pipes for all three streams
 * @arguments: (array zero-terminated=1): the program and its arguments
 * @error: return location
 *
 * Starts a process.
 *
 * Returns: whether it was started; %FALSE with a %GSpawnError
 */
gboolean
whis_supervisor_start (WhisSupervisor *self,
                       GSubprocessLauncher *launcher,
                       const char *const *arguments,
                       GError **error)
{
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (WHIS_IS_SUPERVISOR (self), FALSE);
  g_return_val_if_fail (self->run == NULL, FALSE);

  process = g_subprocess_launcher_spawnv (launcher, arguments, error);
  if (process == NULL)
    return FALSE;

  self->run = g_new0 (Run, 1);
  self->run->supervisor = self;
  self->run->process = g_steal_pointer (&process);
  self->run->complaint = g_strdup ("");
  run_watch (self->run);
  self->ready_timer =
      g_timeout_add_seconds (self->limits->ready_seconds, on_supervisor_not_ready, self);

  return whis_state_machine_set (self->machine, WHIS_SUPERVISOR_STATE_STARTING);
}

/**
 * whis_supervisor_stop:
 * @self: a supervisor
 *
 * Asks the process to end, if there is one and it was not told to yet.
 */
void
whis_supervisor_stop (WhisSupervisor *self)
{
  WhisSupervisorState state;

  g_return_if_fail (WHIS_IS_SUPERVISOR (self));

  state = whis_supervisor_get_state (self);
  if (state != WHIS_SUPERVISOR_STATE_STARTING && state != WHIS_SUPERVISOR_STATE_READY)
    return;

  g_clear_handle_id (&self->ready_timer, g_source_remove);
  g_subprocess_send_signal (self->run->process, SIGTERM);
  whis_state_machine_set (self->machine, WHIS_SUPERVISOR_STATE_STOPPING);
}

/**
 * whis_supervisor_kill:
 * @self: a supervisor
 * @reason: why
 *
 * Ends the process, whatever it does. That counts as a failure.
 */
void
whis_supervisor_kill (WhisSupervisor *self, WhisSupervisorKill reason)
{
  WhisSupervisorState state;

  g_return_if_fail (WHIS_IS_SUPERVISOR (self));
  g_return_if_fail (reason != WHIS_SUPERVISOR_KILL_NONE);

  state = whis_supervisor_get_state (self);
  if (state == WHIS_SUPERVISOR_STATE_STOPPED || state == WHIS_SUPERVISOR_STATE_KILLING)
    return;

  g_clear_handle_id (&self->ready_timer, g_source_remove);
  self->run->kill = reason;
  g_subprocess_force_exit (self->run->process);
  whis_state_machine_set (self->machine, WHIS_SUPERVISOR_STATE_KILLING);
}

/**
 * whis_supervisor_get_kill:
 * @self: a supervisor
 *
 * Returns: why the process is being ended by force, if it is
 */
WhisSupervisorKill
whis_supervisor_get_kill (WhisSupervisor *self)
{
  g_return_val_if_fail (WHIS_IS_SUPERVISOR (self), WHIS_SUPERVISOR_KILL_NONE);

  return self->run != NULL ? self->run->kill : WHIS_SUPERVISOR_KILL_NONE;
}

/**
 * whis_supervisor_count_failure:
 * @self: a supervisor
 *
 * Counts a failure. Ends by a signal that nobody asked for, and by force, are counted already.
 */
void
whis_supervisor_count_failure (WhisSupervisor *self)
{
  g_return_if_fail (WHIS_IS_SUPERVISOR (self));

  memmove (self->failures, self->failures + 1, sizeof self->failures - sizeof self->failures[0]);
  self->failures[HIGHEST_FAILURES - 1] = g_get_monotonic_time ();
}

/**
 * whis_supervisor_fails_too_often:
 * @self: a supervisor
 *
 * Returns: whether there were as many failures of late that the next start would fail as well
 */
gboolean
whis_supervisor_fails_too_often (WhisSupervisor *self)
{
  gint64 first;

  g_return_val_if_fail (WHIS_IS_SUPERVISOR (self), FALSE);

  if (self->limits->most_failures == 0)
    return FALSE;
  first = self->failures[HIGHEST_FAILURES - self->limits->most_failures];

  return first != 0
         && g_get_monotonic_time () - first
                < (gint64) self->limits->failure_seconds * G_USEC_PER_SEC;
}

/**
 * whis_supervisor_get_cpu_ms:
 * @self: a supervisor
 *
 * Returns: the processor time that the process has used, in milliseconds; 0 if that is not known
 */
guint64
whis_supervisor_get_cpu_ms (WhisSupervisor *self)
{
  const char *number;
  const char *fields;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  guint64 user, system;

  g_return_val_if_fail (WHIS_IS_SUPERVISOR (self), 0);

  number = self->run != NULL ? g_subprocess_get_identifier (self->run->process) : NULL;
  if (number == NULL)
    return 0;
  path = g_strdup_printf ("/proc/%s/stat", number);
  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  /* The name of the program, in brackets, may have anything in it. */
  fields = strrchr (text, ')');
  if (fields == NULL
      || sscanf (fields,
                 ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %" G_GUINT64_FORMAT
                 " %" G_GUINT64_FORMAT,
                 &user, &system)
             != 2)
    return 0;

  return (user + system) * 1000 / (guint64) sysconf (_SC_CLK_TCK);
}
