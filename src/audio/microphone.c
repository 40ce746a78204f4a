/* SPDX-License-Identifier: MIT */
#include "microphone.h"

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "capture-error.h"
#include "devices.h"
#include "event.h"
#include "pipeline.h"

/* A sound server that does not answer for so long will not answer. */
#define START_TIMEOUT_MS 5000

/* A wait that is longer is explained. */
#define SLOW_START_MS 500

/* A microphone that delivers nothing for so long, not even silence, is gone. */
#define WATCH_INTERVAL_MS 1000
#define MOST_STILL_INTERVALS 3

/* When the microphone is gone: how often another is looked for, how long one may take until it
 * delivers, and how long all of that may take. */
#define SWITCH_INTERVAL_MS 500
#define SWITCH_ATTEMPT_US (3 * G_USEC_PER_SEC)
#define SWITCH_TIMEOUT_US (10 * G_USEC_PER_SEC)

/* How often it is tried to take a microphone over that is giving sound at this moment. */
#define TAKE_OVER_INTERVAL_MS 10

/**
 * WhisMicrophone:
 *
 * Records from a microphone. One that is not there is replaced by the default one, and so is one
 * that goes away in the middle of a recording.
 */
struct _WhisMicrophone
{
  WhisAudioCapture parent_instance;

  char *name;
  char *label;
  guint enhance; /* WhisPipelineFlags */
  guint tail_ms;
  WhisMicrophone *former; /* nullable: whose source is taken over, until that is so */

  gboolean fell_back;
  gint64 switching_since;
  gboolean switched; /* and the user is to be told to what */
  char *source_name;
  gboolean warned_silent;

  GSource *watch; /* for a microphone that stands still */
  guint64 watched_ms;
  guint n_still;
};

G_DEFINE_FINAL_TYPE (WhisMicrophone, whis_microphone, WHIS_TYPE_AUDIO_CAPTURE)

static WhisCaptureState
get_state (WhisMicrophone *self)
{
  return whis_capture_get_state (WHIS_CAPTURE (self));
}

static void
microphone_warn (WhisMicrophone *self, const char *sentence)
{
  whis_capture_emit_warning (WHIS_CAPTURE (self), sentence);
}

static void
end_with (WhisMicrophone *self, WhisAudioError code, const char *sentence)
{
  whis_capture_take_error (WHIS_CAPTURE (self),
                           g_error_new_literal (WHIS_AUDIO_ERROR, (int) code, sentence));
  whis_capture_close (WHIS_CAPTURE (self));
}

static void
drop_source (WhisMicrophone *self)
{
  whis_audio_capture_drop_source (WHIS_AUDIO_CAPTURE (self));
}

static void
open_source (WhisMicrophone *self, const char *name)
{
  whis_audio_capture_open (WHIS_AUDIO_CAPTURE (self), -1, name, self->enhance);
}

static void
clear_watch (WhisMicrophone *self)
{
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
}

/* --- opening ---------------------------------------------------------------------------------- */

static gboolean
start_expired_cb (gpointer user_data)
{
  WhisMicrophone *self = user_data;

  if (whis_audio_capture_is_opening (WHIS_AUDIO_CAPTURE (self)))
    end_with (self, WHIS_AUDIO_ERROR_NO_SERVER,
              _ ("The sound server does not answer: restart PulseAudio or PipeWire and try "
                 "again."));
  else
    end_with (self, WHIS_AUDIO_ERROR_NO_MICROPHONE,
              _ ("The microphone delivers no sound: choose another one in the settings."));

  return G_SOURCE_REMOVE;
}

/* GStreamer may have had to look through all its plugins, which takes as long as it takes. From
 * here on it is the sound server that is waited for. */
static void
whis_microphone_ready (WhisAudioCapture *capture)
{
  if (get_state (WHIS_MICROPHONE (capture)) == WHIS_CAPTURE_STATE_STARTING)
    whis_capture_set_timeout (WHIS_CAPTURE (capture), START_TIMEOUT_MS, start_expired_cb);
}

/* Somebody waits, and does not know for what. */
static gboolean
slow_start_cb (gpointer user_data)
{
  microphone_warn (user_data,
                   _ ("The microphone is opened in a few seconds: GStreamer looks through its "
                      "plugins, once after they were installed or updated."));

  return G_SOURCE_REMOVE;
}

static void
whis_microphone_opened (WhisAudioCapture *capture, const GError *error)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);

  if (error == NULL || get_state (self) == WHIS_CAPTURE_STATE_CLOSING)
    return;

  if (get_state (self) == WHIS_CAPTURE_STATE_SWITCHING)
    {
      drop_source (self);
      return;
    }

  whis_capture_take_error (WHIS_CAPTURE (self), g_error_copy (error));
  whis_capture_close (WHIS_CAPTURE (self));
}

static gboolean
can_fall_back (WhisMicrophone *self, const GError *error)
{
  return get_state (self) == WHIS_CAPTURE_STATE_STARTING && self->name != NULL && !self->fell_back
         && (error->domain == GST_RESOURCE_ERROR
             || g_error_matches (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE));
}

static void
open_default (WhisMicrophone *self)
{
  const char *name = self->label != NULL ? self->label : self->name;
  g_autofree char *warning =
      g_strdup_printf (_ ("The microphone “%s” is not there: the default one is recorded."), name);

  open_source (self, NULL);
  microphone_warn (self, warning);
}

/* The microphone may be there by another id, as after it was plugged in elsewhere. */
static void
on_found (gpointer target, WhisEvent *event)
{
  WhisMicrophone *self = target;

  if (get_state (self) != WHIS_CAPTURE_STATE_STARTING
      && get_state (self) != WHIS_CAPTURE_STATE_STOPPING)
    return;

  if (event->text != NULL)
    open_source (self, event->text);
  else
    open_default (self);
}

static void
find_in_thread (gpointer target, WhisEvent *event)
{
  event->text = whis_devices_find (WHIS_MICROPHONE (target)->label);
}

static void
fall_back (WhisMicrophone *self)
{
  self->fell_back = TRUE;
  drop_source (self);

  if (self->label != NULL)
    whis_event_work (
        whis_event_new (self, whis_capture_get_context (WHIS_CAPTURE (self)), on_found),
        find_in_thread);
  else
    open_default (self);
}

/* --- another microphone ----------------------------------------------------------------------- */

static gboolean
switch_timer_cb (gpointer user_data)
{
  WhisMicrophone *self = user_data;
  WhisAudioCapture *capture = WHIS_AUDIO_CAPTURE (self);
  gint64 now = g_get_monotonic_time ();

  if (now - self->switching_since >= SWITCH_TIMEOUT_US)
    {
      end_with (self, WHIS_AUDIO_ERROR_DEVICE,
                _ ("The microphone went away: what was said until then is kept."));
      return G_SOURCE_REMOVE;
    }

  if (whis_audio_capture_has_source (capture) && !whis_audio_capture_is_opening (capture)
      && now - whis_audio_capture_get_opened_at (capture) >= SWITCH_ATTEMPT_US)
    drop_source (self);
  if (!whis_audio_capture_has_source (capture))
    open_source (self, NULL);

  return G_SOURCE_CONTINUE;
}

static void
switch_microphone (WhisMicrophone *self)
{
  clear_watch (self);
  drop_source (self);
  whis_capture_set_state (WHIS_CAPTURE (self), WHIS_CAPTURE_STATE_SWITCHING);
  self->switching_since = g_get_monotonic_time ();
  open_source (self, NULL);
  whis_capture_set_timeout (WHIS_CAPTURE (self), SWITCH_INTERVAL_MS, switch_timer_cb);
}

/* While the recorder waits for the disk it is not the microphone that stands still. */
static gboolean
watch_cb (gpointer user_data)
{
  WhisMicrophone *self = user_data;
  WhisRecorder *recorder = whis_audio_capture_get_recorder (WHIS_AUDIO_CAPTURE (self));
  guint64 ms = whis_recorder_get_elapsed_ms (recorder);

  if (ms != self->watched_ms || whis_recorder_is_busy (recorder))
    self->n_still = 0;
  else
    self->n_still++;
  self->watched_ms = ms;

  if (get_state (self) != WHIS_CAPTURE_STATE_RECORDING || self->n_still < MOST_STILL_INTERVALS)
    return G_SOURCE_CONTINUE;

  g_debug ("The microphone stands still");
  switch_microphone (self);

  return G_SOURCE_REMOVE;
}

static void
set_watch (WhisMicrophone *self)
{
  clear_watch (self);
  self->n_still = 0;
  self->watch = g_timeout_source_new (WATCH_INTERVAL_MS);
  g_source_set_callback (self->watch, watch_cb, self, NULL);
  g_source_attach (self->watch, whis_capture_get_context (WHIS_CAPTURE (self)));
}

/* --- taking a microphone over ----------------------------------------------------------------- */

static void
take_over (WhisMicrophone *self)
{
  g_autoptr (WhisMicrophone) former = g_steal_pointer (&self->former);

  self->enhance = former->enhance;
  self->warned_silent = former->warned_silent;
  g_free (self->source_name);
  self->source_name = g_strdup (former->source_name);
  set_watch (self);
  whis_capture_emit_started (WHIS_CAPTURE (self), 0);
}

/* Whether there is still a microphone to be had of the former one: it may be about to find another
 * one, in place of one that has gone. */
static gboolean
may_take_over (WhisMicrophone *former)
{
  WhisCaptureState state = get_state (former);

  return state == WHIS_CAPTURE_STATE_SWITCHING
         || (state == WHIS_CAPTURE_STATE_RECORDING
             && whis_recorder_is_splitting (
                 whis_audio_capture_get_recorder (WHIS_AUDIO_CAPTURE (former))));
}

static gboolean
take_over_cb (gpointer user_data)
{
  WhisMicrophone *self = user_data;
  WhisAudioCapture *capture = WHIS_AUDIO_CAPTURE (self);

  if (!may_take_over (self->former))
    end_with (self, WHIS_AUDIO_ERROR_STORAGE,
              _ ("The disk is slow, so that the dictation is not delivered at this pause; it goes "
                 "on."));
  else if (get_state (self->former) != WHIS_CAPTURE_STATE_RECORDING
           || !whis_audio_capture_take_over (capture, WHIS_AUDIO_CAPTURE (self->former)))
    return G_SOURCE_CONTINUE;
  else
    take_over (self);

  return G_SOURCE_REMOVE;
}

static void
whis_microphone_prepared (WhisAudioCapture *audio_capture, const GError *error)
{
  WhisMicrophone *self = WHIS_MICROPHONE (audio_capture);
  WhisCapture *capture = WHIS_CAPTURE (self);

  if (get_state (self) != WHIS_CAPTURE_STATE_STARTING)
    return;

  if (error != NULL)
    {
      whis_capture_take_error (capture, g_error_copy (error));
      whis_capture_close (capture);
    }
  else if (take_over_cb (self) == G_SOURCE_CONTINUE)
    whis_capture_set_timeout (capture, TAKE_OVER_INTERVAL_MS, take_over_cb);
}

/* --- recording -------------------------------------------------------------------------------- */

static void
whis_microphone_started (WhisAudioCapture *capture, guint64 duration_ms)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);
  WhisCaptureState state = get_state (self);

  self->switched = state == WHIS_CAPTURE_STATE_SWITCHING;
  if (state == WHIS_CAPTURE_STATE_STARTING || state == WHIS_CAPTURE_STATE_SWITCHING)
    set_watch (self);
  whis_capture_emit_started (WHIS_CAPTURE (self), 0);
}

static void
whis_microphone_named (WhisAudioCapture *capture, const char *name, gboolean moved)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);
  g_autofree char *warning = NULL;

  g_free (self->source_name);
  self->source_name = g_strdup (name);
  if (!self->switched && !moved)
    return;

  warning = moved ? whis_capture_moved_warning (name) : whis_capture_switch_warning (name);
  self->switched = FALSE;
  microphone_warn (self, warning);
}

/* Said once: some microphones give nothing at all in every pause. */
static void
whis_microphone_silent (WhisAudioCapture *capture, gboolean silent)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);
  g_autofree char *warning = NULL;

  if (silent && !self->warned_silent)
    {
      warning = whis_capture_silence_warning (self->source_name);
      self->warned_silent = TRUE;
    }
  whis_capture_emit_silent (WHIS_CAPTURE (self), silent, warning);
}

static void
whis_microphone_failed (WhisAudioCapture *audio_capture, const GError *error)
{
  WhisMicrophone *self = WHIS_MICROPHONE (audio_capture);
  WhisCapture *capture = WHIS_CAPTURE (self);

  if (can_fall_back (self, error))
    fall_back (self);
  else if (get_state (self) == WHIS_CAPTURE_STATE_SWITCHING)
    drop_source (self);
  else if (get_state (self) == WHIS_CAPTURE_STATE_RECORDING)
    switch_microphone (self);
  else
    {
      if (!whis_capture_has_started (capture))
        whis_capture_take_error (capture, whis_capture_error_new (error, FALSE, FALSE));
      whis_capture_close (capture);
    }
}

/* Said once, not again for every microphone. */
static void
whis_microphone_plain (WhisAudioCapture *capture)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);

  if (self->enhance == 0)
    return;

  self->enhance = 0;
  microphone_warn (
      self, _ ("Automatic gain and noise suppression need the plugin “webrtcdsp” of GStreamer: "
               "recording goes on without them."));
}

static void
whis_microphone_start (WhisCapture *capture)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);

  if (self->former != NULL)
    {
      whis_audio_capture_prepare_split (WHIS_AUDIO_CAPTURE (self));
      return;
    }

  open_source (self, self->name);
  if (whis_audio_capture_records (WHIS_AUDIO_CAPTURE (self)))
    whis_capture_set_timeout (capture, SLOW_START_MS, slow_start_cb);
}

static guint
whis_microphone_stop (WhisCapture *capture)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);
  WhisAudioCapture *audio_capture = WHIS_AUDIO_CAPTURE (capture);
  guint tail_ms = self->tail_ms + whis_audio_capture_get_delay_ms (audio_capture);

  whis_recorder_stop_after (whis_audio_capture_get_recorder (audio_capture), tail_ms);

  return tail_ms;
}

static void
whis_microphone_close (WhisCapture *capture)
{
  clear_watch (WHIS_MICROPHONE (capture));

  WHIS_CAPTURE_CLASS (whis_microphone_parent_class)->close (capture);
}

static void
whis_microphone_leave (WhisCapture *capture)
{
  WhisMicrophone *self = WHIS_MICROPHONE (capture);

  clear_watch (self);
  if (self->former != NULL)
    whis_capture_cancel_split (WHIS_CAPTURE (self->former));
  g_clear_object (&self->former);

  WHIS_CAPTURE_CLASS (whis_microphone_parent_class)->leave (capture);
}

static void
whis_microphone_finalize (GObject *object)
{
  WhisMicrophone *self = WHIS_MICROPHONE (object);

  clear_watch (self);
  g_clear_object (&self->former);
  g_free (self->name);
  g_free (self->label);
  g_free (self->source_name);

  G_OBJECT_CLASS (whis_microphone_parent_class)->finalize (object);
}

static void
whis_microphone_class_init (WhisMicrophoneClass *klass)
{
  WhisAudioCaptureClass *audio_class = WHIS_AUDIO_CAPTURE_CLASS (klass);
  WhisCaptureClass *capture_class = WHIS_CAPTURE_CLASS (klass);

  audio_class->is_live = TRUE;
  audio_class->ready = whis_microphone_ready;
  audio_class->opened = whis_microphone_opened;
  audio_class->started = whis_microphone_started;
  audio_class->named = whis_microphone_named;
  audio_class->silent = whis_microphone_silent;
  audio_class->failed = whis_microphone_failed;
  audio_class->prepared = whis_microphone_prepared;
  audio_class->plain = whis_microphone_plain;
  capture_class->start = whis_microphone_start;
  capture_class->stop = whis_microphone_stop;
  capture_class->close = whis_microphone_close;
  capture_class->leave = whis_microphone_leave;
  G_OBJECT_CLASS (klass)->finalize = whis_microphone_finalize;
}

static void
whis_microphone_init (WhisMicrophone *self)
{
}

/* NULL for "let somebody else choose" is also written as an empty string. */
static char *
dup_choice (const char *choice)
{
  return choice != NULL && *choice != '\0' ? g_strdup (choice) : NULL;
}

/**
 * whis_microphone_new:
 * @options: what becomes of the sound; without a recording only the level is measured
 * @microphone: which microphone, and how
 *
 * Returns: (transfer full) (type WhisMicrophone): a capture that has not started
 */
WhisCapture *
whis_microphone_new (const WhisCaptureOptions *options, const WhisMicrophoneOptions *microphone)
{
  WhisMicrophone *self;

  g_return_val_if_fail (options != NULL && microphone != NULL, NULL);

  self = g_object_new (WHIS_TYPE_MICROPHONE, NULL);
  whis_audio_capture_set_options (WHIS_AUDIO_CAPTURE (self), options);
  self->name = dup_choice (microphone->name);
  self->label = dup_choice (microphone->label);
  self->tail_ms = microphone->tail_ms;
  if (microphone->former != NULL)
    self->former = g_object_ref (WHIS_MICROPHONE (microphone->former));
  if (microphone->has_cue)
    whis_audio_capture_expect_cue (WHIS_AUDIO_CAPTURE (self));
  if (microphone->automatic_gain)
    self->enhance |= WHIS_PIPELINE_GAIN;
  if (microphone->noise_suppression)
    self->enhance |= WHIS_PIPELINE_SUPPRESSION;

  return WHIS_CAPTURE (self);
}
