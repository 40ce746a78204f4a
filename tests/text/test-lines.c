/* SPDX-License-Identifier: MIT */
#include "line.h"
#include "lines.h"
#include "sentence.h"

#include <string.h>

/* Subtitles of at most ten columns. */
static const struct
{
  const char *text;
  const char *balanced;
} balanced[] = {
  { "", "" },
  { "short", "short" },
  { "ten column", "ten column" },
  { "ten columns", "ten\ncolumns" },
  /* not "one two\nthree", when both lines may be about the same */
  { "aa bb cc dd", "aa bb\ncc dd" },
  { "a bb ccc dddd eeeee", "a bb ccc\ndddd eeeee" },
  { "one two three four five six", "one two\nthree four\nfive six" },

  /* a word that is longer than a line is cut, and no other */
  { "abcdefghijklm", "abcdefg\nhijklm" },
  { "ab abcdefghijklm", "ab\nabcdefg\nhijklm" },
  { "abcdefghij kl", "abcdefghij\nkl" },

  /* wide characters take two columns, and each of them may begin a line */
  { "今天天气很", "今天天气很" },
  { "今天天气很好", "今天天\n气很好" },
  /* a mark that closes stays with what it closes, and one that opens too */
  { "今天天气很。好", "今天天气\n很。好" },
  { "今天天气「很好」", "今天天气\n「很好」" },
  { "天天天天天。", "天天天\n天天。" },
  { "天天天天天。天天天天", "天天天天\n天。天天\n天天" },
  { "天天天天「天天天天」", "天天天天\n「天天天\n天」" },

  /* what is one sign on the screen is never cut */
  { "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
    "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301" },
};

static void
test_balance (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (balanced); i++)
    {
      g_autofree char *lines = whis_lines_balance (balanced[i].text, 10);
      guint n_lines = 1;

      g_test_message ("%s", balanced[i].text);
      g_assert_cmpstr (lines, ==, balanced[i].balanced);
      for (const char *p = lines; *p != '\0'; p++)
        n_lines += *p == '\n';
      g_assert_cmpuint (whis_lines_count (balanced[i].text, 10), ==, n_lines);
    }
}

/* An emoji of several parts, or a flag, is one sign: it stands whole in one line. */
static void
test_signs (void)
{
  static const char *const signs[] = { "👨‍👩‍👧", "👍🏽", "🇩🇪", "❤\uFE0F",
                                       "か\u3099" };

  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++)
    for (guint columns = 1; columns <= 8; columns++)
      {
        g_autofree char *text = g_strdup_printf ("abc%sdef", signs[i]);
        g_autofree char *lines = whis_lines_balance (text, columns);

        g_test_message ("%s in %u columns", signs[i], columns);
        g_assert_nonnull (strstr (lines, signs[i]));
      }
}

/* Nothing of a text is lost, however narrow the lines. */
static void
test_nothing_lost (void)
{
  static const char *const lost_text =
      "Das Wetter ist 今天很好、 donaudampfschifffahrtsgesellschaft";

  for (guint columns = 1; columns <= 60; columns++)
    {
      g_autofree char *lines = whis_lines_balance (lost_text, columns);
      const char *p = lost_text;

      for (const char *q = lines; *q != '\0'; q++)
        if (*q != '\n')
          {
            p += *p == ' ' && *q != ' ';
            g_assert_cmpint (*p++, ==, *q);
          }
      g_assert_cmpstr (p, ==, "");
    }
}

/* A transcript is typed into whatever has the focus: one line, and no control characters. */
static const struct
{
  const char *text;
  const char *line;
} one_line[] = {
  { "", "" },
  { " \n \n", "" },
  { "  one  ", "one" },
  { "one\ntwo", "one two" },
  { "one\r\ntwo\rthree\n\n\nfour\n", "one two three four" },
  { " one.\n two\n", "one. two" },
  { "今天\n天气", "今天天气" },
  { "今天\r天气", "今天天气" },
  { "我用\nLinux", "我用 Linux" },
  { "a\tb\x1b[31mc\x7f", "a b [31mc" },
  { "a\xC2\x85"
    "b\xC2\x9B"
    "c",
    "a  b  c" },
  { "a\xFF\nb", "a\uFFFD b" },
  { "\xC3", "\uFFFD" },
};

static void
test_one_line (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (one_line); i++)
    {
      g_autofree char *line = whis_line_new (one_line[i].text);

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_cmpstr (line, ==, one_line[i].line);
    }
}

/* A service may send megabytes of line ends. It takes no longer than reading them. */
static void
test_many_lines (void)
{
  g_autofree char *ends = g_strnfill (1 << 18, '\n');
  g_autofree char *none = whis_line_new (ends);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autofree char *line = NULL;

  g_assert_cmpstr (none, ==, "");
  for (guint i = 0; i < 5000; i++)
    g_string_append (words, "word\n");
  line = whis_line_new (words->str);
  g_assert_cmpuint (strlen (line), ==, words->len - 1);
  g_assert_null (strchr (line, '\n'));
}

static void
test_sentence_ends (void)
{
  static const char *const ends[] = {
    "It is late.",    "Is it late?", "Stop!",       "And then…",     "“It is late.”",
    "(It is late.) ", "很晚了。",    "很晚了吗？”", "快走！",        "هل تأخر الوقت؟",
    "बहुत देर हो गई।",  "وقت ہو گیا۔", ".",           "It is late.\n",
  };
  static const char *const goes_on[] = {
    "",    " ",         "It is late", "It is late,", "It is late”",
    "3.5", "Mr. Smith", "很晚了",     "—",           "(a.) b",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_test_message ("%s", ends[i]);
      g_assert_true (whis_sentence_ends (ends[i]));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (goes_on); i++)
    {
      g_test_message ("%s", goes_on[i]);
      g_assert_false (whis_sentence_ends (goes_on[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lines/balance", test_balance);
  g_test_add_func ("/lines/signs", test_signs);
  g_test_add_func ("/lines/nothing-lost", test_nothing_lost);
  g_test_add_func ("/line/one-line", test_one_line);
  g_test_add_func ("/line/many-lines", test_many_lines);
  g_test_add_func ("/sentence/ends", test_sentence_ends);

  return g_test_run ();
}
