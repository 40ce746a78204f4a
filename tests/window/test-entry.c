/* SPDX-License-Identifier: MIT */
/* One dictation of the history: what can be done with it, and what happens to it meanwhile. */
#include <glib/gstdio.h>

#include "home-fixture.h"

#include "failure-card.h"
#include "transcribe-again-dialog.h"

static void
act (Home *home, const char *action)
{
  gtk_widget_activate_action (home->entry, action, NULL);
}

static gboolean
is_enabled (Home *home, const char *button)
{
  return gtk_widget_get_sensitive (mock_child (home->entry, button));
}

static gboolean
text_ends_with (Home *home, const char *suffix)
{
  g_autofree char *text = NULL;

  g_object_get (mock_child (mock_child (home->entry, "versions"), "buffer"), "text", &text, NULL);
  return g_str_has_suffix (text, suffix);
}

/* Somebody else has deleted it before it could be shown. */
static void
test_gone (Home *home, gconstpointer data)
{
  home_show_history (home);
  mock_fail_next ("GetHistoryEntry", "NotFound", "This dictation is no longer there.");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h0");
  AWAIT (mock_was_called ("GetHistoryEntry h0"));
  AWAIT (!home_shows_entry (home));
  g_assert_cmpstr (home_view (home), ==, "history");
}

static void
test_unreadable (Home *home, gconstpointer data)
{
  mock_fail_next ("GetHistoryEntry", "Storage", "The history cannot be read.");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h0");
  AWAIT (failure_says (mock_child (home->entry, "failure"), "The history cannot be read."));
  g_assert_true (home_shows_entry (home));
  g_assert_false (is_enabled (home, "mark"));

  /* Another one is shown without that. */
  home_open_entry (home, "h1");
  g_assert_false (whis_failure_card_is_shown (mock_child (home->entry, "failure")));
  AWAIT (text_ends_with (home, "Note 1."));
}

static void
not_the_first_cb (GtkTextBuffer *buffer)
{
  g_autofree char *text = NULL;

  g_object_get (buffer, "text", &text, NULL);
  g_assert_false (g_str_has_suffix (text, "Note 0."));
}

/* Of two that are opened in a row only the second one is shown. */
static void
test_opened_in_haste (Home *home, gconstpointer data)
{
  GtkTextBuffer *buffer = mock_child (mock_child (home->entry, "versions"), "buffer");

  g_signal_connect (buffer, "changed", G_CALLBACK (not_the_first_cb), NULL);
  mock_hold ("GetHistoryEntry");
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h0");
  AWAIT (mock_was_called ("GetHistoryEntry h0"));
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", "h1");
  AWAIT (mock_was_called ("GetHistoryEntry h1"));
  mock_release ();
  AWAIT (text_ends_with (home, "Note 1."));
  mock_settle (home->service);
  g_assert_true (text_ends_with (home, "Note 1."));
  g_signal_handlers_disconnect_by_func (buffer, not_the_first_cb, NULL);
}

/* Without its sound there is nothing to play or to recognise. */
static void
test_without_sound (Home *home, gconstpointer data)
{
  mock_alter ("h4", "has-sound", g_variant_new_boolean (FALSE));
  home_open_entry (home, "h4");
  g_assert_false (is_enabled (home, "play"));
  g_assert_false (is_enabled (home, "finish"));
  g_assert_true (is_enabled (home, "copy"));
  act (home, "entry.again");
  mock_settle (home->service);
  g_assert_null (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG));
}

static void
test_without_text (Home *home, gconstpointer data)
{
  mock_alter ("h0", "text", g_variant_new_string (""));
  mock_alter ("h0", "versions", g_variant_new_parsed ("@aa{sv} []"));
  home_open_entry (home, "h0");
  g_assert_false (is_enabled (home, "copy"));
  g_assert_false (is_enabled (home, "insert"));
  g_assert_true (is_enabled (home, "play"));
}

/* How a text was inserted, and what is known of it. */
static void
test_outcome (Home *home, gconstpointer data)
{
  static const struct
  {
    const char *outcome;
    const char *method;
    const char *end;
  } cases[] = {
    { "landed", "x11-paste", " · inserted at the cursor · by keys that paste" },
    { "handed-over", "gnome-shell",
      " · handed over to the text field · by the extension of GNOME Shell" },
    { "not-seen", "to-come", " · inserted, but not seen to arrive" },
    { "password-field", "x11-paste", " · not inserted: a password field had the focus" },
    { "copied", "", " · copied to the clipboard" },
  };

  home_open_entry (home, "h0");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      mock_alter ("h0", "method", g_variant_new_string (cases[i].method));
      mock_alter ("h0", "outcome", g_variant_new_string (cases[i].outcome));
      AWAIT (g_str_has_suffix (label_of (home->entry, "details"), cases[i].end));
    }
}

/* What is changed elsewhere is seen at once, and only its own changes make it load. */
static void
test_changes (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  g_assert_cmpstr (gtk_button_get_icon_name (mock_child (home->entry, "mark")), ==,
                   "non-starred-symbolic");
  mock_alter ("h0", "marked", g_variant_new_boolean (TRUE));
  AWAIT (g_str_equal (gtk_button_get_icon_name (mock_child (home->entry, "mark")),
                      "starred-symbolic"));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (mock_child (home->entry, "mark")), ==, "Unmark");

  mock_forget_calls ();
  mock_alter ("h1", "marked", g_variant_new_boolean (FALSE));
  mock_settle (home->service);
  g_assert_cmpuint (mock_count_method ("GetHistoryEntry"), ==, 0);
}

static void
test_private (Home *home, gconstpointer data)
{
  mock_alter ("h0", "private", g_variant_new_boolean (TRUE));
  home_open_entry (home, "h0");
  g_assert_true (g_str_has_suffix (label_of (home->entry, "details"), " · private"));
}

/* The sound has come to its end: it can be played once more. */
static void
test_playing_ends (Home *home, gconstpointer data)
{
  AdwButtonContent *content = mock_child (home->entry, "play_content");

  home_open_entry (home, "h0");
  act (home, "entry.play");
  AWAIT (g_str_equal (adw_button_content_get_label (content), "_Stop"));
  mock_set ("Playing", g_variant_new_string ("h5"));
  AWAIT (g_str_equal (adw_button_content_get_label (content), "_Play"));
  g_assert_cmpstr (adw_button_content_get_icon_name (content), ==, "media-playback-start-symbolic");

  mock_fail_next ("PlaySound", "Device", "There is no sound device.");
  act (home, "entry.play");
  AWAIT (failure_says (mock_child (home->entry, "failure"), "There is no sound device."));
}

/* While it is transcribed it is neither deleted nor transcribed a second time. */
static void
test_busy (Home *home, gconstpointer data)
{
  mock_alter ("h0", "state", g_variant_new_string ("transcribing"));
  home_open_entry (home, "h0");
  act (home, "entry.delete");
  act (home, "entry.again");
  mock_settle (home->service);
  g_assert_null (mock_find_dialog ());
  g_assert_null (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG));

  mock_alter ("h0", "state", g_variant_new_string ("done"));
  AWAIT (!is_shown (home->entry, "unfinished"));
  act (home, "entry.delete");
  AWAIT (mock_find_dialog () != NULL);
  mock_answer ("_Cancel");
  AWAIT (mock_find_dialog () == NULL);
  g_assert_true (home_shows_entry (home));
}

static void
test_deleting_is_refused (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  act (home, "entry.delete");
  AWAIT (mock_find_dialog () != NULL);
  mock_fail_next ("DeleteHistoryEntries", "Storage", "The disk is full.");
  mock_answer ("_Delete");
  AWAIT (failure_says (mock_child (home->entry, "failure"), "The disk is full."));
  g_assert_true (home_shows_entry (home));
}

static void
begin_again (Home *home)
{
  act (home, "entry.again");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) != NULL);
}

static gboolean
is_under_way (Home *home)
{
  return gtk_revealer_get_reveal_child (mock_child (home->entry, "progress_revealer"));
}

static void
test_again_is_cancelled (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  begin_again (home);
  mock_answer ("_Cancel");
  AWAIT (mock_find_window (WHIS_TYPE_TRANSCRIBE_AGAIN_DIALOG) == NULL);
  mock_settle (home->service);
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 0);
  g_assert_false (is_under_way (home));
}

static void
test_again_is_refused (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  begin_again (home);
  mock_fail_next ("TranscribeAgain", "Key", "Groq needs an API key.");
  mock_answer ("_Transcribe");
  AWAIT (failure_says (mock_child (home->entry, "failure"), "Groq needs an API key."));
  g_assert_false (is_under_way (home));
}

/* The new text is there: the bar goes, and the text is loaded. */
static void
test_again_ends (Home *home, gconstpointer data)
{
  home_open_entry (home, "h0");
  begin_again (home);
  mock_answer ("_Transcribe");
  AWAIT (mock_was_called ("TranscribeAgain h0 {'provider': 'offline'}"));
  g_assert_true (is_under_way (home));

  /* Another dictation's end is not this one's. */
  mock_emit ("Finished", g_variant_new ("(ss)", "h5", "Something else."));
  mock_settle (home->service);
  g_assert_true (is_under_way (home));

  mock_forget_calls ();
  mock_emit ("Finished", g_variant_new ("(ss)", "h0", "New words."));
  AWAIT (!is_under_way (home));
  AWAIT (mock_was_called ("GetHistoryEntry h0"));
}

static void
test_older_version (Home *home, gconstpointer data)
{
  GtkWidget *versions = mock_child (home->entry, "versions");
  GtkDropDown *version = mock_child (versions, "version");

  home_open_entry (home, "h3");
  AWAIT (text_ends_with (home, "battery power. Note 3."));
  g_assert_cmpuint (gtk_drop_down_get_selected (version), ==, 1);
  gtk_drop_down_set_selected (version, 0);
  g_assert_true (text_ends_with (home, "on battery. Note 3."));
  act (home, "entry.copy");
  AWAIT (mock_was_called ("CopyHistoryEntry h3 0"));

  /* What would be inserted is the newest one. */
  g_assert_false (is_enabled (home, "insert"));
  gtk_drop_down_set_selected (version, 1);
  g_assert_true (is_enabled (home, "insert"));
  gtk_drop_down_set_selected (version, 0);

  /* A version beside itself. */
  gtk_check_button_set_active (mock_child (versions, "compare"), TRUE);
  g_assert_cmpstr (label_of (versions, "summary"), ==, "Both versions have the same words");
  gtk_check_button_set_active (mock_child (versions, "compare"), FALSE);
  g_assert_false (is_shown (versions, "summary"));
}

/* What is compared or selected is not taken away by a change that is none of the text. */
static void
test_comparison_stays (Home *home, gconstpointer data)
{
  GtkWidget *versions = mock_child (home->entry, "versions");

  home_open_entry (home, "h3");
  gtk_drop_down_set_selected (mock_child (versions, "version"), 0);
  mock_alter ("h3", "marked", g_variant_new_boolean (TRUE));
  AWAIT (g_str_equal (gtk_button_get_icon_name (mock_child (home->entry, "mark")),
                      "starred-symbolic"));
  g_assert_cmpuint (gtk_drop_down_get_selected (mock_child (versions, "version")), ==, 0);
}

/* --- export ------------------------------------------------------------------------------------
 */

typedef struct
{
  Home home;
  char *folder;
} Export;

static void
export_set_up (Export *export, gconstpointer data)
{
  export->folder = g_dir_make_tmp ("whis-XXXXXX", NULL);
  home_set_up (&export->home, data);
  home_open_entry (&export->home, "h0");
}

static void
export_tear_down (Export *export, gconstpointer data)
{
  home_tear_down (&export->home, data);
  g_assert_cmpint (g_rmdir (export->folder), ==, 0);
  g_free (export->folder);
}

static GtkFileChooser *
open_chooser (Export *export, const char *format)
{
  gtk_widget_activate_action (export->home.entry, "entry.export", "s", format);
  AWAIT (mock_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) != NULL);

  return mock_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG);
}

static gboolean
will_save_as (GtkFileChooser *chooser, const char *path)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (chooser);

  return file != NULL && g_strcmp0 (g_file_peek_path (file), path) == 0;
}

static void
save_as (Export *export, GtkFileChooser *chooser, const char *name)
{
  g_autofree char *path = g_build_filename (export->folder, name, NULL);

  /* A whole path, as one may type it: the folder that the dialog begins with is its own choice. */
  gtk_file_chooser_set_current_name (chooser, path);
  AWAIT (will_save_as (chooser, path));
  click (mock_find_button (chooser, "_Save"));
}

static gboolean
file_ends_with (const char *path, const char *suffix)
{
  g_autofree char *content = NULL;

  return g_file_get_contents (path, &content, NULL, NULL) && g_str_has_suffix (content, suffix);
}

static void
test_export (Export *export, gconstpointer data)
{
  g_autofree char *path = g_build_filename (export->folder, "talk.txt", NULL);
  GtkFileChooser *chooser = open_chooser (export, "txt");
  g_autofree char *suggestion = gtk_file_chooser_get_current_name (chooser);

  g_assert_true (g_str_has_suffix (suggestion, ".txt"));
  save_as (export, chooser, "talk.txt");
  AWAIT (mock_shows_text (export->home.window, "Saved"));
  g_assert_true (file_ends_with (path, "Note 0.\n"));
  AWAIT (mock_find_window (GTK_TYPE_FILE_CHOOSER_DIALOG) == NULL);
  g_assert_false (whis_failure_card_is_shown (mock_child (export->home.entry, "failure")));
  g_unlink (path);
}

/* A sound that is gone leaves no file behind, and says why. */
static void
test_export_fails (Export *export, gconstpointer data)
{
  GtkFileChooser *chooser = open_chooser (export, "sound");

  mock_fail_next ("OpenSound", "File", "The sound is no longer there.");
  save_as (export, chooser, "talk.mp3");
  AWAIT (
      failure_says (mock_child (export->home.entry, "failure"), "The sound is no longer there."));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/entry/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,          \
              home_tear_down)
#define ADD_EXPORT(path, function)                                                                 \
  g_test_add ("/window/entry/" path, Export, GUINT_TO_POINTER (12u), export_set_up, function,      \
              export_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("gone", test_gone);
  ADD ("unreadable", test_unreadable);
  ADD ("opened-in-haste", test_opened_in_haste);
  ADD ("without-sound", test_without_sound);
  ADD ("without-text", test_without_text);
  ADD ("outcome", test_outcome);
  ADD ("changes", test_changes);
  ADD ("private", test_private);
  ADD ("playing-ends", test_playing_ends);
  ADD ("busy", test_busy);
  ADD ("deleting-is-refused", test_deleting_is_refused);
  ADD ("again-is-cancelled", test_again_is_cancelled);
  ADD ("again-is-refused", test_again_is_refused);
  ADD ("again-ends", test_again_ends);
  ADD ("older-version", test_older_version);
  ADD ("comparison-stays", test_comparison_stays);
  ADD_EXPORT ("export", test_export);
  ADD_EXPORT ("export-fails", test_export_fails);

  return g_test_run ();
}
