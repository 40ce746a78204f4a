/* SPDX-License-Identifier: MIT */
#include "speech-gaps.h"

static WhisTranscription *
transcribe (const char *text, const WhisTimedText *words, guint n_words)
{
  WhisTranscription *transcription = whis_transcription_new (text);

  for (guint i = 0; i < n_words; i++)
    g_ptr_array_add (transcription->times, whis_timed_text_copy (&words[i]));

  return transcription;
}

static GArray *
hear (const WhisSpan *spans, guint n_spans)
{
  GArray *voice = whis_spans_new ();

  for (guint i = 0; i < n_spans; i++)
    whis_spans_add (voice, spans[i].start_ms, spans[i].end_ms);

  return voice;
}

static const WhisTimedText words[] = {
  { 10200, 10500, (char *) "We" },
  { 10500, 11000, (char *) "went" },
  { 14100, 14400, (char *) "and" },
  { 14400, 14900, (char *) "left." },
};
static const WhisSpan speech[] = { { 10150, 11900 }, { 12000, 13900 }, { 14050, 14950 } };

static void
test_find (void)
{
  g_autoptr (WhisTranscription) transcription =
      transcribe ("We went and left.", words, G_N_ELEMENTS (words));
  g_autoptr (GArray) voice = hear (speech, G_N_ELEMENTS (speech));
  g_autoptr (GArray) gaps = whis_speech_gaps_find (transcription, voice);
  const WhisSpan *gap;

  g_assert_cmpuint (gaps->len, ==, 1);
  gap = &g_array_index (gaps, WhisSpan, 0);
  g_assert_cmpuint (gap->start_ms, >=, 11000);
  g_assert_cmpuint (gap->start_ms, <=, 11200);
  g_assert_cmpuint (gap->end_ms, >=, 13900);
  g_assert_cmpuint (gap->end_ms, <=, 14100);
}

/* A pause without words, a cough, and a word that lasts are no gaps. */
static void
test_find_none (void)
{
  static const WhisSpan others[] = { { 10150, 11050 }, { 12000, 12600 }, { 14050, 14950 } };
  static const WhisTimedText segments[] = { { 10200, 14900, (char *) "We went and left." } };
  static const WhisTimedText slow[] = { { 10200, 10500, (char *) "We" },
                                        { 10500, 11400, (char *) "went" },
                                        { 12300, 12800, (char *) "home." } };
  static const WhisSpan slowly[] = { { 10150, 12850 } };
  struct
  {
    const WhisTimedText *words;
    guint n_words;
    const WhisSpan *spans;
    guint n_spans;
  } cases[] = {
    { words, 4, others, 3 }, { segments, 1, speech, 3 }, { slow, 3, slowly, 1 },
    { words, 4, NULL, 0 },   { NULL, 0, speech, 3 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisTranscription) transcription =
          transcribe ("We went and left.", cases[i].words, cases[i].n_words);
      g_autoptr (GArray) voice = hear (cases[i].spans, cases[i].n_spans);
      g_autoptr (GArray) gaps = whis_speech_gaps_find (transcription, voice);

      g_assert_cmpuint (gaps->len, ==, 0);
    }
}

static void
test_find_without_text (void)
{
  static const WhisSpan enough[] = { { 500, 900 }, { 1000, 1300 } };
  static const WhisSpan cough[] = { { 500, 900 } };
  g_autoptr (WhisTranscription) transcription = transcribe ("", NULL, 0);
  g_autoptr (GArray) voice = hear (enough, 2);
  g_autoptr (GArray) gaps = whis_speech_gaps_find (transcription, voice);
  g_autoptr (GArray) little = hear (cough, 1);
  g_autoptr (GArray) none = whis_speech_gaps_find (transcription, little);

  g_assert_cmpuint (gaps->len, ==, 1);
  g_assert_cmpuint (g_array_index (gaps, WhisSpan, 0).start_ms, ==, 500);
  g_assert_cmpuint (g_array_index (gaps, WhisSpan, 0).end_ms, ==, 1300);
  g_assert_cmpuint (none->len, ==, 0);
}

/* What the words around the gap say again is not put in twice. */
static void
test_fill (void)
{
  static const WhisTimedText around[] = { { 10800, 11050, (char *) "went" },
                                          { 11200, 11900, (char *) "slowly" },
                                          { 12000, 13800, (char *) "home." },
                                          { 14100, 14400, (char *) "And" } };
  WhisSpan gap = { 11100, 14000 };
  g_autoptr (WhisTranscription) transcription =
      transcribe ("We went and left.", words, G_N_ELEMENTS (words));
  g_autoptr (WhisTranscription) found =
      transcribe ("went slowly home. And", around, G_N_ELEMENTS (around));
  g_autoptr (GArray) voice = hear (speech, G_N_ELEMENTS (speech));
  g_autoptr (GArray) gaps = NULL;

  g_assert_true (whis_speech_gaps_fill (transcription, found, &gap));
  g_assert_cmpstr (transcription->text, ==, "We went slowly home and left.");
  g_assert_cmpuint (transcription->times->len, ==, 6);
  gaps = whis_speech_gaps_find (transcription, voice);
  g_assert_cmpuint (gaps->len, ==, 0);
}

static void
test_fill_at_ends (void)
{
  static const WhisTimedText one[] = { { 1000, 1500, (char *) "Word" } };
  WhisSpan before = { 100, 900 };
  WhisSpan after = { 1600, 3000 };
  g_autoptr (WhisTranscription) transcription = transcribe ("Word", one, 1);
  g_autoptr (WhisTranscription) plain = transcribe ("without times", NULL, 0);
  g_autoptr (WhisTranscription) nothing = transcribe ("", NULL, 0);

  g_assert_false (whis_speech_gaps_fill (transcription, nothing, &after));
  g_assert_true (whis_speech_gaps_fill (transcription, plain, &after));
  g_assert_cmpstr (transcription->text, ==, "Word without times");
  g_assert_true (whis_speech_gaps_fill (transcription, plain, &before));
  g_assert_cmpstr (transcription->text, ==, "without times Word without times");
}

/* The digits that a number has already are not written behind it; other ones are. */
static void
test_fill_number (void)
{
  static const WhisTimedText number[] = { { 10200, 10900, (char *) "1234567890." } };
  static const WhisTimedText rest[] = { { 11500, 12500, (char *) "6, 7, 8, 90" } };
  static const WhisTimedText more[] = { { 11500, 12500, (char *) "55 12" } };
  const WhisSpan gap = { 11000, 13000 };
  g_autoptr (WhisTranscription) said = transcribe ("1234567890.", number, 1);
  g_autoptr (WhisTranscription) again = transcribe ("6, 7, 8, 90", rest, 1);
  g_autoptr (WhisTranscription) other = transcribe ("55 12", more, 1);

  g_assert_false (whis_speech_gaps_fill (said, again, &gap));
  g_assert_cmpstr (said->text, ==, "1234567890.");
  g_assert_true (whis_speech_gaps_fill (said, other, &gap));
  g_assert_cmpstr (said->text, ==, "1234567890. 55 12");
}

static void
test_spans_as_text (void)
{
  static const char *const bad[] = { "1", "1-", "2-1", "1-2 ", "1-2-3", "5-6 1-2", "a-b", "1-1" };
  g_autoptr (GArray) voice = hear (speech, G_N_ELEMENTS (speech));
  g_autofree char *text = whis_spans_print (voice);
  g_autoptr (GArray) again = whis_spans_parse (text);
  g_autofree char *same = whis_spans_print (again);

  g_assert_cmpstr (text, ==, "10150-11900 12000-13900 14050-14950");
  g_assert_cmpstr (same, ==, text);
  g_assert_null (whis_spans_parse (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (whis_spans_parse (bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/speech-gaps/find", test_find);
  g_test_add_func ("/speech-gaps/find-none", test_find_none);
  g_test_add_func ("/speech-gaps/find-without-text", test_find_without_text);
  g_test_add_func ("/speech-gaps/fill", test_fill);
  g_test_add_func ("/speech-gaps/fill-at-ends", test_fill_at_ends);
  g_test_add_func ("/speech-gaps/fill-number", test_fill_number);
  g_test_add_func ("/spans/as-text", test_spans_as_text);

  return g_test_run ();
}
