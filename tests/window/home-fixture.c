/* SPDX-License-Identifier: MIT */
#include "home-fixture.h"

#include "failure-card.h"
#include "history-item.h"
#include "navigation.h"

void
home_set_up (Home *home, gconstpointer n_entries)
{
  mock_start ();
  if (GPOINTER_TO_UINT (n_entries) > 0)
    mock_fill (GPOINTER_TO_UINT (n_entries));
  home->service = mock_new_proxy ();
  home->settings = whis_settings_new (NULL);
  home->window = whis_main_window_new (mock_get_application (), home->service, home->settings);
  g_object_add_weak_pointer (G_OBJECT (home->window), (gpointer *) &home->window);
  home->recorder = mock_child (home->window, "recorder");
  home->failure = mock_child (home->window, "failure");
  home->text = mock_child (home->window, "text");
  home->history = mock_child (home->window, "history");
  home->entry = mock_child (home->window, "entry");
  home->navigation = mock_child (home->window, "navigation");
  home->list = mock_child (home->history, "list");
  gtk_window_present (GTK_WINDOW (home->window));
  AWAIT (mock_was_called ("GetLastText"));
}

void
home_tear_down (Home *home, gconstpointer n_entries)
{
  if (home->window != NULL)
    gtk_window_destroy (GTK_WINDOW (home->window));
  AWAIT (home->window == NULL);
  mock_stop ();
  AWAIT (whis_service_proxy_get_availability (home->service) != WHIS_AVAILABILITY_RUNNING);
  g_assert_finalize_object (home->service);
  g_assert_finalize_object (home->settings);
}

void
home_set_state (Home *home, const char *state)
{
  mock_set_state (state);
  AWAIT (whis_service_proxy_get_state (home->service) == whis_dictation_state_from_nick (state));
}

void
home_act (Home *home, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (home->window), action, NULL);
}

/* Waits until the whole history is counted. */
void
home_show_history (Home *home)
{
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.view", "s", "history");
  AWAIT (!g_str_equal (gtk_stack_get_visible_child_name (mock_child (home->history, "stack")),
                       "loading"));
}

guint
home_count_rows (Home *home)
{
  return g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (home->list)));
}

gboolean
home_row_is (Home *home, guint position, const char *id)
{
  g_autoptr (WhisHistoryItem) entry =
      g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (home->list)), position);

  return entry != NULL && g_str_equal (whis_history_item_get_string (entry, "id"), id);
}

void
home_open_entry (Home *home, const char *id)
{
  g_autofree char *call = g_strdup_printf ("GetHistoryEntry %s", id);

  mock_forget_calls ();
  gtk_widget_activate_action (GTK_WIDGET (home->window), "win.open-entry", "s", id);
  AWAIT (mock_was_called (call));
  AWAIT (*label_of (home->entry, "details") != '\0'
         && gtk_widget_get_sensitive (mock_child (home->entry, "mark")));
}

gboolean
home_shows_entry (Home *home)
{
  return whis_navigation_get_visible_child (WHIS_NAVIGATION (home->navigation)) == home->entry;
}

/* What is laid out, drawn or animated takes some frames. */
void
home_await_frames (Home *home, guint n_frames)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (home->window));
  gint64 end = gdk_frame_clock_get_frame_counter (clock) + n_frames;

  gdk_frame_clock_begin_updating (clock);
  AWAIT (gdk_frame_clock_get_frame_counter (clock) >= end);
  gdk_frame_clock_end_updating (clock);
}

/* The view that the user sees: `dictate` or `history`. */
const char *
home_view (Home *home)
{
  return adw_view_stack_get_visible_child_name (mock_child (home->window, "views"));
}

const char *
label_of (gpointer widget, const char *name)
{
  return gtk_label_get_text (mock_child (widget, name));
}

gboolean
is_shown (gpointer widget, const char *name)
{
  return gtk_widget_get_visible (mock_child (widget, name));
}

void
click (gpointer button)
{
  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

gboolean
failure_says (gpointer card, const char *sentence)
{
  return whis_failure_card_is_shown (card) && g_str_equal (label_of (card, "message"), sentence);
}

static gboolean
is_triggered (GtkShortcutTrigger *trigger, guint key, GdkModifierType modifiers)
{
  if (GTK_IS_ALTERNATIVE_TRIGGER (trigger))
    return is_triggered (gtk_alternative_trigger_get_first (GTK_ALTERNATIVE_TRIGGER (trigger)), key,
                         modifiers)
           || is_triggered (gtk_alternative_trigger_get_second (GTK_ALTERNATIVE_TRIGGER (trigger)),
                            key, modifiers);

  return GTK_IS_KEYVAL_TRIGGER (trigger)
         && gdk_keyval_to_lower (gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (trigger)))
                == gdk_keyval_to_lower (key)
         && gtk_keyval_trigger_get_modifiers (GTK_KEYVAL_TRIGGER (trigger)) == modifiers;
}

/* Whether one of these shortcuts has that key. */
gboolean
has_shortcut (GListModel *shortcuts, guint key, GdkModifierType modifiers)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (is_triggered (gtk_shortcut_get_trigger (shortcut), key, modifiers))
        return TRUE;
    }

  return FALSE;
}

static gboolean
press_on (GtkWidget *widget, GListModel *shortcuts, guint key, GdkModifierType modifiers)
{
  for (guint i = 0; i < g_list_model_get_n_items (shortcuts); i++)
    {
      g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (shortcuts, i);

      if (is_triggered (gtk_shortcut_get_trigger (shortcut), key, modifiers)
          && gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut),
                                           GTK_SHORTCUT_ACTION_EXCLUSIVE, widget,
                                           gtk_shortcut_get_arguments (shortcut)))
        return TRUE;
    }

  return FALSE;
}

/* Presses keys while @from has the focus. Returns whether it or a widget around it has used them,
 * as GTK would look for one. */
gboolean
press (GtkWidget *from, const char *accelerator)
{
  GdkModifierType modifiers;
  guint key;

  g_assert_true (gtk_accelerator_parse (accelerator, &key, &modifiers));
  for (GtkWidget *widget = from; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

      for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
        {
          g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

          if (GTK_IS_SHORTCUT_CONTROLLER (controller)
              && press_on (widget, G_LIST_MODEL (controller), key, modifiers))
            return TRUE;
        }
    }

  return FALSE;
}
