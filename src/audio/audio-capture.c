/* SPDX-License-Identifier: MIT */
#include "audio-capture.h"

#include <glib/gi18n-lib.h>

#include "capture-error.h"
#include "cue-filter.h"
#include "frame-format.h"
#include "gstreamer.h"
#include "event.h"
#include "pipeline.h"
#include "wav.h"

#define LONGEST_CHUNK_MS 30000
#define SHORTEST_LONGEST_CHUNK_MS 10000

/* How often a disk that refuses is tried again once the recording has ended. */
#define SAVE_INTERVAL_MS 1000

/**
 * WhisAudioCapture:
 *
 * A capture that hears sound from GStreamer in this process, and cuts or records it.
 *
 * Nothing here waits on the main loop; GStreamer is initialised, and sound servers are talked to,
 * in threads, which tell by events what happens.
 */
typedef struct
{
  char *dictation;
  WhisRecording *recording; /* NULL where nothing is recorded */
  guint longest_chunk_ms;
  WhisChunkMargins margins;
  guint bitrate;
  guint live_rate;
  guint pause_ms;

  WhisRecorder *recorder;
  GMutex cue_lock;           /* one thread feeds the filter at a time */
  WhisCueFilter *cue_filter; /* nullable */
  WhisSoundSource *source;   /* the one that counts; others are being closed */
  gboolean opening;          /* a thread is opening it */
  gint64 opened_at;
  GSource *save_timer;
  gboolean saving;
} WhisAudioCapturePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (WhisAudioCapture, whis_audio_capture, WHIS_TYPE_CAPTURE)

static WhisAudioCapturePrivate *
get_private (WhisAudioCapture *self)
{
  return whis_audio_capture_get_instance_private (self);
}

static WhisEvent *
event_new (WhisAudioCapture *self, WhisEventFunc read)
{
  return whis_event_new (self, whis_capture_get_context (WHIS_CAPTURE (self)), read);
}

static WhisEvent *
event_about (WhisAudioCapture *self, WhisSoundSource *source, WhisEventFunc read)
{
  WhisEvent *event = event_new (self, read);

  event->source = whis_sound_source_ref (source);

  return event;
}

static gboolean
is_over (WhisAudioCapture *self)
{
  return whis_capture_get_state (WHIS_CAPTURE (self)) == WHIS_CAPTURE_STATE_ENDED;
}

static gboolean
is_closing (WhisAudioCapture *self)
{
  return whis_capture_get_state (WHIS_CAPTURE (self)) == WHIS_CAPTURE_STATE_CLOSING;
}

/* What is left of the source before does not count. */
static gboolean
is_current (WhisAudioCapture *self, WhisEvent *event)
{
  return !is_over (self) && event->source == get_private (self)->source;
}

/* --- what a source tells, in the main context ------------------------------------------------- */

static void
on_ready (gpointer target, WhisEvent *event)
{
  WhisAudioCaptureClass *klass = WHIS_AUDIO_CAPTURE_GET_CLASS (target);

  if (is_current (target, event) && klass->ready != NULL)
    klass->ready (target);
}

static void
on_opened (gpointer target, WhisEvent *event)
{
  WhisAudioCapture *self = target;
  WhisAudioCapturePrivate *priv = get_private (self);

  if (!is_current (self, event))
    return;

  priv->opening = FALSE;
  priv->opened_at = g_get_monotonic_time ();
  if (WHIS_AUDIO_CAPTURE_GET_CLASS (self)->opened != NULL)
    WHIS_AUDIO_CAPTURE_GET_CLASS (self)->opened (self, event->error);
}

static void
on_started (gpointer target, WhisEvent *event)
{
  WhisAudioCapture *self = target;

  if (is_current (self, event) && !is_closing (self))
    WHIS_AUDIO_CAPTURE_GET_CLASS (self)->started (self, event->ms);
}

static void
on_named (gpointer target, WhisEvent *event)
{
  if (is_current (target, event))
    WHIS_AUDIO_CAPTURE_GET_CLASS (target)->named (target, event->text, event->yes);
}

static void
on_failed (gpointer target, WhisEvent *event)
{
  WhisAudioCapture *self = target;

  if (is_current (self, event) && !is_closing (self))
    WHIS_AUDIO_CAPTURE_GET_CLASS (self)->failed (self, event->error);
}

static void
on_drained (gpointer target, WhisEvent *event)
{
  WhisAudioCapture *self = target;

  if (!is_current (self, event) || is_closing (self))
    return;

  if (WHIS_AUDIO_CAPTURE_GET_CLASS (self)->drained != NULL)
    WHIS_AUDIO_CAPTURE_GET_CLASS (self)->drained (self);
  whis_capture_end (WHIS_CAPTURE (self));
}

static void
on_plain (gpointer target, WhisEvent *event)
{
  if (!is_over (target) && WHIS_AUDIO_CAPTURE_GET_CLASS (target)->plain != NULL)
    WHIS_AUDIO_CAPTURE_GET_CLASS (target)->plain (target);
}

/* --- what the recorder tells, in the main context --------------------------------------------- */

static void
on_level (gpointer target, WhisEvent *event)
{
  whis_capture_emit_level (target, event->level);
}

static void
on_chunk (gpointer target, WhisEvent *event)
{
  whis_capture_emit_chunk (target, event->chunk);
}

static void
on_sound (gpointer target, WhisEvent *event)
{
  whis_capture_emit_sound (target, event->sound);
}

static void
on_silent (gpointer target, WhisEvent *event)
{
  if (!is_over (target))
    WHIS_AUDIO_CAPTURE_GET_CLASS (target)->silent (target, event->yes);
}

/* Goes on after the end, too: the disk may have room again. */
static void
on_saved (gpointer target, WhisEvent *event)
{
  WhisCapture *self = target;
  WhisAudioCapturePrivate *priv = get_private (target);
  g_autofree char *warning = NULL;

  if (whis_capture_is_cancelled (self))
    return;

  if (event->yes)
    {
      whis_capture_emit_warning (self,
                                 _ ("The disk has room again: all of the recording is saved."));
      whis_capture_emit_saved (self);
      return;
    }

  warning = whis_capture_unsaved_warning (event->full, whis_recording_get_path (priv->recording),
                                          priv->bitrate);
  whis_capture_emit_warning (self, warning);
}

static void
on_broken (gpointer target, WhisEvent *event)
{
  if (is_over (target))
    return;

  whis_capture_take_error (target, g_steal_pointer (&event->error));
  whis_capture_close (target);
}

/* --- from GStreamer's threads ----------------------------------------------------------------- */

static void
on_source_ready (WhisSoundSource *source, gpointer user_data)
{
  whis_event_post (event_about (user_data, source, on_ready));
}

static void
on_source_started (WhisSoundSource *source, gpointer user_data)
{
  WhisAudioCapture *self = user_data;
  WhisEvent *event = event_about (self, source, on_started);

  event->ms = whis_sound_source_query_duration (source);
  whis_event_post (event);

  if (WHIS_AUDIO_CAPTURE_GET_CLASS (self)->named == NULL || !whis_audio_capture_records (self))
    return;

  /* afterwards, because the server has to be asked */
  event = event_about (self, source, on_named);
  event->text = whis_sound_source_dup_name (source);
  whis_event_post (event);
}

static void
on_source_moved (WhisSoundSource *source, gpointer user_data)
{
  WhisAudioCapture *self = user_data;
  WhisEvent *event;

  whis_recorder_change_microphone (get_private (self)->recorder);
  if (WHIS_AUDIO_CAPTURE_GET_CLASS (self)->named == NULL)
    return;

  event = event_about (self, source, on_named);
  event->yes = TRUE;
  event->text = whis_sound_source_dup_name (source);
  whis_event_post (event);
}

static gboolean
audio_capture_hear (const gint16 *samples, gsize n_samples, gpointer user_data)
{
  return whis_recorder_hear (get_private (user_data)->recorder, samples, n_samples);
}

static gboolean
on_source_sound (const gint16 *samples, gsize n_samples, gpointer user_data)
{
  WhisAudioCapturePrivate *priv = get_private (user_data);
  gboolean taken;

  if (priv->cue_filter == NULL)
    return audio_capture_hear (samples, n_samples, user_data);

  g_mutex_lock (&priv->cue_lock);
  taken = whis_cue_filter_push (priv->cue_filter, samples, n_samples);
  g_mutex_unlock (&priv->cue_lock);

  return taken;
}

/* Takes what the filter still holds. */
static void
finish_recorder (WhisAudioCapturePrivate *priv)
{
  if (priv->cue_filter != NULL)
    {
      g_mutex_lock (&priv->cue_lock);
      whis_cue_filter_flush (priv->cue_filter);
      g_mutex_unlock (&priv->cue_lock);
    }
  whis_recorder_finish (priv->recorder);
}

static void
on_source_drained (WhisSoundSource *source, gpointer user_data)
{
  finish_recorder (get_private (user_data));
  whis_event_post (event_about (user_data, source, on_drained));
}

static void
on_source_failed (WhisSoundSource *source, GError *error, gpointer user_data)
{
  WhisEvent *event = event_about (user_data, source, on_failed);

  event->error = error;
  whis_event_post (event);
}

static const WhisSoundSourceFuncs source_funcs = { on_source_ready,   on_source_started,
                                                   on_source_sound,   on_source_moved,
                                                   on_source_drained, on_source_failed };

static void
on_recorder_level (double peak_db, gpointer user_data)
{
  WhisEvent *event;

  if (!WHIS_AUDIO_CAPTURE_GET_CLASS (user_data)->is_live)
    return;

  event = event_new (user_data, on_level);
  event->level = peak_db;
  whis_event_post (event);
}

static void
on_recorder_chunk (WhisChunk *chunk, gpointer user_data)
{
  WhisEvent *event = event_new (user_data, on_chunk);

  event->chunk = chunk;
  whis_event_post (event);
}

static void
on_recorder_sound (GBytes *samples, gpointer user_data)
{
  WhisEvent *event = event_new (user_data, on_sound);

  event->sound = samples;
  whis_event_post (event);
}

static void
on_recorder_silent (gboolean silent, gpointer user_data)
{
  WhisEvent *event;

  if (!WHIS_AUDIO_CAPTURE_GET_CLASS (user_data)->is_live)
    return;

  event = event_new (user_data, on_silent);
  event->yes = silent;
  whis_event_post (event);
}

static void
on_recorder_saved (gboolean saved, gboolean full, gpointer user_data)
{
  WhisEvent *event = event_new (user_data, on_saved);

  event->yes = saved;
  event->full = full;
  whis_event_post (event);
}

static void
on_recorder_broken (GError *error, gpointer user_data)
{
  WhisEvent *event = event_new (user_data, on_broken);

  event->error = error;
  whis_event_post (event);
}

static const WhisRecorderFuncs recorder_funcs = { on_recorder_level, on_recorder_chunk,
                                                  on_recorder_sound, on_recorder_silent,
                                                  on_recorder_saved, on_recorder_broken };

/* --- the source ------------------------------------------------------------------------------- */

static void
open_in_thread (gpointer target, WhisEvent *event)
{
  WhisAudioCapturePrivate *priv = get_private (target);

  if (!whis_gstreamer_start (&event->error)
      || !whis_recorder_prepare (priv->recorder, &event->error))
    return;

  if (event->enhance != 0 && !whis_pipeline_can_enhance ())
    whis_event_post (event_new (target, on_plain));
  whis_recorder_change_microphone (priv->recorder);
  whis_sound_source_open (event->source, &event->error);
}

/**
 * whis_audio_capture_open:
 * @self: a capture without a source
 * @file: a file descriptor, or -1 for a microphone
 * @microphone: (nullable): name of a PulseAudio source, or %NULL for the default one
 * @enhance: [flags@PipelineFlags]
 *
 * Opens a source in a thread. Whether that went well is told by the class.
 */
void
whis_audio_capture_open (WhisAudioCapture *self, int file, const char *microphone, guint enhance)
{
  WhisAudioCapturePrivate *priv = get_private (self);
  WhisEvent *event;

  g_return_if_fail (priv->source == NULL);

  priv->opening = TRUE;
  priv->source = whis_sound_source_new (file, microphone, enhance, &source_funcs, self);
  event = event_about (self, priv->source, on_opened);
  event->enhance = enhance;
  whis_event_work (event, open_in_thread);
}

static void
on_source_closed (gpointer target, WhisEvent *event)
{
  g_debug ("A source of sound is closed");
}

static void
close_source_in_thread (gpointer target, WhisEvent *event)
{
  whis_sound_source_close (event->source);
}

/**
 * whis_audio_capture_drop_source:
 * @self: a capture
 *
 * What the source delivers from here on is not heard. A sound server that hangs does not let go of
 * it, so nobody waits.
 */
void
whis_audio_capture_drop_source (WhisAudioCapture *self)
{
  WhisAudioCapturePrivate *priv = get_private (self);
  WhisEvent *event;

  if (priv->source == NULL)
    return;

  whis_sound_source_mute (priv->source);
  event = event_new (self, on_source_closed);
  event->source = g_steal_pointer (&priv->source);
  whis_event_work (event, close_source_in_thread);
}

static void
prepare_in_thread (gpointer target, WhisEvent *event)
{
  whis_recorder_prepare (get_private (target)->recorder, &event->error);
}

static void
on_prepared (gpointer target, WhisEvent *event)
{
  if (!is_over (target))
    WHIS_AUDIO_CAPTURE_GET_CLASS (target)->prepared (target, event->error);
}

/**
 * whis_audio_capture_prepare_split:
 * @self: a capture without a source, which takes that of another one over
 *
 * Makes its file in a thread. Whether that went well is told by the class.
 */
void
whis_audio_capture_prepare_split (WhisAudioCapture *self)
{
  whis_event_work (event_new (self, on_prepared), prepare_in_thread);
}

/* The filter of the cue has passed on all that it held long ago, unless the pause was the first
 * that was heard. */
static gboolean
audio_capture_split (gpointer former, gpointer next)
{
  return whis_audio_capture_get_delay_ms (former) == 0
         && whis_recorder_split (get_private (former)->recorder, get_private (next)->recorder);
}

/**
 * whis_audio_capture_take_over:
 * @self: a capture that is prepared
 * @former: a capture that records, with a split that was begun
 *
 * Takes the source of @former over at the split, and ends @former there. Does not wait: it can be
 * tried again.
 *
 * Returns: whether the source is that of @self now
 */
gboolean
whis_audio_capture_take_over (WhisAudioCapture *self, WhisAudioCapture *former)
{
  WhisAudioCapturePrivate *priv = get_private (self);
  WhisAudioCapturePrivate *other = get_private (former);

  g_return_val_if_fail (priv->source == NULL, FALSE);

  if (other->source == NULL
      || !whis_sound_source_hand_over (other->source, self, audio_capture_split))
    return FALSE;

  priv->source = g_steal_pointer (&other->source);
  priv->opened_at = other->opened_at;
  whis_capture_close (WHIS_CAPTURE (former));

  return TRUE;
}

gboolean
whis_audio_capture_has_source (WhisAudioCapture *self)
{
  return get_private (self)->source != NULL;
}

gboolean
whis_audio_capture_is_opening (WhisAudioCapture *self)
{
  return get_private (self)->opening;
}

/**
 * whis_audio_capture_get_opened_at:
 * @self: a capture
 *
 * Returns: when the last source was opened, in the microseconds of g_get_monotonic_time()
 */
gint64
whis_audio_capture_get_opened_at (WhisAudioCapture *self)
{
  return get_private (self)->opened_at;
}

/* --- the capture ------------------------------------------------------------------------------ */

/**
 * whis_audio_capture_set_options:
 * @self: a new capture
 * @options: what becomes of its sound; copied
 */
void
whis_audio_capture_set_options (WhisAudioCapture *self, const WhisCaptureOptions *options)
{
  WhisAudioCapturePrivate *priv = get_private (self);
  guint longest_ms = options->longest_chunk_ms;

  g_return_if_fail (options->recording == NULL
                    || (options->bitrate == WHIS_BITRATE_LOSSLESS)
                           == whis_wav_is_name (whis_recording_get_path (options->recording)));

  priv->dictation = g_strdup (options->dictation);
  g_set_object (&priv->recording, options->recording);
  priv->longest_chunk_ms =
      MAX (longest_ms > 0 ? longest_ms : LONGEST_CHUNK_MS, SHORTEST_LONGEST_CHUNK_MS);
  if (options->margins != NULL)
    priv->margins = *options->margins;
  priv->bitrate = options->bitrate > 0 ? options->bitrate : WHIS_BITRATE_USUAL;
  priv->live_rate = options->live_rate;
  priv->pause_ms = options->pause_ms;
  whis_capture_set_name (WHIS_CAPTURE (self), options->dictation);
}

/**
 * whis_audio_capture_get_recorder:
 * @self: a capture that was started
 *
 * Returns: (transfer none): what hears its sound
 */
WhisRecorder *
whis_audio_capture_get_recorder (WhisAudioCapture *self)
{
  return get_private (self)->recorder;
}

/**
 * whis_audio_capture_expect_cue:
 * @self: a new capture
 *
 * Cuts the sound that tells of the start out of what is heard.
 */
void
whis_audio_capture_expect_cue (WhisAudioCapture *self)
{
  WhisAudioCapturePrivate *priv = get_private (self);

  g_return_if_fail (priv->cue_filter == NULL);

  priv->cue_filter = whis_cue_filter_new (audio_capture_hear, self);
}

/**
 * whis_audio_capture_get_delay_ms:
 * @self: a capture
 *
 * Returns: how much sound has come that its recorder has not heard yet, at most, in milliseconds
 */
guint
whis_audio_capture_get_delay_ms (WhisAudioCapture *self)
{
  WhisAudioCapturePrivate *priv = get_private (self);

  return priv->cue_filter != NULL ? whis_cue_filter_get_delay_ms (priv->cue_filter) : 0;
}

gboolean
whis_audio_capture_records (WhisAudioCapture *self)
{
  return get_private (self)->recording != NULL;
}

/**
 * whis_audio_capture_get_longest_chunk_ms:
 * @self: a capture
 *
 * Returns: the longest chunk in milliseconds, a default or a limit in place of what was asked for
 */
guint
whis_audio_capture_get_longest_chunk_ms (WhisAudioCapture *self)
{
  return get_private (self)->longest_chunk_ms;
}

static gboolean
whis_audio_capture_prepare (WhisCapture *capture, GError **error)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  priv->recorder = whis_recorder_new (&recorder_funcs, capture);
  whis_recorder_set_bitrate (priv->recorder, priv->bitrate);
  whis_recorder_set_margins (priv->recorder, &priv->margins);
  if (priv->recording == NULL)
    return TRUE;

  whis_recorder_record (priv->recorder, priv->recording, priv->dictation, priv->longest_chunk_ms);
  if (priv->live_rate > 0)
    whis_recorder_tap (priv->recorder, priv->live_rate);
  if (priv->pause_ms > 0)
    whis_recorder_split_in_pauses (priv->recorder, priv->pause_ms);

  return TRUE;
}

static guint
whis_audio_capture_stop (WhisCapture *capture)
{
  whis_recorder_stop_after (get_private (WHIS_AUDIO_CAPTURE (capture))->recorder, 0);

  return 0;
}

static void
on_finished (gpointer target, WhisEvent *event)
{
  if (is_closing (target))
    whis_capture_end (target);
}

static void
finish_in_thread (gpointer target, WhisEvent *event)
{
  finish_recorder (get_private (target));
}

static void
whis_audio_capture_close (WhisCapture *capture)
{
  WhisAudioCapture *self = WHIS_AUDIO_CAPTURE (capture);
  WhisAudioCapturePrivate *priv = get_private (self);

  if (priv->source != NULL)
    whis_sound_source_mute (priv->source);
  whis_recorder_stop_after (priv->recorder, whis_audio_capture_get_delay_ms (self));
  whis_event_work (event_new (self, on_finished), finish_in_thread);
}

static void
clear_save_timer (WhisAudioCapture *self)
{
  WhisAudioCapturePrivate *priv = get_private (self);

  if (priv->save_timer != NULL)
    g_source_destroy (priv->save_timer);
  g_clear_pointer (&priv->save_timer, g_source_unref);
}

static void
on_saved_later (gpointer target, WhisEvent *event)
{
  get_private (target)->saving = FALSE;
  if (event->yes)
    clear_save_timer (target);
}

static void
save_in_thread (gpointer target, WhisEvent *event)
{
  event->yes = whis_recorder_save (get_private (target)->recorder);
}

static gboolean
save_timer_cb (gpointer user_data)
{
  WhisAudioCapturePrivate *priv = get_private (user_data);

  if (!priv->saving)
    whis_event_work (event_new (user_data, on_saved_later), save_in_thread);
  priv->saving = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
whis_audio_capture_leave (WhisCapture *capture)
{
  WhisAudioCapture *self = WHIS_AUDIO_CAPTURE (capture);
  WhisAudioCapturePrivate *priv = get_private (self);

  whis_audio_capture_drop_source (self);
  if (whis_capture_is_cancelled (capture) || priv->recording == NULL
      || whis_recording_get_saved (priv->recording))
    return;

  priv->save_timer = g_timeout_source_new (SAVE_INTERVAL_MS);
  g_source_set_callback (priv->save_timer, save_timer_cb, self, NULL);
  g_source_attach (priv->save_timer, whis_capture_get_context (capture));
}

static void
whis_audio_capture_cancel (WhisCapture *capture)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  clear_save_timer (WHIS_AUDIO_CAPTURE (capture));
  if (priv->recorder != NULL && whis_capture_get_state (capture) != WHIS_CAPTURE_STATE_ENDED)
    whis_recorder_stop_after (priv->recorder, 0);
}

static void
whis_audio_capture_set_passes_sound (WhisCapture *capture, gboolean passes)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  if (priv->recorder != NULL)
    whis_recorder_open_tap (priv->recorder, passes);
}

static guint64
whis_audio_capture_get_elapsed_ms (WhisCapture *capture)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  return priv->recorder != NULL ? whis_recorder_get_elapsed_ms (priv->recorder) : 0;
}

static guint64
whis_audio_capture_get_quiet_ms (WhisCapture *capture, gboolean *has_spoken)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  return priv->recorder != NULL ? whis_recorder_get_quiet_ms (priv->recorder, has_spoken) : 0;
}

static gboolean
whis_audio_capture_begin_split (WhisCapture *capture)
{
  return whis_recorder_begin_split (get_private (WHIS_AUDIO_CAPTURE (capture))->recorder);
}

static void
whis_audio_capture_cancel_split (WhisCapture *capture)
{
  WhisAudioCapturePrivate *priv = get_private (WHIS_AUDIO_CAPTURE (capture));

  if (priv->recorder != NULL)
    whis_recorder_cancel_split (priv->recorder);
}

static void
whis_audio_capture_finalize (GObject *object)
{
  WhisAudioCapture *self = WHIS_AUDIO_CAPTURE (object);
  WhisAudioCapturePrivate *priv = get_private (self);

  g_assert (priv->source == NULL);

  clear_save_timer (self);
  g_clear_pointer (&priv->recorder, whis_recorder_free);
  g_clear_pointer (&priv->cue_filter, whis_cue_filter_free);
  g_mutex_clear (&priv->cue_lock);
  g_clear_object (&priv->recording);
  g_free (priv->dictation);

  G_OBJECT_CLASS (whis_audio_capture_parent_class)->finalize (object);
}

static void
whis_audio_capture_class_init (WhisAudioCaptureClass *klass)
{
  WhisCaptureClass *capture_class = WHIS_CAPTURE_CLASS (klass);

  capture_class->prepare = whis_audio_capture_prepare;
  capture_class->stop = whis_audio_capture_stop;
  capture_class->close = whis_audio_capture_close;
  capture_class->leave = whis_audio_capture_leave;
  capture_class->cancel = whis_audio_capture_cancel;
  capture_class->set_passes_sound = whis_audio_capture_set_passes_sound;
  capture_class->get_elapsed_ms = whis_audio_capture_get_elapsed_ms;
  capture_class->get_quiet_ms = whis_audio_capture_get_quiet_ms;
  capture_class->begin_split = whis_audio_capture_begin_split;
  capture_class->cancel_split = whis_audio_capture_cancel_split;
  G_OBJECT_CLASS (klass)->finalize = whis_audio_capture_finalize;
}

static void
whis_audio_capture_init (WhisAudioCapture *self)
{
  g_mutex_init (&get_private (self)->cue_lock);
  get_private (self)->margins = (WhisChunkMargins) WHIS_CHUNK_MARGINS_INIT;
}
