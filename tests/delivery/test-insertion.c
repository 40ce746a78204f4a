/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "insertion.h"
#include "text-pieces.h"

static void
test_terminal_text (void)
{
  static const struct
  {
    const char *text;
    const char *typed;
    const char *pasted;
  } cases[] = {
    { "words", "words", "words" },
    { "words ", "words ", "words " },
    { "words\n", "words", "words" },
    { "words\r\n\r\n", "words", "words" },
    { "words \n \n", "words ", "words " },
    { "two\nlines", "two lines", "two\nlines" },
    { "two\r\nlines\n", "two  lines", "two\r\nlines" },
    { "\nwords", " words", "\nwords" },
    { "\n", "", "" },
    { "\n\r\n", "", "" },
    { " \n", " ", " " },
    { "Wörter…\n", "Wörter…", "Wörter…" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisInsertion) insertion = whis_insertion_new (cases[i].text);
      g_autofree char *typed = whis_insertion_get_terminal_text (insertion, FALSE);
      g_autofree char *pasted = whis_insertion_get_terminal_text (insertion, TRUE);

      g_assert_cmpstr (typed, ==, cases[i].typed);
      g_assert_cmpstr (pasted, ==, cases[i].pasted);
      g_assert_cmpstr (insertion->text, ==, cases[i].text);
    }
}

/* Texts of characters of one to four bytes, around the size of a piece. */
static void
test_pieces (void)
{
  static const char *const characters[] = { "a", "ö", "…", "𝄞" };

  for (gsize i = 0; i < G_N_ELEMENTS (characters); i++)
    for (gsize length = WHIS_TEXT_PIECES_BYTES - 5; length < WHIS_TEXT_PIECES_BYTES + 5; length++)
      {
        g_autoptr (GString) text = g_string_new (NULL);
        g_auto (GStrv) pieces = NULL;
        g_autofree char *joined = NULL;

        while (text->len < 2 * length)
          g_string_append (text, characters[i]);
        pieces = whis_text_pieces_new (text->str);
        joined = g_strjoinv ("", pieces);
        g_assert_cmpstr (joined, ==, text->str);
        g_assert_cmpuint (g_strv_length (pieces), <=, 3);
        for (guint piece = 0; pieces[piece] != NULL; piece++)
          {
            g_assert_cmpuint (strlen (pieces[piece]), <=, WHIS_TEXT_PIECES_BYTES);
            g_assert_cmpuint (strlen (pieces[piece]), >, 0);
            g_assert_true (g_utf8_validate (pieces[piece], -1, NULL));
          }
      }
}

static void
test_no_pieces (void)
{
  g_auto (GStrv) none = whis_text_pieces_new ("");
  g_auto (GStrv) one = whis_text_pieces_new ("words");

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (one), ==, 1);
}

static void
test_terminals (void)
{
  static const struct
  {
    const char *application;
    WhisFocusKind kind;
  } cases[] = {
    { NULL, WHIS_FOCUS_UNKNOWN },
    { "", WHIS_FOCUS_UNKNOWN },
    { "XTerm", WHIS_FOCUS_TERMINAL },
    { "foot", WHIS_FOCUS_TERMINAL },
    { "org.gnome.Ptyxis", WHIS_FOCUS_TERMINAL },
    { "xfce4-terminal", WHIS_FOCUS_TERMINAL },
    { "com.example.Terminal", WHIS_FOCUS_TERMINAL },
    { "football", WHIS_FOCUS_UNKNOWN },
    { "terminal-notes", WHIS_FOCUS_UNKNOWN },
    { "firefox", WHIS_FOCUS_UNKNOWN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (whis_focus_kind_for_application (cases[i].application), ==, cases[i].kind);
}

/* Two are different only if that is known. */
static void
test_same (void)
{
  static const struct
  {
    const char *applications[2];
    const char *identities[2];
    gboolean same;
  } cases[] = {
    { { NULL, NULL }, { NULL, NULL }, TRUE },        { { "a", "a" }, { NULL, NULL }, TRUE },
    { { "a", "b" }, { NULL, NULL }, FALSE },         { { "a", NULL }, { NULL, NULL }, TRUE },
    { { "a", "a" }, { "x11:1", "x11:1" }, TRUE },    { { "a", "a" }, { "x11:1", "x11:2" }, FALSE },
    { { "a", "b" }, { "x11:1", "x11:1" }, TRUE },    { { "a", "a" }, { "x11:1", "shell:2" }, TRUE },
    { { "a", "b" }, { "x11:1", "shell:1" }, FALSE }, { { "a", "a" }, { "x1:1", "x11:1" }, TRUE },
    { { "a", "a" }, { "x11:1", NULL }, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisFocus) one =
          whis_focus_new (WHIS_FOCUS_TEXT, cases[i].applications[0], cases[i].identities[0]);
      g_autoptr (WhisFocus) other =
          whis_focus_new (WHIS_FOCUS_TEXT, cases[i].applications[1], cases[i].identities[1]);

      g_assert_true (whis_focus_is_same (one, other) == cases[i].same);
      g_assert_true (whis_focus_is_same (other, one) == cases[i].same);
      g_assert_true (whis_focus_is_same (one, NULL));
      g_assert_true (whis_focus_is_same (NULL, other));
    }
}

static void
test_merge_kinds (void)
{
  static const struct
  {
    WhisFocusKind one;
    WhisFocusKind other;
    WhisFocusKind merged;
  } cases[] = {
    { WHIS_FOCUS_UNKNOWN, WHIS_FOCUS_UNKNOWN, WHIS_FOCUS_UNKNOWN },
    { WHIS_FOCUS_UNKNOWN, WHIS_FOCUS_TEXT, WHIS_FOCUS_TEXT },
    { WHIS_FOCUS_TERMINAL, WHIS_FOCUS_TEXT, WHIS_FOCUS_TERMINAL },
    { WHIS_FOCUS_TEXT, WHIS_FOCUS_TERMINAL, WHIS_FOCUS_TEXT },
    { WHIS_FOCUS_TEXT, WHIS_FOCUS_PASSWORD, WHIS_FOCUS_PASSWORD },
    { WHIS_FOCUS_PASSWORD, WHIS_FOCUS_TEXT, WHIS_FOCUS_PASSWORD },
    { WHIS_FOCUS_NONE, WHIS_FOCUS_PASSWORD, WHIS_FOCUS_PASSWORD },
    { WHIS_FOCUS_NONE, WHIS_FOCUS_TEXT, WHIS_FOCUS_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisFocus) one = whis_focus_new (cases[i].one, NULL, NULL);
      g_autoptr (WhisFocus) other = whis_focus_new (cases[i].other, NULL, NULL);
      g_autoptr (WhisFocus) merged = whis_focus_merge (one, other);

      g_assert_cmpint (merged->kind, ==, cases[i].merged);
    }
}

/* What the first one says counts, and the other fills what it leaves open. */
static void
test_merge (void)
{
  g_autoptr (WhisFocus) window = whis_focus_new (WHIS_FOCUS_UNKNOWN, "editor", "sway:4");
  g_autoptr (WhisFocus) field = whis_focus_new (WHIS_FOCUS_TEXT, "Editor", "at-spi:1");
  g_autoptr (WhisFocus) merged = NULL;
  g_autoptr (WhisFocus) alone = whis_focus_merge (NULL, field);
  g_autoptr (WhisFocus) first = whis_focus_merge (window, NULL);

  whis_focus_set_text_before (field, "before");
  merged = whis_focus_merge (window, field);
  g_assert_cmpint (merged->kind, ==, WHIS_FOCUS_TEXT);
  g_assert_cmpstr (merged->application, ==, "editor");
  g_assert_cmpstr (merged->identity, ==, "sway:4");
  g_assert_cmpstr (merged->text_before, ==, "before");
  g_assert_true (alone == field);
  g_assert_true (first == window);
  g_assert_null (whis_focus_merge (NULL, NULL));
}

/* What the focus is now counts; where that is not told, what it was when the user stopped speaking,
 * unless that is another window. */
static void
test_password (void)
{
  static const struct
  {
    WhisFocusKind before;
    const char *window_before;
    WhisFocusKind now;
    const char *window_now;
    gboolean password;
  } cases[] = {
    { WHIS_FOCUS_TEXT, "x11:1", WHIS_FOCUS_PASSWORD, "x11:1", TRUE },
    { WHIS_FOCUS_PASSWORD, "x11:1", WHIS_FOCUS_TEXT, "x11:1", FALSE },
    { WHIS_FOCUS_PASSWORD, "x11:1", WHIS_FOCUS_UNKNOWN, "x11:1", TRUE },
    { WHIS_FOCUS_PASSWORD, "x11:1", WHIS_FOCUS_UNKNOWN, NULL, TRUE },
    { WHIS_FOCUS_PASSWORD, "x11:1", WHIS_FOCUS_UNKNOWN, "x11:2", FALSE },
    { WHIS_FOCUS_TEXT, "x11:1", WHIS_FOCUS_UNKNOWN, "x11:1", FALSE },
    { WHIS_FOCUS_UNKNOWN, NULL, WHIS_FOCUS_UNKNOWN, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisInsertion) insertion = whis_insertion_new ("words");

      g_assert_false (whis_insertion_is_for_password (insertion));
      insertion->expected = whis_focus_new (cases[i].before, NULL, cases[i].window_before);
      if (cases[i].before == WHIS_FOCUS_PASSWORD)
        g_assert_true (whis_insertion_is_for_password (insertion));
      insertion->focus = whis_focus_new (cases[i].now, NULL, cases[i].window_now);
      g_assert_true (whis_insertion_is_for_password (insertion) == cases[i].password);
    }
}

/* Of newlines nothing is left for a terminal; a space is a text. */
static void
test_empty_for_focus (void)
{
  static const struct
  {
    const char *text;
    WhisFocusKind kind;
    gboolean empty;
  } cases[] = {
    { "\n\r\n", WHIS_FOCUS_TERMINAL, TRUE },   { "\n", WHIS_FOCUS_TEXT, FALSE },
    { "\n", WHIS_FOCUS_UNKNOWN, FALSE },       { " \n", WHIS_FOCUS_TERMINAL, FALSE },
    { "words\n", WHIS_FOCUS_TERMINAL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisInsertion) insertion = whis_insertion_new (cases[i].text);

      g_assert_false (whis_insertion_is_empty_for_focus (insertion));
      insertion->focus = whis_focus_new (cases[i].kind, NULL, NULL);
      g_assert_true (whis_insertion_is_empty_for_focus (insertion) == cases[i].empty);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/insertion/terminal-text", test_terminal_text);
  g_test_add_func ("/insertion/password", test_password);
  g_test_add_func ("/insertion/empty-for-focus", test_empty_for_focus);
  g_test_add_func ("/insertion/pieces", test_pieces);
  g_test_add_func ("/insertion/no-pieces", test_no_pieces);
  g_test_add_func ("/focus/terminals", test_terminals);
  g_test_add_func ("/focus/same", test_same);
  g_test_add_func ("/focus/merge/kinds", test_merge_kinds);
  g_test_add_func ("/focus/merge/rest", test_merge);

  return g_test_run ();
}
