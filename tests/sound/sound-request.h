/* SPDX-License-Identifier: MIT */
#pragma once

#include "file-sound.h"
#include "memory-sound.h"
#include "request.h"

G_BEGIN_DECLS

/* A request for a part of a file. */
static inline WhisSpeechRequest *
file_request_new (const char *path, guint64 offset, guint64 size, guint64 duration_ms)
{
  g_autoptr (WhisSound) sound = whis_file_sound_new (path);

  return whis_speech_request_new (sound, offset, size, duration_ms);
}

/* A request for all of a sound in memory. */
static inline WhisSpeechRequest *
memory_request_new (GBytes *bytes, WhisSoundFormat format, guint64 duration_ms)
{
  g_autoptr (WhisSound) sound = whis_memory_sound_new (bytes, format);

  return whis_speech_request_new (sound, 0, g_bytes_get_size (bytes), duration_ms);
}

G_END_DECLS
