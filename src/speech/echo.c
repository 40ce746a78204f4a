/* SPDX-License-Identifier: MIT */
#include "echo.h"

#include "words.h"

/* Nobody speaks a word in less; a prompt of one word may well be what was said. */
#define SHORTEST_WORD_MS 250

static gboolean
echo_repeats (GArray *text, GArray *prompt)
{
  if (prompt->len == 0 || text->len == 0 || text->len % prompt->len != 0)
    return FALSE;

  for (guint i = 0; i < text->len; i++)
    if (!g_str_equal (g_array_index (text, WhisWord, i).key,
                      g_array_index (prompt, WhisWord, i % prompt->len).key))
      return FALSE;

  return TRUE;
}

/**
 * whis_text_echoes_prompt:
 * @text: what a service answered
 * @prompt: (nullable): the hint that it was given
 * @voice_ms: how much voice was heard in the sound, in milliseconds
 *
 * Recognisers that hear no words tend to answer with the hint. Such an answer is the whole hint and
 * nothing else, once or several times. A hint of a single word may be just what was said, so it
 * counts as an echo only where there was less voice than a word takes.
 *
 * Returns: whether @text is nothing but @prompt
 */
gboolean
whis_text_echoes_prompt (const char *text, const char *prompt, guint64 voice_ms)
{
  g_autoptr (GArray) text_words = NULL;
  g_autoptr (GArray) prompt_words = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  if (prompt == NULL || *prompt == '\0')
    return FALSE;

  text_words = whis_words_split (text);
  prompt_words = whis_words_split (prompt);

  return echo_repeats (text_words, prompt_words)
         && (prompt_words->len > 1 || voice_ms < text_words->len * SHORTEST_WORD_MS);
}
