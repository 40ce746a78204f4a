/* SPDX-License-Identifier: MIT */
#include "service-start.h"

#include <glib/gstdio.h>
#include <string.h>

#include "session-bus.h"

/* The test's own program is the service too, by this variable: "name" takes the name on the bus,
 * "silent" does not. It ends with the bus. */
#define ROLE "TEST_SERVICE_START_ROLE"

static char *own_program;

typedef struct
{
  GTestDBus *daemon;
  char *services;
  GDBusConnection *bus;
  GAsyncResult *result;
} Fixture;

static void
put_service_file (const char *folder, const char *exec)
{
  g_autofree char *path = g_build_filename (folder, WHIS_APP_ID ".service", NULL);
  g_autofree char *text =
      g_strdup_printf ("[D-BUS Service]\nName=" WHIS_APP_ID "\nExec=%s\n", exec);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A bus that starts @exec for the name, or none. */
static void
set_up (Fixture *self, gconstpointer exec)
{
  g_autoptr (GError) error = NULL;

  g_unsetenv ("WHIS_SERVICE_PROGRAM");
  g_unsetenv (ROLE);
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  self->services = g_dir_make_tmp ("test-service-start-XXXXXX", &error);
  g_assert_no_error (error);
  if (exec != NULL)
    {
      g_autofree char *line = g_str_equal (exec, "own")
                                  ? g_strdup_printf ("/usr/bin/env " ROLE "=name %s", own_program)
                                  : g_strdup (exec);

      put_service_file (self->services, line);
      g_test_dbus_add_service_dir (self->daemon, self->services);
    }
  g_test_dbus_up (self->daemon);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer exec)
{
  g_autofree char *file = g_build_filename (self->services, WHIS_APP_ID ".service", NULL);

  g_clear_object (&self->result);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
  g_remove (file);
  g_remove (self->services);
  g_free (self->services);
}

static gboolean
await (Fixture *self, GError **error)
{
  while (self->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return whis_service_start_finish (self->bus, self->result, error);
}

static void
start_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;

  g_assert_null (self->result);
  self->result = g_object_ref (result);
}

static void
begin (Fixture *self, GCancellable *cancellable)
{
  whis_service_start_async (self->bus, cancellable, start_cb, self);
}

static gboolean
is_on_bus (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", WHIS_APP_ID), G_VARIANT_TYPE ("(b)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  gboolean has_owner;

  g_assert_no_error (error);
  g_variant_get (reply, "(b)", &has_owner);

  return has_owner;
}

static void
assert_started (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  begin (self, NULL);
  g_assert_true (await (self, &error));
  g_assert_no_error (error);
  g_assert_true (is_on_bus (self));
}

static void
assert_failed (Fixture *self, WhisServiceStartError code, const char *part)
{
  g_autoptr (GError) error = NULL;

  begin (self, NULL);
  g_assert_false (await (self, &error));
  g_assert_error (error, WHIS_SERVICE_START_ERROR, (int) code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, part));
  g_assert_null (strstr (error->message, "GDBus"));
}

/* By the bus, as where Whis is installed. */
static void
test_activated (Fixture *self, gconstpointer exec)
{
  assert_started (self);
}

static void
test_activation_fails (Fixture *self, gconstpointer exec)
{
  assert_failed (self, WHIS_SERVICE_START_ERROR_BUS, "could not be started");
}

/* By its path, as from a build tree. */
static void
test_program (Fixture *self, gconstpointer exec)
{
  g_setenv ("WHIS_SERVICE_PROGRAM", own_program, TRUE);
  g_setenv (ROLE, "name", TRUE);
  assert_started (self);
}

static void
test_no_program (Fixture *self, gconstpointer exec)
{
  g_setenv ("WHIS_SERVICE_PROGRAM", "/nowhere/whis-service", TRUE);
  assert_failed (self, WHIS_SERVICE_START_ERROR_PROGRAM, "/nowhere/whis-service");
}

/* A program that ends at once is not waited for, and the user gets to know what to run. */
static void
test_program_ends (Fixture *self, gconstpointer exec)
{
  g_setenv ("WHIS_SERVICE_PROGRAM", "/bin/false", TRUE);
  assert_failed (self, WHIS_SERVICE_START_ERROR_ENDED, "/bin/false");
}

static void
test_program_ends_well (Fixture *self, gconstpointer exec)
{
  g_setenv ("WHIS_SERVICE_PROGRAM", "/bin/true", TRUE);
  assert_failed (self, WHIS_SERVICE_START_ERROR_ENDED, "/bin/true");
}

/* Who does not want to wait any longer need not, and nothing more comes. */
static void
test_cancelled (Fixture *self, gconstpointer exec)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_setenv ("WHIS_SERVICE_PROGRAM", own_program, TRUE);
  g_setenv (ROLE, "silent", TRUE);
  begin (self, cancellable);
  g_assert_null (self->result);
  g_cancellable_cancel (cancellable);
  g_assert_false (await (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_activation (Fixture *self, gconstpointer exec)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  begin (self, cancellable);
  g_assert_false (await (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Without a desktop session: what to do stands in place of GLib's words. */
static void
test_no_bus (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus", TRUE);
  g_assert_null (whis_session_bus_get (&error));
  g_assert_nonnull (strstr (error->message, "dbus-run-session whis"));
}

static int
be_service (const char *role)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL)
    return 1;
  /* With the bus this process ends. */
  g_dbus_connection_set_exit_on_close (bus, TRUE);
  if (g_str_equal (role, "name"))
    g_bus_own_name_on_connection (bus, WHIS_APP_ID, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL,
                                  NULL);
  g_main_loop_run (loop);

  return 0;
}

#define ADD(name, exec, test)                                                                      \
  g_test_add ("/service-start/" name, Fixture, exec, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  if (g_getenv (ROLE) != NULL)
    return be_service (g_getenv (ROLE));

  own_program = g_file_read_link ("/proc/self/exe", NULL);
  g_test_init (&argc, &argv, NULL);
  ADD ("activated", "own", test_activated);
  ADD ("activation-fails", "/bin/false", test_activation_fails);
  ADD ("program", NULL, test_program);
  ADD ("no-program", NULL, test_no_program);
  ADD ("program-ends", NULL, test_program_ends);
  ADD ("program-ends-well", NULL, test_program_ends_well);
  ADD ("cancelled", NULL, test_cancelled);
  ADD ("cancelled-activation", "own", test_cancelled_activation);
  g_test_add_func ("/session-bus/none", test_no_bus);

  return g_test_run ();
}
