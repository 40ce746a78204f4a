/* SPDX-License-Identifier: MIT */
#include "word-diff.h"

#include <string.h>

/* Pieces as -removed-, +added+ and the rest as it is. */
static char *
print_diff (const char *before, const char *after)
{
  static const char *const marks[] = { "", "-", "+" };
  g_autoptr (GPtrArray) pieces = whis_word_diff (before, after);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pieces->len; i++)
    {
      WhisDiffPiece *piece = g_ptr_array_index (pieces, i);
      g_autofree char *words = g_strchomp (g_strdup (piece->text));

      g_string_append_printf (text, "%s%s%s%s", i > 0 ? " " : "", marks[piece->kind], words,
                              marks[piece->kind]);
    }

  return g_string_free (text, FALSE);
}

static void
test_changes (void)
{
  static const struct
  {
    const char *before;
    const char *after;
    const char *printed;
  } cases[] = {
    { "", "", "" },
    { "one", "", "-one-" },
    { "", "one  two", "+one  two+" },
    { "the same\nwords", "the same words", "the same words" },
    { "I came here to night", "I came tonight", "I came -here to night- +tonight+" },
    { "a b c", "b c d", "-a- b c +d+" },
    { "Hello world.", "Hello, world.", "-Hello- +Hello,+ world." },
    { "one two three four", "one 2 3 four", "one -two three- +2 3+ four" },
    { "你好世界", "你们好世", "你 +们+ 好世 -界-" },
    { "今日は天気", "今日も天気", "今日 -は- +も+ 天気" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *printed = print_diff (cases[i].before, cases[i].after);

      g_assert_cmpstr (printed, ==, cases[i].printed);
    }
}

/* Words that stand one behind the other have space between them, whichever text they are from. */
static void
test_space (void)
{
  g_autoptr (GPtrArray) pieces = whis_word_diff ("a b", "a");
  const WhisDiffPiece *same = g_ptr_array_index (pieces, 0);

  g_assert_cmpuint (pieces->len, ==, 2);
  g_assert_cmpstr (same->text, ==, "a ");
}

/* Whatever the texts, both can be read from the pieces. Returns how many words changed. */
static guint
check_pieces (const char *before, const char *after)
{
  g_autoptr (GPtrArray) pieces = whis_word_diff (before, after);
  g_autoptr (GString) old = g_string_new (NULL);
  g_autoptr (GString) new = g_string_new (NULL);
  guint changed = 0;

  for (guint i = 0; i < pieces->len; i++)
    {
      WhisDiffPiece *piece = g_ptr_array_index (pieces, i);

      if (piece->kind != WHIS_DIFF_ADDED)
        g_string_append (old, piece->text);
      if (piece->kind != WHIS_DIFF_REMOVED)
        g_string_append (new, piece->text);
      if (piece->kind != WHIS_DIFF_SAME)
        changed += piece->words;
    }
  g_assert_cmpstr (old->str, ==, before);
  g_assert_cmpstr (new->str, ==, after);

  return changed;
}

static char *
invent_words (int count, int different)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < count; i++)
    g_string_append_printf (text, "%d ", g_test_rand_int_range (0, different));

  return g_string_free (text, FALSE);
}

/* By the book: the longest common subsequence, in quadratic time. */
static guint
get_distance (const char *one, const char *other)
{
  guint n = (guint) strlen (one) / 2, m = (guint) strlen (other) / 2;
  g_autofree guint *row = g_new0 (guint, m + 1);

  for (guint x = 0; x < n; x++)
    {
      guint diagonal = 0;

      for (guint y = 0; y < m; y++)
        {
          guint above = row[y + 1];

          row[y + 1] = one[2 * x] == other[2 * y] ? diagonal + 1 : MAX (above, row[y]);
          diagonal = above;
        }
    }

  return n + m - 2 * row[m];
}

/* No answer has more changes than need be. */
static void
test_shortest (void)
{
  for (int i = 0; i < 2000; i++)
    {
      g_autofree char *before = invent_words (i % 41, 2 + i % 7);
      g_autofree char *after = invent_words (i % 37, 2 + i % 7);

      g_assert_cmpuint (check_pieces (before, after), ==, get_distance (before, after));
    }
}

static void
test_little_in_common (void)
{
  for (int different = 2; different < 3000; different *= 10)
    {
      g_autofree char *before = invent_words (5000, different);
      g_autofree char *after = invent_words (4000, different);

      check_pieces (before, after);
    }
}

/* @n numbers, of which those that divide by @every are written in another way. */
static char *
create_numbers (int n, int every)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s%d ", i % every == 0 ? "x" : "", i);

  return g_string_free (text, FALSE);
}

/* The words of more than two hours; so many differences are searched for in parts. */
static void
test_long (void)
{
  g_autofree char *one = create_numbers (20000, 20000);
  g_autofree char *few = create_numbers (20000, 100);
  g_autofree char *many = create_numbers (20000, 3);
  g_autofree char *all = create_numbers (20000, 1);
  g_autofree char *whole = g_strdup_printf ("y%s", all);

  g_assert_cmpuint (check_pieces (one, few), ==, 2 * 199);
  g_assert_cmpuint (check_pieces (one, many), ==, 2 * 6666);
  g_assert_cmpuint (check_pieces (one, whole), ==, 2 * 20000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/word-diff/changes", test_changes);
  g_test_add_func ("/word-diff/space", test_space);
  g_test_add_func ("/word-diff/shortest", test_shortest);
  g_test_add_func ("/word-diff/little-in-common", test_little_in_common);
  g_test_add_func ("/word-diff/long", test_long);

  return g_test_run ();
}
