/* SPDX-License-Identifier: MIT */
/* A search of the history while the history, or the service, changes under it. */
#include "home-fixture.h"

#include "failure-card.h"

static const char *
get_page (Home *home)
{
  return gtk_stack_get_visible_child_name (mock_child (home->history, "stack"));
}

static const char *
get_title (Home *home)
{
  return adw_status_page_get_title (mock_child (home->history, "empty"));
}

static void
type_words (Home *home, const char *words)
{
  gtk_editable_set_text (GTK_EDITABLE (mock_child (home->history, "search")), words);
}

static void
set_pressed (Home *home, const char *button)
{
  gtk_toggle_button_set_active (mock_child (home->history, button), TRUE);
}

static GtkSingleSelection *
get_selection (Home *home)
{
  return GTK_SINGLE_SELECTION (gtk_list_view_get_model (home->list));
}

static void
show_found (Home *home, const char *words, guint count)
{
  home_show_history (home);
  type_words (home, words);
  AWAIT (home_count_rows (home) == count);
}

/* Only what has the words comes into the list. */
static void
test_new_dictations (Home *home, gconstpointer data)
{
  show_found (home, "oats note", 2);
  mock_add ("other", "Nothing of that.");
  mock_settle (home->service);
  AWAIT (home_row_is (home, 0, "h1"));
  g_assert_cmpuint (home_count_rows (home), ==, 2);
  mock_add ("more", "A note about oats.");
  AWAIT (home_count_rows (home) == 3);
  g_assert_true (home_row_is (home, 0, "more"));
}

/* The last of what was found goes: the way to everything is there. */
static void
test_last_goes (Home *home, gconstpointer data)
{
  home_show_history (home);
  set_pressed (home, "marked");
  AWAIT (home_count_rows (home) == 1);
  mock_alter ("h1", "marked", g_variant_new_boolean (FALSE));
  AWAIT (g_str_equal (get_page (home), "empty"));
  g_assert_cmpstr (get_title (home), ==, "Nothing Found");
  g_assert_true (is_shown (home->history, "show_all"));
  click (mock_child (home->history, "show_all"));
  AWAIT (home_count_rows (home) == 12);
  g_assert_cmpstr (get_page (home), ==, "list");
}

/* What was finished is not unfinished any more. */
static void
test_finished (Home *home, gconstpointer data)
{
  home_show_history (home);
  set_pressed (home, "unfinished");
  AWAIT (home_count_rows (home) == 3);
  mock_alter ("h4", "state", g_variant_new_string ("done"));
  AWAIT (home_count_rows (home) == 2);
  g_assert_true (home_row_is (home, 0, "h2"));
  g_assert_true (home_row_is (home, 1, "h9"));
}

/* The row that was chosen is not in the result: the Delete key hits no other one in its place. */
static void
test_selection_is_forgotten (Home *home, gconstpointer data)
{
  home_show_history (home);
  gtk_single_selection_set_selected (get_selection (home), 0);
  type_words (home, "oats note");
  AWAIT (home_count_rows (home) == 2);
  g_assert_cmpuint (gtk_single_selection_get_selected (get_selection (home)), ==,
                    GTK_INVALID_LIST_POSITION);
  gtk_widget_activate_action (home->history, "history.delete", NULL);
  home_await_frames (home, 3);
  g_assert_null (mock_find_dialog ());
}

/* The same where the chosen one is deleted by somebody else. */
static void
test_selected_is_deleted (Home *home, gconstpointer data)
{
  const char *const ids[] = { "h3", NULL };

  home_show_history (home);
  gtk_single_selection_set_selected (get_selection (home), 3);
  whis_bus_whis1_call_delete_history_entries (whis_service_proxy_get_interface (home->service), ids,
                                              NULL, NULL, NULL);
  AWAIT (home_count_rows (home) == 11);
  g_assert_cmpuint (gtk_single_selection_get_selected (get_selection (home)), ==,
                    GTK_INVALID_LIST_POSITION);
}

/* The service comes back: the words are still there, and are searched for. */
static void
test_service_returns (Home *home, gconstpointer data)
{
  show_found (home, "oats note", 2);
  mock_stop ();
  AWAIT (home_count_rows (home) == 0);
  mock_start ();
  mock_fill (30);
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'oats note'}"));
  AWAIT (home_count_rows (home) == 5);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (mock_child (home->history, "search"))), ==,
                   "oats note");
}

/* A reason of before is not the reason of after. */
static void
test_error_before_return (Home *home, gconstpointer data)
{
  mock_fail_next ("ListHistory", "Storage", "The history is locked.");
  home_show_history (home);
  AWAIT (g_str_equal (get_page (home), "empty"));
  g_assert_false (is_shown (home->history, "show_all"));
  mock_stop ();
  AWAIT (!whis_service_proxy_is_running (home->service));
  mock_start ();
  AWAIT (g_str_equal (get_title (home), "Nothing Yet"));
  mock_fill (2);
  AWAIT (home_count_rows (home) == 2);
  AWAIT (g_str_equal (get_page (home), "list"));
}

/* A search that fails leads back to everything, too. */
static void
test_search_fails (Home *home, gconstpointer data)
{
  home_show_history (home);
  mock_fail_next ("ListHistory", "Storage", "The index is damaged.");
  type_words (home, "oats");
  AWAIT (g_str_equal (get_page (home), "empty"));
  g_assert_cmpstr (get_title (home), ==, "The History Cannot Be Read");
  g_assert_true (is_shown (home->history, "show_all"));
  click (mock_child (home->history, "show_all"));
  AWAIT (home_count_rows (home) == 12);
}

static void
ask_to_delete (Home *home, guint position)
{
  gtk_single_selection_set_selected (get_selection (home), position);
  gtk_widget_activate_action (home->history, "history.delete", NULL);
  AWAIT (mock_find_dialog () != NULL);
}

/* Whoever answers when the service is gone deletes nothing, neither now nor later. */
static void
test_service_leaves_question (Home *home, gconstpointer data)
{
  home_show_history (home);
  ask_to_delete (home, 2);
  mock_stop ();
  AWAIT (!whis_service_proxy_is_running (home->service));
  mock_answer ("_Delete");
  AWAIT (mock_find_dialog () == NULL);
  mock_start ();
  mock_fill (4);
  AWAIT (home_count_rows (home) == 4);
  g_assert_cmpuint (mock_count_method ("DeleteHistoryEntries"), ==, 0);
  g_assert_false (whis_failure_card_is_shown (mock_child (home->history, "failure")));
}

/* Said no once, another one is asked about: it is that one that goes. */
static void
test_second_question (Home *home, gconstpointer data)
{
  home_show_history (home);
  ask_to_delete (home, 2);
  mock_answer ("_Cancel");
  AWAIT (mock_find_dialog () == NULL);
  ask_to_delete (home, 5);
  mock_answer ("_Delete");
  AWAIT (mock_was_called ("DeleteHistoryEntries ['h5']"));
  AWAIT (home_count_rows (home) == 11);
  g_assert_cmpuint (mock_count_method ("DeleteHistoryEntries"), ==, 1);
}

/* Escape and Enter keep it: what is deleted is gone. */
static void
test_question_keeps (Home *home, gconstpointer data)
{
  AdwMessageDialog *dialog;

  home_show_history (home);
  ask_to_delete (home, 2);
  dialog = ADW_MESSAGE_DIALOG (mock_find_dialog ());
  g_assert_cmpstr (adw_message_dialog_get_default_response (dialog), ==, "cancel");
  g_assert_cmpstr (adw_message_dialog_get_close_response (dialog), ==, "cancel");
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (dialog)));
  gtk_window_close (GTK_WINDOW (dialog));
  AWAIT (mock_find_dialog () == NULL);
  mock_settle (home->service);
  g_assert_cmpuint (mock_count_method ("DeleteHistoryEntries"), ==, 0);
}

/* A row whose dictation is not known yet opens nothing. */
static void
test_unknown_row (Home *home, gconstpointer data)
{
  home_show_history (home);
  mock_hold ("ListHistory");
  gtk_widget_activate_action (GTK_WIDGET (home->list), "list.scroll-to-item", "u", 700u);
  g_assert_false (home_row_is (home, 700, "h700"));
  g_signal_emit_by_name (home->list, "activate", 700u);
  g_assert_false (home_shows_entry (home));
  mock_release ();
  AWAIT (home_row_is (home, 700, "h700"));
  g_signal_emit_by_name (home->list, "activate", 700u);
  g_assert_true (home_shows_entry (home));
  AWAIT (mock_was_called ("GetHistoryEntry h700"));
  mock_settle (home->service);
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/history-search/" path, Home, GUINT_TO_POINTER (entries), home_set_up,       \
              function, home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("new-dictations", 12, test_new_dictations);
  ADD ("last-goes", 12, test_last_goes);
  ADD ("finished", 12, test_finished);
  ADD ("selection-is-forgotten", 12, test_selection_is_forgotten);
  ADD ("selected-is-deleted", 12, test_selected_is_deleted);
  ADD ("service-returns", 12, test_service_returns);
  ADD ("error-before-return", 12, test_error_before_return);
  ADD ("search-fails", 12, test_search_fails);
  ADD ("service-leaves-question", 12, test_service_leaves_question);
  ADD ("second-question", 12, test_second_question);
  ADD ("question-keeps", 12, test_question_keeps);
  ADD ("unknown-row", 1000, test_unknown_row);

  return g_test_run ();
}
