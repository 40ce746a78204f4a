/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"
#include "recorder.h"
#include "sound-source.h"

G_BEGIN_DECLS

#define WHIS_TYPE_AUDIO_CAPTURE (whis_audio_capture_get_type ())
G_DECLARE_DERIVABLE_TYPE (WhisAudioCapture, whis_audio_capture, WHIS, AUDIO_CAPTURE, WhisCapture)

/**
 * WhisAudioCaptureClass:
 * @is_live: whether the sound comes from a microphone, of which level, silence and name are told
 * @ready: (nullable): GStreamer is there, and the sound server is asked next
 * @opened: (nullable): the source was opened, or @error says why it could not be
 * @started: (nullable): the first sound of the source is there
 * @named: (nullable): what the source is called, and whether the server moved to it by itself
 * @silent: (nullable): nothing but silence comes, or there is sound again
 * @failed: (nullable): the source broke; sound may still come
 * @drained: (nullable): everything was heard, and every chunk told
 * @prepared: (nullable): the file was made, or @error says why it could not be
 * @plain: (nullable): what was to enhance the sound is not installed
 *
 * What a source of sound tells, in the main context, for the source that counts and as long as the
 * capture has not ended.
 */
struct _WhisAudioCaptureClass
{
  WhisCaptureClass parent_class;

  gboolean is_live;
  void (*ready) (WhisAudioCapture *self);
  void (*opened) (WhisAudioCapture *self, const GError *error);
  void (*started) (WhisAudioCapture *self, guint64 duration_ms);
  void (*named) (WhisAudioCapture *self, const char *name, gboolean moved);
  void (*silent) (WhisAudioCapture *self, gboolean silent);
  void (*failed) (WhisAudioCapture *self, const GError *error);
  void (*drained) (WhisAudioCapture *self);
  void (*prepared) (WhisAudioCapture *self, const GError *error);
  void (*plain) (WhisAudioCapture *self);
};

void whis_audio_capture_set_options (WhisAudioCapture *self, const WhisCaptureOptions *options);
WhisRecorder *whis_audio_capture_get_recorder (WhisAudioCapture *self);
void whis_audio_capture_expect_cue (WhisAudioCapture *self);
guint whis_audio_capture_get_delay_ms (WhisAudioCapture *self);
gboolean whis_audio_capture_records (WhisAudioCapture *self);
guint whis_audio_capture_get_longest_chunk_ms (WhisAudioCapture *self);

void
whis_audio_capture_open (WhisAudioCapture *self, int file, const char *microphone, guint enhance);
void whis_audio_capture_prepare_split (WhisAudioCapture *self);
gboolean whis_audio_capture_take_over (WhisAudioCapture *self, WhisAudioCapture *former);
void whis_audio_capture_drop_source (WhisAudioCapture *self);
gboolean whis_audio_capture_has_source (WhisAudioCapture *self);
gboolean whis_audio_capture_is_opening (WhisAudioCapture *self);
gint64 whis_audio_capture_get_opened_at (WhisAudioCapture *self);

G_END_DECLS
