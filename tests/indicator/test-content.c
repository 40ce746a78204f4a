/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "content.h"
#include "direction.h"

static void
test_text_keeps_its_end (void)
{
  g_autoptr (WhisIndicatorContent) content = whis_indicator_content_new ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 500; i++)
    g_string_append (text, "schön ");
  g_string_append (text, "und zuletzt");
  whis_indicator_content_set_text (content, text->str);
  g_assert_true (g_utf8_validate (content->text, -1, NULL));
  g_assert_true (g_str_has_suffix (content->text, "schön und zuletzt"));
  g_assert_cmpint (g_utf8_strlen (content->text, -1), <=, 200);
  g_assert_cmpint (g_utf8_strlen (content->text, -1), >, 150);
}

static void
test_text_is_one_line (void)
{
  g_autoptr (WhisIndicatorContent) content = whis_indicator_content_new ();

  whis_indicator_content_set_text (content, " one\ntwo\r\nthree\n");
  g_assert_cmpstr (content->text, ==, "one two  three");
  whis_indicator_content_set_text (content, "");
  g_assert_cmpstr (whis_indicator_content_get_detail (content), ==, "");
}

/* By its first letter, also when that is not among what is kept. */
static void
test_direction (void)
{
  g_autoptr (WhisIndicatorContent) content = whis_indicator_content_new ();
  g_autoptr (GString) text = g_string_new ("שלום");

  g_assert_true (whis_direction_is_rtl ("12 – «سلام» world"));
  g_assert_true (whis_direction_is_rtl ("שלום"));
  g_assert_false (whis_direction_is_rtl ("hello שלום"));
  g_assert_false (whis_direction_is_rtl ("漢字"));
  g_assert_false (whis_direction_is_rtl ("12:30"));
  g_assert_false (whis_direction_is_rtl (""));

  for (guint i = 0; i < 100; i++)
    g_string_append (text, " words");
  whis_indicator_content_set_text (content, text->str);
  g_assert_true (content->is_rtl);
  g_assert_false (whis_direction_is_rtl (content->text));
  whis_indicator_content_set_text (content, "words");
  g_assert_false (content->is_rtl);
}

static void
test_label (void)
{
  static const struct
  {
    WhisDictationState state;
    gboolean is_silent;
    const char *code;
    const char *label;
    gboolean is_open;
    gboolean is_problem;
  } cases[] = {
    { WHIS_DICTATION_STATE_RECORDING, FALSE, "", "Recording", TRUE, FALSE },
    { WHIS_DICTATION_STATE_RECORDING, TRUE, "", "No sound is heard", TRUE, FALSE },
    { WHIS_DICTATION_STATE_TRANSCRIBING, TRUE, "", "Transcribing…", FALSE, FALSE },
    { WHIS_DICTATION_STATE_DELIVERING, FALSE, "", "Delivering the text…", FALSE, FALSE },
    { WHIS_DICTATION_STATE_FAILED, FALSE, "network", "That did not work", FALSE, TRUE },
    { WHIS_DICTATION_STATE_FAILED, FALSE, "no-speech", "No speech heard", FALSE, TRUE },
    { WHIS_DICTATION_STATE_WAITING, FALSE, "network", "Kept, and waiting", FALSE, TRUE },
    { WHIS_DICTATION_STATE_CANCELLED, FALSE, "cancelled", "Cancelled", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisIndicatorContent) content = whis_indicator_content_new ();

      content->state = cases[i].state;
      content->is_silent = cases[i].is_silent;
      whis_indicator_content_set_failure (content, cases[i].code, "A sentence.");
      whis_indicator_content_set_text (content, "words");
      g_assert_cmpstr (whis_indicator_content_get_label (content), ==, cases[i].label);
      g_assert_cmpint (whis_indicator_content_is_open (content), ==, cases[i].is_open);
      g_assert_cmpint (whis_indicator_content_is_problem (content), ==, cases[i].is_problem);
      g_assert_cmpstr (whis_indicator_content_get_detail (content), ==,
                       cases[i].is_problem ? "A sentence." : "words");
    }
}

/* A frame is drawn only for what can be seen. */
static void
test_looks_like (void)
{
  g_autoptr (WhisIndicatorContent) content = whis_indicator_content_new ();
  g_autoptr (WhisIndicatorContent) other = NULL;

  whis_indicator_content_set_text (content, "words");
  content->elapsed_ms = 5100;
  other = whis_indicator_content_copy (content);
  g_assert_true (whis_indicator_content_looks_like (content, other));
  other->elapsed_ms = 5900;
  g_assert_true (whis_indicator_content_looks_like (content, other));
  other->elapsed_ms = 6000;
  g_assert_false (whis_indicator_content_looks_like (content, other));

  other->elapsed_ms = 5100;
  whis_level_history_push (&other->levels, -100);
  g_assert_true (whis_indicator_content_looks_like (content, other));
  whis_level_history_push (&other->levels, -20);
  g_assert_false (whis_indicator_content_looks_like (content, other));

  whis_level_history_clear (&other->levels);
  whis_indicator_content_set_text (other, "words and more");
  g_assert_false (whis_indicator_content_looks_like (content, other));
  whis_indicator_content_set_text (other, "words");
  other->is_silent = TRUE;
  g_assert_false (whis_indicator_content_looks_like (content, other));
  other->is_silent = FALSE;
  whis_indicator_content_set_failure (other, "network", "");
  g_assert_false (whis_indicator_content_looks_like (content, other));
}

static void
test_levels (void)
{
  WhisLevelHistory levels;

  whis_level_history_clear (&levels);
  g_assert_cmpuint (whis_level_history_get_latest (&levels), ==, 0);
  whis_level_history_push (&levels, 0);
  g_assert_cmpuint (whis_level_history_get_latest (&levels), ==, WHIS_LEVEL_HISTORY_STEPS);
  whis_level_history_push (&levels, -30);
  g_assert_cmpuint (whis_level_history_get_latest (&levels), ==, WHIS_LEVEL_HISTORY_STEPS / 4);
  g_assert_cmpuint (levels.steps[WHIS_LEVEL_HISTORY_LENGTH - 2], ==, WHIS_LEVEL_HISTORY_STEPS);
  whis_level_history_push (&levels, -100);
  g_assert_cmpuint (whis_level_history_get_latest (&levels), ==, 0);
  for (guint i = 0; i < WHIS_LEVEL_HISTORY_LENGTH; i++)
    whis_level_history_push (&levels, 10);
  for (guint i = 0; i < WHIS_LEVEL_HISTORY_LENGTH; i++)
    g_assert_cmpuint (levels.steps[i], ==, WHIS_LEVEL_HISTORY_STEPS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/content/text/keeps-its-end", test_text_keeps_its_end);
  g_test_add_func ("/content/text/is-one-line", test_text_is_one_line);
  g_test_add_func ("/content/text/direction", test_direction);
  g_test_add_func ("/content/label", test_label);
  g_test_add_func ("/content/looks-like", test_looks_like);
  g_test_add_func ("/content/levels", test_levels);

  return g_test_run ();
}
