/* SPDX-License-Identifier: MIT */
#include "endpoint-job.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "endpoint-connection.h"
#include "endpoint-timeout.h"
#include "endpoint-reply.h"

/* The largest body of a request in bytes: two hours of samples as services want them. */
#define LARGEST_BODY (256 * 1024 * 1024)

/* So many bytes of a file are written at a time; as many are in memory. */
#define WRITTEN_AT_ONCE (256 * 1024)

/**
 * WhisEndpointJob:
 *
 * One request for a transcription, from its headers to its answer. The sound goes to a file without
 * a name while it comes. The work is cancelled when the client hangs up.
 */
struct _WhisEndpointJob
{
  GObject parent_instance;

  SoupServerMessage *message;
  WhisEndpointConnection *connection; /* lives as long as the message */
  char *directory;
  GCancellable *cancellable;
  WhisEndpointForm *form;
  WhisMultipart *multipart;
  int file; /* -1 when it could not be made */
  GOutputStream *output;
  GSource *watch; /* nullable */
  gint64 begun_at;
  guint64 n_bytes;
  gboolean has_sound;
  gboolean is_running;
  gboolean is_answered;
  gboolean is_closed; /* nobody waits for the answer */
};

enum
{
  READY,
  DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisEndpointJob, whis_endpoint_job, G_TYPE_OBJECT)

#define KEY "whis-endpoint-job"

static void
clear_watch (WhisEndpointJob *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

/* What is sent after this is read over. */
static void
endpoint_job_refuse (WhisEndpointJob *self, const char *param, const GError *error)
{
  if (self->is_answered || self->is_closed)
    return;
  self->is_answered = TRUE;
  whis_endpoint_reply_with_failure (self->message, param, error);
}

static void
refuse_with (WhisEndpointJob *self, WhisEndpointError code, const char *sentence)
{
  g_autoptr (GError) error = g_error_new_literal (WHIS_ENDPOINT_ERROR, (int) code, sentence);

  endpoint_job_refuse (self, NULL, error);
}

static void
endpoint_job_unpause (WhisEndpointJob *self)
{
  if (self->is_closed)
    return;
  /* Who does not read the answer does not keep the connection. */
  whis_endpoint_connection_set_deadline (self->connection, whis_endpoint_timeout_get_ms ());
  soup_server_message_unpause (self->message);
}

/* --- what comes ------------------------------------------------------------------------------- */

static gboolean
take_written (WhisEndpointJob *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  if (g_output_stream_write_all_finish (self->output, result, NULL, &error))
    {
      g_byte_array_set_size (self->form->sound, 0);
      return TRUE;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    refuse_with (self, WHIS_ENDPOINT_ERROR_STORAGE,
                 _ ("There is no room on the disk for the file."));
  else
    refuse_with (self, WHIS_ENDPOINT_ERROR_STORAGE, _ ("The file could not be kept on the disk."));

  return FALSE;
}

static void
part_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisEndpointJob) self = data;

  take_written (self, result);
  endpoint_job_unpause (self);
}

/* No more is read until it is on the disk. */
static void
write_sound (WhisEndpointJob *self, GAsyncReadyCallback callback)
{
  self->has_sound = self->has_sound || self->form->sound->len > 0;
  whis_endpoint_connection_set_deadline (self->connection, 0);
  soup_server_message_pause (self->message);
  g_output_stream_write_all_async (self->output, self->form->sound->data, self->form->sound->len,
                                   G_PRIORITY_DEFAULT, self->cancellable, callback,
                                   g_object_ref (self));
}

static void
got_chunk_cb (WhisEndpointJob *self, GBytes *chunk)
{
  g_autoptr (GError) error = NULL;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (chunk, &size);

  self->n_bytes += size;
  whis_endpoint_connection_set_deadline (self->connection, whis_endpoint_timeout_get_ms ());
  if (self->n_bytes > 2 * LARGEST_BODY
      || g_get_monotonic_time () - self->begun_at > whis_endpoint_timeout_get_upload_us ())
    whis_endpoint_connection_close (self->connection);
  if (self->is_answered)
    return;

  if (self->n_bytes > LARGEST_BODY)
    refuse_with (self, WHIS_ENDPOINT_ERROR_TOO_LARGE,
                 _ ("The file is too large: 256 MB are taken at once."));
  else if (!whis_multipart_push (self->multipart, bytes, size, &error))
    endpoint_job_refuse (self, self->form->param, error);
  else if (self->form->sound->len >= WRITTEN_AT_ONCE)
    write_sound (self, part_written_cb);
}

static void
gone_cb (gpointer data)
{
  g_autoptr (WhisEndpointJob) self = g_object_ref (data);

  g_debug ("The client of a transcription is gone");
  g_cancellable_cancel (self->cancellable);
  endpoint_job_unpause (self);
  if (!self->is_running)
    g_signal_emit (self, signals[DONE], 0);
}

static void
all_written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisEndpointJob) self = data;

  if (!take_written (self, result))
    {
      endpoint_job_unpause (self);
      return;
    }
  if (!self->has_sound)
    {
      refuse_with (self, WHIS_ENDPOINT_ERROR_FILE, _ ("The file is empty."));
      endpoint_job_unpause (self);
      return;
    }
  if (self->is_closed)
    return;
  self->watch = whis_endpoint_connection_watch (self->connection, gone_cb, self);
  g_signal_emit (self, signals[READY], 0);
}

/**
 * whis_endpoint_job_complete:
 * @self: a job
 *
 * All of the request has come. An answer follows, or [signal@EndpointJob::ready].
 */
void
whis_endpoint_job_complete (WhisEndpointJob *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (WHIS_IS_ENDPOINT_JOB (self));

  if (self->is_answered)
    return;
  if (!whis_multipart_finish (self->multipart, &error)
      || !whis_endpoint_form_finish (self->form, &error))
    endpoint_job_refuse (self, self->form->param, error);
  else
    write_sound (self, all_written_cb);
}

/* --- the work --------------------------------------------------------------------------------- */

static void
transcribed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (WhisEndpointJob) self = data;
  WhisEndpointRecogniser *recogniser = WHIS_ENDPOINT_RECOGNISER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisRecord) record = WHIS_ENDPOINT_RECOGNISER_GET_IFACE (recogniser)
                                      ->transcribe_finish (recogniser, result, &error);

  clear_watch (self);
  if (!g_cancellable_is_cancelled (self->cancellable))
    {
      if (record == NULL)
        endpoint_job_refuse (self, NULL, error);
      else if (!self->is_closed)
        whis_endpoint_reply_with_transcript (self->message, record, self->form);
      self->is_answered = TRUE;
      endpoint_job_unpause (self);
    }
  g_signal_emit (self, signals[DONE], 0);
}

/**
 * whis_endpoint_job_run:
 * @self: a job that is ready
 * @recogniser: who does the work
 *
 * Does the work and answers; [signal@EndpointJob::done] follows.
 */
void
whis_endpoint_job_run (WhisEndpointJob *self, WhisEndpointRecogniser *recogniser)
{
  const WhisEndpointRequest request = {
    .file = self->file,
    .directory = self->directory,
    .model = self->form->model,
    .language = self->form->language,
    .prompt = self->form->prompt,
    .temperature = self->form->temperature,
  };

  g_return_if_fail (WHIS_IS_ENDPOINT_JOB (self));
  g_return_if_fail (WHIS_IS_ENDPOINT_RECOGNISER (recogniser));

  self->is_running = TRUE;
  WHIS_ENDPOINT_RECOGNISER_GET_IFACE (recogniser)
      ->transcribe_async (recogniser, &request, self->cancellable, transcribed_cb,
                          g_object_ref (self));
}

/**
 * whis_endpoint_job_close:
 * @self: a job
 *
 * The message has ended: nothing more is done, and nothing is said.
 */
void
whis_endpoint_job_close (WhisEndpointJob *self)
{
  g_return_if_fail (WHIS_IS_ENDPOINT_JOB (self));

  self->is_closed = TRUE;
  clear_watch (self);
  g_cancellable_cancel (self->cancellable);
}

/* --- the file --------------------------------------------------------------------------------- */

static int
open_with_name (const char *directory)
{
  g_autofree char *path = g_build_filename (directory, "upload-XXXXXX", NULL);
  int file = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (file >= 0)
    g_unlink (path);

  return file;
}

/* A file that has no name, so that it is gone whatever happens. */
static int
open_file (const char *directory)
{
  int file = open (directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  /* Not every file system can do that. */
  return file >= 0 ? file : open_with_name (directory);
}

static void
whis_endpoint_job_finalize (GObject *object)
{
  WhisEndpointJob *self = WHIS_ENDPOINT_JOB (object);

  clear_watch (self);
  g_clear_object (&self->output);
  if (self->file >= 0)
    close (self->file);
  g_clear_pointer (&self->multipart, whis_multipart_free);
  whis_endpoint_form_free (self->form);
  g_object_unref (self->cancellable);
  g_free (self->directory);

  G_OBJECT_CLASS (whis_endpoint_job_parent_class)->finalize (object);
}

static void
whis_endpoint_job_class_init (WhisEndpointJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_endpoint_job_finalize;

  /**
   * WhisEndpointJob::ready:
   * @self: a job
   *
   * All of the sound is there; whis_endpoint_job_run() can do the work.
   */
  signals[READY] = g_signal_new ("ready", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisEndpointJob::done:
   * @self: a job
   *
   * The work is done, or nobody wants it any more.
   */
  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
whis_endpoint_job_init (WhisEndpointJob *self)
{
  self->file = -1;
  self->cancellable = g_cancellable_new ();
  self->form = whis_endpoint_form_new ();
  self->begun_at = g_get_monotonic_time ();
}

static void
endpoint_job_begin (WhisEndpointJob *self, SoupMessageHeaders *headers)
{
  self->multipart = whis_multipart_new (soup_message_headers_get_list (headers, "Content-Type"),
                                        &whis_endpoint_form_funcs, self->form);
  if (self->multipart == NULL)
    {
      refuse_with (self, WHIS_ENDPOINT_ERROR_FORM,
                   _ ("The request is no form: send multipart/form-data with a file."));
      return;
    }
  if (soup_message_headers_get_content_length (headers) > LARGEST_BODY)
    {
      refuse_with (self, WHIS_ENDPOINT_ERROR_TOO_LARGE,
                   _ ("The file is too large: 256 MB are taken at once."));
      return;
    }
  self->file = open_file (self->directory);
  if (self->file < 0)
    {
      g_warning ("No file for a request: %s", g_strerror (errno));
      refuse_with (self, WHIS_ENDPOINT_ERROR_STORAGE,
                   _ ("The file could not be kept on the disk."));
      return;
    }
  self->output = g_unix_output_stream_new (self->file, FALSE);
}

/**
 * whis_endpoint_job_new:
 * @message: `POST /v1/audio/transcriptions`, of which the headers have come
 * @directory: where sound may be while it is worked on; for its owner alone
 *
 * Begins to take a request, or refuses it at once.
 *
 * Returns: (transfer full): the job; the message has it too
 */
WhisEndpointJob *
whis_endpoint_job_new (SoupServerMessage *message, const char *directory)
{
  WhisEndpointJob *self;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);
  g_return_val_if_fail (directory != NULL, NULL);

  self = g_object_new (WHIS_TYPE_ENDPOINT_JOB, NULL);
  self->message = message;
  self->connection = whis_endpoint_connection_get (message);
  self->directory = g_strdup (directory);
  g_object_set_data_full (G_OBJECT (message), KEY, g_object_ref (self), g_object_unref);
  endpoint_job_begin (self, soup_server_message_get_request_headers (message));
  if (self->is_answered)
    return self;
  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * whis_endpoint_job_get:
 * @message: a request
 *
 * Returns: (transfer none) (nullable): its job
 */
WhisEndpointJob *
whis_endpoint_job_get (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), KEY);
}
