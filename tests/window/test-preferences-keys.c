/* SPDX-License-Identifier: MIT */
#include "key-transfer.h"
#include "preferences-fixture.h"

#define SECRET "sk-secret-0123456789"

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
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");
  g_autofree char *settings = NULL;
  g_autofree char *key = NULL;

  g_assert_null (preferences_find_group (fixture->keys, "Offline"));
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
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");

  type_and_apply (group, "entry", "   ");
  g_assert_cmpstr (sentence (group), ==, "Type or paste a key first.");
  g_assert_false (mock_was_called ("SetKey openai 0"));
}

static void
test_key_is_refused (Fixture *fixture, gconstpointer data)
{
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");

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
  GtkWidget *group = preferences_find_group (fixture->keys, "Groq");
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
  GtkWidget *group = preferences_find_group (fixture->keys, "Groq");

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
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");

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
  GtkWidget *group = preferences_find_group (mock_child (window, "keys"), name);

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
  GtkWidget *group = preferences_find_group (fixture->keys, "OpenAI");

  g_assert_false (is_visible (fixture->keys, "keyring"));
  mock_set ("KeyringAvailable", g_variant_new_boolean (FALSE));
  AWAIT (is_visible (fixture->keys, "keyring"));
  type_and_apply (group, "entry", SECRET);
  AWAIT (g_str_equal (status (group), "Until Whis quits"));
  g_assert_cmpstr (sentence (group), ==, "The key is kept until Whis quits.");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/preferences/keys/" path, Fixture, NULL, preferences_set_up, function,       \
              preferences_tear_down)

int
main (int argc, char *argv[])
{
  mock_init (&argc, &argv);

  ADD ("turn-to-key", test_turn_to_key);
  ADD ("open-at-key", test_open_at_key);
  ADD ("key", test_key);
  ADD ("key-is-long", test_key_is_long);
  ADD ("key-is-cancelled", test_key_is_cancelled);
  ADD ("key-is-empty", test_key_is_empty);
  ADD ("key-is-refused", test_key_is_refused);
  ADD ("check", test_check);
  ADD ("check-is-lost", test_check_is_lost);
  ADD ("remove", test_remove);
  ADD ("no-keyring", test_no_keyring);

  return g_test_run ();
}
