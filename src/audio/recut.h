/* SPDX-License-Identifier: MIT */
#pragma once

#include "listener.h"

G_BEGIN_DECLS

/**
 * WhisRecut:
 * @path: the recording
 * @dictation: id for the chunks
 * @longest_chunk_ms: longest chunk in milliseconds
 * @index: index of the first chunk that is missing
 * @offset: where the first frame begins that is in no chunk yet
 * @ms: where its sound is, in milliseconds
 * @overlaps: whether the sound before was cut inside speech, so that its end is to be in the first
 *   chunk, too
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
  guint index;
  guint64 offset;
  guint64 ms;
  gboolean overlaps;
  void (*started) (gpointer user_data);
  gpointer user_data;
} WhisRecut;

gboolean whis_recut_run (const WhisRecut *recut, WhisListener *listener, GError **error);

G_END_DECLS
