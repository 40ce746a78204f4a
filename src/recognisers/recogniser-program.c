/* SPDX-License-Identifier: MIT */
#include "recogniser-program.h"

#include <glib/gi18n-lib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What the program's sentences begin with. */
#define OWN_WORDS "whis-offline: "

/* As much of a complaint as is read at once. */
#define COMPLAINT_SIZE 1024

/* What it says when another model is loaded: the installed model that is the next smaller one. */
#define SMALLER "smaller "

/* Its exit code when no model is on this computer that it could use. */
#define EXIT_NO_MODEL 4

/**
 * WhisRecogniserChild:
 *
 * One run of the program whis-offline. It ends with this process, however that ends: its standard
 * input is a pipe from here.
 */

struct _WhisRecogniserChild
{
  GObject parent_instance;

  GSubprocess *process;
  gboolean ready;
  char *complaint; /* the last that it wrote to standard error */
  char *smaller_model;

  guint open; /* of its standard error and its life, those that have not ended */
};

enum
{
  SIGNAL_READY,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisRecogniserChild, whis_recogniser_child, G_TYPE_OBJECT)

static void
whis_recogniser_child_finalize (GObject *object)
{
  WhisRecogniserChild *self = WHIS_RECOGNISER_CHILD (object);

  g_clear_object (&self->process);
  g_free (self->complaint);
  g_free (self->smaller_model);

  G_OBJECT_CLASS (whis_recogniser_child_parent_class)->finalize (object);
}

static void
whis_recogniser_child_class_init (WhisRecogniserChildClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_recogniser_child_finalize;

  /**
   * WhisRecogniserChild::ready:
   * @self: the child
   *
   * It listens on its socket.
   */
  signals[SIGNAL_READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisRecogniserChild::ended:
   * @self: the child
   * @end: how, a #WhisChildEnd
   *
   * It is gone, and all that it had to say is known.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
whis_recogniser_child_init (WhisRecogniserChild *self)
{
  self->complaint = g_strdup ("");
}

static WhisChildEnd
how_it_ended (GSubprocess *process)
{
  if (!g_subprocess_get_if_exited (process))
    return WHIS_CHILD_END_CRASHED;

  switch (g_subprocess_get_exit_status (process))
    {
    case 0:
      return WHIS_CHILD_END_CLEAN;
    case EXIT_NO_MODEL:
      return WHIS_CHILD_END_NO_MODEL;
    default:
      return WHIS_CHILD_END_REFUSED;
    }
}

static void
close_one (WhisRecogniserChild *self)
{
  if (--self->open == 0)
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, how_it_ended (self->process));
}

static void
process_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisRecogniserChild) self = data;

  g_subprocess_wait_finish (G_SUBPROCESS (source), result, NULL);
  close_one (self);
}

static void
on_recogniser_child_complained (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisRecogniserChild) self = data;
  g_autoptr (GBytes) bytes =
      g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, NULL);
  gsize size;
  const char *text;

  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    {
      close_one (self);
      return;
    }

  text = g_bytes_get_data (bytes, &size);
  g_free (self->complaint);
  self->complaint = g_strstrip (g_utf8_make_valid (text, (gssize) size));
  g_input_stream_read_bytes_async (G_INPUT_STREAM (source), COMPLAINT_SIZE, G_PRIORITY_DEFAULT,
                                   NULL, on_recogniser_child_complained, g_steal_pointer (&self));
}

static void
take_announcement (WhisRecogniserChild *self, const char *line)
{
  if (g_str_has_prefix (line, SMALLER))
    {
      g_free (self->smaller_model);
      self->smaller_model = g_utf8_make_valid (line + strlen (SMALLER), -1);
    }
  else if (g_str_equal (line, "ready") && !self->ready)
    {
      self->ready = TRUE;
      g_signal_emit (self, signals[SIGNAL_READY], 0);
    }
}

static void
on_recogniser_child_announced (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisRecogniserChild) self = data;
  g_autofree char *line =
      g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);

  if (line == NULL)
    return;

  take_announcement (self, line);
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL,
                                       on_recogniser_child_announced, g_steal_pointer (&self));
}

static void
recogniser_child_watch (WhisRecogniserChild *self)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));

  self->open = 2;
  g_subprocess_wait_async (self->process, NULL, process_ended, g_object_ref (self));
  g_input_stream_read_bytes_async (g_subprocess_get_stderr_pipe (self->process), COMPLAINT_SIZE,
                                   G_PRIORITY_DEFAULT, NULL, on_recogniser_child_complained,
                                   g_object_ref (self));
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL,
                                       on_recogniser_child_announced, g_object_ref (self));
}

/**
 * whis_recogniser_child_get_program:
 *
 * Returns: (transfer none): the program's path
 */
const char *
whis_recogniser_child_get_program (void)
{
  const char *program = g_getenv ("WHIS_OFFLINE_PROGRAM");

  return program != NULL ? program : WHIS_LIBEXECDIR "/whis-offline";
}

/**
 * whis_recogniser_child_dup_sentence:
 * @complaint: the last that the program wrote to standard error, maybe empty
 *
 * Returns: (transfer full): why it has ended, as a sentence
 */
char *
whis_recogniser_child_dup_sentence (const char *complaint)
{
  g_return_val_if_fail (complaint != NULL, NULL);

  if (g_str_has_prefix (complaint, OWN_WORDS))
    return g_strstrip (g_strdup (complaint + strlen (OWN_WORDS)));
  if (complaint[0] != '\0')
    return g_strdup_printf (_ ("The embedded recogniser does not start: %s"), complaint);

  return g_strdup (_ ("The embedded recogniser ended while it started; install Whis again, or "
                      "choose another service in the preferences."));
}

/**
 * whis_recogniser_child_new_launcher:
 *
 * Makes what starts the program. Threads that wait for each other must not spin meanwhile, which on
 * a busy computer makes a token take twenty times as long; and ggml must not start a debugger when
 * it aborts.
 *
 * Returns: (transfer full): a launcher with pipes for all three streams
 */
GSubprocessLauncher *
whis_recogniser_child_new_launcher (void)
{
  GSubprocessLauncher *launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_PIPE);

  /* Threads sleep while they wait for each other, but not for the few microseconds that most waits
   * take: without that recognition takes a fifth longer. */
  g_subprocess_launcher_setenv (launcher, "OMP_WAIT_POLICY", "passive", TRUE);
  g_subprocess_launcher_setenv (launcher, "GOMP_SPINCOUNT", "20000", TRUE);
  g_subprocess_launcher_setenv (launcher, "GGML_NO_BACKTRACE", "1", TRUE);

  return launcher;
}

/**
 * whis_recogniser_child_new:
 * @program: what to run
 * @socket_path: where it is to listen
 * @model: (nullable): the model that it is to load, or %NULL for its default
 * @plain: whether it is to use no instructions that only newer processors have
 * @gpu: (nullable): what the graphics processor is called that it is to use
 * @gpu_models: (nullable) (array zero-terminated=1): the models that it is to use it for
 * @error: return location
 *
 * Starts the program.
 *
 * Returns: (transfer full): the child, or %NULL with a %GSpawnError
 */
WhisRecogniserChild *
whis_recogniser_child_new (const char *program,
                           const char *socket_path,
                           const char *model,
                           gboolean plain,
                           const char *gpu,
                           const char *const *gpu_models,
                           GError **error)
{
  g_autoptr (WhisRecogniserChild) self = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GPtrArray) arguments = NULL;

  g_return_val_if_fail (program != NULL, NULL);
  g_return_val_if_fail (socket_path != NULL, NULL);

  self = g_object_new (WHIS_TYPE_RECOGNISER_CHILD, NULL);
  launcher = whis_recogniser_child_new_launcher ();
  arguments = g_ptr_array_new ();
  g_ptr_array_add (arguments, (gpointer) program);
  g_ptr_array_add (arguments, (gpointer) "--socket");
  g_ptr_array_add (arguments, (gpointer) socket_path);
  g_ptr_array_add (arguments, (gpointer) "--exit-on-eof");
  if (model != NULL)
    {
      g_ptr_array_add (arguments, (gpointer) "--model");
      g_ptr_array_add (arguments, (gpointer) model);
    }
  if (plain)
    g_ptr_array_add (arguments, (gpointer) "--plain-processor");
  if (gpu != NULL)
    {
      g_ptr_array_add (arguments, (gpointer) "--gpu");
      g_ptr_array_add (arguments, (gpointer) gpu);
    }
  for (guint i = 0; gpu != NULL && gpu_models[i] != NULL; i++)
    {
      g_ptr_array_add (arguments, (gpointer) "--gpu-model");
      g_ptr_array_add (arguments, (gpointer) gpu_models[i]);
    }
  g_ptr_array_add (arguments, NULL);
  self->process =
      g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, error);
  if (self->process == NULL)
    return NULL;

  recogniser_child_watch (self);

  return g_steal_pointer (&self);
}

/**
 * whis_recogniser_child_is_ready:
 * @self: the child
 *
 * Returns: whether it has listened on its socket
 */
gboolean
whis_recogniser_child_is_ready (WhisRecogniserChild *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_CHILD (self), FALSE);

  return self->ready;
}

/**
 * whis_recogniser_child_get_complaint:
 * @self: the child
 *
 * Returns: (transfer none): the last that it wrote to standard error, maybe empty
 */
const char *
whis_recogniser_child_get_complaint (WhisRecogniserChild *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_CHILD (self), NULL);

  return self->complaint;
}

/**
 * whis_recogniser_child_get_smaller_model:
 * @self: the child
 *
 * Returns: (transfer none) (nullable): the installed model that is the next smaller one than that
 *   which it loaded, if it said so
 */
const char *
whis_recogniser_child_get_smaller_model (WhisRecogniserChild *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_CHILD (self), NULL);

  return self->smaller_model;
}

/**
 * whis_recogniser_child_get_cpu_ms:
 * @self: the child
 *
 * Returns: the processor time that it has used, in milliseconds; 0 if that is not known
 */
guint64
whis_recogniser_child_get_cpu_ms (WhisRecogniserChild *self)
{
  const char *number;
  const char *fields;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  guint64 user, system;

  g_return_val_if_fail (WHIS_IS_RECOGNISER_CHILD (self), 0);

  number = g_subprocess_get_identifier (self->process);
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

/**
 * whis_recogniser_child_get_signal:
 * @self: a child that has ended
 *
 * Returns: the signal that ended it, or 0 if none did
 */
int
whis_recogniser_child_get_signal (WhisRecogniserChild *self)
{
  g_return_val_if_fail (WHIS_IS_RECOGNISER_CHILD (self), 0);

  return g_subprocess_get_if_signaled (self->process) ? g_subprocess_get_term_sig (self->process)
                                                      : 0;
}

/**
 * whis_recogniser_child_stop:
 * @self: the child
 *
 * Asks it to end.
 */
void
whis_recogniser_child_stop (WhisRecogniserChild *self)
{
  g_return_if_fail (WHIS_IS_RECOGNISER_CHILD (self));

  g_subprocess_send_signal (self->process, SIGTERM);
}

/**
 * whis_recogniser_child_kill:
 * @self: the child
 *
 * Ends it, whatever it does.
 */
void
whis_recogniser_child_kill (WhisRecogniserChild *self)
{
  g_return_if_fail (WHIS_IS_RECOGNISER_CHILD (self));

  g_subprocess_force_exit (self->process);
}
