/* SPDX-License-Identifier: MIT */
#include "words.h"

#include <string.h>

/* The words as they stand in the text, with a bar between. */
static char *
print_words (const char *text, GArray *words)
{
  GString *printed = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      const WhisWord *word = &g_array_index (words, WhisWord, i);

      g_string_append (printed, i > 0 ? "|" : "");
      g_string_append_len (printed, text + word->start, (gssize) (word->end - word->start));
    }

  return g_string_free (printed, FALSE);
}

static char *
print_keys (GArray *words)
{
  GString *printed = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    g_string_append_printf (printed, "%s%s", i > 0 ? "|" : "",
                            g_array_index (words, WhisWord, i).key);

  return g_string_free (printed, FALSE);
}

static const struct
{
  const char *text;
  /* what belongs to a word, and what it is compared by */
  const char *words;
  const char *keys;
} texts[] = {
  { "", "", "" },
  { " \t\n ", "", "" },
  { "… ,.!? — “”", "", "" },
  { "Hello, World!", "Hello|World", "hello|world" },
  { "\"He said: 'Stop.'\"", "He|said|Stop", "he|said|stop" },
  { "don’t don't", "don’t|don't", "dont|dont" },
  { "at 3.14, 1,000.", "at|3.14|1,000", "at|314|1000" },
  { "well-known e–mail", "well|known|e|mail", "well|known|e|mail" },
  { "C++ 5 € #1 a@b", "C++|5|€|1|a@b", "c++|5|€|1|ab" },
  { "one\u00A0two\u3000three", "one|two|three", "one|two|three" },
  { "a\u200Bb", "a\u200Bb", "ab" },

  /* the same characters in other forms */
  { "STRASSE Straße", "STRASSE|Straße", "strasse|strasse" },
  { "cafe\u0301 caf\u00E9", "cafe\u0301|caf\u00E9", "caf\u00E9|caf\u00E9" },
  { "ﬁn ｗｉｄｅ ①", "ﬁn|ｗｉｄｅ|①", "fin|wide|1" },
  { "ΟΔΟΣ οδος", "ΟΔΟΣ|οδος", "οδοσ|οδοσ" },
  { "❤\uFE0F ❤", "❤\uFE0F|❤", "❤|❤" },

  /* scripts without spaces, and what stands between them */
  { "今天，天气", "今|天|天|气", "今|天|天|气" },
  { "我用Linux系统", "我|用|Linux|系|统", "我|用|linux|系|统" },
  { "コーヒー", "コ|ー|ヒ|ー", "コ|ー|ヒ|ー" },
  { "か\u3099き", "か\u3099|き", "が|き" },
  { "สิบบาท", "สิ|บ|บ|า|ท", "สิ|บ|บ|า|ท" },
  /* Korean writes spaces. */
  { "음성 인식", "음성|인식", "음성|인식" },
  { "إلى السوق، اليوم؟", "إلى|السوق|اليوم", "إلى|السوق|اليوم" },
  /* the colour of a skin is a modifier, as an accent that stands alone is */
  { "👍🏽 👨‍👩‍👧", "👍|👨‍👩‍👧", "👍|👨👩👧" },
};

static void
test_split (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GArray) words = whis_words_split (texts[i].text);
      g_autofree char *printed = print_words (texts[i].text, words);
      g_autofree char *keys = print_keys (words);

      g_test_message ("%s", texts[i].text);
      g_assert_cmpstr (printed, ==, texts[i].words);
      g_assert_cmpstr (keys, ==, texts[i].keys);
    }
}

static void
test_is_character (void)
{
  g_autoptr (GArray) words = whis_words_split ("天 a 音");
  static const gboolean expected[] = { TRUE, FALSE, TRUE };

  g_assert_cmpuint (words->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < words->len; i++)
    g_assert_cmpint (g_array_index (words, WhisWord, i).is_character, ==, expected[i]);
}

/* Words of a text of any length cover it from its first to its last, in order. */
static void
test_places (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) words = NULL;
  gsize behind = 0;

  for (guint i = 0; i < 5000; i++)
    g_string_append_printf (text, "w%u, ", i);
  words = whis_words_split (text->str);
  g_assert_cmpuint (words->len, ==, 5000);
  for (guint i = 0; i < words->len; i++)
    {
      const WhisWord *word = &g_array_index (words, WhisWord, i);

      g_assert_cmpuint (word->start, ==, i == 0 ? 0 : behind + strlen (", "));
      g_assert_cmpuint (word->end, >, word->start);
      behind = word->end;
    }
  g_assert_cmpuint (behind, ==, text->len - strlen (", "));
}

static gboolean
are_similar (const char *a, const char *b)
{
  WhisWord word_a = { .key = (char *) a };
  WhisWord word_b = { .key = (char *) b };
  gboolean similar = whis_words_similar (&word_a, &word_b);

  g_assert_cmpint (whis_words_similar (&word_b, &word_a), ==, similar);

  return similar;
}

/* Spellings of one word, as two hearings give them; and other words. */
static void
test_similar (void)
{
  static const struct
  {
    const char *a;
    const char *b;
    gboolean similar;
  } cases[] = {
    { "grey", "gray", TRUE },    { "john", "jon", TRUE },      { "colour", "color", TRUE },
    { "house", "house", TRUE },  { "their", "there", TRUE },   { "maier", "meyer", TRUE },
    { "weiß", "weis", TRUE },    { "über", "uber", TRUE },     { "ab", "ac", TRUE },
    { "ab", "cd", FALSE },       { "house", "garden", FALSE }, { "abcd", "abxy", TRUE },
    { "abcde", "abxyz", FALSE }, { "a", "a", FALSE },          { "", "word", FALSE },
    { "a", "ab", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s %s", cases[i].a, cases[i].b);
      g_assert_cmpint (are_similar (cases[i].a, cases[i].b), ==, cases[i].similar);
    }
}

/* An answer may be one word of a megabyte; the table of the comparison is on the stack. */
static void
test_similar_long (void)
{
  g_autofree char *longest = g_strnfill (64, 'a');
  g_autofree char *longer = g_strnfill (65, 'a');
  g_autofree char *huge = g_strnfill (1 << 20, 'a');

  g_assert_true (are_similar (longest, longest));
  g_assert_false (are_similar (longest, longer));
  g_assert_false (are_similar (longer, longer));
  g_assert_false (are_similar (huge, huge));
  g_assert_false (are_similar ("aaaa", huge));
}

/* Where a space is written, and where a mark brings its own. */
static void
test_characters (void)
{
  static const struct
  {
    gunichar c;
    gboolean writes_no_spaces;
    gboolean joins_without_space;
    gboolean is_wide_punctuation;
  } cases[] = {
    { 'a', FALSE, FALSE, FALSE },
    { ',', FALSE, FALSE, FALSE },
    { 0x5929 /* 天 */, TRUE, TRUE, FALSE },
    { 0x3042 /* あ */, TRUE, TRUE, FALSE },
    { 0x30AB /* カ */, TRUE, TRUE, FALSE },
    { 0x30FC /* ー */, TRUE, TRUE, FALSE },
    { 0xFF70 /* ｰ */, TRUE, TRUE, FALSE },
    { 0xFF76 /* ｶ */, TRUE, TRUE, FALSE },
    { 0x0E01 /* ก */, TRUE, FALSE, FALSE },
    { 0xAC00 /* 가 */, FALSE, FALSE, FALSE },
    { 0x3000 /* blank */, FALSE, TRUE, TRUE },
    { 0x3002 /* 。 */, FALSE, TRUE, TRUE },
    { 0x300C /* 「 */, FALSE, TRUE, TRUE },
    { 0xFF0C /* ， */, FALSE, TRUE, TRUE },
    { 0xFF21 /* Ａ */, FALSE, TRUE, FALSE },
    { 0x0627 /* ا */, FALSE, FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gunichar c = cases[i].c;

      g_test_message ("U+%04X", c);
      g_assert_cmpint (whis_character_writes_no_spaces (c), ==, cases[i].writes_no_spaces);
      g_assert_cmpint (whis_character_joins_without_space (c), ==, cases[i].joins_without_space);
      g_assert_cmpint (whis_character_is_wide_punctuation (c), ==, cases[i].is_wide_punctuation);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/split", test_split);
  g_test_add_func ("/words/is-character", test_is_character);
  g_test_add_func ("/words/places", test_places);
  g_test_add_func ("/words/similar", test_similar);
  g_test_add_func ("/words/similar-long", test_similar_long);
  g_test_add_func ("/words/characters", test_characters);

  return g_test_run ();
}
