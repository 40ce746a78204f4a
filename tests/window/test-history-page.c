/* SPDX-License-Identifier: MIT */
/* The list of dictations: its filters, when it is loaded, and what is deleted in it. */
#include "home-fixture.h"

#include "failure-card.h"

static const char *
get_page (Home *home)
{
  return gtk_stack_get_visible_child_name (mock_child (home->history, "stack"));
}

static gboolean
is_pressed (Home *home, const char *button)
{
  return gtk_toggle_button_get_active (mock_child (home->history, button));
}

static void
set_pressed (Home *home, const char *button, gboolean pressed)
{
  gtk_toggle_button_set_active (mock_child (home->history, button), pressed);
}

static void
type_words (Home *home, const char *words)
{
  gtk_editable_set_text (GTK_EDITABLE (mock_child (home->history, "search")), words);
}

static const char *
get_words (Home *home)
{
  return gtk_editable_get_text (GTK_EDITABLE (mock_child (home->history, "search")));
}

/* Whoever only dictates pays nothing for the history. */
static void
test_loaded_when_seen (Home *home, gconstpointer data)
{
  g_assert_cmpuint (mock_count_method ("ListHistory"), ==, 0);
  home_show_history (home);
  AWAIT (home_count_rows (home) == 12);
  g_assert_cmpuint (mock_count_method ("ListHistory"), ==, 1);
}

/* Changes that nobody sees are loaded once, when somebody looks. */
static void
test_changes_while_hidden (Home *home, gconstpointer data)
{
  home_show_history (home);
  AWAIT (home_count_rows (home) == 12);
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.view", "s", "dictate");
  AWAIT (!gtk_widget_get_mapped (home->history));

  mock_forget_calls ();
  for (guint i = 0; i < 5; i++)
    mock_fill (1);
  mock_set ("Elapsed", g_variant_new_uint64 (3000));
  AWAIT (g_str_equal (label_of (home->recorder, "elapsed"), "0:03"));
  g_assert_cmpuint (mock_count_method ("ListHistory"), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.view", "s", "history");
  AWAIT (home_count_rows (home) == 17);
  /* Five changes, and not five requests. */
  g_assert_cmpuint (mock_count_method ("ListHistory"), <=, 2);
}

static void
test_filters_add_up (Home *home, gconstpointer data)
{
  home_show_history (home);
  AWAIT (home_count_rows (home) == 250);
  set_pressed (home, "unfinished", TRUE);
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'states': ['waiting', "
                          "'interrupted', 'failed', 'cancelled']}"));
  AWAIT (home_count_rows (home) == 27);
  set_pressed (home, "marked", TRUE);
  AWAIT (home_count_rows (home) == 3);
  type_words (home, "oats");
  AWAIT (
      mock_was_called ("ListHistory {'limit': 100, 'marked': True, 'offset': 0, 'search': 'oats', "
                       "'states': ['waiting', 'interrupted', 'failed', 'cancelled']}"));
  type_words (home, "unheard of");
  AWAIT (g_str_equal (get_page (home), "empty"));

  /* One click leads back to everything. */
  click (mock_child (home->history, "show_all"));
  AWAIT (home_count_rows (home) == 250);
  g_assert_cmpstr (get_words (home), ==, "");
  g_assert_false (is_pressed (home, "marked"));
  g_assert_false (is_pressed (home, "unfinished"));
}

/* What was searched for before does not hide what the banner tells of. */
static void
test_banner_clears_search (Home *home, gconstpointer data)
{
  home_show_history (home);
  type_words (home, "unheard of");
  set_pressed (home, "marked", TRUE);
  AWAIT (g_str_equal (get_page (home), "empty"));
  home_act (home, "win.show-unfinished");
  AWAIT (home_count_rows (home) == 3);
  g_assert_cmpstr (get_words (home), ==, "");
  g_assert_false (is_pressed (home, "marked"));
  g_assert_true (is_pressed (home, "unfinished"));
}

/* The reason is gone: the next look shows the list again. */
static void
test_error_goes (Home *home, gconstpointer data)
{
  AdwStatusPage *empty = mock_child (home->history, "empty");

  mock_fail_next ("ListHistory", "Storage", "The history is locked.");
  home_show_history (home);
  AWAIT (g_str_equal (get_page (home), "empty"));
  g_assert_cmpstr (adw_status_page_get_title (empty), ==, "The History Cannot Be Read");
  g_assert_cmpstr (adw_status_page_get_icon_name (empty), ==, "dialog-error-symbolic");
  mock_alter ("h0", "marked", g_variant_new_boolean (FALSE));
  AWAIT (g_str_equal (get_page (home), "list"));
  g_assert_cmpuint (home_count_rows (home), ==, 12);
}

static void
ask_to_delete (Home *home, guint position)
{
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (home->list)),
                                     position);
  gtk_widget_activate_action (home->history, "history.delete", NULL);
  AWAIT (mock_find_dialog () != NULL);
}

static void
test_deleting_is_refused (Home *home, gconstpointer data)
{
  home_show_history (home);
  ask_to_delete (home, 3);
  mock_fail_next ("DeleteHistoryEntries", "Storage", "The disk is read-only.");
  mock_answer ("_Delete");
  AWAIT (failure_says (mock_child (home->history, "failure"), "The disk is read-only."));
  g_assert_cmpuint (home_count_rows (home), ==, 12);
}

/* What was asked about is deleted, whatever has moved in the list meanwhile. */
static void
test_list_moves_under_question (Home *home, gconstpointer data)
{
  const char *const other[] = { "h1", NULL };

  home_show_history (home);
  ask_to_delete (home, 3);
  whis_bus_whis1_call_delete_history_entries (whis_service_proxy_get_interface (home->service),
                                              other, NULL, NULL, NULL);
  AWAIT (home_count_rows (home) == 11);
  mock_answer ("_Delete");
  AWAIT (mock_was_called ("DeleteHistoryEntries ['h3']"));
}

/* Nothing is selected by itself, so that the Delete key hits nothing. */
static void
test_nothing_selected (Home *home, gconstpointer data)
{
  home_show_history (home);
  g_assert_cmpuint (gtk_single_selection_get_selected (
                        GTK_SINGLE_SELECTION (gtk_list_view_get_model (home->list))),
                    ==, GTK_INVALID_LIST_POSITION);
  gtk_widget_activate_action (home->history, "history.delete", NULL);
  home_await_frames (home, 3);
  g_assert_null (mock_find_dialog ());
}

/* Far away and back: the first rows are there again, though not all of them are kept. */
static void
test_far_and_back (Home *home, gconstpointer data)
{
  home_show_history (home);
  AWAIT (home_row_is (home, 0, "h0"));
  for (guint i = 1; i <= 12; i++)
    {
      g_autofree char *id = g_strdup_printf ("h%u", i * 150);

      gtk_widget_activate_action (GTK_WIDGET (home->list), "list.scroll-to-item", "u", i * 150);
      AWAIT (home_row_is (home, i * 150, id));
    }
  mock_forget_calls ();
  gtk_widget_activate_action (GTK_WIDGET (home->list), "list.scroll-to-item", "u", 0u);
  AWAIT (home_row_is (home, 0, "h0"));
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0}"));
  g_assert_cmpuint (home_count_rows (home), ==, 2000);
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/history-page/" path, Home, GUINT_TO_POINTER (entries), home_set_up,         \
              function, home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("loaded-when-seen", 12, test_loaded_when_seen);
  ADD ("changes-while-hidden", 12, test_changes_while_hidden);
  ADD ("filters-add-up", 250, test_filters_add_up);
  ADD ("banner-clears-search", 12, test_banner_clears_search);
  ADD ("error-goes", 12, test_error_goes);
  ADD ("deleting-is-refused", 12, test_deleting_is_refused);
  ADD ("list-moves-under-question", 12, test_list_moves_under_question);
  ADD ("nothing-selected", 12, test_nothing_selected);
  ADD ("far-and-back", 2000, test_far_and_back);

  return g_test_run ();
}
