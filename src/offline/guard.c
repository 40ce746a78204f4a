/* SPDX-License-Identifier: MIT */
#include "guard.h"

#include <string.h>

/* Nobody says more words in a second. */
#define MOST_WORDS_PER_SECOND 8.0

/* Times are rough: what is said in less than this is not judged by its rate. */
#define SHORTEST_JUDGED_MS 500
#define FEWEST_JUDGED_WORDS 6

/* Nobody speaks so slowly for so long. */
#define FEWEST_WORDS_PER_SECOND 0.4
#define LONGEST_SLOW_MS 4000
#define SLOW_NO_SPEECH 0.2

/* What is loud for less than this is a click. */
#define SHORTEST_LOUD_MS 40

/* A speaker says the same twice, and seldom three times in the same words. */
#define MOST_REPEATS 2

static const struct
{
  const char *open;
  const char *close;
} brackets[] = {
  { "[", "]" }, { "(", ")" },   { "*", "*" },   { "<|", "|>" },
  { "♪", "♪" }, { "【", "】" }, { "（", "）" },
};

/* Whether a text is nothing but names of sounds in brackets, notes and punctuation. */
static gboolean
names_sounds (const char *text)
{
  gboolean found = FALSE;

  while (*text != '\0')
    {
      const char *end = NULL;
      gboolean opened = FALSE;

      for (gsize i = 0; i < G_N_ELEMENTS (brackets) && !opened; i++)
        {
          opened = g_str_has_prefix (text, brackets[i].open);
          if (!opened)
            continue;
          end = strstr (text + strlen (brackets[i].open), brackets[i].close);
          text = end != NULL ? end + strlen (brackets[i].close) : text + strlen (text);
        }
      found = found || opened;
      if (opened)
        continue;
      if (g_unichar_isalnum (g_utf8_get_char (text)))
        return FALSE;
      text = g_utf8_next_char (text);
    }

  return found;
}

static gboolean
has_letters (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;

  return FALSE;
}

static guint
count_words (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);
  guint count = 0;

  for (guint i = 0; parts[i] != NULL; i++)
    count += has_letters (parts[i]);

  return count;
}

static gboolean
is_too_fast (const WhisSegment *segment)
{
  guint n_words = count_words (segment->text);
  double seconds = MAX (segment->end_ms - segment->start_ms, SHORTEST_JUDGED_MS) / 1000.0;

  return n_words >= FEWEST_JUDGED_WORDS && n_words / seconds > MOST_WORDS_PER_SECOND;
}

/* "Thank you." over twenty seconds of music. A model that hears speech and misses most of it is
 * believed. */
static gboolean
is_too_slow (const WhisSegment *segment, guint64 loud_ms)
{
  return loud_ms >= LONGEST_SLOW_MS && segment->no_speech_probability > SLOW_NO_SPEECH
         && count_words (segment->text) * 1000.0 / loud_ms < FEWEST_WORDS_PER_SECOND;
}

/**
 * whis_guard_judge:
 * @segment: what an engine made of a stretch of sound
 * @loudness: how loud the sound is
 *
 * Judges by measure whether somebody said what an engine wrote. Words alone decide nothing: who
 * says "thank you" gets it written.
 *
 * Returns: why it is to be taken out, or %WHIS_GUARD_FINE
 */
WhisGuardReason
whis_guard_judge (const WhisSegment *segment, const WhisLoudness *loudness)
{
  guint64 loud_ms;

  g_return_val_if_fail (segment != NULL, WHIS_GUARD_FINE);
  g_return_val_if_fail (loudness != NULL, WHIS_GUARD_FINE);

  if (names_sounds (segment->text) || !has_letters (segment->text))
    return WHIS_GUARD_SOUND;
  if (is_too_fast (segment))
    return WHIS_GUARD_RATE;
  loud_ms = whis_loudness_count_loud_ms (loudness, segment->start_ms, segment->end_ms);
  if (loud_ms < SHORTEST_LOUD_MS)
    return WHIS_GUARD_QUIET;
  if (!segment->is_measured)
    return WHIS_GUARD_FINE;
  if (is_too_slow (segment, loud_ms)
      || (segment->no_speech_probability > WHIS_GUARD_MOST_NO_SPEECH
          && segment->average_logprob < WHIS_GUARD_LEAST_LOGPROB_IN_DOUBT))
    return WHIS_GUARD_NOBODY;
  if (segment->compression_ratio > WHIS_GUARD_MOST_COMPRESSION)
    return WHIS_GUARD_LOOP;

  return WHIS_GUARD_FINE;
}

static gboolean
is_same (const WhisTranscript *transcript, guint a, guint b)
{
  const WhisSegment *first = g_ptr_array_index (transcript->segments, a);
  const WhisSegment *second = g_ptr_array_index (transcript->segments, b);

  return g_str_equal (first->text, second->text);
}

static gboolean
is_repeated (const WhisTranscript *transcript, guint i)
{
  guint repeats = 0;

  while (repeats < i && is_same (transcript, i, i - repeats - 1))
    repeats++;

  return repeats >= MOST_REPEATS;
}

/**
 * whis_guard_clean:
 * @transcript: what an engine made of a sound
 * @loudness: how loud the sound is
 *
 * Takes out of a transcript what nobody said, and counts it. See whis_guard_judge().
 */
void
whis_guard_clean (WhisTranscript *transcript, const WhisLoudness *loudness)
{
  g_return_if_fail (transcript != NULL);
  g_return_if_fail (loudness != NULL);

  for (guint i = transcript->segments->len; i-- > 0;)
    {
      WhisGuardReason reason =
          is_repeated (transcript, i)
              ? WHIS_GUARD_LOOP
              : whis_guard_judge (g_ptr_array_index (transcript->segments, i), loudness);

      if (reason == WHIS_GUARD_FINE)
        continue;
      g_debug ("A segment is taken out for reason %d", (int) reason);
      g_ptr_array_remove_index (transcript->segments, i);
      transcript->n_removed++;
    }
}
