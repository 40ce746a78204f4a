/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "audio-error.h"
#include "frame-format.h"

G_BEGIN_DECLS

/**
 * WhisFrame:
 * @offset: where the frame is in the file
 * @size: its length in bytes, the same for all of a recording
 * @data: the frame
 *
 * One frame of a recording.
 */
typedef struct
{
  guint64 offset;
  gsize size;
  guint8 data[WHIS_FRAME_LARGEST];
} WhisFrame;

typedef struct _WhisFrames WhisFrames;

WhisFrames *whis_frames_new (const char *path, GError **error);
WhisFrames *whis_frames_new_for_bytes (GBytes *bytes);
void whis_frames_free (WhisFrames *frames);

gboolean whis_frames_is_lossless (WhisFrames *frames);
guint64 whis_frames_rewind (WhisFrames *frames, guint64 offset, guint64 most);
guint64 whis_frames_get_offset (WhisFrames *frames);
gboolean whis_frames_next (WhisFrames *frames, WhisFrame *frame);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisFrames, whis_frames_free)

G_END_DECLS
