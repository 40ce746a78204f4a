/* SPDX-License-Identifier: MIT */
#include "live-marks.h"

#include <string.h>

/* Which text belongs to which chunk, without a service. */

static void
commit_chunks (WhisLiveMarks *marks, guint n, guint samples)
{
  for (guint i = 0; i < n; i++)
    {
      whis_live_marks_add (marks, i, TRUE, (i + 1) * samples);
      g_assert_cmpuint (whis_live_marks_commit (marks), ==, i + 1);
    }
}

static void
assert_popped (gboolean popped, guint chunk, char *taken, guint expected, const char *text)
{
  g_autofree char *own = taken;

  g_assert_true (popped);
  g_assert_cmpuint (chunk, ==, expected);
  g_assert_cmpstr (own, ==, text);
}

static void
assert_pops (WhisLiveMarks *marks, guint expected, const char *text)
{
  guint chunk = 0;
  char *popped = NULL;
  gboolean did = whis_live_marks_pop (marks, &chunk, &popped);

  assert_popped (did, chunk, popped, expected, text);
}

static void
assert_pops_nothing (WhisLiveMarks *marks)
{
  guint chunk;
  char *text;

  g_assert_false (whis_live_marks_pop (marks, &chunk, &text));
}

static gboolean
handle (WhisLiveMarks *marks, WhisLiveEventType type, const char *item, const char *text)
{
  return whis_live_marks_handle_event (
      marks, &(WhisLiveEvent){ .type = type, .item = (char *) item, .text = (char *) text });
}

/* What is understood of one chunk is not held without end, in any of the ways in which it comes. */
static void
test_bounded (void)
{
  static const struct
  {
    WhisLiveMatch match;
    WhisLiveEventType type;
  } ways[] = {
    { WHIS_LIVE_MATCH_ITEM, WHIS_LIVE_EVENT_DELTA },
    { WHIS_LIVE_MATCH_ITEM, WHIS_LIVE_EVENT_FINAL },
    { WHIS_LIVE_MATCH_ORDER, WHIS_LIVE_EVENT_FINAL },
    { WHIS_LIVE_MATCH_TIME, WHIS_LIVE_EVENT_FINAL },
  };
  g_autofree char *text = g_strnfill (8192, 'a');
  g_autofree char *name = g_strnfill (8192, 'n');
  g_autoptr (WhisLiveMarks) named = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);

  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (ways[i].match, 1000);
      guint n = 0;

      while (n < 1000 && handle (marks, ways[i].type, "a", text))
        n++;
      g_assert_cmpuint (n, >, 10);
      g_assert_cmpuint (n, <, 1000);
    }
  g_assert_false (handle (named, WHIS_LIVE_EVENT_DELTA, name, "a"));
}

/* Sentences are put side by side, with a blank where the script has them. */
static void
test_joined (void)
{
  static const struct
  {
    const char *texts[3];
    const char *joined;
  } joins[] = {
    { { "One two.", "Three.", "" }, "One two. Three." },
    { { "今天", "天气", "很好。" }, "今天天气很好。" },
    { { "今天", "good", "" }, "今天 good" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (joins); i++)
    {
      g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);
      g_autofree char *partial = NULL;

      for (gsize j = 0; j < G_N_ELEMENTS (joins[i].texts); j++)
        g_assert_true (handle (marks, WHIS_LIVE_EVENT_FINAL, NULL, joins[i].texts[j]));
      partial = whis_live_marks_dup_partial (marks);
      g_assert_cmpstr (partial, ==, joins[i].joined);
    }
}

/* A text that is held back because of an earlier chunk is told when that one is lost. */
static void
test_rest (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  guint chunk = 0;
  char *text = NULL;
  gboolean did;

  commit_chunks (marks, 3, 1000);
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_TAKEN, "a", NULL));
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_TAKEN, "b", NULL));
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_FINAL, "b", "second"));
  assert_pops_nothing (marks);
  g_assert_true (whis_live_marks_is_waiting (marks));
  did = whis_live_marks_pop_rest (marks, &chunk, &text);
  assert_popped (did, chunk, text, 1, "second");
  g_assert_false (whis_live_marks_pop_rest (marks, &chunk, &text));
}

/* The text may be there before the commit is acknowledged, and may be told twice. */
static void
test_early_text (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  g_autofree char *partial = NULL;

  commit_chunks (marks, 1, 1000);
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_FINAL, "a", " first\n"));
  assert_pops_nothing (marks);
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_TAKEN, "a", NULL));
  assert_pops (marks, 0, "first");
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_FINAL, "a", "first"));
  g_assert_true (handle (marks, WHIS_LIVE_EVENT_DELTA, "a", "first"));
  partial = whis_live_marks_dup_partial (marks);
  g_assert_cmpstr (partial, ==, "");
}

/* Memory does not grow with the nonsense of a service. */
static void
test_strays (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_ITEM, 1000);
  guint n = 0;
  g_autofree char *name = g_strdup ("item");

  while (n < 1000 && handle (marks, WHIS_LIVE_EVENT_DELTA, name, "x"))
    {
      g_free (name);
      name = g_strdup_printf ("item%u", n++);
    }
  g_assert_cmpuint (n, <, 1000);
}

static void
hear_final (WhisLiveMarks *marks, guint start_ms, guint end_ms, gboolean flushed, const char *text)
{
  g_assert_true (
      whis_live_marks_handle_event (marks, &(WhisLiveEvent){ .type = WHIS_LIVE_EVENT_FINAL,
                                                             .text = (char *) text,
                                                             .start_us = start_ms * 1000,
                                                             .end_us = end_ms * 1000,
                                                             .flushed = flushed }));
}

/* Each final text goes to the chunk that holds its middle. */
static void
test_times (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);

  commit_chunks (marks, 3, 1000);
  hear_final (marks, 0, 400, FALSE, "one");
  hear_final (marks, 400, 700, FALSE, "");
  hear_final (marks, 700, 950, FALSE, "two");
  assert_pops_nothing (marks);
  hear_final (marks, 950, 1500, FALSE, "three");
  assert_pops (marks, 0, "one two");
  hear_final (marks, 1500, 1980, TRUE, "four");
  assert_pops (marks, 1, "three four");
  assert_pops_nothing (marks);
  hear_final (marks, 1980, 2400, FALSE, "five");
  assert_pops_nothing (marks);
  whis_live_marks_hold_last (marks, TRUE);
  hear_final (marks, 2400, 3000, TRUE, "six");
  assert_pops_nothing (marks);
  hear_final (marks, 3000, 3100, FALSE, "seven");
  whis_live_marks_settle_all (marks);
  assert_pops (marks, 2, "five six seven");
}

/* The answer to an earlier flush does not settle the chunk that came meanwhile. */
static void
test_late_flush (void)
{
  g_autoptr (WhisLiveMarks) marks = whis_live_marks_new (WHIS_LIVE_MATCH_TIME, 1000);

  commit_chunks (marks, 2, 300);
  hear_final (marks, 0, 300, TRUE, "one");
  assert_pops (marks, 0, "one");
  assert_pops_nothing (marks);
  hear_final (marks, 300, 600, TRUE, "two");
  assert_pops (marks, 1, "two");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live-marks/bounded", test_bounded);
  g_test_add_func ("/live-marks/joined", test_joined);
  g_test_add_func ("/live-marks/rest", test_rest);
  g_test_add_func ("/live-marks/early-text", test_early_text);
  g_test_add_func ("/live-marks/strays", test_strays);
  g_test_add_func ("/live-marks/times", test_times);
  g_test_add_func ("/live-marks/late-flush", test_late_flush);

  return g_test_run ();
}
