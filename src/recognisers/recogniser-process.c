/* SPDX-License-Identifier: MIT */
#include "recogniser-process.h"

#include <glib/gi18n-lib.h>
#include <signal.h>

#include "health.h"
#include "recogniser-end.h"
#include "recogniser-program.h"
#include "runtime-socket.h"
#include "supervisor.h"
#include "task-queue.h"

/* How long it may keep silent on a connection; before its first answer it loads the model, which
 * from a slow disk takes its time. */
#define HEALTH_SECONDS 120

/* How long to wait for the news that the program has ended, once it has hung up. */
#define END_TIMEOUT_MS 5000

static const WhisSupervisorLimits limits = {
  .ready_seconds = 20,
  .most_failures = 3,
  .failure_seconds = 60,
};

/**
 * WhisRecogniserProcess:
 *
 * The embedded recogniser as a process of its own: started when somebody needs it, asked for its
 * health before each use, started again if it has died. It ends by itself when it is idle.
 *
 * How it is, is known to its supervisor. While it is ready, its health may be checked for those who
 * wait. No timer runs while nobody waits.
 */

struct _WhisRecogniserProcess
{
  GObject parent_instance;

  WhisRuntimeSocket *socket; /* NULL before the first start */

  char *model;
  char *gpu;         /* the graphics processor that is used; nullable */
  GStrv gpu_models;  /* for which */
  gboolean is_plain; /* the processor lacks what the better modules use */

  WhisSupervisor *supervisor;
  char *smaller_model;    /* than that which it has loaded, if it said so */
  gboolean runs_with_gpu; /* the process that runs was told to use it */
  GCancellable *check;    /* of its health, while one is made */
  GError *last_end;       /* why it ended the last time, if that was not well */

  WhisTaskQueue *waiting; /* until it can be used */
  WhisTaskQueue *asking;  /* why it ended */
};

G_DEFINE_FINAL_TYPE (WhisRecogniserProcess, whis_recogniser_process, G_TYPE_OBJECT)
G_DEFINE_QUARK (whis_recogniser_error, whis_recogniser_error)

enum
{
  GPU_FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void recogniser_process_advance (WhisRecogniserProcess *self);

static void
return_all_failed (WhisRecogniserProcess *self, WhisRecogniserError code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (WHIS_RECOGNISER_ERROR, (int) code, sentence);

  whis_task_queue_return_all (self->waiting, error);
}

static gboolean
lacks_model (const WhisSupervisorEnd *end)
{
  return end->signal == 0 && whis_recogniser_program_lacks_model (end->status);
}

static void
return_all_ended (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  WhisRecogniserError code =
      lacks_model (end) ? WHIS_RECOGNISER_ERROR_NO_MODEL : WHIS_RECOGNISER_ERROR_ENDED;
  g_autofree char *sentence = whis_recogniser_program_dup_sentence (end->complaint);

  return_all_failed (self, code, sentence);
}

/* A program that says why it does not start, as without a model, says so however often it is tried.
 */
static void
note_refusal (WhisRecogniserProcess *self, const char *complaint)
{
  g_autofree char *sentence = whis_recogniser_program_dup_sentence (complaint);

  if (complaint[0] != '\0')
    g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_ENDED,
                         sentence);
}

/* An end that was asked for, and one by force because it was not ready or not well, are no crash of
 * its own. */
static gboolean
has_crashed (const WhisSupervisorEnd *end)
{
  if (end->signal == 0 || end->state == WHIS_SUPERVISOR_STATE_STOPPING)
    return FALSE;

  return end->kill == WHIS_SUPERVISOR_KILL_NONE
         || (end->kill == WHIS_SUPERVISOR_KILL_UNHEALTHY && end->signal != SIGKILL);
}

static void
note_crash (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  g_autofree char *sentence = whis_recogniser_end_describe (end->signal, self->smaller_model);

  g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_CRASH,
                       sentence);
  self->is_plain = self->is_plain || end->signal == SIGILL;
}

static void
note_end (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  gboolean is_hanging = end->kill == WHIS_SUPERVISOR_KILL_HANGING;

  g_clear_error (&self->last_end);
  if (is_hanging)
    g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_HANG,
                         _ ("The embedded recogniser did not finish in time and was ended; choose "
                            "a smaller model, which is faster."));
  else if (has_crashed (end))
    note_crash (self, end);
  if (self->last_end != NULL)
    g_message ("The recogniser ended by signal %d%s", end->signal,
               is_hanging ? ", as it hung" : "");
  else if (end->signal == 0 && end->status != 0 && !lacks_model (end))
    note_refusal (self, end->complaint);
}

/* A driver that has crashed or hung does so again, and one whose device is gone does not find it:
 * the next start is without it. What the kernel ended for its memory, and what the processor could
 * not run, was not the driver's doing. */
static void
note_gpu (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  gboolean is_to_blame = end->kill == WHIS_SUPERVISOR_KILL_HANGING
                         || (has_crashed (end) && end->signal != SIGKILL && end->signal != SIGILL);

  if (!self->runs_with_gpu || !is_to_blame)
    return;

  g_message ("The graphics processor is not used any more");
  whis_recogniser_process_set_gpu (self, NULL, NULL);
  g_signal_emit (self, signals[GPU_FAILED], 0);
}

static void
recogniser_process_cancel_check (WhisRecogniserProcess *self)
{
  g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
}

/* Who waits would have it started for ever if it ended well each time. */
static void
recogniser_process_take_failure (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  gboolean was_idle = end->status == 0 && end->was_ready;

  if (end->state == WHIS_SUPERVISOR_STATE_STOPPING || end->kill != WHIS_SUPERVISOR_KILL_NONE
      || end->signal != 0)
    return;

  if (!lacks_model (end) && !whis_task_queue_is_empty (self->waiting))
    whis_supervisor_count_failure (self->supervisor);
  if (!was_idle)
    return_all_ended (self, end);
}

static void
on_recogniser_process_ended (WhisRecogniserProcess *self, const WhisSupervisorEnd *end)
{
  g_object_ref (self);
  note_gpu (self, end);
  note_end (self, end);
  recogniser_process_cancel_check (self);
  recogniser_process_take_failure (self, end);
  whis_task_queue_return_all (self->asking, self->last_end);
  recogniser_process_advance (self);
  g_object_unref (self);
}

static void
on_recogniser_process_line (WhisRecogniserProcess *self, const char *line)
{
  char *smaller = whis_recogniser_program_parse_smaller (line);

  if (smaller == NULL)
    return;
  g_free (self->smaller_model);
  self->smaller_model = smaller;
}

static void
on_recogniser_process_state (WhisRecogniserProcess *self)
{
  WhisSupervisorState state = whis_supervisor_get_state (self->supervisor);

  g_object_ref (self);
  if (state == WHIS_SUPERVISOR_STATE_READY)
    {
      g_clear_error (&self->last_end);
      recogniser_process_advance (self);
    }
  else if (state == WHIS_SUPERVISOR_STATE_KILLING
           && whis_supervisor_get_kill (self->supervisor) == WHIS_SUPERVISOR_KILL_NOT_READY)
    return_all_failed (
        self, WHIS_RECOGNISER_ERROR_HEALTH,
        _ ("The embedded recogniser does not get ready; try again, or choose another "
           "service."));
  g_object_unref (self);
}

static gboolean
recogniser_process_spawn (WhisRecogniserProcess *self, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = whis_recogniser_program_new_launcher ();
  g_auto (GStrv) arguments = whis_recogniser_program_dup_arguments (
      whis_runtime_socket_get_path (self->socket), self->model, self->is_plain, self->gpu,
      (const char *const *) self->gpu_models);

  g_clear_pointer (&self->smaller_model, g_free);
  self->runs_with_gpu = self->gpu != NULL;
  if (whis_supervisor_start (self->supervisor, launcher, (const char *const *) arguments, NULL))
    return TRUE;

  g_set_error (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_PROGRAM,
               _ ("The embedded recogniser %s cannot be run; install it, or choose another "
                  "service in the preferences."),
               whis_recogniser_program_get_path ());
  return FALSE;
}

static gboolean
ensure_socket (WhisRecogniserProcess *self, GError **error)
{
  g_autoptr (GError) socket_error = NULL;

  if (self->socket == NULL)
    self->socket = whis_runtime_socket_new (&socket_error);
  if (self->socket != NULL)
    return TRUE;

  g_set_error (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_DIRECTORY,
               _ ("There is no directory for the recogniser's socket (%s); set "
                  "XDG_RUNTIME_DIR."),
               socket_error->message);
  return FALSE;
}

static void
return_all_crashed (WhisRecogniserProcess *self)
{
  g_autofree char *sentence = NULL;

  if (g_error_matches (self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_ENDED))
    {
      return_all_failed (self, WHIS_RECOGNISER_ERROR_ENDED, self->last_end->message);
      return;
    }
  if (self->last_end == NULL)
    sentence = g_strdup (_ ("The embedded recogniser has crashed several times in a row; wait a "
                            "minute, or choose another service."));
  else
    /* Translators: %s is a sentence that says how it ended the last time. */
    sentence =
        g_strdup_printf (_ ("The embedded recogniser has crashed several times in a row. %s"),
                         self->last_end->message);

  return_all_failed (self, WHIS_RECOGNISER_ERROR_CRASHES, sentence);
}

static void
recogniser_process_start (WhisRecogniserProcess *self)
{
  g_autoptr (GError) error = NULL;

  if (whis_supervisor_fails_too_often (self->supervisor))
    return_all_crashed (self);
  else if (!ensure_socket (self, &error) || !recogniser_process_spawn (self, &error))
    whis_task_queue_return_all (self->waiting, error);
}

static void
on_recogniser_process_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  WhisRecogniserProcess *self = data;
  g_autoptr (GError) error = NULL;
  gboolean well = whis_health_check_finish (result, &error);

  /* The process ended or was told to, maybe because nobody has the object any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_object_ref (self);
  g_clear_object (&self->check);
  /* Who waits stays waiting for the next one, unless this has taken long already. */
  if (!well)
    whis_supervisor_kill (self->supervisor,
                          g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT)
                              ? WHIS_SUPERVISOR_KILL_HANGING
                              : WHIS_SUPERVISOR_KILL_UNHEALTHY);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return_all_failed (self, WHIS_RECOGNISER_ERROR_HEALTH,
                       _ ("The embedded recogniser does not answer; try again, or choose another "
                          "service."));
  else if (well)
    whis_task_queue_return_all (self->waiting, NULL);
  g_object_unref (self);
}

static void
check_health (WhisRecogniserProcess *self)
{
  self->check = g_cancellable_new ();
  whis_health_check_async (whis_runtime_socket_get_address (self->socket), self->model,
                           HEALTH_SECONDS, self->check, on_recogniser_process_checked, self);
}

/* Goes on with what those who wait need next. */
static void
recogniser_process_advance (WhisRecogniserProcess *self)
{
  WhisSupervisorState state = whis_supervisor_get_state (self->supervisor);

  if (whis_task_queue_is_empty (self->waiting) || self->check != NULL)
    return;

  if (state == WHIS_SUPERVISOR_STATE_STOPPED)
    recogniser_process_start (self);
  else if (state == WHIS_SUPERVISOR_STATE_READY)
    check_health (self);
}

/**
 * whis_recogniser_process_ensure_async:
 * @self: the process
 * @cancellable: (nullable): ends the waiting, not the recogniser
 * @callback: called when the recogniser answers, or cannot
 * @user_data: data for @callback
 *
 * Sees to it that the recogniser runs and has loaded its model. Several who wait share one start.
 */
void
whis_recogniser_process_ensure_async (WhisRecogniserProcess *self,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_recogniser_process_ensure_async);
  whis_task_queue_push (self->waiting, task, 0);
  recogniser_process_advance (self);
}

/**
 * whis_recogniser_process_ensure_finish:
 * @self: the process
 * @result: the result
 * @error: return location for an error of %WHIS_RECOGNISER_ERROR, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the recogniser runs
 */
gboolean
whis_recogniser_process_ensure_finish (WhisRecogniserProcess *self,
                                       GAsyncResult *result,
                                       GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_recogniser_process_ensure_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_recogniser_process_get_address:
 * @self: a process that has been ensured
 *
 * Returns: (transfer none): the address of its socket, the same after a restart
 */
GSocketAddress *
whis_recogniser_process_get_address (WhisRecogniserProcess *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_PROCESS (self), NULL);

  return self->socket != NULL ? whis_runtime_socket_get_address (self->socket) : NULL;
}

/**
 * whis_recogniser_process_set_model:
 * @self: the process
 * @model: (nullable): the model that is going to be asked for, or %NULL for the default
 *
 * Says which model is to be loaded before whis_recogniser_process_ensure_async() is done. A request
 * for another one loads that.
 */
void
whis_recogniser_process_set_model (WhisRecogniserProcess *self, const char *model)
{
  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));

  if (model != NULL && *model == '\0')
    model = NULL;
  if (g_strcmp0 (self->model, model) == 0)
    return;
  g_free (self->model);
  self->model = g_strdup (model);
}

/**
 * whis_recogniser_process_set_gpu:
 * @self: the process
 * @device: (nullable): what the graphics processor is called that is to be used, %NULL for none
 * @models: (nullable) (array zero-terminated=1): the models that it was found to be right with
 *
 * Says what the recogniser computes with, from its next start on.
 */
void
whis_recogniser_process_set_gpu (WhisRecogniserProcess *self,
                                 const char *device,
                                 const char *const *models)
{
  g_autofree char *old_device = NULL;
  g_auto (GStrv) old_models = NULL;

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));
  g_return_if_fail ((device == NULL) == (models == NULL));

  old_device = g_steal_pointer (&self->gpu);
  old_models = g_steal_pointer (&self->gpu_models);
  self->gpu = g_strdup (device);
  self->gpu_models = g_strdupv ((GStrv) models);
}

/**
 * whis_recogniser_process_is_plain:
 * @self: the process
 *
 * Returns: whether the recogniser was found to be unable to use all that it is built for, so that
 *   it is slower than it might be
 */
gboolean
whis_recogniser_process_is_plain (WhisRecogniserProcess *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_PROCESS (self), FALSE);

  return self->is_plain;
}

/**
 * whis_recogniser_process_get_cpu_ms:
 * @self: the process
 *
 * Returns: the processor time that this run of the recogniser has used, in milliseconds
 */
guint64
whis_recogniser_process_get_cpu_ms (WhisRecogniserProcess *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_PROCESS (self), 0);

  return whis_supervisor_get_cpu_ms (self->supervisor);
}

/**
 * whis_recogniser_process_end_hang:
 * @self: the process
 *
 * Ends a recogniser that does not finish what it was asked. The next one who needs it starts it
 * again.
 */
void
whis_recogniser_process_end_hang (WhisRecogniserProcess *self)
{
  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));

  if (whis_supervisor_get_state (self->supervisor) != WHIS_SUPERVISOR_STATE_STOPPING)
    whis_supervisor_kill (self->supervisor, WHIS_SUPERVISOR_KILL_HANGING);
}

/**
 * whis_recogniser_process_explain_async:
 * @self: the process
 * @cancellable: (nullable): ends the waiting
 * @callback: called when it is known
 * @user_data: data for @callback
 *
 * Finds out why the recogniser hung up in the midst of a request. Its end is known a moment after
 * that.
 */
void
whis_recogniser_process_explain_async (WhisRecogniserProcess *self,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task;

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_recogniser_process_explain_async);
  whis_task_queue_push (self->asking, task, END_TIMEOUT_MS);
  if (whis_supervisor_get_state (self->supervisor) == WHIS_SUPERVISOR_STATE_STOPPED)
    whis_task_queue_return_all (self->asking, self->last_end);
}

/**
 * whis_recogniser_process_explain_finish:
 * @self: the process
 * @result: the result
 * @error: return location
 *
 * Returns: %FALSE with %WHIS_RECOGNISER_ERROR_CRASH, %WHIS_RECOGNISER_ERROR_HANG or
 *   %G_IO_ERROR_CANCELLED; %TRUE if the recogniser did not end by anything of the kind
 */
gboolean
whis_recogniser_process_explain_finish (WhisRecogniserProcess *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_recogniser_process_explain_async),
                        FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_recogniser_process_stop:
 * @self: the process
 *
 * Ends the recogniser and the waiting for it; the next one who needs it starts it again.
 */
void
whis_recogniser_process_stop (WhisRecogniserProcess *self)
{
  g_autoptr (GError) error = NULL;
  WhisSupervisorState state;

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));

  state = whis_supervisor_get_state (self->supervisor);
  if (state == WHIS_SUPERVISOR_STATE_STOPPED || state == WHIS_SUPERVISOR_STATE_STOPPING)
    return;

  recogniser_process_cancel_check (self);
  whis_supervisor_stop (self->supervisor);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               _ ("The embedded recogniser was stopped."));
  whis_task_queue_return_all (self->waiting, error);
}

static void
whis_recogniser_process_finalize (GObject *object)
{
  WhisRecogniserProcess *self = WHIS_RECOGNISER_PROCESS (object);

  recogniser_process_cancel_check (self);
  g_signal_handlers_disconnect_by_data (self->supervisor, self);
  g_clear_object (&self->supervisor);
  g_clear_pointer (&self->waiting, whis_task_queue_free);
  g_clear_pointer (&self->asking, whis_task_queue_free);
  g_clear_pointer (&self->socket, whis_runtime_socket_free);
  g_free (self->model);
  g_free (self->gpu);
  g_strfreev (self->gpu_models);
  g_free (self->smaller_model);
  g_clear_error (&self->last_end);

  G_OBJECT_CLASS (whis_recogniser_process_parent_class)->finalize (object);
}

static void
whis_recogniser_process_class_init (WhisRecogniserProcessClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_recogniser_process_finalize;

  /**
   * WhisRecogniserProcess::gpu-failed:
   * @self: the process
   *
   * The graphics processor took the recogniser down, or kept it from answering. It is not used any
   * more until whis_recogniser_process_set_gpu() is called again.
   */
  signals[GPU_FAILED] = g_signal_new ("gpu-failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_recogniser_process_init (WhisRecogniserProcess *self)
{
  self->waiting = whis_task_queue_new ();
  self->asking = whis_task_queue_new ();
  self->supervisor = whis_supervisor_new (&limits);
  g_signal_connect_swapped (self->supervisor, "notify::state",
                            G_CALLBACK (on_recogniser_process_state), self);
  g_signal_connect_swapped (self->supervisor, "line", G_CALLBACK (on_recogniser_process_line),
                            self);
  g_signal_connect_swapped (self->supervisor, "ended", G_CALLBACK (on_recogniser_process_ended),
                            self);
}

/**
 * whis_recogniser_process_new:
 *
 * Returns: (transfer full): a process that does not run yet
 */
WhisRecogniserProcess *
whis_recogniser_process_new (void)
{
  return g_object_new (WHIS_TYPE_RECOGNISER_PROCESS, NULL);
}
