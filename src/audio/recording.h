/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "audio-error.h"

G_BEGIN_DECLS

typedef struct _WhisRecording WhisRecording;

WhisRecording *whis_recording_new (const char *path, GError **error);
void whis_recording_free (WhisRecording *recording);

gboolean
whis_recording_append (WhisRecording *recording, const void *data, gsize size, GError **error);
gboolean whis_recording_sync (WhisRecording *recording, GError **error);

const char *whis_recording_get_path (WhisRecording *recording);
guint64 whis_recording_get_size (WhisRecording *recording);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisRecording, whis_recording_free)

G_END_DECLS
