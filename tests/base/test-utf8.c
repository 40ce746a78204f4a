/* SPDX-License-Identifier: MIT */
#include "utf8.h"

#include <glib.h>

#include "document-format.h"
#include "timed-text.h"

/* Words as they arrive from a service, and small values that every folder has. */

#define REPLACED "\xEF\xBF\xBD"

static void
test_make_valid (void)
{
  static const struct
  {
    const char *data;
    gsize size;
    const char *expected;
  } cases[] = {
    { NULL, 0, "" },
    { "", 0, "" },
    { "plain", 5, "plain" },
    { "gr\xC3\xBC\xC3\x9F", 6, "gr\xC3\xBC\xC3\x9F" },
    /* nothing behind a NUL is lost */
    { "one\0two", 7, "one two" },
    { "\0\0", 2, "  " },
    { "end\0", 4, "end " },
    /* broken off in the midst of a character */
    { "gr\xC3", 3, "gr" REPLACED },
    { "a\xFFz", 3, "a" REPLACED "z" },
    /* half of it only */
    { "abcdef", 3, "abc" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = whis_utf8_make_valid (cases[i].data, cases[i].size);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_document_format (void)
{
  static const char *const wrong[] = { "", "SRT", "txt", "text " };
  WhisDocumentFormat format;

  for (int i = WHIS_DOCUMENT_TEXT; i <= WHIS_DOCUMENT_VTT; i++)
    {
      g_assert_true (whis_document_format_from_nick (
          whis_document_format_get_nick ((WhisDocumentFormat) i), &format));
      g_assert_cmpint (format, ==, i);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (whis_document_format_from_nick (wrong[i], &format));
}

/* Some services give a word an end before its start. */
static void
test_timed_text (void)
{
  g_autoptr (GPtrArray) texts = whis_timed_texts_new ();
  g_autoptr (GPtrArray) copy = NULL;
  const WhisTimedText *first;

  g_ptr_array_add (texts, whis_timed_text_new (200, 100, "word"));
  copy = whis_timed_texts_copy (texts);
  g_ptr_array_set_size (texts, 0);
  first = g_ptr_array_index (copy, 0);
  g_assert_cmpuint (first->start_ms, ==, 200);
  g_assert_cmpuint (first->end_ms, ==, 200);
  g_assert_cmpstr (first->text, ==, "word");
  g_assert_null (whis_timed_texts_copy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/utf8/make-valid", test_make_valid);
  g_test_add_func ("/document-format/nicks", test_document_format);
  g_test_add_func ("/timed-text/copies", test_timed_text);

  return g_test_run ();
}
