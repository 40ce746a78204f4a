/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gi18n-lib.h>
#include <gst/gst.h>

#include "wav.h"
#include "capture-error.h"
#include "capture-private.h"
#include "codec.h"
#include "pipeline.h"

#define LONGEST_CHUNK_MS 30000
#define SHORTEST_LONGEST_CHUNK_MS 10000

/* A sound server that does not answer for so long will not answer. */
#define START_TIMEOUT_MS 5000

/* A wait that is longer is explained. */
#define SLOW_START_MS 500

/* The same for a file that is there: decodebin drops an error that a demuxer posts while it is
 * being connected, and then neither sound nor an end comes. */
#define FILE_TIMEOUT_MS 60000

/* After a stop the last sound takes the tail and a few milliseconds. */
#define STOP_TIMEOUT_MS 2000

/* After an error in a file the rest of the sound is on its way. */
#define DRAIN_TIMEOUT_MS 500

/* A microphone that delivers nothing for so long, not even silence, is gone. */
#define WATCH_INTERVAL_MS 1000
#define MOST_STILL_INTERVALS 3

/* When the microphone is gone: how often another is looked for, how long one may take until it
 * delivers, and how long all of that may take. */
#define SWITCH_INTERVAL_MS 500
#define SWITCH_ATTEMPT_US (3 * G_USEC_PER_SEC)
#define SWITCH_TIMEOUT_US (10 * G_USEC_PER_SEC)

/* How often a disk that refuses is tried again once the recording has ended. */
#define SAVE_INTERVAL_MS 1000

enum
{
  SIGNAL_STARTED,
  SIGNAL_LEVEL,
  SIGNAL_CHUNK,
  SIGNAL_SOUND,
  SIGNAL_WARNING,
  SIGNAL_SILENT,
  SIGNAL_SAVED,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/**
 * WhisCapture:
 *
 * Records one dictation from the microphone or a file, and cuts it into chunks; or cuts the
 * rest of a recording that exists.
 *
 * A started capture keeps itself alive until it has ended or is cancelled. All signals are emitted
 * in the thread-default main context of the thread that made the capture. Every capture that was
 * started emits [signal@Capture::ended] once, unless it is cancelled: then it is silent from there
 * on. Nothing here waits on the main loop; GStreamer is initialised, and sound servers are talked
 * to, in threads, which tell by notes what happens.
 */
G_DEFINE_FINAL_TYPE (WhisCapture, whis_capture, G_TYPE_OBJECT)

static const gboolean edges[N_STATES][N_STATES] = {
  [STATE_NEW] = { [STATE_STARTING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_STARTING] = { [STATE_RECORDING] = TRUE,
                       [STATE_STOPPING] = TRUE,
                       [STATE_CLOSING] = TRUE,
                       [STATE_ENDED] = TRUE },
  [STATE_RECORDING] = { [STATE_SWITCHING] = TRUE,
                        [STATE_STOPPING] = TRUE,
                        [STATE_CLOSING] = TRUE,
                        [STATE_ENDED] = TRUE },
  [STATE_SWITCHING] = { [STATE_RECORDING] = TRUE, [STATE_CLOSING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_STOPPING] = { [STATE_CLOSING] = TRUE, [STATE_ENDED] = TRUE },
  [STATE_CLOSING] = { [STATE_ENDED] = TRUE },
};

static void
set_state (WhisCapture *self, State state)
{
  if (!edges[self->state][state])
    {
      g_critical ("A capture cannot go from state %d to %d", self->state, state);
      return;
    }

  g_debug ("Capture %s: state %d to %d", self->dictation, self->state, state);
  self->state = state;
}

/* --- timers ----------------------------------------------------------------------------------- */

static void
clear_timer (GSource **timer)
{
  if (*timer != NULL)
    g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
set_timer (WhisCapture *self, GSource **timer, guint ms, GSourceFunc func)
{
  clear_timer (timer);
  *timer = g_timeout_source_new (ms);
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, self->context);
}

static void
set_timeout (WhisCapture *self, guint ms, GSourceFunc func)
{
  set_timer (self, &self->timeout, ms, func);
}

/* --- the end ---------------------------------------------------------------------------------- */

static void
on_shut (gpointer target, WhisNote *note)
{
  g_debug ("A source of sound is shut");
}

/* What it delivers from here on is not heard. A sound server that hangs does not let go of it, so
 * nobody waits. */
static void
drop_source (WhisCapture *self)
{
  WhisNote *note;

  if (self->source == NULL)
    return;

  whis_sound_source_hush (self->source);
  note = whis_capture_note_new (self, on_shut);
  note->source = g_steal_pointer (&self->source);
  whis_note_work (note, whis_capture_shut_in_thread);
}

static void
on_saved_later (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  self->saving = FALSE;
  if (note->yes)
    clear_timer (&self->save_timer);
}

static gboolean
on_save_timer (gpointer user_data)
{
  WhisCapture *self = user_data;

  if (!self->saving)
    whis_note_work (whis_capture_note_new (self, on_saved_later), whis_capture_save_in_thread);
  self->saving = TRUE;

  return G_SOURCE_CONTINUE;
}

static void
leave (WhisCapture *self)
{
  clear_timer (&self->timeout);
  clear_timer (&self->watch);
  drop_source (self);
  set_state (self, STATE_ENDED);
}

static void
end (WhisCapture *self)
{
  leave (self);
  if (!whis_listener_get_saved (self->listener))
    set_timer (self, &self->save_timer, SAVE_INTERVAL_MS, on_save_timer);

  g_signal_emit (self, signals[SIGNAL_ENDED], 0, self->error);
  g_object_unref (self);
}

static void
on_finished (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state == STATE_CLOSING)
    end (self);
}

/* Ends without waiting for more sound. The chunks that come of it are told before the end. */
static void
end_by_force (WhisCapture *self)
{
  if (self->state == STATE_CLOSING || self->state == STATE_ENDED)
    return;

  clear_timer (&self->timeout);
  clear_timer (&self->watch);
  if (self->source != NULL)
    whis_sound_source_hush (self->source);
  whis_listener_stop_after (self->listener, 0);
  set_state (self, STATE_CLOSING);
  whis_note_work (whis_capture_note_new (self, on_finished), whis_capture_finish_in_thread);
}

static gboolean
on_stop_timeout (gpointer user_data)
{
  end_by_force (user_data);

  return G_SOURCE_REMOVE;
}

static void
end_with (WhisCapture *self, WhisAudioError code, const char *message)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (WHIS_AUDIO_ERROR, (int) code, message);
  end_by_force (self);
}

/* Everything was heard, and every chunk told. */
void
whis_capture_on_drained (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state == STATE_ENDED || self->state == STATE_CLOSING || note->source != self->source)
    return;

  if (self->file >= 0 && !self->heard && self->error == NULL)
    g_set_error (&self->error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                 _ ("The file holds no sound."));

  end (self);
}

static void
on_recut (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state == STATE_ENDED || self->state == STATE_CLOSING)
    return;

  if (self->error == NULL)
    self->error = g_steal_pointer (&note->error);
  end (self);
}

/* --- opening ---------------------------------------------------------------------------------- */

static gboolean
is_current (WhisCapture *self, WhisNote *note)
{
  return self->state != STATE_ENDED && note->source == self->source;
}

static void
warn (WhisCapture *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_WARNING], 0, sentence);
}

static gboolean
on_start_timeout (gpointer user_data)
{
  WhisCapture *self = user_data;

  if (self->opening)
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
void
whis_capture_on_ready (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (is_current (self, note) && self->state == STATE_STARTING && self->file < 0)
    set_timeout (self, START_TIMEOUT_MS, on_start_timeout);
}

static gboolean
on_file_timeout (gpointer user_data)
{
  end_with (user_data, WHIS_AUDIO_ERROR_FILE, _ ("The file holds no sound that can be read."));

  return G_SOURCE_REMOVE;
}

/* Somebody waits, and does not know for what. */
static gboolean
on_slow_start (gpointer user_data)
{
  warn (user_data, _ ("The microphone is opened in a few seconds: GStreamer looks through its "
                      "plugins, once after they were installed or updated."));

  return G_SOURCE_REMOVE;
}

static void
on_opened (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (!is_current (self, note))
    return;

  self->opening = FALSE;
  self->opened_at = g_get_monotonic_time ();
  if (note->error == NULL && self->state == STATE_STARTING && self->file >= 0
      && self->file_timeout_ms > 0)
    set_timeout (self, self->file_timeout_ms, on_file_timeout);
  if (note->error == NULL || self->state == STATE_CLOSING)
    return;

  if (self->state == STATE_SWITCHING)
    {
      drop_source (self);
      return;
    }

  if (self->error == NULL)
    self->error = g_steal_pointer (&note->error);
  end_by_force (self);
}

static void
open_source (WhisCapture *self, const char *microphone)
{
  WhisNote *note;

  g_assert (self->source == NULL);

  self->opening = TRUE;
  self->source = whis_sound_source_new (self->file, microphone, self->enhance,
                                        &whis_capture_source_funcs, self);
  note = whis_capture_note_about (self, self->source, on_opened);
  whis_note_work (note, whis_capture_open_in_thread);
}

static gboolean
can_fall_back (WhisCapture *self, const GError *error)
{
  return self->state == STATE_STARTING && self->file < 0 && self->microphone != NULL
         && !self->fell_back
         && (error->domain == GST_RESOURCE_ERROR
             || g_error_matches (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_NO_MICROPHONE));
}

static void
open_default (WhisCapture *self)
{
  const char *name = self->microphone_name != NULL ? self->microphone_name : self->microphone;
  g_autofree char *warning =
      g_strdup_printf (_ ("The microphone “%s” is not there: the default one is recorded."), name);

  open_source (self, NULL);
  warn (self, warning);
}

/* The microphone may be there by another id, as after it was plugged in elsewhere. */
static void
on_found (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state != STATE_STARTING && self->state != STATE_STOPPING)
    return;

  if (note->text != NULL)
    open_source (self, note->text);
  else
    open_default (self);
}

static void
fall_back (WhisCapture *self)
{
  self->fell_back = TRUE;
  drop_source (self);

  if (self->microphone_name != NULL)
    whis_note_work (whis_capture_note_new (self, on_found), whis_capture_find_in_thread);
  else
    open_default (self);
}

/* --- another microphone ----------------------------------------------------------------------- */

static gboolean
on_switch_timeout (gpointer user_data)
{
  WhisCapture *self = user_data;
  gint64 now = g_get_monotonic_time ();

  if (now - self->switching_since >= SWITCH_TIMEOUT_US)
    {
      end_with (self, WHIS_AUDIO_ERROR_DEVICE,
                _ ("The microphone went away: what was said until then is kept."));
      return G_SOURCE_REMOVE;
    }

  if (self->source != NULL && !self->opening && now - self->opened_at >= SWITCH_ATTEMPT_US)
    drop_source (self);
  if (self->source == NULL)
    open_source (self, NULL);

  return G_SOURCE_CONTINUE;
}

static void
switch_microphone (WhisCapture *self)
{
  clear_timer (&self->watch);
  drop_source (self);
  set_state (self, STATE_SWITCHING);
  self->switching_since = g_get_monotonic_time ();
  open_source (self, NULL);
  set_timeout (self, SWITCH_INTERVAL_MS, on_switch_timeout);
}

/* While the listener waits for the disk it is not the microphone that stands still. */
static gboolean
on_watch (gpointer user_data)
{
  WhisCapture *self = user_data;
  guint64 ms = whis_listener_get_elapsed_ms (self->listener);

  if (ms != self->watched_ms || whis_listener_is_busy (self->listener))
    self->n_still = 0;
  else
    self->n_still++;
  self->watched_ms = ms;

  if (self->state != STATE_RECORDING || self->n_still < MOST_STILL_INTERVALS)
    return G_SOURCE_CONTINUE;

  g_debug ("Capture %s: the microphone stands still", self->dictation);
  switch_microphone (self);

  return G_SOURCE_REMOVE;
}

static void
watch_microphone (WhisCapture *self)
{
  self->n_still = 0;
  if (self->file < 0 && !self->resume)
    set_timer (self, &self->watch, WATCH_INTERVAL_MS, on_watch);
}

/* --- recording -------------------------------------------------------------------------------- */

void
whis_capture_on_started (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;
  gboolean first = !self->heard;

  if (!is_current (self, note) || self->state == STATE_CLOSING)
    return;

  self->heard = TRUE;
  self->switched = self->state == STATE_SWITCHING;
  if (first)
    self->duration_ms = note->ms;
  if (self->state == STATE_STARTING || self->state == STATE_SWITCHING)
    {
      clear_timer (&self->timeout);
      set_state (self, STATE_RECORDING);
      watch_microphone (self);
    }

  if (first)
    g_signal_emit (self, signals[SIGNAL_STARTED], 0);
}

void
whis_capture_on_named (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (!is_current (self, note))
    return;

  g_free (self->source_name);
  self->source_name = g_steal_pointer (&note->text);

  if (self->switched || note->yes)
    {
      g_autofree char *warning = note->yes ? whis_capture_moved_warning (self->source_name)
                                           : whis_capture_switch_warning (self->source_name);

      self->switched = FALSE;
      warn (self, warning);
    }
}

void
whis_capture_on_failed (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;
  gboolean is_file = self->file >= 0;

  /* what is left of the source before */
  if (!is_current (self, note) || self->state == STATE_CLOSING)
    return;

  if (can_fall_back (self, note->error))
    fall_back (self);
  else if (self->state == STATE_SWITCHING)
    drop_source (self);
  else if (self->state == STATE_RECORDING && !is_file)
    switch_microphone (self);
  else if (self->error == NULL && (is_file || !self->heard))
    {
      self->error = whis_capture_error_new (note->error, is_file, self->heard);
      if (!self->heard)
        end_by_force (self);
      else
        {
          if (self->state == STATE_RECORDING)
            set_state (self, STATE_STOPPING);
          set_timeout (self, DRAIN_TIMEOUT_MS, on_stop_timeout);
        }
    }
  else if (!is_file)
    end_by_force (self);
}

void
whis_capture_on_broken (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state == STATE_ENDED)
    return;

  if (self->error == NULL)
    self->error = g_steal_pointer (&note->error);
  end_by_force (self);
}

/* Said once, not again for every microphone. */
void
whis_capture_on_plain (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state == STATE_ENDED || self->enhance == 0)
    return;

  self->enhance = 0;
  warn (self, _ ("Automatic gain and noise suppression need the plugin “webrtcdsp” of GStreamer: "
                 "recording goes on without them."));
}

void
whis_capture_on_level (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state != STATE_ENDED)
    g_signal_emit (self, signals[SIGNAL_LEVEL], 0, note->level);
}

void
whis_capture_on_chunk (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state != STATE_ENDED)
    g_signal_emit (self, signals[SIGNAL_CHUNK], 0, note->chunk);
}

void
whis_capture_on_sound (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->state != STATE_ENDED)
    g_signal_emit (self, signals[SIGNAL_SOUND], 0, note->sound);
}

void
whis_capture_on_silent (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;
  g_autofree char *warning = NULL;

  if (self->state == STATE_ENDED)
    return;

  self->silent = note->yes;
  /* Said once: some microphones give nothing at all in every pause. */
  if (self->silent && !self->warned_silent)
    {
      warning = whis_capture_silence_warning (self->source_name);
      self->warned_silent = TRUE;
    }
  g_signal_emit (self, signals[SIGNAL_SILENT], 0, self->silent, warning);
}

/* Goes on after the end, too: the disk may have room again. */
void
whis_capture_on_saved (gpointer target, WhisNote *note)
{
  WhisCapture *self = target;

  if (self->cancelled)
    return;

  if (note->yes)
    {
      warn (self, _ ("The disk has room again: all of the recording is saved."));
      g_signal_emit (self, signals[SIGNAL_SAVED], 0);
    }
  else
    {
      g_autofree char *warning =
          whis_capture_unsaved_warning (note->full, self->path, self->bitrate);

      warn (self, warning);
    }
}

/* --- public ----------------------------------------------------------------------------------- */

/**
 * whis_capture_new:
 * @options: what to record; copied
 *
 * Returns: (transfer full): a capture that has not started
 */
WhisCapture *
whis_capture_new (const WhisCaptureOptions *options)
{
  WhisCapture *self;

  g_return_val_if_fail (options != NULL, NULL);
  g_return_val_if_fail (options->level_only || options->path != NULL, NULL);
  g_return_val_if_fail (options->level_only || options->resume
                            || (options->bitrate == WHIS_CODEC_LOSSLESS)
                                   == whis_wav_is_name (options->path),
                        NULL);
  g_return_val_if_fail (!options->resume || (options->file < 0 && !options->level_only), NULL);

  self = g_object_new (WHIS_TYPE_CAPTURE, NULL);
  self->dictation = g_strdup (options->dictation);
  self->path = g_strdup (options->path);
  if (options->microphone != NULL && *options->microphone != '\0')
    self->microphone = g_strdup (options->microphone);
  self->file = options->file >= 0 ? fcntl (options->file, F_DUPFD_CLOEXEC, 3) : -1;
  self->file_lost = options->file >= 0 && self->file < 0;
  self->file_timeout_ms = options->file_timeout_ms > 0 ? options->file_timeout_ms : FILE_TIMEOUT_MS;
  self->longest_chunk_ms =
      options->longest_chunk_ms > 0 ? options->longest_chunk_ms : LONGEST_CHUNK_MS;
  self->longest_chunk_ms = MAX (self->longest_chunk_ms, SHORTEST_LONGEST_CHUNK_MS);
  self->margins =
      options->margins != NULL ? *options->margins : (WhisChunkMargins) WHIS_CHUNK_MARGINS_INIT;
  self->bitrate = options->bitrate > 0 ? options->bitrate : WHIS_CODEC_BITRATE;
  self->tail_ms = options->tail_ms;
  self->level_only = options->level_only;
  if (options->microphone_name != NULL && *options->microphone_name != '\0')
    self->microphone_name = g_strdup (options->microphone_name);
  if (options->automatic_gain && self->file < 0)
    self->enhance |= WHIS_PIPELINE_GAIN;
  if (options->noise_suppression && self->file < 0)
    self->enhance |= WHIS_PIPELINE_SUPPRESSION;
  self->live_rate = options->live_rate;
  self->resume = options->resume;
  self->resume_index = options->resume_index;
  self->resume_offset = options->resume_offset;
  self->resume_ms = options->resume_ms;
  self->resume_overlaps = options->resume_overlaps;

  return self;
}

static gboolean
check_file (WhisCapture *self, GError **error)
{
  struct stat info;

  if (fstat (self->file, &info) < 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("The file cannot be read (%s)."), g_strerror (errno));
      return FALSE;
    }
  if (S_ISDIR (info.st_mode))
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                   _ ("This is a directory, not a sound file."));
      return FALSE;
    }
  if (S_ISREG (info.st_mode) && info.st_size == 0)
    {
      g_set_error (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE, _ ("The file is empty."));
      return FALSE;
    }

  if (!S_ISREG (info.st_mode))
    self->file_timeout_ms = 0;
  lseek (self->file, 0, SEEK_SET);

  return TRUE;
}

/**
 * whis_capture_start:
 * @self: a capture
 * @error: return location for a [error@AudioError]
 *
 * Starts recording. This returns at once; that the microphone really delivers is told by
 * [signal@Capture::started], that it does not, or that no file can be made, by
 * [signal@Capture::ended].
 *
 * Returns: whether it started; %FALSE with `FILE` set when it never will, without a signal
 */
gboolean
whis_capture_start (WhisCapture *self, GError **error)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);
  g_return_val_if_fail (self->state == STATE_NEW, FALSE);

  if (self->file_lost)
    {
      g_set_error_literal (error, WHIS_AUDIO_ERROR, WHIS_AUDIO_ERROR_FILE,
                           _ ("Too many files are open; try again when other transcriptions have "
                              "ended."));
      return FALSE;
    }
  if (self->file >= 0 && !check_file (self, error))
    return FALSE;

  self->listener = whis_listener_new (&whis_capture_listener_funcs, self);
  whis_listener_set_bitrate (self->listener, self->bitrate);
  whis_listener_set_margins (self->listener, &self->margins);
  if (!self->level_only && !self->resume)
    {
      whis_listener_record (self->listener, whis_recording_new (self->path), self->dictation,
                            self->longest_chunk_ms);
      if (self->live_rate > 0)
        whis_listener_tap (self->listener, self->live_rate);
    }

  g_object_ref (self);
  set_state (self, STATE_STARTING);
  if (self->resume)
    whis_note_work (whis_capture_note_new (self, on_recut), whis_capture_recut_in_thread);
  else
    open_source (self, self->microphone);
  if (self->file < 0 && !self->resume && !self->level_only)
    set_timeout (self, SLOW_START_MS, on_slow_start);

  return TRUE;
}

/**
 * whis_capture_stop:
 * @self: a capture
 *
 * Ends the recording, after a short tail of sound when it is from the microphone. The last chunks
 * and [signal@Capture::ended] follow. Does nothing on a capture that is not running.
 */
void
whis_capture_stop (WhisCapture *self)
{
  guint tail_ms;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (self->state != STATE_STARTING && self->state != STATE_RECORDING
      && self->state != STATE_SWITCHING)
    return;

  if (self->level_only || self->state == STATE_SWITCHING)
    {
      end_by_force (self);
      return;
    }

  tail_ms = self->file >= 0 || self->resume ? 0 : self->tail_ms;
  whis_listener_stop_after (self->listener, tail_ms);
  set_state (self, STATE_STOPPING);
  set_timeout (self, tail_ms + STOP_TIMEOUT_MS, on_stop_timeout);
}

/**
 * whis_capture_cancel:
 * @self: a capture
 *
 * Ends the recording at once. No signal is emitted any more. What has been written stays in the
 * file, which is the caller's to remove. Does nothing on a capture that has ended.
 */
void
whis_capture_cancel (WhisCapture *self)
{
  gboolean running;

  g_return_if_fail (WHIS_IS_CAPTURE (self));

  clear_timer (&self->save_timer);
  self->cancelled = TRUE;
  if (self->state == STATE_ENDED)
    return;

  running = self->state != STATE_NEW;
  if (running)
    whis_listener_stop_after (self->listener, 0);
  leave (self);
  if (running)
    g_object_unref (self);
}

/**
 * whis_capture_set_passes_sound:
 * @self: a capture that was started with a `live_rate`
 * @passes: whether [signal@Capture::sound] is wanted from now on; it is at first
 */
void
whis_capture_set_passes_sound (WhisCapture *self, gboolean passes)
{
  g_return_if_fail (WHIS_IS_CAPTURE (self));

  if (self->listener != NULL)
    whis_listener_open_tap (self->listener, passes);
}

/**
 * whis_capture_get_elapsed_ms:
 * @self: a capture
 *
 * Returns: how much sound was recorded so far, in milliseconds
 */
guint64
whis_capture_get_elapsed_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->listener != NULL ? whis_listener_get_elapsed_ms (self->listener) : 0;
}

/**
 * whis_capture_get_duration_ms:
 * @self: a capture
 *
 * Returns: length of the file's sound in milliseconds; 0 while it is unknown, and for a microphone
 */
guint64
whis_capture_get_duration_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->duration_ms;
}

/**
 * whis_capture_get_quiet_ms:
 * @self: a capture
 *
 * Returns: for how long the input has given no signal at all, not even noise, in milliseconds: a
 *   microphone that is muted or not plugged in
 */
guint64
whis_capture_get_quiet_ms (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->listener != NULL ? whis_listener_get_quiet_ms (self->listener) : 0;
}

/**
 * whis_capture_get_had_speech:
 * @self: a capture
 *
 * Returns: whether speech was heard; final once the capture has ended
 */
gboolean
whis_capture_get_had_speech (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return self->listener != NULL && whis_listener_get_had_speech (self->listener);
}

/**
 * whis_capture_get_path:
 * @self: a capture
 *
 * Returns: (nullable): where the recording is
 */
const char *
whis_capture_get_path (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), NULL);

  return self->path;
}

/**
 * whis_capture_get_silent:
 * @self: a capture
 *
 * Returns: whether the microphone gives nothing but silence, see [signal@Capture::silent]
 */
gboolean
whis_capture_get_silent (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return self->silent;
}

/**
 * whis_capture_get_saved:
 * @self: a capture
 *
 * Returns: whether everything recorded is in the file
 */
gboolean
whis_capture_get_saved (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), FALSE);

  return self->listener == NULL || whis_listener_get_saved (self->listener);
}

/**
 * whis_capture_dup_unsaved:
 * @self: a capture
 * @offset: first byte, as in a chunk
 * @size: how many bytes
 *
 * For when the disk is full. Also works when the capture has ended.
 *
 * Returns: (transfer full) (nullable): these bytes of the recording, or %NULL when all of them are
 *   in the file
 */
GBytes *
whis_capture_dup_unsaved (WhisCapture *self, guint64 offset, guint64 size)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), NULL);

  return self->listener != NULL ? whis_listener_dup_unsaved (self->listener, offset, size) : NULL;
}

/**
 * whis_capture_get_size:
 * @self: a capture
 *
 * Returns: how many bytes were recorded, in the file and in memory; 0 if it records nothing
 */
guint64
whis_capture_get_size (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), 0);

  return self->listener != NULL ? whis_listener_get_size (self->listener) : 0;
}

/**
 * whis_capture_dup_lock:
 * @self: a capture
 *
 * The file that is recorded is locked from its creation on, so that no other program takes it for
 * one that was left behind.
 *
 * Returns: a descriptor with the lock, which flock(2) releases, also for the capture; -1 without
 * one
 */
int
whis_capture_dup_lock (WhisCapture *self)
{
  g_return_val_if_fail (WHIS_IS_CAPTURE (self), -1);

  return self->listener != NULL ? whis_listener_dup_lock (self->listener) : -1;
}

static void
whis_capture_finalize (GObject *object)
{
  WhisCapture *self = WHIS_CAPTURE (object);

  g_assert (self->source == NULL);

  clear_timer (&self->timeout);
  clear_timer (&self->watch);
  clear_timer (&self->save_timer);
  g_clear_pointer (&self->listener, whis_listener_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_error (&self->error);
  if (self->file >= 0)
    close (self->file);
  g_free (self->dictation);
  g_free (self->path);
  g_free (self->microphone);
  g_free (self->microphone_name);
  g_free (self->source_name);

  G_OBJECT_CLASS (whis_capture_parent_class)->finalize (object);
}

static void
whis_capture_class_init (WhisCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_capture_finalize;

  /**
   * WhisCapture::started:
   *
   * The first sound arrived. For a file its length is known from here on, if it is known at all.
   */
  signals[SIGNAL_STARTED] = g_signal_new ("started", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCapture::level:
   * @peak_db: the loudest sample of the last 100 ms, in dB relative to full scale (0 or less)
   *
   * Ten times a second while the microphone is recorded.
   */
  signals[SIGNAL_LEVEL] = g_signal_new ("level", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);

  /**
   * WhisCapture::chunk:
   * @chunk: the chunk; its bytes are in the file, unless [method@Capture.dup_unsaved] has them
   *
   * The next chunk is complete.
   */
  signals[SIGNAL_CHUNK] = g_signal_new ("chunk", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WHIS_TYPE_CHUNK);

  /**
   * WhisCapture::sound:
   * @samples: some 100 ms of sound, signed 16 bits, little endian, one channel
   *
   * What is being recorded, at the rate that was asked for. The sound of a chunk comes before
   * [signal@Capture::chunk], up to the moment at which the chunk was cut, which is a little later
   * than its end; nothing that was heard after that moment does.
   */
  signals[SIGNAL_SOUND] = g_signal_new ("sound", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);

  /**
   * WhisCapture::warning:
   * @message: a sentence for the user
   *
   * Recording goes on, but not quite as it was asked for.
   */
  signals[SIGNAL_WARNING] = g_signal_new ("warning", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisCapture::silent:
   * @silent: whether nothing but silence comes from the microphone
   * @warning: (nullable): a sentence about that for the user, the first time
   *
   * The microphone gave less than the noise of any live one for three seconds from its start on, or
   * later nothing at all for five; or there is sound again.
   */
  signals[SIGNAL_SILENT] = g_signal_new ("silent", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 2, G_TYPE_BOOLEAN, G_TYPE_STRING);

  /**
   * WhisCapture::saved:
   *
   * After a warning that the recording could not be written: all of it is in the file now. This may
   * come after the end.
   */
  signals[SIGNAL_SAVED] = g_signal_new ("saved", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 0);

  /**
   * WhisCapture::ended:
   * @error: (nullable): a [error@AudioError], if something other than a stop ended it
   *
   * No more sound will come, and every chunk has been told, also after an error.
   */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", WHIS_TYPE_CAPTURE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
whis_capture_init (WhisCapture *self)
{
  self->file = -1;
  self->context = g_main_context_ref_thread_default ();
}
