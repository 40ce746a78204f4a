/* SPDX-License-Identifier: MIT */
#include "fetch-text.h"

static void
assert_text (const char *kept, guint64 done, const char *expected)
{
  g_autofree char *text = whis_fetch_text_new_failed ("The network is gone.", kept, done);
  g_auto (GStrv) parts = g_strsplit (text, "\u00a0", -1);
  g_autofree char *plain = g_strjoinv (" ", parts);

  g_assert_cmpstr (plain, ==, expected);
}

static void
test_failed (void)
{
  assert_text ("", 0, "The network is gone.");
  assert_text ("download", 1500000,
               "The network is gone. 1.5 MB are kept; the next download goes on from there.");
  assert_text ("of-tomorrow download", 2000,
               "The network is gone. 2.0 kB are kept; the next download goes on from there.");
  assert_text ("of-tomorrow", 2000, "The network is gone.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fetch-text/failed", test_failed);

  return g_test_run ();
}
