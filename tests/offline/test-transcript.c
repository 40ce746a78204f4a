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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/transcript/clean", test_clean);
  g_test_add_func ("/offline/transcript/segments", test_segments);

  return g_test_run ();
}
