/* SPDX-License-Identifier: MIT */
#include "json-text.h"

#include "utf8.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

/* An array, for there may be a NUL in it. */
#define BYTES(literal) literal, sizeof literal - 1

static const struct
{
  const char *data;
  gsize size;
  const char *text;
} texts[] = {
  { BYTES ("{\"a\":[1,-2.5e+3,true,null,\"b\"]}"), "{\"a\":[1,-2.5e+3,true,null,\"b\"]}" },
  { BYTES (""), "" },
  { BYTES (" \n\t{}\r\n"), " \n\t{}\r\n" },

  /* numbers that are none, as Python, JavaScript and C write them */
  { BYTES ("{\"a\":NaN}"), "{\"a\":null}" },
  { BYTES ("[nan,-nan,NAN,nan(ind),-nan(snan)]"), "[null,null,null,null,null]" },
  { BYTES ("[Infinity,-Infinity,+inf,INF]"), "[null,null,null,null]" },
  { BYTES ("[nano,infinit,NaNs,-,+]"), "[nano,infinit,NaNs,-,+]" },
  { BYTES ("[\"NaN\",\"-Infinity\"]"), "[\"NaN\",\"-Infinity\"]" },

  /* escapes that end a string too early, or are no character */
  { BYTES ("\"a\\u0000b\""), "\"a b\"" },
  { BYTES ("\"a\0b\""), "\"a b\"" },
  { BYTES ("\"\\u00e4\\n\\\"\\\\\\/\""), "\"\\u00e4\\n\\\"\\\\\\/\"" },
  { BYTES ("\"\\\\u0000\""), "\"\\\\u0000\"" },
  { BYTES ("\"\\ud83d\\ude00\""), "\"\\ud83d\\ude00\"" },
  { BYTES ("\"\\uD83D\\uDE00x\""), "\"\\uD83D\\uDE00x\"" },
  { BYTES ("\"\\ud83dx\""), "\"" REPLACEMENT "x\"" },
  { BYTES ("\"\\ude00\""), "\"" REPLACEMENT "\"" },
  { BYTES ("\"\\ude00\\ud83d\""), "\"" REPLACEMENT REPLACEMENT "\"" },
  { BYTES ("\"\\ud83d\\ud83d\\ude00\""), "\"" REPLACEMENT "\\ud83d\\ude00\"" },
  { BYTES ("\"\\ud83d\\u0041\""), "\"" REPLACEMENT "\\u0041\"" },
  { BYTES ("\"\\ud83d\\u0000\""), "\"" REPLACEMENT " \"" },

  /* bytes that are not UTF-8 */
  { BYTES ("\"caf\xE9\""), "\"caf" REPLACEMENT "\"" },
  { BYTES ("\"\xF0\x9F\x98\""), "\"" REPLACEMENT REPLACEMENT REPLACEMENT "\"" },
  { BYTES ("\"caf\xC3\xA9\""), "\"caf\xC3\xA9\"" },

  /* an answer that was cut off is copied to its end, for the parser to refuse */
  { BYTES ("\"abc"), "\"abc" },
  { BYTES ("\"abc\\"), "\"abc\\" },
  { BYTES ("\"abc\\u"), "\"abc\\u" },
  { BYTES ("\"abc\\u00"), "\"abc\\u00" },
  { BYTES ("\"abc\\ud83d\\ude"), "\"abc" REPLACEMENT "\\ude" },
  { BYTES ("{\"a\":"), "{\"a\":" },
};

static void
test_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      /* of the exact size, for a sanitizer to see what is read behind it */
      g_autofree char *data = g_memdup2 (texts[i].data, texts[i].size);
      g_autoptr (GString) text = whis_json_text_new (data, texts[i].size);

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_nonnull (text);
      g_assert_cmpstr (text->str, ==, texts[i].text);
      g_assert_cmpuint (text->len, ==, strlen (texts[i].text));
    }
}

static GString *
nest (guint depth, char open, char close)
{
  g_autoptr (GString) json = g_string_new (NULL);

  for (guint i = 0; i < depth; i++)
    g_string_append_c (json, open);
  for (guint i = 0; i < depth; i++)
    g_string_append_c (json, close);

  return whis_json_text_new (json->str, json->len);
}

/* A server that sends brackets alone does not overflow the stack. */
static void
test_depth (void)
{
  g_autoptr (GString) deepest = nest (32, '[', ']');
  g_autofree char *many = g_strnfill (100, '[');
  g_autofree char *quoted = g_strdup_printf ("[\"%s\"]", many);
  g_autofree char *beside =
      g_strdup ("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
  g_autoptr (GString) in_string = whis_json_text_new (quoted, strlen (quoted));
  g_autoptr (GString) side_by_side = whis_json_text_new (beside, strlen (beside));

  g_assert_nonnull (deepest);
  g_assert_null (nest (33, '[', ']'));
  g_assert_null (nest (33, '{', '}'));
  g_assert_null (nest (100000, '[', ' '));
  g_assert_null (nest (33, '[', '}'));
  g_assert_nonnull (in_string);
  g_assert_nonnull (side_by_side);
}

/* Brackets that close nothing do not make room for more that open. */
static void
test_closed_too_often (void)
{
  g_autofree char *closing = g_strnfill (50, ']');
  g_autofree char *opening = g_strnfill (33, '[');
  g_autofree char *json = g_strconcat (closing, opening, NULL);

  g_assert_null (whis_json_text_new (json, strlen (json)));
}

/* A quotation mark in a comment would hide brackets. */
static void
test_comments (void)
{
  static const char *const comments[] = { "/* \" */ {}", "// \"\n{}", "# \"\n{}", "{/}", "#" };
  static const char *const strings[] = { "\"/* x */\"", "\"http://a/#b\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (comments); i++)
    g_assert_null (whis_json_text_new (comments[i], strlen (comments[i])));
  for (gsize i = 0; i < G_N_ELEMENTS (strings); i++)
    {
      g_autoptr (GString) text = whis_json_text_new (strings[i], strlen (strings[i]));

      g_assert_nonnull (text);
      g_assert_cmpstr (text->str, ==, strings[i]);
    }
}

/* No word behind a NUL or a broken byte is lost. */
static void
test_utf8 (void)
{
  static const struct
  {
    const char *data;
    gsize size;
    const char *text;
  } cases[] = {
    { BYTES ("plain"), "plain" },
    { BYTES ("über 😀"), "über 😀" },
    { BYTES (""), "" },
    { BYTES ("\0"), " " },
    { BYTES ("a\0b\0\0c\0"), "a b  c " },
    { BYTES ("a\xFF\0b"), "a" REPLACEMENT " b" },
    { BYTES ("\xC3"), REPLACEMENT },
    { BYTES ("\xED\xA0\x80"), REPLACEMENT REPLACEMENT REPLACEMENT },
    { BYTES ("\xC0\x80"), REPLACEMENT REPLACEMENT },
  };
  g_autofree char *none = whis_utf8_make_valid (NULL, 0);

  g_assert_cmpstr (none, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *data = g_memdup2 (cases[i].data, cases[i].size);
      g_autofree char *text = whis_utf8_make_valid (data, cases[i].size);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-text/texts", test_texts);
  g_test_add_func ("/json-text/depth", test_depth);
  g_test_add_func ("/json-text/closed-too-often", test_closed_too_often);
  g_test_add_func ("/json-text/comments", test_comments);
  g_test_add_func ("/json-text/utf8", test_utf8);

  return g_test_run ();
}
