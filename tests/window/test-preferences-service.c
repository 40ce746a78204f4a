/* SPDX-License-Identifier: MIT */
#include "preferences-fixture.h"
#include "providers.h"

static void
test_provider (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->services, "provider");

  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_true (setting_is (fixture, "provider", "'offline'"));
  g_assert_false (is_visible (fixture->services, "model"));
  g_assert_false (is_visible (fixture->services, "address"));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   whis_provider_get_note (whis_provider_lookup ("offline")));

  select_provider (fixture, 1);
  g_assert_true (setting_is (fixture, "provider", "'openai'"));
  g_assert_true (is_visible (fixture->services, "key_missing"));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Sound goes to api.openai.com");
  g_assert_true (is_visible (fixture->services, "model"));
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "gpt-transcribe");

  /* Groq has a key from the environment. */
  select_provider (fixture, 2);
  g_assert_true (setting_is (fixture, "provider", "'groq'"));
  g_assert_false (is_visible (fixture->services, "key_missing"));

  /* What the command line changes shows here. */
  g_settings_set_string (fixture->settings, "provider", "custom");
  AWAIT (adw_combo_row_get_selected (row) == 4);
  g_assert_true (is_visible (fixture->services, "address"));
}

static void
test_model (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 1);
  type_and_apply (fixture->services, "model", "  whisper-1 ");
  g_assert_true (setting_is (fixture, "models", "{'openai': 'whisper-1'}"));

  select_provider (fixture, 2);
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "whisper-large-v3-turbo");
  gtk_widget_activate_action (fixture->services, "service.model", "s", "whisper-large-v3");
  g_assert_true (
      setting_is (fixture, "models", "{'openai': 'whisper-1', 'groq': 'whisper-large-v3'}"));
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "whisper-large-v3");

  /* The default needs no entry, nor does an empty name. */
  gtk_widget_activate_action (fixture->services, "service.model", "s", "whisper-large-v3-turbo");
  g_assert_true (setting_is (fixture, "models", "{'openai': 'whisper-1'}"));
  select_provider (fixture, 1);
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "whisper-1");
  type_and_apply (fixture->services, "model", "");
  g_assert_true (setting_is (fixture, "models", "@a{ss} {}"));
  g_assert_cmpstr (typed (fixture->services, "model"), ==, "gpt-transcribe");
}

static void
test_limit (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->services, "limit");

  select_provider (fixture, 1);
  g_assert_true (setting_is (fixture, "limits", "@a{su} {}"));
  adw_combo_row_set_selected (row, 5);
  g_assert_true (setting_is (fixture, "limits", "{'openai': uint32 5}"));
  select_provider (fixture, 2);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  select_provider (fixture, 1);
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 5);
  adw_combo_row_set_selected (row, 0);
  g_assert_true (setting_is (fixture, "limits", "@a{su} {}"));
}

static void
test_address (Fixture *fixture, gconstpointer data)
{
  GtkLabel *sentence = mock_child (fixture->services, "validation");

  select_provider (fixture, 4);
  g_assert_true (is_visible (fixture->services, "validation_row"));

  type_and_apply (fixture->services, "address", "localhost:8000");
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}"));
  g_assert_true (g_str_has_prefix (gtk_label_get_text (sentence),
                                   "The address of your server must begin with http"));
  g_assert_true (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));

  type_and_apply (fixture->services, "address", " http://localhost:8000/v1 ");
  g_assert_true (setting_is (fixture, "addresses", "{'custom': 'http://localhost:8000/v1'}"));
  g_assert_false (is_visible (fixture->services, "validation_row"));
  g_assert_false (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));

  type_and_apply (fixture->services, "address", "http://example.org/v1");
  g_assert_true (setting_is (fixture, "addresses", "{'custom': 'http://localhost:8000/v1'}"));
  g_assert_true (gtk_widget_has_css_class (mock_child (fixture->services, "address"), "error"));
}

/* A key and a voice go to no host that is not the service's. */
static void
test_foreign_address (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 5);
  type_and_apply (fixture->services, "address", "https://example.org");
  g_assert_true (setting_is (fixture, "addresses", "@a{ss} {}"));
  g_assert_nonnull (strstr (gtk_label_get_text (mock_child (fixture->services, "validation")),
                            "example.org is no host of Azure OpenAI"));
  type_and_apply (fixture->services, "address", "https://mine.openai.azure.com");
  g_assert_true (setting_is (fixture, "addresses", "{'azure': 'https://mine.openai.azure.com'}"));
  g_assert_false (is_visible (fixture->services, "validation_row"));
}

/* Others in the network may listen: nothing is sent before the user has said that this is well. */
static void
test_plain_http (Fixture *fixture, gconstpointer data)
{
  GtkLabel *sentence = mock_child (fixture->services, "validation");

  select_provider (fixture, 4);
  g_assert_false (is_visible (fixture->services, "plain_http"));
  type_and_apply (fixture->services, "address", "http://192.168.1.5:8000");
  g_assert_nonnull (strstr (gtk_label_get_text (sentence), "not encrypted"));
  g_assert_true (is_visible (fixture->services, "plain_http"));
  g_assert_true (setting_is (fixture, "plain-http", "@as []"));

  g_signal_emit_by_name (mock_find_button (fixture->window, "A_ccept"), "clicked");
  g_assert_true (setting_is (fixture, "plain-http", "['192.168.1.5:8000']"));
  g_assert_false (is_visible (fixture->services, "plain_http"));

  type_and_apply (fixture->services, "address", "https://192.168.1.6:8000");
  g_assert_false (is_visible (fixture->services, "plain_http"));
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 2);
  g_assert_false (is_visible (fixture->services, "live_row"));
  select_provider (fixture, 1);
  g_assert_true (is_visible (fixture->services, "live_row"));
  gtk_switch_set_active (mock_child (fixture->services, "live"), TRUE);
  g_assert_true (setting_is (fixture, "live", "true"));
}

static GMenuModel *
get_suggestions (Fixture *fixture)
{
  return gtk_menu_button_get_menu_model (mock_child (fixture->services, "suggestions"));
}

static gboolean
last_suggestion_is (Fixture *fixture, const char *text)
{
  GMenuModel *menu = get_suggestions (fixture);
  g_autofree char *label = NULL;

  g_menu_model_get_item_attribute (menu, g_menu_model_get_n_items (menu) - 1,
                                   G_MENU_ATTRIBUTE_LABEL, "s", &label);
  return g_strcmp0 (label, text) == 0;
}

/* What the service has now, with the day on which it goes, takes the place of what Whis knows; a
 * model for live text alone is none to choose here. */
static void
test_listed_models (Fixture *fixture, gconstpointer data)
{
  g_autofree char *label = NULL;

  select_provider (fixture, 1);
  g_assert_cmpint (g_menu_model_get_n_items (get_suggestions (fixture)), ==, 4);
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  AWAIT (mock_was_called ("ListModels openai"));
  AWAIT (g_menu_model_get_n_items (get_suggestions (fixture)) == 2);
  g_assert_true (g_menu_model_get_item_attribute (get_suggestions (fixture), 1,
                                                  G_MENU_ATTRIBUTE_LABEL, "s", &label));
  g_assert_cmpstr (label, ==, "gpt-4o-transcribe (until 2027-02-26)");
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));
}

/* A list that cannot be had says why, keeps what Whis knows, and is asked for again. */
static void
test_unlisted_models (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 1);
  mock_fail_next ("ListModels", "KeyMissing", "OpenAI needs an API key.");
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  AWAIT (mock_was_called ("ListModels openai"));
  AWAIT (g_menu_model_get_n_items (get_suggestions (fixture)) == 5);
  AWAIT (last_suggestion_is (fixture, "OpenAI needs an API key."));
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));
  mock_forget_calls ();
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  AWAIT (mock_was_called ("ListModels openai"));
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));

  select_provider (fixture, 3);
  gtk_menu_button_popup (mock_child (fixture->services, "suggestions"));
  g_assert_true (last_suggestion_is (fixture, "Asking the service…"));
  AWAIT (last_suggestion_is (fixture, "voxtral-mini-latest"));
  gtk_menu_button_popdown (mock_child (fixture->services, "suggestions"));
}

static void
test_fallback (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = mock_child (fixture->general, "fallback_group");
  AdwComboRow *row = mock_child (group, "provider");

  g_assert_true (setting_is (fixture, "fallback-provider", "''"));
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_false (is_visible (group, "after_row"));
  adw_combo_row_set_selected (row, 3);
  g_assert_true (setting_is (fixture, "fallback-provider", "'groq'"));
  g_assert_true (is_visible (group, "after_row"));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "Gets the pieces that the first one fails on");
  select_provider (fixture, 2);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==,
                   "This is the first one already");
  gtk_spin_button_set_value (mock_child (group, "after"), 5);
  g_assert_true (setting_is (fixture, "fallback-after", "5.0"));
  g_settings_set_string (fixture->settings, "fallback-provider", "");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/service/" path, Fixture, NULL, preferences_set_up, function,    \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("provider", test_provider);
  ADD ("model", test_model);
  ADD ("limit", test_limit);
  ADD ("address", test_address);
  ADD ("foreign-address", test_foreign_address);
  ADD ("plain-http", test_plain_http);
  ADD ("live", test_live);
  ADD ("listed-models", test_listed_models);
  ADD ("unlisted-models", test_unlisted_models);
  ADD ("fallback", test_fallback);

  return g_test_run ();
}
