/* SPDX-License-Identifier: MIT */
#include "preferences.h"

#include "general-page.h"
#include "keys-page.h"
#include "provider.h"
#include "usage-page.h"

/**
 * WhisPreferences:
 *
 * The preferences: a page for the settings, one for the API keys, one for what was sent. The list
 * of providers comes from the service and is asked for again when a key has changed.
 */
struct _WhisPreferences
{
  AdwPreferencesWindow parent;

  WhisServiceProxy *service;
  WhisWindowSettings *settings;
  GCancellable *cancellable;
  WhisGeneralPage *general;
  WhisKeysPage *keys;
  WhisUsagePage *usage;
};

G_DEFINE_FINAL_TYPE (WhisPreferences, whis_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPreferences) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) descriptions = NULL;
  g_autoptr (GListStore) providers = NULL;

  if (!whis_bus_whis1_call_list_providers_finish (WHIS_BUS_WHIS1 (source), &descriptions, result,
                                                  &error))
    {
      g_debug ("preferences: no list of providers: %s", error->message);
      return;
    }

  providers = whis_provider_list_new (descriptions);
  whis_general_page_set_providers (self->general, G_LIST_MODEL (providers));
  whis_keys_page_set_providers (self->keys, G_LIST_MODEL (providers));
  whis_usage_page_set_providers (self->usage, G_LIST_MODEL (providers));
}

static void
list_providers (WhisPreferences *self)
{
  gboolean running = whis_service_proxy_is_running (self->service);

  gtk_widget_set_sensitive (GTK_WIDGET (self->general), running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->keys), running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->usage), running);
  if (running)
    whis_bus_whis1_call_list_providers (whis_service_proxy_get_interface (self->service),
                                        self->cancellable, listed_cb, g_object_ref (self));
}

static void
whis_preferences_dispose (GObject *object)
{
  WhisPreferences *self = WHIS_PREFERENCES (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_preferences_parent_class)->dispose (object);
}

static void
whis_preferences_class_init (WhisPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_preferences_dispose;

  g_type_ensure (WHIS_TYPE_GENERAL_PAGE);
  g_type_ensure (WHIS_TYPE_KEYS_PAGE);
  g_type_ensure (WHIS_TYPE_USAGE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               WHIS_WINDOW_RESOURCES "/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, general);
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, keys);
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, usage);
}

static void
whis_preferences_init (WhisPreferences *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * whis_preferences_new:
 * @application: the application
 * @service: the service
 * @settings: the settings to show and change
 *
 * Returns: (transfer none): the window, not presented yet
 */
WhisPreferences *
whis_preferences_new (GtkApplication *application,
                      WhisServiceProxy *service,
                      WhisWindowSettings *settings)
{
  WhisPreferences *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_PREFERENCES, "application", application, NULL);
  self->service = g_object_ref (service);
  self->settings = g_object_ref (settings);
  whis_general_page_connect (self->general, service, settings);
  whis_keys_page_connect (self->keys, service);
  whis_usage_page_connect (self->usage, service, settings);
  g_signal_connect_object (self->general, "imported", G_CALLBACK (list_providers), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->general, "models-changed", G_CALLBACK (list_providers), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keys, "changed", G_CALLBACK (list_providers), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (service, "notify::availability", G_CALLBACK (list_providers), self,
                           G_CONNECT_SWAPPED);
  list_providers (self);

  return self;
}

/**
 * whis_preferences_show_keys:
 * @self: the preferences
 *
 * Turns to the page of the API keys, and there to the service that is used.
 */
void
whis_preferences_show_keys (WhisPreferences *self)
{
  g_return_if_fail (WHIS_IS_PREFERENCES (self));

  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (self),
                                           ADW_PREFERENCES_PAGE (self->keys));
  whis_keys_page_show_service (self->keys, whis_window_settings_get_provider (self->settings));
}
