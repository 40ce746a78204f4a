/* SPDX-License-Identifier: MIT */
#include "window-application.h"

#include <glib/gi18n-lib.h>
#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#include "about.h"
#include "main-window.h"
#include "preferences.h"
#include "review-window.h"
#include "service-proxy.h"
#include "settings.h"

/**
 * WhisWindowApplication:
 *
 * The window program: one instance, which ends when its last window closes. `--page` says which
 * window to show, also to an instance that runs already.
 */
struct _WhisWindowApplication
{
  AdwApplication parent;

  WhisServiceProxy *service;
  WhisSettings *settings;
  WhisMainWindow *home;
  WhisPreferences *preferences;
  WhisReviewWindow *review;
};

G_DEFINE_FINAL_TYPE (WhisWindowApplication, whis_window_application, ADW_TYPE_APPLICATION)

static void
show_home (WhisWindowApplication *self)
{
  if (self->home == NULL)
    g_set_weak_pointer (
        &self->home, whis_main_window_new (GTK_APPLICATION (self), self->service, self->settings));
  gtk_window_present (GTK_WINDOW (self->home));
}

static void
show_preferences (WhisWindowApplication *self)
{
  if (self->preferences == NULL)
    g_set_weak_pointer (&self->preferences, whis_preferences_new (self->service, self->settings));
  whis_preferences_present (self->preferences, GTK_APPLICATION (self),
                            self->home != NULL ? GTK_WINDOW (self->home) : NULL);
}

static void
show_review (WhisWindowApplication *self)
{
  if (self->review == NULL)
    g_set_weak_pointer (&self->review,
                        whis_review_window_new (GTK_APPLICATION (self), self->service));
  else
    whis_review_window_load (self->review);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_preferences (WHIS_WINDOW_APPLICATION (user_data));
}

static void
api_keys_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WhisWindowApplication *self = WHIS_WINDOW_APPLICATION (user_data);

  show_preferences (self);
  whis_preferences_show_keys (self->preferences);
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_present (
      whis_about_window_new (gtk_application_get_active_window (GTK_APPLICATION (user_data))));
}

static const GActionEntry actions[] = {
  { "preferences", preferences_action, NULL, NULL, NULL },
  { "api-keys", api_keys_action, NULL, NULL, NULL },
  { "about", about_action, NULL, NULL, NULL },
};

static void
install_keys (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } table[] = {
    { "app.preferences", { "<Control>comma", NULL } },
    { "window.close", { "<Control>w", "<Control>q", NULL } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    gtk_application_set_accels_for_action (application, table[i].action, table[i].keys);
}

static void
whis_window_application_startup (GApplication *application)
{
  WhisWindowApplication *self = WHIS_WINDOW_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  G_APPLICATION_CLASS (whis_window_application_parent_class)->startup (application);

  self->service = whis_service_proxy_new ();
  self->settings = whis_settings_new (&error);
  if (self->settings == NULL)
    g_error ("%s", error->message);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  install_keys (GTK_APPLICATION (self));
  gtk_icon_theme_add_search_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                  WHIS_ICONDIR);
}

static void
whis_window_application_activate (GApplication *application)
{
  show_home (WHIS_WINDOW_APPLICATION (application));
}

static int
whis_window_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;

  g_print ("whis-window %s\n", WHIS_VERSION);
  return 0;
}

static int
whis_window_application_command_line (GApplication *application,
                                      GApplicationCommandLine *command_line)
{
  WhisWindowApplication *self = WHIS_WINDOW_APPLICATION (application);
  const char *page = "home";

  g_variant_dict_lookup (g_application_command_line_get_options_dict (command_line), "page", "&s",
                         &page);
  if (g_str_equal (page, "preferences"))
    show_preferences (self);
  else if (g_str_equal (page, "review"))
    show_review (self);
  else if (g_str_equal (page, "home"))
    show_home (self);
  else
    {
      g_application_command_line_printerr (
          command_line, _ ("There is no page “%s”; use “home”, “preferences” or “review”.\n"),
          page);
      return 2;
    }

  return 0;
}

#ifdef GDK_WINDOWING_WAYLAND
/* The desktop file is named after the service, while the application id of this program ends in
 * “.Window”. */
static void
map_cb (GtkWidget *widget)
{
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (widget));

  if (GDK_IS_WAYLAND_TOPLEVEL (surface))
    gdk_wayland_toplevel_set_application_id (GDK_TOPLEVEL (surface), WHIS_APP_ID);
}
#endif

static void
whis_window_application_window_added (GtkApplication *application, GtkWindow *window)
{
  GTK_APPLICATION_CLASS (whis_window_application_parent_class)->window_added (application, window);

  /* Tells it from an installed Whis's. */
  if (WHIS_IS_DEVELOPMENT)
    gtk_widget_add_css_class (GTK_WIDGET (window), "devel");
#ifdef GDK_WINDOWING_WAYLAND
  g_signal_connect_after (window, "map", G_CALLBACK (map_cb), NULL);
#endif
}

static void
whis_window_application_dispose (GObject *object)
{
  WhisWindowApplication *self = WHIS_WINDOW_APPLICATION (object);

  g_clear_weak_pointer (&self->home);
  g_clear_weak_pointer (&self->preferences);
  g_clear_weak_pointer (&self->review);
  g_clear_object (&self->service);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_window_application_parent_class)->dispose (object);
}

static void
whis_window_application_class_init (WhisWindowApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = whis_window_application_dispose;
  application_class->startup = whis_window_application_startup;
  application_class->activate = whis_window_application_activate;
  application_class->handle_local_options = whis_window_application_handle_local_options;
  application_class->command_line = whis_window_application_command_line;
  GTK_APPLICATION_CLASS (klass)->window_added = whis_window_application_window_added;
}

static void
whis_window_application_init (WhisWindowApplication *self)
{
  const GOptionEntry options[] = {
    { "page", 'p', G_OPTION_FLAG_NONE, G_OPTION_ARG_STRING, NULL,
      N_ ("Show this page: home, preferences or review"), N_ ("PAGE") },
    { "version", 0, G_OPTION_FLAG_NONE, G_OPTION_ARG_NONE, NULL, N_ ("Print the version"), NULL },
    { NULL },
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
}

/**
 * whis_window_application_new:
 *
 * Returns: (transfer full): the application
 */
WhisWindowApplication *
whis_window_application_new (void)
{
  return g_object_new (WHIS_TYPE_WINDOW_APPLICATION, "application-id", WHIS_APP_ID ".Window",
                       "flags", G_APPLICATION_HANDLES_COMMAND_LINE, "resource-base-path",
                       WHIS_WINDOW_RESOURCES, NULL);
}
