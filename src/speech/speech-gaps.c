/* SPDX-License-Identifier: MIT */
#include "speech-gaps.h"

#include <string.h>

#include "merge.h"

/* Pauses within a sentence do not end a stretch of speech. */
#define PAUSE_MS 300

/* Times of words are rounded, and one that lasts longer reaches into what was left out. */
#define ROUNDING_MS 100
#define LONGEST_WORD_MS 1000

static const WhisTimedText *
get_time (const WhisTranscription *transcription, guint i)
{
  return g_ptr_array_index (transcription->times, i);
}

static gboolean
is_one_word (const char *text)
{
  return strchr (text, ' ') == NULL;
}

/* Up to where a word or a segment can be heard. */
static guint64
get_end_ms (const WhisTimedText *part)
{
  if (!is_one_word (part->text))
    return part->end_ms;

  return MIN (part->end_ms, part->start_ms + LONGEST_WORD_MS);
}

static void
add_if_gap (GArray *gaps, GArray *voice, guint64 start_ms, guint64 end_ms)
{
  WhisSpan gap = { start_ms, end_ms };

  if (start_ms < end_ms && whis_spans_get_ms (voice, start_ms, end_ms) >= WHIS_SPEECH_GAP_MS)
    g_array_append_val (gaps, gap);
}

/* What is between the words in a stretch of speech. */
static void
find_in_stretch (GArray *gaps,
                 const WhisTranscription *transcription,
                 GArray *voice,
                 const WhisSpan *stretch)
{
  guint64 covered = stretch->start_ms;

  for (guint i = 0; i < transcription->times->len; i++)
    {
      const WhisTimedText *part = get_time (transcription, i);
      guint64 end = get_end_ms (part) + ROUNDING_MS;

      if (end <= stretch->start_ms || part->start_ms >= stretch->end_ms)
        continue;
      if (part->start_ms > covered + ROUNDING_MS)
        add_if_gap (gaps, voice, covered, part->start_ms - ROUNDING_MS);
      covered = MAX (covered, end);
    }
  add_if_gap (gaps, voice, covered, stretch->end_ms);
}

static GArray *
find_without_text (GArray *voice)
{
  GArray *gaps = whis_spans_new ();

  if (whis_spans_get_ms (voice, 0, G_MAXUINT64) >= WHIS_SPEECH_WITHOUT_TEXT_MS)
    whis_spans_add (gaps, g_array_index (voice, WhisSpan, 0).start_ms,
                    g_array_index (voice, WhisSpan, voice->len - 1).end_ms);

  return gaps;
}

/**
 * whis_speech_gaps_find:
 * @transcription: what a service made of a piece of sound
 * @voice: (element-type WhisSpan): where a voice was heard in it, in the times of @transcription
 *
 * Looks for speech that is in no word. Where there is a text and no times, nobody can tell.
 *
 * Returns: (transfer full) (element-type WhisSpan): where it is
 */
GArray *
whis_speech_gaps_find (const WhisTranscription *transcription, GArray *voice)
{
  g_autoptr (GArray) stretches = NULL;
  GArray *gaps;

  g_return_val_if_fail (transcription != NULL, NULL);
  g_return_val_if_fail (voice != NULL, NULL);

  if (*transcription->text == '\0')
    return find_without_text (voice);
  gaps = whis_spans_new ();
  if (transcription->times->len == 0)
    return gaps;
  stretches = whis_spans_join (voice, PAUSE_MS);
  for (guint i = 0; i < stretches->len; i++)
    find_in_stretch (gaps, transcription, voice, &g_array_index (stretches, WhisSpan, i));

  return gaps;
}

/* Where in a text the words before a gap end; they must be in it in their order. */
static gboolean
find_place (const WhisTranscription *transcription, guint n_before, gsize *place)
{
  const char *at = transcription->text;

  for (guint i = 0; i < n_before; i++)
    {
      const char *text = get_time (transcription, i)->text;
      const char *found = strstr (at, text);

      if (found == NULL)
        return FALSE;
      at = found + strlen (text);
    }
  *place = (gsize) (at - transcription->text);

  return TRUE;
}

/* The words of what was found that are in the gap: those around it were known already. */
static WhisTranscription *
find_words_in_gap (const WhisTranscription *found, const WhisSpan *gap)
{
  WhisTranscription *taken;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) times = whis_timed_texts_new ();

  for (guint i = 0; i < found->times->len; i++)
    {
      const WhisTimedText *part = get_time (found, i);
      guint64 middle = part->start_ms / 2 + part->end_ms / 2;

      if (is_one_word (part->text)
          && (middle < gap->start_ms || middle > gap->end_ms + ROUNDING_MS))
        continue;
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", part->text);
      g_ptr_array_add (times, whis_timed_text_copy (part));
    }
  taken = whis_transcription_new (found->times->len > 0 ? text->str : found->text);
  for (guint i = 0; i < times->len; i++)
    g_ptr_array_add (taken->times, whis_timed_text_copy (g_ptr_array_index (times, i)));

  return taken;
}

static guint
count_before (const WhisTranscription *transcription, const WhisSpan *gap)
{
  guint n = 0;

  while (n < transcription->times->len
         && get_time (transcription, n)->start_ms < gap->start_ms + ROUNDING_MS)
    n++;

  return n;
}

static char *
put_between (const char *text, gsize place, const char *more)
{
  g_autofree char *before = g_strndup (text, place);
  g_autoptr (WhisMerge) merge = whis_merge_new ();

  whis_merge_set (merge, 0, before, FALSE);
  whis_merge_set (merge, 1, more, FALSE);
  whis_merge_set (merge, 2, text + place, FALSE);

  return whis_merge_get_text (merge, 3);
}

/* A number of many digits is one word, which covers no more than its beginning. What is heard
 * behind it then is the rest of the same digits once more, or nothing that belongs to a number. */
static gboolean
repeats_number (const char *text, const char *found)
{
  guint n_digits = 0, n_letters = 0;
  const char *at = text;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      n_digits += g_unichar_isdigit (g_utf8_get_char (p));
      n_letters += g_unichar_isalpha (g_utf8_get_char (p));
    }
  if (n_digits == 0 || n_digits < n_letters)
    return FALSE;

  for (const char *p = found; *p != '\0'; p = g_utf8_next_char (p))
    {
      int digit = g_unichar_digit_value (g_utf8_get_char (p));

      if (digit < 0)
        continue;
      while (*at != '\0' && g_unichar_digit_value (g_utf8_get_char (at)) != digit)
        at = g_utf8_next_char (at);
      if (*at == '\0')
        return FALSE;
      at = g_utf8_next_char (at);
    }

  return TRUE;
}

/**
 * whis_speech_gaps_fill:
 * @transcription: what a service made of a piece of sound
 * @found: what it made of the sound around a gap, in the same times
 * @gap: the gap
 *
 * Puts what was found in a gap where it belongs.
 *
 * Returns: whether there was anything
 */
gboolean
whis_speech_gaps_fill (WhisTranscription *transcription,
                       const WhisTranscription *found,
                       const WhisSpan *gap)
{
  g_autoptr (WhisTranscription) taken = NULL;
  guint n_before;
  gsize place;
  char *text;

  g_return_val_if_fail (transcription != NULL && found != NULL, FALSE);
  g_return_val_if_fail (gap != NULL, FALSE);

  taken = find_words_in_gap (found, gap);
  n_before = count_before (transcription, gap);
  if (*taken->text == '\0' || repeats_number (transcription->text, taken->text)
      || !find_place (transcription, n_before, &place))
    return FALSE;

  text = put_between (transcription->text, place, taken->text);
  g_free (transcription->text);
  transcription->text = text;
  for (guint i = 0; i < taken->times->len; i++)
    g_ptr_array_insert (transcription->times, (int) (n_before + i),
                        whis_timed_text_copy (get_time (taken, i)));

  return TRUE;
}
