/* SPDX-License-Identifier: MIT */
#include <glib/gstdio.h>

#include "failure-card.h"
#include "level-meter.h"
#include "main-window.h"
#include "mock.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *settings;
  WhisMainWindow *window;
  GtkWidget *recorder;
  GtkWidget *failure;
  GtkWidget *text;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->settings = whis_settings_new (NULL);
  fixture->window =
      whis_main_window_new (mock_get_application (), fixture->service, fixture->settings);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->recorder = mock_child (fixture->window, "recorder");
  fixture->failure = mock_child (fixture->window, "failure");
  fixture->text = mock_child (fixture->window, "text");
  gtk_window_present (GTK_WINDOW (fixture->window));
  AWAIT (mock_was_called ("GetLastText"));
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

static void
set_state (Fixture *fixture, const char *state)
{
  mock_set_state (state);
  AWAIT (whis_service_proxy_get_state (fixture->service) == whis_dictation_state_from_nick (state));
}

static const char *
label (gpointer widget, const char *name)
{
  return gtk_label_get_text (mock_child (widget, name));
}

static char *
dup_text (Fixture *fixture)
{
  GtkTextBuffer *buffer = mock_child (fixture->text, "buffer");
  char *text;

  g_object_get (buffer, "text", &text, NULL);
  return text;
}

static gboolean
text_is (Fixture *fixture, const char *expected)
{
  g_autofree char *text = dup_text (fixture);

  return g_str_equal (text, expected);
}

static void
click (gpointer button)
{
  g_signal_emit_by_name (button, "clicked");
}

static gboolean
failure_is (Fixture *fixture, const char *sentence)
{
  return whis_failure_card_is_shown (WHIS_FAILURE_CARD (fixture->failure))
         && g_str_equal (label (fixture->failure, "message"), sentence);
}

static void
test_states (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *state;
    const char *title;
    gboolean stops;
    gboolean busy;
    const char *meter;
  } cases[] = {
    { "starting", "Starting…", TRUE, TRUE, "level" },
    { "recording", "Recording", TRUE, TRUE, "level" },
    { "transcribing", "Transcribing…", FALSE, TRUE, "progress" },
    { "delivering", "Delivering the text…", FALSE, TRUE, "progress" },
    { "done", "Done", FALSE, FALSE, "level" },
    { "failed", "That did not work", FALSE, FALSE, "level" },
    { "cancelled", "Cancelled", FALSE, FALSE, "level" },
    { "idle", "Ready", FALSE, FALSE, "level" },
  };
  GtkWidget *button = mock_child (fixture->recorder, "button");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_state (fixture, cases[i].state);
      g_assert_cmpstr (label (fixture->recorder, "state"), ==, cases[i].title);
      g_assert_cmpint (gtk_widget_has_css_class (button, "destructive-action"), ==, cases[i].stops);
      g_assert_cmpint (gtk_widget_has_css_class (button, "suggested-action"), ==, !cases[i].stops);
      g_assert_cmpstr (gtk_widget_get_tooltip_text (button), ==,
                       cases[i].stops ? "Stop Recording (Ctrl+R)" : "Start Recording (Ctrl+R)");
      g_assert_cmpstr (
          gtk_stack_get_visible_child_name (mock_child (fixture->recorder, "cancel_stack")), ==,
          cases[i].busy ? "cancel" : "nothing");
      g_assert_cmpstr (
          gtk_stack_get_visible_child_name (mock_child (fixture->recorder, "meter_stack")), ==,
          cases[i].meter);
    }
}

/* Nobody spoke: nothing is said to be broken, also in a window that is opened afterwards. */
static void
test_no_speech (Fixture *fixture, gconstpointer data)
{
  mock_set ("Code", g_variant_new_string ("no-speech"));
  set_state (fixture, "failed");
  AWAIT (g_str_equal (label (fixture->recorder, "state"), "No speech heard"));
  mock_set ("Message", g_variant_new_string ("No speech heard, so the clipboard is as it was."));
  AWAIT (failure_is (fixture, "No speech heard, so the clipboard is as it was."));
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->failure, "card"), "fault"));
  mock_set ("Code", g_variant_new_string ("money"));
  AWAIT (g_str_equal (label (fixture->recorder, "state"), "That did not work"));
}

static void
test_click (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button = mock_child (fixture->recorder, "button");

  click (button);
  AWAIT (mock_was_called ("Toggle {}"));
  AWAIT (gtk_widget_has_css_class (button, "destructive-action"));
  click (button);
  AWAIT (gtk_widget_has_css_class (button, "suggested-action"));
  g_assert_cmpuint (mock_count_calls ("Toggle {}"), ==, 2);
}

static void
test_ten_clicks (Fixture *fixture, gconstpointer data)
{
  for (int i = 0; i < 10; i++)
    click (mock_child (fixture->recorder, "button"));
  AWAIT (mock_count_calls ("Toggle {}") == 10);
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_TRANSCRIBING);
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (fixture->failure)));
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  set_state (fixture, "recording");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.cancel", NULL);
  AWAIT (mock_was_called ("Cancel "));
  AWAIT (mock_find_button (fixture->window, "_Undo") != NULL);
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (fixture->failure)));

  /* Escape does nothing when there is nothing to cancel. */
  mock_forget_calls ();
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.cancel", NULL);
  g_assert_false (mock_was_called ("Cancel "));
}

/* A person is never as quick as to click on what has not been drawn. */
static void
await_frames (Fixture *fixture)
{
  GtkWidget *widget = GTK_WIDGET (fixture->window);
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gint64 end = gdk_frame_clock_get_frame_counter (clock) + 5;

  gdk_frame_clock_begin_updating (clock);
  AWAIT (gdk_frame_clock_get_frame_counter (clock) >= end);
  gdk_frame_clock_end_updating (clock);
}

static void
test_undo_cancel (Fixture *fixture, gconstpointer data)
{
  set_state (fixture, "recording");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.cancel", NULL);
  AWAIT (mock_find_button (fixture->window, "_Undo") != NULL);
  await_frames (fixture);
  click (mock_find_button (fixture->window, "_Undo"));
  AWAIT (mock_was_called ("UndoCancel"));
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_TRANSCRIBING);
  AWAIT (mock_find_button (fixture->window, "_Undo") == NULL);
}

/* After a minute the service forgets, and the offer goes. */
static void
test_undo_is_over (Fixture *fixture, gconstpointer data)
{
  mock_set ("CanUndoCancel", g_variant_new_boolean (TRUE));
  AWAIT (mock_find_button (fixture->window, "_Undo") != NULL);
  mock_set ("CanUndoCancel", g_variant_new_boolean (FALSE));
  AWAIT (mock_find_button (fixture->window, "_Undo") == NULL);
}

static void
test_banner (Fixture *fixture, gconstpointer data)
{
  GtkWidget *banner = mock_child (fixture->window, "banner");
  GtkWidget *card = mock_child (banner, "card");

  g_assert_false (gtk_widget_get_visible (card));
  mock_set ("Unfinished", g_variant_new_uint32 (1));
  AWAIT (gtk_widget_get_visible (card));
  g_assert_cmpstr (label (banner, "message"), ==,
                   "1 dictation was interrupted or waits for its service");
  mock_set ("Unfinished", g_variant_new_uint32 (2));
  AWAIT (g_str_equal (label (banner, "message"),
                      "2 dictations were interrupted or wait for their service"));

  click (mock_find_button (banner, "_Finish"));
  AWAIT (mock_was_called ("Resume  {}"));
  AWAIT (failure_is (fixture, "There is nothing to finish."));

  click (mock_find_button (banner, "Show in _History"));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (mock_child (fixture->window, "views")),
                   ==, "history");
  AWAIT (mock_was_called ("ListHistory {'limit': 100, 'offset': 0, 'states': ['waiting', "
                          "'interrupted', 'failed', 'cancelled']}"));
  mock_set ("Unfinished", g_variant_new_uint32 (0));
  AWAIT (!gtk_widget_get_visible (card));
}

static void
test_warnings (Fixture *fixture, gconstpointer data)
{
  GtkWidget *warning = mock_child (fixture->recorder, "warning");

  mock_set ("Dictation", g_variant_new_string ("d1"));
  set_state (fixture, "recording");
  g_assert_false (gtk_widget_get_visible (warning));
  mock_emit ("Warning", g_variant_new ("(ss)", "d1", "The webcam is used."));
  AWAIT (gtk_widget_get_visible (warning));

  /* Another dictation's warning is not this one's; signals come in the order they are sent. */
  mock_emit ("Warning", g_variant_new ("(ss)", "d0", "Not about this one."));
  mock_set ("Elapsed", g_variant_new_uint64 (1000));
  AWAIT (g_str_equal (label (fixture->recorder, "elapsed"), "0:01"));
  g_assert_cmpstr (label (fixture->recorder, "warning"), ==, "The webcam is used.");

  mock_set ("Silent", g_variant_new_boolean (TRUE));
  AWAIT (g_str_has_prefix (label (fixture->recorder, "warning"), "Nothing is heard."));
  mock_set ("Silent", g_variant_new_boolean (FALSE));
  AWAIT (g_str_equal (label (fixture->recorder, "warning"), "The webcam is used."));

  /* There is sound again: what was said about it has passed, in both places. */
  mock_emit ("Warning", g_variant_new ("(ss)", "d1", "Nothing is heard from “Headset”."));
  mock_set ("Message", g_variant_new_string ("Nothing is heard from “Headset”."));
  AWAIT (failure_is (fixture, "Nothing is heard from “Headset”."));
  g_assert_true (gtk_widget_get_visible (warning));
  mock_set ("Message", g_variant_new_string (""));
  AWAIT (!gtk_widget_get_visible (warning));
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (fixture->failure)));

  set_state (fixture, "transcribing");
  g_assert_false (gtk_widget_get_visible (warning));
  mock_set ("Dictation", g_variant_new_string ("d2"));
  set_state (fixture, "recording");
  AWAIT (g_str_equal (whis_service_proxy_get_dictation (fixture->service), "d2"));
  g_assert_false (gtk_widget_get_visible (warning));
}

static void
test_numbers (Fixture *fixture, gconstpointer data)
{
  WhisLevelMeter *meter = mock_child (fixture->recorder, "level");
  GtkLevelBar *bar = GTK_LEVEL_BAR (gtk_widget_get_first_child (GTK_WIDGET (meter)));
  GtkProgressBar *progress = mock_child (fixture->recorder, "progress");

  set_state (fixture, "recording");
  mock_set ("Elapsed", g_variant_new_uint64 (67900));
  AWAIT (g_str_equal (label (fixture->recorder, "elapsed"), "1:07"));
  mock_set ("Elapsed", g_variant_new_uint64 (3723000));
  AWAIT (g_str_equal (label (fixture->recorder, "elapsed"), "1:02:03"));

  mock_set ("Level", g_variant_new_double (-30.0));
  AWAIT (gtk_level_bar_get_value (bar) > 0.4999 && gtk_level_bar_get_value (bar) < 0.5001);
  mock_set ("Level", g_variant_new_double (-100.0));
  AWAIT (gtk_level_bar_get_value (bar) == 0.0);
  g_assert_false (whis_level_meter_is_moving (meter));

  mock_set ("Dictation", g_variant_new_string ("d7"));
  set_state (fixture, "transcribing");
  mock_emit ("Progress",
             g_variant_new ("(stt)", "d7", G_GUINT64_CONSTANT (1), G_GUINT64_CONSTANT (4)));
  AWAIT (gtk_progress_bar_get_fraction (progress) == 0.25);

  /* Another dictation's progress is not this one's; the signals come in the order they are sent. */
  mock_emit ("Progress",
             g_variant_new ("(stt)", "d6", G_GUINT64_CONSTANT (9), G_GUINT64_CONSTANT (10)));
  mock_set ("Elapsed", g_variant_new_uint64 (1000));
  AWAIT (g_str_equal (label (fixture->recorder, "elapsed"), "0:01"));
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (progress), ==, 0.25);
}

static void
test_destination (Fixture *fixture, gconstpointer data)
{
  /* How good it is depends on the model. */
  AWAIT (g_str_equal (label (fixture->recorder, "destination"),
                      "Recognised on this computer by Tiny"));
  mock_stock (g_variant_new_parsed ("{'base': 'absent'}"), "english");
  AWAIT (
      g_str_equal (label (fixture->recorder, "destination"),
                   "Recognised on this computer, English only and rougher than a cloud service"));
  mock_stock (g_variant_new_parsed ("{'base': 'absent'}"), "");
  AWAIT (g_str_equal (label (fixture->recorder, "destination"),
                      "Kept on this computer until there is a model that recognises it"));
  mock_set ("Destination", g_variant_new_string ("api.openai.com"));
  mock_set ("Provider", g_variant_new_string ("openai"));
  AWAIT (g_str_equal (label (fixture->recorder, "destination"), "Sound goes to api.openai.com"));
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  GtkStack *stack = mock_child (fixture->text, "stack");
  GtkWidget *copy = mock_child (fixture->text, "copy");

  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "empty");
  mock_set ("Dictation", g_variant_new_string ("d1"));
  set_state (fixture, "transcribing");
  mock_emit ("PartialText", g_variant_new ("(ss)", "d1", "So far"));
  AWAIT (text_is (fixture, "So far"));
  g_assert_cmpstr (label (fixture->text, "title"), ==, "Text so Far");
  g_assert_false (gtk_widget_get_visible (copy));

  mock_emit ("Finished", g_variant_new ("(ss)", "d1", "So far so good – 很好"));
  AWAIT (text_is (fixture, "So far so good – 很好"));
  g_assert_cmpstr (label (fixture->text, "title"), ==, "Last Text");
  g_assert_true (gtk_widget_get_visible (copy));

  click (copy);
  AWAIT (mock_was_called ("CopyLastText"));

  mock_fail_next ("CopyLastText", "Clipboard", "The clipboard cannot be reached.");
  click (copy);
  AWAIT (failure_is (fixture, "The clipboard cannot be reached."));
}

/* What is still spoken is recognised only while somebody can see it. */
static void
test_watches_text (Fixture *fixture, gconstpointer data)
{
  AdwViewStack *views = mock_child (fixture->window, "views");

  AWAIT (mock_was_called ("WatchText True"));
  g_assert_false (mock_was_called ("WatchText False"));
  mock_forget_calls ();
  adw_view_stack_set_visible_child_name (views, "history");
  AWAIT (mock_was_called ("WatchText False"));
  g_assert_false (mock_was_called ("WatchText True"));
  adw_view_stack_set_visible_child_name (views, "dictate");
  AWAIT (mock_was_called ("WatchText True"));
}

/* The text before a dictation that failed is the last text again. */
static void
test_text_after_failure (Fixture *fixture, gconstpointer data)
{
  mock_emit ("Finished", g_variant_new ("(ss)", "d1", "First"));
  AWAIT (text_is (fixture, "First"));
  mock_set ("Dictation", g_variant_new_string ("d2"));
  set_state (fixture, "transcribing");
  mock_emit ("PartialText", g_variant_new ("(ss)", "d2", "Sec"));
  AWAIT (text_is (fixture, "Sec"));
  set_state (fixture, "failed");
  AWAIT (text_is (fixture, "First"));
}

/* In a window nobody types a command: a button does it. */
static void
test_try_again (Fixture *fixture, gconstpointer data)
{
  GtkWidget *again = mock_child (fixture->failure, "again");

  set_state (fixture, "failed");
  mock_emit ("Failed", g_variant_new ("(ssssb)", "d7", "money", "No credit.", "sound", TRUE));
  AWAIT (failure_is (fixture, "No credit."));
  g_assert_cmpstr (label (fixture->failure, "kept"), ==, "The sound is kept.");
  g_assert_true (gtk_widget_get_visible (again));
  g_signal_emit_by_name (again, "clicked");
  AWAIT (mock_was_called ("Resume d7 {}"));
  /* It is not there any more, and that is said. */
  AWAIT (failure_is (fixture, "There is nothing to finish."));
  g_assert_false (gtk_widget_get_visible (again));
}

static void
test_failure (Fixture *fixture, gconstpointer data)
{
  GtkWidget *keys = mock_child (fixture->failure, "keys");
  GtkWidget *card = mock_child (fixture->failure, "card");

  set_state (fixture, "failed");
  mock_emit ("Failed",
             g_variant_new ("(ssssb)", "d1", "network", "There is no network.", "sound", FALSE));
  AWAIT (failure_is (fixture, "There is no network."));
  g_assert_cmpstr (label (fixture->failure, "kept"), ==, "The sound is kept.");
  g_assert_true (gtk_widget_has_css_class (card, "fault"));
  g_assert_false (gtk_widget_get_visible (keys));

  g_assert_false (gtk_widget_get_visible (mock_child (fixture->failure, "again")));

  mock_emit ("Failed",
             g_variant_new ("(ssssb)", "d1", "key-wrong", "The key is wrong.", "", FALSE));
  AWAIT (failure_is (fixture, "The key is wrong."));
  g_assert_true (gtk_widget_get_visible (keys));
  g_assert_false (gtk_widget_get_visible (mock_child (fixture->failure, "kept")));

  mock_emit ("Failed", g_variant_new ("(ssssb)", "d1", "no-speech", "No speech heard.", "", FALSE));
  AWAIT (failure_is (fixture, "No speech heard."));
  g_assert_false (gtk_widget_has_css_class (card, "fault"));

  set_state (fixture, "recording");
  g_assert_false (whis_failure_card_is_shown (WHIS_FAILURE_CARD (fixture->failure)));
  g_assert_false (gtk_widget_get_visible (card));
}

static void
test_message (Fixture *fixture, gconstpointer data)
{
  mock_set ("Message",
            g_variant_new_string ("The chosen microphone is gone; the default is used."));
  AWAIT (failure_is (fixture, "The chosen microphone is gone; the default is used."));
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->failure, "card"), "fault"));
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  GtkWidget *button = mock_child (fixture->recorder, "button");

  mock_fail_next ("Toggle", "Device", "There is no microphone; plug one in.");
  click (button);
  AWAIT (failure_is (fixture, "There is no microphone; plug one in."));

  mock_fail_next ("Toggle", "Key",
                  "There is no key.\ncode: key-missing\nid: d8\nkept: sound\nresumable");
  click (button);
  AWAIT (failure_is (fixture, "There is no key."));
  g_assert_cmpstr (label (fixture->failure, "kept"), ==, "The sound is kept.");
  g_assert_true (gtk_widget_get_visible (mock_child (fixture->failure, "keys")));
  g_signal_emit_by_name (mock_child (fixture->failure, "again"), "clicked");
  AWAIT (mock_was_called ("Resume d8 {}"));

  mock_fail_next ("Toggle", "org.freedesktop.DBus.Error.NoReply", "Message recipient gone");
  click (button);
  AWAIT (failure_is (fixture, "Whis did not answer; start it again if this stays so."));

  click (button);
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_RECORDING);
}

static char *
write_file (const char *contents)
{
  g_autoptr (GError) error = NULL;
  char *path = NULL;
  int descriptor = g_file_open_tmp ("whis-XXXXXX.mp3", &path, &error);

  g_assert_no_error (error);
  g_close (descriptor, NULL);
  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
  return path;
}

static void
transcribe (Fixture *fixture, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  whis_main_window_transcribe (fixture->window, file);
}

static void
test_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_file ("not much of a song");
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *expected = g_strdup_printf ("TranscribeFile 0 %s {}", name);

  transcribe (fixture, path);
  AWAIT (mock_was_called (expected));
  AWAIT (mock_was_called ("file of 18 bytes"));
  AWAIT (whis_service_proxy_get_state (fixture->service) == WHIS_DICTATION_STATE_TRANSCRIBING);
  g_unlink (path);
}

static void
test_bad_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *empty = write_file ("");
  g_autofree char *name = g_path_get_basename (empty);
  g_autofree char *is_empty =
      g_strdup_printf ("“%s” is empty; choose a file with sound in it.", name);

  transcribe (fixture, "/");
  AWAIT (failure_is (fixture, "“/” is not a file; choose an audio or video file."));
  transcribe (fixture, "/dev/zero");
  AWAIT (failure_is (fixture, "“zero” is not a file; choose an audio or video file."));
  transcribe (fixture, empty);
  AWAIT (failure_is (fixture, is_empty));
  transcribe (fixture, "/nonexistent/song.mp3");
  AWAIT (g_str_has_prefix (label (fixture->failure, "message"),
                           "“/nonexistent/song.mp3” cannot be read:"));
  mock_fail_next ("TranscribeFile", "File", "There is no sound in this file.");
  g_file_set_contents (empty, "x", 1, NULL);
  transcribe (fixture, empty);
  AWAIT (failure_is (fixture, "There is no sound in this file."));
  g_unlink (empty);
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

static void
test_drop (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_file ("abc");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GtkDropTarget *target = find_drop_target (mock_child (fixture->window, "toasts"));
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, gdk_file_list_new_from_array (&file, 1));
  g_signal_emit_by_name (target, "drop", &value, 10.0, 10.0, &taken);
  g_assert_true (taken);
  AWAIT (mock_was_called ("file of 3 bytes"));
  g_unlink (path);
}

static void
test_close_with_tray (Fixture *fixture, gconstpointer data)
{
  set_state (fixture, "recording");
  mock_forget_calls ();
  gtk_window_close (GTK_WINDOW (fixture->window));
  AWAIT (fixture->window == NULL);
  g_assert_false (mock_was_called ("Quit"));
  g_assert_false (mock_was_called ("Stop"));
}

static AdwMessageDialog *
close_without_tray (Fixture *fixture)
{
  mock_set ("Tray", g_variant_new_boolean (FALSE));
  AWAIT (!whis_service_proxy_get_tray (fixture->service));
  gtk_window_close (GTK_WINDOW (fixture->window));
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  g_assert_nonnull (fixture->window);

  return mock_find_window (ADW_TYPE_MESSAGE_DIALOG);
}

static void
test_close_keep (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog = close_without_tray (fixture);

  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Keep Whis Running?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "whis toggle"));
  mock_answer ("_Keep Running");
  AWAIT (fixture->window == NULL);
  g_assert_false (mock_was_called ("Quit"));
}

static void
test_close_cancel (Fixture *fixture, gconstpointer data)
{
  AdwMessageDialog *dialog;

  set_state (fixture, "recording");
  dialog = close_without_tray (fixture);
  g_assert_cmpstr (adw_message_dialog_get_heading (dialog), ==, "Keep Recording?");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (dialog), "recording is under way"));
  mock_answer ("_Cancel");
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) == NULL);
  g_assert_nonnull (fixture->window);
  g_assert_false (mock_was_called ("Quit"));
}

static void
test_close_quit (Fixture *fixture, gconstpointer data)
{
  close_without_tray (fixture);
  mock_answer ("_Quit Whis");
  AWAIT (whis_service_proxy_get_availability (fixture->service) == WHIS_AVAILABILITY_ABSENT);
  AWAIT (fixture->window == NULL);
}

static void
test_quit_while_recording (Fixture *fixture, gconstpointer data)
{
  set_state (fixture, "recording");
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.quit-service", NULL);
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  g_assert_false (mock_was_called ("Quit"));
  mock_answer ("Stop and _Quit");
  AWAIT (fixture->window == NULL);
}

/* The service ends, the window says so, and its button starts it again. */
static void
test_service_leaves (Fixture *fixture, gconstpointer data)
{
  GtkStack *pages = mock_child (fixture->window, "pages");

  mock_stop ();
  AWAIT (g_str_equal (gtk_stack_get_visible_child_name (pages), "absent"));
  g_assert_cmpstr (adw_status_page_get_description (mock_child (fixture->window, "absent")), ==,
                   "Whis has ended. Start it to dictate again.");

  g_setenv ("WHIS_SERVICE_PROGRAM", "/nonexistent/whis", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.start-service", NULL);
  AWAIT (strstr (adw_status_page_get_description (mock_child (fixture->window, "absent")),
                 "could not be run")
         != NULL);

  g_setenv ("WHIS_SERVICE_PROGRAM", "/bin/true", TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.start-service", NULL);
  AWAIT (strstr (adw_status_page_get_description (mock_child (fixture->window, "absent")),
                 "ended right after it was started")
         != NULL);

  g_setenv ("WHIS_SERVICE_PROGRAM", mock_get_program (), TRUE);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.start-service", NULL);
  AWAIT (g_str_equal (gtk_stack_get_visible_child_name (pages), "home"));
  g_unsetenv ("WHIS_SERVICE_PROGRAM");

  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.quit-service", NULL);
  AWAIT (fixture->window == NULL);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("/window/main-window/states", test_states);
  ADD ("/window/main-window/no-speech", test_no_speech);
  ADD ("/window/main-window/click", test_click);
  ADD ("/window/main-window/ten-clicks", test_ten_clicks);
  ADD ("/window/main-window/cancel", test_cancel);
  ADD ("/window/main-window/undo-cancel", test_undo_cancel);
  ADD ("/window/main-window/undo-is-over", test_undo_is_over);
  ADD ("/window/main-window/banner", test_banner);
  ADD ("/window/main-window/warnings", test_warnings);
  ADD ("/window/main-window/numbers", test_numbers);
  ADD ("/window/main-window/destination", test_destination);
  ADD ("/window/main-window/text", test_text);
  ADD ("/window/main-window/text-after-failure", test_text_after_failure);
  ADD ("/window/main-window/failure", test_failure);
  ADD ("/window/main-window/try-again", test_try_again);
  ADD ("/window/main-window/message", test_message);
  ADD ("/window/main-window/refusals", test_refusals);
  ADD ("/window/main-window/file", test_file);
  ADD ("/window/main-window/bad-files", test_bad_files);
  ADD ("/window/main-window/drop", test_drop);
  ADD ("/window/main-window/close-with-tray", test_close_with_tray);
  ADD ("/window/main-window/close-keep", test_close_keep);
  ADD ("/window/main-window/close-cancel", test_close_cancel);
  ADD ("/window/main-window/close-quit", test_close_quit);
  ADD ("/window/main-window/quit-while-recording", test_quit_while_recording);
  ADD ("/window/main-window/service-leaves", test_service_leaves);
  ADD ("/window/main-window/watches-text", test_watches_text);

  return g_test_run ();
}
