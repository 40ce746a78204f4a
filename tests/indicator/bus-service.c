/* SPDX-License-Identifier: MIT */
#include "bus-service.h"

static gboolean
on_watch_text (BusService *self, GDBusMethodInvocation *invocation, gboolean watch)
{
  g_assert_true (watch);
  self->n_watching++;
  whis_bus_whis1_complete_watch_text (self->skeleton, invocation);

  return TRUE;
}

void
bus_service_start (BusService *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = NULL;

  self->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->daemon);
  self->bus =
      g_dbus_connection_new_for_address_sync (g_test_dbus_get_bus_address (self->daemon),
                                              G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
                                                  | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                              NULL, NULL, &error);
  g_assert_no_error (error);
  self->skeleton = whis_bus_whis1_skeleton_new ();
  g_signal_connect_swapped (self->skeleton, "handle-watch-text", G_CALLBACK (on_watch_text), self);
  g_dbus_interface_skeleton_export (G_DBUS_INTERFACE_SKELETON (self->skeleton), self->bus,
                                    WHIS_APP_PATH, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (self->bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                       "org.freedesktop.DBus", "RequestName",
                                       g_variant_new ("(su)", WHIS_APP_ID, 0), NULL,
                                       G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

void
bus_service_stop (BusService *self)
{
  g_dbus_interface_skeleton_unexport (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  g_clear_object (&self->skeleton);
  g_dbus_connection_close_sync (self->bus, NULL, NULL);
  g_clear_object (&self->bus);
  g_test_dbus_down (self->daemon);
  g_clear_object (&self->daemon);
}

/* Before anybody asks. */
void
bus_service_set_recording (BusService *self, const char *dictation)
{
  whis_bus_whis1_set_state (self->skeleton, "recording");
  whis_bus_whis1_set_dictation (self->skeleton, dictation);
}

void
bus_service_tell_state (BusService *self, const char *dictation, const char *state)
{
  whis_bus_whis1_set_state (self->skeleton, state);
  whis_bus_whis1_set_dictation (self->skeleton, dictation);
  g_dbus_interface_skeleton_flush (G_DBUS_INTERFACE_SKELETON (self->skeleton));
  whis_bus_whis1_emit_state_changed (self->skeleton, dictation, state);
}
