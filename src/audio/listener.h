/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "../chunk.h"
#include "recording.h"

G_BEGIN_DECLS

/**
 * WhisListenerFuncs:
 * @started: the first sound arrived
 * @level: the loudest sample of the last 100 ms, in dB below full scale (0 is the loudest)
 * @chunk: a chunk is complete and its bytes are in the recording; takes ownership of it
 *
 * What a listener tells, from the thread that feeds it.
 */
typedef struct
{
  void (*started) (gpointer user_data);
  void (*level) (double peak_db, gpointer user_data);
  void (*chunk) (WhisChunk *chunk, gpointer user_data);
} WhisListenerFuncs;

typedef struct _WhisListener WhisListener;

WhisListener *whis_listener_new (const WhisListenerFuncs *funcs, gpointer user_data);
void whis_listener_free (WhisListener *listener);

void whis_listener_record (WhisListener *listener,
                           WhisRecording *recording,
                           const char *dictation,
                           guint longest_chunk_ms);

gboolean whis_listener_hear (WhisListener *listener, const gint16 *samples, gsize n_samples);
gboolean
whis_listener_store (WhisListener *listener, const void *frame, gsize size, GError **error);
void whis_listener_finish (WhisListener *listener);

void whis_listener_stop_after (WhisListener *listener, guint tail_ms);
guint64 whis_listener_get_elapsed_ms (WhisListener *listener);
guint64 whis_listener_get_quiet_ms (WhisListener *listener);
gboolean whis_listener_get_had_speech (WhisListener *listener);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisListener, whis_listener_free)

G_END_DECLS
