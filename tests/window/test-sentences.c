/* SPDX-License-Identifier: MIT */
/* Sentences of the service have names of files, addresses and answers of servers in them: they are
 * shown as they are, whatever they would mean as markup. */
#include "home-fixture.h"
#include "preferences-fixture.h"

#include "toast.h"

#define SENTENCE "“/media/R&D/<old>” cannot be read: it says <b>no</b> &amp; more."

static void
test_history_unreadable (Home *home, gconstpointer data)
{
  mock_fail_next ("ListHistory", "Storage", SENTENCE);
  home_show_history (home);
  AWAIT (mock_shows_text (home->history, SENTENCE));
}

/* The program that cannot be started may lie anywhere. */
static void
test_not_started (Home *home, gconstpointer data)
{
  GtkWidget *absent = mock_child (home->window, "absent");

  mock_stop ();
  AWAIT (mock_shows_text (absent, "Whis has ended. Start it to dictate again."));
  g_setenv ("WHIS_SERVICE_PROGRAM", "/nonexistent/R&D/<whis>", TRUE);
  home_act (home, "win.start-service");
  AWAIT (mock_shows_text (absent, "The program /nonexistent/R&D/<whis> could not be run; is Whis "
                                  "installed completely?"));
  g_unsetenv ("WHIS_SERVICE_PROGRAM");
}

static void
test_toast (Home *home, gconstpointer data)
{
  whis_toast_show (home->history, SENTENCE);
  AWAIT (mock_shows_text (home->window, SENTENCE));
}

static void
test_entry (Home *home, gconstpointer data)
{
  mock_alter ("h4", "message", g_variant_new_string (SENTENCE));
  mock_alter ("h4", "name", g_variant_new_string ("<i>&.ogg"));
  home_open_entry (home, "h4");
  AWAIT (g_str_equal (label_of (home->entry, "reason"), SENTENCE));
  g_assert_true (g_str_has_prefix (label_of (home->entry, "details"), "<i>&.ogg · "));
}

static void
test_key (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group;

  whis_preferences_show_keys (fixture->window);
  group = preferences_find_group (fixture->keys, "Groq");
  mock_fail_next ("CheckKey", "Network", SENTENCE);
  click (mock_child (group, "check"));
  AWAIT (mock_shows_text (group, SENTENCE));
}

static void
test_level (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput  False"));
  mock_fail_next ("WatchInput", "Device", SENTENCE);
  whis_preferences_show_general (fixture->window);
  AWAIT (mock_shows_text (fixture->microphones, SENTENCE));
}

/* A microphone is called what its maker calls it. */
static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  mock_plug ("usb", "Pro & Co <2>");
  g_settings_set_string (fixture->settings, "microphone", "usb");
  AWAIT (mock_shows_text (fixture->microphones, "Pro & Co <2>"));
  mock_plug ("usb", "");
  g_settings_set_string (fixture->settings, "microphone-name", "Pro & Co <2>");
  AWAIT (mock_shows_text (fixture->microphones, "usb (not connected)")
         || mock_shows_text (fixture->microphones, "Pro & Co <2> (not connected)"));
}

static void
test_model_toast (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_shows_text (fixture->general, "Base"));
  mock_emit ("Models.FetchFailed",
             g_variant_new ("(sssst)", "base", "storage", SENTENCE, "", (guint64) 0));
  AWAIT (mock_shows_text (gtk_widget_get_root (fixture->general), SENTENCE));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/sentences/" path, Home, GUINT_TO_POINTER (12u), home_set_up, function,      \
              home_tear_down)
#define ADD_PREFERENCES(path, function)                                                            \
  g_test_add ("/window/sentences/" path, Fixture, NULL, preferences_set_up, function,              \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("history-unreadable", test_history_unreadable);
  ADD ("not-started", test_not_started);
  ADD ("toast", test_toast);
  ADD ("entry", test_entry);
  ADD_PREFERENCES ("key", test_key);
  ADD_PREFERENCES ("level", test_level);
  ADD_PREFERENCES ("microphone", test_microphone);
  ADD_PREFERENCES ("model-toast", test_model_toast);

  return g_test_run ();
}
