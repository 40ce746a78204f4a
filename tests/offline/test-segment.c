/* SPDX-License-Identifier: MIT */
#include "segment.h"

#include <string.h>

#include "transcript.h"
#include "utterances.h"

/* Sound of so many milliseconds that is loud in the stretches that are named in pairs. */
static WhisLoudness *
make_loudness (guint ms, const guint *stretches, gsize n_stretches)
{
  gsize n_samples = (gsize) ms * (WHIS_SAMPLE_RATE / 1000);
  g_autofree gint16 *samples = g_new0 (gint16, n_samples);

  for (gsize i = 0; i + 1 < n_stretches; i += 2)
    for (gsize j = stretches[i] * (WHIS_SAMPLE_RATE / 1000);
         j < stretches[i + 1] * (WHIS_SAMPLE_RATE / 1000); j++)
      samples[j] = (gint16) (j % 100 * 80);

  return whis_loudness_new (samples, n_samples);
}

/* --- texts ------------------------------------------------------------------------------------ */

/* What an engine writes becomes one line; a blank in front of it parts it from what was before. */
static void
test_texts (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
    gboolean is_glued;
  } cases[] = {
    { "word", "word", TRUE },
    { " word ", "word", FALSE },
    { "\tword", "word", FALSE },
    { "\nword\r\nsecond\vthird\f", "word  second third", FALSE },
    { "", "", TRUE },
    { "   ", "", FALSE },
    { " Grüße, Łódź", "Grüße, Łódź", FALSE },
    { "今日は", "今日は", TRUE },
    { "half a letter \xc3", "half a letter \xef\xbf\xbd", TRUE },
    { " \xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisSegment) segment = whis_segment_new (100, 200, cases[i].text);

      g_assert_cmpstr (segment->text, ==, cases[i].expected);
      g_assert_cmpint (segment->is_glued, ==, cases[i].is_glued);
      g_assert_false (segment->is_measured);
      g_assert_cmpuint (segment->words->len, ==, 0);
    }
}

/* Times that run backwards are those of a moment. */
static void
test_backwards (void)
{
  g_autoptr (WhisSegment) segment = whis_segment_new (900, 100, "word");
  const WhisWord *word;

  whis_segment_add_word (segment, 950, 200, " word\n");
  word = g_ptr_array_index (segment->words, 0);
  g_assert_cmpuint (segment->start_ms, ==, 900);
  g_assert_cmpuint (segment->end_ms, ==, 900);
  g_assert_cmpuint (word->start_ms, ==, 950);
  g_assert_cmpuint (word->end_ms, ==, 950);
  g_assert_cmpstr (word->text, ==, "word");
}

static void
test_empty_words (void)
{
  static const char *const nothing[] = { "", " ", "\n\t", "\r" };
  g_autoptr (WhisSegment) segment = whis_segment_new (0, 100, "word");

  for (gsize i = 0; i < G_N_ELEMENTS (nothing); i++)
    whis_segment_add_word (segment, 0, 100, nothing[i]);
  g_assert_cmpuint (segment->words->len, ==, 0);
}

/* What is parted in the midst of a word, or of a sentence without blanks, is joined as it was. */
static void
test_joins (void)
{
  static const struct
  {
    const char *texts[4];
    const char *expected;
  } cases[] = {
    { { " One", " two", " three" }, "One two three" },
    { { " sensi", "bility" }, "sensibility" },
    { { "今日", "は、", "雨" }, "今日は、雨" },
    { { "No", ", no", "." }, "No, no." },
    { { " It's", "  far   off " }, "It's far   off" },
    { { "first", "" }, "first" },
    { { "", " second" }, "second" },
    { { " a", "   ", "b" }, "ab" },
    { { NULL }, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisTranscript) transcript = whis_transcript_new (10000);
      g_autofree char *text = NULL;

      for (guint j = 0; j < 4 && cases[i].texts[j] != NULL; j++)
        whis_transcript_take (transcript,
                              whis_segment_new (1000 * j, 1000 * j + 1000, cases[i].texts[j]));
      text = whis_transcript_get_text (transcript);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* PocketSphinx's words are always words of their own. */
static void
test_added_words (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (3000);
  g_autofree char *text = NULL;

  whis_transcript_add (transcript, 0, 1000, "go");
  whis_transcript_add (transcript, 1000, 2000, "<sil> ++NOISE++ [COUGH]");
  whis_transcript_add (transcript, 2000, 9000, "i'll(2) go in(3)");
  text = whis_transcript_get_text (transcript);
  g_assert_cmpstr (text, ==, "go I'll go in");
  g_assert_cmpuint (transcript->segments->len, ==, 2);
}

/* --- times ------------------------------------------------------------------------------------ */

static void
assert_word (const WhisSegment *segment, guint i, guint64 start_ms, guint64 end_ms)
{
  const WhisWord *word = g_ptr_array_index (segment->words, i);

  g_assert_cmpuint (word->start_ms, ==, start_ms);
  g_assert_cmpuint (word->end_ms, ==, end_ms);
}

/* A segment behind the end of the sound, which models that count wrongly write, is kept as a moment
 * at its end. */
static void
test_behind_the_end (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (1000);
  WhisSegment *segment = whis_segment_new (5000, 6000, " late words");

  whis_segment_add_word (segment, 5000, 5500, "late");
  whis_segment_add_word (segment, 5500, 6000, "words");
  whis_transcript_take (transcript, segment);
  g_assert_cmpuint (segment->start_ms, ==, 1000);
  g_assert_cmpuint (segment->end_ms, ==, 1000);
  assert_word (segment, 0, 1000, 1000);
  assert_word (segment, 1, 1000, 1000);
}

/* Words that overlap follow each other afterwards, however long the first of them was said to
 * be. */
static void
test_overlapping_words (void)
{
  g_autoptr (WhisSegment) segment = whis_segment_new (0, 1000, "one two three");

  whis_segment_add_word (segment, 0, 800, "one");
  whis_segment_add_word (segment, 100, 300, "two");
  whis_segment_add_word (segment, 900, 2000, "three");
  whis_segment_limit (segment, 0, 1000);
  assert_word (segment, 0, 0, 800);
  assert_word (segment, 1, 800, 800);
  assert_word (segment, 2, 900, 1000);
  whis_segment_limit (segment, 500, 500);
  assert_word (segment, 0, 500, 500);
  assert_word (segment, 2, 500, 500);
}

/* The words share what is loud by their letters, and letters are no bytes. */
static void
test_spread_by_letters (void)
{
  static const guint loud[] = { 1000, 2200 };
  static const char *const pairs[][2] = { { "ab", "abcd" },
                                          { "öü", "дома" },
                                          { "今日", "雨です。" } };
  g_autoptr (WhisLoudness) loudness = make_loudness (4000, loud, 2);

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autoptr (WhisSegment) segment = whis_segment_new (0, 4000, "x");

      whis_segment_add_word (segment, 0, 0, pairs[i][0]);
      whis_segment_add_word (segment, 0, 0, pairs[i][1]);
      whis_segment_spread_words (segment, loudness);
      assert_word (segment, 0, 1000, 1400);
      assert_word (segment, 1, 1400, 2200);
    }
}

/* A pause between two words belongs to neither. */
static void
test_spread_over_pause (void)
{
  static const guint loud[] = { 1000, 1500, 3000, 3500 };
  g_autoptr (WhisLoudness) loudness = make_loudness (4000, loud, 4);
  g_autoptr (WhisSegment) segment = whis_segment_new (0, 4000, "four more");

  whis_segment_add_word (segment, 0, 0, "four");
  whis_segment_add_word (segment, 0, 0, "more");
  whis_segment_spread_words (segment, loudness);
  assert_word (segment, 0, 1000, 1500);
  assert_word (segment, 1, 3000, 3500);
}

/* Where nothing is loud, and where the segment is a moment, the words still are within it. */
static void
test_spread_over_nothing (void)
{
  static const guint64 ends[] = { 2000, 500, 40000 };
  g_autoptr (WhisLoudness) silence = make_loudness (3000, NULL, 0);
  g_autoptr (WhisLoudness) empty = whis_loudness_new (NULL, 0);
  WhisLoudness *sounds[] = { silence, empty };

  for (gsize s = 0; s < G_N_ELEMENTS (sounds); s++)
    for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
      {
        g_autoptr (WhisSegment) segment = whis_segment_new (500, ends[i], "one two");
        g_autoptr (WhisSegment) bare = whis_segment_new (500, ends[i], "one two");
        const WhisWord *first, *second;

        whis_segment_add_word (segment, 0, 0, "one");
        whis_segment_add_word (segment, 0, 0, "two");
        whis_segment_spread_words (segment, sounds[s]);
        first = g_ptr_array_index (segment->words, 0);
        second = g_ptr_array_index (segment->words, 1);
        g_assert_cmpuint (first->start_ms, >=, 500);
        g_assert_cmpuint (first->end_ms, <=, second->start_ms);
        g_assert_cmpuint (second->end_ms, <=, ends[i]);
        whis_segment_spread_words (bare, sounds[s]);
        g_assert_cmpuint (bare->words->len, ==, 0);
      }
}

static void
test_shift (void)
{
  g_autoptr (WhisSegment) segment = whis_segment_new (0, 1000, "one");
  const guint64 day = (guint64) 24 * 3600 * 1000;

  whis_segment_add_word (segment, 100, 200, "one");
  whis_segment_shift (segment, 60 * day);
  g_assert_cmpuint (segment->start_ms, ==, 60 * day);
  g_assert_cmpuint (segment->end_ms, ==, 60 * day + 1000);
  assert_word (segment, 0, 60 * day + 100, 60 * day + 200);
}

/* --- loops ------------------------------------------------------------------------------------ */

/* The measure is that of OpenAI's program: bytes of the text over bytes of zlib's. The numbers are
 * those of Python's len (text.encode ()) / len (zlib.compress (text.encode ())). */
static void
test_compression (void)
{
  g_autoptr (GString) loop = g_string_new (NULL);

  for (guint i = 0; i < 20; i++)
    g_string_append (loop, "Thank you. ");
  g_assert_cmpfloat_with_epsilon (whis_compression_ratio ("a"), 1.0 / 9, 0.001);
  g_assert_cmpfloat_with_epsilon (whis_compression_ratio (loop->str), 220.0 / 22, 0.001);
  for (guint i = 0; i < 10000; i++)
    g_string_append (loop, "Thank you. ");
  g_assert_cmpfloat (whis_compression_ratio (loop->str), >, 100);
}

/* --- utterances ------------------------------------------------------------------------------- */

/* Joins utterances of so many seconds, and describes what comes of it the same way. */
static char *
join (const guint *seconds, gsize n, guint most)
{
  g_autoptr (GArray) utterances = g_array_new (FALSE, FALSE, sizeof (WhisUtterance));
  g_autoptr (GArray) joined = NULL;
  GString *text = g_string_new (NULL);
  gsize start = 0;

  for (gsize i = 0; i < n; i++)
    {
      WhisUtterance utterance = { start, start + (gsize) seconds[i] * WHIS_SAMPLE_RATE };

      g_array_append_val (utterances, utterance);
      start = utterance.end;
    }
  joined = whis_utterances_join (utterances, (gsize) most * WHIS_SAMPLE_RATE);
  start = 0;
  for (guint i = 0; i < joined->len; i++)
    {
      WhisUtterance utterance = g_array_index (joined, WhisUtterance, i);

      g_assert_cmpuint (utterance.start, ==, start);
      start = utterance.end;
      g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i > 0 ? " " : "",
                              (utterance.end - utterance.start) / WHIS_SAMPLE_RATE);
    }

  return g_string_free (text, FALSE);
}

static void
test_join (void)
{
  static const struct
  {
    guint seconds[6];
    gsize n;
    guint most;
    const char *expected;
  } cases[] = {
    { { 0 }, 0, 28, "" },
    { { 5 }, 1, 28, "5" },
    { { 10, 10, 8 }, 3, 28, "28" },
    { { 10, 10, 9 }, 3, 28, "20 9" },
    { { 20, 9, 19, 1 }, 4, 28, "20 28 1" },
    /* What is too long by itself is not cut here, and nothing is joined to it. */
    { { 40, 1, 40, 1 }, 4, 28, "40 1 40 1" },
    { { 1, 1, 1, 1, 1, 1 }, 6, 0, "1 1 1 1 1 1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *joined = join (cases[i].seconds, cases[i].n, cases[i].most);

      g_assert_cmpstr (joined, ==, cases[i].expected);
    }
}

/* Loud, a pause, loud: where it is cut, in milliseconds, or 0 for nowhere. */
static guint64
find_cut (guint loud_ms, guint pause_ms, guint rest_ms)
{
  guint total = loud_ms + pause_ms + rest_ms;
  g_autofree gint16 *samples = g_new0 (gint16, (gsize) total * 16);
  g_autoptr (GArray) found = NULL;

  for (gsize i = 0; i < (gsize) total * 16; i++)
    if (i / 16 < loud_ms || i / 16 >= loud_ms + pause_ms)
      samples[i] = (gint16) (i % 100 * 80);
  found = whis_utterances_find (samples, (gsize) total * 16);
  g_assert_cmpuint (found->len, <=, 2);

  return found->len == 2 ? g_array_index (found, WhisUtterance, 1).start / 16 : 0;
}

/* In the middle of a pause of half a second or more, never in a shorter one, and never in the
 * silence at an end. */
static void
test_cut (void)
{
  g_assert_cmpuint (find_cut (2000, 500, 2000), ==, 2260);
  g_assert_cmpuint (find_cut (2000, 1000, 2000), ==, 2500);
  g_assert_cmpuint (find_cut (2000, 480, 2000), ==, 0);
  g_assert_cmpuint (find_cut (0, 3000, 2000), ==, 0);
  g_assert_cmpuint (find_cut (2000, 3000, 0), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/segment/texts", test_texts);
  g_test_add_func ("/offline/segment/backwards", test_backwards);
  g_test_add_func ("/offline/segment/empty-words", test_empty_words);
  g_test_add_func ("/offline/segment/joins", test_joins);
  g_test_add_func ("/offline/segment/added-words", test_added_words);
  g_test_add_func ("/offline/segment/behind-the-end", test_behind_the_end);
  g_test_add_func ("/offline/segment/overlapping-words", test_overlapping_words);
  g_test_add_func ("/offline/segment/spread/letters", test_spread_by_letters);
  g_test_add_func ("/offline/segment/spread/pause", test_spread_over_pause);
  g_test_add_func ("/offline/segment/spread/nothing", test_spread_over_nothing);
  g_test_add_func ("/offline/segment/shift", test_shift);
  g_test_add_func ("/offline/segment/compression-ratio", test_compression);
  g_test_add_func ("/offline/utterances/join", test_join);
  g_test_add_func ("/offline/utterances/cut", test_cut);

  return g_test_run ();
}
