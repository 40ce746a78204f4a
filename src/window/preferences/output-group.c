/* SPDX-License-Identifier: MIT */
#include "output-group.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"

/**
 * WhisOutputGroup:
 *
 * The rows about where a text goes and what happens to the clipboard.
 */
struct _WhisOutputGroup
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  AdwComboRow *delivery;
  AdwComboRow *spacing;
  GtkSwitch *review;
  GtkSwitch *restore_clipboard;
  GtkSwitch *clipboard_history;
};

G_DEFINE_FINAL_TYPE (WhisOutputGroup, whis_output_group, ADW_TYPE_PREFERENCES_GROUP)

/* A value of a setting, and how it is called. */
typedef struct
{
  const char *value;
  const char *name;
} Choice;

static const Choice deliveries[] = {
  { "insert", N_ ("Where the cursor is") },
  { "both", N_ ("Where the cursor is, and on the clipboard") },
  { "paste", N_ ("Where the cursor is, by pasting only") },
  { "commit", N_ ("Where the cursor is, by an input method only") },
  { "copy", N_ ("On the clipboard only") },
};

static const Choice spacings[] = {
  { "automatic", N_ ("A space in front where one is needed") },
  { "space", N_ ("A space behind") },
  { "newline", N_ ("A new line behind") },
  { "none", N_ ("Nothing") },
};

static void
select_value (AdwComboRow *row, const char *value)
{
  guint position = whis_choice_list_find (adw_combo_row_get_model (row), value);

  if (position != G_MAXUINT)
    adw_combo_row_set_selected (row, position);
}

static const char *
get_value (AdwComboRow *row)
{
  WhisChoiceItem *choice = adw_combo_row_get_selected_item (row);

  return choice != NULL ? whis_choice_item_get_id (choice) : NULL;
}

static void
delivery_selected_cb (WhisOutputGroup *self)
{
  if (self->settings != NULL && get_value (self->delivery) != NULL)
    whis_settings_set_delivery (self->settings, get_value (self->delivery));
}

static void
spacing_selected_cb (WhisOutputGroup *self)
{
  if (self->settings != NULL && get_value (self->spacing) != NULL)
    whis_settings_set_spacing (self->settings, get_value (self->spacing));
}

static void
output_group_show_settings (WhisOutputGroup *self)
{
  select_value (self->delivery, whis_settings_get_delivery (self->settings));
  select_value (self->spacing, whis_settings_get_spacing (self->settings));
}

static void
set_choices (AdwComboRow *row, const Choice *choices, gsize n_choices)
{
  g_autoptr (GListStore) list = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);

  for (gsize i = 0; i < n_choices; i++)
    whis_choice_list_append (list, choices[i].value, _ (choices[i].name));
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
}

static void
whis_output_group_dispose (GObject *object)
{
  WhisOutputGroup *self = WHIS_OUTPUT_GROUP (object);

  if (self->settings != NULL)
    {
      whis_settings_unbind (self->review, "active");
      whis_settings_unbind (self->restore_clipboard, "active");
      whis_settings_unbind (self->clipboard_history, "active");
    }
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_output_group_parent_class)->dispose (object);
}

static void
whis_output_group_class_init (WhisOutputGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_output_group_dispose;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/output-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisOutputGroup, delivery);
  gtk_widget_class_bind_template_child (widget_class, WhisOutputGroup, spacing);
  gtk_widget_class_bind_template_child (widget_class, WhisOutputGroup, review);
  gtk_widget_class_bind_template_child (widget_class, WhisOutputGroup, restore_clipboard);
  gtk_widget_class_bind_template_child (widget_class, WhisOutputGroup, clipboard_history);
  gtk_widget_class_bind_template_callback (widget_class, delivery_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, spacing_selected_cb);
}

static void
whis_output_group_init (WhisOutputGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_output_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once.
 */
void
whis_output_group_connect (WhisOutputGroup *self, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_OUTPUT_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  /* A new list selects its first entry, which is not a choice of the user. */
  set_choices (self->delivery, deliveries, G_N_ELEMENTS (deliveries));
  set_choices (self->spacing, spacings, G_N_ELEMENTS (spacings));
  select_value (self->delivery, whis_settings_get_delivery (settings));
  select_value (self->spacing, whis_settings_get_spacing (settings));
  self->settings = g_object_ref (settings);
  whis_settings_bind (settings, "review", self->review, "active");
  whis_settings_bind (settings, "restore-clipboard", self->restore_clipboard, "active");
  whis_settings_bind (settings, "clipboard-history", self->clipboard_history, "active");
  g_signal_connect_object (settings, "changed::delivery", G_CALLBACK (output_group_show_settings),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::spacing", G_CALLBACK (output_group_show_settings),
                           self, G_CONNECT_SWAPPED);
}
