/* SPDX-License-Identifier: MIT */
#include "transcript.h"

#include <string.h>

/**
 * whis_transcript_new:
 * @duration_ms: length of the sound in milliseconds
 *
 * Returns: (transfer full): a transcript without words
 */
WhisTranscript *
whis_transcript_new (guint64 duration_ms)
{
  WhisTranscript *transcript = g_new0 (WhisTranscript, 1);

  transcript->duration_ms = duration_ms;
  transcript->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_segment_free);

  return transcript;
}

/**
 * whis_transcript_free:
 * @transcript: (transfer full): a transcript
 */
void
whis_transcript_free (WhisTranscript *transcript)
{
  g_return_if_fail (transcript != NULL);

  g_ptr_array_unref (transcript->segments);
  g_free (transcript->language);
  g_free (transcript);
}

/* A mark of the decoder for something that is no word: <s>, <sil>, [NOISE], ++SPEECH++. */
static gboolean
is_mark (const char *word)
{
  return word[0] == '<' || word[0] == '[' || g_str_has_prefix (word, "++");
}

/* "the(2)" is the second way to say "the". */
static void
strip_variant (char *word)
{
  char *bracket = strchr (word, '(');

  if (bracket != NULL && bracket != word)
    *bracket = '\0';
}

/* English writes "I" large, also in "I'm"; the model's dictionary knows small letters only. */
static void
capitalise_i (char *word)
{
  if (word[0] == 'i' && (word[1] == '\0' || word[1] == '\''))
    word[0] = 'I';
}

/**
 * whis_transcript_clean:
 * @words: words as the decoder writes them, parted by blanks
 *
 * Leaves the words a person would write: no marks for silence and noise, no numbers of
 * pronunciations, a large "I".
 *
 * Returns: (transfer full): the words, parted by single blanks; empty if there are none
 */
char *
whis_transcript_clean (const char *words)
{
  g_auto (GStrv) all = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (words != NULL, NULL);

  all = g_strsplit_set (words, " \t\n", -1);
  for (guint i = 0; all[i] != NULL; i++)
    {
      if (all[i][0] == '\0' || is_mark (all[i]))
        continue;
      strip_variant (all[i]);
      capitalise_i (all[i]);
      if (text->len > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, all[i]);
    }

  return g_string_free (text, FALSE);
}

/**
 * whis_transcript_add:
 * @transcript: a transcript
 * @start_ms: where the words begin, in milliseconds
 * @end_ms: where they end
 * @words: words as the decoder writes them
 *
 * Cleans the words and adds them as a segment, unless nothing is left of them.
 */
void
whis_transcript_add (WhisTranscript *transcript,
                     guint64 start_ms,
                     guint64 end_ms,
                     const char *words)
{
  g_autofree char *text = NULL;
  WhisSegment *segment;

  g_return_if_fail (transcript != NULL);
  g_return_if_fail (words != NULL);

  text = whis_transcript_clean (words);
  segment = whis_segment_new (start_ms, end_ms, text);
  segment->is_glued = FALSE;
  whis_transcript_take (transcript, segment);
}

/**
 * whis_transcript_take:
 * @transcript: a transcript
 * @segment: (transfer full): what was said next
 *
 * Adds a segment, unless it has no text. Its times are kept behind those of the segment before it
 * and within the sound.
 */
void
whis_transcript_take (WhisTranscript *transcript, WhisSegment *segment)
{
  guint64 earliest = 0;

  g_return_if_fail (transcript != NULL);
  g_return_if_fail (segment != NULL);

  if (segment->text[0] == '\0')
    {
      whis_segment_free (segment);
      return;
    }

  if (transcript->segments->len > 0)
    {
      const WhisSegment *last =
          g_ptr_array_index (transcript->segments, transcript->segments->len - 1);

      earliest = last->end_ms;
    }
  whis_segment_limit (segment, earliest, MAX (earliest, transcript->duration_ms));
  g_ptr_array_add (transcript->segments, segment);
}

/**
 * whis_transcript_get_text:
 * @transcript: a transcript
 *
 * Returns: (transfer full): all the words in one line, empty when none were heard
 */
char *
whis_transcript_get_text (const WhisTranscript *transcript)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (transcript != NULL, NULL);

  for (guint i = 0; i < transcript->segments->len; i++)
    {
      const WhisSegment *segment = g_ptr_array_index (transcript->segments, i);

      if (text->len > 0 && !segment->is_glued)
        g_string_append_c (text, ' ');
      g_string_append (text, segment->text);
    }

  return g_string_free (text, FALSE);
}
