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

/* The bounds themselves are on the side of who spoke. */
static void
test_bounds (void)
{
  static const struct
  {
    double logprob;
    double no_speech;
    double compression;
    WhisGuardReason reason;
  } cases[] = {
    { -0.91, 0.45, 1, WHIS_GUARD_FINE },   { -0.9, 0.46, 1, WHIS_GUARD_FINE },
    { -0.91, 0.46, 1, WHIS_GUARD_NOBODY }, { -9, 0, 1, WHIS_GUARD_FINE },
    { 0, 1, 1, WHIS_GUARD_FINE },          { -0.1, 0.1, 2.4, WHIS_GUARD_FINE },
    { -0.1, 0.1, 2.41, WHIS_GUARD_LOOP },  { -0.91, 0.46, 9, WHIS_GUARD_NOBODY },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WhisSegment *segment = make_segment (" I am here.", cases[i].logprob, cases[i].no_speech);

      segment->compression_ratio = cases[i].compression;
      assert_judged (segment, cases[i].reason);
    }
}

/* Without measures an engine is believed, however the numbers happen to stand. */
static void
test_not_measured (void)
{
  WhisSegment *segment = make_segment (" I am here.", -9, 1);
  WhisSegment *fast = make_segment (" a b c d e f g h i j k l m n o p q", 0, 0);

  segment->compression_ratio = 99;
  segment->is_measured = fast->is_measured = FALSE;
  assert_judged (segment, WHIS_GUARD_FINE);
  assert_judged (fast, WHIS_GUARD_RATE);
}

/* Brackets of other scripts, several sounds, and what only looks like a sound. */
static void
test_more_sounds (void)
{
  static const char *const sounds[] = {
    " 【音楽】",
    "（笑）",
    " (applause) [music], ♪",
    " *coughs* - (sighs).",
    "[",
    "( )",
    "♪♪♪",
    " <|en|><|notimestamps|>",
    " — …",
    "***",
    "。",
    "!?",
  };
  static const char *const words[] = {
    " [Music] and words", " words (laughs)", " ♪ la ♪ la", " 3 * 4 * 5", " a)", " ½", " Ω", " <b>",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sounds); i++)
    assert_judged (make_segment (sounds[i], -0.1, 0.1), WHIS_GUARD_SOUND);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    assert_judged (make_segment (words[i], -0.1, 0.1), WHIS_GUARD_FINE);
}

/* A few words in no time at all are rough times and no loop; punctuation is no word. */
static void
test_rate_of_few (void)
{
  static const struct
  {
    const char *text;
    guint64 end_ms;
    WhisGuardReason reason;
  } cases[] = {
    { " one two three four five", 1040, WHIS_GUARD_FINE },
    { " one two three four", 1020, WHIS_GUARD_FINE },
    { " one two three four five six", 1500, WHIS_GUARD_RATE },
    { " one two three four five six", 1750, WHIS_GUARD_FINE },
    { " one - two - three - four - five -", 1500, WHIS_GUARD_FINE },
    { " one  two  three  four  five", 1500, WHIS_GUARD_FINE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WhisSegment *segment = make_segment (cases[i].text, -0.1, 0.1);

      segment->end_ms = cases[i].end_ms;
      assert_judged (segment, cases[i].reason);
    }
}

/* Within one frame there may be a click, in two there is a sound. */
static void
test_click (void)
{
  static const struct
  {
    guint64 start_ms;
    guint64 end_ms;
    WhisGuardReason reason;
  } cases[] = {
    { 2980, 4000, WHIS_GUARD_QUIET }, { 2960, 4000, WHIS_GUARD_FINE },
    { 0, 999, WHIS_GUARD_QUIET },     { 0, 1020, WHIS_GUARD_FINE },
    { 9000, 9500, WHIS_GUARD_QUIET },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WhisSegment *segment = make_segment (" Yes.", -0.1, 0.1);

      segment->start_ms = cases[i].start_ms;
      segment->end_ms = cases[i].end_ms;
      g_test_message ("%u", (guint) cases[i].start_ms);
      assert_judged (segment, cases[i].reason);
    }
}

/* Twice is said, and what comes between begins the count anew; other letters are other words. */
static void
test_repeats_between (void)
{
  static const struct
  {
    const char *texts[7];
    const char *expected;
    guint n_removed;
  } cases[] = {
    { { " No.", " No." }, "No. No.", 0 },
    { { " No.", " No.", " No." }, "No. No.", 1 },
    { { " No.", " No.", " Yes.", " No.", " No." }, "No. No. Yes. No. No.", 0 },
    { { " No.", " no.", " No!", " NO." }, "No. no. No! NO.", 0 },
    { { " No.", " [music]", " No.", " [music]", " No." }, "No. No. No.", 2 },
    { { " [music]", " [music]", " [music]", " Yes." }, "Yes.", 3 },
    { { NULL }, "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisTranscript) transcript = whis_transcript_new (4000);
      g_autoptr (WhisLoudness) loudness = make_loudness ();
      g_autofree char *text = NULL;

      for (guint j = 0; cases[i].texts[j] != NULL; j++)
        whis_transcript_take (transcript,
                              whis_segment_new (1000 + 200 * j, 1200 + 200 * j, cases[i].texts[j]));
      whis_guard_clean (transcript, loudness);
      text = whis_transcript_get_text (transcript);
      g_assert_cmpstr (text, ==, cases[i].expected);
      g_assert_cmpuint (transcript->n_removed, ==, cases[i].n_removed);
    }
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

  g_test_add_func ("/offline/guard/bounds", test_bounds);
  g_test_add_func ("/offline/guard/not-measured", test_not_measured);
  g_test_add_func ("/offline/guard/more-sounds", test_more_sounds);
  g_test_add_func ("/offline/guard/rate-of-few", test_rate_of_few);
  g_test_add_func ("/offline/guard/click", test_click);
  g_test_add_func ("/offline/guard/repeats-between", test_repeats_between);

  return g_test_run ();
}
