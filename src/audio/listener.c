/* SPDX-License-Identifier: MIT */
#include "listener.h"

#include <math.h>
#include <stdlib.h>

#include "chunker.h"
#include "voice.h"

#define SAMPLES_PER_MS (WHIS_VOICE_RATE / 1000)
#define FRAME_SAMPLES 576

/* A peak every 100 ms; also how much the voice detector takes at a time. */
#define SLICE_SAMPLES (100 * SAMPLES_PER_MS)

/* LAME's delay of 576 samples and the decoder's of 529: what is spoken now is in the file 69 ms
 * further on. */
#define CODEC_DELAY_MS ((576 + 529) / SAMPLES_PER_MS)

/* -72 dBFS. The noise of the worst live microphone is louder, a muted one is at 0 or 1. */
#define QUIET_PEAK 8

/**
 * WhisListener:
 *
 * What becomes of sound: level, voice, frames on disk, chunks. It knows no GStreamer.
 *
 * Sound and frames come from one thread, another one may stop it and read the counters.
 */
struct _WhisListener
{
  WhisListenerFuncs funcs;
  gpointer user_data;

  /* guards what follows; held while writing to disk */
  GMutex feed_lock;
  WhisRecording *recording;
  WhisChunker *chunker;
  WhisVoice *voice;
  gboolean finished;
  guint peak;
  guint n_sliced;
  guint64 voice_ms;

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
  listener->stop_at = G_MAXUINT64;
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

  whis_recording_free (listener->recording);
  whis_chunker_free (listener->chunker);
  whis_voice_free (listener->voice);
  g_mutex_clear (&listener->feed_lock);
  g_mutex_clear (&listener->lock);
  g_free (listener);
}

/**
 * whis_listener_record:
 * @listener: a listener that has heard nothing
 * @recording: (transfer full): where the frames go
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
  listener->voice = whis_voice_new ();
  listener->chunker =
      whis_chunker_new (dictation, longest_chunk_ms, FRAME_SAMPLES / SAMPLES_PER_MS);
  whis_chunker_add_voice (listener->chunker, CODEC_DELAY_MS, FALSE);
}

static void
take_decisions (WhisListener *listener)
{
  gboolean heard;

  while (whis_voice_next (listener->voice, &heard))
    {
      whis_chunker_add_voice (listener->chunker, WHIS_VOICE_STEP_MS, heard);
      if (heard)
        listener->voice_ms += WHIS_VOICE_STEP_MS;
    }
}

static void
tell_chunks (WhisListener *listener, WhisChunk *(*cut) (WhisChunker *) )
{
  WhisChunk *chunk;

  while ((chunk = cut (listener->chunker)) != NULL)
    {
      if (listener->funcs.chunk != NULL)
        listener->funcs.chunk (chunk, listener->user_data);
      else
        whis_chunk_free (chunk);
    }
}

static void
measure (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  guint peak = 0;

  for (gsize i = 0; i < n_samples; i++)
    peak = MAX (peak, (guint) abs (samples[i]));

  listener->peak = MAX (listener->peak, peak);

  g_mutex_lock (&listener->lock);
  listener->n_samples += n_samples;
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
      whis_voice_push (listener->voice, samples, n_samples);
      take_decisions (listener);
    }

  measure (listener, samples, n_samples);
  listener->n_sliced += n_samples;
  if (listener->n_sliced == SLICE_SAMPLES)
    tell_level (listener);
}

static gboolean
reached_stop (WhisListener *listener, gboolean *first)
{
  gboolean reached;

  g_mutex_lock (&listener->lock);
  reached = listener->n_samples >= listener->stop_at;
  *first = listener->n_samples == 0;
  g_mutex_unlock (&listener->lock);

  return reached;
}

/**
 * whis_listener_hear:
 * @listener: a listener
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 *
 * Hears sound, before its frames are stored.
 *
 * Returns: %FALSE when the sound was not taken, because the listener is to stop or has finished
 */
gboolean
whis_listener_hear (WhisListener *listener, const gint16 *samples, gsize n_samples)
{
  gboolean first;
  gboolean taken;

  g_return_val_if_fail (listener != NULL, FALSE);

  if (reached_stop (listener, &first))
    return FALSE;

  g_mutex_lock (&listener->feed_lock);

  taken = !listener->finished;
  if (taken && first && n_samples > 0 && listener->funcs.started != NULL)
    listener->funcs.started (listener->user_data);

  while (taken && n_samples > 0)
    {
      gsize n = MIN (n_samples, SLICE_SAMPLES - listener->n_sliced);

      hear_part (listener, samples, n);
      samples += n;
      n_samples -= n;
    }

  g_mutex_unlock (&listener->feed_lock);

  return taken;
}

/**
 * whis_listener_store:
 * @listener: a listener that records
 * @frame: (array length=size): one MP3 frame
 * @size: its length in bytes
 * @error: return location for a [error@AudioError]
 *
 * Appends a frame to the recording, and cuts. This waits for the disk.
 *
 * Returns: whether the frame is in the file; frames after the end are not, without an error
 */
gboolean
whis_listener_store (WhisListener *listener, const void *frame, gsize size, GError **error)
{
  gboolean stored = FALSE;

  g_return_val_if_fail (listener != NULL, FALSE);
  g_return_val_if_fail (listener->recording != NULL, FALSE);

  g_mutex_lock (&listener->feed_lock);

  if (!listener->finished)
    {
      stored = whis_recording_append (listener->recording, frame, size, error);
      if (stored)
        {
          whis_chunker_add_frame (listener->chunker, size);
          tell_chunks (listener, whis_chunker_next);
        }
    }

  g_mutex_unlock (&listener->feed_lock);

  return stored;
}

static void
finish_recording (WhisListener *listener)
{
  g_autoptr (GError) error = NULL;

  whis_voice_finish (listener->voice);
  take_decisions (listener);
  measure (listener, NULL, 0);
  tell_chunks (listener, whis_chunker_flush);

  if (!whis_recording_sync (listener->recording, &error))
    g_debug ("Recording not flushed to the disk: %s", error->message);
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
  if (!listener->finished && listener->recording != NULL)
    finish_recording (listener);
  listener->finished = TRUE;
  g_mutex_unlock (&listener->feed_lock);
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
