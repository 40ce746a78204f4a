/* SPDX-License-Identifier: MIT */
#include "whisper-prompt.h"

#include <math.h>
#include <string.h>

/* How long a token takes to be said, as a guess, and where the window of a text ends. */
#define TOKEN_SECONDS 0.3
#define LATEST_SECONDS 29.0

/* Times are tokens too, one for each 20 ms. */
#define TIMES_PER_SECOND 50

static void
append_time (GArray *tokens, struct whisper_context *context, double seconds)
{
  whisper_token time = whisper_token_beg (context) + (whisper_token) (seconds * TIMES_PER_SECOND);

  g_array_append_val (tokens, time);
}

/* Returns when it ends, if it begins at @seconds. */
static double
append_sentence (GArray *tokens,
                 struct whisper_context *context,
                 const char *sentence,
                 double seconds)
{
  int most = (int) strlen (sentence) + 1;
  g_autofree whisper_token *words = g_new (whisper_token, most);
  int n_words = whisper_tokenize (context, sentence, words, most);
  double end;

  if (n_words <= 0)
    return seconds;
  end = fmin (seconds + TOKEN_SECONDS * n_words, LATEST_SECONDS);
  append_time (tokens, context, seconds);
  g_array_append_vals (tokens, words, (guint) n_words);
  append_time (tokens, context, end);

  return end;
}

static gboolean
ends_sentence (const char *at)
{
  return strchr (".!?", at[0]) != NULL && at[1] == ' ';
}

/**
 * whis_whisper_prompt_new:
 * @context: a model
 * @text: what was said before, or words that may be said
 *
 * Writes a prompt as the model has learned to read what was said before: with the times at which
 * sentences begin and end, which are guessed here. After a text without times the model writes
 * none itself, loses track of the time, and takes a pause for the end of the sound.
 *
 * Returns: (transfer full) (element-type whisper_token): its tokens; the model looks at the last of
 *   them, as far as they fit
 */
GArray *
whis_whisper_prompt_new (struct whisper_context *context, const char *text)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (whisper_token));
  g_autofree char *sentences = g_strconcat (" ", text, NULL);
  char *start = sentences;
  double seconds = 0;

  for (char *at = sentences; *at != '\0'; at++)
    {
      if (!ends_sentence (at))
        continue;
      at[1] = '\0';
      seconds = append_sentence (tokens, context, start, seconds);
      at[1] = ' ';
      start = at + 1;
    }
  append_sentence (tokens, context, start, seconds);

  return tokens;
}
