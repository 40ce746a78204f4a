/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A spoken language for machines: every word is a pattern of tones that survives MP3, and that a
 * search for a voice takes for one. A word is a number below 65536, written in syllables ("ba",
 * "keno", "latiro"), and 224 ms long:
 *
 *   all through     the harmonics of 125 Hz up to 1 kHz, like a vowel that holds its pitch
 *   symbol 0        a mark: two tones above 1 kHz that nothing else has
 *   symbols 1 to 3  eight bits each, one of 16 tones and one of 16 higher ones: the number in two,
 *                   and a checksum
 *
 * All tones are multiples of 125 Hz, so that a symbol repeats itself every 8 ms. Who hears only a
 * part of a word hears nothing.
 */

#define WORD_CODE_RATE 16000
#define WORD_CODE_WORDS 65536
#define WORD_CODE_WORD_MS 224

typedef struct
{
  guint number;
  /* in samples */
  gsize start;
  gsize end;
} WordCodeWord;

char *word_code_spell (guint number);
gboolean word_code_parse (const char *word, guint *number);

/* @samples: (element-type gint16); @level_db: RMS below full scale */
void word_code_append_word (GArray *samples, guint number, double level_db);
void word_code_append_pause (GArray *samples, guint ms, double noise_db, GRand *chance);

/* Returns: (element-type WordCodeWord): the whole words in a sound */
GArray *word_code_find (const gint16 *samples, gsize n_samples);

G_END_DECLS
