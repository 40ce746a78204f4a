/* SPDX-License-Identifier: MIT */
#include "devices.h"

#include "pulse.h"

typedef struct
{
  WhisDevices *devices;
  guint n_changes;
  gboolean gone;
} Fixture;

static void
on_changed (WhisDevices *devices, Fixture *fixture)
{
  fixture->n_changes++;
}

static void
on_gone (gpointer data, GObject *was)
{
  Fixture *fixture = data;

  fixture->gone = TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->devices = whis_devices_new ();
  g_object_weak_ref (G_OBJECT (fixture->devices), on_gone, fixture);
  g_signal_connect (fixture->devices, "changed", G_CALLBACK (on_changed), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  whis_devices_stop (fixture->devices);
  g_object_unref (fixture->devices);
  while (!fixture->gone)
    g_main_context_iteration (NULL, TRUE);
}

static WhisDevice *
find (GPtrArray *list, const char *id)
{
  for (guint i = 0; i < list->len; i++)
    {
      WhisDevice *device = g_ptr_array_index (list, i);

      if (g_strcmp0 (device->id, id) == 0)
        return device;
    }

  return NULL;
}

/* Waits until a device is there, or is not. */
static void
wait_for (Fixture *fixture, const char *id, gboolean there)
{
  for (;;)
    {
      g_autoptr (GPtrArray) list = whis_devices_list (fixture->devices);

      if (fixture->n_changes > 0 && (find (list, id) != NULL) == there)
        return;
      g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autoptr (GPtrArray) list = NULL;
  WhisDevice *microphone;
  WhisDevice *monitor;

  whis_devices_start (fixture->devices);
  wait_for (fixture, PULSE_SOURCE, TRUE);
  list = whis_devices_list (fixture->devices);
  g_assert_cmpuint (list->len, ==, 2);

  microphone = g_ptr_array_index (list, 0);
  g_assert_cmpstr (microphone->id, ==, PULSE_SOURCE);
  g_assert_cmpstr (microphone->name, ==, "Desk");
  g_assert_true (microphone->is_default);
  g_assert_false (microphone->is_monitor);

  /* no microphone, but it can be chosen */
  monitor = g_ptr_array_index (list, 1);
  g_assert_cmpstr (monitor->id, ==, PULSE_MONITOR);
  g_assert_false (monitor->is_default);
  g_assert_true (monitor->is_monitor);
}

static void
test_plugged_in_and_out (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);
  g_autofree char *module = NULL;

  whis_devices_start (fixture->devices);
  wait_for (fixture, PULSE_SOURCE, TRUE);
  wait_for (fixture, "usb_mic", FALSE);

  module = pulse_load_microphone ("usb");
  wait_for (fixture, "usb_mic", TRUE);

  pulse_control ("unload-module", module, NULL);
  wait_for (fixture, "usb_mic", FALSE);
}

static void
test_no_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;

  whis_devices_start (fixture->devices);
  while (fixture->n_changes == 0)
    g_main_context_iteration (NULL, TRUE);

  list = whis_devices_list (fixture->devices);
  g_assert_cmpuint (list->len, ==, 0);
}

static void
test_start_and_stop (Fixture *fixture, gconstpointer data)
{
  G_GNUC_UNUSED g_autoptr (Pulse) pulse = pulse_new (TRUE);

  for (guint i = 0; i < 5; i++)
    {
      whis_devices_start (fixture->devices);
      whis_devices_stop (fixture->devices);
    }
  g_assert_cmpuint (fixture->n_changes, ==, 0);

  whis_devices_start (fixture->devices);
  wait_for (fixture, PULSE_SOURCE, TRUE);
}

#define ADD(name, func) g_test_add ("/devices/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  pulse_prepare ();

  ADD ("no-server", test_no_server);
  ADD ("list", test_list);
  ADD ("plugged-in-and-out", test_plugged_in_and_out);
  ADD ("start-and-stop", test_start_and_stop);
  status = g_test_run ();

  pulse_clean_up ();

  return status;
}
