/* SPDX-License-Identifier: MIT */
#include "segment.h"

#include <gio/gio.h>
#include <string.h>

static void
word_free (gpointer data)
{
  WhisWord *word = data;

  g_free (word->text);
  g_free (word);
}

/* The text in one line, without blanks at its ends. */
static char *
segment_clean_text (const char *text)
{
  char *cleaned = g_utf8_make_valid (text, -1);

  g_strdelimit (cleaned, "\t\n\v\f\r", ' ');

  return g_strstrip (cleaned);
}

/**
 * whis_segment_new:
 * @start_ms: where it begins, in milliseconds
 * @end_ms: where it ends
 * @text: what was said; a text without a blank in front goes on from the segment before it
 *
 * Returns: (transfer full): a segment without words and measures
 */
WhisSegment *
whis_segment_new (guint64 start_ms, guint64 end_ms, const char *text)
{
  WhisSegment *segment;

  g_return_val_if_fail (text != NULL, NULL);

  segment = g_new0 (WhisSegment, 1);
  segment->start_ms = start_ms;
  segment->end_ms = MAX (start_ms, end_ms);
  segment->text = segment_clean_text (text);
  segment->is_glued = !g_ascii_isspace (text[0]);
  segment->words = g_ptr_array_new_with_free_func (word_free);

  return segment;
}

/**
 * whis_segment_free:
 * @segment: (transfer full): a segment
 */
void
whis_segment_free (WhisSegment *segment)
{
  g_return_if_fail (segment != NULL);

  g_ptr_array_unref (segment->words);
  g_free (segment->text);
  g_free (segment);
}

/**
 * whis_segment_add_word:
 * @segment: a segment
 * @start_ms: where the word begins, in milliseconds
 * @end_ms: where it ends
 * @text: the word
 *
 * Adds a word, unless it is empty.
 */
void
whis_segment_add_word (WhisSegment *segment, guint64 start_ms, guint64 end_ms, const char *text)
{
  g_autofree char *cleaned = NULL;
  WhisWord *word;

  g_return_if_fail (segment != NULL);
  g_return_if_fail (text != NULL);

  cleaned = segment_clean_text (text);
  if (cleaned[0] == '\0')
    return;

  word = g_new0 (WhisWord, 1);
  word->start_ms = start_ms;
  word->end_ms = MAX (start_ms, end_ms);
  word->text = g_steal_pointer (&cleaned);
  g_ptr_array_add (segment->words, word);
}

/* Where in a stretch so much of what is loud has passed. */
static guint64
find_loud_ms (const WhisLoudness *loudness, const WhisSegment *segment, double loud_ms)
{
  guint64 passed = 0;

  for (guint64 ms = segment->start_ms; ms < segment->end_ms; ms += WHIS_LOUDNESS_FRAME_MS)
    {
      if (passed >= loud_ms)
        return ms;
      if (whis_loudness_is_loud_at (loudness, ms))
        passed += WHIS_LOUDNESS_FRAME_MS;
    }

  return segment->end_ms;
}

/**
 * whis_segment_spread_words:
 * @segment: a segment whose words have no times yet
 * @loudness: how loud the sound is
 *
 * Gives each word a share of what is loud in the segment, by its number of letters.
 */
void
whis_segment_spread_words (WhisSegment *segment, const WhisLoudness *loudness)
{
  guint64 loud_ms, end_ms;
  glong n_letters = 0, passed = 0;

  g_return_if_fail (segment != NULL);
  g_return_if_fail (loudness != NULL);

  loud_ms = whis_loudness_count_loud_ms (loudness, segment->start_ms, segment->end_ms);
  for (guint i = 0; i < segment->words->len; i++)
    n_letters += g_utf8_strlen (((WhisWord *) g_ptr_array_index (segment->words, i))->text, -1);
  end_ms = segment->start_ms;
  for (guint i = 0; i < segment->words->len; i++)
    {
      WhisWord *word = g_ptr_array_index (segment->words, i);

      /* The first frame of the word is loud. */
      word->start_ms = find_loud_ms (
          loudness, segment, (double) loud_ms * passed / n_letters + WHIS_LOUDNESS_FRAME_MS);
      word->start_ms -= MIN (WHIS_LOUDNESS_FRAME_MS, word->start_ms);
      word->start_ms = CLAMP (word->start_ms, end_ms, segment->end_ms);
      passed += g_utf8_strlen (word->text, -1);
      word->end_ms = MAX (word->start_ms,
                          find_loud_ms (loudness, segment, (double) loud_ms * passed / n_letters));
      end_ms = word->end_ms;
    }
}

/**
 * whis_segment_limit:
 * @segment: a segment
 * @earliest_ms: where it may begin at the earliest, in milliseconds
 * @latest_ms: where it must have ended
 *
 * Puts the times of the segment and of its words in order, where the engine's are not.
 */
void
whis_segment_limit (WhisSegment *segment, guint64 earliest_ms, guint64 latest_ms)
{
  guint64 earliest;

  g_return_if_fail (segment != NULL);
  g_return_if_fail (earliest_ms <= latest_ms);

  segment->start_ms = CLAMP (segment->start_ms, earliest_ms, latest_ms);
  segment->end_ms = CLAMP (segment->end_ms, segment->start_ms, latest_ms);
  earliest = segment->start_ms;
  for (guint i = 0; i < segment->words->len; i++)
    {
      WhisWord *word = g_ptr_array_index (segment->words, i);

      word->start_ms = CLAMP (word->start_ms, earliest, segment->end_ms);
      word->end_ms = CLAMP (word->end_ms, word->start_ms, segment->end_ms);
      earliest = word->end_ms;
    }
}

/**
 * whis_segment_shift:
 * @segment: a segment
 * @by_ms: how much later everything is, in milliseconds
 */
void
whis_segment_shift (WhisSegment *segment, guint64 by_ms)
{
  g_return_if_fail (segment != NULL);

  segment->start_ms += by_ms;
  segment->end_ms += by_ms;
  for (guint i = 0; i < segment->words->len; i++)
    {
      WhisWord *word = g_ptr_array_index (segment->words, i);

      word->start_ms += by_ms;
      word->end_ms += by_ms;
    }
}

/**
 * whis_compression_ratio:
 * @text: a text
 *
 * Measures by how much zlib shortens a text, as OpenAI's own program does to find loops.
 *
 * Returns: length of the text over that of the compressed text, 0 for no text
 */
double
whis_compression_ratio (const char *text)
{
  g_autoptr (GZlibCompressor) compressor = NULL;
  g_autofree guint8 *output = NULL;
  gsize length, room, n_read, n_written;

  g_return_val_if_fail (text != NULL, 0);

  length = strlen (text);
  if (length == 0)
    return 0;
  room = length + length / 100 + 64;
  output = g_malloc (room);
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1);
  if (g_converter_convert (G_CONVERTER (compressor), text, length, output, room,
                           G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL)
      != G_CONVERTER_FINISHED)
    return 0;

  return (double) length / n_written;
}
