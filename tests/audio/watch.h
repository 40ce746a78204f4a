/* SPDX-License-Identifier: MIT */
#pragma once

#include "capture.h"

G_BEGIN_DECLS

/* A capture under observation. */
typedef struct _Watch Watch;
struct _Watch
{
  WhisCapture *capture;
  WhisRecording *recording;
  WhisSound *sound; /* that the chunks are read from */
  char *directory;
  char *path;
  GPtrArray *chunks;
  char *warning; /* the first */
  GPtrArray *warnings;
  gboolean silent;
  gboolean audible; /* again */
  gboolean saved;
  guint n_levels;
  double loudest;
  gboolean started;
  gboolean ended;
  GError *error;
  gboolean cancelled;
  gboolean gone;

  /* what to do at named moments */
  void (*on_started) (Watch *watch);
  void (*on_chunk) (Watch *watch);
};

Watch *watch_microphone_with (const WhisMicrophoneOptions *microphone);
Watch *watch_level (void);
Watch *watch_descriptor (const WhisCaptureOptions *options, int file);
Watch *watch_file (const char *path, guint longest_chunk_ms);
Watch *watch_file_at (guint kbps, const char *path, guint longest_chunk_ms);
Watch *watch_recut (guint kbps, guint longest_chunk_ms, const WhisRecutStart *start);
void watch_free (Watch *watch);

void watch_start (Watch *watch);
void watch_stop (Watch *watch);
void watch_cancel (Watch *watch);
void watch_until (Watch *watch, const gboolean *happened);
void watch_until_elapsed (Watch *watch, guint ms);
void watch_to_the_end (Watch *watch);

WhisChunk *watch_get_chunk (Watch *watch, guint n);
guint64 watch_get_chunked_ms (Watch *watch);
gboolean watch_has_speech (Watch *watch);
void watch_assert_file_is_whole (Watch *watch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Watch, watch_free)

G_END_DECLS
