/* SPDX-License-Identifier: MIT */
#include "choice-item.h"
#include "key-transfer.h"
#include "level-meter.h"
#include "mock.h"
#include "preferences.h"
#include "providers.h"

#define SECRET "sk-secret-0123456789"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  GSettings *settings;
  WhisPreferences *window;
  GtkWidget *general;
  GtkWidget *services;
  GtkWidget *microphones;
  GtkWidget *keys;
} Fixture;

static gboolean
has_providers (Fixture *fixture)
{
  GListModel *list = adw_combo_row_get_model (mock_child (fixture->services, "provider"));

  return list != NULL && g_list_model_get_n_items (list) == 6;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->settings = g_settings_new (WHIS_APP_ID);
  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->general = mock_child (fixture->window, "general");
  fixture->services = mock_child (fixture->general, "service_group");
  fixture->microphones = mock_child (fixture->general, "microphone_group");
  fixture->keys = mock_child (fixture->window, "keys");
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  AWAIT (has_providers (fixture));
}

static void
reset_settings (GSettings *settings)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  if (fixture->window != NULL)
    whis_preferences_close (fixture->window);
  AWAIT (fixture->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (fixture->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (fixture->service);
  g_assert_finalize_object (fixture->model);
  reset_settings (fixture->settings);
  g_clear_object (&fixture->settings);
}

static gboolean
setting_is (Fixture *fixture, const char *key, const char *printed)
{
  g_autoptr (GVariant) value = g_settings_get_value (fixture->settings, key);
  g_autofree char *text = g_variant_print (value, TRUE);

  return g_str_equal (text, printed);
}

static gboolean
is_visible (gpointer widget, const char *name)
{
  return gtk_widget_get_visible (mock_child (widget, name));
}

static void
select_provider (Fixture *fixture, guint position)
{
  adw_combo_row_set_selected (mock_child (fixture->services, "provider"), position);
}

static void
type_and_apply (gpointer widget, const char *name, const char *text)
{
  gpointer row = mock_child (widget, name);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

static const char *
typed (gpointer widget, const char *name)
{
  return gtk_editable_get_text (GTK_EDITABLE (mock_child (widget, name)));
}

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

static gboolean
has_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_row (child, title))
      return TRUE;

  return FALSE;
}

/* Collects the keys that go with Alt; each may lead to one row only. */
static void
collect_mnemonics (GtkWidget *widget, GHashTable *seen)
{
  guint key = GTK_IS_LABEL (widget) ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget))
                                    : GDK_KEY_VoidSymbol;

  if (key != GDK_KEY_VoidSymbol)
    {
      const char *text = gtk_label_get_text (GTK_LABEL (widget));
      gpointer lower = GUINT_TO_POINTER (gdk_keyval_to_lower (key));
      const char *other = g_hash_table_lookup (seen, lower);

      if (other != NULL && !g_str_equal (other, text))
        g_error ("Alt+%c is for “%s” and for “%s”", key, other, text);
      g_hash_table_insert (seen, lower, (gpointer) text);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_mnemonics (child, seen);
}

static void
test_mnemonics (Fixture *fixture, gconstpointer data)
{
  const char *pages[] = { "general", "keys", "usage" };

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

      /* Those of the pages hold everywhere. */
      g_hash_table_insert (seen, GUINT_TO_POINTER (GDK_KEY_g), "General");
      g_hash_table_insert (seen, GUINT_TO_POINTER (GDK_KEY_k), "API Keys");
      g_hash_table_insert (seen, GUINT_TO_POINTER (GDK_KEY_u), "Usage");
      collect_mnemonics (mock_child (fixture->window, pages[i]), seen);
      g_assert_cmpuint (g_hash_table_size (seen), >=, i == 0 ? 20 : 3);
    }
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  GtkWidget *page = mock_child (fixture->window, "usage");
  AdwComboRow *row = mock_child (page, "provider");

  AWAIT (mock_was_called ("ListUsage"));
  AWAIT (!is_visible (page, "nothing"));
  g_assert_true (has_row (page, "OpenAI · November 2026"));
  adw_combo_row_set_selected (row, 1);
  gtk_spin_button_set_value (mock_child (page, "cap"), 5);
  g_assert_true (setting_is (fixture, "monthly-caps", "{'groq': 5.0}"));
  gtk_spin_button_set_value (mock_child (page, "price"), 0.002);
  g_assert_true (setting_is (fixture, "prices", "{'groq': 0.002}"));
  adw_combo_row_set_selected (row, 0);
  g_assert_cmpfloat (gtk_spin_button_get_value (mock_child (page, "cap")), ==, 0);
  g_assert_true (setting_is (fixture, "monthly-caps", "{'groq': 5.0}"));
  adw_combo_row_set_selected (row, 1);
  g_assert_cmpfloat (gtk_spin_button_get_value (mock_child (page, "cap")), ==, 5);
  gtk_spin_button_set_value (mock_child (page, "cap"), 0);
  g_assert_true (setting_is (fixture, "monthly-caps", "@a{sd} {}"));
}

static void
test_speech (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *language = mock_child (fixture->general, "language");
  GListModel *list = gtk_drop_down_get_model (language);

  g_assert_cmpuint (gtk_drop_down_get_selected (language), ==, 0);
  gtk_drop_down_set_selected (language, whis_choice_list_find (list, "de"));
  g_assert_true (setting_is (fixture, "language", "'de'"));

  g_settings_set_string (fixture->settings, "language", "yo");
  g_assert_cmpstr (whis_choice_item_get_id (gtk_drop_down_get_selected_item (language)), ==, "yo");
  g_assert_true (setting_is (fixture, "language", "'yo'"));

  type_and_apply (fixture->general, "prompt", " About hobbits. ");
  g_assert_true (setting_is (fixture, "prompt", "'About hobbits.'"));
  type_and_apply (fixture->general, "vocabulary", " Frodo, Bilbo Baggins ,, ");
  g_assert_true (setting_is (fixture, "vocabulary", "['Frodo', 'Bilbo Baggins']"));
}

static void
test_plain_settings (Fixture *fixture, gconstpointer data)
{
  gtk_spin_button_set_value (mock_child (fixture->general, "longest_chunk"), 45);
  g_assert_true (setting_is (fixture, "longest-chunk", "uint32 45"));
  gtk_switch_set_active (mock_child (fixture->general, "notify_shows_text"), TRUE);
  g_assert_true (setting_is (fixture, "notify-shows-text", "true"));
  gtk_switch_set_active (mock_child (fixture->general, "notify_finished"), FALSE);
  g_assert_true (setting_is (fixture, "notify-finished", "false"));
  g_settings_set_uint (fixture->settings, "longest-chunk", 300);
  g_assert_cmpfloat (gtk_spin_button_get_value (mock_child (fixture->general, "longest_chunk")), ==,
                     300);
}

static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  AdwComboRow *row = mock_child (fixture->microphones, "microphone");
  WhisLevelMeter *level = mock_child (fixture->microphones, "level");

  AWAIT (mock_was_called ("WatchInput  True"));
  AWAIT (adw_combo_row_get_model (row) != NULL);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 3);
  mock_set ("Level", g_variant_new_double (-15.0));
  AWAIT (whis_level_meter_get_shown (level) == 0.75);

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

static const char *
chosen_length (GtkWidget *group, const char *name)
{
  return whis_choice_item_get_name (adw_combo_row_get_selected_item (mock_child (group, name)));
}

static void
test_history (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = mock_child (fixture->general, "history_group");
  AdwComboRow *sound = mock_child (group, "keep_sound");

  g_assert_cmpstr (chosen_length (group, "keep_sound"), ==, "7 days");
  g_assert_cmpstr (chosen_length (group, "keep_text"), ==, "Always");
  adw_combo_row_set_selected (sound, 0);
  g_assert_cmpstr (chosen_length (group, "keep_sound"), ==, "Until delivered");
  g_assert_true (setting_is (fixture, "keep-sound", "0"));
  adw_combo_row_set_selected (mock_child (group, "keep_text"), 4);
  g_assert_true (setting_is (fixture, "keep-text", "365"));
  g_assert_cmpstr (chosen_length (group, "keep_text"), ==, "1 year");

  /* What was set elsewhere is shown as it is, and left alone. */
  g_settings_set_int (fixture->settings, "keep-sound", 90);
  g_assert_cmpstr (chosen_length (group, "keep_sound"), ==, "90 days");
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (sound)), ==, 7);
  g_assert_true (setting_is (fixture, "keep-sound", "90"));

  gtk_switch_set_active (mock_child (group, "private"), TRUE);
  g_assert_true (setting_is (fixture, "private", "true"));
}

static GtkWidget *
find_key_group (GtkWidget *root, const char *title)
{
  if (ADW_IS_PREFERENCES_GROUP (root)
      && g_strcmp0 (adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (root)), title) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *group = find_key_group (child, title);

      if (group != NULL)
        return group;
    }

  return NULL;
}

static const char *
status (GtkWidget *group)
{
  return adw_preferences_row_get_title (mock_child (group, "status"));
}

static const char *
sentence (GtkWidget *group)
{
  const char *subtitle = adw_action_row_get_subtitle (mock_child (group, "status"));

  return subtitle != NULL ? subtitle : "";
}

static char *
print_settings (Fixture *fixture)
{
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;
  GString *text = g_string_new (NULL);

  g_object_get (fixture->settings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    {
      g_autoptr (GVariant) value = g_settings_get_value (fixture->settings, keys[i]);
      g_autofree char *printed = g_variant_print (value, FALSE);

      g_string_append_printf (text, "%s\n", printed);
    }

  return g_string_free (text, FALSE);
}

static void
test_key (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "OpenAI");
  g_autofree char *settings = NULL;
  g_autofree char *key = NULL;

  g_assert_null (find_key_group (fixture->keys, "Offline"));
  g_assert_cmpstr (status (group), ==, "No key");
  g_assert_false (gtk_widget_get_sensitive (mock_child (group, "check")));
  g_assert_false (is_visible (group, "remove"));

  type_and_apply (group, "entry", "  " SECRET "\n");
  AWAIT (g_str_equal (sentence (group), "The key is in the keyring."));
  AWAIT (g_str_equal (status (group), "In the keyring"));
  key = mock_dup_key ("openai");
  g_assert_cmpstr (key, ==, SECRET);
  g_assert_cmpstr (typed (group, "entry"), ==, "");
  g_assert_true (is_visible (group, "remove"));

  /* It arrived by the descriptor alone, and left no trace. */
  g_assert_true (mock_was_called ("SetKey openai 0"));
  settings = print_settings (fixture);
  g_assert_null (strstr (settings, SECRET));
  g_assert_nonnull (strstr (mock_get_log (), "whis-window"));
  g_assert_null (strstr (mock_get_log (), SECRET));

  /* The service is now ready to be chosen. */
  select_provider (fixture, 1);
  AWAIT (!is_visible (fixture->services, "key_missing"));
}

static void
transferred_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

/* More than a pipe holds still arrives, and nothing stands still meanwhile. */
static void
test_key_is_long (Fixture *fixture, gconstpointer data)
{
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (fixture->service);
  g_autofree char *nonsense = g_strnfill (1000000, 'k');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *message = NULL;
  g_autofree char *key = NULL;

  whis_key_transfer_async (interface, "mistral", nonsense, NULL, transferred_cb, &result);
  AWAIT (result != NULL);
  message = whis_key_transfer_finish (interface, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (message, ==, "The key is in the keyring.");
  key = mock_dup_key ("mistral");
  g_assert_cmpstr (key, ==, nonsense);
}

static void
test_key_is_cancelled (Fixture *fixture, gconstpointer data)
{
  WhisBusWhis1 *interface = whis_service_proxy_get_interface (fixture->service);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  mock_hold ("SetKey");
  whis_key_transfer_async (interface, "mistral", SECRET, cancellable, transferred_cb, &result);
  AWAIT (mock_was_called ("SetKey mistral 0"));
  g_cancellable_cancel (cancellable);
  AWAIT (result != NULL);
  g_assert_null (whis_key_transfer_finish (interface, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_key_is_empty (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "OpenAI");

  type_and_apply (group, "entry", "   ");
  g_assert_cmpstr (sentence (group), ==, "Type or paste a key first.");
  g_assert_false (mock_was_called ("SetKey openai 0"));
}

static void
test_key_is_refused (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "OpenAI");

  mock_fail_next ("SetKey", "Keyring", "The keyring is locked; unlock it and try again.");
  type_and_apply (group, "entry", SECRET);
  AWAIT (g_str_equal (sentence (group), "The keyring is locked; unlock it and try again."));
  g_assert_cmpstr (status (group), ==, "No key");
  g_assert_cmpstr (typed (group, "entry"), ==, SECRET);
  g_assert_true (gtk_widget_get_sensitive (mock_child (group, "entry")));
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "Groq");
  GtkWidget *check = mock_child (group, "check");

  g_assert_cmpstr (status (group), ==, "From the environment");
  g_assert_false (is_visible (group, "remove"));
  mock_hold ("CheckKey");
  g_signal_emit_by_name (check, "clicked");
  AWAIT (mock_was_called ("CheckKey groq"));
  g_assert_true (gtk_spinner_get_spinning (mock_child (group, "spinner")));
  g_assert_false (gtk_widget_get_sensitive (check));
  g_assert_cmpstr (sentence (group), ==, "Asking Groq…");

  mock_release ();
  AWAIT (g_str_equal (sentence (group), "The service accepts this key."));
  g_assert_false (gtk_spinner_get_spinning (mock_child (group, "spinner")));
  g_assert_true (gtk_widget_get_sensitive (check));
  g_assert_true (gtk_widget_has_css_class (mock_child (group, "icon"), "success"));

  type_and_apply (group, "entry", "wrong one");
  AWAIT (g_str_equal (status (group), "In the keyring"));
  g_signal_emit_by_name (check, "clicked");
  AWAIT (g_str_equal (sentence (group), "The service does not accept this key; make a new one."));
  g_assert_true (gtk_widget_has_css_class (mock_child (group, "icon"), "error"));
}

/* The service dies while it asks: the row says so and does not wait for ever. */
static void
test_check_is_lost (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "Groq");

  mock_hold ("CheckKey");
  g_signal_emit_by_name (mock_child (group, "check"), "clicked");
  AWAIT (mock_was_called ("CheckKey groq"));
  mock_stop ();
  AWAIT (g_str_equal (sentence (group), "Whis did not answer; start it again if this stays so."));
  g_assert_false (gtk_spinner_get_spinning (mock_child (group, "spinner")));
}

static void
test_remove (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "OpenAI");

  type_and_apply (group, "entry", SECRET);
  AWAIT (g_str_equal (status (group), "In the keyring"));
  g_signal_emit_by_name (mock_child (group, "remove"), "clicked");
  AWAIT (mock_find_window (ADW_TYPE_MESSAGE_DIALOG) != NULL);
  g_assert_false (mock_was_called ("RemoveKey openai"));
  mock_answer ("_Remove");
  AWAIT (mock_was_called ("RemoveKey openai"));
  AWAIT (g_str_equal (status (group), "No key"));
  g_assert_cmpstr (sentence (group), ==, "The key was removed.");
}

static gboolean
has_focus_in_key_of (WhisPreferences *window, const char *name)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (window)));
  GtkWidget *group = find_key_group (mock_child (window, "keys"), name);

  return focus != NULL && group != NULL
         && gtk_widget_is_ancestor (focus, mock_child (group, "entry"));
}

/* Who is told that a key is missing comes to the row of that key. */
static void
test_turn_to_key (Fixture *fixture, gconstpointer data)
{
  select_provider (fixture, 3);
  whis_preferences_show_keys (fixture->window);
  AWAIT (has_focus_in_key_of (fixture->window, "Mistral"));
}

/* The same where the window is only just opening, and the services are not known yet. */
static void
test_open_at_key (Fixture *fixture, gconstpointer data)
{
  WhisPreferences *window;

  g_settings_set_string (fixture->settings, "provider", "mistral");
  window = whis_preferences_new (fixture->service, fixture->model);
  whis_preferences_present (window, mock_get_application (), NULL);
  whis_preferences_show_keys (window);
  AWAIT (has_focus_in_key_of (window, "Mistral"));
  whis_preferences_close (window);
}

static void
test_no_keyring (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = find_key_group (fixture->keys, "OpenAI");

  g_assert_false (is_visible (fixture->keys, "keyring"));
  mock_set ("KeyringAvailable", g_variant_new_boolean (FALSE));
  AWAIT (is_visible (fixture->keys, "keyring"));
  type_and_apply (group, "entry", SECRET);
  AWAIT (g_str_equal (status (group), "Until Whis quits"));
  g_assert_cmpstr (sentence (group), ==, "The key is kept until Whis quits.");
}

static void
test_service_leaves (Fixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_widget_get_sensitive (fixture->general));
  mock_stop ();
  AWAIT (!gtk_widget_get_sensitive (fixture->general));
  g_assert_false (gtk_widget_get_sensitive (fixture->keys));
  mock_start ();
  AWAIT (gtk_widget_get_sensitive (fixture->general));
  AWAIT (mock_was_called ("WatchInput  True"));
}

static gboolean
switch_is (GtkSwitch *toggle, gboolean on)
{
  return gtk_switch_get_active (toggle) == on && gtk_switch_get_state (toggle) == on;
}

static void
test_login (Fixture *fixture, gconstpointer data)
{
  gpointer group = mock_child (fixture->general, "login_group");
  AdwActionRow *row = mock_child (group, "row");
  GtkSwitch *toggle = mock_child (group, "toggle");
  g_autofree char *usual = g_strdup (adw_action_row_get_subtitle (row));

  /* What the service finds shows here, and nobody is asked to change it. */
  g_assert_true (switch_is (toggle, FALSE));
  g_settings_set_boolean (fixture->settings, "autostart", TRUE);
  g_assert_true (switch_is (toggle, TRUE));
  g_settings_set_boolean (fixture->settings, "autostart", FALSE);
  g_assert_true (switch_is (toggle, FALSE));
  g_assert_cmpuint (mock_count_method ("SetAutostart"), ==, 0);

  /* The service makes the change; until then the switch is under way. */
  mock_hold ("SetAutostart");
  gtk_switch_set_active (toggle, TRUE);
  AWAIT (mock_was_called ("SetAutostart True"));
  g_assert_true (gtk_switch_get_active (toggle));
  g_assert_false (gtk_switch_get_state (toggle));
  mock_release ();
  AWAIT (switch_is (toggle, TRUE));
  g_settings_set_boolean (fixture->settings, "autostart", TRUE);
  g_assert_true (switch_is (toggle, TRUE));
  g_assert_true (setting_is (fixture, "autostart", "true"));

  /* What cannot be done is said, and the switch goes back. */
  mock_fail_next ("SetAutostart", "Failed", "Whis still starts at login, because <b> & Co.");
  gtk_switch_set_active (toggle, FALSE);
  AWAIT (g_str_equal (adw_action_row_get_subtitle (row),
                      "Whis still starts at login, because <b> & Co."));
  g_assert_true (switch_is (toggle, TRUE));
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (row), "problem"));
  g_assert_true (setting_is (fixture, "autostart", "true"));

  /* The next time it works, and there is nothing to complain about. */
  mock_forget_calls ();
  gtk_switch_set_active (toggle, FALSE);
  AWAIT (switch_is (toggle, FALSE));
  g_assert_true (mock_was_called ("SetAutostart False"));
  g_assert_cmpstr (adw_action_row_get_subtitle (row), ==, usual);
  g_assert_false (gtk_widget_has_css_class (GTK_WIDGET (row), "problem"));
}

/* On, off and on again before the first answer: the last one counts. */
static void
test_login_in_haste (Fixture *fixture, gconstpointer data)
{
  GtkSwitch *toggle = mock_child (mock_child (fixture->general, "login_group"), "toggle");

  mock_hold ("SetAutostart");
  for (guint i = 0; i < 3; i++)
    gtk_switch_set_active (toggle, i % 2 == 0);
  AWAIT (mock_count_method ("SetAutostart") == 3);
  mock_release ();
  AWAIT (switch_is (toggle, TRUE));

  mock_set ("Tray", g_variant_new_boolean (FALSE));
  AWAIT (!whis_service_proxy_get_tray (fixture->service));
  g_assert_true (switch_is (toggle, TRUE));
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

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("/window/preferences/provider", test_provider);
  ADD ("/window/preferences/model", test_model);
  ADD ("/window/preferences/limit", test_limit);
  ADD ("/window/preferences/address", test_address);
  ADD ("/window/preferences/foreign-address", test_foreign_address);
  ADD ("/window/preferences/plain-http", test_plain_http);
  ADD ("/window/preferences/live", test_live);
  ADD ("/window/preferences/listed-models", test_listed_models);
  ADD ("/window/preferences/unlisted-models", test_unlisted_models);
  ADD ("/window/preferences/mnemonics", test_mnemonics);
  ADD ("/window/preferences/turn-to-key", test_turn_to_key);
  ADD ("/window/preferences/open-at-key", test_open_at_key);
  ADD ("/window/preferences/fallback", test_fallback);
  ADD ("/window/preferences/usage", test_usage);
  ADD ("/window/preferences/speech", test_speech);
  ADD ("/window/preferences/plain-settings", test_plain_settings);
  ADD ("/window/preferences/microphone", test_microphone);
  ADD ("/window/preferences/microphone-by-name", test_microphone_by_name);
  ADD ("/window/preferences/microphone-is-gone", test_microphone_is_gone);
  ADD ("/window/preferences/microphone-comes-and-goes", test_microphone_comes_and_goes);
  ADD ("/window/preferences/sound-settings", test_sound_settings);
  ADD ("/window/preferences/history", test_history);
  ADD ("/window/preferences/login", test_login);
  ADD ("/window/preferences/login-in-haste", test_login_in_haste);
  ADD ("/window/preferences/key", test_key);
  ADD ("/window/preferences/key-is-long", test_key_is_long);
  ADD ("/window/preferences/key-is-cancelled", test_key_is_cancelled);
  ADD ("/window/preferences/key-is-empty", test_key_is_empty);
  ADD ("/window/preferences/key-is-refused", test_key_is_refused);
  ADD ("/window/preferences/check", test_check);
  ADD ("/window/preferences/check-is-lost", test_check_is_lost);
  ADD ("/window/preferences/remove", test_remove);
  ADD ("/window/preferences/no-keyring", test_no_keyring);
  ADD ("/window/preferences/service-leaves", test_service_leaves);

  return g_test_run ();
}
