/* SPDX-License-Identifier: MIT */
#include "mock.h"
#include "preferences.h"

typedef struct
{
  WhisServiceProxy *service;
  WhisSettings *model;
  WhisPreferences *window;
  gpointer group;
  GtkToggleButton *record; /* of the first action */
  AdwActionRow *row;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_setenv ("WHIS_MOCK_SHORTCUTS", data != NULL ? data : "", TRUE);
  mock_start ();
  fixture->service = mock_new_proxy ();
  fixture->model = whis_settings_new (NULL);
  fixture->window = whis_preferences_new (fixture->service, fixture->model);
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  fixture->group = mock_child (mock_child (fixture->window, "general"), "shortcut_group");
  fixture->record = GTK_TOGGLE_BUTTON (mock_find_button (fixture->group, "Set…"));
  fixture->row =
      ADW_ACTION_ROW (gtk_widget_get_ancestor (GTK_WIDGET (fixture->record), ADW_TYPE_ACTION_ROW));
  whis_preferences_present (fixture->window, mock_get_application (), NULL);
  AWAIT (whis_service_proxy_is_running (fixture->service));
  AWAIT (g_strcmp0 (adw_action_row_get_subtitle (fixture->row), "None") == 0);
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
}

/* As GTK hands a key to the recorder; returns whether it was taken. */
static gboolean
press (Fixture *fixture, guint keyval, GdkModifierType state)
{
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (fixture->record));
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller)
          && gtk_event_controller_get_propagation_phase (controller) == GTK_PHASE_CAPTURE)
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, state, &taken);
    }

  return taken;
}

static gboolean
shows (Fixture *fixture, const char *subtitle)
{
  return g_str_equal (adw_action_row_get_subtitle (fixture->row), subtitle);
}

static void
test_record (Fixture *fixture, gconstpointer data)
{
  g_assert_false (press (fixture, GDK_KEY_h, GDK_SUPER_MASK));
  gtk_toggle_button_set_active (fixture->record, TRUE);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (fixture->record)), ==, "Press the Keys…");
  g_assert_true (press (fixture, GDK_KEY_Super_L, 0));
  g_assert_true (gtk_toggle_button_get_active (fixture->record));
  g_assert_true (press (fixture, GDK_KEY_H, GDK_SUPER_MASK | GDK_SHIFT_MASK | GDK_LOCK_MASK));
  AWAIT (shows (fixture, "<Shift><Super>h"));
  g_assert_false (gtk_toggle_button_get_active (fixture->record));

  gtk_toggle_button_set_active (fixture->record, TRUE);
  g_assert_true (press (fixture, GDK_KEY_Escape, 0));
  g_assert_false (gtk_toggle_button_get_active (fixture->record));
  g_assert_true (shows (fixture, "<Shift><Super>h"));

  gtk_toggle_button_set_active (fixture->record, TRUE);
  press (fixture, GDK_KEY_BackSpace, 0);
  AWAIT (shows (fixture, "None"));
}

static void
test_problem (Fixture *fixture, gconstpointer data)
{
  AdwActionRow *problem = mock_child (fixture->group, "problem");

  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (problem)));
  gtk_toggle_button_set_active (fixture->record, TRUE);
  press (fixture, GDK_KEY_F12, 0);
  AWAIT (gtk_widget_get_visible (GTK_WIDGET (problem)));
  g_assert_cmpstr (adw_action_row_get_subtitle (problem), ==, "Another program uses F12.");
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  AdwActionRow *row = mock_child (fixture->group, "check_row");

  g_signal_emit_by_name (mock_child (fixture->group, "check"), "clicked");
  AWAIT (g_str_equal (adw_action_row_get_subtitle (row), "It arrived"));
  g_assert_true (mock_was_called ("Shortcuts.Check"));
  g_assert_true (gtk_widget_get_sensitive (mock_child (fixture->group, "check")));
}

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
test_line (Fixture *fixture, gconstpointer data)
{
  GtkWidget *line = mock_child (fixture->group, "lines");
  GdkClipboard *clipboard = gtk_widget_get_clipboard (line);
  g_autofree char *text = NULL;

  g_assert_true (gtk_widget_get_visible (line));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (line)), ==,
                   "They belong into ~/.config/sway/config\nbindsym F9 exec whis toggle");
  g_signal_emit_by_name (mock_find_button (line, "Copy"), "clicked");
  AWAIT (gdk_clipboard_is_local (clipboard));
  gdk_clipboard_read_text_async (clipboard, NULL, pasted_cb, &text);
  AWAIT (text != NULL);
  g_assert_cmpstr (text, ==, "bindsym F9 exec whis toggle\n");
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  mock_init (&argc, &argv);
  ADD ("/window/shortcuts/record", NULL, test_record);
  ADD ("/window/shortcuts/problem", NULL, test_problem);
  ADD ("/window/shortcuts/check", NULL, test_check);
  ADD ("/window/shortcuts/line", "line", test_line);

  return g_test_run ();
}
