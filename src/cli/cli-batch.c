/* SPDX-License-Identifier: MIT */
#include "cli-batch.h"

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "cli-service.h"
#include "cli-warning.h"
#include "service-call.h"

/**
 * WhisCliBatch:
 *
 * Has many files transcribed, a few at a time, for the command line. What comes of them is told in
 * their order, each as soon as all before it are told. Ctrl+C cancels what runs and begins nothing
 * more; a second one does not wait for that.
 */

struct _WhisCliBatch
{
  GObject parent_instance;

  WhisBusWhis1 *service;
  GVariant *options;
  GPtrArray *jobs;
  guint limit;
  char *format; /* NULL for the text alone */

  GMainLoop *loop;
  WhisCliWarning *warning;
  WhisDictationWatch *watch;
  guint n_running;
  guint n_starting;
  guint next_to_start;
  guint next_to_tell;
  gboolean cancelled;
  char *parting;
};

enum
{
  ENDED,
  PROGRESS,
  WARNING,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisCliBatch, whis_cli_batch, G_TYPE_OBJECT)

static void go_on (WhisCliBatch *self);

/* What one asynchronous call is about. */
typedef struct
{
  WhisCliBatch *batch;
  WhisCliJob *job;
} Call;

static Call *
call_new (WhisCliBatch *self, WhisCliJob *job)
{
  Call *call = g_new (Call, 1);

  call->batch = g_object_ref (self);
  call->job = job;

  return call;
}

static void
call_free (Call *call)
{
  g_object_unref (call->batch);
  g_free (call);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

static void
end_running (WhisCliBatch *self, WhisCliJob *job, WhisExit status, char *message)
{
  self->n_running--;
  whis_cli_job_end (job, status, message);
  go_on (self);
}

static void
document_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *document = NULL;

  whis_bus_whis1_call_get_document_finish (WHIS_BUS_WHIS1 (object), &document, result, &error);
  if (call->job->ended)
    return;

  call->job->document = g_steal_pointer (&document);
  if (error == NULL)
    end_running (call->batch, call->job, WHIS_EXIT_OK, NULL);
  else
    end_running (call->batch, call->job, WHIS_EXIT_FAILED,
                 whis_service_call_error_to_sentence (error));
}

static void
take_end (WhisCliBatch *self, WhisCliJob *job, WhisDictationEnd *end)
{
  whis_cli_warning_end (self->warning, end->text != NULL ? NULL : end->message);
  if (end->text == NULL)
    end_running (self, job, whis_cli_status_from_code (end->code),
                 whis_cli_describe_failure (self->service, end));
  else if (self->format != NULL)
    whis_bus_whis1_call_get_document (self->service, job->id, self->format, NULL, document_cb,
                                      call_new (self, job));
  else
    {
      job->document = g_steal_pointer (&end->text);
      end_running (self, job, WHIS_EXIT_OK, NULL);
    }
}

static WhisCliJob *
find_job (WhisCliBatch *self, const char *id)
{
  for (guint i = 0; i < self->next_to_start; i++)
    {
      WhisCliJob *job = g_ptr_array_index (self->jobs, i);

      if (!job->ended && g_strcmp0 (job->id, id) == 0)
        return job;
    }

  return NULL;
}

/* An end waits in the watch as long as it may be that of a file whose id is not known yet. */
static void
ended_cb (WhisCliBatch *self, const char *id)
{
  WhisCliJob *job = find_job (self, id);
  g_autoptr (WhisDictationEnd) end = NULL;

  if (job == NULL && self->n_starting > 0)
    return;

  end = whis_dictation_watch_take_end (self->watch, id);
  if (job != NULL)
    take_end (self, job, end);
}

static void
progress_cb (WhisCliBatch *self, const char *id, guint64 done, guint64 total)
{
  WhisCliJob *job = find_job (self, id);

  if (job == NULL)
    return;

  job->done = done;
  job->total = total;
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
show_warning (gpointer data, const char *message)
{
  g_signal_emit (data, signals[WARNING], 0, message);
}

static void
warning_cb (WhisCliBatch *self, const char *id, const char *message)
{
  if (find_job (self, id) != NULL)
    whis_cli_warning_take (self->warning, message);
}

/* --- beginning -------------------------------------------------------------------------------- */

static void
started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  WhisCliBatch *self = call->batch;
  WhisCliJob *job = call->job;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  g_autoptr (WhisDictationEnd) early = NULL;

  self->n_starting--;
  whis_bus_whis1_call_transcribe_file_finish (WHIS_BUS_WHIS1 (object), &id, NULL, result, &error);
  if (job->ended)
    return;
  if (error != NULL)
    {
      early = whis_dictation_end_new_from_error (error);
      end_running (self, job, WHIS_EXIT_FAILED, whis_cli_describe_failure (self->service, early));
      return;
    }

  job->id = g_steal_pointer (&id);
  if (self->cancelled)
    whis_bus_whis1_call_cancel (self->service, job->id, NULL, NULL, NULL);
  early = whis_dictation_watch_take_end (self->watch, job->id);
  if (early != NULL)
    take_end (self, job, early);
}

static void
cli_batch_start (WhisCliBatch *self, WhisCliJob *job)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_autofree char *name = whis_cli_job_dup_name (job);
  g_autoptr (GError) error = NULL;
  int fd = whis_cli_job_open (job);
  int handle;

  if (fd < 0)
    return;

  handle = g_unix_fd_list_append (fds, fd, &error);
  close (fd);
  if (handle < 0)
    {
      whis_cli_job_end (job, WHIS_EXIT_FAILED, g_strdup (error->message));
      return;
    }
  job->started = TRUE;
  self->n_running++;
  self->n_starting++;
  whis_bus_whis1_call_transcribe_file (self->service, g_variant_new_handle (handle), name,
                                       self->options, fds, NULL, started_cb, call_new (self, job));
}

static void
cli_batch_tell (WhisCliBatch *self)
{
  while (self->next_to_tell < self->jobs->len)
    {
      WhisCliJob *job = g_ptr_array_index (self->jobs, self->next_to_tell);

      if (!job->ended)
        return;
      self->next_to_tell++;
      g_signal_emit (self, signals[ENDED], 0, job);
    }
}

/* Begins what there is room for, tells what can be told, and ends after the last. */
static void
go_on (WhisCliBatch *self)
{
  while (self->n_running < self->limit && self->next_to_start < self->jobs->len)
    {
      WhisCliJob *job = g_ptr_array_index (self->jobs, self->next_to_start++);

      if (self->cancelled)
        whis_cli_job_end (job, WHIS_EXIT_CANCELLED, NULL);
      else
        cli_batch_start (self, job);
    }
  g_signal_emit (self, signals[PROGRESS], 0);
  cli_batch_tell (self);
  if (self->next_to_tell == self->jobs->len)
    g_main_loop_quit (self->loop);
}

/* --- ending early ----------------------------------------------------------------------------- */

/* What is done is told all the same. */
static void
cli_batch_leave (WhisCliBatch *self, WhisExit status, const char *parting)
{
  if (self->parting != NULL)
    return;

  self->parting = g_strdup (parting);
  self->next_to_start = self->jobs->len;
  for (guint i = 0; i < self->jobs->len; i++)
    {
      WhisCliJob *job = g_ptr_array_index (self->jobs, i);

      if (!job->ended)
        whis_cli_job_end (job, status, NULL);
    }
  cli_batch_tell (self);
  g_main_loop_quit (self->loop);
}

static void
lost_cb (WhisCliBatch *self)
{
  cli_batch_leave (self, WHIS_EXIT_NO_SERVICE,
                   _ ("The Whis service ended; the sound that was recorded is kept."));
}

static gboolean
interrupted_cb (gpointer user_data)
{
  WhisCliBatch *self = user_data;

  if (self->cancelled)
    cli_batch_leave (self, WHIS_EXIT_CANCELLED,
                     _ ("The Whis service does not answer; what it has begun goes on."));
  else
    whis_cli_batch_cancel (self);

  return G_SOURCE_CONTINUE;
}

/**
 * whis_cli_batch_cancel:
 * @self: a batch that runs
 *
 * Cancels what runs, and begins nothing more.
 */
void
whis_cli_batch_cancel (WhisCliBatch *self)
{
  g_return_if_fail (WHIS_IS_CLI_BATCH (self));

  if (self->cancelled)
    return;

  self->cancelled = TRUE;
  for (guint i = 0; i < self->next_to_start; i++)
    {
      const WhisCliJob *job = g_ptr_array_index (self->jobs, i);

      if (!job->ended && job->id != NULL)
        whis_bus_whis1_call_cancel (self->service, job->id, NULL, NULL, NULL);
    }
  for (; self->next_to_start < self->jobs->len; self->next_to_start++)
    whis_cli_job_end (g_ptr_array_index (self->jobs, self->next_to_start), WHIS_EXIT_CANCELLED,
                      NULL);
}

/**
 * whis_cli_batch_is_cancelled:
 * @self: a batch
 *
 * Returns: whether it was cancelled as a whole
 */
gboolean
whis_cli_batch_is_cancelled (WhisCliBatch *self)
{
  g_return_val_if_fail (WHIS_IS_CLI_BATCH (self), FALSE);

  return self->cancelled;
}

/**
 * whis_cli_batch_get_parting:
 * @self: a batch that has run
 *
 * Returns: (nullable): a sentence about why it did not wait for its jobs
 */
const char *
whis_cli_batch_get_parting (WhisCliBatch *self)
{
  g_return_val_if_fail (WHIS_IS_CLI_BATCH (self), NULL);

  return self->parting;
}

/**
 * whis_cli_batch_run:
 * @self: a batch
 *
 * Waits until all jobs have ended, and were told.
 */
void
whis_cli_batch_run (WhisCliBatch *self)
{
  guint interrupt, terminate;

  g_return_if_fail (WHIS_IS_CLI_BATCH (self));

  interrupt = g_unix_signal_add (SIGINT, interrupted_cb, self);
  terminate = g_unix_signal_add (SIGTERM, interrupted_cb, self);
  go_on (self);
  if (self->next_to_tell < self->jobs->len)
    g_main_loop_run (self->loop);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

static void
whis_cli_batch_dispose (GObject *object)
{
  WhisCliBatch *self = WHIS_CLI_BATCH (object);

  if (self->service != NULL)
    g_signal_handlers_disconnect_by_data (self->service, self);
  g_clear_object (&self->watch);
  g_clear_object (&self->service);
  g_clear_pointer (&self->options, g_variant_unref);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_pointer (&self->format, g_free);
  g_clear_pointer (&self->parting, g_free);
  g_clear_pointer (&self->warning, whis_cli_warning_free);
  g_clear_pointer (&self->loop, g_main_loop_unref);

  G_OBJECT_CLASS (whis_cli_batch_parent_class)->dispose (object);
}

static void
whis_cli_batch_class_init (WhisCliBatchClass *klass)
{
  GType type = WHIS_TYPE_CLI_BATCH;

  G_OBJECT_CLASS (klass)->dispose = whis_cli_batch_dispose;

  /**
   * WhisCliBatch::ended:
   * @self: a batch
   * @job: (type WhisCliJob): what has ended, as all before it
   */
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_POINTER);

  /**
   * WhisCliBatch::progress:
   * @self: a batch
   *
   * A job has come on, or has ended.
   */
  signals[PROGRESS] =
      g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCliBatch::warning:
   * @self: a batch
   * @message: what is not as it should be with a job that goes on
   */
  signals[WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_cli_batch_init (WhisCliBatch *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
  self->warning = whis_cli_warning_new (show_warning, self);
}

static void
connect_service (WhisCliBatch *self)
{
  self->watch = whis_dictation_watch_new (self->service);
  g_signal_connect_object (self->watch, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "lost", G_CALLBACK (lost_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->service, "warning", G_CALLBACK (warning_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * whis_cli_batch_new:
 * @service: the service
 * @options: options of the D-Bus method `TranscribeFile`
 * @jobs: (element-type WhisCliJob): what to transcribe
 * @limit: how many at a time
 * @format: (nullable): what to ask for, as in the D-Bus method `GetDocument`; %NULL for the text
 *
 * Returns: (transfer full): a batch that was not begun
 */
WhisCliBatch *
whis_cli_batch_new (WhisBusWhis1 *service,
                    GVariant *options,
                    GPtrArray *jobs,
                    guint limit,
                    const char *format)
{
  WhisCliBatch *self;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (jobs != NULL, NULL);
  g_return_val_if_fail (limit > 0, NULL);

  self = g_object_new (WHIS_TYPE_CLI_BATCH, NULL);
  self->service = g_object_ref (service);
  self->options = g_variant_ref (options);
  self->jobs = g_ptr_array_ref (jobs);
  self->limit = limit;
  self->format = g_strdup (format);
  connect_service (self);

  return self;
}
