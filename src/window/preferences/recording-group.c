/* SPDX-License-Identifier: MIT */
#include "recording-group.h"

#include "spin-setting.h"

/* In seconds, as long as nobody has chosen another time. */
#define USUAL_SILENCE 3

/**
 * WhisRecordingGroup:
 *
 * The rows about what happens while a dictation records.
 */
struct _WhisRecordingGroup
{
  AdwPreferencesGroup parent;

  WhisSettings *settings;
  GtkSwitch *cues;
  GtkSwitch *pause_media;
  GtkSwitch *stops;
  GtkWidget *silence_row;
  GtkSpinButton *silence;
};

G_DEFINE_FINAL_TYPE (WhisRecordingGroup, whis_recording_group, ADW_TYPE_PREFERENCES_GROUP)

/* The setting is 0 while the switch is off; the seconds stay in their row for the next time. */
static void
silence_changed_cb (WhisRecordingGroup *self)
{
  gboolean stops = gtk_switch_get_active (self->stops);

  gtk_widget_set_sensitive (self->silence_row, stops);
  if (self->settings != NULL)
    whis_settings_set_stop_after_silence (
        self->settings, stops ? (guint) gtk_spin_button_get_value_as_int (self->silence) : 0);
}

static void
setting_changed_cb (WhisRecordingGroup *self)
{
  guint seconds = whis_settings_get_stop_after_silence (self->settings);

  g_signal_handlers_block_by_func (self->silence, silence_changed_cb, self);
  if (seconds > 0)
    gtk_spin_button_set_value (self->silence, seconds);
  g_signal_handlers_unblock_by_func (self->silence, silence_changed_cb, self);
  gtk_switch_set_active (self->stops, seconds > 0);
}

static void
whis_recording_group_dispose (GObject *object)
{
  WhisRecordingGroup *self = WHIS_RECORDING_GROUP (object);

  if (self->settings != NULL)
    {
      whis_settings_unbind (self->cues, "active");
      whis_settings_unbind (self->pause_media, "active");
    }
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_recording_group_parent_class)->dispose (object);
}

static void
whis_recording_group_class_init (WhisRecordingGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_recording_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/recording-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisRecordingGroup, cues);
  gtk_widget_class_bind_template_child (widget_class, WhisRecordingGroup, pause_media);
  gtk_widget_class_bind_template_child (widget_class, WhisRecordingGroup, stops);
  gtk_widget_class_bind_template_child (widget_class, WhisRecordingGroup, silence_row);
  gtk_widget_class_bind_template_child (widget_class, WhisRecordingGroup, silence);
  gtk_widget_class_bind_template_callback (widget_class, silence_changed_cb);
}

static void
whis_recording_group_init (WhisRecordingGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_recording_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once.
 */
void
whis_recording_group_connect (WhisRecordingGroup *self, WhisSettings *settings)
{
  double lowest, highest;

  g_return_if_fail (WHIS_IS_RECORDING_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  whis_settings_bind (settings, "cues", self->cues, "active");
  whis_settings_bind (settings, "pause-media", self->pause_media, "active");
  whis_settings_get_range (settings, "stop-after-silence", &lowest, &highest);
  gtk_spin_button_set_range (self->silence, 1, highest);
  gtk_spin_button_set_value (self->silence, USUAL_SILENCE);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::stop-after-silence", G_CALLBACK (setting_changed_cb),
                           self, G_CONNECT_SWAPPED);
  setting_changed_cb (self);
}
