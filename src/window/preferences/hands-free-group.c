/* SPDX-License-Identifier: MIT */
#include "hands-free-group.h"

#include "spin-setting.h"

/**
 * WhisHandsFreeGroup:
 *
 * The rows about continuous dictation.
 */
struct _WhisHandsFreeGroup
{
  AdwPreferencesGroup parent;

  GtkSwitch *continuous;
  GtkSpinButton *continuous_pause;
  GtkSpinButton *continuous_end;
  gboolean is_connected;
};

G_DEFINE_FINAL_TYPE (WhisHandsFreeGroup, whis_hands_free_group, ADW_TYPE_PREFERENCES_GROUP)

static void
whis_hands_free_group_dispose (GObject *object)
{
  WhisHandsFreeGroup *self = WHIS_HANDS_FREE_GROUP (object);

  if (self->is_connected)
    {
      whis_settings_unbind (self->continuous, "active");
      whis_settings_unbind (self->continuous_pause, "value");
      whis_settings_unbind (self->continuous_end, "value");
    }
  self->is_connected = FALSE;

  G_OBJECT_CLASS (whis_hands_free_group_parent_class)->dispose (object);
}

static void
whis_hands_free_group_class_init (WhisHandsFreeGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_hands_free_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, WHIS_WINDOW_RESOURCES
                                               "/preferences/hands-free-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisHandsFreeGroup, continuous);
  gtk_widget_class_bind_template_child (widget_class, WhisHandsFreeGroup, continuous_pause);
  gtk_widget_class_bind_template_child (widget_class, WhisHandsFreeGroup, continuous_end);
}

static void
whis_hands_free_group_init (WhisHandsFreeGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_hands_free_group_connect:
 * @self: the group
 * @settings: the settings to show and change
 *
 * To be called once.
 */
void
whis_hands_free_group_connect (WhisHandsFreeGroup *self, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_HANDS_FREE_GROUP (self));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (!self->is_connected);

  self->is_connected = TRUE;
  whis_settings_bind (settings, "continuous", self->continuous, "active");
  whis_spin_button_bind_setting (self->continuous_pause, settings, "continuous-pause");
  whis_spin_button_bind_setting (self->continuous_end, settings, "continuous-end");
}
