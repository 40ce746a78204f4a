/* SPDX-License-Identifier: MIT */
#include <gio/gio.h>
#include <locale.h>

#include "whis-bus.h"

/* How long `whis toggle` takes from the start of its process to the call on the bus, beside
 * `gdbus call` with the same call. Whoever has the name of the service here answers at once, so
 * that nothing of the service is in the figures. */

#define BUDGET_MS 10

static int rounds = 50;
static char *program = NULL;

static const GOptionEntry entries[] = {
  { "rounds", 0, 0, G_OPTION_ARG_INT, &rounds, "How often", "NUMBER" },
  { "program", 0, 0, G_OPTION_ARG_FILENAME, &program, "The command line", "PATH" },
  { NULL },
};

typedef struct
{
  GMainLoop *loop;
  gint64 arrived; /* of the call, in microseconds; 0 before it */
  int status;     /* of the process */
} Service;

/* Runs in the thread of the connection, before the main loop is woken up. */
static GDBusMessage *
message_cb (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer user_data)
{
  Service *self = user_data;

  if (incoming && g_dbus_message_get_message_type (message) == G_DBUS_MESSAGE_TYPE_METHOD_CALL
      && g_strcmp0 (g_dbus_message_get_member (message), "Toggle") == 0)
    self->arrived = g_get_monotonic_time ();

  return message;
}

static gboolean
toggle_cb (WhisBusWhis1 *skeleton, GDBusMethodInvocation *invocation, GVariant *options)
{
  whis_bus_whis1_complete_toggle (skeleton, invocation, "0123");

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
display_cb (WhisBusWhis1 *skeleton, GDBusMethodInvocation *invocation, GVariant *environment)
{
  whis_bus_whis1_complete_hand_over_display (skeleton, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
ended_cb (GPid pid, int status, gpointer user_data)
{
  Service *self = user_data;

  self->status = status;
  g_spawn_close_pid (pid);
  g_main_loop_quit (self->loop);
}

/* Returns: milliseconds from the start of the process to the call */
static double
run (Service *self, const char *const *command)
{
  g_autoptr (GError) error = NULL;
  gint64 begun = g_get_monotonic_time ();
  GPid pid;

  self->arrived = 0;
  if (!g_spawn_async (NULL, (char **) command, NULL,
                      G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                      NULL, NULL, &pid, &error))
    g_error ("%s", error->message);
  g_child_watch_add (pid, ended_cb, self);
  g_main_loop_run (self->loop);
  if (self->arrived == 0 || !g_spawn_check_wait_status (self->status, &error))
    g_error ("%s did not call: %s", command[0], error != NULL ? error->message : "no call came");

  return (double) (self->arrived - begun) / 1000;
}

static int
compare (gconstpointer one, gconstpointer other)
{
  double difference = *(const double *) one - *(const double *) other;

  return difference < 0 ? -1 : difference > 0;
}

/* Returns: the median */
static double
print_row (const char *name, GArray *times)
{
  double median;

  g_array_sort (times, compare);
  median = g_array_index (times, double, times->len / 2);
  g_print ("| %s | %.2f (%.2f–%.2f) |\n", name, median, g_array_index (times, double, 0),
           g_array_index (times, double, times->len - 1));

  return median;
}

static GDBusConnection *
own_name (Service *self, WhisBusWhis1 *skeleton, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;
  GDBusConnection *bus =
      g_dbus_connection_new_for_address_sync (address,
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  if (bus == NULL)
    g_error ("%s", error->message);
  g_dbus_connection_add_filter (bus, message_cb, self, NULL);
  g_signal_connect (skeleton, "handle-toggle", G_CALLBACK (toggle_cb), NULL);
  g_signal_connect (skeleton, "handle-hand-over-display", G_CALLBACK (display_cb), NULL);
  if (!g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (skeleton), bus, WHIS_APP_PATH,
                                         &error))
    g_error ("%s", error->message);
  reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
      g_variant_new ("(su)", WHIS_APP_ID, 0), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  if (reply == NULL)
    g_error ("%s", error->message);

  return bus;
}

static void
measure (Service *self)
{
  const char *const whis[] = { program, "toggle", NULL };
  const char *const gdbus[] = { "gdbus",       "call",      "--session",
                                "--dest",      WHIS_APP_ID, "--object-path",
                                WHIS_APP_PATH, "--method",  "io.github.whis_gtk.Whis1.Toggle",
                                "{}",          NULL };
  g_autoptr (GArray) ours = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) theirs = g_array_new (FALSE, FALSE, sizeof (double));
  double own, other;

  /* The disk's share is nobody's. */
  run (self, whis);
  run (self, gdbus);
  for (int i = 0; i < rounds; i++)
    {
      double time = run (self, whis);

      g_array_append_val (ours, time);
      time = run (self, gdbus);
      g_array_append_val (theirs, time);
    }

  g_print ("From the start of the process to the call on the bus: milliseconds, median of %d "
           "(least–most)\n\n| what | ms |\n| --- | --- |\n",
           rounds);
  own = print_row ("`whis toggle`", ours);
  other = print_row ("`gdbus call`", theirs);
  g_print ("\n`whis toggle` over `gdbus call`: %.2f; budget %d ms: %s\n", own / other, BUDGET_MS,
           own <= BUDGET_MS ? "met" : "budget missed");
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) options = g_option_context_new (NULL);
  g_autoptr (GTestDBus) daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_autoptr (GError) error = NULL;
  WhisBusWhis1 *skeleton = whis_bus_whis1_skeleton_new ();
  Service self = { g_main_loop_new (NULL, FALSE) };
  GDBusConnection *bus;

  setlocale (LC_ALL, "C.UTF-8");
  g_option_context_add_main_entries (options, entries, NULL);
  if (!g_option_context_parse (options, &argc, &argv, &error) || program == NULL || rounds < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "--program is missing");
      return 2;
    }

  g_test_dbus_up (daemon);
  /* A command that hands its display over does that, too. */
  g_setenv ("WAYLAND_DISPLAY", "wayland-of-nobody", TRUE);
  bus = own_name (&self, skeleton, g_test_dbus_get_bus_address (daemon));
  measure (&self);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (skeleton));
  g_object_unref (skeleton);
  g_dbus_connection_close_sync (bus, NULL, NULL);
  g_object_unref (bus);
  g_main_loop_unref (self.loop);
  g_test_dbus_down (daemon);

  return 0;
}
