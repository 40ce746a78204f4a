/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <string.h>

#define BETWEEN_WORDS ", "
#define AFTER_WORDS ". "
/* Bytes of a word that is cut off. */
#define LONGEST_REST 32

/* A model counts tokens, of which we know only that a token is some four letters of English, half
 * as many of another alphabet, and about one character of Chinese. Never too low, so that a service
 * that counts characters is content too. */
static guint
weigh_char (gunichar c)
{
  return c < 0x80 ? 1 : c < 0x800 ? 2 : 4;
}

static guint
prompt_weigh (const char *text)
{
  guint weight = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    weight += weigh_char (g_utf8_get_char (p));

  return weight;
}

/* The words from the first on, as many as fit, as a sentence. */
static char *
join_words (const char *const *words, guint most)
{
  GString *joined = g_string_new (NULL);
  guint weight = 0;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      const char *comma = joined->len > 0 ? BETWEEN_WORDS : "";

      weight += strlen (comma) + prompt_weigh (words[i]);
      if (weight > most)
        break;
      g_string_append (joined, comma);
      g_string_append (joined, words[i]);
    }

  return g_string_free (joined, FALSE);
}

/* The beginning of the next word, unless a long stretch without blanks would be lost for it. */
static const char *
skip_rest_of_word (const char *start)
{
  gsize length = strcspn (start, " ");

  return start[length] == ' ' && length < LONGEST_REST ? start + length + 1 : start;
}

/* The end of a hint, from the beginning of a word. */
static const char *
find_tail (const char *hint, guint most)
{
  const char *start = hint + strlen (hint);
  guint weight = 0;

  while (start > hint)
    {
      const char *before = g_utf8_prev_char (start);

      weight += weigh_char (g_utf8_get_char (before));
      if (weight > most)
        break;
      start = before;
    }

  return start > hint && start[-1] != ' ' ? skip_rest_of_word (start) : start;
}

/**
 * whis_prompt_compose:
 * @hint: (nullable): what the user wrote to help the recogniser
 * @words: (nullable): names and terms that may be said
 * @most: how much fits, in English letters; 0 for any length
 *
 * Makes one prompt of a hint and of words for which a model has no field. Whisper looks at the end
 * of a prompt and forgets what is before, so that a long hint would push the words out: of what
 * does not fit, each gets half, and what the other leaves. Of the words the first stay, of the hint
 * the end.
 *
 * Returns: (transfer full) (nullable): the prompt; %NULL when there is nothing to say
 */
char *
whis_prompt_compose (const char *hint, const char *const *words, guint most)
{
  g_autofree char *joined = NULL;
  const char *end = hint != NULL ? hint : "";
  guint hint_weight;
  guint rest;

  if (most == 0)
    most = G_MAXUINT;
  hint_weight = MIN (prompt_weigh (end) + strlen (AFTER_WORDS), most);
  joined = join_words (words, MAX (most / 2, most - hint_weight));
  rest = most - prompt_weigh (joined);
  if (*joined != '\0')
    rest = rest > strlen (AFTER_WORDS) ? rest - strlen (AFTER_WORDS) : 0;
  end = find_tail (end, rest);
  if (*joined == '\0' && *end == '\0')
    return NULL;

  return g_strconcat (joined, *joined != '\0' && *end != '\0' ? AFTER_WORDS : "", end, NULL);
}
