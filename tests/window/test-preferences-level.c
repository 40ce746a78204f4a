/* SPDX-License-Identifier: MIT */
/* The microphone in the preferences: when it is open for its level, and lists that are odd. */
#include "choice-item.h"
#include "preferences-fixture.h"

static AdwComboRow *
get_row (Fixture *fixture)
{
  return mock_child (fixture->microphones, "microphone");
}

static guint
count_rows (Fixture *fixture)
{
  GListModel *list = adw_combo_row_get_model (get_row (fixture));

  return list != NULL ? g_list_model_get_n_items (list) : 0;
}

static const char *
get_chosen (Fixture *fixture)
{
  return whis_choice_item_get_name (adw_combo_row_get_selected_item (get_row (fixture)));
}

static gboolean
level_says (Fixture *fixture, const char *sentence)
{
  return g_strcmp0 (adw_action_row_get_subtitle (mock_child (fixture->microphones, "level_row")),
                    sentence)
         == 0;
}

/* A microphone that could not be opened is tried again with the next choice. */
static void
test_other_works (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput  False"));
  mock_fail_next ("WatchInput", "Device", "Another program has it.");
  whis_preferences_show_general (fixture->window);
  AWAIT (level_says (fixture, "Another program has it."));
  AWAIT (count_rows (fixture) == 3);
  adw_combo_row_set_selected (get_row (fixture), 1);
  AWAIT (mock_was_called ("WatchInput alsa_input.headset True"));
  AWAIT (level_says (fixture, "Speak to test the microphone"));
}

/* Changed by the command line: the level is that of the new one, and the old one is closed. */
static void
test_changed_elsewhere (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  AWAIT (count_rows (fixture) == 3);
  mock_forget_calls ();
  g_settings_set_string (fixture->settings, "microphone", "alsa_input.webcam");
  AWAIT (mock_count_method ("WatchInput") == 2);
  g_assert_cmpstr (get_chosen (fixture), ==, "Webcam");
  g_assert_cmpuint (mock_count_calls ("WatchInput alsa_input.webcam True"), ==, 1);
}

/* While nobody looks a change opens nothing. */
static void
test_changed_while_hidden (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput  False"));
  mock_forget_calls ();
  g_settings_set_string (fixture->settings, "microphone", "alsa_input.webcam");
  mock_settle (fixture->service);
  g_assert_cmpuint (mock_count_method ("WatchInput"), ==, 0);
  whis_preferences_show_general (fixture->window);
  AWAIT (mock_was_called ("WatchInput alsa_input.webcam True"));
}

/* None is plugged in: the default of the system can still be chosen. */
static void
test_no_microphone (Fixture *fixture, gconstpointer data)
{
  AWAIT (count_rows (fixture) == 3);
  mock_plug ("alsa_input.headset", "");
  mock_plug ("alsa_input.webcam", "");
  AWAIT (count_rows (fixture) == 1);
  g_assert_cmpstr (get_chosen (fixture), ==, "System Default");
  g_assert_true (setting_is (fixture, "microphone", "''"));
}

/* Two of the same name are two, and one that is chosen by its id is the right one. */
static void
test_same_names (Fixture *fixture, gconstpointer data)
{
  AWAIT (count_rows (fixture) == 3);
  mock_plug ("usb-1", "Studio");
  mock_plug ("usb-2", "Studio");
  AWAIT (count_rows (fixture) == 5);
  adw_combo_row_set_selected (get_row (fixture), 4);
  g_assert_true (setting_is (fixture, "microphone", "'usb-2'"));
  mock_plug ("usb-3", "Studio");
  AWAIT (count_rows (fixture) == 6);
  g_assert_cmpuint (adw_combo_row_get_selected (get_row (fixture)), ==, 4);
  g_assert_true (setting_is (fixture, "microphone", "'usb-2'"));
}

/* The list cannot be had once: the one that is there stays. */
static void
test_list_is_refused (Fixture *fixture, gconstpointer data)
{
  AWAIT (count_rows (fixture) == 3);
  adw_combo_row_set_selected (get_row (fixture), 2);
  mock_settle (fixture->service);
  mock_forget_calls ();
  mock_fail_next ("ListMicrophones", "Device", "PulseAudio does not answer.");
  mock_plug ("usb", "Studio");
  AWAIT (mock_count_method ("ListMicrophones") == 1);
  mock_settle (fixture->service);
  g_assert_cmpuint (count_rows (fixture), ==, 3);
  g_assert_cmpstr (get_chosen (fixture), ==, "Webcam");
  mock_plug ("usb-2", "Studio 2");
  AWAIT (count_rows (fixture) == 5);
}

/* The service was restarted: it is asked to watch again, and to say what is plugged in. */
static void
test_service_returns (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  mock_plug ("usb", "Studio");
  AWAIT (count_rows (fixture) == 4);
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->general));
  mock_start ();
  AWAIT (mock_was_called ("WatchInput  True"));
  AWAIT (mock_was_called ("WatchMicrophones True"));
  AWAIT (count_rows (fixture) == 3);
}

/* While nobody looks a service that was restarted opens no microphone. */
static void
test_returns_while_hidden (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput  False"));
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->keys));
  mock_start ();
  AWAIT (gtk_widget_get_sensitive (fixture->keys));
  mock_settle (fixture->service);
  g_assert_cmpuint (mock_count_method ("WatchInput"), ==, 0);
  g_assert_cmpuint (mock_count_method ("WatchMicrophones"), ==, 0);
}

/* Nothing is left open by a window that is closed while the service is gone. */
static void
test_closed_without_service (Fixture *fixture, gconstpointer data)
{
  AWAIT (mock_was_called ("WatchInput  True"));
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->general));
  whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);
  mock_start ();
  AWAIT (whis_service_proxy_is_running (fixture->service));
  mock_settle (fixture->service);
  g_assert_cmpuint (mock_count_method ("WatchInput"), ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/level/" path, Fixture, NULL, preferences_set_up, function,      \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("other-works", test_other_works);
  ADD ("changed-elsewhere", test_changed_elsewhere);
  ADD ("changed-while-hidden", test_changed_while_hidden);
  ADD ("no-microphone", test_no_microphone);
  ADD ("same-names", test_same_names);
  ADD ("list-is-refused", test_list_is_refused);
  ADD ("service-returns", test_service_returns);
  ADD ("returns-while-hidden", test_returns_while_hidden);
  ADD ("closed-without-service", test_closed_without_service);

  return g_test_run ();
}
