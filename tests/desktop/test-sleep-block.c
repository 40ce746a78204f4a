/* SPDX-License-Identifier: MIT */
#include "sleep-block.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <unistd.h>

#include "bus.h"
#include "sandbox.h"

/* What keeps the computer awake, with a logind and a portal on a bus of the test's own. */

#define LOGIND "org.freedesktop.login1"
#define LOGIND_PATH "/org/freedesktop/login1"
#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define REQUEST_PATH PORTAL_PATH "/request/1/t"

static const char logind_xml[] =
    "<node><interface name='org.freedesktop.login1.Manager'>"
    "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='h' direction='out'/></method></interface></node>";

static const char portal_xml[] =
    "<node><interface name='org.freedesktop.portal.Inhibit'>"
    "<method name='Inhibit'><arg type='s' direction='in'/><arg type='u' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='o' direction='out'/></method></interface>"
    "<interface name='org.freedesktop.portal.Request'><method name='Close'/></interface></node>";

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
  GDBusConnection *own; /* which the block takes, too */
  guint registrations[3];
  GPtrArray *asked; /* of GDBusMethodInvocation, not answered yet */
  guint n_closed;
  WhisSleepBlock *block;
} Fixture;

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

  if (g_str_equal (method, "Inhibit"))
    {
      g_ptr_array_add (fixture->asked, invocation);
      return;
    }

  g_assert_cmpstr (method, ==, "Close");
  fixture->n_closed++;
  g_dbus_method_invocation_return_value (invocation, NULL);
}

static guint
export_on (Fixture *fixture, const char *xml, guint i, const char *path)
{
  static const GDBusInterfaceVTable vtable = { .method_call = call_cb };
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, &error);
  guint id;

  g_assert_no_error (error);
  id = g_dbus_connection_register_object (fixture->bus.theirs, path, node->interfaces[i], &vtable,
                                          fixture, NULL, &error);
  g_assert_no_error (error);

  return id;
}

static void
set_up (Fixture *fixture, gconstpointer inside)
{
  g_autoptr (GError) error = NULL;

  is_inside = GPOINTER_TO_INT (inside);
  bus_set_up (&fixture->bus, NULL);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (fixture->bus.daemon), TRUE);
  fixture->own = g_bus_get_sync (is_inside ? G_BUS_TYPE_SESSION : G_BUS_TYPE_SYSTEM, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_set_exit_on_close (fixture->own, FALSE);
  fixture->asked = g_ptr_array_new ();
  fixture->registrations[0] = export_on (fixture, logind_xml, 0, LOGIND_PATH);
  fixture->registrations[1] = export_on (fixture, portal_xml, 0, PORTAL_PATH);
  fixture->registrations[2] = export_on (fixture, portal_xml, 1, REQUEST_PATH);
  bus_own_name (&fixture->bus, LOGIND);
  bus_own_name (&fixture->bus, PORTAL);
  fixture->block = whis_sleep_block_new ();
}

static void
settle (Fixture *fixture)
{
  g_autoptr (GVariant) reply = bus_call_from (&fixture->bus, fixture->own, "/",
                                              "org.freedesktop.DBus.Peer", "Ping", NULL, NULL);

  g_assert_nonnull (reply);
  bus_settle (&fixture->bus);
}

static void
tear_down (Fixture *fixture, gconstpointer inside)
{
  settle (fixture);
  if (fixture->block != NULL)
    g_assert_finalize_object (fixture->block);
  for (guint i = 0; i < G_N_ELEMENTS (fixture->registrations); i++)
    g_dbus_connection_unregister_object (fixture->bus.theirs, fixture->registrations[i]);
  g_ptr_array_unref (fixture->asked);
  g_dbus_connection_close_sync (fixture->own, NULL, NULL);
  g_object_unref (fixture->own);
  bus_tear_down (&fixture->bus, NULL);
}

/* Waits for a question, and takes it. */
static GDBusMethodInvocation *
await_question (Fixture *fixture)
{
  bus_await (fixture->asked->len > 0);

  return g_ptr_array_steal_index (fixture->asked, 0);
}

/* Gives one end of a pipe away, as logind does. Returns: the other end */
static int
give_lock (GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[1], NULL), ==, 0);
  close (ends[1]);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           fds);

  return ends[0];
}

static gboolean
closed_cb (int fd, GIOCondition condition, gpointer closed)
{
  *(gboolean *) closed = TRUE;

  return G_SOURCE_REMOVE;
}

/* The lock is held no more. */
static void
await_released (int lock)
{
  gboolean closed = FALSE;

  g_unix_fd_add (lock, G_IO_HUP, closed_cb, &closed);
  bus_await (closed);
  close (lock);
}

static gboolean
is_held (Fixture *fixture, int lock)
{
  GPollFD poll = { .fd = lock, .events = G_IO_HUP };

  settle (fixture);

  return g_poll (&poll, 1, 0) == 0;
}

static void
test_lock (Fixture *fixture, gconstpointer inside)
{
  GDBusMethodInvocation *invocation;
  const char *what, *who, *why, *mode;
  int lock;

  whis_sleep_block_hold (fixture->block, "A dictation.");
  whis_sleep_block_hold (fixture->block, "Another one.");
  invocation = await_question (fixture);
  g_variant_get (g_dbus_method_invocation_get_parameters (invocation), "(&s&s&s&s)", &what, &who,
                 &why, &mode);
  /* `idle` would keep the screen from being locked, too. */
  g_assert_cmpstr (what, ==, "sleep");
  g_assert_cmpstr (who, ==, "Whis");
  g_assert_cmpstr (why, ==, "A dictation.");
  g_assert_cmpstr (mode, ==, "block");
  lock = give_lock (invocation);
  g_assert_true (is_held (fixture, lock));
  g_assert_cmpuint (fixture->asked->len, ==, 0);
  whis_sleep_block_release (fixture->block);
  await_released (lock);

  /* And again for the next dictation. */
  whis_sleep_block_hold (fixture->block, "A dictation.");
  lock = give_lock (await_question (fixture));
  g_assert_true (is_held (fixture, lock));
  g_assert_finalize_object (g_steal_pointer (&fixture->block));
  await_released (lock);
}

/* The lock comes when nobody wants it any more, and later than the next one. */
static void
test_late_lock (Fixture *fixture, gconstpointer inside)
{
  GDBusMethodInvocation *first, *second;
  int late, lock;

  whis_sleep_block_hold (fixture->block, "A dictation.");
  first = await_question (fixture);
  whis_sleep_block_release (fixture->block);
  whis_sleep_block_hold (fixture->block, "The next one.");
  second = await_question (fixture);
  lock = give_lock (second);
  g_assert_true (is_held (fixture, lock));
  late = give_lock (first);
  await_released (late);
  g_assert_true (is_held (fixture, lock));
  whis_sleep_block_release (fixture->block);
  await_released (lock);
}

/* The rules of the system may forbid it, and it may not be there at all. */
static void
test_no_lock (Fixture *fixture, gconstpointer inside)
{
  int lock;

  whis_sleep_block_hold (fixture->block, "A dictation.");
  g_dbus_method_invocation_return_dbus_error (await_question (fixture),
                                              "org.freedesktop.DBus.Error.AccessDenied", "No");
  settle (fixture);
  whis_sleep_block_release (fixture->block);

  bus_release_name (&fixture->bus, LOGIND);
  whis_sleep_block_hold (fixture->block, "A dictation.");
  settle (fixture);
  whis_sleep_block_release (fixture->block);
  g_assert_cmpuint (fixture->asked->len, ==, 0);

  bus_own_name (&fixture->bus, LOGIND);
  whis_sleep_block_hold (fixture->block, "A dictation.");
  lock = give_lock (await_question (fixture));
  whis_sleep_block_release (fixture->block);
  await_released (lock);
}

static void
accept (GDBusMethodInvocation *invocation)
{
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", REQUEST_PATH));
}

/* A sandbox reaches no logind. */
static void
test_portal (Fixture *fixture, gconstpointer inside)
{
  GDBusMethodInvocation *invocation;
  g_autoptr (GVariant) options = NULL;
  const char *reason;
  guint32 flags;

  whis_sleep_block_hold (fixture->block, "A dictation.");
  invocation = await_question (fixture);
  g_assert_cmpstr (g_dbus_method_invocation_get_object_path (invocation), ==, PORTAL_PATH);
  g_variant_get (g_dbus_method_invocation_get_parameters (invocation), "(&su@a{sv})", NULL, &flags,
                 &options);
  /* Suspend, and nothing else: not logging out, and not the screen. */
  g_assert_cmpuint (flags, ==, 4);
  g_assert_true (g_variant_lookup (options, "reason", "&s", &reason));
  g_assert_cmpstr (reason, ==, "A dictation.");
  accept (invocation);
  settle (fixture);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  whis_sleep_block_release (fixture->block);
  bus_await (fixture->n_closed == 1);
  whis_sleep_block_release (fixture->block);
  settle (fixture);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

/* What the portal grants too late is given back at once; what it refuses is not. */
static void
test_late_portal (Fixture *fixture, gconstpointer inside)
{
  GDBusMethodInvocation *invocation;

  whis_sleep_block_hold (fixture->block, "A dictation.");
  invocation = await_question (fixture);
  whis_sleep_block_release (fixture->block);
  settle (fixture);
  g_assert_cmpuint (fixture->n_closed, ==, 0);
  accept (invocation);
  bus_await (fixture->n_closed == 1);

  whis_sleep_block_hold (fixture->block, "A dictation.");
  g_dbus_method_invocation_return_dbus_error (await_question (fixture),
                                              "org.freedesktop.portal.Error.NotAllowed", "No");
  settle (fixture);
  whis_sleep_block_release (fixture->block);
  settle (fixture);
  g_assert_cmpuint (fixture->n_closed, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, inside, function)                                                                \
  g_test_add ("/sleep-block/" path, Fixture, GINT_TO_POINTER (inside), set_up, function, tear_down)

  ADD ("lock", FALSE, test_lock);
  ADD ("late-lock", FALSE, test_late_lock);
  ADD ("no-lock", FALSE, test_no_lock);
  ADD ("portal", TRUE, test_portal);
  ADD ("late-portal", TRUE, test_late_portal);

  return g_test_run ();
}
