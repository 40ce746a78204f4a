/* SPDX-License-Identifier: MIT */
#include "file-transcription.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "wav.h"
#include "capture-kinds.h"
#include "frame-format.h"
#include "model-profile.h"
#include "transcription-session.h"

/* One file on its way; the task data. The task is alive as long as the capture tells something. */
typedef struct
{
  WhisRecord *record;
  WhisRecording *recording;
  WhisTranscriptionSession *transcript;
  WhisCapture *capture;
  GSource *cancelled; /* nullable */
  gboolean sound_ended;
  gboolean has_ended;
} Work;

static void
end_source (Work *work)
{
  if (work->cancelled != NULL)
    g_source_destroy (work->cancelled);
  g_clear_pointer (&work->cancelled, g_source_unref);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  end_source (work);
  g_clear_object (&work->transcript);
  g_clear_object (&work->capture);
  g_clear_pointer (&work->record, whis_record_free);
  g_object_unref (work->recording);
  g_free (work);
}

static void
remove_sound (const Work *work)
{
  if (g_unlink (whis_recording_get_path (work->recording)) != 0 && errno != ENOENT)
    g_warning ("The sound of a file cannot be deleted: %s", g_strerror (errno));
}

/* Ends all work, whatever came of it. Afterwards nothing is told any more, and no sound is left. */
static void
file_transcription_end (GTask *task)
{
  Work *work = g_task_get_task_data (task);

  work->has_ended = TRUE;
  end_source (work);
  g_signal_handlers_disconnect_by_data (work->transcript, task);
  whis_transcription_session_cancel (work->transcript);
  if (work->capture != NULL)
    {
      g_signal_handlers_disconnect_by_data (work->capture, task);
      whis_capture_cancel (work->capture);
    }
  remove_sound (work);
}

/* Takes the task over, and @error. */
static void
file_transcription_fail (GTask *owned_task, GError *error)
{
  g_autoptr (GTask) task = owned_task;

  file_transcription_end (task);
  g_task_return_error (task, error);
}

static void
on_file_transcription_succeed (GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Work *work = g_task_get_task_data (task);
  WhisRecord *record = work->record;

  record->length_ms = whis_capture_get_elapsed_ms (work->capture);
  record->text = whis_transcription_session_get_text (work->transcript);
  if (record->language == NULL || *record->language == '\0')
    {
      g_free (record->language);
      record->language = g_strdup (whis_transcription_session_get_language (work->transcript));
    }
  file_transcription_end (task);
  g_task_return_pointer (task, whis_record_copy (record), (GDestroyNotify) whis_record_free);
}

/* A text with a hole in it is none: whoever asks can ask again. */
static void
settled_cb (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  const GError *error = whis_transcription_session_get_error (work->transcript);

  if (work->has_ended)
    return;
  if (error != NULL)
    file_transcription_fail (task, g_error_copy (error));
  else if (work->sound_ended && whis_transcription_session_is_settled (work->transcript))
    on_file_transcription_succeed (task);
}

static void
chunk_cb (GTask *task, const WhisChunk *chunk)
{
  Work *work = g_task_get_task_data (task);

  whis_transcription_session_add (work->transcript, chunk);
}

static void
ended_cb (GTask *task, const GError *error)
{
  Work *work = g_task_get_task_data (task);

  if (error != NULL)
    {
      file_transcription_fail (task, g_error_copy (error));
      return;
    }
  work->sound_ended = TRUE;
  whis_transcription_session_end_sound (work->transcript);
  settled_cb (task);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  file_transcription_fail (data,
                           g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled"));

  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;
  work->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (work->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (work->cancelled, g_main_context_get_thread_default ());
}

static WhisRecord *
create_record (WhisFailover *failover, const WhisFileTranscriptionOptions *options)
{
  g_autofree char *id = g_uuid_string_random ();
  WhisRecord *record = whis_record_new (id);

  record->is_file = TRUE;
  g_free (record->provider);
  record->provider = g_strdup (whis_failover_get_provider (failover)->id);
  record->model = g_strdup (whis_failover_get_model (failover));
  record->language = g_strdup (options->language);
  record->prompt = g_strdup (options->prompt);
  record->longest_chunk_ms = options->longest_chunk_ms;

  return record;
}

static WhisCapture *
create_capture (const Work *work, WhisFailover *failover, int file)
{
  const WhisModelProfile *profile = whis_model_profile_find (whis_failover_get_provider (failover),
                                                             whis_failover_get_model (failover));
  const WhisCaptureOptions options = { .dictation = work->record->id,
                                       .recording = work->recording,
                                       .bitrate = WHIS_BITRATE_LOSSLESS,
                                       .margins = &profile->margins,
                                       .longest_chunk_ms = work->record->longest_chunk_ms };

  return whis_capture_kinds_get ()->new_file (&options, file);
}

static void
file_transcription_connect (GTask *task)
{
  Work *work = g_task_get_task_data (task);

  g_signal_connect_swapped (work->transcript, "settled", G_CALLBACK (settled_cb), task);
  g_signal_connect_swapped (work->capture, "chunk", G_CALLBACK (chunk_cb), task);
  g_signal_connect_swapped (work->capture, "ended", G_CALLBACK (ended_cb), task);
}

/**
 * whis_file_transcribe_async:
 * @failover: where the sound goes; it needs no key
 * @options: what is to be transcribed
 * @cancellable: (nullable): a cancellable
 * @callback: called when there is a text or an error
 * @data: for @callback
 *
 * Transcribes a file the way a dictation does: cut at pauses, guarded, merged; but nothing is
 * recorded in the history, nothing is delivered, and no sound is left at the end. The first piece
 * that fails ends it.
 */
void
whis_file_transcribe_async (WhisFailover *failover,
                            const WhisFileTranscriptionOptions *options,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  g_autofree char *path = NULL;
  GTask *task;
  Work *work;
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_FAILOVER (failover));
  g_return_if_fail (options != NULL && options->directory != NULL);

  task = g_task_new (failover, cancellable, callback, data);
  g_task_set_source_tag (task, whis_file_transcribe_async);
  work = g_new0 (Work, 1);
  work->record = create_record (failover, options);
  path = g_strdup_printf ("%s/%s" WHIS_WAV_ENDING, options->directory, work->record->id);
  work->recording = whis_recording_new (path);
  work->transcript = whis_transcription_session_new (work->record, FALSE,
                                                     WHIS_SOUND (work->recording), failover, NULL);
  work->capture = create_capture (work, failover, options->file);
  g_task_set_task_data (task, work, work_free);
  whis_transcription_session_set_wishes (work->transcript, NULL, TRUE);
  whis_transcription_session_set_temperature (work->transcript, options->temperature);
  whis_failover_warm_up (failover);
  whis_transcription_session_set_key (work->transcript, NULL, NULL);
  file_transcription_connect (task);
  if (whis_capture_start (work->capture, &error))
    watch_cancellable (task);
  else
    file_transcription_fail (task, error);
}

/**
 * whis_file_transcribe_finish:
 * @failover: the failover
 * @result: what the callback got
 * @error: return location for an error of the audio or the speech room
 *
 * Returns: (transfer full): the text with its chunks and times; `language` is the one that was
 *   asked for, else the one that was heard, where that is known. A text without a word is empty.
 *   %NULL on error
 */
WhisRecord *
whis_file_transcribe_finish (WhisFailover *failover, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, failover), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_file_transcribe_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
