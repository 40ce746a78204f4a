/* SPDX-License-Identifier: MIT */
#include "transcript.h"

static void
assert_clean (const char *words, const char *expected)
{
  g_autofree char *text = whis_transcript_clean (words);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_clean (void)
{
  assert_clean ("", "");
  assert_clean ("<s> </s>", "");
  assert_clean ("<s> the(2) <sil> tea [NOISE] [SPEECH] ++COUGH++ is hot </s>", "the tea is hot");
  assert_clean ("  go\tforward\n ten  meters ", "go forward ten meters");
  assert_clean ("i think i'm in it", "I think I'm in it");
  assert_clean ("don't stop", "don't stop");
}

static void
test_segments (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (3000);
  g_autofree char *empty = whis_transcript_get_text (transcript);
  g_autofree char *text = NULL;
  const WhisSegment *second;

  g_assert_cmpstr (empty, ==, "");

  whis_transcript_add (transcript, 0, 1000, "go forward");
  whis_transcript_add (transcript, 1000, 2000, "<sil>");
  whis_transcript_add (transcript, 2000, 3000, "ten meters(2)");
  g_assert_cmpuint (transcript->segments->len, ==, 2);
  second = g_ptr_array_index (transcript->segments, 1);
  g_assert_cmpuint (second->start_ms, ==, 2000);
  g_assert_cmpuint (second->end_ms, ==, 3000);
  g_assert_cmpstr (second->text, ==, "ten meters");

  text = whis_transcript_get_text (transcript);
  g_assert_cmpstr (text, ==, "go forward ten meters");
}

/* What an engine parts inside of a word stays one word, and there is one line of it. */
static void
test_one_text (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (4000);
  g_autofree char *text = NULL;

  whis_transcript_take (transcript, whis_segment_new (0, 1000, " Sense and\nsensi"));
  whis_transcript_take (transcript, whis_segment_new (1000, 2000, "bility. "));
  whis_transcript_take (transcript, whis_segment_new (2000, 3000, " "));
  whis_transcript_take (transcript, whis_segment_new (3000, 4000, " He opened it."));
  text = whis_transcript_get_text (transcript);
  g_assert_cmpstr (text, ==, "Sense and sensibility. He opened it.");
  g_assert_cmpuint (transcript->segments->len, ==, 3);
}

/* Times that run back or behind the end of the sound are put in order. */
static void
test_times_in_order (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (2500);
  WhisSegment *first = whis_segment_new (500, 1500, " one two");
  WhisSegment *second = whis_segment_new (1000, 30000, " three");
  const WhisWord *word;

  whis_segment_add_word (first, 400, 900, "one");
  whis_segment_add_word (first, 700, 1600, "two");
  whis_segment_add_word (second, 1000, 30000, "three");
  whis_transcript_take (transcript, first);
  whis_transcript_take (transcript, second);

  word = g_ptr_array_index (first->words, 0);
  g_assert_cmpuint (word->start_ms, ==, 500);
  word = g_ptr_array_index (first->words, 1);
  g_assert_cmpuint (word->start_ms, ==, 900);
  g_assert_cmpuint (word->end_ms, ==, 1500);
  g_assert_cmpuint (second->start_ms, ==, 1500);
  word = g_ptr_array_index (second->words, 0);
  g_assert_cmpuint (word->start_ms, ==, 1500);
  g_assert_cmpuint (word->end_ms, ==, 2500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/transcript/clean", test_clean);
  g_test_add_func ("/offline/transcript/segments", test_segments);
  g_test_add_func ("/offline/transcript/one-text", test_one_text);
  g_test_add_func ("/offline/transcript/times-in-order", test_times_in_order);

  return g_test_run ();
}
