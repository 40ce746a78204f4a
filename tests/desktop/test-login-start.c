/* SPDX-License-Identifier: MIT */
#include "login-start.h"

#include <glib/gstdio.h>

#include "autostart-entry.h"
#include "bus.h"
#include "sandbox.h"

/* The setting and the start at login, each changed by others while Whis looks on. */

#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"

static const char portal_xml[] =
    "<node><interface name='org.freedesktop.portal.Background'>"
    "<method name='RequestBackground'><arg type='s' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method>"
    "</interface></node>";

static gboolean is_inside;

/* Instead of the one that looks for the file of Flatpak. */
gboolean
whis_sandbox_is_inside (void)
{
  return is_inside;
}

typedef struct
{
  Bus bus;
  guint registration;
  guint n_asked;
  WhisSettings *settings;
  WhisLoginStart *start;
  char *path;
  GString *problems;
} Fixture;

/* A portal whose user says no. */
static void
call_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree char *name = g_strdup (sender + 1);
  g_autofree char *request = NULL;
  const char *token = NULL;

  fixture->n_asked++;
  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_strdelimit (name, ".", '_');
  request = g_strconcat (PORTAL_PATH "/request/", name, "/", token, NULL);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", request));
  g_dbus_connection_emit_signal (connection, NULL, request, "org.freedesktop.portal.Request",
                                 "Response", g_variant_new_parsed ("(@u 1, @a{sv} {})"), NULL);
}

static void
set_up (Fixture *fixture, gconstpointer inside)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GDBusNodeInfo) node = NULL;
  g_autoptr (GError) error = NULL;

  is_inside = GPOINTER_TO_INT (inside);
  bus_set_up (&fixture->bus, NULL);
  node = g_dbus_node_info_new_for_xml (portal_xml, &error);
  g_assert_no_error (error);
  fixture->registration = g_dbus_connection_register_object (
      fixture->bus.theirs, PORTAL_PATH, node->interfaces[0], &vtable, fixture, NULL, &error);
  g_assert_no_error (error);
  bus_own_name (&fixture->bus, PORTAL);
  fixture->settings = whis_settings_new (&error);
  g_assert_no_error (error);
  whis_settings_set_autostart (fixture->settings, FALSE);
  fixture->path = whis_autostart_entry_get_path ();
  fixture->problems = g_string_new (NULL);
}

static void
problem_cb (WhisLoginStart *start, const GError *error, Fixture *fixture)
{
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_string_append (fixture->problems, "problem ");
}

static void
begin (Fixture *fixture)
{
  fixture->start = whis_login_start_new (fixture->bus.ours, fixture->settings);
  g_signal_connect (fixture->start, "problem", G_CALLBACK (problem_cb), fixture);
}

static void
did_finish (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
set (Fixture *fixture, gboolean enabled, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_login_start_set_async (fixture->start, enabled, NULL, did_finish, &result);
  bus_await (result != NULL);

  return whis_login_start_set_finish (fixture->start, result, error);
}

static void
tear_down (Fixture *fixture, gconstpointer inside)
{
  bus_settle (&fixture->bus);
  g_clear_object (&fixture->start);
  whis_settings_set_autostart (fixture->settings, FALSE);
  g_object_unref (fixture->settings);
  g_remove (fixture->path);
  g_free (fixture->path);
  g_string_free (fixture->problems, TRUE);
  g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->registration);
  bus_tear_down (&fixture->bus, NULL);
}

#define await_setting(fixture, wanted)                                                             \
  bus_await (!whis_settings_get_autostart ((fixture)->settings) == !(wanted))
#define await_entry(fixture, wanted)                                                               \
  bus_await (!whis_autostart_entry_is_on ((fixture)->path) == !(wanted))

static void
test_on_and_off (Fixture *fixture, gconstpointer inside)
{
  g_autoptr (GError) error = NULL;

  begin (fixture);
  g_assert_true (set (fixture, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (whis_settings_get_autostart (fixture->settings));
  g_assert_true (whis_autostart_entry_is_on (fixture->path));
  g_assert_true (set (fixture, FALSE, &error));
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_false (whis_autostart_entry_is_on (fixture->path));
}

/* The desktop has the last word: at the start, and when the user switches it off there. */
static void
test_changed_on_desktop (Fixture *fixture, gconstpointer inside)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (whis_autostart_entry_write (fixture->path, "/bin/true", &error));
  begin (fixture);
  await_setting (fixture, TRUE);
  g_assert_true (
      g_file_set_contents (fixture->path,
                           "[Desktop Entry]\nType=Application\nName=Whis\nExec=/bin/true\n"
                           "X-GNOME-Autostart-enabled=false\nHidden=true\n",
                           -1, &error));
  await_setting (fixture, FALSE);
  g_assert_cmpstr (fixture->problems->str, ==, "");
}

/* `gsettings`, `dconf-editor` or `whis settings`. */
static void
test_setting_written (Fixture *fixture, gconstpointer inside)
{
  begin (fixture);
  whis_settings_set_autostart (fixture->settings, TRUE);
  await_entry (fixture, TRUE);
  g_assert_true (whis_settings_get_autostart (fixture->settings));
  whis_settings_set_autostart (fixture->settings, FALSE);
  await_entry (fixture, FALSE);
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_cmpstr (fixture->problems->str, ==, "");
}

/* Whoever is quick gets what was said last. */
static void
test_quick (Fixture *fixture, gconstpointer inside)
{
  g_autoptr (GAsyncResult) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  begin (fixture);
  whis_login_start_set_async (fixture->start, TRUE, NULL, did_finish, &first);
  whis_login_start_set_async (fixture->start, FALSE, NULL, did_finish, &second);
  whis_settings_set_autostart (fixture->settings, TRUE);
  bus_await (second != NULL);
  g_assert_nonnull (first);
  g_assert_true (whis_login_start_set_finish (fixture->start, first, &error));
  g_assert_true (whis_login_start_set_finish (fixture->start, second, &error));
  await_entry (fixture, TRUE);
  await_setting (fixture, TRUE);
  g_assert_cmpstr (fixture->problems->str, ==, "");
}

/* The setting is taken back while it is carried out. */
static void
test_taken_back (Fixture *fixture, gconstpointer inside)
{
  g_autoptr (GAsyncResult) first = NULL;

  begin (fixture);
  whis_login_start_set_async (fixture->start, TRUE, NULL, did_finish, &first);
  whis_settings_set_autostart (fixture->settings, TRUE);
  whis_settings_set_autostart (fixture->settings, FALSE);
  bus_await (first != NULL && !whis_autostart_entry_is_on (fixture->path));
  /* Changes are made in order: nothing is under way after this one. */
  g_assert_true (set (fixture, FALSE, NULL));
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_cmpstr (fixture->problems->str, ==, "");
}

/* A setting that cannot be carried out goes back, and the user is told. */
static void
test_cannot_write (Fixture *fixture, gconstpointer inside)
{
  g_autofree char *directory = g_path_get_dirname (fixture->path);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_rmdir (directory);
  g_assert_true (g_file_set_contents (directory, "in the way", -1, &error));
  begin (fixture);
  g_assert_false (set (fixture, TRUE, &error));
  g_assert_nonnull (error);
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_cmpstr (fixture->problems->str, ==, "");

  whis_settings_set_autostart (fixture->settings, TRUE);
  bus_await (fixture->problems->len > 0);
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_cmpstr (fixture->problems->str, ==, "problem ");
  g_assert_cmpint (g_remove (directory), ==, 0);
}

/* A refusal of the user is not asked about again by what goes back because of it. */
static void
test_refused (Fixture *fixture, gconstpointer inside)
{
  begin (fixture);
  whis_settings_set_autostart (fixture->settings, TRUE);
  bus_await (fixture->problems->len > 0);
  bus_settle (&fixture->bus);
  g_assert_false (whis_settings_get_autostart (fixture->settings));
  g_assert_cmpuint (fixture->n_asked, ==, 1);
  g_assert_cmpstr (fixture->problems->str, ==, "problem ");
  g_assert_false (whis_autostart_entry_is_on (fixture->path));
}

int
main (int argc, char *argv[])
{
  g_setenv ("WHIS_SERVICE_PROGRAM", "/bin/true", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(path, inside, function)                                                                \
  g_test_add ("/login-start/" path, Fixture, GINT_TO_POINTER (inside), set_up, function, tear_down)

  ADD ("on-and-off", FALSE, test_on_and_off);
  ADD ("changed-on-desktop", FALSE, test_changed_on_desktop);
  ADD ("setting-written", FALSE, test_setting_written);
  ADD ("quick", FALSE, test_quick);
  ADD ("taken-back", FALSE, test_taken_back);
  ADD ("cannot-write", FALSE, test_cannot_write);
  ADD ("refused", TRUE, test_refused);

  return g_test_run ();
}
