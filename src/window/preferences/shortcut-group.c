/* SPDX-License-Identifier: MIT */
#include "shortcut-group.h"

#include <glib/gi18n-lib.h>

#include "shortcut-lines-row.h"
#include "whis-bus-shortcuts.h"

/* The desktop may ask the user. */
#define LONGEST_WAIT_MS (10 * 60 * 1000)

static const struct
{
  const char *action; /* as the D-Bus interface has it */
  const char *title;
} actions[] = {
  { "toggle", N_ ("Dictate") },
  { "cancel", N_ ("Cancel the Dictation") },
  { "insert-last", N_ ("Insert the Last Text Again") },
  { "undo-insertion", N_ ("Take the Last Insertion Back") },
  { "alternative", N_ ("Dictate With the Other Language or Service") },
};

/* The row of an action. */
typedef struct
{
  AdwActionRow *row;
  GtkToggleButton *record; /* while it is pressed the next keys are the shortcut */
} Row;

/**
 * WhisShortcutGroup:
 *
 * The shortcuts that work in every program: what is bound, in the words of the desktop, a recorder
 * for others, and a check that they arrive.
 *
 * A window gets only the keys that the desktop does not keep for itself; which key the shortcut has
 * in the end is what the service tells.
 */
struct _WhisShortcutGroup
{
  WhisInterfaceGroup parent;

  Row rows[G_N_ELEMENTS (actions)];
  AdwActionRow *problem;
  WhisShortcutLinesRow *lines;
  AdwActionRow *check_row;
  GtkButton *check;
};

G_DEFINE_FINAL_TYPE (WhisShortcutGroup, whis_shortcut_group, WHIS_TYPE_INTERFACE_GROUP)

static WhisBusWhis1Shortcuts *
shortcut_group_get_proxy (WhisShortcutGroup *self)
{
  return whis_interface_group_get_proxy (WHIS_INTERFACE_GROUP (self));
}

static GCancellable *
shortcut_group_get_cancellable (WhisShortcutGroup *self)
{
  return whis_interface_group_get_cancellable (WHIS_INTERFACE_GROUP (self));
}

/* --- the view --------------------------------------------------------------------------------- */

static void
show_triggers (WhisShortcutGroup *self, GVariant *description)
{
  g_autoptr (GVariant) triggers =
      g_variant_lookup_value (description, "triggers", G_VARIANT_TYPE ("a{ss}"));

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      const char *trigger = _ ("None");

      if (triggers != NULL)
        g_variant_lookup (triggers, actions[i].action, "&s", &trigger);
      adw_action_row_set_subtitle (self->rows[i].row, trigger);
    }
}

static void
shortcut_group_show (WhisShortcutGroup *self, GVariant *description)
{
  const char *problem = NULL;

  show_triggers (self, description);
  g_variant_lookup (description, "problem", "&s", &problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  adw_action_row_set_subtitle (self->problem, problem != NULL ? problem : "");
  whis_shortcut_lines_row_show (self->lines, description);
}

static void
described_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcutGroup) self = user_data;
  g_autoptr (GVariant) description = NULL;
  g_autoptr (GError) error = NULL;

  if (whis_bus_whis1_shortcuts_call_describe_finish (WHIS_BUS_WHIS1_SHORTCUTS (source),
                                                     &description, result, &error))
    shortcut_group_show (self, description);
  else
    g_debug ("shortcut group: %s", error->message);
}

static void
shortcut_group_update (WhisShortcutGroup *self)
{
  if (shortcut_group_get_proxy (self) != NULL)
    whis_bus_whis1_shortcuts_call_describe (shortcut_group_get_proxy (self),
                                            shortcut_group_get_cancellable (self), described_cb,
                                            g_object_ref (self));
}

/* --- calls ------------------------------------------------------------------------------------ */

static void
bound_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcutGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!whis_bus_whis1_shortcuts_call_bind_finish (WHIS_BUS_WHIS1_SHORTCUTS (source), result,
                                                  &error))
    whis_interface_group_show_error (WHIS_INTERFACE_GROUP (self), error);
  shortcut_group_update (self);
}

static void
shortcut_group_bind (WhisShortcutGroup *self, const char *action, const char *trigger)
{
  GVariantBuilder triggers;

  if (shortcut_group_get_proxy (self) == NULL)
    return;
  g_variant_builder_init (&triggers, G_VARIANT_TYPE ("a{ss}"));
  g_variant_builder_add (&triggers, "{ss}", action, trigger);
  whis_bus_whis1_shortcuts_call_bind (
      shortcut_group_get_proxy (self), g_variant_builder_end (&triggers),
      shortcut_group_get_cancellable (self), bound_cb, g_object_ref (self));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisShortcutGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean arrived = FALSE;

  if (!whis_bus_whis1_shortcuts_call_check_finish (WHIS_BUS_WHIS1_SHORTCUTS (source), &arrived,
                                                   result, &error))
    {
      whis_interface_group_show_error (WHIS_INTERFACE_GROUP (self), error);
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->check), TRUE);
  adw_action_row_set_subtitle (self->check_row,
                               arrived ? _ ("It arrived") : _ ("No shortcut arrived"));
}

static void
check_cb (WhisShortcutGroup *self)
{
  if (shortcut_group_get_proxy (self) == NULL)
    return;

  gtk_widget_set_sensitive (GTK_WIDGET (self->check), FALSE);
  adw_action_row_set_subtitle (self->check_row, _ ("Press a shortcut within ten seconds"));
  whis_bus_whis1_shortcuts_call_check (shortcut_group_get_proxy (self),
                                       shortcut_group_get_cancellable (self), checked_cb,
                                       g_object_ref (self));
}

/* --- the recorder ----------------------------------------------------------------------------- */

static gboolean
is_modifier (guint keyval)
{
  return (keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R)
         || keyval == GDK_KEY_ISO_Level3_Shift || keyval == GDK_KEY_Num_Lock;
}

/* Escape changes nothing, Backspace removes the shortcut. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                WhisShortcutGroup *self)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  const char *action = g_object_get_data (G_OBJECT (button), "action");
  GdkModifierType modifiers = state & gtk_accelerator_get_default_mod_mask ();
  g_autofree char *trigger = NULL;

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
    return GDK_EVENT_PROPAGATE;
  if (is_modifier (keyval))
    return GDK_EVENT_STOP;

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  if (modifiers == 0 && keyval == GDK_KEY_Escape)
    return GDK_EVENT_STOP;
  if (modifiers == 0 && keyval == GDK_KEY_BackSpace)
    trigger = g_strdup ("");
  else
    trigger = gtk_accelerator_name (gdk_keyval_to_lower (keyval), modifiers);
  shortcut_group_bind (self, action, trigger);

  return GDK_EVENT_STOP;
}

static void
recording_cb (GtkToggleButton *button)
{
  gboolean records = gtk_toggle_button_get_active (button);

  gtk_button_set_label (GTK_BUTTON (button), records ? _ ("Press the Keys…") : _ ("Set…"));
  gtk_widget_set_tooltip_text (
      GTK_WIDGET (button),
      records ? _ ("Escape changes nothing, Backspace removes the shortcut") : NULL);
}

static void
focus_left_cb (GtkEventControllerFocus *controller)
{
  GtkWidget *button = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
}

static void
shortcut_group_add_row (WhisShortcutGroup *self, gsize i)
{
  AdwActionRow *row = ADW_ACTION_ROW (adw_action_row_new ());
  GtkWidget *record = gtk_toggle_button_new_with_label (_ ("Set…"));
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (actions[i].title));
  gtk_widget_set_valign (record, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (record), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (actions[i].title), -1);
  g_object_set_data (G_OBJECT (record), "action", (gpointer) actions[i].action);
  g_signal_connect (record, "toggled", G_CALLBACK (recording_cb), NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (record, keys);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), NULL);
  gtk_widget_add_controller (record, focus);
  adw_action_row_add_suffix (row, record);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), GTK_WIDGET (row));
  self->rows[i] = (Row){ row, GTK_TOGGLE_BUTTON (record) };
}

static void
whis_shortcut_group_connected (WhisInterfaceGroup *group)
{
  GDBusProxy *shortcuts = whis_interface_group_get_proxy (group);

  g_dbus_proxy_set_default_timeout (shortcuts, LONGEST_WAIT_MS);
  g_signal_connect_object (shortcuts, "changed", G_CALLBACK (shortcut_group_update), group,
                           G_CONNECT_SWAPPED);
  shortcut_group_update (WHIS_SHORTCUT_GROUP (group));
}

static void
whis_shortcut_group_class_init (WhisShortcutGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  WhisInterfaceGroupClass *group_class = WHIS_INTERFACE_GROUP_CLASS (klass);

  group_class->proxy_type = WHIS_BUS_TYPE_WHIS1_SHORTCUTS_PROXY;
  group_class->interface = whis_bus_whis1_shortcuts_interface_info ();
  group_class->connected = whis_shortcut_group_connected;

  g_type_ensure (WHIS_TYPE_SHORTCUT_LINES_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/shortcut-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutGroup, problem);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutGroup, lines);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutGroup, check_row);
  gtk_widget_class_bind_template_child (widget_class, WhisShortcutGroup, check);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
}

static void
whis_shortcut_group_init (WhisShortcutGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    shortcut_group_add_row (self, i);
}
