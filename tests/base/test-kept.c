/* SPDX-License-Identifier: MIT */
#include "kept.h"

static void
test_words (void)
{
  for (guint kept = 0; kept < 2 * WHIS_KEPT_DOWNLOAD; kept++)
    {
      g_autofree char *words = whis_kept_to_words ((WhisKept) kept);

      g_assert_cmpuint (whis_kept_from_words (words), ==, kept);
    }
  g_assert_cmpuint (whis_kept_from_words (""), ==, WHIS_KEPT_NOTHING);
  g_assert_cmpuint (whis_kept_from_words ("sound of-tomorrow"), ==, WHIS_KEPT_SOUND);
}

static void
assert_sentence (guint kept, const char *expected)
{
  g_autofree char *sentence = whis_kept_describe ((WhisKept) kept);

  g_assert_cmpstr (sentence, ==, expected);
}

static void
test_sentences (void)
{
  assert_sentence (WHIS_KEPT_NOTHING, "");
  assert_sentence (WHIS_KEPT_SOUND, "The sound is kept.");
  assert_sentence (WHIS_KEPT_TEXT, "The text is kept in the history.");
  assert_sentence (WHIS_KEPT_SOUND | WHIS_KEPT_RETRIED,
                   "The sound is kept, and Whis tries again by itself.");
  assert_sentence (WHIS_KEPT_SOUND | WHIS_KEPT_AWAITS_MODEL,
                   "The sound is kept, and is recognised when a model has come.");
  assert_sentence (WHIS_KEPT_FILE | WHIS_KEPT_PART,
                   "What was understood is kept in the history. Your file is as it was.");
  assert_sentence (WHIS_KEPT_PART | WHIS_KEPT_PART_COPIED | WHIS_KEPT_SOUND,
                   "What was understood is on the clipboard, with a mark where a part is missing. "
                   "The sound is kept.");

  /* of several that are true, the one that the user can rely on most */
  assert_sentence (WHIS_KEPT_TEXT | WHIS_KEPT_PART, "What was understood is kept in the history.");
  assert_sentence (WHIS_KEPT_SOUND | WHIS_KEPT_FILE, "Your file is as it was.");
  assert_sentence (WHIS_KEPT_SOUND | WHIS_KEPT_FILE | WHIS_KEPT_EARLIER_TEXT,
                   "The text in the history is as it was.");
  assert_sentence (WHIS_KEPT_SOUND | WHIS_KEPT_RETRIED | WHIS_KEPT_AWAITS_MODEL,
                   "The sound is kept, and is recognised when a model has come.");
  assert_sentence (WHIS_KEPT_TEXT | WHIS_KEPT_SOUND,
                   "The text is kept in the history. The sound is kept.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kept/words", test_words);
  g_test_add_func ("/kept/sentences", test_sentences);

  return g_test_run ();
}
