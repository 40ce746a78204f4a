/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib-object.h>

#include "../chunk.h"
#include "audio-error.h"

G_BEGIN_DECLS

/**
 * WhisCaptureOptions:
 * @dictation: id that every chunk carries
 * @path: where the MP3 file goes; must not exist yet. Not used with @level_only
 * @microphone: (nullable): name of a PulseAudio source, or %NULL for the default one
 * @file: a readable file descriptor with sound or video in any format that GStreamer decodes, or
 *   -1 for the microphone. It is duplicated; regular files are read from their beginning
 * @longest_chunk_ms: longest chunk in milliseconds; 0 for 30000
 * @tail_ms: how much sound is still recorded after a stop, in milliseconds
 * @level_only: only measure the input level: no file, no chunks
 *
 * What a capture records, and how. The strings are copied.
 */
typedef struct
{
  const char *dictation;
  const char *path;
  const char *microphone;
  int file;
  guint longest_chunk_ms;
  guint tail_ms;
  gboolean level_only;
} WhisCaptureOptions;

/**
 * WHIS_CAPTURE_OPTIONS_INIT:
 *
 * The default microphone, chunks of at most 30 s, and 200 ms after a stop: people press stop while
 * their last syllable still sounds.
 */
#define WHIS_CAPTURE_OPTIONS_INIT                                                                  \
  {                                                                                                \
    NULL, NULL, NULL, -1, 30000, 200, FALSE                                                        \
  }

#define WHIS_TYPE_CAPTURE (whis_capture_get_type ())
G_DECLARE_FINAL_TYPE (WhisCapture, whis_capture, WHIS, CAPTURE, GObject)

void whis_capture_warm_up (void);

WhisCapture *whis_capture_new (const WhisCaptureOptions *options);

gboolean whis_capture_start (WhisCapture *self, GError **error);
void whis_capture_stop (WhisCapture *self);
void whis_capture_cancel (WhisCapture *self);

guint64 whis_capture_get_elapsed_ms (WhisCapture *self);
guint64 whis_capture_get_duration_ms (WhisCapture *self);
guint64 whis_capture_get_quiet_ms (WhisCapture *self);
gboolean whis_capture_get_had_speech (WhisCapture *self);
const char *whis_capture_get_path (WhisCapture *self);

G_END_DECLS
