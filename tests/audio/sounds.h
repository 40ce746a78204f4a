/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Sound for tests: 16 kHz, one channel, in arrays of gint16. */

#define SOUNDS_RATE 16000
#define SOUNDS_SPEECH_DIR "/usr/share/pocketsphinx/test/data"

void sounds_fix_noise (guint32 seed);
GArray *sounds_silence (guint ms);
GArray *sounds_noise (guint ms, double level_db);
GArray *sounds_rumble (guint ms, double level_db);
GArray *sounds_hum (guint ms, double level_db);
GArray *sounds_tone (guint ms, double hz, double level_db);
GArray *sounds_knocks (guint ms, double room_db);
GArray *sounds_clicks (guint ms, double room_db);

GArray *sounds_load (const char *name);
GArray *sounds_speech (void);
GArray *sounds_decode (const char *path);
GArray *sounds_decode_range (const char *path, guint64 offset, guint64 size);

void sounds_append (GArray *sound, GArray *more);
void sounds_mix (GArray *sound, GArray *other);
void sounds_scale (GArray *sound, double db);
void sounds_write_wav (GArray *sound, const char *path);

guint sounds_get_ms (GArray *sound);
double
sounds_compare (GArray *sound, guint64 from, GArray *other, guint64 other_from, guint length);

G_END_DECLS
