/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The recorded human speech of Debian's package pocketsphinx-testdata. */
#define SPEECH_DIR "/usr/share/pocketsphinx/test/data"
#define SPEECH_WAV SPEECH_DIR "/librivox/sense_and_sensibility_01_austen_64kb-0930.wav"
#define SPEECH_TEXT "he might even have been made amiable himself"
#define LONG_SPEECH_WAV SPEECH_DIR "/librivox/sense_and_sensibility_01_austen_64kb-0870.wav"

GBytes *speech_read (const char *path);
GBytes *speech_read_samples (const char *path);
GBytes *speech_repeat (GBytes *samples, guint times);
GBytes *speech_make_wav (GBytes *samples);
void speech_assert_wer (const char *known, const char *heard, double most);

G_END_DECLS
