/* SPDX-License-Identifier: MIT */
#include "login-group.h"

#include <glib/gi18n-lib.h>

/**
 * WhisLoginGroup:
 *
 * The row that says whether the session starts Whis. The service makes the change, which the
 * desktop may refuse: the switch goes back then, and the row says why.
 */
struct _WhisLoginGroup
{
  AdwPreferencesGroup parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  AdwActionRow *row;
  GtkSwitch *toggle;
  GCancellable *cancellable;
  guint asked; /* how often; only the last answer counts */
};

G_DEFINE_FINAL_TYPE (WhisLoginGroup, whis_login_group, ADW_TYPE_PREFERENCES_GROUP)

static gboolean state_set_cb (WhisLoginGroup *self, gboolean wanted);

static void
login_group_show (WhisLoginGroup *self, gboolean autostart)
{
  g_signal_handlers_block_by_func (self->toggle, state_set_cb, self);
  gtk_switch_set_active (self->toggle, autostart);
  gtk_switch_set_state (self->toggle, autostart);
  g_signal_handlers_unblock_by_func (self->toggle, state_set_cb, self);
}

static void
show_problem (WhisLoginGroup *self, const char *problem)
{
  adw_action_row_set_subtitle (self->row, problem != NULL
                                              ? problem
                                              : _ ("The icon is in the panel, ready for a "
                                                   "dictation; no window opens"));
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->row), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->row), "problem");
}

static void
setting_changed_cb (WhisLoginGroup *self)
{
  if (self->asked == 0)
    login_group_show (self, whis_settings_get_autostart (self->settings));
}

static void
show_result (WhisLoginGroup *self, const GError *error, gboolean wanted)
{
  g_autofree char *sentence = error != NULL ? whis_service_call_error_to_sentence (error) : NULL;

  login_group_show (self, error != NULL ? whis_settings_get_autostart (self->settings) : wanted);
  show_problem (self, sentence);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisLoginGroup) self = user_data;
  g_autoptr (GError) error = NULL;

  whis_bus_whis1_call_set_autostart_finish (WHIS_BUS_WHIS1 (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->settings == NULL)
    return;
  if (--self->asked == 0)
    show_result (self, error, gtk_switch_get_active (self->toggle));
}

/* “active” of the switch changes at once, “state” when the service has made the change. */
static gboolean
state_set_cb (WhisLoginGroup *self, gboolean wanted)
{
  if (self->settings == NULL)
    return FALSE;

  self->asked++;
  whis_bus_whis1_call_set_autostart (whis_service_proxy_get_interface (self->service), wanted,
                                     self->cancellable, answered_cb, g_object_ref (self));

  return TRUE;
}

static void
availability_changed_cb (WhisLoginGroup *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self), whis_service_proxy_is_running (self->service));
}

static void
whis_login_group_dispose (GObject *object)
{
  WhisLoginGroup *self = WHIS_LOGIN_GROUP (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_login_group_parent_class)->dispose (object);
}

static void
whis_login_group_class_init (WhisLoginGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_login_group_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/preferences/login-group.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisLoginGroup, row);
  gtk_widget_class_bind_template_child (widget_class, WhisLoginGroup, toggle);
  gtk_widget_class_bind_template_callback (widget_class, state_set_cb);
}

static void
whis_login_group_init (WhisLoginGroup *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  show_problem (self, NULL);
}

/**
 * whis_login_group_connect:
 * @self: the group
 * @service: the service, which makes the change
 * @settings: the settings, where it can be seen
 *
 * To be called once, before the group is shown.
 */
void
whis_login_group_connect (WhisLoginGroup *self, WhisServiceProxy *service, WhisSettings *settings)
{
  g_return_if_fail (WHIS_IS_LOGIN_GROUP (self));
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (service));
  g_return_if_fail (WHIS_IS_SETTINGS (settings));
  g_return_if_fail (self->settings == NULL);

  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed::autostart", G_CALLBACK (setting_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (availability_changed_cb),
                           self, G_CONNECT_SWAPPED);
  setting_changed_cb (self);
  availability_changed_cb (self);
}
