/* SPDX-License-Identifier: MIT */
/* The keys of the home window: each key that the window of shortcuts names does what it says. */
#include "home-fixture.h"

#include "failure-card.h"

static GtkWidget *
get_focus (Home *home)
{
  return gtk_root_get_focus (GTK_ROOT (home->window));
}

static gboolean
has_focus_in (Home *home, gpointer widget)
{
  GtkWidget *focus = get_focus (home);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}

static gboolean
press_in_window (Home *home, const char *accelerator)
{
  GtkWidget *focus = get_focus (home);

  return press (focus != NULL ? focus : GTK_WIDGET (home->window), accelerator);
}

static void
test_record (Home *home, gconstpointer data)
{
  g_assert_true (press_in_window (home, "<Control>r"));
  AWAIT (mock_was_called ("Toggle {}"));
  AWAIT (whis_service_proxy_get_state (home->service) == WHIS_DICTATION_STATE_RECORDING);
  g_assert_true (press_in_window (home, "<Control>r"));
  AWAIT (whis_service_proxy_get_state (home->service) == WHIS_DICTATION_STATE_TRANSCRIBING);
}

/* The button has the focus as soon as the window is open. */
static void
test_space_records (Home *home, gconstpointer data)
{
  GtkWidget *button = mock_child (home->recorder, "button");

  AWAIT (has_focus_in (home, button));
  g_assert_true (press_in_window (home, "space"));
  AWAIT (mock_was_called ("Toggle {}"));
}

static void
test_escape (Home *home, gconstpointer data)
{
  press_in_window (home, "Escape");
  home_set_state (home, "recording");
  g_assert_false (mock_was_called ("Cancel "));
  g_assert_true (press_in_window (home, "Escape"));
  AWAIT (mock_was_called ("Cancel "));
}

static void
test_copy (Home *home, gconstpointer data)
{
  press_in_window (home, "<Control><Shift>c");
  mock_emit ("Finished", g_variant_new ("(ss)", "d1", "To be copied"));
  AWAIT (is_shown (home->text, "copy"));
  g_assert_false (mock_was_called ("CopyLastText"));
  g_assert_true (press_in_window (home, "<Control><Shift>c"));
  AWAIT (mock_was_called ("CopyLastText"));
}

static void
test_views (Home *home, gconstpointer data)
{
  g_assert_cmpstr (home_view (home), ==, "dictate");
  g_assert_true (press_in_window (home, "<Alt>2"));
  g_assert_cmpstr (home_view (home), ==, "history");
  g_assert_true (press_in_window (home, "<Alt>1"));
  g_assert_cmpstr (home_view (home), ==, "dictate");
}

/* From an entry, too: it leads back and on. */
static void
test_views_from_entry (Home *home, gconstpointer data)
{
  home_show_history (home);
  home_open_entry (home, "h0");
  g_assert_true (home_shows_entry (home));
  g_assert_true (press_in_window (home, "<Alt>1"));
  AWAIT (!home_shows_entry (home));
  g_assert_cmpstr (home_view (home), ==, "dictate");
}

static void
test_search (Home *home, gconstpointer data)
{
  GtkWidget *search = mock_child (home->history, "search");

  g_assert_true (press_in_window (home, "<Control>f"));
  g_assert_cmpstr (home_view (home), ==, "history");
  AWAIT (has_focus_in (home, search));

  /* Also from the middle of the list. */
  AWAIT (home_count_rows (home) == 12);
  home_await_frames (home, 3);
  gtk_widget_grab_focus (GTK_WIDGET (home->list));
  AWAIT (has_focus_in (home, home->list));
  g_assert_true (press_in_window (home, "<Control>f"));
  AWAIT (has_focus_in (home, search));
}

/* Enter goes from the words to the first result, and from there to its text. */
static void
test_search_to_entry (Home *home, gconstpointer data)
{
  GtkWidget *search = mock_child (home->history, "search");

  press_in_window (home, "<Control>f");
  AWAIT (home_count_rows (home) == 12);
  gtk_editable_set_text (GTK_EDITABLE (search), "oats note");
  AWAIT (home_count_rows (home) == 2);
  AWAIT (home_row_is (home, 0, "h1"));
  home_await_frames (home, 3);
  g_signal_emit_by_name (search, "activate");
  AWAIT (has_focus_in (home, home->list));
  g_assert_true (press_in_window (home, "Return"));
  AWAIT (home_shows_entry (home));
  AWAIT (mock_was_called ("GetHistoryEntry h1"));
}

/* Nothing was found: the words keep the focus. */
static void
test_search_without_result (Home *home, gconstpointer data)
{
  GtkWidget *search = mock_child (home->history, "search");

  press_in_window (home, "<Control>f");
  gtk_editable_set_text (GTK_EDITABLE (search), "unheard of");
  AWAIT (home_count_rows (home) == 0
         && g_str_equal (gtk_stack_get_visible_child_name (mock_child (home->history, "stack")),
                         "empty"));
  g_signal_emit_by_name (search, "activate");
  g_assert_true (has_focus_in (home, search));
}

static void
test_delete (Home *home, gconstpointer data)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (home->list));

  home_show_history (home);
  gtk_single_selection_set_selected (selection, 2);
  g_assert_true (press (GTK_WIDGET (home->list), "Delete"));
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Delete");
  AWAIT (mock_was_called ("DeleteHistoryEntries ['h2']"));
  AWAIT (home_count_rows (home) == 11);
}

static void
test_delete_on_keypad (Home *home, gconstpointer data)
{
  home_show_history (home);
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (home->list)),
                                     0);
  g_assert_true (press (GTK_WIDGET (home->list), "KP_Delete"));
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Cancel");
  AWAIT (mock_find_dialog () == NULL);
  g_assert_cmpuint (home_count_rows (home), ==, 12);
  g_assert_cmpuint (mock_count_method ("DeleteHistoryEntries"), ==, 0);
}

/* The row that was opened has the focus again, so that the next one is one key away. */
static void
test_focus_returns_to_list (Home *home, gconstpointer data)
{
  home_show_history (home);
  home_open_entry (home, "h0");
  AWAIT (has_focus_in (home, home->entry));
  home_act (home, "win.back");
  AWAIT (!home_shows_entry (home));
  AWAIT (has_focus_in (home, home->list));
}

/* A service that is gone can be started, and does nothing else. */
static void
test_without_service (Home *home, gconstpointer data)
{
  const char *accelerators[] = { "<Control>r", "Escape", "<Control><Shift>c", "<Control>f",
                                 "<Alt>2" };

  mock_stop ();
  AWAIT (g_str_equal (gtk_stack_get_visible_child_name (mock_child (home->window, "pages")),
                      "absent"));
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    press (GTK_WIDGET (home->window), accelerators[i]);
  g_assert_cmpstr (home_view (home), ==, "dictate");
  mock_start ();
  AWAIT (whis_service_proxy_is_running (home->service));
  AWAIT (mock_was_called ("GetLastText"));
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (home->failure)));
}

/* --- the window of shortcuts ------------------------------------------------------------------ */

static void
collect_accelerators (GtkWidget *root, GPtrArray *found)
{
  if (GTK_IS_SHORTCUTS_SHORTCUT (root))
    {
      g_autofree char *accelerators = NULL;
      g_auto (GStrv) words = NULL;

      g_object_get (root, "accelerator", &accelerators, NULL);
      words = g_strsplit (accelerators, " ", -1);
      for (gsize i = 0; words[i] != NULL; i++)
        g_ptr_array_add (found, g_strdup (words[i]));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_accelerators (child, found);
}

/* Of the application and of GTK, which have tests of their own. */
static gboolean
is_of_application (const char *accelerator)
{
  const char *const others[] = {
    "<Control>comma", "<Control>question", "<Control>W", "<Control>Q", "F10", "Return", NULL
  };

  return g_strv_contains (others, accelerator);
}

/* Fields for text have keys of their own. */
static gboolean
is_bound (GtkWidget *widget, const char *accelerator)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);
  GdkModifierType modifiers;
  guint key;

  if (GTK_IS_EDITABLE (widget) || GTK_IS_TEXT_VIEW (widget))
    return FALSE;

  g_assert_true (gtk_accelerator_parse (accelerator, &key, &modifiers));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_SHORTCUT_CONTROLLER (controller)
          && has_shortcut (G_LIST_MODEL (controller), key, modifiers))
        return TRUE;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (is_bound (child, accelerator))
      return TRUE;

  return FALSE;
}

/* What is written there works: no key is named that nothing answers to. */
static void
test_overlay (Home *home, gconstpointer data)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource (WHIS_WINDOW_RESOURCES "/gtk/help-overlay.ui");
  GtkWidget *overlay = GTK_WIDGET (gtk_builder_get_object (builder, "help_overlay"));
  g_autoptr (GPtrArray) accelerators = g_ptr_array_new_with_free_func (g_free);

  collect_accelerators (overlay, accelerators);
  g_assert_cmpuint (accelerators->len, >=, 14);
  for (guint i = 0; i < accelerators->len; i++)
    {
      const char *accelerator = g_ptr_array_index (accelerators, i);

      if (!is_of_application (accelerator) && !is_bound (GTK_WIDGET (home->window), accelerator))
        g_error ("Nothing answers to %s", accelerator);
    }
  gtk_window_destroy (GTK_WINDOW (overlay));
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/keyboard/" path, Home, GUINT_TO_POINTER (entries), home_set_up, function,   \
              home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("record", 0, test_record);
  ADD ("space-records", 0, test_space_records);
  ADD ("escape", 0, test_escape);
  ADD ("copy", 0, test_copy);
  ADD ("views", 0, test_views);
  ADD ("views-from-entry", 12, test_views_from_entry);
  ADD ("search", 12, test_search);
  ADD ("search-to-entry", 12, test_search_to_entry);
  ADD ("search-without-result", 12, test_search_without_result);
  ADD ("delete", 12, test_delete);
  ADD ("delete-on-keypad", 12, test_delete_on_keypad);
  ADD ("focus-returns-to-list", 12, test_focus_returns_to_list);
  ADD ("without-service", 0, test_without_service);
  ADD ("overlay", 0, test_overlay);

  return g_test_run ();
}
