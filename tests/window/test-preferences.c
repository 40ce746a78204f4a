/* SPDX-License-Identifier: MIT */
#include "choice-item.h"
#include "preferences-fixture.h"

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
  gtk_switch_set_active (mock_child (fixture->general, "save_data"), TRUE);
  g_assert_true (setting_is (fixture, "save-data", "true"));
  gtk_switch_set_active (mock_child (fixture->general, "notify_shows_text"), TRUE);
  g_assert_true (setting_is (fixture, "notify-shows-text", "true"));
  gtk_switch_set_active (mock_child (fixture->general, "indicator"), FALSE);
  g_assert_true (setting_is (fixture, "indicator", "false"));
  gtk_switch_set_active (mock_child (fixture->general, "notify_finished"), FALSE);
  g_assert_true (setting_is (fixture, "notify-finished", "false"));
  g_settings_set_uint (fixture->settings, "longest-chunk", 300);
  g_assert_cmpfloat (gtk_spin_button_get_value (mock_child (fixture->general, "longest_chunk")), ==,
                     300);
}

static void
test_recording (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = mock_child (fixture->general, "recording_group");
  GtkSwitch *stops = mock_child (group, "stops");
  GtkSpinButton *silence = mock_child (group, "silence");

  g_assert_true (gtk_switch_get_active (mock_child (group, "cues")));
  gtk_switch_set_active (mock_child (group, "cues"), FALSE);
  g_assert_true (setting_is (fixture, "cues", "false"));
  gtk_switch_set_active (mock_child (group, "pause_media"), FALSE);
  g_assert_true (setting_is (fixture, "pause-media", "false"));

  g_assert_false (gtk_switch_get_active (stops));
  g_assert_false (gtk_widget_is_sensitive (GTK_WIDGET (silence)));
  gtk_switch_set_active (stops, TRUE);
  g_assert_true (gtk_widget_is_sensitive (GTK_WIDGET (silence)));
  g_assert_true (setting_is (fixture, "stop-after-silence", "uint32 3"));
  gtk_spin_button_set_value (silence, 8);
  g_assert_true (setting_is (fixture, "stop-after-silence", "uint32 8"));
  gtk_switch_set_active (stops, FALSE);
  g_assert_true (setting_is (fixture, "stop-after-silence", "uint32 0"));
  g_assert_cmpfloat (gtk_spin_button_get_value (silence), ==, 8);

  /* What the command line sets is shown. */
  g_settings_set_uint (fixture->settings, "stop-after-silence", 60);
  g_assert_true (gtk_switch_get_active (stops));
  g_assert_cmpfloat (gtk_spin_button_get_value (silence), ==, 60);
  g_assert_true (setting_is (fixture, "stop-after-silence", "uint32 60"));
}

static void
choose_language (GtkWidget *group, const char *code)
{
  GtkDropDown *language = mock_child (group, "language");

  gtk_drop_down_set_selected (language,
                              whis_choice_list_find (gtk_drop_down_get_model (language), code));
}

static void
test_alternative (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = mock_child (fixture->general, "alternative_group");
  AdwComboRow *provider = mock_child (group, "provider");
  AdwActionRow *result = mock_child (group, "result");

  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==,
                   "any language, automatically · Offline");
  choose_language (group, "fr");
  g_assert_true (setting_is (fixture, "alternative-options", "{'language': 'fr'}"));
  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==, "French · Offline");
  adw_combo_row_set_selected (provider, 3);
  g_assert_true (
      setting_is (fixture, "alternative-options", "{'language': 'fr', 'provider': 'groq'}"));
  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==, "French · Groq");
  adw_combo_row_set_selected (provider, 2);
  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==,
                   "French · OpenAI\nIt needs an API key, which you can add on the next page");

  /* A model of the command line's stays with its service; automatic is not as usual. */
  g_assert_true (g_settings_set_value (
      fixture->settings, "alternative-options",
      g_variant_new_parsed ("{'provider': 'groq', 'model': 'whisper-large-v3'}")));
  g_assert_cmpuint (adw_combo_row_get_selected (provider), ==, 3);
  g_settings_set_string (fixture->settings, "language", "de");
  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==, "German · Groq · whisper-large-v3");
  choose_language (group, "");
  g_assert_cmpstr (adw_action_row_get_subtitle (result), ==,
                   "any language, automatically · Groq · whisper-large-v3");
  adw_combo_row_set_selected (provider, 0);
  g_assert_true (setting_is (fixture, "alternative-options", "{'language': ''}"));
  choose_language (group, "as-usual");
  g_assert_true (setting_is (fixture, "alternative-options", "@a{ss} {}"));
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

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/" path, Fixture, NULL, preferences_set_up, function,            \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("mnemonics", test_mnemonics);
  ADD ("usage", test_usage);
  ADD ("speech", test_speech);
  ADD ("plain-settings", test_plain_settings);
  ADD ("recording", test_recording);
  ADD ("alternative", test_alternative);
  ADD ("history", test_history);
  ADD ("login", test_login);
  ADD ("login-in-haste", test_login_in_haste);
  ADD ("service-leaves", test_service_leaves);

  return g_test_run ();
}
