/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>

#include "transcribe-again-dialog.h"
#include "entry-view.h"
#include "history-export.h"
#include "history-model.h"
#include "history-page.h"
#include "history-row.h"
#include "main-window.h"
#include "mock.h"
#include "navigation.h"
#include "failure-card.h"
#include "relative-time.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *settings;
  WhisMainWindow *window;
  GtkWidget *page;
  GtkWidget *entry;
  GtkWidget *versions;
  GtkListView *list;
} Fixture;

static GListModel *
get_rows (Fixture *fixture)
{
  return G_LIST_MODEL (gtk_list_view_get_model (fixture->list));
}

static guint
count_rows (Fixture *fixture)
{
  return g_list_model_get_n_items (get_rows (fixture));
}

static void
show_history (Fixture *fixture)
{
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.view", "s", "history");
}

static void
set_up_with (Fixture *fixture, guint entries)
{
  mock_start ();
  if (entries > 0)
    mock_fill (entries);
  fixture->service = mock_new_proxy ();
  fixture->settings = whis_settings_new (NULL);
  fixture->window =
      whis_main_window_new (mock_get_application (), fixture->service, fixture->settings);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->page = mock_child (fixture->window, "history");
  fixture->entry = mock_child (fixture->window, "entry");
  fixture->versions = mock_child (fixture->entry, "versions");
  fixture->list = mock_child (fixture->page, "list");
  gtk_window_present (GTK_WINDOW (fixture->window));
  show_history (fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_with (fixture, GPOINTER_TO_UINT (data));
  AWAIT (count_rows (fixture) == GPOINTER_TO_UINT (data));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->settings);
}

static const char *
label (gpointer widget, const char *name)
{
  return gtk_label_get_text (mock_child (widget, name));
}

static gboolean
is_visible (gpointer widget, const char *name)
{
  return gtk_widget_get_visible (mock_child (widget, name));
}

static char *
dup_id (Fixture *fixture, guint position)
{
  g_autoptr (WhisHistoryItem) entry = g_list_model_get_item (get_rows (fixture), position);

  return g_strdup (entry != NULL ? whis_history_item_get_string (entry, "id") : "");
}

static gboolean
row_is (Fixture *fixture, guint position, const char *id)
{
  g_autofree char *there = dup_id (fixture, position);

  return g_str_equal (there, id);
}

static const char *
page_shown (Fixture *fixture)
{
  return gtk_stack_get_visible_child_name (mock_child (fixture->page, "stack"));
}

static void
open_entry (Fixture *fixture, const char *id)
{
  g_autofree char *call = g_strdup_printf ("GetHistoryEntry %s", id);

  mock_forget_calls ();
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.open-entry", "s", id);
  AWAIT (mock_was_called (call));
  AWAIT (*label (fixture->entry, "details") != '\0'
         && gtk_widget_get_sensitive (mock_child (fixture->entry, "mark")));
}

static void
act (Fixture *fixture, const char *action)
{
  gtk_widget_activate_action (fixture->entry, action, NULL);
}

static char *
dup_shown_text (Fixture *fixture)
{
  char *text;

  g_object_get (mock_child (fixture->versions, "buffer"), "text", &text, NULL);
  return text;
}

static void
test_ten_thousand (Fixture *fixture, gconstpointer data)
{
  guint at_first;

  AWAIT (row_is (fixture, 0, "h0"));
  at_first = mock_count_method ("ListHistory");
  g_test_message ("%u pages at first", at_first);
  g_assert_cmpuint (at_first, <=, 5);

  /* To the end at once: what lies between is not asked for. */
  gtk_widget_activate_action (GTK_WIDGET (fixture->list), "list.scroll-to-item", "u", 9999u);
  AWAIT (row_is (fixture, 9999, "h9999"));
  g_test_message ("%u pages in all", mock_count_method ("ListHistory"));
  g_assert_cmpuint (mock_count_method ("ListHistory"), <=, 12);
}

static void
test_rows (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) description = g_variant_ref_sink (g_variant_new_parsed (
      "{'id': <'a'>, 'created': <int64 0>, 'state': <'failed'>, 'length': <uint64 61000>,"
      " 'provider': <'openai'>, 'text': <''>, 'marked': <true>}"));
  g_autoptr (GVariant) later = g_variant_ref_sink (g_variant_new_parsed (
      "{'id': <'a'>, 'state': <'done'>, 'text': <'One\nline'>, 'provider': <'other'>,"
      " 'name': <'talk.ogg'>}"));
  g_autoptr (GVariant) silent = g_variant_ref_sink (
      g_variant_new_parsed ("{'id': <'a'>, 'state': <'failed'>, 'code': <'no-speech'>}"));
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (NULL);
  GtkWidget *row = g_object_ref_sink (whis_history_row_new ());

  whis_history_row_set_entry (WHIS_HISTORY_ROW (row), entry);
  g_assert_cmpstr (label (row, "when"), ==, "…");
  whis_history_item_update (entry, description);
  g_assert_cmpstr (label (row, "details"), ==, "1:01 · OpenAI");
  g_assert_cmpstr (label (row, "state_title"), ==, "Failed");
  g_assert_cmpstr (label (row, "text"), ==, "No text yet");
  g_assert_true (is_visible (row, "marked"));

  /* Nobody spoke, which is no failure. */
  whis_history_item_update (entry, silent);
  g_assert_cmpstr (label (row, "state_title"), ==, "No speech heard");
  g_assert_cmpstr (label (row, "text"), ==, "");
  g_assert_false (gtk_widget_has_css_class (mock_child (row, "state"), "error"));

  whis_history_item_update (entry, later);
  g_assert_cmpstr (label (row, "text"), ==, "One line");
  g_assert_cmpstr (label (row, "details"), ==, "0:00 · other · talk.ogg");
  g_assert_false (is_visible (row, "state"));
  g_assert_false (is_visible (row, "marked"));
  g_assert_finalize_object (row);
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  GtkEditable *search = GTK_EDITABLE (mock_child (fixture->page, "search"));

  gtk_editable_set_text (search, "oats note");
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'oats note'}"));
  AWAIT (count_rows (fixture) == 32);
  gtk_editable_set_text (search, "unheard of");
  AWAIT (g_str_equal (page_shown (fixture), "empty"));
  g_assert_cmpstr (adw_status_page_get_title (mock_child (fixture->page, "empty")), ==,
                   "Nothing Found");

  g_signal_emit_by_name (mock_child (fixture->page, "show_all"), "clicked");
  AWAIT (count_rows (fixture) == 250);
  gtk_toggle_button_set_active (mock_child (fixture->page, "marked"), TRUE);
  AWAIT (count_rows (fixture) == 23);
}

/* What was found before goes, and what is wanted comes; nothing else is ever shown. */
static void
only_letters_cb (GListModel *rows)
{
  guint count = g_list_model_get_n_items (rows);

  g_assert_true (count == 0 || count == 59);
}

/* Only the last of many words is answered for. */
static void
test_search_is_cancelled (Fixture *fixture, gconstpointer data)
{
  GtkEditable *search = GTK_EDITABLE (mock_child (fixture->page, "search"));

  mock_hold ("ListHistory");
  gtk_editable_set_text (search, "oats");
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'oats'}"));
  gtk_editable_set_text (search, "letter");
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'search': 'letter'}"));
  g_assert_cmpuint (count_rows (fixture), ==, 250);
  g_signal_connect (get_rows (fixture), "items-changed", G_CALLBACK (only_letters_cb), NULL);
  mock_release ();
  AWAIT (count_rows (fixture) == 59);
  g_assert_true (row_is (fixture, 0, "h2"));
  g_signal_handlers_disconnect_by_func (get_rows (fixture), only_letters_cb, NULL);
}

static void
test_changes (Fixture *fixture, gconstpointer data)
{
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (get_rows (fixture));
  g_autoptr (WhisHistoryItem) kept = g_list_model_get_item (get_rows (fixture), 7);
  const char *ids[] = { "h3", NULL };
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (fixture->service);

  gtk_single_selection_set_selected (selection, 7);
  g_assert_true (row_is (fixture, 7, "h7"));

  /* What is deleted above moves the chosen one up, and it stays chosen, the same object. */
  whis_bus_whis1_call_delete_history_entries (interface, ids, NULL, NULL, NULL);
  AWAIT (row_is (fixture, 6, "h7"));
  AWAIT (count_rows (fixture) == 249);
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 6);
  g_assert_true (gtk_single_selection_get_selected_item (selection) == kept);

  whis_bus_whis1_call_mark_history_entry (interface, "h7", TRUE, NULL, NULL, NULL);
  AWAIT (whis_history_item_get_flag (kept, "marked"));
  g_assert_cmpuint (gtk_single_selection_get_selected (selection), ==, 6);
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  AWAIT (g_str_equal (page_shown (fixture), "empty"));
  g_assert_cmpstr (adw_status_page_get_title (mock_child (fixture->page, "empty")), ==,
                   "Nothing Yet");
  g_assert_false (is_visible (fixture->page, "show_all"));
  mock_fill (1);
  AWAIT (count_rows (fixture) == 1);
  AWAIT (row_is (fixture, 0, "h0"));
  g_assert_cmpstr (page_shown (fixture), ==, "list");
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  mock_fail_next ("ListHistory", "Storage", "The history cannot be read; the disk is full.");
  gtk_toggle_button_set_active (mock_child (fixture->page, "marked"), TRUE);
  AWAIT (g_str_equal (page_shown (fixture), "empty"));
  g_assert_cmpstr (adw_status_page_get_description (mock_child (fixture->page, "empty")), ==,
                   "The history cannot be read; the disk is full.");
}

static void
test_delete_from_list (Fixture *fixture, gconstpointer data)
{
  gtk_widget_activate_action (fixture->page, "history.delete", NULL);
  g_assert_null (mock_find_window (ADW_TYPE_MESSAGE_DIALOG));
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (get_rows (fixture)), 1);
  gtk_widget_activate_action (fixture->page, "history.delete", NULL);
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  g_assert_false (mock_was_called ("DeleteHistoryEntries ['h1']"));
  mock_answer ("_Delete");
  AWAIT (mock_was_called ("DeleteHistoryEntries ['h1']"));
  AWAIT (count_rows (fixture) == 11);
}

/* Every company that heard a part of it is named. */
static void
test_entry_of_several (Fixture *fixture, gconstpointer data)
{
  g_signal_emit_by_name (fixture->list, "activate", 7u);
  AWAIT (mock_was_called ("GetHistoryEntry h7"));
  AWAIT (*label (fixture->entry, "details") != '\0');
  g_assert_cmpstr (label (fixture->entry, "details"), ==,
                   "1:02 · OpenAI, Groq · gpt-4o-mini-transcribe · English · sound went to "
                   "api.openai.com, api.groq.com · also sent to Mistral, which gave no text");
}

static void
test_entry (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  g_signal_emit_by_name (fixture->list, "activate", 0u);
  AWAIT (mock_was_called ("GetHistoryEntry h0"));
  AWAIT (*label (fixture->entry, "details") != '\0');
  g_assert_cmpstr (label (fixture->entry, "details"), ==,
                   "0:07 · OpenAI · gpt-4o-mini-transcribe · English · sound went to "
                   "api.openai.com");
  text = dup_shown_text (fixture);
  g_assert_true (g_str_has_suffix (text, "Note 0."));
  g_assert_false (is_visible (fixture->entry, "unfinished"));
  g_assert_false (is_visible (fixture->versions, "choices"));

  act (fixture, "entry.copy");
  AWAIT (mock_was_called ("CopyHistoryEntry h0 0"));
  act (fixture, "entry.mark");
  AWAIT (mock_was_called ("MarkHistoryEntry h0 True"));
  AWAIT (g_str_equal (gtk_button_get_icon_name (mock_child (fixture->entry, "mark")),
                      "starred-symbolic"));
  act (fixture, "entry.play");
  AWAIT (mock_was_called ("PlaySound h0"));
  AWAIT (g_str_equal (adw_button_content_get_label (mock_child (fixture->entry, "play_content")),
                      "_Stop"));
  act (fixture, "entry.play");
  AWAIT (mock_was_called ("PlaySound "));

  mock_fail_next ("CopyHistoryEntry", "Clipboard", "The clipboard cannot be reached.");
  act (fixture, "entry.copy");
  AWAIT (whis_failure_card_is_shown (WHIS_FAILURE_CARD (mock_child (fixture->entry, "failure"))));
  g_assert_cmpstr (label (mock_child (fixture->entry, "failure"), "message"), ==,
                   "The clipboard cannot be reached.");
}

static void
test_entry_is_deleted (Fixture *fixture, gconstpointer data)
{
  WhisNavigation *navigation = mock_child (fixture->window, "navigation");

  open_entry (fixture, "h0");
  g_assert_true (whis_navigation_get_visible_child (navigation) == fixture->entry);
  act (fixture, "entry.delete");
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  mock_answer ("_Delete");
  AWAIT (mock_was_called ("DeleteHistoryEntries ['h0']"));
  AWAIT (whis_navigation_get_visible_child (navigation) != fixture->entry);
}

static void
test_unfinished (Fixture *fixture, gconstpointer data)
{
  open_entry (fixture, "h4");
  g_assert_true (is_visible (fixture->entry, "unfinished"));
  g_assert_cmpstr (label (fixture->entry, "state_title"), ==, "Failed");
  g_assert_cmpstr (label (fixture->entry, "reason"), ==,
                   "OpenAI does not accept the key; put a new one into the preferences.");
  g_assert_cmpstr (label (fixture->entry, "missing"), ==, "2 of 5 parts have no text yet");
  g_signal_emit_by_name (mock_find_button (fixture->entry, "_Finish"), "clicked");
  AWAIT (mock_was_called ("Resume h4 {}"));
  AWAIT (g_str_equal (label (fixture->entry, "state_title"), "Transcribing…"));
  g_assert_false (gtk_widget_get_sensitive (mock_find_button (fixture->entry, "_Finish")));
}

static void
test_no_speech (Fixture *fixture, gconstpointer data)
{
  mock_alter ("h4", "code", g_variant_new_string ("no-speech"));
  open_entry (fixture, "h4");
  AWAIT (g_str_equal (label (fixture->entry, "state_title"), "No speech heard"));
  g_assert_false (is_visible (fixture->entry, "finish"));
}

static GtkWidget *
find_row (GtkWidget *root)
{
  if (WHIS_IS_HISTORY_ROW (root) && gtk_widget_get_mapped (root))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *row = find_row (child);

      if (row != NULL)
        return row;
    }

  return NULL;
}

/* One click, as in every other list of this window. */
static void
test_click_opens (Fixture *fixture, gconstpointer data)
{
  WhisNavigation *navigation = mock_child (fixture->window, "navigation");
  g_autoptr (GListModel) controllers = NULL;
  GtkWidget *row;

  show_history (fixture);
  AWAIT ((row = find_row (GTK_WIDGET (fixture->window))) != NULL
         && gtk_widget_get_height (row) > 0);
  controllers = gtk_widget_observe_controllers (row);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_GESTURE_CLICK (controller))
        g_signal_emit_by_name (controller, "released", 1, 2.0, 2.0);
    }
  AWAIT (whis_navigation_get_visible_child (navigation) == fixture->entry);
  AWAIT (gtk_widget_get_sensitive (mock_child (fixture->entry, "mark")));
}

static gboolean
tab_reaches (Fixture *fixture, GtkWidget *wanted)
{
  GtkRoot *root = gtk_widget_get_root (fixture->entry);

  whis_entry_view_focus_text (WHIS_ENTRY_VIEW (fixture->entry));
  for (guint i = 0; i < 20; i++)
    {
      GtkWidget *focus = gtk_root_get_focus (root);

      g_test_message ("Tab %u: %s", i, focus != NULL ? G_OBJECT_TYPE_NAME (focus) : "nothing");
      if (focus != NULL && (focus == wanted || gtk_widget_is_ancestor (focus, wanted)))
        return TRUE;
      gtk_widget_child_focus (GTK_WIDGET (root), GTK_DIR_TAB_FORWARD);
    }

  return FALSE;
}

/* Whoever only tabs forwards comes to everything. */
static void
test_tab_order (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "copy", "play", "back", "mark", "more" };

  open_entry (fixture, "h0");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_test_message ("%s", names[i]);
      g_assert_true (tab_reaches (fixture, mock_child (fixture->entry, names[i])));
    }
}

static void
test_again (Fixture *fixture, gconstpointer data)
{
  GtkWidget *dialog;
  AdwComboRow *row;
  GtkRevealer *revealer = mock_child (fixture->entry, "progress_revealer");

  open_entry (fixture, "h0");
  act (fixture, "entry.again");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) != NULL);
  dialog = mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG);
  row = mock_child (dialog, "provider");

  /* OpenAI and Mistral have no key. */
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 3);
  adw_combo_row_set_selected (row, 1);
  adw_combo_row_set_selected (mock_child (dialog, "model"), 1);
  mock_answer ("_Transcribe");
  AWAIT (
      mock_was_called ("TranscribeAgain h0 {'provider': 'groq', 'model': 'whisper-large-v3'}")
      || mock_was_called ("TranscribeAgain h0 {'model': 'whisper-large-v3', 'provider': 'groq'}"));
  g_assert_true (gtk_revealer_get_reveal_child (revealer));
  mock_emit ("Progress",
             g_variant_new ("(stt)", "h0", G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (2)));
  AWAIT (gtk_progress_bar_get_fraction (mock_child (fixture->entry, "progress")) == 0.5);
  mock_emit ("Failed",
             g_variant_new ("(ssssb)", "h0", "network", "There is no network.", "", FALSE));
  AWAIT (!gtk_revealer_get_reveal_child (revealer));
  g_assert_cmpstr (label (mock_child (fixture->entry, "failure"), "message"), ==,
                   "There is no network.");
}

static void
test_versions (Fixture *fixture, gconstpointer data)
{
  GtkTextTagTable *tags;
  g_autofree char *plain = NULL;
  g_autofree char *both = NULL;
  gboolean struck, underlined;

  open_entry (fixture, "h3");
  g_assert_true (is_visible (fixture->versions, "choices"));
  plain = dup_shown_text (fixture);
  g_assert_true (g_str_has_prefix (plain, "The test fails whenever the network"));
  gtk_check_button_set_active (mock_child (fixture->versions, "compare"), TRUE);
  both = dup_shown_text (fixture);
  g_assert_true (g_str_has_prefix (both, "The test fails only when whenever the network"));
  g_assert_cmpstr (label (fixture->versions, "summary"), ==, "4 words removed, 3 words added");

  tags = gtk_text_buffer_get_tag_table (mock_child (fixture->versions, "buffer"));
  g_object_get (gtk_text_tag_table_lookup (tags, "removed"), "strikethrough", &struck, NULL);
  g_object_get (gtk_text_tag_table_lookup (tags, "added"), "underline-set", &underlined, NULL);
  g_assert_true (struck);
  g_assert_true (underlined);

  act (fixture, "entry.copy");
  AWAIT (mock_was_called ("CopyHistoryEntry h3 1"));
}

static void
exported_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_export (Fixture *fixture, gconstpointer data)
{
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (fixture->service);
  g_autofree char *directory = g_dir_make_tmp ("whis-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "out", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nonexistent/out.txt");
  g_autoptr (WhisHistoryItem) entry = whis_history_item_new (
      g_variant_new_parsed ("{'id': <'h0'>, 'text': <'„Well“'>, 'length': <uint64 5>}"));
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  char *contents;

  whis_history_export_async (interface, entry, "Words", "txt", file, NULL, exported_cb, &result);
  AWAIT (result != NULL);
  g_assert_true (whis_history_export_finish (file, result, NULL));
  g_clear_object (&result);
  g_file_get_contents (path, &contents, NULL, NULL);
  g_assert_cmpstr (contents, ==, "Words\n");
  g_free (contents);

  whis_history_export_async (interface, entry, "Words", "json", file, NULL, exported_cb, &result);
  AWAIT (result != NULL);
  g_assert_true (whis_history_export_finish (file, result, NULL));
  g_clear_object (&result);
  g_file_get_contents (path, &contents, NULL, NULL);
  g_assert_nonnull (strstr (contents, "\"text\" : \"„Well“\""));
  g_assert_nonnull (strstr (contents, "\"length\" : 5"));
  g_free (contents);

  whis_history_export_async (interface, entry, "Words", "sound", file, NULL, exported_cb, &result);
  AWAIT (result != NULL);
  g_assert_true (whis_history_export_finish (file, result, NULL));
  g_clear_object (&result);
  g_file_get_contents (path, &contents, NULL, NULL);
  g_assert_cmpstr (contents, ==, "sound of h0");
  g_free (contents);

  whis_history_export_async (interface, entry, "Words", "txt", nowhere, NULL, exported_cb, &result);
  AWAIT (result != NULL);
  g_assert_false (whis_history_export_finish (nowhere, result, &error));
  g_assert_true (g_str_has_prefix (error->message, "“/nonexistent/out.txt” cannot be written: "));
  g_clear_object (&result);

  g_unlink (path);
  g_rmdir (directory);
}

/* The file is named by what it is. */
static void
test_export_name (void)
{
  g_autoptr (WhisHistoryItem) samples =
      whis_history_item_new (g_variant_new_parsed ("{'id': <'h0'>, 'lossless': <true>}"));
  g_autoptr (WhisHistoryItem) mp3 =
      whis_history_item_new (g_variant_new_parsed ("{'id': <'h1'>, 'lossless': <false>}"));
  g_autofree char *wav_name = whis_history_export_suggest_name (samples, "sound");
  g_autofree char *mp3_name = whis_history_export_suggest_name (mp3, "sound");
  g_autofree char *text_name = whis_history_export_suggest_name (samples, "txt");

  g_assert_true (g_str_has_suffix (wav_name, ".wav"));
  g_assert_true (g_str_has_suffix (mp3_name, ".mp3"));
  g_assert_true (g_str_has_suffix (text_name, ".txt"));
}

static void
test_service_leaves (Fixture *fixture, gconstpointer data)
{
  open_entry (fixture, "h0");
  mock_stop ();
  AWAIT (count_rows (fixture) == 0);
  g_assert_true (whis_navigation_get_visible_child (mock_child (fixture->window, "navigation"))
                 != fixture->entry);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (mock_child (fixture->window, "pages")), ==,
                   "absent");
  mock_start ();
  mock_fill (3);
  AWAIT (count_rows (fixture) == 3);
}

static void
test_when (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_offset (3600);
  g_autoptr (GDateTime) now = g_date_time_new (zone, 2026, 3, 12, 0, 30, 0);
  static const struct
  {
    gint64 minutes_ago;
    const char *text;
  } cases[] = {
    { 20, "Today, 00:10" },
    { 40, "Yesterday, 23:50" },
    { 2 * 1440, "Tuesday, 00:30" },
    { 7 * 1440, "5 March, 00:30" },
    { 365 * 1440, "12 March 2025, 00:30" },
    { -60, "Today, 01:30" },
    { -2 * 1440, "14 March, 00:30" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 then = (g_date_time_to_unix (now) - cases[i].minutes_ago * 60) * 1000;
      g_autofree char *text = whis_relative_time_format (then, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

#define ADD(path, entries, function)                                                               \
  g_test_add ("/window/history/" path, Fixture, GUINT_TO_POINTER (entries), set_up, function,      \
              tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  g_test_add_func ("/window/history/when", test_when);
  ADD ("rows", 1, test_rows);
  ADD ("ten-thousand", 10000, test_ten_thousand);
  ADD ("search", 250, test_search);
  ADD ("search-is-cancelled", 250, test_search_is_cancelled);
  ADD ("changes", 250, test_changes);
  ADD ("empty", 0, test_empty);
  ADD ("refused", 12, test_refused);
  ADD ("delete-from-list", 12, test_delete_from_list);
  ADD ("entry", 12, test_entry);
  ADD ("entry-of-several", 12, test_entry_of_several);
  ADD ("entry-is-deleted", 12, test_entry_is_deleted);
  ADD ("unfinished", 12, test_unfinished);
  ADD ("no-speech", 12, test_no_speech);
  ADD ("click-opens", 12, test_click_opens);
  ADD ("tab-order", 12, test_tab_order);
  ADD ("again", 12, test_again);
  ADD ("versions", 12, test_versions);
  ADD ("export", 12, test_export);
  g_test_add_func ("/window/history/export-name", test_export_name);
  ADD ("service-leaves", 12, test_service_leaves);

  return g_test_run ();
}
