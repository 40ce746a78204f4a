/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "chunk.h"
#include "recording.h"

G_BEGIN_DECLS

/**
 * WhisRecorderFuncs:
 * @level: the loudest sample of the last 100 ms, in dB below full scale (0 is the loudest)
 * @chunk: a chunk is complete and its bytes are in the recording; takes ownership of it
 * @sound: what was heard, in the form that was asked for; takes ownership of it. All that was heard
 *   up to the moment of a cut is told before the chunk, and nothing that was heard later
 * @silent: whether nothing but silence comes from the microphone, when that changes
 * @saved: whether all of the recording is in its file, when that changes; and whether it is for
 *   lack of room that it is not
 * @failed: nothing more can be recorded; takes ownership of the error
 *
 * What a recorder tells, from the thread that feeds it.
 */
typedef struct
{
  void (*level) (double peak_db, gpointer user_data);
  void (*chunk) (WhisChunk *chunk, gpointer user_data);
  void (*sound) (GBytes *samples, gpointer user_data);
  void (*silent) (gboolean silent, gpointer user_data);
  void (*saved) (gboolean saved, gboolean full, gpointer user_data);
  void (*failed) (GError *error, gpointer user_data);
} WhisRecorderFuncs;

typedef struct _WhisRecorder WhisRecorder;

WhisRecorder *whis_recorder_new (const WhisRecorderFuncs *funcs, gpointer user_data);
void whis_recorder_free (WhisRecorder *recorder);

void whis_recorder_set_bitrate (WhisRecorder *recorder, guint kbps);
void whis_recorder_set_margins (WhisRecorder *recorder, const WhisChunkMargins *margins);
void whis_recorder_record (WhisRecorder *recorder,
                           WhisRecording *recording,
                           const char *dictation,
                           guint longest_chunk_ms);

void whis_recorder_tap (WhisRecorder *recorder, guint rate);
void whis_recorder_open_tap (WhisRecorder *recorder, gboolean is_open);
void whis_recorder_split_in_pauses (WhisRecorder *recorder, guint pause_ms);
void whis_recorder_recut (WhisRecorder *recorder,
                          const char *dictation,
                          guint longest_chunk_ms,
                          guint index,
                          guint64 start_frame,
                          guint64 end_of_previous,
                          guint64 first_frame,
                          guint64 first_offset,
                          guint grid_ms);
gboolean whis_recorder_prepare (WhisRecorder *recorder, GError **error);

void whis_recorder_change_microphone (WhisRecorder *recorder);
gboolean whis_recorder_hear (WhisRecorder *recorder, const gint16 *samples, gsize n_samples);
void whis_recorder_pass_frame (WhisRecorder *recorder, gsize n_skipped, gsize size);
void whis_recorder_finish (WhisRecorder *recorder);
gboolean whis_recorder_begin_split (WhisRecorder *recorder);
gboolean whis_recorder_is_splitting (WhisRecorder *recorder);
void whis_recorder_cancel_split (WhisRecorder *recorder);
gboolean whis_recorder_split (WhisRecorder *recorder, WhisRecorder *next);
gboolean whis_recorder_save (WhisRecorder *recorder);

void whis_recorder_stop_after (WhisRecorder *recorder, guint tail_ms);
guint64 whis_recorder_get_elapsed_ms (WhisRecorder *recorder);
guint64 whis_recorder_get_quiet_ms (WhisRecorder *recorder, gboolean *has_spoken);
gboolean whis_recorder_is_busy (WhisRecorder *recorder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecorder, whis_recorder_free)

G_END_DECLS
