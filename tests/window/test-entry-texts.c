/* SPDX-License-Identifier: MIT */
/* One dictation of the history: whose text is shown, and that any text and any name can be. */
#include "home-fixture.h"

#include "failure-card.h"

static char *
dup_text (Home *home)
{
  char *text;

  g_object_get (mock_child (mock_child (home->entry, "versions"), "buffer"), "text", &text, NULL);
  return text;
}

static gboolean
text_is (Home *home, const char *expected)
{
  g_autofree char *text = dup_text (home);

  return g_str_equal (text, expected);
}

static gboolean
text_ends_with (Home *home, const char *suffix)
{
  g_autofree char *text = dup_text (home);

  return g_str_has_suffix (text, suffix);
}

static const char *
get_title (Home *home)
{
  return adw_window_title_get_title (mock_child (home->entry, "title"));
}

/* An entry with that text, and no other version of it. */
static void
set_text (const char *id, const char *text)
{
  mock_alter (id, "text", g_variant_new_string (text));
  mock_alter (id, "versions",
              g_variant_new_parsed ("[{'number': <uint32 0>, 'created': <int64 0>,"
                                    " 'provider': <'openai'>, 'model': <''>, 'text': <%s>}]",
                                    text));
}

/* While the next one is on its way the last one's text is not taken for it. */
static void
test_on_its_way (Home *home, gconstpointer data)
{
  home_open_entry (home, "h4");
  g_assert_true (is_shown (home->entry, "unfinished"));
  home_act (home, "win.back");
  AWAIT (!home_shows_entry (home));

  mock_hold ("GetHistoryEntry");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h1");
  AWAIT (mock_was_called ("GetHistoryEntry h1"));
  g_assert_true (home_shows_entry (home));
  g_assert_true (text_is (home, ""));
  g_assert_cmpstr (label_of (home->entry, "details"), ==, "");
  g_assert_cmpstr (get_title (home), ==, "");
  g_assert_false (is_shown (home->entry, "unfinished"));
  mock_release ();
  AWAIT (text_ends_with (home, "Note 1."));
  g_assert_cmpstr (get_title (home), !=, "");
}

/* Below the reason why it cannot be read stands nobody else's text. */
static void
test_unreadable_after_another (Home *home, gconstpointer data)
{
  home_open_entry (home, "h1");
  AWAIT (text_ends_with (home, "Note 1."));
  g_assert_cmpstr (gtk_button_get_icon_name (mock_child (home->entry, "mark")), ==,
                   "starred-symbolic");
  mock_fail_next ("GetHistoryEntry", "Storage", "The history cannot be read.");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h0");
  AWAIT (failure_says (mock_child (home->entry, "failure"), "The history cannot be read."));
  g_assert_true (text_is (home, ""));
  g_assert_cmpstr (label_of (home->entry, "details"), ==, "");
  g_assert_cmpstr (gtk_button_get_icon_name (mock_child (home->entry, "mark")), ==,
                   "non-starred-symbolic");
  g_assert_false (gtk_widget_get_sensitive (mock_child (home->entry, "copy")));
}

/* A change of the history is another chance, and the reason is not true any longer. */
static void
test_readable_again (Home *home, gconstpointer data)
{
  mock_fail_next ("GetHistoryEntry", "Storage", "The history cannot be read.");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h0");
  AWAIT (whis_failure_card_is_shown (mock_child (home->entry, "failure")));
  mock_emit ("HistoryChanged", g_variant_new ("(s)", ""));
  AWAIT (text_ends_with (home, "Note 0."));
  g_assert_true (gtk_widget_get_sensitive (mock_child (home->entry, "copy")));
}

/* An hour of speech: all of it is there, to its last word. */
static void
test_long_text (Home *home, gconstpointer data)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < 9000; i++)
    g_string_append_printf (text, "word%u ", i);
  g_string_append (text, "end");
  set_text ("h0", text->str);
  home_open_entry (home, "h0");
  g_assert_true (text_is (home, text->str));
  home_await_frames (home, 2);
  g_assert_true (gtk_widget_get_sensitive (mock_child (home->entry, "copy")));
  g_string_free (text, TRUE);
}

/* Lines, blanks and characters that mean something elsewhere are kept as they are. */
static void
test_odd_text (Home *home, gconstpointer data)
{
  const char *const texts[] = {
    "First line\n\n  second line\t& <b>third</b>\r\n",
    "100 % of _this_ is \\n literal",
    "emoji \U0001f469\u200d\U0001f4bb and e\u0301",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      set_text ("h0", texts[i]);
      home_open_entry (home, "h0");
      AWAIT (text_is (home, texts[i]));
    }
}

static int
get_left_of_start (Home *home)
{
  GtkTextView *view = mock_child (mock_child (home->entry, "versions"), "view");
  GtkTextIter start;
  GdkRectangle place;

  gtk_text_buffer_get_start_iter (gtk_text_view_get_buffer (view), &start);
  gtk_text_view_get_iter_location (view, &start, &place);

  return place.x;
}

/* Hebrew and Arabic begin at the right, in a window of English. */
static void
test_right_to_left (Home *home, gconstpointer data)
{
  int width;

  set_text ("h0", "שלום לכולם, הפגישה עברה ליום חמישי.");
  home_open_entry (home, "h0");
  AWAIT (text_ends_with (home, "חמישי."));
  home_await_frames (home, 3);
  width = gtk_widget_get_width (mock_child (mock_child (home->entry, "versions"), "view"));
  g_assert_cmpint (width, >, 100);
  g_assert_cmpint (get_left_of_start (home), >, width / 2);

  set_text ("h0", "Left to right.");
  home_open_entry (home, "h0");
  AWAIT (text_is (home, "Left to right."));
  home_await_frames (home, 3);
  g_assert_cmpint (get_left_of_start (home), <, width / 2);
}

/* The clock of the computer was wrong, or is: there is a time nevertheless. */
static void
test_odd_times (Home *home, gconstpointer data)
{
  mock_alter ("h0", "created", g_variant_new_int64 (0));
  home_open_entry (home, "h0");
  g_assert_nonnull (strstr (get_title (home), "1970"));
  mock_alter ("h0", "created", g_variant_new_int64 (G_GINT64_CONSTANT (32503680000000)));
  home_open_entry (home, "h0");
  g_assert_nonnull (strstr (get_title (home), "3000"));
}

/* A text that is selected is not touched by what else becomes of the dictation. */
static void
test_selection_stays (Home *home, gconstpointer data)
{
  GtkTextBuffer *buffer = mock_child (mock_child (home->entry, "versions"), "buffer");
  GtkTextIter start, end;

  home_open_entry (home, "h0");
  gtk_text_buffer_get_start_iter (buffer, &start);
  end = start;
  gtk_text_iter_forward_chars (&end, 11);
  gtk_text_buffer_select_range (buffer, &start, &end);
  mock_alter ("h0", "marked", g_variant_new_boolean (TRUE));
  AWAIT (g_str_equal (gtk_button_get_icon_name (mock_child (home->entry, "mark")),
                      "starred-symbolic"));
  g_assert_true (gtk_text_buffer_get_selection_bounds (buffer, &start, &end));
  g_assert_cmpint (gtk_text_iter_get_offset (&end), ==, 11);
}

/* It cannot be written in: what is shown is what was said. */
static void
test_not_editable (Home *home, gconstpointer data)
{
  GtkTextView *view = mock_child (mock_child (home->entry, "versions"), "view");

  home_open_entry (home, "h0");
  g_signal_emit_by_name (view, "insert-at-cursor", "typed");
  g_signal_emit_by_name (view, "delete-from-cursor", GTK_DELETE_PARAGRAPHS, 1);
  g_assert_true (text_ends_with (home, "Note 0."));

  /* Tab leaves it. */
  g_assert_false (gtk_text_view_get_accepts_tab (view));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/entry-texts/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,    \
              home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("on-its-way", test_on_its_way);
  ADD ("unreadable-after-another", test_unreadable_after_another);
  ADD ("readable-again", test_readable_again);
  ADD ("long-text", test_long_text);
  ADD ("odd-text", test_odd_text);
  ADD ("right-to-left", test_right_to_left);
  ADD ("odd-times", test_odd_times);
  ADD ("selection-stays", test_selection_stays);
  ADD ("not-editable", test_not_editable);

  return g_test_run ();
}
