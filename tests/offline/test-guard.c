/* SPDX-License-Identifier: MIT */
#include "guard.h"

/* Two seconds of sound between seconds of the room. */
static WhisLoudness *
make_loudness (void)
{
  g_autofree gint16 *samples = g_new0 (gint16, 4 * WHIS_SAMPLE_RATE);

  for (gsize i = WHIS_SAMPLE_RATE; i < 3 * WHIS_SAMPLE_RATE; i++)
    samples[i] = (gint16) (i % 100 * 80);

  return whis_loudness_new (samples, 4 * WHIS_SAMPLE_RATE);
}

static WhisSegment *
make_segment (const char *text, double logprob, double no_speech)
{
  WhisSegment *segment = whis_segment_new (1000, 3000, text);

  segment->is_measured = TRUE;
  segment->average_logprob = logprob;
  segment->no_speech_probability = no_speech;
  segment->compression_ratio = whis_compression_ratio (text);

  return segment;
}

static void
assert_judged (WhisSegment *made, WhisGuardReason expected)
{
  g_autoptr (WhisSegment) segment = made;
  g_autoptr (WhisLoudness) loudness = make_loudness ();

  g_test_message ("%s", segment->text);
  g_assert_cmpint (whis_guard_judge (segment, loudness), ==, expected);
}

/* What a model writes of noise is what people say too: only measures tell them apart. */
static void
test_thank_you (void)
{
  assert_judged (make_segment (" Thank you.", -0.3, 0.12), WHIS_GUARD_FINE);
  assert_judged (make_segment (" Thank you.", -0.6, 0.7), WHIS_GUARD_FINE);
  assert_judged (make_segment (" Thank you.", -1.6, 0.1), WHIS_GUARD_FINE);
  assert_judged (make_segment (" Thank you.", -1.6, 0.6), WHIS_GUARD_NOBODY);
  assert_judged (make_segment (" Thank you.", -1.0, 0.62), WHIS_GUARD_NOBODY);
}

/* Two words in twenty seconds of sound are none, unless the model hears that somebody speaks. */
static void
test_slow (void)
{
  g_autofree gint16 *samples = g_new0 (gint16, 20 * WHIS_SAMPLE_RATE);
  g_autoptr (WhisLoudness) loudness = NULL;
  g_autoptr (WhisSegment) segment = make_segment (" Thank you.", -0.2, 0.5);
  g_autoptr (WhisSegment) long_text =
      make_segment (" I came here to tell you that I am going to the market.", -0.2, 0.5);

  for (gsize i = 0; i < 20 * WHIS_SAMPLE_RATE; i++)
    samples[i] = i / 1600 % 2 == 0 ? 0 : (gint16) (i % 100 * 80);
  loudness = whis_loudness_new (samples, 20 * WHIS_SAMPLE_RATE);
  segment->start_ms = long_text->start_ms = 0;
  segment->end_ms = long_text->end_ms = 20000;
  g_assert_cmpint (whis_guard_judge (segment, loudness), ==, WHIS_GUARD_NOBODY);
  g_assert_cmpint (whis_guard_judge (long_text, loudness), ==, WHIS_GUARD_FINE);
  segment->no_speech_probability = 0.1;
  g_assert_cmpint (whis_guard_judge (segment, loudness), ==, WHIS_GUARD_FINE);
}

static void
test_sounds (void)
{
  assert_judged (make_segment (" [BLANK_AUDIO]", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" (wind howling)", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" *music* ♪ la la ♪", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" ... !", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" <|nospeech|>", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" [Music", -0.3, 0.1), WHIS_GUARD_SOUND);
  assert_judged (make_segment (" The function f(x) is odd.", -0.3, 0.1), WHIS_GUARD_FINE);
  assert_judged (make_segment (" (Laughs) That is so.", -0.3, 0.1), WHIS_GUARD_FINE);
  assert_judged (make_segment (" 42", -0.3, 0.1), WHIS_GUARD_FINE);
  assert_judged (make_segment ("はい", -0.3, 0.1), WHIS_GUARD_FINE);
}

static void
test_loop (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 12; i++)
    g_string_append (text, " very good.");
  assert_judged (make_segment (text->str, -0.1, 0.1), WHIS_GUARD_RATE);
  g_string_assign (text, " no");
  for (guint i = 0; i < 15; i++)
    g_string_append (text, "nononono");
  assert_judged (make_segment (text->str, -0.1, 0.1), WHIS_GUARD_LOOP);
  assert_judged (make_segment (" very, very, very good", -0.1, 0.1), WHIS_GUARD_FINE);
}

/* Sixteen words in two seconds can be said, and seventeen not. */
static void
test_rate (void)
{
  assert_judged (make_segment (" a b c d e f g h i j k l m n o p", -0.1, 0.1), WHIS_GUARD_FINE);
  assert_judged (make_segment (" a b c d e f g h i j k l m n o p q", -0.1, 0.1), WHIS_GUARD_RATE);
}

static void
test_quiet (void)
{
  WhisSegment *behind = make_segment (" Thank you.", -0.1, 0.1);
  WhisSegment *across = make_segment (" Thank you.", -0.1, 0.1);

  behind->start_ms = 3100;
  behind->end_ms = 4000;
  across->start_ms = 2800;
  across->end_ms = 4000;
  assert_judged (behind, WHIS_GUARD_QUIET);
  assert_judged (across, WHIS_GUARD_FINE);
}

/* The third time that the same is said it was not said. */
static void
test_repeats (void)
{
  g_autoptr (WhisTranscript) transcript = whis_transcript_new (4000);
  g_autoptr (WhisLoudness) loudness = make_loudness ();
  g_autofree char *text = NULL;

  for (guint i = 0; i < 6; i++)
    whis_transcript_take (transcript,
                          whis_segment_new (1000 + 300 * i, 1300 + 300 * i, " Come in."));
  whis_transcript_take (transcript, whis_segment_new (2800, 3000, " Sit down."));
  whis_guard_clean (transcript, loudness);
  text = whis_transcript_get_text (transcript);
  g_assert_cmpstr (text, ==, "Come in. Come in. Sit down.");
  g_assert_cmpuint (transcript->n_removed, ==, 4);
}

/* Each word begins and ends where something is to be heard, the longer ones for longer. */
static void
test_spread (void)
{
  g_autoptr (WhisSegment) segment = whis_segment_new (0, 4000, " I understand");
  g_autoptr (WhisLoudness) loudness = make_loudness ();
  const WhisWord *first, *second;

  whis_segment_add_word (segment, 0, 0, "I");
  whis_segment_add_word (segment, 0, 0, "understand");
  whis_segment_spread_words (segment, loudness);
  first = g_ptr_array_index (segment->words, 0);
  second = g_ptr_array_index (segment->words, 1);
  g_assert_cmpuint (first->start_ms, ==, 1000);
  g_assert_cmpuint (first->end_ms, >, 1100);
  g_assert_cmpuint (first->end_ms, <, 1300);
  g_assert_cmpuint (second->start_ms, >=, first->end_ms);
  g_assert_cmpuint (second->end_ms, ==, 3000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offline/guard/thank-you", test_thank_you);
  g_test_add_func ("/offline/guard/slow", test_slow);
  g_test_add_func ("/offline/guard/sounds", test_sounds);
  g_test_add_func ("/offline/guard/loop", test_loop);
  g_test_add_func ("/offline/guard/rate", test_rate);
  g_test_add_func ("/offline/guard/quiet", test_quiet);
  g_test_add_func ("/offline/guard/repeats", test_repeats);
  g_test_add_func ("/offline/guard/spread", test_spread);

  return g_test_run ();
}
