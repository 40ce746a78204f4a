/* SPDX-License-Identifier: MIT */
#include "bus-microphones.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "bus-object-private.h"
#include "call-error.h"
#include "devices.h"
#include "input-watch.h"

/**
 * WhisBusMicrophones:
 *
 * The part of the D-Bus interface that is about inputs: `ListMicrophones`, `WatchMicrophones` and
 * `WatchInput`. The sound server is listened to only while somebody wants to know.
 */

/* A sound server that hangs does not refuse, either. The first time GStreamer looks through its
 * plugins before, which takes seconds. */
#define PATIENCE_SECONDS 10

struct _WhisBusMicrophones
{
  GObject parent_instance;

  WhisBusWhis1 *interface; /* not owned: the area is its */
  WhisSettings *settings;
  WhisInputWatch *input_watch;
  WhisDevices *devices; /* listened to while somebody watches */
  GHashTable *watchers; /* unique name → watch on it */
};

enum
{
  LEVEL,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisBusMicrophones, whis_bus_microphones, G_TYPE_OBJECT)

static void
add_microphone (GVariantBuilder *microphones, const WhisDevice *device)
{
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (device->id));
  g_variant_builder_add (&row, "{sv}", "name", g_variant_new_string (device->name));
  g_variant_builder_add (&row, "{sv}", "default", g_variant_new_boolean (device->is_default));
  g_variant_builder_add_value (microphones, g_variant_builder_end (&row));
}

/* A call of `ListMicrophones` that waits for the sound server. */
typedef struct
{
  WhisDevices *devices;
  GDBusMethodInvocation *invocation;
  guint patience;
} Listing;

static void
listing_free (Listing *listing)
{
  g_signal_handlers_disconnect_by_data (listing->devices, listing);
  whis_devices_stop (listing->devices);
  g_object_unref (listing->devices);
  g_clear_handle_id (&listing->patience, g_source_remove);
  g_free (listing);
}

/* The list is there for the first time; the sound server is not listened to any longer. */
static void
listed_cb (WhisDevices *devices, gpointer user_data)
{
  Listing *listing = user_data;
  g_autoptr (GPtrArray) list = whis_devices_list (devices);
  GVariantBuilder microphones;

  g_variant_builder_init (&microphones, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < list->len; i++)
    add_microphone (&microphones, g_ptr_array_index (list, i));
  g_dbus_method_invocation_return_value (
      listing->invocation, g_variant_new ("(@aa{sv})", g_variant_builder_end (&microphones)));
  listing_free (listing);
}

static gboolean
patience_cb (gpointer user_data)
{
  Listing *listing = user_data;

  listing->patience = 0;
  g_dbus_method_invocation_return_error_literal (
      listing->invocation, WHIS_BUS_ERROR, WHIS_BUS_ERROR_DEVICE,
      _ ("The sound server does not answer: restart PulseAudio or PipeWire and try again."));
  listing_free (listing);

  return G_SOURCE_REMOVE;
}

static gboolean
bus_microphones_handle_list_microphones (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  Listing *listing = g_new0 (Listing, 1);

  listing->devices = whis_devices_new ();
  listing->invocation = invocation;
  listing->patience = g_timeout_add_seconds (PATIENCE_SECONDS, patience_cb, listing);
  g_signal_connect (listing->devices, "changed", G_CALLBACK (listed_cb), listing);
  whis_devices_start (listing->devices);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
devices_changed_cb (WhisBusMicrophones *self)
{
  whis_bus_whis1_emit_microphones_changed (self->interface);
}

static void
bus_microphones_listen (WhisBusMicrophones *self)
{
  if (self->devices != NULL)
    return;

  self->devices = whis_devices_new ();
  g_signal_connect_object (self->devices, "changed", G_CALLBACK (devices_changed_cb), self,
                           G_CONNECT_SWAPPED);
  whis_devices_start (self->devices);
}

static void
stop_watching (WhisBusMicrophones *self, const char *caller)
{
  g_hash_table_remove (self->watchers, caller);
  if (g_hash_table_size (self->watchers) > 0 || self->devices == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->devices, self);
  whis_devices_stop (self->devices);
  g_clear_object (&self->devices);
}

static void
watcher_vanished_cb (GDBusConnection *connection, const char *name, gpointer user_data)
{
  g_autofree char *caller = g_strdup (name);

  stop_watching (user_data, caller);
}

static void
start_watching (WhisBusMicrophones *self, GDBusConnection *connection, const char *caller)
{
  guint watch;

  if (g_hash_table_contains (self->watchers, caller))
    return;

  watch = g_bus_watch_name_on_connection (connection, caller, G_BUS_NAME_WATCHER_FLAGS_NONE, NULL,
                                          watcher_vanished_cb, self, NULL);
  g_hash_table_insert (self->watchers, g_strdup (caller), GUINT_TO_POINTER (watch));
  bus_microphones_listen (self);
}

static gboolean
bus_microphones_handle_watch_microphones (WhisBusWhis1 *interface,
                                          GDBusMethodInvocation *invocation,
                                          gboolean watch)
{
  WhisBusMicrophones *self = WHIS_BUS_OBJECT (interface)->bus_microphones;
  const char *caller = g_dbus_method_invocation_get_sender (invocation);

  if (watch)
    start_watching (self, g_dbus_method_invocation_get_connection (invocation), caller);
  else
    stop_watching (self, caller);
  whis_bus_whis1_complete_watch_microphones (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static gboolean
bus_microphones_handle_watch_input (WhisBusWhis1 *interface,
                                    GDBusMethodInvocation *invocation,
                                    const char *microphone,
                                    gboolean watch)
{
  WhisBusMicrophones *self = WHIS_BUS_OBJECT (interface)->bus_microphones;
  g_autoptr (GError) error = NULL;

  if (*microphone == '\0')
    microphone = whis_settings_get_microphone (self->settings);
  if (!watch)
    whis_input_watch_end (self->input_watch);
  else if (!whis_input_watch_begin (self->input_watch, microphone,
                                    g_dbus_method_invocation_get_connection (invocation),
                                    g_dbus_method_invocation_get_sender (invocation), &error))
    {
      whis_call_return_error (invocation, error);
      return G_DBUS_METHOD_INVOCATION_HANDLED;
    }
  whis_bus_whis1_complete_watch_input (interface, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
watched_level_cb (WhisBusMicrophones *self, double level)
{
  g_signal_emit (self, signals[LEVEL], 0, level);
}

/* Ends the watch on the bus name of a caller. */
static void
bus_microphones_unwatch (gpointer id)
{
  g_bus_unwatch_name (GPOINTER_TO_UINT (id));
}

static void
whis_bus_microphones_dispose (GObject *object)
{
  WhisBusMicrophones *self = WHIS_BUS_MICROPHONES (object);

  g_clear_pointer (&self->watchers, g_hash_table_unref);
  if (self->devices != NULL)
    whis_devices_stop (self->devices);
  g_clear_object (&self->devices);
  g_clear_object (&self->input_watch);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_bus_microphones_parent_class)->dispose (object);
}

static void
whis_bus_microphones_class_init (WhisBusMicrophonesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_microphones_dispose;

  /**
   * WhisBusMicrophones::level:
   * @self: the calls
   * @level: peak level in dBFS of the input that is watched, -100 when it is closed
   */
  signals[LEVEL] = g_signal_new ("level", WHIS_TYPE_BUS_MICROPHONES, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
}

static void
whis_bus_microphones_init (WhisBusMicrophones *self)
{
  self->input_watch = whis_input_watch_new ();
  self->watchers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bus_microphones_unwatch);
}

/**
 * whis_bus_microphones_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_microphones_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_list_microphones = bus_microphones_handle_list_microphones;
  iface->handle_watch_input = bus_microphones_handle_watch_input;
  iface->handle_watch_microphones = bus_microphones_handle_watch_microphones;
}

/**
 * whis_bus_microphones_new:
 * @interface: the object whose methods these are; it owns the area
 * @settings: the user's settings
 *
 * Returns: (transfer full): an object that answers the calls as long as it lives
 */
WhisBusMicrophones *
whis_bus_microphones_new (WhisBusWhis1 *interface, WhisSettings *settings)
{
  WhisBusMicrophones *self = g_object_new (WHIS_TYPE_BUS_MICROPHONES, NULL);

  self->interface = interface;
  self->settings = g_object_ref (settings);
  g_signal_connect_object (self->input_watch, "level", G_CALLBACK (watched_level_cb), self,
                           G_CONNECT_SWAPPED);

  return self;
}
