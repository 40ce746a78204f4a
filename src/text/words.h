/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WhisWord:
 * @start: first byte of the word in its text
 * @end: byte behind the word, without the punctuation that follows
 * @key: the word as it is compared: NFKC, case folded, no punctuation
 * @is_character: whether it is a single character of a script that writes no spaces
 *
 * A word of a text, or a character of a script without spaces between words.
 */
typedef struct
{
  gsize start;
  gsize end;
  char *key;
  gboolean is_character;
} WhisWord;

GArray *whis_words_split (const char *text);

gboolean whis_words_similar (const WhisWord *a, const WhisWord *b);

gboolean whis_character_writes_no_spaces (gunichar c);
gboolean whis_character_joins_without_space (gunichar c);
gboolean whis_character_is_wide_punctuation (gunichar c);

G_END_DECLS
