/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "audio-error.h"

G_BEGIN_DECLS

GError *whis_capture_error_new (const GError *error, gboolean is_file, gboolean heard);
char *whis_capture_unsaved_warning (gboolean full, const char *path, guint kbps);
char *whis_capture_silence_warning (const char *microphone);
char *whis_capture_switch_warning (const char *microphone);
char *whis_capture_moved_warning (const char *microphone);

G_END_DECLS
