/* SPDX-License-Identifier: MIT */
#include "job.h"

#include "decode.h"
#include "form.h"
#include "loudness.h"
#include "process-limits.h"
#include "reply.h"
#include "wave.h"

/* The longest sound that is taken at once: its samples are in memory, 1.9 MB a minute. */
#define LONGEST_MS (60 * 60 * 1000)
#define LONGEST_BYTES (LONGEST_MS / 1000 * WHIS_SAMPLE_RATE * sizeof (gint16))

/* One request for a transcription, from its form to its answer. */
typedef struct
{
  SoupServerMessage *message;
  WhisRecogniser *recogniser;
  WhisForm *form;
  GCancellable *cancellable;
  GSource *hang_up;
} Job;

static void
job_free (Job *job)
{
  g_source_destroy (job->hang_up);
  g_source_unref (job->hang_up);
  g_object_unref (job->cancellable);
  whis_form_free (job->form);
  g_object_unref (job->recogniser);
  g_object_unref (job->message);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

/* Sends the answer, or finds that nobody waits for it. */
static void
job_finish (Job *job, const WhisTranscript *transcript, const GError *error)
{
  if (error != NULL)
    whis_reply_with_failure (job->message, NULL, error);
  else
    whis_reply_with_transcript (job->message, transcript, job->form->format,
                                job->form->wants_words);
  soup_server_message_unpause (job->message);
}

static void
on_job_transcribed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Job) job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisTranscript) transcript =
      whis_recogniser_transcribe_finish (WHIS_RECOGNISER (source), result, &error);

  job_finish (job, transcript, error);
}

/* Takes over the job. */
static void
job_transcribe (Job *job, GBytes *samples)
{
  const WhisForm *form = job->form;
  const WhisEngineRequest request = { form->language, form->prompt, form->temperature,
                                      form->is_quick, form->is_quick };

  g_clear_pointer (&job->form->file, g_bytes_unref);
  whis_recogniser_transcribe_async (job->recogniser, form->model, &request, samples,
                                    job->cancellable, on_job_transcribed, job);
}

static void
on_job_decoded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Job) job = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) samples = whis_decode_finish (result, &error);

  if (samples != NULL)
    job_transcribe (g_steal_pointer (&job), samples);
  else
    job_finish (job, NULL, error);
}

static gboolean
hung_up (GSocket *connection, GIOCondition condition, gpointer data)
{
  g_debug ("The client of a transcription is gone");
  g_cancellable_cancel (data);

  return G_SOURCE_REMOVE;
}

/* libsoup does not look at the connection of a paused message, so that it is done here. */
static GSource *
watch_connection (GSocket *connection, GCancellable *cancellable)
{
  GSource *source = g_socket_create_source (connection, G_IO_HUP, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (hung_up), g_object_ref (cancellable),
                         g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());

  return source;
}

/**
 * whis_job_start:
 * @message: `POST /v1/audio/transcriptions`, with all of its body
 * @recogniser: who does the work
 * @connection: where the request came from
 *
 * Answers a request for a transcription. The work is cancelled when the client hangs up.
 */
void
whis_job_start (SoupServerMessage *message, WhisRecogniser *recogniser, GSocket *connection)
{
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) samples = NULL;
  g_autoptr (WhisForm) form = NULL;
  g_autoptr (GError) error = NULL;
  const char *param;
  Job *job;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (WHIS_IS_RECOGNISER (recogniser));
  g_return_if_fail (G_IS_SOCKET (connection));

  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  /* It came in pieces, which are not needed any more. */
  soup_message_body_truncate (soup_server_message_get_request_body (message));
  whis_limits_release_memory ();
  form = whis_form_parse (soup_server_message_get_request_headers (message), body, &param, &error);
  if (form == NULL)
    {
      whis_reply_with_failure (message, param, error);
      return;
    }

  job = g_new0 (Job, 1);
  job->message = g_object_ref (message);
  job->recogniser = g_object_ref (recogniser);
  job->form = g_steal_pointer (&form);
  job->cancellable = g_cancellable_new ();
  job->hang_up = watch_connection (connection, job->cancellable);
  soup_server_message_pause (message);
  samples = whis_wave_get_samples (job->form->file, job->form->media_type);
  if (samples != NULL && g_bytes_get_size (samples) <= LONGEST_BYTES)
    job_transcribe (job, samples);
  else
    whis_decode_async (job->form->file, LONGEST_MS, job->cancellable, on_job_decoded, job);
}
