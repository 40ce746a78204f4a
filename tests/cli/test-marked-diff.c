/* SPDX-License-Identifier: MIT */
#include "marked-diff.h"

static void
test_marks (void)
{
  const struct
  {
    const char *before;
    const char *after;
    const char *marked;
    gboolean differs;
  } cases[] = {
    { "", "", "", FALSE },
    { "same words here", "same words here", "same words here", FALSE },
    { "same  words", "same words\n", "same words\n", FALSE },
    { "a b c", "a x c", "a [-b-]{+x+} c", TRUE },
    { "a b c", "a c", "a [-b-] c", TRUE },
    { "a c", "a b c", "a {+b+} c", TRUE },
    { "a b", "a", "a [-b-]", TRUE },
    { "a", "a b", "a {+b+}", TRUE },
    { "a b", "b", "[-a-] b", TRUE },
    { "", "new text", "{+new text+}", TRUE },
    { "old text", "", "[-old text-]", TRUE },
    { "one two three four", "one 2 3 four", "one [-two three-]{+2 3+} four", TRUE },
    { "Hello world.", "Hello, world.", "[-Hello-]{+Hello,+} world.", TRUE },
    { "start same", "same end", "[-start-] same {+end+}", TRUE },
    { "今日は天気", "今日も天気", "今日[-は-]{+も+}天気", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marked = NULL;

      g_assert_cmpint (whis_marked_diff (cases[i].before, cases[i].after, &marked), ==,
                       cases[i].differs);
      g_assert_cmpstr (marked, ==, cases[i].marked);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/marked-diff/marks", test_marks);

  return g_test_run ();
}
