/* SPDX-License-Identifier: MIT */
#include "history-group.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"

/**
 * WhisHistoryGroup:
 *
 * The rows that say how long sound and text are kept, and private mode.
 */
struct _WhisHistoryGroup
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  AdwComboRow *keep_sound;
  AdwComboRow *keep_text;
  GtkSwitch *private;
};

G_DEFINE_FINAL_TYPE (WhisHistoryGroup, whis_history_group, ADW_TYPE_PREFERENCES_GROUP)

static char *
describe_days (int days)
{
  switch (days)
    {
    case -1:
      return g_strdup (_ ("Always"));
    case 0:
      return g_strdup (_ ("Until delivered"));
    case 365:
      return g_strdup (_ ("1 year"));
    default:
      return g_strdup_printf (ngettext ("%d day", "%d days", (unsigned long) days), days);
    }
}

static void
append_days (GListStore *list, int days)
{
  g_autofree char *id = g_strdup_printf ("%d", days);
  g_autofree char *name = describe_days (days);

  whis_choice_list_append (list, id, name);
}

/* The usual lengths, and the one in the settings if it is another. */
static GListStore *
list_lengths (int chosen)
{
  static const int usual[] = { 0, 1, 7, 30, 365, -1 };
  GListStore *list = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);
  gboolean listed = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (usual); i++)
    {
      append_days (list, usual[i]);
      listed = listed || usual[i] == chosen;
    }
  if (!listed)
    append_days (list, chosen);

  return list;
}

static int
get_setting (WhisHistoryGroup *self, AdwComboRow *row)
{
  return row == self->keep_sound ? whis_settings_get_keep_sound (self->settings)
                                 : whis_settings_get_keep_text (self->settings);
}

static void
set_setting (WhisHistoryGroup *self, AdwComboRow *row, int days)
{
  if (row == self->keep_sound)
    whis_settings_set_keep_sound (self->settings, days);
  else
    whis_settings_set_keep_text (self->settings, days);
}

static void
selected_cb (WhisHistoryGroup *self, GParamSpec *pspec, AdwComboRow *row)
{
  WhisChoiceItem *choice = adw_combo_row_get_selected_item (row);

  if (self->settings != NULL && choice != NULL)
    set_setting (self, row, atoi (whis_choice_item_get_id (choice)));
}

/* The list stays the same while it has the length: the row may be in the middle of a choice. */
static void
show_length (WhisHistoryGroup *self, AdwComboRow *row)
{
  GListModel *list = adw_combo_row_get_model (row);
  int days = get_setting (self, row);
  g_autofree char *id = g_strdup_printf ("%d", days);

  g_signal_handlers_block_by_func (row, selected_cb, self);
  if (list == NULL || whis_choice_list_find (list, id) == G_MAXUINT)
    {
      g_autoptr (GListStore) lengths = list_lengths (days);

      adw_combo_row_set_model (row, G_LIST_MODEL (lengths));
    }
  adw_combo_row_set_selected (row, whis_choice_list_find (adw_combo_row_get_model (row), id));
  g_signal_handlers_unblock_by_func (row, selected_cb, self);
}

static void
keep_sound_changed_cb (WhisHistoryGroup *self)
{
  show_length (self, self->keep_sound);
}

static void
keep_text_changed_cb (WhisHistoryGroup *self)
{
  show_length (self, self->keep_text);
}

static void
whis_history_group_dispose (GObject *object)
{
  WhisHistoryGroup *self = WHIS_HISTORY_GROUP (object);

  if (self->settings != NULL)
    whis_settings_unbind (self->private, "active");
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_history_group_parent_class)->dispose (object);
}

static void
whis_history_group_class_init (WhisHistoryGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_history_group_dispose;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/history-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryGroup, keep_sound);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryGroup, keep_text);
  gtk_widget_class_bind_template_child (widget_class, WhisHistoryGroup, private);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
whis_history_group_init (WhisHistoryGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_history_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once, before the group is shown.
 */
void
whis_history_group_connect (WhisHistoryGroup *self, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_HISTORY_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  whis_settings_bind (settings, "private", self->private, "active");
  g_signal_connect_object (settings, "changed::keep-sound", G_CALLBACK (keep_sound_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::keep-text", G_CALLBACK (keep_text_changed_cb), self,
                           G_CONNECT_SWAPPED);
  keep_sound_changed_cb (self);
  keep_text_changed_cb (self);
}
