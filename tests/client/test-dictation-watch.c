/* SPDX-License-Identifier: MIT */
#include "dictation-watch.h"

#include <string.h>

/* A bus with a service whose signals a test sends. */
typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *theirs;
  GDBusConnection *ours;
  WhisBusWhis1 *skeleton;
  WhisBusWhis1 *proxy;
  WhisDictationWatch *watch;
  GString *seen; /* ids that ended, and “lost” */
} Fixture;

static void
ended_cb (Fixture *self, const char *id)
{
  g_string_append_printf (self->seen, "%s ", id);
}

static void
lost_cb (Fixture *self)
{
  g_string_append (self->seen, "lost ");
}

static GDBusConnection *
connect_bus (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);

  g_assert_no_error (error);

  return bus;
}

static void
call_bus (GDBusConnection *bus, const char *method, GVariant *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", method,
      arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (reply);
}

static void
set_up (Fixture *self, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->theirs = connect_bus (self);
  self->ours = connect_bus (self);
  self->skeleton = whis_bus_whis1_skeleton_new ();
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), self->theirs,
                                    WHIS_APP_PATH, &error);
  g_assert_no_error (error);
  call_bus (self->theirs, "RequestName", g_variant_new ("(su)", WHIS_APP_ID, 0));
  /* There is nobody who could answer while this thread waits: no properties are asked for. */
  self->proxy =
      whis_bus_whis1_proxy_new_sync (self->ours, G_DBUS_PROXY_FLAGS_DO_NOT_LOAD_PROPERTIES,
                                     WHIS_APP_ID, WHIS_APP_PATH, NULL, &error);
  g_assert_no_error (error);
  self->seen = g_string_new (NULL);
  self->watch = whis_dictation_watch_new (self->proxy);
  g_signal_connect_swapped (self->watch, "ended", G_CALLBACK (ended_cb), self);
  g_signal_connect_swapped (self->watch, "lost", G_CALLBACK (lost_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer user_data)
{
  if (self->watch != NULL)
    g_assert_finalize_object (self->watch);
  g_clear_object (&self->proxy);
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  g_dbus_connection_close_sync (self->ours, NULL, NULL);
  g_dbus_connection_close_sync (self->theirs, NULL, NULL);
  g_clear_object (&self->ours);
  g_clear_object (&self->theirs);
  g_string_free (self->seen, TRUE);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

static void
wait_for (Fixture *self, const char *seen)
{
  while (strlen (self->seen->str) < strlen (seen))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (self->seen->str, ==, seen);
}

/* Before the answer to the call that gives the id, and only once. */
static void
test_finished (Fixture *self, gconstpointer user_data)
{
  g_autoptr (WhisDictationEnd) end = NULL;

  g_assert_false (whis_dictation_watch_has_ended (self->watch, "a"));
  g_assert_null (whis_dictation_watch_take_end (self->watch, "a"));
  whis_bus_whis1_emit_finished (self->skeleton, "a", "what was said");
  wait_for (self, "a ");
  g_assert_true (whis_dictation_watch_has_ended (self->watch, "a"));
  end = whis_dictation_watch_take_end (self->watch, "a");
  g_assert_cmpstr (end->text, ==, "what was said");
  g_assert_cmpstr (end->id, ==, "a");
  g_assert_cmpstr (end->code, ==, "");
  g_assert_false (whis_dictation_watch_has_ended (self->watch, "a"));
  g_assert_null (whis_dictation_watch_take_end (self->watch, "a"));
}

static void
test_failed (Fixture *self, gconstpointer user_data)
{
  g_autoptr (WhisDictationEnd) end = NULL;

  whis_bus_whis1_emit_failed (self->skeleton, "a", "network", "No network.", "sound retried", TRUE);
  whis_bus_whis1_emit_finished (self->skeleton, "b", "");
  wait_for (self, "a b ");
  end = whis_dictation_watch_take_end (self->watch, "a");
  g_assert_null (end->text);
  g_assert_cmpstr (end->id, ==, "a");
  g_assert_cmpstr (end->code, ==, "network");
  g_assert_cmpstr (end->message, ==, "No network.");
  g_assert_cmpuint (end->kept, ==, WHIS_KEPT_SOUND | WHIS_KEPT_RETRIED);
  g_assert_true (end->resumable);
}

static void
test_service_goes (Fixture *self, gconstpointer user_data)
{
  call_bus (self->theirs, "ReleaseName", g_variant_new ("(s)", WHIS_APP_ID));
  wait_for (self, "lost ");
}

static void
test_bus_goes (Fixture *self, gconstpointer user_data)
{
  g_dbus_connection_close (self->ours, NULL, NULL, NULL);
  wait_for (self, "lost ");
}

/* What comes afterwards reaches nobody. */
static void
test_dropped (Fixture *self, gconstpointer user_data)
{
  g_assert_finalize_object (g_steal_pointer (&self->watch));
  whis_bus_whis1_emit_finished (self->skeleton, "a", "");
  g_dbus_connection_flush_sync (self->theirs, NULL, NULL);
  call_bus (self->ours, "GetId", NULL);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (self->seen->str, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/dictation-watch/finished", test_finished);
  ADD ("/dictation-watch/failed", test_failed);
  ADD ("/dictation-watch/lost/service", test_service_goes);
  ADD ("/dictation-watch/lost/bus", test_bus_goes);
  ADD ("/dictation-watch/dropped", test_dropped);
#undef ADD

  return g_test_run ();
}
