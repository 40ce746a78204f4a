/* SPDX-License-Identifier: MIT */
#include "choice-item.h"
#include "preferences-fixture.h"

static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->microphones, "microphone");
  GtkWidget *level = mock_child (fixture->microphones, "level");

  AWAIT (mock_was_called ("WatchInput  True"));
  AWAIT (adw_combo_row_get_model (row) != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 3);
  mock_set ("Level", g_variant_new_double (-15.0));
  AWAIT (gtk_level_bar_get_value (GTK_LEVEL_BAR (gtk_widget_get_first_child (level))) == 0.75);

  adw_combo_row_set_selected (row, 2);
  g_assert_true (setting_is (fixture, "microphone", "'alsa_input.webcam'"));
  AWAIT (mock_was_called ("WatchInput alsa_input.webcam True"));

  /* The microphone is open only while its level can be seen. */
  mock_forget_calls ();
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput alsa_input.webcam False"));
  whis_preferences_show_general (fixture->window);
  AWAIT (mock_was_called ("WatchInput alsa_input.webcam True"));
  mock_forget_calls ();
  whis_preferences_close (fixture->window);
  AWAIT (mock_was_called ("WatchInput alsa_input.webcam False"));
}

static void
test_microphone_is_gone (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->microphones, "microphone");
  AdwActionRow *level_row = mock_child (fixture->microphones, "level_row");

  AWAIT (adw_combo_row_get_model (row) != NULL);
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchInput  False"));
  g_settings_set_string (fixture->settings, "microphone", "old");
  mock_fail_next ("WatchInput", "Device", "This microphone is not connected.");
  whis_preferences_show_general (fixture->window);
  AWAIT (
      g_str_equal (adw_action_row_get_subtitle (level_row), "This microphone is not connected."));
  AWAIT (g_list_model_get_n_items (adw_combo_row_get_model (row)) == 4);
  g_assert_cmpstr (whis_choice_item_get_name (adw_combo_row_get_selected_item (row)), ==,
                   "old (not connected)");
  g_assert_true (setting_is (fixture, "microphone", "'old'"));
}

static void
test_microphone_comes_and_goes (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->microphones, "microphone");

  AWAIT (mock_was_called ("WatchMicrophones True"));
  AWAIT (adw_combo_row_get_model (row) != NULL);
  mock_plug ("usb", "Studio Microphone");
  AWAIT (g_list_model_get_n_items (adw_combo_row_get_model (row)) == 4);
  adw_combo_row_set_selected (row, 3);
  g_assert_true (setting_is (fixture, "microphone", "'usb'"));
  g_assert_true (setting_is (fixture, "microphone-name", "'Studio Microphone'"));

  /* It keeps its name and stays chosen. */
  mock_plug ("usb", "");
  AWAIT (g_str_equal (whis_choice_item_get_name (adw_combo_row_get_selected_item (row)),
                      "Studio Microphone (not connected)"));
  g_assert_true (setting_is (fixture, "microphone", "'usb'"));

  adw_combo_row_set_selected (row, 0);
  g_assert_true (setting_is (fixture, "microphone-name", "''"));
  whis_preferences_show_keys (fixture->window);
  AWAIT (mock_was_called ("WatchMicrophones False"));
}

static void
test_sound_settings (Fixture *fixture, gconstpointer data)
{
  gtk_switch_set_active (mock_child (fixture->microphones, "automatic_gain"), TRUE);
  g_assert_true (setting_is (fixture, "automatic-gain", "true"));
  gtk_switch_set_active (mock_child (fixture->microphones, "noise_suppression"), TRUE);
  g_assert_true (setting_is (fixture, "noise-suppression", "true"));
}

/* The microphone of the earlier Whis is known by its name alone. */
static void
test_microphone_by_name (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->microphones, "microphone");

  AWAIT (adw_combo_row_get_model (row) != NULL
         && g_list_model_get_n_items (adw_combo_row_get_model (row)) == 3);
  g_settings_set_string (fixture->settings, "microphone-name", "Webcam");
  g_settings_set_string (fixture->settings, "microphone", "Webcam");
  AWAIT (adw_combo_row_get_selected (row) == 2);
  g_assert_true (setting_is (fixture, "microphone", "'Webcam'"));

  g_settings_set_string (fixture->settings, "microphone-name", "Gone");
  g_settings_set_string (fixture->settings, "microphone", "Gone");
  AWAIT (g_list_model_get_n_items (adw_combo_row_get_model (row)) == 4);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 3);
  g_assert_true (setting_is (fixture, "microphone", "'Gone'"));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/microphone/" path, Fixture, NULL, preferences_set_up, function, \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("microphone", test_microphone);
  ADD ("microphone-by-name", test_microphone_by_name);
  ADD ("microphone-is-gone", test_microphone_is_gone);
  ADD ("microphone-comes-and-goes", test_microphone_comes_and_goes);
  ADD ("sound-settings", test_sound_settings);

  return g_test_run ();
}
