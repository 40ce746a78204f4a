/* SPDX-License-Identifier: MIT */
#include "spans.h"

static GArray *
spans_of (const char *text)
{
  GArray *spans = whis_spans_parse (text);

  g_assert_nonnull (spans);

  return spans;
}

static void
assert_spans (GArray *spans, const char *expected)
{
  g_autofree char *text = whis_spans_print (spans);

  g_assert_cmpstr (text, ==, expected);
}

/* Frames of voice that touch become one stretch; nothing becomes a stretch of no length. */
static void
test_add (void)
{
  g_autoptr (GArray) spans = whis_spans_new ();

  assert_spans (spans, NULL);
  whis_spans_add (spans, 100, 100);
  whis_spans_add (spans, 100, 50);
  g_assert_cmpuint (spans->len, ==, 0);
  whis_spans_add (spans, 100, 130);
  whis_spans_add (spans, 130, 160);
  whis_spans_add (spans, 160, 160);
  assert_spans (spans, "100-160");
  whis_spans_add (spans, 161, 200);
  assert_spans (spans, "100-160 161-200");
}

static void
test_get_ms (void)
{
  static const struct
  {
    guint64 from_ms;
    guint64 to_ms;
    guint64 sum_ms;
  } cases[] = {
    { 0, 1000, 150 }, { 0, G_MAXUINT64, 150 }, { 0, 100, 0 },    { 0, 101, 1 },   { 120, 130, 10 },
    { 150, 310, 60 }, { 200, 300, 0 },         { 400, 1000, 0 }, { 150, 150, 0 }, { 180, 120, 0 },
  };
  g_autoptr (GArray) spans = spans_of ("100-200 300-350");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (whis_spans_get_ms (spans, cases[i].from_ms, cases[i].to_ms), ==,
                      cases[i].sum_ms);
}

static void
test_join (void)
{
  static const struct
  {
    const char *spans;
    guint gap_ms;
    const char *joined;
  } cases[] = {
    { "100-200 300-400", 99, "100-200 300-400" },
    { "100-200 300-400", 100, "100-400" },
    { "0-10 20-30 31-40 500-510", 10, "0-40 500-510" },
    { "0-10", 1000, "0-10" },
    /* each gap counts, and not the length of what was joined */
    { "0-10 20-30 45-50", 10, "0-30 45-50" },
  };
  g_autoptr (GArray) none = whis_spans_new ();
  g_autoptr (GArray) joined_none = whis_spans_join (none, 100);

  g_assert_cmpuint (joined_none->len, ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GArray) spans = spans_of (cases[i].spans);
      g_autoptr (GArray) joined = whis_spans_join (spans, cases[i].gap_ms);

      assert_spans (joined, cases[i].joined);
      assert_spans (spans, cases[i].spans);
    }
}

static void
test_copy_is_its_own (void)
{
  g_autoptr (GArray) spans = spans_of ("1-2");
  g_autoptr (GArray) copy = whis_spans_copy (spans);

  whis_spans_add (copy, 5, 6);
  assert_spans (spans, "1-2");
  assert_spans (copy, "1-2 5-6");
  g_assert_null (whis_spans_copy (NULL));
}

/* What stands in a damaged database is not believed. */
static void
test_damaged (void)
{
  static const char *const texts[] = {
    "1",
    "1-",
    "-1",
    "1-2-3",
    "2-1",
    "1-1",
    "1 - 2",
    "1-2,3-4",
    "1-2  3-4",
    "1-2 ",
    "+1-2",
    "0x1-2",
    "1-2 1-3",
    "5-6 1-2",
    "1-99999999999999999999",
    "1-9223372036854775808",
    "x",
    " ",
  };

  g_assert_null (whis_spans_parse (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("“%s”", texts[i]);
      g_assert_null (whis_spans_parse (texts[i]));
    }
}

static void
test_largest (void)
{
  g_autoptr (GArray) spans = spans_of ("0-1 1-9223372036854775807");

  assert_spans (spans, "0-1 1-9223372036854775807");
  g_assert_cmpuint (whis_spans_get_ms (spans, 0, G_MAXUINT64), ==, G_MAXINT64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spans/add", test_add);
  g_test_add_func ("/spans/get-ms", test_get_ms);
  g_test_add_func ("/spans/join", test_join);
  g_test_add_func ("/spans/copy-is-its-own", test_copy_is_its_own);
  g_test_add_func ("/spans/damaged", test_damaged);
  g_test_add_func ("/spans/largest", test_largest);

  return g_test_run ();
}
