/* SPDX-License-Identifier: MIT */
#include "main-window.h"
#include "mock.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  GSettings *settings;
  WhisMainWindow *window;
  GtkWidget *offer;
} Fixture;

static void
open_window (Fixture *fixture)
{
  fixture->window =
      whis_main_window_new (mock_get_application (), fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->offer = mock_child (fixture->window, "model_offer");
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
close_window (Fixture *fixture)
{
  if (fixture->window != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->window));
  AWAIT (fixture->window == NULL);
}

static void
stock (const char *states, const char *current)
{
  mock_stock (g_variant_new_parsed (states), current);
}

/* The data are settings as they are before the window opens. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  stock ("{'base': 'absent', 'tiny': 'absent'}", "english");
  fixture->settings = g_settings_new (WHIS_APP_ID);
  if (data != NULL)
    g_settings_set_string (fixture->settings, "provider", data);
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  open_window (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *const keys[] = { "provider", "models", "language", "model-offer", "fetched-model" };

  close_window (fixture);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_reset (fixture->settings, keys[i]);
  g_clear_object (&fixture->settings);
}

static gboolean
is_shown (Fixture *fixture)
{
  return gtk_widget_get_visible (mock_child (fixture->offer, "card"))
         && gtk_revealer_get_reveal_child (mock_child (fixture->offer, "revealer"));
}

static gboolean
says (Fixture *fixture, const char *name, const char *text)
{
  GtkWidget *label = mock_child (fixture->offer, name);
  g_autoptr (GString) plain = g_string_new (gtk_label_get_text (GTK_LABEL (label)));

  /* In front of a unit GLib puts a blank that does not break. */
  g_string_replace (plain, "\u00a0", " ", 0);
  if (!is_shown (fixture) || !gtk_widget_get_visible (label))
    return *text == '\0';

  return g_str_equal (plain->str, text);
}

static gboolean
offers (Fixture *fixture, const char *name, const char *label)
{
  GtkButton *button = mock_child (fixture->offer, name);

  return is_shown (fixture) && gtk_widget_get_visible (GTK_WIDGET (button))
         && g_strcmp0 (gtk_button_get_label (button), label) == 0;
}

static gboolean
has (Fixture *fixture, const char *name)
{
  return gtk_widget_get_visible (mock_child (fixture->offer, name));
}

static void
click (Fixture *fixture, const char *name)
{
  GtkWidget *button = mock_child (fixture->offer, name);

  g_assert_true (gtk_widget_get_visible (button));
  g_signal_emit_by_name (button, "clicked");
}

/* Model, size, host and languages stand there before anything is asked of that host. */
static void
test_offer (Fixture *fixture, gconstpointer data)
{
  AWAIT (offers (fixture, "action", "_Download"));
  g_assert_true (says (fixture, "title", "Better Recognition on This Computer"));
  g_assert_true (says (fixture, "text",
                       "Base recognises 2 languages. What you say does not leave this computer. "
                       "So far Whis recognises English alone, and roughly."));
  g_assert_true (
      says (fixture, "facts", "80.0 MB are downloaded from models.example, once. Somebody (MIT)"));
  g_assert_true (offers (fixture, "dismiss", "_Not Now"));
  g_assert_true (offers (fixture, "smaller", "_Smaller"));
  g_assert_false (has (fixture, "progress"));
  g_assert_false (has (fixture, "stop"));

  /* Whether the user's own language is among them. */
  g_settings_set_string (fixture->settings, "language", "haw");
  AWAIT (
      says (fixture, "text",
            "Base recognises 2 languages; your language is not among them. What you say does not "
            "leave this computer. So far Whis recognises English alone, and roughly."));
  g_settings_set_string (fixture->settings, "language", "de-AT");
  AWAIT (says (fixture, "text",
               "Base recognises 2 languages, German among them. What you say does not leave this "
               "computer. So far Whis recognises English alone, and roughly."));
  stock ("{'base': 'absent', 'tiny': 'absent'}", "");
  AWAIT (says (fixture, "text",
               "Base recognises 2 languages, German among them. What you say does not leave this "
               "computer. There is no model yet: what you say is kept until there is one."));
  g_settings_set_string (fixture->settings, "language", "ja");
  AWAIT (says (fixture, "text",
               "Base recognises 2 languages; Japanese is not among them. What you say does not "
               "leave this computer. There is no model yet: what you say is kept until there is "
               "one."));

  /* The next smaller one, and no more behind it. */
  click (fixture, "smaller");
  AWAIT (says (fixture, "text",
               "Tiny recognises 2 languages; Japanese is not among them. What you say does not "
               "leave this computer. There is no model yet: what you say is kept until there is "
               "one."));
  g_assert_false (has (fixture, "smaller"));
  g_assert_cmpuint (mock_count_method ("Models.Fetch"), ==, 0);
}

static void
test_not_now (Fixture *fixture, gconstpointer data)
{
  AWAIT (is_shown (fixture));
  click (fixture, "dismiss");
  g_assert_false (is_shown (fixture));
  g_assert_false (g_settings_get_boolean (fixture->settings, "model-offer"));
  close_window (fixture);

  /* Not by itself again; the list in the preferences is there in any case. */
  open_window (fixture);
  stock ("{'base': 'partial', 'tiny': 'absent'}", "");
  AWAIT (
      gtk_label_get_text (mock_child (mock_child (fixture->window, "recorder"), "destination"))[0]
      == 'K');
  g_assert_false (is_shown (fixture));
  g_settings_reset (fixture->settings, "model-offer");
  AWAIT (is_shown (fixture));
}

static void
test_not_needed (Fixture *fixture, gconstpointer data)
{
  AWAIT (is_shown (fixture));
  stock ("{'base': 'absent', 'tiny': 'verified'}", "tiny");
  AWAIT (!is_shown (fixture));
  stock ("{'base': 'absent', 'tiny': 'damaged'}", "english");
  AWAIT (is_shown (fixture));

  /* A service with a key is used, and nothing is to be had here; one without a key is no help. */
  g_settings_set_string (fixture->settings, "provider", "groq");
  AWAIT (!is_shown (fixture));
  g_settings_set_string (fixture->settings, "provider", "openai");
  AWAIT (is_shown (fixture));
  g_settings_set_string (fixture->settings, "provider", "custom");
  AWAIT (!is_shown (fixture));
}

static void
test_download (Fixture *fixture, gconstpointer data)
{
  GtkProgressBar *bar = mock_child (fixture->offer, "progress");

  AWAIT (is_shown (fixture));
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  g_assert_true (mock_was_called ("Models.Fetch base {'metered': False}"));
  g_assert_true (says (fixture, "title", "Downloading Base"));
  g_assert_false (has (fixture, "action"));
  g_assert_false (has (fixture, "dismiss"));
  mock_emit ("Models.Progress",
             g_variant_new ("(stt)", "base", (guint64) 20000000, (guint64) 80000000));
  AWAIT (gtk_progress_bar_get_fraction (bar) == 0.25);
  g_assert_true (says (fixture, "facts", "20.0 MB of 80.0 MB from models.example"));

  click (fixture, "stop");
  AWAIT (offers (fixture, "action", "_Download"));
  g_assert_true (mock_was_called ("Models.CancelFetch base"));
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "cancelled", "It was cancelled.", "", (guint64) 0));

  /* What went wrong is one sentence, and the card stays. */
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "space", "There is not enough space.", "download",
                            (guint64) 2000000));
  stock ("{'base': 'partial', 'tiny': 'absent'}", "english");
  AWAIT (
      says (fixture, "problem",
            "There is not enough space. 2.0 MB are kept; the next download goes on from there."));
  AWAIT (offers (fixture, "action", "_Download"));

  /* It is gone with the next try. */
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  g_assert_true (says (fixture, "problem", ""));
}

static void
test_metered (Fixture *fixture, gconstpointer data)
{
  AWAIT (is_shown (fixture));
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  mock_emit ("Models.FetchFailed", g_variant_new ("(sssst)", "base", "metered",
                                                  "The network is metered.", "", (guint64) 0));
  stock ("{'base': 'absent', 'tiny': 'absent'}", "english");
  AWAIT (mock_find_dialog () != NULL);
  AWAIT (offers (fixture, "action", "_Download"));
  g_assert_true (says (fixture, "problem", ""));
  mock_answer ("_Download");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  g_assert_true (mock_was_called ("Models.Fetch base {'metered': True}"));
}

static void
finish_download (Fixture *fixture)
{
  AWAIT (is_shown (fixture));
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  mock_emit ("Models.Fetched", g_variant_new ("(s)", "base"));
  stock ("{'base': 'verified', 'tiny': 'absent'}", "base");
  AWAIT (says (fixture, "title", "Base Is Here"));
}

static void
test_here (Fixture *fixture, gconstpointer data)
{
  finish_download (fixture);
  AWAIT (says (fixture, "text", "It recognises what you dictate from now on."));
  g_assert_false (has (fixture, "action"));
  click (fixture, "dismiss");
  g_assert_false (is_shown (fixture));
  g_assert_true (g_settings_get_boolean (fixture->settings, "model-offer"));
}

/* Those that PocketSphinx has recognised, and an unfinished one; none that was for a service. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  GtkProgressBar *bar = mock_child (fixture->offer, "progress");

  mock_fill (20);
  mock_alter ("h8", "state", g_variant_new_string ("waiting"));
  mock_alter ("h13", "model", g_variant_new_string ("ggml-tiny"));
  mock_alter ("h18", "model", g_variant_new_string ("ggml-base"));
  finish_download (fixture);
  AWAIT (says (fixture, "facts", "3 earlier dictations are kept, and can be recognised with it."));
  /* One is done meanwhile, by itself or by hand. */
  mock_alter ("h13", "has-sound", g_variant_new_boolean (FALSE));
  AWAIT (says (fixture, "facts", "2 earlier dictations are kept, and can be recognised with it."));
  mock_alter ("h13", "has-sound", g_variant_new_boolean (TRUE));
  AWAIT (says (fixture, "facts", "3 earlier dictations are kept, and can be recognised with it."));
  g_assert_true (offers (fixture, "action", "_Recognise Again"));
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 0);

  click (fixture, "action");
  AWAIT (mock_was_called ("TranscribeAgain h3 {'model': 'base', 'provider': 'offline'}"));
  g_assert_true (says (fixture, "facts", "1 of 3"));
  mock_emit ("Progress", g_variant_new ("(stt)", "h3", (guint64) 1, (guint64) 2));
  AWAIT (gtk_progress_bar_get_fraction (bar) > 0.16);
  mock_emit ("Finished", g_variant_new ("(ss)", "h3", "better"));
  AWAIT (mock_was_called ("Resume h8 {'deliver': False, 'model': 'base', 'provider': 'offline'}"));
  AWAIT (says (fixture, "facts", "2 of 3"));
  mock_emit ("Finished", g_variant_new ("(ss)", "h8", "finished"));
  AWAIT (mock_was_called ("TranscribeAgain h13 {'model': 'base', 'provider': 'offline'}"));
  mock_emit ("Failed", g_variant_new ("(ssssb)", "h13", "recogniser", "It died.", "", FALSE));
  AWAIT (says (fixture, "text",
               "2 of 3 dictations were recognised again; the others are as they were."));
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 2);
  g_assert_cmpuint (mock_count_method ("Resume"), ==, 1);

  g_assert_true (offers (fixture, "action", "Show in _History"));
  click (fixture, "action");
  g_assert_false (is_shown (fixture));
  g_assert_cmpstr (adw_view_stack_get_visible_child_name (mock_child (fixture->window, "views")),
                   ==, "history");
}

/* Stop lets the one that is worked on be finished. */
static void
test_stop (Fixture *fixture, gconstpointer data)
{
  mock_fill (20);
  finish_download (fixture);
  AWAIT (offers (fixture, "action", "_Recognise Again"));
  click (fixture, "action");
  AWAIT (mock_count_method ("TranscribeAgain") == 1);
  click (fixture, "stop");
  mock_emit ("Finished", g_variant_new ("(ss)", "h3", "better"));
  AWAIT (
      says (fixture, "text", "1 dictation was recognised again; its new text is in the history."));
  g_assert_cmpuint (mock_count_method ("TranscribeAgain"), ==, 1);
}

/* A window that was closed during the download offers it when it opens again. */
static void
test_closed_meanwhile (Fixture *fixture, gconstpointer data)
{
  mock_fill (10);
  AWAIT (is_shown (fixture));
  click (fixture, "action");
  AWAIT (offers (fixture, "stop", "_Cancel"));
  close_window (fixture);
  stock ("{'base': 'verified', 'tiny': 'absent'}", "base");
  open_window (fixture);
  AWAIT (offers (fixture, "action", "_Recognise Again"));
  click (fixture, "dismiss");
  close_window (fixture);
  open_window (fixture);
  AWAIT (mock_child (fixture->window, "recorder") != NULL
         && g_str_equal (gtk_label_get_text (
                             mock_child (mock_child (fixture->window, "recorder"), "destination")),
                         "Recognised on this computer by Base"));
  g_assert_false (is_shown (fixture));
}

/* Nobody's sound goes elsewhere than before, nor stays here, because a model has come. */
static void
test_no_silent_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *provider = NULL, *chosen = NULL;

  finish_download (fixture);
  AWAIT (says (fixture, "text",
               "Dictations still go to OpenAI, which you have chosen. With this model they would "
               "stay on this computer."));
  provider = g_settings_get_string (fixture->settings, "provider");
  g_assert_cmpstr (provider, ==, "openai");
  g_assert_true (offers (fixture, "action", "_Use This Model"));
  click (fixture, "action");
  AWAIT (says (fixture, "text", "It recognises what you dictate from now on."));
  chosen = g_settings_get_string (fixture->settings, "provider");
  g_assert_cmpstr (chosen, ==, "offline");
}

static void
test_other_chosen (Fixture *fixture, gconstpointer data)
{
  g_autofree char *model = NULL;

  g_settings_set_value (fixture->settings, "models",
                        g_variant_new_parsed ("{'offline': 'english'}"));
  finish_download (fixture);
  AWAIT (says (fixture, "text", "Another model is chosen in the preferences."));
  click (fixture, "action");
  AWAIT (says (fixture, "text", "It recognises what you dictate from now on."));
  model = whis_settings_dup_model (fixture->model, "offline");
  g_assert_cmpstr (model, ==, "base");
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("/window/model-offer/offer", NULL, test_offer);
  ADD ("/window/model-offer/not-now", NULL, test_not_now);
  ADD ("/window/model-offer/not-needed", NULL, test_not_needed);
  ADD ("/window/model-offer/download", NULL, test_download);
  ADD ("/window/model-offer/metered", NULL, test_metered);
  ADD ("/window/model-offer/here", NULL, test_here);
  ADD ("/window/model-offer/again", NULL, test_again);
  ADD ("/window/model-offer/stop", NULL, test_stop);
  ADD ("/window/model-offer/closed-meanwhile", NULL, test_closed_meanwhile);
  ADD ("/window/model-offer/no-silent-change", "openai", test_no_silent_change);
  ADD ("/window/model-offer/other-chosen", NULL, test_other_chosen);

  return g_test_run ();
}
