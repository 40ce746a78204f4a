/* SPDX-License-Identifier: MIT */
#include "recut-capture.h"

#include "gstreamer.h"
#include "event.h"
#include "recut.h"

/**
 * WhisRecutCapture:
 *
 * Cuts the rest of a recording that exists. Nothing is recorded or written.
 */
struct _WhisRecutCapture
{
  WhisAudioCapture parent_instance;

  char *dictation;
  char *path;
  guint longest_chunk_ms;
  WhisRecutStart start;
};

G_DEFINE_FINAL_TYPE (WhisRecutCapture, whis_recut_capture, WHIS_TYPE_AUDIO_CAPTURE)

static WhisEvent *
event_new (WhisRecutCapture *self, WhisEventFunc read)
{
  return whis_event_new (self, whis_capture_get_context (WHIS_CAPTURE (self)), read);
}

static void
on_started (gpointer target, WhisEvent *event)
{
  WhisCaptureState state = whis_capture_get_state (target);

  if (state != WHIS_CAPTURE_STATE_ENDED && state != WHIS_CAPTURE_STATE_CLOSING)
    whis_capture_emit_started (target, 0);
}

static void
on_recut_started (gpointer user_data)
{
  whis_event_post (event_new (user_data, on_started));
}

static void
recut_in_thread (gpointer target, WhisEvent *event)
{
  WhisRecutCapture *self = target;
  WhisRecut recut = { .path = self->path,
                      .dictation = self->dictation,
                      .longest_chunk_ms = self->longest_chunk_ms,
                      .start = self->start,
                      .started = on_recut_started,
                      .user_data = self };

  if (whis_gstreamer_start (&event->error))
    whis_recut_run (&recut, whis_audio_capture_get_recorder (WHIS_AUDIO_CAPTURE (self)),
                    &event->error);
}

static void
on_recut (gpointer target, WhisEvent *event)
{
  WhisCaptureState state = whis_capture_get_state (target);

  if (state == WHIS_CAPTURE_STATE_ENDED || state == WHIS_CAPTURE_STATE_CLOSING)
    return;

  if (event->error != NULL)
    whis_capture_take_error (target, g_steal_pointer (&event->error));
  whis_capture_end (target);
}

static void
whis_recut_capture_start (WhisCapture *capture)
{
  whis_event_work (event_new (WHIS_RECUT_CAPTURE (capture), on_recut), recut_in_thread);
}

static void
whis_recut_capture_finalize (GObject *object)
{
  WhisRecutCapture *self = WHIS_RECUT_CAPTURE (object);

  g_free (self->dictation);
  g_free (self->path);

  G_OBJECT_CLASS (whis_recut_capture_parent_class)->finalize (object);
}

static void
whis_recut_capture_class_init (WhisRecutCaptureClass *klass)
{
  WHIS_CAPTURE_CLASS (klass)->start = whis_recut_capture_start;
  G_OBJECT_CLASS (klass)->finalize = whis_recut_capture_finalize;
}

static void
whis_recut_capture_init (WhisRecutCapture *self)
{
}

/**
 * whis_recut_capture_new:
 * @options: how the sound is cut; without a recording
 * @path: the recording
 * @start: from where on it is cut
 *
 * Returns: (transfer full) (type WhisRecutCapture): a capture that has not started
 */
WhisCapture *
whis_recut_capture_new (const WhisCaptureOptions *options,
                        const char *path,
                        const WhisRecutStart *start)
{
  WhisRecutCapture *self;

  g_return_val_if_fail (options != NULL && options->recording == NULL, NULL);
  g_return_val_if_fail (path != NULL && start != NULL, NULL);

  self = g_object_new (WHIS_TYPE_RECUT_CAPTURE, NULL);
  whis_audio_capture_set_options (WHIS_AUDIO_CAPTURE (self), options);
  self->dictation = g_strdup (options->dictation);
  self->path = g_strdup (path);
  self->longest_chunk_ms = whis_audio_capture_get_longest_chunk_ms (WHIS_AUDIO_CAPTURE (self));
  self->start = *start;

  return WHIS_CAPTURE (self);
}
