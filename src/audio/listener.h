/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "chunk.h"
#include "recording.h"

G_BEGIN_DECLS

/**
 * WhisListenerFuncs:
 * @level: the loudest sample of the last 100 ms, in dB below full scale (0 is the loudest)
 * @chunk: a chunk is complete and its bytes are in the recording; takes ownership of it
 * @sound: what was heard, in the form that was asked for; takes ownership of it. All that was heard
 *   up to the moment of a cut is told before the chunk, and nothing that was heard later
 * @silent: whether nothing but silence comes from the microphone, when that changes
 * @saved: whether all of the recording is in its file, when that changes; and whether it is for
 *   lack of room that it is not
 * @failed: nothing more can be recorded; takes ownership of the error
 *
 * What a listener tells, from the thread that feeds it.
 */
typedef struct
{
  void (*level) (double peak_db, gpointer user_data);
  void (*chunk) (WhisChunk *chunk, gpointer user_data);
  void (*sound) (GBytes *samples, gpointer user_data);
  void (*silent) (gboolean silent, gpointer user_data);
  void (*saved) (gboolean saved, gboolean full, gpointer user_data);
  void (*failed) (GError *error, gpointer user_data);
} WhisListenerFuncs;

typedef struct _WhisListener WhisListener;

WhisListener *whis_listener_new (const WhisListenerFuncs *funcs, gpointer user_data);
void whis_listener_free (WhisListener *listener);

void whis_listener_set_bitrate (WhisListener *listener, guint kbps);
void whis_listener_set_margins (WhisListener *listener, const WhisChunkMargins *margins);
void whis_listener_record (WhisListener *listener,
                           WhisRecording *recording,
                           const char *dictation,
                           guint longest_chunk_ms);

void whis_listener_tap (WhisListener *listener, guint rate);
void whis_listener_open_tap (WhisListener *listener, gboolean is_open);
void whis_listener_recut (WhisListener *listener,
                          const char *dictation,
                          guint longest_chunk_ms,
                          guint index,
                          guint64 start_frame,
                          guint64 end_of_previous,
                          guint64 first_frame,
                          guint64 first_offset,
                          guint grid_ms);
gboolean whis_listener_prepare (WhisListener *listener, GError **error);

void whis_listener_change_microphone (WhisListener *listener);
gboolean whis_listener_hear (WhisListener *listener, const gint16 *samples, gsize n_samples);
void whis_listener_pass_frame (WhisListener *listener, gsize n_skipped, gsize size);
void whis_listener_finish (WhisListener *listener);
gboolean whis_listener_save (WhisListener *listener);

void whis_listener_stop_after (WhisListener *listener, guint tail_ms);
guint64 whis_listener_get_elapsed_ms (WhisListener *listener);
guint64 whis_listener_get_quiet_ms (WhisListener *listener);
gboolean whis_listener_is_busy (WhisListener *listener);
gboolean whis_listener_get_had_speech (WhisListener *listener);
gboolean whis_listener_get_saved (WhisListener *listener);
GBytes *whis_listener_dup_unsaved (WhisListener *listener, guint64 offset, guint64 size);
guint64 whis_listener_get_size (WhisListener *listener);
int whis_listener_dup_lock (WhisListener *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisListener, whis_listener_free)

G_END_DECLS
