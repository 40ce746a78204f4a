/* SPDX-License-Identifier: MIT */
#include "history-times.h"

#include <string.h>

static void
add (GPtrArray *times, guint64 start_ms, guint64 end_ms, const char *text)
{
  g_ptr_array_add (times, whis_timed_text_new (start_ms, end_ms, text));
}

static void
test_there_and_back (void)
{
  g_autoptr (GPtrArray) times = whis_timed_texts_new ();
  g_autoptr (GPtrArray) back = NULL;
  g_autofree char *json = NULL;

  add (times, 0, 250, "Hello,");
  add (times, 250, 250, "\"[[[[world]]]]\" \\ /* no comment */");
  add (times, G_GUINT64_CONSTANT (8640000000), G_GUINT64_CONSTANT (8640000001), "übermorgen\n日本");
  json = whis_history_times_print (times);
  g_assert_true (g_str_has_prefix (json, "[[0,250,\"Hello,\"],[250,250,"));

  back = whis_history_times_parse (json);
  g_assert_nonnull (back);
  g_assert_cmpuint (back->len, ==, times->len);
  for (guint i = 0; i < times->len; i++)
    {
      const WhisTimedText *written = g_ptr_array_index (times, i);
      const WhisTimedText *read = g_ptr_array_index (back, i);

      g_assert_cmpuint (read->start_ms, ==, written->start_ms);
      g_assert_cmpuint (read->end_ms, ==, written->end_ms);
      g_assert_cmpstr (read->text, ==, written->text);
    }
}

static void
test_none (void)
{
  g_assert_null (whis_history_times_print (NULL));
  g_assert_null (whis_history_times_parse (NULL));
}

static void
test_damaged (void)
{
  static const char *const damaged[] = {
    "",
    "nonsense",
    "null",
    "7",
    "\"text\"",
    "{}",
    "[",
    "[[0,1,\"a\"]",
    "[[0,1,\"a\"],]x",
    "[[0,1]]",
    "[[0,1,2]]",
    "[[0,\"1\",\"a\"]]",
    "[[-1,1,\"a\"]]",
    "[[0.5,1,\"a\"]]",
    "[[0,1,\"a\",2]]",
    "[[0,1,[\"a\"]]]",
    "[[0,1,null]]",
    "[0,1,\"a\"]",
    "[[0,1,\"a\"],7]",
    "[[0,1,\"\xff\"]]",
    "[[0,1,\"a\\",
    "[[0,1,\"\\ude00\"]]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autoptr (GPtrArray) times = whis_history_times_parse (damaged[i]);

      if (times != NULL)
        g_test_message ("“%s” was taken", damaged[i]);
      g_assert_null (times);
    }
}

/* A parser that recurses would need more stack than there is. */
static void
test_deep (void)
{
  g_autofree char *open = g_strnfill (4 * 1024 * 1024, '[');
  g_autofree char *hidden = g_strconcat ("/*\"*/", open, NULL);

  g_assert_null (whis_history_times_parse (open));
  g_assert_null (whis_history_times_parse (hidden));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/history-times/there-and-back", test_there_and_back);
  g_test_add_func ("/history-times/none", test_none);
  g_test_add_func ("/history-times/damaged", test_damaged);
  g_test_add_func ("/history-times/deep", test_deep);

  return g_test_run ();
}
