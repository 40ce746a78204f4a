/* SPDX-License-Identifier: MIT */
/* What is done to one dictation of the history, when the service refuses it or is gone. */
#include "home-fixture.h"

#include "failure-card.h"
#include "transcribe-again-dialog.h"

static void
act (Home *home, const char *action)
{
  gtk_widget_activate_action (home->entry, action, NULL);
}

static double
get_progress (Home *home)
{
  return gtk_progress_bar_get_fraction (mock_child (home->entry, "progress"));
}

static gboolean
is_under_way (Home *home)
{
  return gtk_revealer_get_reveal_child (mock_child (home->entry, "progress_revealer"));
}

static void
tell_progress (const char *id, guint64 done, guint64 total)
{
  mock_emit ("Progress", g_variant_new ("(stt)", id, done, total));
}

/* A dialog for the choice of a service, answered. */
static void
transcribe_again (Home *home)
{
  act (home, "entry.again");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) != NULL);
  mock_answer ("_Transcribe");
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
}

/* A refusal is said in the entry, whatever was wanted, and what is there stays. */
static void
test_refusals (Home *home, gconstpointer data)
{
  static const struct
  {
    const char *action;
    const char *method;
  } cases[] = {
    { "entry.mark", "MarkHistoryEntry" },
    { "entry.play", "PlaySound" },
    { "entry.copy", "CopyHistoryEntry" },
    { "entry.finish", "Resume" },
  };

  home_open_entry (home, "h4");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *sentence = g_strdup_printf ("%s is not possible now.", cases[i].method);

      mock_fail_next (cases[i].method, "Failed", sentence);
      act (home, cases[i].action);
      AWAIT (failure_says (mock_child (home->entry, "failure"), sentence));
      g_assert_true (home_shows_entry (home));
    }
  g_assert_true (is_shown (home->entry, "unfinished"));
  g_assert_cmpstr (gtk_button_get_icon_name (mock_child (home->entry, "mark")), ==,
                   "non-starred-symbolic");
}

/* The bar is this dictation's, never goes beyond its end, and a length that is not known is none.
 */
static void
test_progress (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  tell_progress ("h0", 1, 2);
  mock_settle (home->service);
  g_assert_cmpfloat (get_progress (home), ==, 0);

  transcribe_again (home);
  tell_progress ("h0", 1, 4);
  AWAIT (get_progress (home) == 0.25);
  tell_progress ("h5", 3, 4);
  tell_progress ("h0", 3, 0);
  mock_settle (home->service);
  g_assert_cmpfloat (get_progress (home), ==, 0.25);
  tell_progress ("h0", 9, 4);
  AWAIT (get_progress (home) == 1.0);

  mock_emit ("Finished", g_variant_new ("(ss)", "h0", "New."));
  AWAIT (!is_under_way (home));
  g_assert_cmpfloat (get_progress (home), ==, 0);
}

/* While it is transcribed once more it is neither deleted nor given away a second time. */
static void
test_again_once (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  transcribe_again (home);
  act (home, "entry.again");
  act (home, "entry.delete");
  home_await_frames (home, 3);
  g_assert_null (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG));
  g_assert_null (mock_find_dialog ());
  g_assert_true (gtk_widget_get_sensitive (mock_child (home->entry, "copy")));
}

/* Another one's failure is not this one's, and does not end its bar. */
static void
test_failure_of_another (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  transcribe_again (home);
  mock_emit ("Failed", g_variant_new ("(ssssb)", "h5", "network", "No network.", "", FALSE));
  mock_settle (home->service);
  g_assert_true (is_under_way (home));
  g_assert_false (whis_failure_card_is_shown (mock_child (home->entry, "failure")));

  /* Who looks at another entry meanwhile sees no bar there. */
  home_open_entry (home, "h1");
  g_assert_false (is_under_way (home));
  g_assert_true (gtk_widget_get_sensitive (mock_child (home->entry, "play")));
}

/* What was kept of a dictation that failed is said once, in the entry. */
static void
test_failed_in_entry (Home *home, gconstpointer data)
{
  home_open_entry (home, "h2");
  mock_alter ("h2", "message", g_variant_new_string ("OpenAI has no credit left."));
  mock_emit ("Failed",
             g_variant_new ("(ssssb)", "h2", "money", "OpenAI has no credit left.", "sound", TRUE));
  AWAIT (g_str_equal (label_of (home->entry, "reason"), "OpenAI has no credit left."));
  mock_settle (home->service);
  g_assert_false (whis_failure_card_is_shown (mock_child (home->entry, "failure")));
}

static void
ask_to_delete (Home *home)
{
  act (home, "entry.delete");
  AWAIT (mock_find_dialog () != NULL);
}

/* The dictation is gone before the answer: there is nothing to delete, and no reason to complain.
 */
static void
test_gone_before_answer (Home *home, gconstpointer data)
{
  const char *const ids[] = { "h0", NULL };

  home_show_history (home);
  home_open_entry (home, "h0");
  ask_to_delete (home);
  whis_bus_whis1_call_delete_history_entries (whis_service_proxy_get_interface (home->service), ids,
                                              NULL, NULL, NULL);
  AWAIT (!home_shows_entry (home));
  mock_forget_calls ();
  mock_answer ("_Delete");
  AWAIT (mock_find_dialog () == NULL);
  mock_settle (home->service);
  g_assert_cmpuint (mock_count_method ("DeleteHistoryEntries"), ==, 0);
}

static void
test_service_leaves_question (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  ask_to_delete (home);
  mock_stop ();
  AWAIT (!home_shows_entry (home));
  mock_answer ("_Delete");
  AWAIT (mock_find_dialog () == NULL);
}

/* The same for the choice of a service. */
static void
test_service_leaves_choice (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  act (home, "entry.again");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) != NULL);
  mock_stop ();
  AWAIT (!home_shows_entry (home));
  mock_answer ("_Transcribe");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) == NULL);
  g_assert_false (is_under_way (home));
}

/* It comes back: the entry can be opened anew, and works. */
static void
test_service_returns (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  transcribe_again (home);
  mock_stop ();
  AWAIT (!home_shows_entry (home));
  g_assert_false (is_under_way (home));
  mock_start ();
  mock_fill (3);
  AWAIT (whis_service_proxy_is_running (home->service));
  home_open_entry (home, "h1");
  act (home, "entry.copy");
  AWAIT (mock_was_called ("CopyHistoryEntry h1 0"));
  AWAIT (mock_shows_text (home->window, "Copied"));
}

/* No service can be used: the dialog says so by what it lets one do. */
static void
test_no_service_to_choose (Home *home, gconstpointer data)
{
  g_autoptr (GListStore) none = g_list_store_new (G_TYPE_OBJECT);
  WhisTranscribeAgainDialog *dialog =
      whis_transcribe_again_dialog_new (home->entry, G_LIST_MODEL (none));
  g_autoptr (GVariant) options = NULL;

  g_assert_false (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (dialog),
                                                           WHIS_TRANSCRIBE_AGAIN_RESPONSE));
  g_assert_false (is_shown (dialog, "model"));
  options = g_variant_ref_sink (whis_transcribe_again_dialog_build_options (dialog));
  g_assert_cmpuint (g_variant_n_children (options), ==, 0);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* A service with one way to hear has no models to choose from, and none is sent. */
static void
test_models_to_choose (Home *home, gconstpointer data)
{
  gpointer dialog;

  home_open_entry (home, "h0");
  act (home, "entry.again");
  AWAIT ((dialog = mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG)) != NULL);
  g_assert_false (is_shown (dialog, "model"));
  adw_combo_row_set_selected (mock_child (dialog, "provider"), 1);
  g_assert_true (is_shown (dialog, "model"));
  adw_combo_row_set_selected (mock_child (dialog, "provider"), 2);
  g_assert_false (is_shown (dialog, "model"));
  mock_answer ("_Transcribe");
  AWAIT (mock_was_called ("TranscribeAgain h0 {'provider': 'custom'}"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/entry-actions/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,  \
              home_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("refusals", test_refusals);
  ADD ("progress", test_progress);
  ADD ("again-once", test_again_once);
  ADD ("failure-of-another", test_failure_of_another);
  ADD ("failed-in-entry", test_failed_in_entry);
  ADD ("gone-before-answer", test_gone_before_answer);
  ADD ("service-leaves-question", test_service_leaves_question);
  ADD ("service-leaves-choice", test_service_leaves_choice);
  ADD ("service-returns", test_service_returns);
  ADD ("no-service-to-choose", test_no_service_to_choose);
  ADD ("models-to-choose", test_models_to_choose);

  return g_test_run ();
}
