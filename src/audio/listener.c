/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <math.h>
#include <stdlib.h>

#include <glib/gi18n-lib.h>

#include "wav.h"

#include "chunker.h"
#include "codec.h"
#include "tap.h"
#include "voice.h"

#define SAMPLES_PER_MS (WHIS_VOICE_RATE / 1000)

/* A peak every 100 ms; also how much the voice detector takes at a time. */
#define SLICE_SAMPLES (100 * SAMPLES_PER_MS)

/* LAME's delay of 576 samples and the decoder's of 529: what is spoken now is in an MP3 file 69 ms
 * further on. */
#define CODEC_DELAY_MS ((576 + 529) / SAMPLES_PER_MS)

/* -72 dBFS. The noise of the worst live microphone is louder, a muted one is at 0 or 1. */
#define QUIET_PEAK 8

/* -66 dBFS. A live microphone has some noise that is louder, within so long. */
#define SILENT_PEAK 16
#define SILENT_SAMPLES (3000 * SAMPLES_PER_MS)

/* A microphone that gave sound before, and then only zeros for so long, was muted. */
#define MUTED_SAMPLES (5000 * SAMPLES_PER_MS)

/**
 * WhisListener:
 *
 * What becomes of sound: level, voice, frames on disk, chunks. It does not know where the sound
 * comes from.
 *
 * Sound comes from one thread at a time, another one may stop it and read the counters.
 */
struct _WhisListener
{
  WhisListenerFuncs funcs;
  gpointer user_data;

  /* guards what follows; held while writing to disk */
  GMutex feed_lock;
  WhisRecording *recording;
  WhisCodec *encoder;
  guint tap_rate;   /* 0 for none */
  gint is_tap_shut; /* atomic */
  WhisTap *tap;
  guint bitrate; /* kbit/s */
  WhisChunkMargins margins;
  WhisChunker *chunker;
  WhisVoice *voice;
  gboolean finished;
  gboolean failed;
  gboolean saved;
  guint peak;
  guint n_sliced;
  guint64 voice_ms;
  gsize n_deaf;      /* samples without a decision */
  guint64 n_prelude; /* samples that were in earlier chunks */
  guint prelude_ms;  /* decisions about them */
  guint loudest;     /* of this microphone */
  guint64 n_since;   /* samples of this microphone */
  guint64 n_zero;    /* zeros in a row */
  gboolean silent;

  /* guards what follows; held for a moment only */
  GMutex lock;
  guint64 n_samples;
  guint64 n_quiet;
  guint64 stop_at;
  gboolean had_speech;
};

/**
 * whis_listener_new:
 * @funcs: (scope notified): what to call
 * @user_data: for @funcs
 *
 * Returns: (transfer full): a listener that only measures the level
 */
WhisListener *
whis_listener_new (const WhisListenerFuncs *funcs, gpointer user_data)
{
  WhisListener *listener;

  g_return_val_if_fail (funcs != NULL, NULL);

  listener = g_new0 (WhisListener, 1);
  listener->funcs = *funcs;
  listener->user_data = user_data;
  listener->bitrate = WHIS_CODEC_BITRATE;
  listener->margins = (WhisChunkMargins) WHIS_CHUNK_MARGINS_INIT;
  listener->stop_at = G_MAXUINT64;
  listener->saved = TRUE;
  g_mutex_init (&listener->feed_lock);
  g_mutex_init (&listener->lock);

  return listener;
}

/**
 * whis_listener_free:
 * @listener: (transfer full) (nullable): a listener
 */
void
whis_listener_free (WhisListener *listener)
{
  if (listener == NULL)
    return;

  whis_codec_free (listener->encoder);
  whis_tap_free (listener->tap);
  whis_recording_free (listener->recording);
  whis_chunker_free (listener->chunker);
  whis_voice_free (listener->voice);
  g_mutex_clear (&listener->feed_lock);
  g_mutex_clear (&listener->lock);
  g_free (listener);
}

/**
 * whis_listener_set_bitrate:
 * @listener: a listener that is not prepared
 * @kbps: rate of the recording in kbit/s, one of %WHIS_CODEC_BITRATE and its like
 */
void
whis_listener_set_bitrate (WhisListener *listener, guint kbps)
{
  g_return_if_fail (listener != NULL && listener->encoder == NULL);
  g_return_if_fail (whis_codec_has_bitrate (kbps));

  listener->bitrate = kbps;
}

/**
 * whis_listener_set_margins:
 * @listener: a listener that does not cut yet
 * @margins: how much silence is wanted around speech
 */
void
whis_listener_set_margins (WhisListener *listener, const WhisChunkMargins *margins)
{
  g_return_if_fail (listener != NULL && listener->chunker == NULL);
  g_return_if_fail (margins != NULL);

  listener->margins = *margins;
}

static void
make_chunker (WhisListener *listener, const char *dictation, guint longest_chunk_ms)
{
  listener->voice = whis_voice_new ();
  listener->chunker = whis_chunker_new (dictation, longest_chunk_ms, WHIS_CODEC_FRAME_MS);
  whis_chunker_set_margins (listener->chunker, &listener->margins);
}

/**
 * whis_listener_record:
 * @listener: a listener that has heard nothing
 * @recording: (transfer full): where the frames go; a WAV file if the rate is
 *   %WHIS_CODEC_LOSSLESS, and only then
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 *
 * Makes the listener record and cut.
 */
void
whis_listener_record (WhisListener *listener,
                      WhisRecording *recording,
                      const char *dictation,
                      guint longest_chunk_ms)
{
  g_return_if_fail (listener != NULL);
  g_return_if_fail (recording != NULL);
  g_return_if_fail (listener->recording == NULL);

  listener->recording = recording;
  make_chunker (listener, dictation, longest_chunk_ms);
  if (listener->bitrate == WHIS_CODEC_LOSSLESS)
    whis_chunker_skip_bytes (listener->chunker, WHIS_WAV_HEADER_SIZE);
  else
    whis_chunker_add_voice (listener->chunker, CODEC_DELAY_MS, FALSE);
}

/**
 * whis_listener_tap:
 * @listener: a listener that has heard nothing
 * @rate: samples in a second
 *
 * Makes a listener that records pass on what it hears.
 */
void
whis_listener_tap (WhisListener *listener, guint rate)
{
  g_return_if_fail (listener != NULL);
  g_return_if_fail (listener->tap == NULL && rate > 0);

  listener->tap_rate = rate;
}

/**
 * whis_listener_open_tap:
 * @listener: a listener with a tap
 * @is_open: whether what is heard is passed on from now on; it is at first
 *
 * May be called in any thread.
 */
void
whis_listener_open_tap (WhisListener *listener, gboolean is_open)
{
  g_return_if_fail (listener != NULL);

  g_atomic_int_set (&listener->is_tap_shut, !is_open);
}

/**
 * whis_listener_recut:
 * @listener: a listener that has heard nothing
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 * @index: index of the first chunk
 * @start_frame: the frame that the first chunk begins with
 * @end_of_previous: the first frame that was in no chunk, at least @start_frame
 * @first_frame: the frame whose sound is heard first, at most @start_frame
 * @first_offset: where that frame is in the file
 * @grid_ms: how much of the first sound is passed over, in milliseconds; less than a frame or two
 *
 * Makes the listener cut a recording that exists. It is to hear the sound of its frames, and is
 * told of each with [method@Listener.pass_frame].
 */
void
whis_listener_recut (WhisListener *listener,
                     const char *dictation,
                     guint longest_chunk_ms,
                     guint index,
                     guint64 start_frame,
                     guint64 end_of_previous,
                     guint64 first_frame,
                     guint64 first_offset,
                     guint grid_ms)
{
  g_return_if_fail (listener != NULL);
  g_return_if_fail (listener->chunker == NULL);

  g_mutex_lock (&listener->feed_lock);
  make_chunker (listener, dictation, longest_chunk_ms);
  whis_chunker_resume (listener->chunker, index, start_frame, end_of_previous, first_frame,
                       first_offset);
  whis_chunker_add_voice (listener->chunker, grid_ms, FALSE);
  listener->n_deaf = grid_ms * SAMPLES_PER_MS;
  listener->n_prelude = (end_of_previous - first_frame) * WHIS_CODEC_FRAME_SAMPLES;
  listener->prelude_ms = (guint) (listener->n_prelude / SAMPLES_PER_MS);
  g_mutex_unlock (&listener->feed_lock);

  g_mutex_lock (&listener->lock);
  listener->n_samples = end_of_previous * WHIS_CODEC_FRAME_SAMPLES;
  g_mutex_unlock (&listener->lock);
}

static void
take_decisions (WhisListener *listener)
{
  WhisVoiceKind heard;

  while (whis_voice_next (listener->voice, &heard))
    {
      if (heard == WHIS_VOICE_SOUND)
        whis_chunker_add_sound (listener->chunker, WHIS_VOICE_STEP_MS);
      else
        whis_chunker_add_voice (listener->chunker, WHIS_VOICE_STEP_MS, heard == WHIS_VOICE_SPEECH);
      if (listener->prelude_ms > 0)
        listener->prelude_ms -= MIN (listener->prelude_ms, WHIS_VOICE_STEP_MS);
      else if (heard == WHIS_VOICE_SPEECH)
        listener->voice_ms += WHIS_VOICE_STEP_MS;
    }
}

static void
tell_chunks (WhisListener *listener, WhisChunk *(*cut) (WhisChunker *) )
{
  WhisChunk *chunk;

  while ((chunk = cut (listener->chunker)) != NULL)
    {
      if (listener->tap != NULL)
        whis_tap_flush (listener->tap);
      if (listener->funcs.chunk != NULL)
        listener->funcs.chunk (chunk, listener->user_data);
      else
        whis_chunk_free (chunk);
    }
}

static gboolean
sounds_silent (WhisListener *listener, guint peak)
{
  if (listener->silent)
    return peak <= (listener->loudest > SILENT_PEAK ? 1 : SILENT_PEAK);

  return (listener->loudest <= SILENT_PEAK && listener->n_since >= SILENT_SAMPLES)
         || listener->n_zero >= MUTED_SAMPLES;
}

static void
notice_silence (WhisListener *listener, guint peak, gsize n_samples)
{
  gboolean silent;

  listener->n_since += n_samples;
  listener->n_zero = peak == 0 ? listener->n_zero + n_samples : 0;
  listener->loudest = MAX (listener->loudest, peak);

  silent = sounds_silent (listener, peak);
  if (silent == listener->silent)
    return;

  listener->silent = silent;
  if (listener->funcs.silent != NULL)
    listener->funcs.silent (silent, listener->user_data);
}

static void
measure (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  gsize n_again = (gsize) MIN (n_samples, listener->n_prelude);
  guint peak = 0;

  for (gsize i = 0; i < n_samples; i++)
    peak = MAX (peak, (guint) abs (samples[i]));

  listener->peak = MAX (listener->peak, peak);
  listener->n_prelude -= n_again;
  notice_silence (listener, peak, n_samples);

  g_mutex_lock (&listener->lock);
  listener->n_samples += n_samples - n_again;
  listener->n_quiet = peak > QUIET_PEAK ? 0 : listener->n_quiet + n_samples;
  listener->had_speech = listener->voice_ms >= WHIS_CHUNKER_SPEECH_MS;
  g_mutex_unlock (&listener->lock);
}

static void
tell_level (WhisListener *listener)
{
  double peak_db = 20 * log10 (MAX (listener->peak, 1) / 32768.0);

  listener->peak = 0;
  listener->n_sliced = 0;
  if (listener->funcs.level != NULL)
    listener->funcs.level (peak_db, listener->user_data);
}

static void
hear_part (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  if (listener->voice != NULL)
    {
      gsize n_deaf = MIN (n_samples, listener->n_deaf);

      listener->n_deaf -= n_deaf;
      whis_voice_push (listener->voice, samples + n_deaf, n_samples - n_deaf);
      take_decisions (listener);
    }

  measure (listener, samples, n_samples);
  listener->n_sliced += n_samples;
  if (listener->n_sliced == SLICE_SAMPLES)
    tell_level (listener);
}

static gboolean
reached_stop (WhisListener *listener)
{
  gboolean reached;

  g_mutex_lock (&listener->lock);
  reached = listener->n_samples >= listener->stop_at;
  g_mutex_unlock (&listener->lock);

  return reached;
}

static void
check_saved (WhisListener *listener)
{
  gboolean saved = whis_recording_get_saved (listener->recording);

  if (saved == listener->saved)
    return;

  listener->saved = saved;
  if (listener->funcs.saved != NULL)
    listener->funcs.saved (saved, whis_recording_is_full (listener->recording),
                           listener->user_data);
}

static void
fail (WhisListener *listener, GError *error)
{
  listener->failed = TRUE;
  whis_listener_stop_after (listener, 0);
  if (listener->funcs.failed != NULL)
    listener->funcs.failed (error, listener->user_data);
  else
    g_error_free (error);
}

static void
tell_sound (GBytes *samples, gpointer user_data)
{
  WhisListener *listener = user_data;

  if (listener->funcs.sound != NULL)
    listener->funcs.sound (samples, listener->user_data);
  else
    g_bytes_unref (samples);
}

/* One frame comes out of the encoder, which hear() or finish() has just fed. */
static gboolean
store (const void *frame, gsize size, gpointer user_data)
{
  WhisListener *listener = user_data;
  GError *error = NULL;

  if (!whis_recording_append (listener->recording, frame, size, &error))
    {
      fail (listener, error);
      return FALSE;
    }

  whis_chunker_add_frame (listener->chunker, size);
  tell_chunks (listener, whis_chunker_next);
  check_saved (listener);

  return TRUE;
}

/**
 * whis_listener_prepare:
 * @listener: a listener
 * @error: return location for a [error@AudioError]
 *
 * Makes the file of a listener that records, and what it needs of GStreamer, which must have been
 * initialised. Not for the main loop.
 *
 * Returns: whether the listener can hear; otherwise `STORAGE` or `FAILED` is set
 */
gboolean
whis_listener_prepare (WhisListener *listener, GError **error)
{
  gboolean ready;

  g_return_val_if_fail (listener != NULL, FALSE);

  g_mutex_lock (&listener->feed_lock);
  if (listener->recording != NULL && !whis_recording_open (listener->recording, error))
    {
      g_mutex_unlock (&listener->feed_lock);
      return FALSE;
    }
  if (listener->recording != NULL && listener->encoder == NULL)
    listener->encoder = whis_codec_new_encoder (listener->bitrate, store, listener, error);
  if (listener->recording != NULL && listener->tap_rate > 0 && listener->tap == NULL)
    listener->tap = whis_tap_new (listener->tap_rate, tell_sound, listener);
  ready = listener->recording == NULL || listener->encoder != NULL;
  g_mutex_unlock (&listener->feed_lock);

  return ready;
}

/**
 * whis_listener_change_microphone:
 * @listener: a listener
 *
 * Tells that what is heard from here on comes from another microphone, which may be silent for
 * itself.
 */
void
whis_listener_change_microphone (WhisListener *listener)
{
  g_return_if_fail (listener != NULL);

  g_mutex_lock (&listener->feed_lock);
  listener->loudest = 0;
  listener->n_since = 0;
  listener->n_zero = 0;
  g_mutex_unlock (&listener->feed_lock);
}

static void
hear_all (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  gsize n_left = n_samples;

  while (n_left > 0)
    {
      gsize n = MIN (n_left, SLICE_SAMPLES - listener->n_sliced);

      hear_part (listener, samples + (n_samples - n_left), n);
      n_left -= n;
    }

  if (listener->tap != NULL && !g_atomic_int_get (&listener->is_tap_shut))
    whis_tap_push (listener->tap, samples, n_samples);
  if (listener->encoder != NULL
      && !whis_codec_push (listener->encoder, samples, n_samples * sizeof *samples)
      && !listener->failed)
    fail (listener, g_error_new_literal (WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FAILED,
                                         _ ("Recording failed: the sound could not be encoded.")));
}

/**
 * whis_listener_hear:
 * @listener: a listener, prepared if it records
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 *
 * Hears sound. When it records, the frames are stored, and chunks are cut, before this returns: it
 * may wait for the disk.
 *
 * Returns: %FALSE when the sound was not taken, because the listener is to stop or has finished
 */
gboolean
whis_listener_hear (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  gboolean taken;

  g_return_val_if_fail (listener != NULL, FALSE);

  if (reached_stop (listener))
    return FALSE;

  g_mutex_lock (&listener->feed_lock);
  taken = !listener->finished;
  if (taken)
    hear_all (listener, samples, n_samples);
  g_mutex_unlock (&listener->feed_lock);

  return taken;
}

/**
 * whis_listener_pass_frame:
 * @listener: a listener that cuts a recording that exists
 * @n_skipped: how many bytes before the frame are no frame
 * @size: length of the frame in bytes
 *
 * Tells of the next frame in the file.
 */
void
whis_listener_pass_frame (WhisListener *listener, gsize n_skipped, gsize size)
{
  g_return_if_fail (listener != NULL);
  g_return_if_fail (listener->chunker != NULL && listener->recording == NULL);

  g_mutex_lock (&listener->feed_lock);
  if (!listener->finished)
    {
      whis_chunker_skip_bytes (listener->chunker, n_skipped);
      whis_chunker_add_frame (listener->chunker, size);
      tell_chunks (listener, whis_chunker_next);
    }
  g_mutex_unlock (&listener->feed_lock);
}

static void
finish_recording (WhisListener *listener)
{
  g_autoptr (GError) error = NULL;

  if (listener->tap != NULL)
    whis_tap_finish (listener->tap);
  if (listener->encoder != NULL)
    whis_codec_end (listener->encoder);
  whis_voice_finish (listener->voice);
  take_decisions (listener);
  measure (listener, NULL, 0);
  tell_chunks (listener, whis_chunker_flush);

  if (listener->recording == NULL)
    return;
  if (!whis_recording_sync (listener->recording, &error))
    g_debug ("Recording not flushed to the disk: %s", error->message);
  check_saved (listener);
}

/**
 * whis_listener_finish:
 * @listener: a listener
 *
 * No more sound comes: tells the last chunks. This waits for the disk.
 */
void
whis_listener_finish (WhisListener *listener)
{
  g_return_if_fail (listener != NULL);

  g_mutex_lock (&listener->feed_lock);
  if (!listener->finished && listener->chunker != NULL)
    finish_recording (listener);
  listener->finished = TRUE;
  g_mutex_unlock (&listener->feed_lock);
}

/**
 * whis_listener_save:
 * @listener: a listener that has finished
 *
 * Tries to write what the disk would not take. This waits for the disk.
 *
 * Returns: whether all of the recording is in its file
 */
gboolean
whis_listener_save (WhisListener *listener)
{
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (listener != NULL, TRUE);

  if (listener->recording == NULL)
    return TRUE;

  g_mutex_lock (&listener->feed_lock);
  if (!whis_recording_sync (listener->recording, &error))
    g_debug ("Still not saved: %s", error->message);
  check_saved (listener);
  g_mutex_unlock (&listener->feed_lock);

  return whis_recording_get_saved (listener->recording);
}

/**
 * whis_listener_get_saved:
 * @listener: a listener
 *
 * Returns: whether all of the recording is in its file
 */
gboolean
whis_listener_get_saved (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, TRUE);

  return listener->recording == NULL || whis_recording_get_saved (listener->recording);
}

/**
 * whis_listener_dup_unsaved:
 * @listener: a listener
 * @offset: first byte
 * @size: how many bytes
 *
 * Returns: (transfer full) (nullable): these bytes of the recording, or %NULL when all of them are
 *   in the file
 */
GBytes *
whis_listener_dup_unsaved (WhisListener *listener, guint64 offset, guint64 size)
{
  g_return_val_if_fail (listener != NULL, NULL);

  return listener->recording != NULL
             ? whis_recording_dup_unsaved (listener->recording, offset, size)
             : NULL;
}

/**
 * whis_listener_get_size:
 * @listener: a listener
 *
 * Returns: the length of the recording in bytes, in the file and in memory
 */
guint64
whis_listener_get_size (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, 0);

  return listener->recording != NULL ? whis_recording_get_size (listener->recording) : 0;
}

/**
 * whis_listener_dup_lock:
 * @listener: a listener
 *
 * Returns: another descriptor of the recording, see whis_recording_dup_lock(); -1 without one
 */
int
whis_listener_dup_lock (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, -1);

  return listener->recording != NULL ? whis_recording_dup_lock (listener->recording) : -1;
}

/**
 * whis_listener_stop_after:
 * @listener: a listener
 * @tail_ms: how much more sound is still taken, in milliseconds
 */
void
whis_listener_stop_after (WhisListener *listener, guint tail_ms)
{
  g_return_if_fail (listener != NULL);

  g_mutex_lock (&listener->lock);
  listener->stop_at = listener->n_samples + (guint64) tail_ms * SAMPLES_PER_MS;
  g_mutex_unlock (&listener->lock);
}

static guint64
read_ms (WhisListener *listener, const guint64 *n_samples)
{
  guint64 ms;

  g_mutex_lock (&listener->lock);
  ms = *n_samples / SAMPLES_PER_MS;
  g_mutex_unlock (&listener->lock);

  return ms;
}

/**
 * whis_listener_get_elapsed_ms:
 * @listener: a listener
 *
 * Returns: how much sound was heard, in milliseconds
 */
guint64
whis_listener_get_elapsed_ms (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, 0);

  return read_ms (listener, &listener->n_samples);
}

/**
 * whis_listener_get_quiet_ms:
 * @listener: a listener
 *
 * Returns: for how long there has been no signal at all (below -72 dBFS), in milliseconds
 */
guint64
whis_listener_get_quiet_ms (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, 0);

  return read_ms (listener, &listener->n_quiet);
}

/**
 * whis_listener_is_busy:
 * @listener: a listener
 *
 * Returns: whether it is at work with some sound at this moment, such as waiting for the disk
 */
gboolean
whis_listener_is_busy (WhisListener *listener)
{
  g_return_val_if_fail (listener != NULL, FALSE);

  if (!g_mutex_trylock (&listener->feed_lock))
    return TRUE;

  g_mutex_unlock (&listener->feed_lock);

  return FALSE;
}

/**
 * whis_listener_get_had_speech:
 * @listener: a listener
 *
 * Returns: whether speech was heard so far
 */
gboolean
whis_listener_get_had_speech (WhisListener *listener)
{
  gboolean had_speech;

  g_return_val_if_fail (listener != NULL, FALSE);

  g_mutex_lock (&listener->lock);
  had_speech = listener->had_speech;
  g_mutex_unlock (&listener->lock);

  return had_speech;
}
