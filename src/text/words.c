/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

/* A longer word than this is compared for equality only. */
#define LONGEST_SIMILAR 64

static gboolean
is_punctuation (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONNECT_PUNCTUATION:
    case G_UNICODE_DASH_PUNCTUATION:
    case G_UNICODE_CLOSE_PUNCTUATION:
    case G_UNICODE_FINAL_PUNCTUATION:
    case G_UNICODE_INITIAL_PUNCTUATION:
    case G_UNICODE_OTHER_PUNCTUATION:
    case G_UNICODE_OPEN_PUNCTUATION:
    case G_UNICODE_MODIFIER_SYMBOL:
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
      return TRUE;

    case G_UNICODE_LOWERCASE_LETTER:
    case G_UNICODE_MODIFIER_LETTER:
    case G_UNICODE_OTHER_LETTER:
    case G_UNICODE_TITLECASE_LETTER:
    case G_UNICODE_UPPERCASE_LETTER:
    case G_UNICODE_SPACING_MARK:
    case G_UNICODE_ENCLOSING_MARK:
    case G_UNICODE_NON_SPACING_MARK:
    case G_UNICODE_DECIMAL_NUMBER:
    case G_UNICODE_LETTER_NUMBER:
    case G_UNICODE_OTHER_NUMBER:
    case G_UNICODE_CURRENCY_SYMBOL:
    case G_UNICODE_MATH_SYMBOL:
    case G_UNICODE_OTHER_SYMBOL:
    default:
      return FALSE;
    }
}

/* One recogniser writes a compound with a dash, the next with a space. */
static gboolean
is_dash (gunichar c)
{
  return g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION;
}

static gboolean
is_variation_selector (gunichar c)
{
  return c >= 0xFE00 && c <= 0xFE0F;
}

/**
 * whis_character_writes_no_spaces:
 * @c: a character
 *
 * Returns: whether words are written without spaces between them in the script of @c
 */
gboolean
whis_character_writes_no_spaces (gunichar c)
{
  switch ((int) g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_YI:
    case G_UNICODE_SCRIPT_THAI:
    case G_UNICODE_SCRIPT_LAO:
    case G_UNICODE_SCRIPT_KHMER:
    case G_UNICODE_SCRIPT_MYANMAR:
    case G_UNICODE_SCRIPT_TIBETAN:
      return TRUE;

    default:
      /* The prolonged sound marks belong to both kana. */
      return c == 0x30FC || c == 0xFF70;
    }
}

/**
 * whis_character_is_wide_punctuation:
 * @c: a character
 *
 * Returns: whether @c is a full-width punctuation mark, which carries its space in itself
 */
gboolean
whis_character_is_wide_punctuation (gunichar c)
{
  return ((c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFF65))
         && (is_punctuation (c) || c == 0x3000);
}

/**
 * whis_character_joins_without_space:
 * @c: a character
 *
 * Returns: whether @c stands next to its like without a space in Chinese and Japanese
 */
gboolean
whis_character_joins_without_space (gunichar c)
{
  switch ((int) g_unichar_get_script (c))
    {
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
    case G_UNICODE_SCRIPT_BOPOMOFO:
    case G_UNICODE_SCRIPT_YI:
      return TRUE;

    default:
      return (c >= 0x3000 && c <= 0x30FF) || (c >= 0xFF00 && c <= 0xFF9F);
    }
}

static char *
make_key (const char *start, const char *end)
{
  g_autofree char *normal = g_utf8_normalize (start, end - start, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *key = g_utf8_casefold (normal, -1);
  GString *stripped = g_string_new (NULL);

  for (const char *p = key; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_punctuation (c) && !is_variation_selector (c))
        g_string_append_unichar (stripped, c);
    }

  return g_string_free (stripped, FALSE);
}

/* The byte behind the character at @p and the marks on it. */
static const char *
character_end (const char *p)
{
  do
    p = g_utf8_next_char (p);
  while (*p != '\0' && g_unichar_ismark (g_utf8_get_char (p)));

  return p;
}

/* The byte behind the last character that is not punctuation in the run of non-blanks at @p. */
static const char *
word_end (const char *p)
{
  const char *end = p;

  while (*p != '\0')
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || is_dash (c) || whis_character_writes_no_spaces (c))
        break;
      p = character_end (p);
      if (!is_punctuation (c))
        end = p;
    }

  return end;
}

static void
add_word (GArray *words,
          const char *text,
          const char *start,
          const char *end,
          gboolean is_character)
{
  WhisWord word = { start - text, end - text, make_key (start, end), is_character };

  if (*word.key != '\0')
    g_array_append_val (words, word);
  else
    g_free (word.key);
}

static void
clear_word (gpointer data)
{
  WhisWord *word = data;

  g_free (word->key);
}

/**
 * whis_words_split:
 * @text: a text in UTF-8
 *
 * Splits a text into words, and runs of a script without spaces into characters with their marks.
 * Punctuation belongs to no word, but an apostrophe or point inside of one is passed over; a dash
 * ends a word.
 *
 * Returns: (transfer full) (element-type WhisWord): the words
 */
GArray *
whis_words_split (const char *text)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (WhisWord));
  const char *p = text;

  g_return_val_if_fail (text != NULL, words);

  g_array_set_clear_func (words, clear_word);
  while (*p != '\0')
    {
      gunichar c = g_utf8_get_char (p);
      gboolean is_character = whis_character_writes_no_spaces (c);
      const char *start = p;

      if (g_unichar_isspace (c) || is_punctuation (c))
        {
          p = g_utf8_next_char (p);
          continue;
        }
      p = is_character ? character_end (p) : word_end (p);
      add_word (words, text, start, p, is_character);
    }

  return words;
}

static glong
edit_distance (const gunichar *a, glong n_a, const gunichar *b, glong n_b)
{
  glong row[LONGEST_SIMILAR + 1];

  for (glong j = 0; j <= n_b; j++)
    row[j] = j;
  for (glong i = 1; i <= n_a; i++)
    {
      glong diagonal = row[0];

      row[0] = i;
      for (glong j = 1; j <= n_b; j++)
        {
          glong change = diagonal + (a[i - 1] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (change, MIN (row[j], row[j - 1]) + 1);
        }
    }

  return row[n_b];
}

/**
 * whis_words_similar:
 * @a: a word
 * @b: another word
 *
 * Returns: whether the two look like spellings of the same word: at most half of the letters of the
 *   longer one would have to change
 */
gboolean
whis_words_similar (const WhisWord *a, const WhisWord *b)
{
  g_autofree gunichar *letters_a = NULL;
  g_autofree gunichar *letters_b = NULL;
  glong n_a, n_b;

  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  letters_a = g_utf8_to_ucs4_fast (a->key, -1, &n_a);
  letters_b = g_utf8_to_ucs4_fast (b->key, -1, &n_b);
  if (MIN (n_a, n_b) < 2 || MAX (n_a, n_b) > LONGEST_SIMILAR)
    return FALSE;

  return 2 * edit_distance (letters_a, n_a, letters_b, n_b) <= MAX (n_a, n_b);
}
