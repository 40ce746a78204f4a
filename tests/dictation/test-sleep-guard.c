/* SPDX-License-Identifier: MIT */
#include "sleep-guard.h"

#include <fcntl.h>
#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <unistd.h>

#include "dictations-fixture.h"

/* A recording that the computer's sleep would cut off, with a logind on a bus of this program. */

#define LOGIND_XML                                                                                 \
  "<node><interface name='org.freedesktop.login1.Manager'>"                                        \
  "<method name='Inhibit'><arg type='s' direction='in'/><arg type='s' direction='in'/>"            \
  "<arg type='s' direction='in'/><arg type='s' direction='in'/>"                                   \
  "<arg type='h' direction='out'/></method>"                                                       \
  "<signal name='PrepareForSleep'><arg type='b'/></signal></interface></node>"

typedef struct
{
  DictationsFixture base;
  GDBusConnection *bus;
  GDBusNodeInfo *info;
  guint object;
  WhisSleepGuard *guard;
  guint n_locks;
  int lock; /* the other end of what Whis holds, or -1 */
} Fixture;

static void
inhibit (Fixture *fixture, GVariant *parameters, GDBusMethodInvocation *invocation)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  const char *what;
  const char *mode;
  int ends[2];

  g_variant_get (parameters, "(&s&s&s&s)", &what, NULL, NULL, &mode);
  g_assert_cmpstr (what, ==, "sleep");
  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, NULL));
  g_assert_cmpint (g_unix_fd_list_append (fds, ends[1], NULL), ==, 0);
  close (ends[1]);
  if (g_str_equal (mode, "delay"))
    {
      fixture->lock = ends[0];
      fixture->n_locks++;
    }
  else
    {
      /* That which keeps the computer awake is not what this is about. */
      g_assert_cmpstr (mode, ==, "block");
      close (ends[0]);
    }
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           fds);
}

static void
call_cb (GDBusConnection *bus,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer fixture)
{
  inhibit (fixture, parameters, invocation);
}

static void
begin_logind (Fixture *fixture)
{
  static const GDBusInterfaceVTable table = { .method_call = call_cb };
  g_autoptr (GVariant) owned = NULL;
  g_autoptr (GError) error = NULL;

  fixture->bus =
      g_dbus_connection_new_for_address_sync (g_getenv ("DBUS_SYSTEM_BUS_ADDRESS"),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  fixture->info = g_dbus_node_info_new_for_xml (LOGIND_XML, NULL);
  fixture->object = g_dbus_connection_register_object (fixture->bus, "/org/freedesktop/login1",
                                                       fixture->info->interfaces[0], &table,
                                                       fixture, NULL, &error);
  g_assert_no_error (error);
  owned = g_dbus_connection_call_sync (
      fixture->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.freedesktop.login1", 4), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  dictations_fixture_set_up (&fixture->base, data);
  fixture->lock = -1;
  begin_logind (fixture);
  fixture->guard = whis_sleep_guard_new (fixture->base.dictations);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->guard);
  dictations_fixture_tear_down (&fixture->base, data);
  g_dbus_connection_unregister_object (fixture->bus, fixture->object);
  g_dbus_connection_close_sync (fixture->bus, NULL, NULL);
  g_object_unref (fixture->bus);
  g_dbus_node_info_unref (fixture->info);
  if (fixture->lock >= 0)
    close (fixture->lock);
}

static void
wait_for_locks (Fixture *fixture, guint n)
{
  while (fixture->n_locks < n)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
closed_cb (int fd, GIOCondition condition, gpointer closed)
{
  *(gboolean *) closed = TRUE;

  return G_SOURCE_REMOVE;
}

/* Whis holds the other end of the pipe no more. */
static void
wait_until_allowed (Fixture *fixture)
{
  gboolean closed = FALSE;

  g_unix_fd_add (fixture->lock, G_IO_HUP, closed_cb, &closed);
  while (!closed)
    g_main_context_iteration (NULL, TRUE);
  close (fixture->lock);
  fixture->lock = -1;
}

static gboolean
is_allowed (Fixture *fixture)
{
  GPollFD poll = { .fd = fixture->lock, .events = G_IO_HUP };

  dictations_fixture_settle ();

  return g_poll (&poll, 1, 0) > 0;
}

static void
prepare_for_sleep (Fixture *fixture, gboolean begins)
{
  g_assert_true (g_dbus_connection_emit_signal (fixture->bus, NULL, "/org/freedesktop/login1",
                                                "org.freedesktop.login1.Manager", "PrepareForSleep",
                                                g_variant_new ("(b)", begins), NULL));
}

/* The lock is there as long as the last sound is not in its file, and no longer. */
static void
test_recording (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (&fixture->base, NULL);
  WhisDictation *dictation = whis_dictations_get_recording (fixture->base.dictations);

  wait_for_locks (fixture, 1);
  test_capture_say (capture, TRUE);
  /* What is stopped within a third of a second is an accident. */
  g_usleep (G_USEC_PER_SEC / 3 + 1000);
  prepare_for_sleep (fixture, TRUE);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_TRANSCRIBING);
  g_assert_false (is_allowed (fixture));
  test_capture_say (capture, TRUE);
  test_capture_finish (capture);
  wait_until_allowed (fixture);
  dictations_fixture_wait_for (dictation, WHIS_DICTATION_STATE_DONE);
  g_assert_cmpstr (whis_dictation_get_text (dictation), ==, "words words");
}

/* The computer has woken up: that stops nothing. */
static void
test_waking (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (&fixture->base, NULL);

  wait_for_locks (fixture, 1);
  test_capture_say (capture, TRUE);
  g_usleep (G_USEC_PER_SEC / 3 + 1000);
  prepare_for_sleep (fixture, FALSE);
  g_assert_true (g_dbus_connection_flush_sync (fixture->bus, NULL, NULL));
  dictations_fixture_settle ();
  g_assert_nonnull (whis_dictations_get_recording (fixture->base.dictations));
  prepare_for_sleep (fixture, TRUE);
  while (whis_dictations_get_recording (fixture->base.dictations) != NULL)
    g_main_context_iteration (NULL, TRUE);
  test_capture_finish (capture);
  wait_until_allowed (fixture);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  TestCapture *capture = dictations_fixture_record (&fixture->base, NULL);

  wait_for_locks (fixture, 1);
  test_capture_say (capture, TRUE);
  whis_dictation_cancel (whis_dictations_get_recording (fixture->base.dictations));
  g_assert_false (is_allowed (fixture));
  test_capture_finish (capture);
  wait_until_allowed (fixture);

  /* The next recording asks again. */
  capture = dictations_fixture_record (&fixture->base, NULL);
  wait_for_locks (fixture, 2);
  test_capture_fail (capture, WHIS_AUDIO_ERROR_NO_MICROPHONE);
  wait_until_allowed (fixture);
}

/* The sound of the first is on its way while the second is spoken: one lock for both. */
static void
test_two (Fixture *fixture, gconstpointer data)
{
  TestCapture *first = g_object_ref (dictations_fixture_record (&fixture->base, NULL));
  TestCapture *second;

  wait_for_locks (fixture, 1);
  test_capture_say (first, TRUE);
  whis_dictation_cancel (whis_dictations_get_recording (fixture->base.dictations));
  second = g_object_ref (dictations_fixture_record (&fixture->base, NULL));
  test_capture_say (second, TRUE);
  test_capture_finish (second);
  g_assert_false (is_allowed (fixture));
  test_capture_finish (first);
  wait_until_allowed (fixture);
  g_assert_cmpuint (fixture->n_locks, ==, 1);
  g_object_unref (first);
  g_object_unref (second);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/sleep-guard/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_autoptr (GTestDBus) bus = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (bus);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", g_test_dbus_get_bus_address (bus), TRUE);
  dictations_fixture_init ();

  ADD ("recording", test_recording);
  ADD ("waking", test_waking);
  ADD ("cancelled", test_cancelled);
  ADD ("two", test_two);

  status = g_test_run ();
  g_test_dbus_stop (bus);

  return status;
}
