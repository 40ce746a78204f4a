/* SPDX-License-Identifier: MIT */
#include "hallucination.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "0.5-2 3-4": seconds */
static GArray *
make_voice (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  GArray *voice = whis_spans_new ();

  for (gsize i = 0; words[i] != NULL && *words[i] != '\0'; i++)
    {
      char *end;
      double from = g_ascii_strtod (words[i], &end);
      double to = g_ascii_strtod (end + 1, NULL);

      whis_spans_add (voice, (guint64) (from * 1000), (guint64) (to * 1000));
    }

  return voice;
}

typedef struct
{
  const char *voice;
  const char *times; /* "0-2 Hello there.~2-3 Bye."; the text is what is in it */
  const char *rest;
  guint n_invented;
  guint n_loops;
  guint n_sounds;
  gboolean is_doubtful;
} Case;

static void
add_times (WhisTranscription *transcription, const char *times)
{
  g_auto (GStrv) parts = g_strsplit (times, "~", -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      char *end;
      double from = g_ascii_strtod (parts[i], &end);
      double to = g_ascii_strtod (end + 1, &end);

      whis_transcription_add_time (transcription, from, to, end + 1);
    }
}

static char *
join_times (const WhisTranscription *transcription)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < transcription->times->len; i++)
    {
      const WhisTimedText *part = g_ptr_array_index (transcription->times, i);

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", part->text);
    }

  return g_string_free (text, FALSE);
}

static void
check (const Case *item, gboolean with_times)
{
  g_autoptr (WhisTranscription) source = whis_transcription_new ("");
  g_autoptr (WhisTranscription) transcription = NULL;
  g_autoptr (GArray) voice = make_voice (item->voice);
  g_autofree char *text = NULL;
  WhisHallucinations found = { 0 };

  add_times (source, item->times);
  text = join_times (source);
  transcription = whis_transcription_new (text);
  if (with_times)
    add_times (transcription, item->times);
  g_test_message ("%s", text);
  whis_hallucinations_remove (transcription, voice, &found);
  g_assert_cmpstr (transcription->text, ==, item->rest);
  g_assert_cmpuint (found.n_invented, ==, item->n_invented);
  g_assert_cmpuint (found.n_loops, ==, item->n_loops);
  g_assert_cmpuint (found.n_sounds, ==, item->n_sounds);
  g_assert_cmpint (found.is_doubtful, ==, item->is_doubtful);
  if (with_times)
    {
      g_autofree char *rest = join_times (transcription);

      g_assert_cmpstr (rest, ==, item->rest);
    }
}

#define SENTENCE "He was not an ill disposed young man."

static const Case with_times[] = {
  /* what was said stays */
  { "0.2-2.5", "0.2-2.6 " SENTENCE, SENTENCE },
  { "0.2-2.5 3-3.6", "0.2-2.6 " SENTENCE "~3-3.7 Thank you.", SENTENCE " Thank you." },
  { "0.3-0.9", "0.2-1 Thank you.", "Thank you." },
  { "0.3-2.2", "0-2.4 Thank you for watching.", "Thank you for watching." },
  { "0.3-6", "0-6 I will go home. I will go home. I will go home.",
    "I will go home. I will go home. I will go home." },
  { "0.3-2.5", "0-3 No no no no no no.", "No no no no no no." },
  { "0.3-1.2", "0.2-1.3 [draft]", "[draft]" },
  { "0.2-2.5 2.7-3.5", "0.2-2.6 " SENTENCE "~2.6-3.6 (see page three)",
    SENTENCE " (see page three)" },
  { "0.2-3", "0.2-3 Turn the [music] down, please.", "Turn the [music] down, please." },
  { "0.2-3", "0.2-3 We call foo() here.", "We call foo() here." },
  { "0.2-1.2", "0-1.3 今天天气很好", "今天天气很好" },

  /* what nobody said goes */
  { "0.2-2.5", "0.2-2.6 " SENTENCE "~4-6 Thank you.", SENTENCE, .n_invented = 1 },
  { "0.2-2.5", "0.2-2.6 " SENTENCE "~4-5 Thank you.~5-6 Bye.", SENTENCE, .n_invented = 2 },
  { "2-4.5", "0-1 Yeah,~2-4.6 " SENTENCE, SENTENCE, .n_invented = 1 },
  { "0.2-2.5", "0.2-2.6 " SENTENCE "~2.6-6 [Music]", SENTENCE, .n_sounds = 1 },
  { "0.2-2.5", "0-2.6 [MUSIC] " SENTENCE, SENTENCE, .n_sounds = 1 },
  { "", "0-20 (wind howling)", "", .n_sounds = 1 },
  { "0.5-19", "0-20 [typing sound]", "", .n_sounds = 1 },
  { "0.5-19", "0-20 *upbeat tune*", "", .n_sounds = 1 },
  { "", "0-20 ♪♪", "", .n_sounds = 1 },
  { "", "0-20 you", "", .n_invented = 1 },
  { "0.2-2.5", "0.2-2.6 " SENTENCE "<|endoftext|>", SENTENCE, .n_sounds = 1 },
  { "0.2-2.5", "0.2-2.6 [_BEG_] " SENTENCE " [_TT_500]", SENTENCE, .n_sounds = 2 },
  { "0.2-1.4",
    "0-1.5 I see it. I see it. I see it. I see it. I see it. I see it. I see it. I see it. "
    "I see it. I see it. I see it. I see it. I see it. I see it.",
    "I see it.", .n_loops = 1 },

  /* said so often that it needs another look, and may be true */
  { "0.2-12",
    "0-12 I see it. I see it. I see it. I see it. I see it. I see it. I see it. I see it. "
    "I see it. I see it. I see it. I see it. I see it. I see it.",
    "I see it. I see it. I see it. I see it. I see it. I see it. I see it. I see it. "
    "I see it. I see it. I see it. I see it. I see it. I see it.",
    .is_doubtful = TRUE },
};

static const Case without_times[] = {
  { "0.2-2.5", "0-1 " SENTENCE, SENTENCE },
  { "0.3-0.9", "0-1 Thank you.", "Thank you." },
  { "0.3-0.5", "0-1 No.", "No." },
  { "0.2-1.1", "0-1 See [draft].", "See [draft]." },
  { "0.3-0.5", "0-1 Thank you for watching.", "", .n_invented = 1 },
  { "0.3-0.42", "0-1 Thank you.", "", .n_invented = 1 },
  { "", "0-1 [Music]", "", .n_sounds = 1 },
  { "0-15", "0-1 [engine revving]", "", .n_sounds = 1 },
};

static void
test_with_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (with_times); i++)
    check (&with_times[i], TRUE);
}

static void
test_without_times (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (without_times); i++)
    check (&without_times[i], FALSE);
}

/* Words with a time each, as OpenAI gives them. */
static void
test_words (void)
{
  g_autoptr (WhisTranscription) transcription = whis_transcription_new ("It is late. Thank you.");
  g_autoptr (GArray) voice = make_voice ("0.1-0.9");
  WhisHallucinations found = { 0 };

  add_times (transcription, "0.1-0.3 It~0.3-0.5 is~0.5-0.9 late.~3-3.2 Thank~3.2-4 you.");
  whis_hallucinations_remove (transcription, voice, &found);
  g_assert_cmpstr (transcription->text, ==, "It is late.");
  g_assert_cmpuint (transcription->times->len, ==, 3);
  g_assert_cmpuint (found.n_invented, ==, 1);
}

/* A segment that the model itself takes for silence. */
static void
test_segments (void)
{
  static const struct
  {
    double no_speech_prob;
    double avg_logprob;
    const char *rest;
  } cases[] = {
    { 0.9, -1.4, "It is late." },
    { 0.9, -0.3, "It is late. I mean it." },
    { 0.1, -1.4, "It is late. I mean it." },
    { NAN, -1.4, "It is late. I mean it." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisTranscription) transcription =
          whis_transcription_new ("It is late. I mean it.");
      g_autoptr (GArray) voice = make_voice ("0.1-0.9 1.5-2.5");
      WhisHallucinations found = { 0 };

      whis_transcription_add_segment (transcription, 0, 1, -0.2, 0.01, " It is late.");
      whis_transcription_add_segment (transcription, 1.4, 2.6, cases[i].avg_logprob,
                                      cases[i].no_speech_prob, " I mean it.");
      whis_hallucinations_remove (transcription, voice, &found);
      g_assert_cmpstr (transcription->text, ==, cases[i].rest);
    }
}

/* A server that wants to be looked at for long. */
static void
test_large (void)
{
  static const char *const pieces[] = { "a ", "(", "[a] ", "a b c. ", "<|" };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      GString *text = g_string_new (NULL);
      g_autoptr (WhisTranscription) transcription = NULL;
      g_autoptr (GArray) voice = make_voice ("0-30");
      WhisHallucinations found = { 0 };

      while (text->len < 64000)
        g_string_append (text, pieces[i]);
      transcription = whis_transcription_new (text->str);
      whis_hallucinations_remove (transcription, voice, &found);
      g_assert_true (g_utf8_validate (transcription->text, -1, NULL));
      g_string_free (text, TRUE);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/hallucinations/with-times", test_with_times);
  g_test_add_func ("/hallucinations/without-times", test_without_times);
  g_test_add_func ("/hallucinations/words", test_words);
  g_test_add_func ("/hallucinations/segments", test_segments);
  g_test_add_func ("/hallucinations/large", test_large);

  return g_test_run ();
}
