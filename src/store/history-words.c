/* SPDX-License-Identifier: MIT */
#include "history-words.h"

#include <string.h>

#include "words.h"

/* Nobody searches for more; what comes after is not looked at. */
#define MAX_SEARCH_BYTES 4096

/* Each character of these has to be a word for a search to find something in the middle of a word;
 * in Korean, whose words have spaces between them, since particles follow without one. */
static gboolean
is_word_of_its_own (gunichar c)
{
  return whis_character_writes_no_spaces (c) || g_unichar_get_script (c) == G_UNICODE_SCRIPT_HANGUL;
}

static gboolean
is_in_word (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_ismark (c);
}

/**
 * whis_history_words_split:
 * @text: a text
 *
 * Readies a text for the full-text index, whose tokenizer takes a run of letters for a word: the
 * same characters in their common form (Unicode's NFKC), with spaces between those of writings that
 * have no spaces.
 *
 * Returns: (transfer full): the text to be indexed
 */
char *
whis_history_words_split (const char *text)
{
  g_autofree char *valid = NULL;
  g_autofree char *common = NULL;
  GString *words;

  g_return_val_if_fail (text != NULL, NULL);

  valid = g_utf8_make_valid (text, -1);
  common = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL_COMPOSE);
  words = g_string_sized_new (strlen (common) + 16);
  for (const char *p = common; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean alone = is_word_of_its_own (c);

      if (alone)
        g_string_append_c (words, ' ');
      g_string_append_unichar (words, c);
      if (alone)
        g_string_append_c (words, ' ');
    }

  return g_string_free (words, FALSE);
}

/* What stands between two spaces of a search, as one phrase; %NULL if there is no letter in it. */
static char *
create_phrase (const char *piece)
{
  g_autofree char *words = whis_history_words_split (piece);
  GString *phrase = g_string_new ("\"");
  gboolean any = FALSE;

  for (const char *p = words; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      any = any || g_unichar_isalnum (c);
      g_string_append_unichar (phrase, is_in_word (c) ? c : ' ');
    }
  g_string_append_c (phrase, '"');

  return g_string_free (phrase, !any);
}

/* Not in the middle of a character. */
static char *
history_words_cut (const char *search)
{
  gsize size = MIN (strlen (search), (gsize) MAX_SEARCH_BYTES);

  while (size > 0 && size == MAX_SEARCH_BYTES && (search[size] & 0xC0) == 0x80)
    size--;

  return g_strndup (search, size);
}

/**
 * whis_history_words_to_query:
 * @search: what a user typed; anything
 *
 * Makes a full-text query of a search: every word must be there, the last one may be the beginning
 * of a word. No character has a meaning of its own. See
 * [FTS5](https://www.sqlite.org/fts5.html#full_text_query_syntax).
 *
 * Returns: (transfer full) (nullable): the query; %NULL if there is no word in @search
 */
char *
whis_history_words_to_query (const char *search)
{
  g_autofree char *head = NULL;
  g_autofree char *valid = NULL;
  g_auto (GStrv) pieces = NULL;
  g_autoptr (GString) query = g_string_new (NULL);

  g_return_val_if_fail (search != NULL, NULL);

  head = history_words_cut (search);
  valid = g_utf8_make_valid (head, -1);
  /* White space of every writing separates. */
  for (char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isspace (g_utf8_get_char (p)))
      memset (p, ' ', (gsize) (g_utf8_next_char (p) - p));

  pieces = g_strsplit (valid, " ", -1);
  for (char **piece = pieces; *piece != NULL; piece++)
    {
      g_autofree char *phrase = create_phrase (*piece);

      if (phrase != NULL)
        g_string_append_printf (query, "%s%s", query->len > 0 ? " " : "", phrase);
    }
  if (query->len == 0)
    return NULL;
  g_string_append_c (query, '*');

  return g_strdup (query->str);
}
