/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (element-type gint16) (nullable): an MP3 as samples at 16 kHz, one channel */
GArray *sound_decode_upload (GBytes *upload, GError **error);
GArray *sound_decode_mp3 (GBytes *mp3, GError **error);

G_END_DECLS
