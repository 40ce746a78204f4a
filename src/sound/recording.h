/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "audio-error.h"

G_BEGIN_DECLS

/**
 * WHIS_RECORDING_MOST_UNSAVED:
 *
 * How many bytes stay in memory when the disk takes no more: 70 minutes of MP3 at 64 kbit/s, 17 of
 * samples.
 */
#define WHIS_RECORDING_MOST_UNSAVED (32 * 1024 * 1024)

typedef struct _WhisRecording WhisRecording;

WhisRecording *whis_recording_new (const char *path);
gboolean whis_recording_open (WhisRecording *recording, GError **error);
void whis_recording_free (WhisRecording *recording);

gboolean
whis_recording_append (WhisRecording *recording, const void *data, gsize size, GError **error);
gboolean whis_recording_sync (WhisRecording *recording, GError **error);

gboolean whis_recording_get_saved (WhisRecording *recording);
gboolean whis_recording_is_full (WhisRecording *recording);
GBytes *whis_recording_dup_unsaved (WhisRecording *recording, guint64 offset, guint64 size);
int whis_recording_dup_lock (WhisRecording *recording);

const char *whis_recording_get_path (WhisRecording *recording);
guint64 whis_recording_get_size (WhisRecording *recording);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecording, whis_recording_free)

G_END_DECLS
