/* SPDX-License-Identifier: MIT */
/* The versions of a text: which one is shown, which one is meant, and how two of them differ. */
#include "mock.h"

#include "history-item.h"
#include "version-view.h"

#define OLD "One two three."
#define NEW "One 2 three four."

typedef struct
{
  GtkWidget *window;
  WhisVersionView *view;
  GtkDropDown *version;
  GtkDropDown *other;
  GtkCheckButton *compare;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->window = gtk_window_new ();
  fixture->view = g_object_new (WHIS_TYPE_VERSION_VIEW, NULL);
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->view));
  fixture->version = mock_child (fixture->view, "version");
  fixture->other = mock_child (fixture->view, "other");
  fixture->compare = mock_child (fixture->view, "compare");
  gtk_window_present (GTK_WINDOW (fixture->window));
  g_object_add_weak_pointer (G_OBJECT (fixture->view), (gpointer *) &fixture->view);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  AWAIT (fixture->view == NULL);
}

static void
show (Fixture *fixture, const char *description)
{
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (g_variant_new_parsed (description));

  whis_version_view_show (fixture->view, entry);
}

/* Two services heard the same, and the numbers are not those of the rows. */
static void
show_two (Fixture *fixture)
{
  show (fixture, "{'text': <'" NEW "'>, 'versions': <[{'number': <uint32 4>, 'created': <int64 0>,"
                 " 'provider': <'openai'>, 'model': <'whisper-1'>, 'text': <'" OLD "'>},"
                 " {'number': <uint32 7>, 'created': <int64 86400000>, 'provider': <'offline'>,"
                 " 'text': <'" NEW "'>}]>}");
}

static gboolean
shows (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;

  g_object_get (mock_child (fixture->view, "buffer"), "text", &text, NULL);
  g_test_message ("%s", text);
  return g_str_equal (text, expected);
}

static const char *
summary (Fixture *fixture)
{
  return gtk_label_get_text (mock_child (fixture->view, "summary"));
}

static const char *
name_of (GtkDropDown *choice, guint position)
{
  g_autoptr (GtkStringObject) item =
      g_list_model_get_item (gtk_drop_down_get_model (choice), position);

  return gtk_string_object_get_string (item);
}

/* The words between two places that have a tag, with bars between the pieces. */
static char *
dup_tagged (Fixture *fixture, const char *name)
{
  GtkTextBuffer *buffer = mock_child (fixture->view, "buffer");
  GtkTextTag *tag = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), name);
  g_autoptr (GString) words = g_string_new (NULL);
  GtkTextIter start, end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  while (gtk_text_iter_has_tag (&start, tag) || gtk_text_iter_forward_to_tag_toggle (&start, tag))
    {
      g_autofree char *piece = NULL;

      end = start;
      if (!gtk_text_iter_forward_to_tag_toggle (&end, tag))
        break;
      piece = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
      g_string_append_printf (words, "%s|", piece);
      start = end;
    }

  return g_strdup (words->str);
}

static gboolean
tagged (Fixture *fixture, const char *name, const char *expected)
{
  g_autofree char *words = dup_tagged (fixture, name);

  g_test_message ("%s: %s", name, words);
  return g_str_equal (words, expected);
}

/* Where there is only one there is nothing to choose. */
static void
test_one (Fixture *fixture, gconstpointer data)
{
  show (fixture, "{'text': <'Words.'>}");
  g_assert_true (shows (fixture, "Words."));
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->view, "choices")));
  g_assert_cmpuint (whis_version_view_get_number (fixture->view), ==, 0);

  show (fixture, "{'text': <'Words.'>, 'versions': <[{'number': <uint32 3>, 'text': <'Mine.'>}]>}");
  g_assert_true (shows (fixture, "Mine."));
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->view, "choices")));
  g_assert_cmpuint (whis_version_view_get_number (fixture->view), ==, 3);

  /* Whoever compared the versions of another one before does not compare this one with itself. */
  gtk_check_button_set_active (fixture->compare, TRUE);
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->view, "summary")));
  g_assert_true (shows (fixture, "Mine."));
}

static void
test_none (Fixture *fixture, gconstpointer data)
{
  g_autoptr (WhisHistoryItem) unknown = whis_history_item_new (NULL);

  show_two (fixture);
  whis_version_view_show (fixture->view, unknown);
  g_assert_true (shows (fixture, ""));
  g_assert_cmpstr (whis_version_view_get_text (fixture->view), ==, "");
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->view, "choices")));
}

/* The newest one is shown, and the one that is shown is the one to copy. */
static void
test_choice (Fixture *fixture, gconstpointer data)
{
  show_two (fixture);
  g_assert_true (shows (fixture, NEW));
  g_assert_cmpuint (whis_version_view_get_number (fixture->view), ==, 7);
  gtk_drop_down_set_selected (fixture->version, 0);
  g_assert_true (shows (fixture, OLD));
  g_assert_cmpuint (whis_version_view_get_number (fixture->view), ==, 4);
  g_assert_cmpstr (whis_version_view_get_text (fixture->view), ==, OLD);
}

/* Who made it and when tells one from another; a service may have no model. */
static void
test_names (Fixture *fixture, gconstpointer data)
{
  show_two (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (gtk_drop_down_get_model (fixture->version)), ==, 2);
  g_assert_true (g_str_has_prefix (name_of (fixture->version, 0), "OpenAI · whisper-1 · "));
  g_assert_nonnull (strstr (name_of (fixture->version, 0), "January 1970"));
  g_assert_true (g_str_has_prefix (name_of (fixture->version, 1), "Offline · "));
  g_assert_null (strstr (name_of (fixture->version, 1), "·  ·"));
  g_assert_cmpstr (name_of (fixture->other, 1), ==, name_of (fixture->version, 1));
}

static void
test_difference (Fixture *fixture, gconstpointer data)
{
  show_two (fixture);
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (fixture->other)));
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->view, "summary")));
  gtk_check_button_set_active (fixture->compare, TRUE);
  g_assert_true (gtk_widget_get_sensitive (GTK_WIDGET (fixture->other)));
  g_assert_cmpstr (summary (fixture), ==, "2 words removed, 3 words added");
  g_assert_true (tagged (fixture, "removed", "two three.|"));
  g_assert_true (tagged (fixture, "added", "2 three four.|"));
  /* It is the text that is shown that is copied, not both. */
  g_assert_cmpstr (whis_version_view_get_text (fixture->view), ==, NEW);

  /* The other way round. */
  gtk_drop_down_set_selected (fixture->version, 0);
  gtk_drop_down_set_selected (fixture->other, 1);
  g_assert_cmpstr (summary (fixture), ==, "3 words removed, 2 words added");

  gtk_check_button_set_active (fixture->compare, FALSE);
  g_assert_true (shows (fixture, OLD));
  g_assert_true (tagged (fixture, "removed", ""));
  g_assert_false (gtk_widget_get_sensitive (GTK_WIDGET (fixture->other)));
}

static void
test_singular (Fixture *fixture, gconstpointer data)
{
  show (fixture, "{'text': <'a'>, 'versions': <[{'number': <uint32 0>, 'text': <'one two'>},"
                 " {'number': <uint32 1>, 'text': <'one three'>}]>}");
  gtk_check_button_set_active (fixture->compare, TRUE);
  g_assert_cmpstr (summary (fixture), ==, "1 word removed, 1 word added");
}

/* A text beside none, and beside the same. */
static void
test_empty_version (Fixture *fixture, gconstpointer data)
{
  show (fixture, "{'text': <'a'>, 'versions': <[{'number': <uint32 0>, 'text': <''>},"
                 " {'number': <uint32 1>, 'text': <'some words'>},"
                 " {'number': <uint32 2>, 'text': <'some words'>}]>}");
  gtk_check_button_set_active (fixture->compare, TRUE);
  g_assert_cmpstr (summary (fixture), ==, "0 words removed, 2 words added");
  g_assert_true (shows (fixture, "some words"));
  gtk_drop_down_set_selected (fixture->other, 1);
  g_assert_cmpstr (summary (fixture), ==, "Both versions have the same words");
  g_assert_true (tagged (fixture, "added", ""));
}

/* Languages without blanks, and those that are written from the right. */
static void
test_scripts (Fixture *fixture, gconstpointer data)
{
  show (fixture, "{'text': <'a'>, 'versions': <[{'number': <uint32 0>, 'text': <'שלום עולם'>},"
                 " {'number': <uint32 1>, 'text': <'שלום לך'>}]>}");
  gtk_check_button_set_active (fixture->compare, TRUE);
  g_assert_true (tagged (fixture, "removed", "עולם|"));
  g_assert_true (tagged (fixture, "added", "לך|"));
  g_assert_cmpstr (summary (fixture), ==, "1 word removed, 1 word added");
}

/* A version that comes is shown; what is there already is not disturbed. */
static void
test_one_comes (Fixture *fixture, gconstpointer data)
{
  show_two (fixture);
  gtk_drop_down_set_selected (fixture->version, 0);
  show_two (fixture);
  g_assert_cmpuint (gtk_drop_down_get_selected (fixture->version), ==, 0);

  show (fixture, "{'text': <'x'>, 'versions': <[{'number': <uint32 4>, 'text': <'" OLD "'>},"
                 " {'number': <uint32 7>, 'text': <'" NEW "'>},"
                 " {'number': <uint32 9>, 'text': <'Third.'>}]>}");
  g_assert_true (shows (fixture, "Third."));
  g_assert_cmpuint (whis_version_view_get_number (fixture->view), ==, 9);
}

static gboolean
has_colour (GtkTextTag *tag, const GdkRGBA *expected)
{
  g_autoptr (GdkRGBA) colour = NULL;
  gboolean is_set;

  g_object_get (tag, "foreground-set", &is_set, "foreground-rgba", &colour, NULL);
  return is_set ? expected != NULL && gdk_rgba_equal (colour, expected) : expected == NULL;
}

/* Without colours strike and underline say it, and both themes have colours of their own. */
static void
test_theme (Fixture *fixture, gconstpointer data)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  GtkTextTagTable *tags = gtk_text_buffer_get_tag_table (mock_child (fixture->view, "buffer"));
  GtkTextTag *removed = gtk_text_tag_table_lookup (tags, "removed");
  g_autoptr (GdkRGBA) light = NULL;
  GdkRGBA named;

  show_two (fixture);
  /* A theme need not have a name for it. */
  if (!gtk_style_context_lookup_color (
          gtk_widget_get_style_context (mock_child (fixture->view, "view")), "error_color", &named))
    return;

  AWAIT (!has_colour (removed, NULL));
  g_object_get (removed, "foreground-rgba", &light, NULL);
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_FORCE_DARK);
  AWAIT (!has_colour (removed, light));
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
  AWAIT (has_colour (removed, light));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/version-view/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("one", test_one);
  ADD ("none", test_none);
  ADD ("choice", test_choice);
  ADD ("names", test_names);
  ADD ("difference", test_difference);
  ADD ("singular", test_singular);
  ADD ("empty-version", test_empty_version);
  ADD ("scripts", test_scripts);
  ADD ("one-comes", test_one_comes);
  ADD ("theme", test_theme);

  return g_test_run ();
}
