/* SPDX-License-Identifier: MIT */
#include "preferences-fixture.h"

static gboolean
has_providers (Fixture *fixture)
{
  GListModel *list = adw_combo_row_get_model (mock_child (fixture->services, "provider"));

  return list != NULL && g_list_model_get_n_items (list) == 6;
}

void
preferences_set_up (Fixture *fixture, gconstpointer data)
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

void
preferences_tear_down (Fixture *fixture, gconstpointer data)
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

/* The group with that title, somewhere in a page; %NULL if there is none. */
gpointer
preferences_find_group (gpointer root, const char *title)
{
  if (ADW_IS_PREFERENCES_GROUP (root)
      && g_strcmp0 (adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (root)), title) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer group = preferences_find_group (child, title);

      if (group != NULL)
        return group;
    }

  return NULL;
}

gboolean
setting_is (Fixture *fixture, const char *key, const char *printed)
{
  g_autoptr (GVariant) value = g_settings_get_value (fixture->settings, key);
  g_autofree char *text = g_variant_print (value, TRUE);

  return g_str_equal (text, printed);
}

gboolean
is_visible (gpointer widget, const char *name)
{
  return gtk_widget_get_visible (mock_child (widget, name));
}

void
select_provider (Fixture *fixture, guint position)
{
  adw_combo_row_set_selected (mock_child (fixture->services, "provider"), position);
}

void
type_and_apply (gpointer widget, const char *name, const char *text)
{
  gpointer row = mock_child (widget, name);

  gtk_editable_set_text (GTK_EDITABLE (row), text);
  g_signal_emit_by_name (row, "apply");
}

const char *
typed (gpointer widget, const char *name)
{
  return gtk_editable_get_text (GTK_EDITABLE (mock_child (widget, name)));
}
