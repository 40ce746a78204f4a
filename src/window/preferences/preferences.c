/* SPDX-License-Identifier: MIT */
#include "toolkit-version.h"

#include "preferences.h"

#include "general-page.h"
#include "keys-page.h"
#include "provider-item.h"
#include "accessible-labels.h"
#include "usage-page.h"

/* In pixels. */
#define DEFAULT_WIDTH 600
#define DEFAULT_HEIGHT 680
#define LEAST_WIDTH 360
#define LEAST_HEIGHT 294

/**
 * WhisPreferences:
 *
 * The preferences: a page for the settings, one for the API keys, one for what was sent. The list
 * of providers comes from the service and is asked for again when a key has changed. A window of
 * its own: an AdwPreferencesDialog without a parent, or an AdwPreferencesWindow where there is
 * none.
 */
struct _WhisPreferences
{
#if WHIS_HAS_PREFERENCES_DIALOG
  AdwPreferencesDialog parent;
#else
  AdwPreferencesWindow parent;
#endif

  WhisServiceProxy *service;
  WhisSettings *settings;
  GCancellable *cancellable;
  WhisGeneralPage *general;
  WhisKeysPage *keys;
  WhisUsagePage *usage;
};

#if WHIS_HAS_PREFERENCES_DIALOG

G_DEFINE_FINAL_TYPE (WhisPreferences, whis_preferences, ADW_TYPE_PREFERENCES_DIALOG)

/* The same template; GTK wants to read the right name of the parent in it. */
static void
set_template (GtkWidgetClass *klass)
{
  g_autoptr (GBytes) bytes = g_resources_lookup_data (
      WHIS_WINDOW_RESOURCES "/preferences/preferences.ui", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GString) text =
      g_string_new_len (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GBytes) template_bytes = NULL;

  g_string_replace (text, "AdwPreferencesWindow", "AdwPreferencesDialog", 1);
  template_bytes = g_string_free_to_bytes (g_steal_pointer (&text));
  gtk_widget_class_set_template (klass, template_bytes);
}

static void
set_size (WhisPreferences *self)
{
  adw_dialog_set_content_width (ADW_DIALOG (self), DEFAULT_WIDTH);
  adw_dialog_set_content_height (ADW_DIALOG (self), DEFAULT_HEIGHT);
  adw_preferences_dialog_set_search_enabled (ADW_PREFERENCES_DIALOG (self), TRUE);
}

static void
preferences_present (WhisPreferences *self, GtkApplication *application, GtkWindow *home)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root == NULL)
    {
      adw_dialog_present (ADW_DIALOG (self), NULL);
      root = gtk_widget_get_root (GTK_WIDGET (self));
      gtk_window_set_application (GTK_WINDOW (root), application);
    }
  gtk_window_set_transient_for (GTK_WINDOW (root), home);
  gtk_window_present (GTK_WINDOW (root));
}

/* The keys of the application do not reach into a dialog. */
static void
add_keys (GtkWidgetClass *klass)
{
  gtk_widget_class_add_binding_action (klass, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_q, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
close_now (WhisPreferences *self)
{
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
show_page (WhisPreferences *self, AdwPreferencesPage *page)
{
  adw_preferences_dialog_set_visible_page (ADW_PREFERENCES_DIALOG (self), page);
}

#else

G_DEFINE_FINAL_TYPE (WhisPreferences, whis_preferences, ADW_TYPE_PREFERENCES_WINDOW)

static void
set_template (GtkWidgetClass *klass)
{
  gtk_widget_class_set_template_from_resource (klass,
                                               WHIS_WINDOW_RESOURCES "/preferences/preferences.ui");
}

static void
set_size (WhisPreferences *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self), DEFAULT_WIDTH, DEFAULT_HEIGHT);
  gtk_widget_set_size_request (GTK_WIDGET (self), LEAST_WIDTH, LEAST_HEIGHT);
}

static void
preferences_present (WhisPreferences *self, GtkApplication *application, GtkWindow *home)
{
  gtk_window_set_application (GTK_WINDOW (self), application);
  gtk_window_set_transient_for (GTK_WINDOW (self), home);
  gtk_window_present (GTK_WINDOW (self));
}

static void
add_keys (GtkWidgetClass *klass)
{
}

static void
close_now (WhisPreferences *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
show_page (WhisPreferences *self, AdwPreferencesPage *page)
{
  adw_preferences_window_set_visible_page (ADW_PREFERENCES_WINDOW (self), page);
}

#endif

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
  set_template (widget_class);
  add_keys (widget_class);
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, general);
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, keys);
  gtk_widget_class_bind_template_child (widget_class, WhisPreferences, usage);
}

static void
whis_preferences_init (WhisPreferences *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  set_size (self);
  whis_accessible_labels_fix (GTK_WIDGET (self));
}

/**
 * whis_preferences_new:
 * @service: the service
 * @settings: the settings to show and change
 *
 * Returns: (transfer floating): the preferences, not presented yet
 */
WhisPreferences *
whis_preferences_new (WhisServiceProxy *service, WhisSettings *settings)
{
  WhisPreferences *self;

  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (service), NULL);
  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);

  self = g_object_new (WHIS_TYPE_PREFERENCES, NULL);
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
 * whis_preferences_present:
 * @self: the preferences
 * @application: what lives as long as they are open
 * @home: (nullable): a window that they stay above
 *
 * Shows the preferences, or brings them to the front. They are released once they are closed.
 */
void
whis_preferences_present (WhisPreferences *self, GtkApplication *application, GtkWindow *home)
{
  g_return_if_fail (WHIS_IS_PREFERENCES (self));
  g_return_if_fail (GTK_IS_APPLICATION (application));

  preferences_present (self, application, home);
}

/**
 * whis_preferences_close:
 * @self: the preferences
 */
void
whis_preferences_close (WhisPreferences *self)
{
  g_return_if_fail (WHIS_IS_PREFERENCES (self));

  close_now (self);
}

/**
 * whis_preferences_show_general:
 * @self: the preferences
 *
 * Turns to the page that is shown first.
 */
void
whis_preferences_show_general (WhisPreferences *self)
{
  g_return_if_fail (WHIS_IS_PREFERENCES (self));

  show_page (self, ADW_PREFERENCES_PAGE (self->general));
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

  show_page (self, ADW_PREFERENCES_PAGE (self->keys));
  whis_keys_page_show_service (self->keys, whis_settings_get_provider (self->settings));
}
