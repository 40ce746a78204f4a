/* SPDX-License-Identifier: MIT */
#pragma once

#include "audio-error.h"
#include "sound.h"

G_BEGIN_DECLS

/**
 * WHIS_RECORDING_MOST_UNSAVED:
 *
 * How many bytes stay in memory when the disk takes no more: 70 minutes of MP3 at 64 kbit/s, 17 of
 * samples.
 */
#define WHIS_RECORDING_MOST_UNSAVED (32 * 1024 * 1024)

#define WHIS_TYPE_RECORDING (whis_recording_get_type ())
G_DECLARE_FINAL_TYPE (WhisRecording, whis_recording, WHIS, RECORDING, GObject)

WhisRecording *whis_recording_new (const char *path);
gboolean whis_recording_open (WhisRecording *recording, GError **error);
void whis_recording_close (WhisRecording *recording);

gboolean
whis_recording_append (WhisRecording *recording, const void *data, gsize size, GError **error);
gboolean whis_recording_sync (WhisRecording *recording, GError **error);

gboolean whis_recording_get_saved (WhisRecording *recording);
gboolean whis_recording_is_full (WhisRecording *recording);
int whis_recording_dup_lock (WhisRecording *recording);

const char *whis_recording_get_path (WhisRecording *recording);
guint64 whis_recording_get_size (WhisRecording *recording);

G_END_DECLS
