/* SPDX-License-Identifier: MIT */
#include "recogniser-process.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "health.h"
#include "recogniser-program.h"
#include "recogniser-end.h"

/* How long it may take until the program listens, in seconds. */
#define START_SECONDS 20

/* How long it may keep silent on a connection; before its first answer it loads the model, which
 * from a slow disk takes its time. */
#define HEALTH_SECONDS 120

/* How long to wait for the news that the program has ended, once it has hung up. */
#define END_SECONDS 5

/* So many deaths within a minute are no accident. */
#define MAX_CRASHES 3
#define CRASH_WINDOW_US (60 * G_USEC_PER_SEC)

/**
 * WhisRecogniserProcess:
 *
 * The embedded recogniser as a process of its own: started when somebody needs it, asked for its
 * health before each use, started again if it has died. It ends by itself when it is idle.
 *
 * No timer runs while nobody waits.
 */

struct _WhisRecogniserProcess
{
  GObject parent_instance;

  char *directory;
  gboolean own_directory;
  char *socket_path;
  GSocketAddress *address;

  char *model;
  char *gpu;         /* the graphics processor that is used; nullable */
  GStrv gpu_models;  /* for which */
  gboolean is_plain; /* the processor lacks what the better modules use */

  WhisRecogniserChild *child;
  gboolean child_has_gpu;
  gboolean stopping; /* the child was told to end */
  gboolean hanging;  /* the child was ended because it did not finish */
  gboolean unwell;   /* the child was ended because it does not listen */
  guint start_timer;
  GCancellable *check; /* of the child's health, while one is made */
  gint64 crashes[MAX_CRASHES];
  GError *last_end; /* why it ended the last time, if that was not well */

  GQueue waiting; /* of GTask */
  GQueue asking;  /* of GTask, for why it ended */
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

/* The data of a waiting task is what watches its cancellable. */
static void
stop_watching (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

/* Ends the waiting of all: well, or with a copy of an error. */
static void
return_all (WhisRecogniserProcess *self, const GError *error)
{
  GQueue waiting = self->waiting;

  g_queue_init (&self->waiting);
  for (GTask *task = g_queue_pop_head (&waiting); task != NULL; task = g_queue_pop_head (&waiting))
    {
      g_task_set_task_data (task, NULL, NULL);
      if (error != NULL)
        g_task_return_error (task, g_error_copy (error));
      else
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

static void
return_all_failed (WhisRecogniserProcess *self, WhisRecogniserError code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (WHIS_RECOGNISER_ERROR, (int) code, sentence);

  return_all (self, error);
}

static void
return_all_ended (WhisRecogniserProcess *self, WhisChildEnd end, const char *complaint)
{
  WhisRecogniserError code =
      end == WHIS_CHILD_END_NO_MODEL ? WHIS_RECOGNISER_ERROR_NO_MODEL : WHIS_RECOGNISER_ERROR_ENDED;
  g_autofree char *sentence = whis_recogniser_child_dup_sentence (complaint);

  return_all_failed (self, code, sentence);
}

static void
note_crash (WhisRecogniserProcess *self)
{
  memmove (self->crashes, self->crashes + 1, sizeof self->crashes - sizeof self->crashes[0]);
  self->crashes[MAX_CRASHES - 1] = g_get_monotonic_time ();
}

static gboolean
crashes_too_often (WhisRecogniserProcess *self)
{
  return self->crashes[0] != 0 && g_get_monotonic_time () - self->crashes[0] < CRASH_WINDOW_US;
}

/* Those who ask why the program hung up are told. */
static void
answer_asking (WhisRecogniserProcess *self)
{
  GQueue asking = self->asking;

  g_queue_init (&self->asking);
  for (GTask *task = g_queue_pop_head (&asking); task != NULL; task = g_queue_pop_head (&asking))
    {
      g_task_set_task_data (task, NULL, NULL);
      if (self->last_end != NULL)
        g_task_return_error (task, g_error_copy (self->last_end));
      else
        g_task_return_boolean (task, TRUE);
      g_object_unref (task);
    }
}

/* A program that says why it does not start, as without a model, says so however often it is tried.
 */
static void
note_refusal (WhisRecogniserProcess *self, const char *complaint)
{
  g_autofree char *sentence = whis_recogniser_child_dup_sentence (complaint);

  if (complaint[0] != '\0')
    g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_ENDED,
                         sentence);
}

static void
note_end (WhisRecogniserProcess *self, WhisRecogniserChild *ended, WhisChildEnd end)
{
  g_autofree char *sentence = NULL;
  int number = whis_recogniser_child_get_signal (ended);

  g_clear_error (&self->last_end);
  if (self->hanging)
    g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_HANG,
                         _ ("The embedded recogniser did not finish in time and was ended; choose "
                            "a smaller model, which is faster."));
  else if (end == WHIS_CHILD_END_CRASHED && !self->stopping && !(self->unwell && number == SIGKILL))
    {
      sentence =
          whis_recogniser_end_describe (number, whis_recogniser_child_get_smaller_model (ended));
      g_set_error_literal (&self->last_end, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_CRASH,
                           sentence);
      self->is_plain = self->is_plain || number == SIGILL;
    }
  else if (end == WHIS_CHILD_END_REFUSED)
    note_refusal (self, whis_recogniser_child_get_complaint (ended));
  if (self->last_end != NULL && end != WHIS_CHILD_END_REFUSED)
    g_message ("The recogniser ended by signal %d%s", number, self->hanging ? ", as it hung" : "");
  self->hanging = FALSE;
  self->unwell = FALSE;
}

/* A driver that has crashed or hung does so again, and one whose device is gone does not find it:
 * the next start is without it. What the kernel ended for its memory, and what the processor could
 * not run, was not the driver's doing. */
static void
note_gpu (WhisRecogniserProcess *self, WhisRecogniserChild *ended, WhisChildEnd end)
{
  int number = whis_recogniser_child_get_signal (ended);
  gboolean has_crashed = end == WHIS_CHILD_END_CRASHED && number != SIGKILL && number != SIGILL;

  if (!self->child_has_gpu || self->stopping || (!self->hanging && !has_crashed))
    return;

  g_message ("The graphics processor is not used any more");
  whis_recogniser_process_set_gpu (self, NULL, NULL);
  g_signal_emit (self, signals[GPU_FAILED], 0);
}

static void
child_ready (WhisRecogniserChild *child, WhisRecogniserProcess *self)
{
  g_clear_handle_id (&self->start_timer, g_source_remove);
  g_clear_error (&self->last_end);
  recogniser_process_advance (self);
}

static void
child_ended (WhisRecogniserChild *child, WhisChildEnd end, WhisRecogniserProcess *self)
{
  g_autoptr (WhisRecogniserChild) ended = g_steal_pointer (&self->child);
  gboolean was_ready = whis_recogniser_child_is_ready (ended);
  gboolean was_told = self->stopping;

  g_assert (child == ended);

  note_gpu (self, ended, end);
  note_end (self, ended, end);
  self->stopping = FALSE;
  g_clear_handle_id (&self->start_timer, g_source_remove);
  g_cancellable_cancel (self->check);
  g_clear_object (&self->check);

  if (!was_told)
    {
      /* Who waits would have it started for ever if it ended well each time. */
      if (end == WHIS_CHILD_END_CRASHED
          || (end != WHIS_CHILD_END_NO_MODEL && !g_queue_is_empty (&self->waiting)))
        note_crash (self);
      if (end != WHIS_CHILD_END_CRASHED && (end != WHIS_CHILD_END_CLEAN || !was_ready))
        return_all_ended (self, end, whis_recogniser_child_get_complaint (ended));
    }
  answer_asking (self);
  recogniser_process_advance (self);
}

static gboolean
start_expired (gpointer data)
{
  WhisRecogniserProcess *self = data;

  self->start_timer = 0;
  self->stopping = TRUE;
  whis_recogniser_child_kill (self->child);
  note_crash (self);
  return_all_failed (self, WHIS_RECOGNISER_ERROR_HEALTH,
                     _ ("The embedded recogniser does not get ready; try again, or choose another "
                        "service."));

  return G_SOURCE_REMOVE;
}

static gboolean
recogniser_process_spawn (WhisRecogniserProcess *self, GError **error)
{
  self->child = whis_recogniser_child_new (whis_recogniser_child_get_program (), self->socket_path,
                                           self->model, self->is_plain, self->gpu,
                                           (const char *const *) self->gpu_models, NULL);
  if (self->child == NULL)
    {
      g_set_error (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_PROGRAM,
                   _ ("The embedded recogniser %s cannot be run; install it, or choose another "
                      "service in the preferences."),
                   whis_recogniser_child_get_program ());
      return FALSE;
    }

  self->child_has_gpu = self->gpu != NULL;
  g_signal_connect_object (self->child, "ready", G_CALLBACK (child_ready), self, 0);
  g_signal_connect_object (self->child, "ended", G_CALLBACK (child_ended), self, 0);
  self->start_timer = g_timeout_add_seconds (START_SECONDS, start_expired, self);

  return TRUE;
}

/* sockaddr_un has room for 107 bytes: a long runtime directory cannot be used. */
static gboolean
recogniser_process_fits (const char *directory)
{
  struct sockaddr_un address;

  return strlen (directory) + strlen ("/whis/offline-4294967295-4294967295.sock")
         < sizeof address.sun_path;
}

static char *
get_runtime_directory (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *directory = NULL;

  if (runtime == NULL || !recogniser_process_fits (runtime))
    return NULL;

  directory = g_build_filename (runtime, "whis", NULL);
  if (g_mkdir_with_parents (directory, 0700) != 0)
    return NULL;

  return g_steal_pointer (&directory);
}

/* The name is new for each object: a recogniser that another one left behind is not met. */
static void
choose_socket (WhisRecogniserProcess *self)
{
  static guint n_sockets;
  g_autofree char *name = g_strdup_printf ("offline-%u-%u.sock", (guint) getpid (), n_sockets++);

  self->socket_path = g_build_filename (self->directory, name, NULL);
  self->address = g_unix_socket_address_new (self->socket_path);
}

static gboolean
ensure_directory (WhisRecogniserProcess *self, GError **error)
{
  g_autoptr (GError) directory_error = NULL;

  if (self->directory != NULL)
    return TRUE;

  self->directory = get_runtime_directory ();
  if (self->directory == NULL)
    {
      self->directory = g_dir_make_tmp ("whis-XXXXXX", &directory_error);
      self->own_directory = TRUE;
    }
  if (self->directory == NULL)
    {
      g_set_error (error, WHIS_RECOGNISER_ERROR, WHIS_RECOGNISER_ERROR_DIRECTORY,
                   _ ("There is no directory for the recogniser's socket (%s); set "
                      "XDG_RUNTIME_DIR."),
                   directory_error->message);
      return FALSE;
    }

  choose_socket (self);

  return TRUE;
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

  if (crashes_too_often (self))
    return_all_crashed (self);
  else if (!ensure_directory (self, &error) || !recogniser_process_spawn (self, &error))
    return_all (self, error);
}

static void
on_recogniser_process_checked (GObject *source, GAsyncResult *result, gpointer data)
{
  WhisRecogniserProcess *self = data;
  g_autoptr (GError) error = NULL;
  gboolean well = whis_health_check_finish (result, &error);

  /* The child ended or was told to, maybe because nobody has the object any more. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_object_ref (self);
  g_clear_object (&self->check);
  /* Who waits stays waiting for the next one, unless this has taken long already. */
  if (!well)
    {
      self->hanging = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      self->unwell = !self->hanging;
      whis_recogniser_child_kill (self->child);
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return_all_failed (self, WHIS_RECOGNISER_ERROR_HEALTH,
                       _ ("The embedded recogniser does not answer; try again, or choose another "
                          "service."));
  else if (well)
    return_all (self, NULL);
  g_object_unref (self);
}

static void
check_health (WhisRecogniserProcess *self)
{
  self->check = g_cancellable_new ();
  whis_health_check_async (self->address, self->model, HEALTH_SECONDS, self->check,
                           on_recogniser_process_checked, self);
}

/* Goes on with what those who wait need next. */
static void
recogniser_process_advance (WhisRecogniserProcess *self)
{
  if (g_queue_is_empty (&self->waiting) || self->stopping || self->check != NULL)
    return;

  if (self->child == NULL)
    recogniser_process_start (self);
  else if (whis_recogniser_child_is_ready (self->child))
    check_health (self);
}

static gboolean
waiting_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisRecogniserProcess *self = g_task_get_source_object (task);

  g_queue_remove (&self->waiting, task);
  g_task_return_error_if_cancelled (task);
  g_task_set_task_data (task, NULL, NULL);

  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GTask *task, GCancellable *cancellable)
{
  GSource *source = g_cancellable_source_new (cancellable);

  g_source_set_callback (source, G_SOURCE_FUNC (waiting_cancelled), task, NULL);
  g_source_attach (source, g_task_get_context (task));
  g_task_set_task_data (task, source, stop_watching);
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
  if (cancellable != NULL)
    watch_cancellable (task, cancellable);
  g_queue_push_tail (&self->waiting, task);
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

  return self->address;
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

  return self->child != NULL ? whis_recogniser_child_get_cpu_ms (self->child) : 0;
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

  if (self->child == NULL || self->stopping)
    return;
  self->hanging = TRUE;
  whis_recogniser_child_kill (self->child);
}

static gboolean
asking_over (gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisRecogniserProcess *self = g_task_get_source_object (task);

  g_queue_remove (&self->asking, task);
  if (!g_task_return_error_if_cancelled (task))
    g_task_return_boolean (task, TRUE);
  g_task_set_task_data (task, NULL, NULL);

  return G_SOURCE_REMOVE;
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
  GSource *timeout;

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_recogniser_process_explain_async);
  timeout = g_timeout_source_new_seconds (END_SECONDS);
  if (cancellable != NULL)
    {
      g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);

      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (timeout, cancelled);
    }
  g_source_set_callback (timeout, asking_over, task, NULL);
  g_source_attach (timeout, g_task_get_context (task));
  g_task_set_task_data (task, timeout, stop_watching);
  g_queue_push_tail (&self->asking, task);
  if (self->child == NULL)
    answer_asking (self);
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

  g_return_if_fail (WHIS_IS_RECOGNISER_PROCESS (self));

  if (self->child == NULL || self->stopping)
    return;

  self->stopping = TRUE;
  g_clear_handle_id (&self->start_timer, g_source_remove);
  g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
  whis_recogniser_child_stop (self->child);
  error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               _ ("The embedded recogniser was stopped."));
  return_all (self, error);
}

static void
whis_recogniser_process_finalize (GObject *object)
{
  WhisRecogniserProcess *self = WHIS_RECOGNISER_PROCESS (object);

  g_clear_handle_id (&self->start_timer, g_source_remove);
  g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
  if (self->child != NULL)
    whis_recogniser_child_stop (self->child);
  g_clear_object (&self->child);
  if (self->socket_path != NULL)
    g_unlink (self->socket_path);
  if (self->own_directory)
    g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self->socket_path);
  g_free (self->model);
  g_free (self->gpu);
  g_strfreev (self->gpu_models);
  g_clear_error (&self->last_end);
  g_clear_object (&self->address);

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
  g_queue_init (&self->waiting);
  g_queue_init (&self->asking);
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
