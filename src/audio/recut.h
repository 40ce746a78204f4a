/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"
#include "recorder.h"

G_BEGIN_DECLS

/**
 * WhisRecut:
 * @path: the recording
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 * @start: from where on it is cut
 * @started: called when the first sound is there
 * @user_data: for @started
 *
 * What of a recording is to be cut again.
 */
typedef struct
{
  const char *path;
  const char *dictation;
  guint longest_chunk_ms;
  WhisRecutStart start;
  void (*started) (gpointer user_data);
  gpointer user_data;
} WhisRecut;

gboolean whis_recut_run (const WhisRecut *recut, WhisRecorder *recorder, GError **error);

G_END_DECLS
