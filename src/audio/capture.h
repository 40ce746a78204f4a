/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "chunk.h"
#include "audio-error.h"

G_BEGIN_DECLS

/**
 * WhisCaptureOptions:
 * @dictation: id that every chunk carries
 * @path: where the recording goes; must not exist yet. Not used with @level_only
 * @microphone: (nullable): name of a PulseAudio source, or %NULL for the default one
 * @microphone_name: (nullable): what @microphone was called when it was chosen; finds it again when
 *   its source has another name
 * @file: a readable file descriptor with sound or video in any format that GStreamer decodes, or
 *   -1 for the microphone. It is duplicated; regular files are read from their beginning
 * @file_timeout_ms: how long the first sound of a regular file may take; 0 for a minute
 * @longest_chunk_ms: longest chunk in milliseconds; 0 for 30000
 * @margins: (nullable): how much silence is wanted around speech; %NULL for the usual
 * @bitrate: rate of the recording in kbit/s, one of %WHIS_CODEC_BITRATE and its like; 0 for that.
 * @path is the name of a WAV file with %WHIS_CODEC_LOSSLESS and of an MP3 file with the others. Not
 * used with @resume
 * @tail_ms: how much sound is still recorded after a stop, in milliseconds
 * @level_only: only measure the input level: no file, no chunks
 * @automatic_gain: whether a quiet microphone is amplified
 * @noise_suppression: whether noise is suppressed
 * @live_rate: the rate of [signal@Capture::sound] in Hz; 0 for no such signal
 * @resume: whether @path is a recording that exists and is only to be cut, from @resume_offset on:
 *   nothing is recorded or written. The first chunk has index @resume_index
 * @resume_index: index of the first chunk that is missing
 * @resume_offset: the first byte whose sound is in no chunk yet
 * @resume_ms: where that byte's sound is, in milliseconds
 * @resume_overlaps: whether the chunk before was cut inside speech, see
 *   [func@Chunker.cut_inside_speech]
 *
 * What a capture records, and how. The strings are copied.
 */
typedef struct
{
  const char *dictation;
  const char *path;
  const char *microphone;
  const char *microphone_name;
  int file;
  guint file_timeout_ms;
  guint longest_chunk_ms;
  const WhisChunkMargins *margins;
  guint bitrate;
  guint tail_ms;
  gboolean level_only;
  gboolean automatic_gain;
  gboolean noise_suppression;
  guint live_rate;
  gboolean resume;
  guint resume_index;
  guint64 resume_offset;
  guint64 resume_ms;
  gboolean resume_overlaps;
} WhisCaptureOptions;

/**
 * WHIS_CAPTURE_OPTIONS_INIT:
 *
 * The default microphone, chunks of at most 30 s, and 200 ms after a stop: people press stop while
 * their last syllable still sounds.
 */
#define WHIS_CAPTURE_OPTIONS_INIT                                                                  \
  {                                                                                                \
    .file = -1, .longest_chunk_ms = 30000, .tail_ms = 200                                          \
  }

#define WHIS_TYPE_CAPTURE (whis_capture_get_type ())
G_DECLARE_FINAL_TYPE (WhisCapture, whis_capture, WHIS, CAPTURE, GObject)

WhisCapture *whis_capture_new (const WhisCaptureOptions *options);

gboolean whis_capture_start (WhisCapture *self, GError **error);
void whis_capture_stop (WhisCapture *self);
void whis_capture_cancel (WhisCapture *self);

void whis_capture_set_passes_sound (WhisCapture *self, gboolean passes);
guint64 whis_capture_get_elapsed_ms (WhisCapture *self);
guint64 whis_capture_get_duration_ms (WhisCapture *self);
guint64 whis_capture_get_quiet_ms (WhisCapture *self);
gboolean whis_capture_get_had_speech (WhisCapture *self);
const char *whis_capture_get_path (WhisCapture *self);
gboolean whis_capture_get_silent (WhisCapture *self);
gboolean whis_capture_get_saved (WhisCapture *self);
GBytes *whis_capture_dup_unsaved (WhisCapture *self, guint64 offset, guint64 size);
guint64 whis_capture_get_size (WhisCapture *self);
int whis_capture_dup_lock (WhisCapture *self);

G_END_DECLS
