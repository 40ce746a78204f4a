/* SPDX-License-Identifier: MIT */
#include "recorder-private.h"

#include <math.h>
#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "wav.h"

#define SAMPLES_PER_MS (WHIS_VOICE_RATE / 1000)

/* A peak every 100 ms; also how much the voice detector takes at a time. */
#define SLICE_SAMPLES (100 * SAMPLES_PER_MS)

/* LAME's delay of 576 samples and the decoder's of 529: what is spoken now is in an MP3 file 69 ms
 * further on. */
#define CODEC_DELAY_MS ((576 + 529) / SAMPLES_PER_MS)

/* -66 dBFS. A live microphone has some noise that is louder, within so long. */
#define SILENT_PEAK 16
#define SILENT_SAMPLES (3000 * SAMPLES_PER_MS)

/* A microphone that gave sound before, and then only zeros for so long, was muted. */
#define MUTED_SAMPLES (5000 * SAMPLES_PER_MS)

/**
 * WhisRecorder:
 *
 * What becomes of sound: level, voice, frames on disk, chunks. It does not know where the sound
 * comes from.
 *
 * Sound comes from one thread at a time, another one may stop it and read the counters.
 */

/**
 * whis_recorder_new:
 * @funcs: (scope notified): what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a recorder that only measures the level
 */
WhisRecorder *
whis_recorder_new (const WhisRecorderFuncs *funcs, gpointer user_data)
{
  WhisRecorder *recorder;

  g_return_val_if_fail (funcs != NULL, NULL);

  recorder = g_new0 (WhisRecorder, 1);
  recorder->funcs = *funcs;
  recorder->user_data = user_data;
  recorder->bitrate = WHIS_BITRATE_USUAL;
  recorder->margins = (WhisChunkMargins) WHIS_CHUNK_MARGINS_INIT;
  recorder->stop_at = G_MAXUINT64;
  recorder->saved = TRUE;
  g_mutex_init (&recorder->feed_lock);
  g_mutex_init (&recorder->lock);

  return recorder;
}

/**
 * whis_recorder_free:
 * @recorder: (transfer full) (nullable): a recorder
 */
void
whis_recorder_free (WhisRecorder *recorder)
{
  if (recorder == NULL)
    return;

  whis_codec_free (recorder->encoder);
  whis_tap_free (recorder->tap);
  g_clear_object (&recorder->recording);
  whis_chunker_free (recorder->chunker);
  whis_voice_free (recorder->voice);
  whis_pause_buffer_free (recorder->pause);
  g_clear_pointer (&recorder->inherited, g_array_unref);
  g_mutex_clear (&recorder->feed_lock);
  g_mutex_clear (&recorder->lock);
  g_free (recorder);
}

/**
 * whis_recorder_set_bitrate:
 * @recorder: a recorder that is not prepared
 * @kbps: rate of the recording in kbit/s, one of %WHIS_BITRATE_USUAL and its like
 */
void
whis_recorder_set_bitrate (WhisRecorder *recorder, guint kbps)
{
  g_return_if_fail (recorder != NULL && recorder->encoder == NULL);
  g_return_if_fail (whis_bitrate_is_known (kbps));

  recorder->bitrate = kbps;
}

/**
 * whis_recorder_set_margins:
 * @recorder: a recorder that does not cut yet
 * @margins: how much silence is wanted around speech
 */
void
whis_recorder_set_margins (WhisRecorder *recorder, const WhisChunkMargins *margins)
{
  g_return_if_fail (recorder != NULL && recorder->chunker == NULL);
  g_return_if_fail (margins != NULL);

  recorder->margins = *margins;
}

static void
make_chunker (WhisRecorder *recorder, const char *dictation, guint longest_chunk_ms)
{
  recorder->voice = whis_voice_new ();
  recorder->chunker = whis_chunker_new (dictation, longest_chunk_ms, WHIS_FRAME_MS);
  whis_chunker_set_margins (recorder->chunker, &recorder->margins);
}

/**
 * whis_recorder_record:
 * @recorder: a recorder that has heard nothing
 * @recording: where the frames go; a WAV file if the rate is
 *   %WHIS_BITRATE_LOSSLESS, and only then
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 *
 * Makes the recorder record and cut.
 */
void
whis_recorder_record (WhisRecorder *recorder,
                      WhisRecording *recording,
                      const char *dictation,
                      guint longest_chunk_ms)
{
  g_return_if_fail (recorder != NULL);
  g_return_if_fail (WHIS_IS_RECORDING (recording));
  g_return_if_fail (recorder->recording == NULL);

  recorder->recording = g_object_ref (recording);
  make_chunker (recorder, dictation, longest_chunk_ms);
  if (recorder->bitrate == WHIS_BITRATE_LOSSLESS)
    whis_chunker_skip_bytes (recorder->chunker, WHIS_WAV_HEADER_SIZE);
  else
    whis_chunker_add_voice (recorder->chunker, CODEC_DELAY_MS, FALSE);
}

/**
 * whis_recorder_tap:
 * @recorder: a recorder that has heard nothing
 * @rate: samples in a second
 *
 * Makes a recorder that records pass on what it hears.
 */
void
whis_recorder_tap (WhisRecorder *recorder, guint rate)
{
  g_return_if_fail (recorder != NULL);
  g_return_if_fail (recorder->tap == NULL && rate > 0);

  recorder->tap_rate = rate;
}

/**
 * whis_recorder_open_tap:
 * @recorder: a recorder with a tap
 * @is_open: whether what is heard is passed on from now on; it is at first
 *
 * May be called in any thread.
 */
void
whis_recorder_open_tap (WhisRecorder *recorder, gboolean is_open)
{
  g_return_if_fail (recorder != NULL);

  g_atomic_int_set (&recorder->is_tap_closed, !is_open);
}

/**
 * whis_recorder_recut:
 * @recorder: a recorder that has heard nothing
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 * @index: index of the first chunk
 * @start_frame: the frame that the first chunk begins with
 * @end_of_previous: the first frame that was in no chunk, at least @start_frame
 * @first_frame: the frame whose sound is heard first, at most @start_frame
 * @first_offset: where that frame is in the file
 * @grid_ms: how much of the first sound is passed over, in milliseconds; less than a frame or two
 *
 * Makes the recorder cut a recording that exists. It is to hear the sound of its frames, and is
 * told of each with [method@Listener.pass_frame].
 */
void
whis_recorder_recut (WhisRecorder *recorder,
                     const char *dictation,
                     guint longest_chunk_ms,
                     guint index,
                     guint64 start_frame,
                     guint64 end_of_previous,
                     guint64 first_frame,
                     guint64 first_offset,
                     guint grid_ms)
{
  g_return_if_fail (recorder != NULL);
  g_return_if_fail (recorder->chunker == NULL);

  g_mutex_lock (&recorder->feed_lock);
  make_chunker (recorder, dictation, longest_chunk_ms);
  whis_chunker_resume (recorder->chunker, index, start_frame, end_of_previous, first_frame,
                       first_offset);
  whis_chunker_add_voice (recorder->chunker, grid_ms, FALSE);
  recorder->n_deaf = grid_ms * SAMPLES_PER_MS;
  recorder->n_prelude = (end_of_previous - first_frame) * WHIS_FRAME_SAMPLES;
  g_mutex_unlock (&recorder->feed_lock);

  g_mutex_lock (&recorder->lock);
  recorder->n_samples = end_of_previous * WHIS_FRAME_SAMPLES;
  g_mutex_unlock (&recorder->lock);
}

static void
note_speech (WhisRecorder *recorder, gboolean is_speech)
{
  recorder->decided_ms += WHIS_VOICE_STEP_MS;
  recorder->spoken_ms += is_speech ? WHIS_VOICE_STEP_MS : 0;

  g_mutex_lock (&recorder->lock);
  recorder->quiet_ms = is_speech ? 0 : recorder->quiet_ms + WHIS_VOICE_STEP_MS;
  recorder->has_spoken = recorder->has_spoken || is_speech;
  g_mutex_unlock (&recorder->lock);
}

static void
apply_decisions (WhisRecorder *recorder)
{
  WhisVoiceKind heard;

  while (whis_voice_next (recorder->voice, &heard))
    {
      note_speech (recorder, heard == WHIS_VOICE_SPEECH);
      if (heard == WHIS_VOICE_SOUND)
        whis_chunker_add_sound (recorder->chunker, WHIS_VOICE_STEP_MS);
      else
        whis_chunker_add_voice (recorder->chunker, WHIS_VOICE_STEP_MS, heard == WHIS_VOICE_SPEECH);
    }
}

static void
emit_chunks (WhisRecorder *recorder, WhisChunk *(*cut) (WhisChunker *) )
{
  WhisChunk *chunk;

  while ((chunk = cut (recorder->chunker)) != NULL)
    {
      if (recorder->tap != NULL)
        whis_tap_flush (recorder->tap);
      if (recorder->funcs.chunk != NULL)
        recorder->funcs.chunk (chunk, recorder->user_data);
      else
        whis_chunk_free (chunk);
    }
}

static gboolean
sounds_silent (WhisRecorder *recorder, guint peak)
{
  if (recorder->silent)
    return peak <= (recorder->loudest > SILENT_PEAK ? 1 : SILENT_PEAK);

  return (recorder->loudest <= SILENT_PEAK && recorder->n_since >= SILENT_SAMPLES)
         || recorder->n_zero >= MUTED_SAMPLES;
}

static void
notice_silence (WhisRecorder *recorder, guint peak, gsize n_samples)
{
  gboolean silent;

  recorder->n_since += n_samples;
  recorder->n_zero = peak == 0 ? recorder->n_zero + n_samples : 0;
  recorder->loudest = MAX (recorder->loudest, peak);

  silent = sounds_silent (recorder, peak);
  if (silent == recorder->silent)
    return;

  recorder->silent = silent;
  if (recorder->funcs.silent != NULL)
    recorder->funcs.silent (silent, recorder->user_data);
}

static void
recorder_measure (WhisRecorder *recorder, const gint16 *samples, gsize n_samples)
{
  gsize n_again = (gsize) MIN (n_samples, recorder->n_prelude);
  guint peak = 0;

  for (gsize i = 0; i < n_samples; i++)
    peak = MAX (peak, (guint) abs (samples[i]));

  recorder->peak = MAX (recorder->peak, peak);
  recorder->n_prelude -= n_again;
  notice_silence (recorder, peak, n_samples);

  g_mutex_lock (&recorder->lock);
  recorder->n_samples += n_samples - n_again;
  g_mutex_unlock (&recorder->lock);
}

static void
emit_level (WhisRecorder *recorder)
{
  double peak_db = 20 * log10 (MAX (recorder->peak, 1) / 32768.0);

  recorder->peak = 0;
  recorder->n_sliced = 0;
  if (recorder->funcs.level != NULL)
    recorder->funcs.level (peak_db, recorder->user_data);
}

static void
hear_part (WhisRecorder *recorder, const gint16 *samples, gsize n_samples)
{
  if (recorder->voice != NULL)
    {
      gsize n_deaf = MIN (n_samples, recorder->n_deaf);

      recorder->n_deaf -= n_deaf;
      whis_voice_push (recorder->voice, samples + n_deaf, n_samples - n_deaf);
      apply_decisions (recorder);
    }

  recorder_measure (recorder, samples, n_samples);
  recorder->n_sliced += n_samples;
  if (recorder->n_sliced == SLICE_SAMPLES)
    emit_level (recorder);
}

static gboolean
reached_stop (WhisRecorder *recorder)
{
  gboolean reached;

  g_mutex_lock (&recorder->lock);
  reached = recorder->n_samples >= recorder->stop_at;
  g_mutex_unlock (&recorder->lock);

  return reached;
}

static void
check_saved (WhisRecorder *recorder)
{
  gboolean saved = whis_recording_get_saved (recorder->recording);

  if (saved == recorder->saved)
    return;

  recorder->saved = saved;
  if (recorder->funcs.saved != NULL)
    recorder->funcs.saved (saved, whis_recording_is_full (recorder->recording),
                           recorder->user_data);
}

static void
recorder_fail (WhisRecorder *recorder, GError *error)
{
  recorder->failed = TRUE;
  whis_recorder_stop_after (recorder, 0);
  if (recorder->funcs.failed != NULL)
    recorder->funcs.failed (error, recorder->user_data);
  else
    g_error_free (error);
}

static void
on_tap_samples (GBytes *samples, gpointer user_data)
{
  WhisRecorder *recorder = user_data;

  if (recorder->funcs.sound != NULL)
    recorder->funcs.sound (samples, recorder->user_data);
  else
    g_bytes_unref (samples);
}

/* One frame comes out of the encoder, which hear() or finish() has just fed. */
static gboolean
recorder_store (const void *frame, gsize size, gpointer user_data)
{
  WhisRecorder *recorder = user_data;
  GError *error = NULL;

  if (!whis_recording_append (recorder->recording, frame, size, &error))
    {
      recorder_fail (recorder, error);
      return FALSE;
    }

  whis_chunker_add_frame (recorder->chunker, size);
  emit_chunks (recorder, whis_chunker_next);
  check_saved (recorder);

  return TRUE;
}

/**
 * whis_recorder_prepare:
 * @recorder: a recorder
 * @error: return location for a [error@AudioError]
 *
 * Makes the file of a recorder that records, and what it needs of GStreamer, which must have been
 * initialised. Not for the main loop.
 *
 * Returns: whether the recorder can hear; otherwise `STORAGE` or `FAILED` is set
 */
gboolean
whis_recorder_prepare (WhisRecorder *recorder, GError **error)
{
  gboolean ready;

  g_return_val_if_fail (recorder != NULL, FALSE);

  g_mutex_lock (&recorder->feed_lock);
  if (recorder->recording != NULL && !whis_recording_open (recorder->recording, error))
    {
      g_mutex_unlock (&recorder->feed_lock);
      return FALSE;
    }
  if (recorder->recording != NULL && recorder->encoder == NULL)
    recorder->encoder = whis_codec_new_encoder (recorder->bitrate, recorder_store, recorder, error);
  if (recorder->recording != NULL && recorder->tap_rate > 0 && recorder->tap == NULL)
    recorder->tap = whis_tap_new (recorder->tap_rate, on_tap_samples, recorder);
  ready = recorder->recording == NULL || recorder->encoder != NULL;
  g_mutex_unlock (&recorder->feed_lock);

  return ready;
}

/**
 * whis_recorder_change_microphone:
 * @recorder: a recorder
 *
 * Tells that what is heard from here on comes from another microphone, which may be silent for
 * itself.
 */
void
whis_recorder_change_microphone (WhisRecorder *recorder)
{
  g_return_if_fail (recorder != NULL);

  g_mutex_lock (&recorder->feed_lock);
  recorder->loudest = 0;
  recorder->n_since = 0;
  recorder->n_zero = 0;
  g_mutex_unlock (&recorder->feed_lock);
}

/* What is recorded goes to the tap and to the disk. */
static void
recorder_record (WhisRecorder *recorder, const gint16 *samples, gsize n_samples)
{
  if (recorder->tap != NULL && !g_atomic_int_get (&recorder->is_tap_closed))
    whis_tap_push (recorder->tap, samples, n_samples);
  if (recorder->encoder != NULL
      && !whis_codec_push (recorder->encoder, samples, n_samples * sizeof *samples)
      && !recorder->failed)
    recorder_fail (recorder,
                   g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                                        _ ("Recording failed: the sound could not be encoded.")));
}

static void
record_held (WhisRecorder *recorder)
{
  g_autoptr (GArray) held =
      recorder->pause != NULL ? whis_pause_buffer_take (recorder->pause) : NULL;

  if (held != NULL)
    recorder_record (recorder, (const gint16 *) (gconstpointer) held->data, held->len);
}

static void
hear_all (WhisRecorder *recorder, const gint16 *samples, gsize n_samples)
{
  gsize n_left = n_samples;

  while (n_left > 0)
    {
      gsize n = MIN (n_left, SLICE_SAMPLES - recorder->n_sliced);

      hear_part (recorder, samples + (n_samples - n_left), n);
      n_left -= n;
    }

  if (whis_recorder_holds (recorder))
    {
      whis_pause_buffer_push (recorder->pause, samples, n_samples);
      return;
    }

  record_held (recorder);
  recorder_record (recorder, samples, n_samples);
}

/* In pieces as a microphone gives them: a pause is looked for after each. */
static void
hear_inherited (WhisRecorder *recorder)
{
  g_autoptr (GArray) inherited = g_steal_pointer (&recorder->inherited);

  for (guint at = 0; inherited != NULL && at < inherited->len; at += SLICE_SAMPLES)
    hear_all (recorder, &g_array_index (inherited, gint16, at),
              MIN (SLICE_SAMPLES, inherited->len - at));
}

/**
 * whis_recorder_hear:
 * @recorder: a recorder, prepared if it records
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 *
 * Hears sound. When it records, the frames are stored, and chunks are cut, before this returns: it
 * may wait for the disk.
 *
 * Returns: %FALSE when the sound was not taken, because the recorder is to stop or has finished
 */
gboolean
whis_recorder_hear (WhisRecorder *recorder, const gint16 *samples, gsize n_samples)
{
  gboolean taken;

  g_return_val_if_fail (recorder != NULL, FALSE);

  if (reached_stop (recorder))
    return FALSE;

  g_mutex_lock (&recorder->feed_lock);
  taken = !recorder->finished;
  if (taken)
    {
      hear_inherited (recorder);
      hear_all (recorder, samples, n_samples);
    }
  g_mutex_unlock (&recorder->feed_lock);

  return taken;
}

/**
 * whis_recorder_pass_frame:
 * @recorder: a recorder that cuts a recording that exists
 * @n_skipped: how many bytes before the frame are no frame
 * @size: length of the frame in bytes
 *
 * Tells of the next frame in the file.
 */
void
whis_recorder_pass_frame (WhisRecorder *recorder, gsize n_skipped, gsize size)
{
  g_return_if_fail (recorder != NULL);
  g_return_if_fail (recorder->chunker != NULL && recorder->recording == NULL);

  g_mutex_lock (&recorder->feed_lock);
  if (!recorder->finished)
    {
      whis_chunker_skip_bytes (recorder->chunker, n_skipped);
      whis_chunker_add_frame (recorder->chunker, size);
      emit_chunks (recorder, whis_chunker_next);
    }
  g_mutex_unlock (&recorder->feed_lock);
}

static void
finish_recording (WhisRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  hear_inherited (recorder);
  record_held (recorder);
  if (recorder->tap != NULL)
    whis_tap_finish (recorder->tap);
  if (recorder->encoder != NULL)
    whis_codec_end (recorder->encoder);
  whis_voice_finish (recorder->voice);
  apply_decisions (recorder);
  recorder_measure (recorder, NULL, 0);
  emit_chunks (recorder, whis_chunker_flush);

  if (recorder->recording == NULL)
    return;
  if (!whis_recording_sync (recorder->recording, &error))
    g_debug ("Recording not flushed to the disk: %s", error->message);
  check_saved (recorder);
}

/**
 * whis_recorder_finish:
 * @recorder: a recorder
 *
 * No more sound comes: tells the last chunks. This waits for the disk.
 */
void
whis_recorder_finish (WhisRecorder *recorder)
{
  g_return_if_fail (recorder != NULL);

  g_mutex_lock (&recorder->feed_lock);
  if (!recorder->finished && recorder->chunker != NULL)
    finish_recording (recorder);
  recorder->finished = TRUE;
  g_mutex_unlock (&recorder->feed_lock);
}

/**
 * whis_recorder_save:
 * @recorder: a recorder that has finished
 *
 * Tries to write what the disk would not take. This waits for the disk.
 *
 * Returns: whether all of the recording is in its file
 */
gboolean
whis_recorder_save (WhisRecorder *recorder)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (recorder != NULL, TRUE);

  if (recorder->recording == NULL)
    return TRUE;

  g_mutex_lock (&recorder->feed_lock);
  if (!whis_recording_sync (recorder->recording, &error))
    g_debug ("Still not saved: %s", error->message);
  check_saved (recorder);
  g_mutex_unlock (&recorder->feed_lock);

  return whis_recording_get_saved (recorder->recording);
}

/**
 * whis_recorder_stop_after:
 * @recorder: a recorder
 * @tail_ms: how much more sound is still taken, in milliseconds
 */
void
whis_recorder_stop_after (WhisRecorder *recorder, guint tail_ms)
{
  g_return_if_fail (recorder != NULL);

  g_mutex_lock (&recorder->lock);
  recorder->stop_at = recorder->n_samples + (guint64) tail_ms * SAMPLES_PER_MS;
  g_mutex_unlock (&recorder->lock);
}

/**
 * whis_recorder_get_elapsed_ms:
 * @recorder: a recorder
 *
 * Returns: how much sound was heard, in milliseconds
 */
guint64
whis_recorder_get_elapsed_ms (WhisRecorder *recorder)
{
  guint64 ms;

  g_return_val_if_fail (recorder != NULL, 0);

  g_mutex_lock (&recorder->lock);
  ms = recorder->n_samples / SAMPLES_PER_MS;
  g_mutex_unlock (&recorder->lock);

  return ms;
}

/**
 * whis_recorder_get_quiet_ms:
 * @recorder: a recorder that records
 * @has_spoken: (out) (optional): whether speech was heard at all
 *
 * Returns: for how long no speech was heard, in milliseconds of sound: since the last, or since the
 *   start
 */
guint64
whis_recorder_get_quiet_ms (WhisRecorder *recorder, gboolean *has_spoken)
{
  guint64 ms;

  g_return_val_if_fail (recorder != NULL, 0);

  g_mutex_lock (&recorder->lock);
  ms = recorder->quiet_ms + (recorder->has_spoken ? 0 : recorder->quiet_before_ms);
  if (has_spoken != NULL)
    *has_spoken = recorder->has_spoken;
  g_mutex_unlock (&recorder->lock);

  return ms;
}

/**
 * whis_recorder_is_busy:
 * @recorder: a recorder
 *
 * Returns: whether it is at work with some sound at this moment, such as waiting for the disk
 */
gboolean
whis_recorder_is_busy (WhisRecorder *recorder)
{
  g_return_val_if_fail (recorder != NULL, FALSE);

  if (!g_mutex_trylock (&recorder->feed_lock))
    return TRUE;

  g_mutex_unlock (&recorder->feed_lock);

  return FALSE;
}
