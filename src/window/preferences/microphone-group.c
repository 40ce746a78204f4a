/* SPDX-License-Identifier: MIT */
#include "microphone-group.h"

#include <glib/gi18n-lib.h>

#include "choice-item.h"
#include "level-meter.h"

/**
 * WhisMicrophoneGroup:
 *
 * The rows of the microphone: which one, its live level, and what is done to its sound. The
 * microphone is open for the level, and the list follows the devices, only while the group can be
 * seen.
 */
struct _WhisMicrophoneGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  GCancellable *cancellable;
  gboolean watching;
  AdwComboRow *microphone;
  AdwActionRow *level_row;
  WhisLevelMeter *level;
  GtkSwitch *automatic_gain;
  GtkSwitch *noise_suppression;
};

G_DEFINE_FINAL_TYPE (WhisMicrophoneGroup, whis_microphone_group, ADW_TYPE_PREFERENCES_GROUP)

static void
watched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMicrophoneGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (whis_bus_whis1_call_watch_input_finish (WHIS_BUS_WHIS1 (source), result, &error))
    sentence = g_strdup (_ ("Speak to test the microphone"));
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    sentence = whis_service_call_error_to_sentence (error);
  else
    return;

  adw_action_row_set_subtitle (self->level_row, sentence);
}

static void
microphone_group_watch (WhisMicrophoneGroup *self, gboolean watching)
{
  gboolean running = whis_service_proxy_is_running (self->service);

  if (self->watching == watching)
    return;

  self->watching = watching && running;
  if (!running)
    return;

  /* The watch is ended without a callback, since the group may be in its dispose. */
  whis_bus_whis1_call_watch_input (
      whis_service_proxy_get_interface (self->service),
      whis_settings_get_microphone (self->settings), watching, watching ? self->cancellable : NULL,
      watching ? watched_cb : NULL, watching ? g_object_ref (self) : NULL);
}

static void
selected_cb (WhisMicrophoneGroup *self)
{
  WhisChoiceItem *choice = adw_combo_row_get_selected_item (self->microphone);

  if (self->settings == NULL || choice == NULL)
    return;

  /* The default input has no name of its own. */
  whis_settings_set_microphone_name (self->settings, *whis_choice_item_get_id (choice) != '\0'
                                                         ? whis_choice_item_get_name (choice)
                                                         : "");
  whis_settings_set_microphone (self->settings, whis_choice_item_get_id (choice));
}

/* By its id, or else by its name, as the service does: the id changes with the port. */
static guint
find_chosen (WhisMicrophoneGroup *self, GListModel *list)
{
  const char *chosen = whis_settings_get_microphone (self->settings);
  const char *known = whis_settings_get_microphone_name (self->settings);
  guint position = whis_choice_list_find (list, chosen);

  for (guint i = 1; position == G_MAXUINT && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (WhisChoiceItem) choice = g_list_model_get_item (list, i);

      if (g_str_equal (whis_choice_item_get_name (choice), known))
        position = i;
    }

  return position;
}

static void
show_list (WhisMicrophoneGroup *self, GListStore *list)
{
  const char *chosen = whis_settings_get_microphone (self->settings);

  if (find_chosen (self, G_LIST_MODEL (list)) == G_MAXUINT)
    {
      const char *known = whis_settings_get_microphone_name (self->settings);
      /* Translators: %s is a microphone that was chosen before and is not plugged in now */
      g_autofree char *name =
          g_strdup_printf (_ ("%s (not connected)"), *known != '\0' ? known : chosen);

      whis_choice_list_append (list, chosen, name);
    }

  g_signal_handlers_block_by_func (self->microphone, selected_cb, self);
  adw_combo_row_set_model (self->microphone, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->microphone, find_chosen (self, G_LIST_MODEL (list)));
  g_signal_handlers_unblock_by_func (self->microphone, selected_cb, self);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisMicrophoneGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) descriptions = NULL;
  g_autoptr (GListStore) list = g_list_store_new (WHIS_TYPE_CHOICE_ITEM);

  if (!whis_bus_whis1_call_list_microphones_finish (WHIS_BUS_WHIS1 (source), &descriptions, result,
                                                    &error))
    {
      g_debug ("microphone group: no list: %s", error->message);
      return;
    }

  whis_choice_list_append (list, "", _ ("System Default"));
  for (gsize i = 0; i < g_variant_n_children (descriptions); i++)
    {
      g_autoptr (GVariant) description = g_variant_get_child_value (descriptions, i);
      const char *id = "";
      const char *name = "";

      g_variant_lookup (description, "id", "&s", &id);
      g_variant_lookup (description, "name", "&s", &name);
      if (*id != '\0')
        whis_choice_list_append (list, id, *name != '\0' ? name : id);
    }
  show_list (self, list);
}

static void
list_microphones (WhisMicrophoneGroup *self)
{
  if (whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_list_microphones (whis_service_proxy_get_interface (self->service),
                                          self->cancellable, listed_cb, g_object_ref (self));
}

static void
microphone_changed_cb (WhisMicrophoneGroup *self)
{
  GListModel *list = adw_combo_row_get_model (self->microphone);
  guint position = list != NULL ? find_chosen (self, list) : G_MAXUINT;

  /* Selecting the row must not change the setting. */
  g_signal_handlers_block_by_func (self->microphone, selected_cb, self);
  if (position != G_MAXUINT)
    adw_combo_row_set_selected (self->microphone, position);
  g_signal_handlers_unblock_by_func (self->microphone, selected_cb, self);
  if (position == G_MAXUINT)
    list_microphones (self);
  if (self->watching)
    {
      microphone_group_watch (self, FALSE);
      microphone_group_watch (self, TRUE);
    }
}

static void
level_changed_cb (WhisMicrophoneGroup *self)
{
  whis_level_meter_set_level (self->level, whis_service_proxy_get_level (self->service));
}

static void
watch_devices (WhisMicrophoneGroup *self, gboolean watching)
{
  if (whis_service_proxy_is_running (self->service))
    whis_bus_whis1_call_watch_microphones (whis_service_proxy_get_interface (self->service),
                                           watching, NULL, NULL, NULL);
}

static void
start_watching (WhisMicrophoneGroup *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  watch_devices (self, TRUE);
  list_microphones (self);
  microphone_group_watch (self, TRUE);
}

static void
availability_changed_cb (WhisMicrophoneGroup *self)
{
  self->watching = FALSE;
  start_watching (self);
}

static void
whis_microphone_group_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (whis_microphone_group_parent_class)->map (widget);

  start_watching (WHIS_MICROPHONE_GROUP (widget));
}

static void
whis_microphone_group_unmap (GtkWidget *widget)
{
  microphone_group_watch (WHIS_MICROPHONE_GROUP (widget), FALSE);
  watch_devices (WHIS_MICROPHONE_GROUP (widget), FALSE);

  GTK_WIDGET_CLASS (whis_microphone_group_parent_class)->unmap (widget);
}

static void
whis_microphone_group_dispose (GObject *object)
{
  WhisMicrophoneGroup *self = WHIS_MICROPHONE_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->settings != NULL)
    {
      whis_settings_unbind (self->automatic_gain, "active");
      whis_settings_unbind (self->noise_suppression, "active");
    }
  g_clear_object (&self->settings);
  g_clear_object (&self->service);

  G_OBJECT_CLASS (whis_microphone_group_parent_class)->dispose (object);
}

static void
whis_microphone_group_class_init (WhisMicrophoneGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_microphone_group_dispose;
  widget_class->map = whis_microphone_group_map;
  widget_class->unmap = whis_microphone_group_unmap;

  g_type_ensure (WHIS_TYPE_CHOICE_ITEM);
  g_type_ensure (WHIS_TYPE_LEVEL_METER);
  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/microphone-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisMicrophoneGroup, microphone);
  gtk_widget_class_bind_template_child (widget_class, WhisMicrophoneGroup, level_row);
  gtk_widget_class_bind_template_child (widget_class, WhisMicrophoneGroup, level);
  gtk_widget_class_bind_template_child (widget_class, WhisMicrophoneGroup, automatic_gain);
  gtk_widget_class_bind_template_child (widget_class, WhisMicrophoneGroup, noise_suppression);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
whis_microphone_group_init (WhisMicrophoneGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_microphone_group_connect:
 * @self: the group
 * @service: the service
 * @settings: the settings to show and change
 *
 * To be called once, before the group is shown.
 */
void
whis_microphone_group_connect (WhisMicrophoneGroup *self,
                               WhisServiceProxy *service,
                               WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_MICROPHONE_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->service == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  whis_settings_bind (settings, "automatic-gain", self->automatic_gain, "active");
  whis_settings_bind (settings, "noise-suppression", self->noise_suppression, "active");
  g_signal_connect_object (settings, "changed::microphone", G_CALLBACK (microphone_changed_cb),
                           self, G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "notify::level", G_CALLBACK (level_changed_cb), self);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_changed_cb),
                           self, G_CONNECT_SWAPPED);
  whis_service_proxy_connect (service, "microphones-changed", G_CALLBACK (list_microphones), self);
}
