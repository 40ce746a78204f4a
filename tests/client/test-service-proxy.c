/* SPDX-License-Identifier: MIT */
#include "service-proxy.h"

#include <signal.h>
#include <string.h>

/* The test's own program is the service, by this variable. It ends with the bus. */
#define ROLE "TEST_SERVICE_PROXY_ROLE"

static char *own_program;

typedef struct
{
  GTestDBus *daemon;
  WhisServiceProxy *proxy;
  GString *seen;
} Fixture;

static void
on_availability (WhisServiceProxy *proxy, GParamSpec *pspec, Fixture *self)
{
  static const char *const names[] = {
    [WHIS_AVAILABILITY_STARTING] = "starting",
    [WHIS_AVAILABILITY_RUNNING] = "running",
    [WHIS_AVAILABILITY_ABSENT] = "absent",
  };
  WhisAvailability availability;

  g_object_get (proxy, "availability", &availability, NULL);
  g_string_append_printf (self->seen, "%s ", names[availability]);
}

static void
set_up (Fixture *self, gconstpointer program)
{
  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  g_setenv ("WHIS_SERVICE_PROGRAM", program != NULL ? program : own_program, TRUE);
  g_setenv (ROLE, "service", TRUE);
  self->seen = g_string_new (NULL);
  self->proxy = whis_service_proxy_new ();
  g_signal_connect (self->proxy, "notify::availability", G_CALLBACK (on_availability), self);
}

static void
tear_down (Fixture *self, gconstpointer program)
{
  g_assert_finalize_object (self->proxy);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
  g_string_free (self->seen, TRUE);
}

static void
wait_for (Fixture *self, const char *seen)
{
  while (strlen (self->seen->str) < strlen (seen))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (self->seen->str, ==, seen);
}

/* Ends the service as a crash does. */
static void
kill_service (Fixture *self)
{
  GDBusConnection *bus =
      g_dbus_proxy_get_connection (G_DBUS_PROXY (whis_service_proxy_get_interface (self->proxy)));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "GetConnectionUnixProcessID", g_variant_new ("(s)", WHIS_APP_ID), G_VARIANT_TYPE ("(u)"),
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  guint pid;

  g_assert_no_error (error);
  g_variant_get (reply, "(u)", &pid);
  g_assert_cmpint (kill ((pid_t) pid, SIGKILL), ==, 0);
}

/* A service that is not there is started, once; one that ended comes back when the user says so. */
static void
test_comes_and_goes (Fixture *self, gconstpointer program)
{
  g_assert_false (whis_service_proxy_is_running (self->proxy));
  wait_for (self, "running ");
  g_assert_true (whis_service_proxy_is_running (self->proxy));
  kill_service (self);
  wait_for (self, "running absent ");
  g_assert_cmpstr (whis_service_proxy_get_problem (self->proxy), ==,
                   "Whis has ended. Start it to dictate again.");
  whis_service_proxy_start (self->proxy);
  wait_for (self, "running absent starting running ");
  g_assert_null (whis_service_proxy_get_problem (self->proxy));
  /* While it runs there is nothing to start. */
  whis_service_proxy_start (self->proxy);
  g_assert_cmpstr (self->seen->str, ==, "running absent starting running ");
}

/* Why it does not start is a sentence for the user, and another try is a try. */
static void
test_cannot_start (Fixture *self, gconstpointer program)
{
  wait_for (self, "absent ");
  g_assert_nonnull (strstr (whis_service_proxy_get_problem (self->proxy), "/nowhere/whis-service"));
  g_setenv ("WHIS_SERVICE_PROGRAM", own_program, TRUE);
  whis_service_proxy_start (self->proxy);
  wait_for (self, "absent starting running ");
}

/* Who shows a service that is not there shows what it would be without any news. */
static void
test_defaults (Fixture *self, gconstpointer program)
{
  wait_for (self, "absent ");
  g_assert_cmpstr (whis_service_proxy_get_message (self->proxy), ==, "");
  g_assert_cmpfloat (whis_service_proxy_get_level (self->proxy), ==, -100);
  g_assert_true (whis_service_proxy_get_keyring_available (self->proxy));
  g_assert_nonnull (whis_service_proxy_get_interface (self->proxy));
}

static int
be_service (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  GDBusConnection *bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  if (bus == NULL)
    return 1;
  g_dbus_connection_set_exit_on_close (bus, TRUE);
  g_bus_own_name_on_connection (bus, WHIS_APP_ID, G_BUS_NAME_OWNER_FLAGS_NONE, NULL, NULL, NULL,
                                NULL);
  g_main_loop_run (loop);

  return 0;
}

int
main (int argc, char **argv)
{
  if (g_getenv (ROLE) != NULL)
    return be_service ();

  own_program = g_file_read_link ("/proc/self/exe", NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/service-proxy/comes-and-goes", Fixture, NULL, set_up, test_comes_and_goes,
              tear_down);
  g_test_add ("/service-proxy/cannot-start", Fixture, "/nowhere/whis-service", set_up,
              test_cannot_start, tear_down);
  g_test_add ("/service-proxy/defaults", Fixture, "/nowhere/whis-service", set_up, test_defaults,
              tear_down);

  return g_test_run ();
}
