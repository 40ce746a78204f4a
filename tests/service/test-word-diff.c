/* SPDX-License-Identifier: MIT */
#include "word-diff.h"

#include <string.h>

static void
test_changes (void)
{
  const struct
  {
    const char *before;
    const char *after;
    const char *marked;
  } cases[] = {
    { "", "", "" },
    { "same words here", "same words here", "same words here" },
    { "same  words", "same words\n", "same words\n" },
    { "a b c", "a x c", "a [-b-]{+x+} c" },
    { "a b c", "a c", "a [-b-] c" },
    { "a c", "a b c", "a {+b+} c" },
    { "", "new text", "{+new text+}" },
    { "old text", "", "[-old text-]" },
    { "one two three four", "one 2 3 four", "one [-two three-]{+2 3+} four" },
    { "Hello world.", "Hello, world.", "[-Hello-]{+Hello,+} world." },
    { "start same", "same end", "[-start-] same {+end+}" },
    { "今日は天気", "今日も天気", "今日[-は-]{+も+}天気" },
    { "a b c a b b a", "c b a b a c", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marked = NULL;
      gboolean differs = whis_word_diff (cases[i].before, cases[i].after, &marked);

      if (cases[i].marked == NULL)
        continue;
      g_assert_cmpstr (marked, ==, cases[i].marked);
      g_assert_cmpint (differs, ==, strstr (marked, "[-") != NULL || strstr (marked, "{+") != NULL);
    }
}

/* The marked text without what was added, or without what was removed. */
static char *
get_side (const char *marked, gboolean before)
{
  GString *words = g_string_new (NULL);
  gboolean removed = FALSE, added = FALSE;

  for (const char *p = marked; *p != '\0'; p++)
    {
      if (g_str_has_prefix (p, "[-") || g_str_has_prefix (p, "-]"))
        removed = *p == '[', p++;
      else if (g_str_has_prefix (p, "{+") || g_str_has_prefix (p, "+}"))
        added = *p == '{', p++;
      else if (!(before ? added : removed) && *p != ' ')
        g_string_append_c (words, *p);
    }

  return g_string_free (words, FALSE);
}

static guint
count_changed (const char *marked)
{
  guint n = 0;
  gboolean changed = FALSE;

  for (const char *p = marked; *p != '\0'; p++)
    if (g_str_has_prefix (p, "[-") || g_str_has_prefix (p, "{+"))
      changed = TRUE, p++;
    else if (g_str_has_prefix (p, "-]") || g_str_has_prefix (p, "+}"))
      changed = FALSE, p++;
    else if (changed && *p != ' ')
      n++;

  return n;
}

static char *
create_letters (GRand *rand, guint n)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%c", i > 0 ? " " : "", 'a' + g_rand_int_range (rand, 0, 4));

  return g_string_free (text, FALSE);
}

/* By the book: the longest common subsequence, in quadratic time. */
static guint
get_distance (const char *one, const char *other)
{
  guint n = (guint) (strlen (one) + 1) / 2, m = (guint) (strlen (other) + 1) / 2;
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

/* Both texts can be read out of every answer, and none has more changes than need be. */
static void
test_shortest (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (guint i = 0; i < 2000; i++)
    {
      g_autofree char *one = create_letters (rand, i % 23);
      g_autofree char *other = create_letters (rand, i % 17);
      g_autofree char *marked = NULL;
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;
      g_autofree char *one_words = get_side (one, TRUE);
      g_autofree char *other_words = get_side (other, TRUE);

      whis_word_diff (one, other, &marked);
      before = get_side (marked, TRUE);
      after = get_side (marked, FALSE);
      g_assert_cmpstr (before, ==, one_words);
      g_assert_cmpstr (after, ==, other_words);
      g_assert_cmpuint (count_changed (marked), ==, get_distance (one, other));
    }
}

static char *
create_numbers (int first, int n, int every)
{
  GString *text = g_string_new (NULL);

  for (int i = 0; i < n; i++)
    g_string_append_printf (text, "%s%d ", i % every == 0 ? "x" : "", first + i);

  return g_string_free (text, FALSE);
}

/* The words of more than two hours. */
static void
test_long (void)
{
  g_autofree char *one = create_numbers (0, 20000, 1000000);
  g_autofree char *similar = create_numbers (0, 20000, 100);
  g_autofree char *other = create_numbers (100000, 20000, 1000000);
  g_autofree char *few = NULL;
  g_autofree char *all = NULL;

  g_assert_true (whis_word_diff (one, similar, &few));
  g_assert_nonnull (strstr (few, " [-100-]{+x100+} 101 "));
  g_assert_true (whis_word_diff (one, other, &all));
  g_assert_true (g_str_has_prefix (all, "[-x0 1 2 "));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/word-diff/changes", test_changes);
  g_test_add_func ("/word-diff/shortest", test_shortest);
  g_test_add_func ("/word-diff/long", test_long);

  return g_test_run ();
}
