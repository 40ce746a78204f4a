/* SPDX-License-Identifier: MIT */
/* The window's application: which windows it opens, and the keys that hold in all of them. */
#include "main-window.h"
#include "mock.h"
#include "preferences.h"
#include "window-application.h"

typedef struct
{
  WhisWindowApplication *application;
} Fixture;

/* One application and one service for the whole program: an application that was registered stays
 * on the bus, and looks for its service. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  static WhisWindowApplication *application;
  g_autoptr (GError) error = NULL;

  if (application == NULL)
    {
      mock_start ();
      application = whis_window_application_new ();
      g_application_register (G_APPLICATION (application), NULL, &error);
      g_assert_no_error (error);
    }
  fixture->application = application;
}

static guint
count_windows (Fixture *fixture)
{
  return g_list_length (gtk_application_get_windows (GTK_APPLICATION (fixture->application)));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  GList *windows;

  while ((windows = gtk_application_get_windows (GTK_APPLICATION (fixture->application))) != NULL)
    gtk_window_destroy (GTK_WINDOW (windows->data));
}

static void
act (Fixture *fixture, const char *action)
{
  g_action_group_activate_action (G_ACTION_GROUP (fixture->application), action, NULL);
}

static GtkWidget *
find_inside (GtkWidget *root, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type))
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_inside (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* The preferences are a window of their own or a dialog in one. */
static gpointer
find_preferences (void)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    {
      GtkWidget *found =
          gtk_widget_get_visible (l->data) ? find_inside (l->data, WHIS_TYPE_PREFERENCES) : NULL;

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Whoever starts Whis again gets the window that is there. */
static void
test_home_once (Fixture *fixture, gconstpointer data)
{
  gpointer window;

  g_application_activate (G_APPLICATION (fixture->application));
  window = mock_find_window (WHIS_TYPE_MAIN_WINDOW);
  g_assert_nonnull (window);
  g_application_activate (G_APPLICATION (fixture->application));
  g_assert_cmpuint (count_windows (fixture), ==, 1);
  g_assert_true (mock_find_window (WHIS_TYPE_MAIN_WINDOW) == window);

  /* Once it is closed there is a new one. */
  gtk_window_destroy (window);
  g_assert_cmpuint (count_windows (fixture), ==, 0);
  g_application_activate (G_APPLICATION (fixture->application));
  g_assert_nonnull (mock_find_window (WHIS_TYPE_MAIN_WINDOW));
}

static void
test_preferences_once (Fixture *fixture, gconstpointer data)
{
  gpointer preferences;

  g_application_activate (G_APPLICATION (fixture->application));
  act (fixture, "preferences");
  preferences = find_preferences ();
  g_assert_nonnull (preferences);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (gtk_widget_get_root (preferences)))
                 == mock_find_window (WHIS_TYPE_MAIN_WINDOW));
  act (fixture, "preferences");
  g_assert_true (find_preferences () == preferences);
  g_assert_cmpuint (count_windows (fixture), ==, 2);
}

/* They can be all there is: `whis settings` opens them without the home window. */
static void
test_preferences_alone (Fixture *fixture, gconstpointer data)
{
  act (fixture, "preferences");
  g_assert_nonnull (find_preferences ());
  g_assert_null (mock_find_window (WHIS_TYPE_MAIN_WINDOW));
}

static gboolean
has_focus_in_keys (void)
{
  GtkWidget *preferences = find_preferences ();
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (preferences));

  return focus != NULL && gtk_widget_is_ancestor (focus, mock_child (preferences, "keys"));
}

/* The button of a failure about a key leads to the row of that key. */
static void
test_api_keys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSettings) settings = g_settings_new (WHIS_APP_ID);

  g_settings_set_string (settings, "provider", "openai");
  act (fixture, "api-keys");
  g_assert_nonnull (find_preferences ());
  AWAIT (has_focus_in_keys ());
  g_settings_reset (settings, "provider");
}

static void
test_about (Fixture *fixture, gconstpointer data)
{
  AdwAboutWindow *about;

  g_application_activate (G_APPLICATION (fixture->application));
  act (fixture, "about");
  about = mock_find_window (ADW_TYPE_ABOUT_WINDOW);
  g_assert_nonnull (about);
  g_assert_cmpstr (adw_about_window_get_application_name (about), ==, "Whis");
  g_assert_cmpstr (adw_about_window_get_version (about), ==, WHIS_VERSION);
  g_assert_cmpint (adw_about_window_get_license_type (about), ==, GTK_LICENSE_MIT_X11);
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (about))
                 == mock_find_window (WHIS_TYPE_MAIN_WINDOW));
  gtk_window_destroy (GTK_WINDOW (about));
}

static void
assert_key (Fixture *fixture, const char *key, const char *action)
{
  g_auto (GStrv) actions =
      gtk_application_get_actions_for_accel (GTK_APPLICATION (fixture->application), key);

  g_assert_true (g_strv_contains ((const char *const *) actions, action));
}

/* As the window of shortcuts says, which has a key too. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  g_application_activate (G_APPLICATION (fixture->application));
  assert_key (fixture, "<Control>comma", "app.preferences");
  assert_key (fixture, "<Control>w", "window.close");
  assert_key (fixture, "<Control>q", "window.close");
  assert_key (fixture, "<Control>question", "win.show-help-overlay");
  g_assert_nonnull (gtk_application_window_get_help_overlay (
      GTK_APPLICATION_WINDOW (mock_find_window (WHIS_TYPE_MAIN_WINDOW))));
}

/* The icon of the application is found without an installation. */
static void
test_icon (Fixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_icon_theme_has_icon (
      gtk_icon_theme_get_for_display (gdk_display_get_default ()), WHIS_APP_ID));
}

#define ADD(path, function)                                                                        \
  g_test_add ("/window/application/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  int status;

  /* Nothing but the mock is started. */
  g_setenv ("WHIS_SERVICE_PROGRAM", "/bin/true", TRUE);
  mock_init (&argc, &argv);

  ADD ("home-once", test_home_once);
  ADD ("preferences-once", test_preferences_once);
  ADD ("preferences-alone", test_preferences_alone);
  ADD ("api-keys", test_api_keys);
  ADD ("about", test_about);
  ADD ("keys", test_keys);
  ADD ("icon", test_icon);

  status = g_test_run ();
  mock_stop ();

  return status;
}
