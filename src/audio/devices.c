/* SPDX-License-Identifier: MIT */
#include "devices.h"

#include <gst/gst.h>

#include "gstreamer.h"

/**
 * WhisDevices:
 *
 * The microphones that the sound server has, as long as somebody wants to know.
 *
 * GStreamer's device monitor would start every provider, and on PipeWire hide PulseAudio's, whose
 * names the capture needs; so PulseAudio's provider is asked itself. There is one such provider in
 * a process, so there should be one started object of this type.
 */
struct _WhisDevices
{
  GObject parent_instance;

  GMainContext *context;
  GPtrArray *devices;
  gboolean wanted;   /* between start and stop */
  gboolean tried;    /* the provider was started, or is not there */
  gboolean working;  /* a thread is starting or stopping the provider, which is the thread's */
  gboolean stopping; /* which of the two */
  GstDeviceProvider *provider;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_BOXED_TYPE (WhisDevice, whis_device, whis_device_copy, whis_device_free)
G_DEFINE_FINAL_TYPE (WhisDevices, whis_devices, G_TYPE_OBJECT)

/**
 * whis_device_copy:
 * @device: a device
 *
 * Returns: (transfer full): a copy of @device
 */
WhisDevice *
whis_device_copy (const WhisDevice *device)
{
  WhisDevice *copy;

  g_return_val_if_fail (device != NULL, NULL);

  copy = g_memdup2 (device, sizeof *device);
  copy->id = g_strdup (device->id);
  copy->name = g_strdup (device->name);

  return copy;
}

/**
 * whis_device_free:
 * @device: (transfer full) (nullable): a device
 */
void
whis_device_free (WhisDevice *device)
{
  if (device == NULL)
    return;

  g_free (device->id);
  g_free (device->name);
  g_free (device);
}

static WhisDevice *
device_new (GstDevice *source)
{
  g_autoptr (GstStructure) details = gst_device_get_properties (source);
  WhisDevice *device = g_new0 (WhisDevice, 1);

  g_object_get (source, "internal-name", &device->id, NULL);
  device->name = gst_device_get_display_name (source);
  if (details == NULL)
    return device;

  gst_structure_get_boolean (details, "is-default", &device->is_default);
  device->is_monitor =
      g_strcmp0 (gst_structure_get_string (details, "device.class"), "monitor") == 0;

  return device;
}

static int
compare_devices (gconstpointer a, gconstpointer b)
{
  const WhisDevice *one = *(WhisDevice *const *) a;
  const WhisDevice *other = *(WhisDevice *const *) b;

  if (one->is_monitor != other->is_monitor)
    return one->is_monitor - other->is_monitor;

  return g_utf8_collate (one->name, other->name);
}

static GPtrArray *
read_devices (GstDeviceProvider *provider)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_device_free);
  GList *sources = gst_device_provider_get_devices (provider);

  for (GList *l = sources; l != NULL; l = l->next)
    if (gst_device_has_classes (l->data, "Audio/Source"))
      g_ptr_array_add (devices, device_new (l->data));

  g_ptr_array_sort (devices, compare_devices);
  g_list_free_full (sources, gst_object_unref);

  return devices;
}

static void
devices_update (WhisDevices *self)
{
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  if (self->provider != NULL)
    self->devices = read_devices (self->provider);
  else
    self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_device_free);

  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
on_changed (gpointer user_data)
{
  WhisDevices *self = user_data;

  if (self->wanted && !self->working && self->provider != NULL)
    devices_update (self);

  return G_SOURCE_REMOVE;
}

/* Calls @func in the main context, and gives it the reference. */
static void
call_back (WhisDevices *self, GSourceFunc func)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_static_name (source, "[whis] devices");
  g_source_set_callback (source, func, self, g_object_unref);
  g_source_attach (source, self->context);
}

static GstBusSyncReply
on_message (GstBus *bus, GstMessage *message, gpointer user_data)
{
  call_back (g_object_ref (user_data), on_changed);
  gst_message_unref (message);

  return GST_BUS_DROP;
}

static void
set_handler (GstDeviceProvider *provider, WhisDevices *self)
{
  g_autoptr (GstBus) bus = gst_device_provider_get_bus (provider);

  gst_bus_set_sync_handler (bus, NULL, NULL, NULL);
  if (self != NULL)
    gst_bus_set_sync_handler (bus, on_message, g_object_ref (self), g_object_unref);
}

static GstDeviceProvider *
start_provider (WhisDevices *self)
{
  g_autoptr (GstDeviceProvider) provider = NULL;

  if (whis_gstreamer_start (NULL))
    provider = gst_device_provider_factory_get_by_name ("pulsedeviceprovider");
  if (provider == NULL)
    return NULL;

  set_handler (provider, self);
  if (gst_device_provider_start (provider))
    return g_steal_pointer (&provider);

  set_handler (provider, NULL);

  return NULL;
}

static void
stop_provider (GstDeviceProvider *provider)
{
  gst_device_provider_stop (provider);
  set_handler (provider, NULL);
  gst_object_unref (provider);
}

static void devices_follow (WhisDevices *self);

static gboolean
on_followed (gpointer user_data)
{
  WhisDevices *self = user_data;

  self->working = FALSE;
  if (self->provider != NULL)
    self->tried = TRUE;
  if (self->wanted && (self->provider != NULL || !self->stopping))
    devices_update (self);
  devices_follow (self);

  return G_SOURCE_REMOVE;
}

/* The reference to the list goes back to the main context with the result, so that the last one is
 * never dropped here. */
static gpointer
follow_in_thread (gpointer data)
{
  WhisDevices *self = data;

  if (self->stopping)
    stop_provider (g_steal_pointer (&self->provider));
  else
    self->provider = start_provider (self);

  call_back (self, on_followed);

  return NULL;
}

/* Starts or stops the provider, as it is wanted, when no thread is at it. */
static void
devices_follow (WhisDevices *self)
{
  g_autoptr (GError) error = NULL;
  GThread *thread;

  if (!self->wanted)
    self->tried = FALSE;
  if (self->working || (self->wanted ? self->tried : self->provider == NULL))
    return;

  self->working = TRUE;
  self->tried = self->wanted;
  self->stopping = !self->wanted;
  thread = g_thread_try_new ("whis-devices", follow_in_thread, g_object_ref (self), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  g_message ("The microphones are not watched: %s", error->message);
  self->working = FALSE;
  g_object_unref (self);
}

/**
 * whis_devices_new:
 *
 * Returns: (transfer full): an empty list, which asks nobody until it is started
 */
WhisDevices *
whis_devices_new (void)
{
  return g_object_new (WHIS_TYPE_DEVICES, NULL);
}

/**
 * whis_devices_start:
 * @self: the list
 *
 * Connects to the sound server, in a thread. [signal@Devices::changed] follows, also when there is
 * no server or no device, and again with every change until [method@Devices.stop]. Until then a
 * list with a server keeps itself alive. A server that comes later is not noticed.
 */
void
whis_devices_start (WhisDevices *self)
{
  g_return_if_fail (WHIS_IS_DEVICES (self));

  self->wanted = TRUE;
  devices_follow (self);
}

/**
 * whis_devices_stop:
 * @self: the list
 *
 * Disconnects from the sound server. The list stays as it is and is not kept up to date.
 */
void
whis_devices_stop (WhisDevices *self)
{
  g_return_if_fail (WHIS_IS_DEVICES (self));

  self->wanted = FALSE;
  devices_follow (self);
}

/**
 * whis_devices_list:
 * @self: the list
 *
 * Returns: (transfer container) (element-type WhisDevice): the devices, by name; monitors of
 *   loudspeakers last
 */
GPtrArray *
whis_devices_list (WhisDevices *self)
{
  g_return_val_if_fail (WHIS_IS_DEVICES (self), NULL);

  return g_ptr_array_ref (self->devices);
}

/* Asks the sound server, once. Waits for it. */
static GPtrArray *
ask_for_devices (void)
{
  g_autoptr (GstDeviceProvider) provider =
      gst_device_provider_factory_get_by_name ("pulsedeviceprovider");

  return provider != NULL ? read_devices (provider)
                          : g_ptr_array_new_with_free_func ((GDestroyNotify) whis_device_free);
}

/**
 * whis_devices_find:
 * @name: what the user calls a device
 *
 * Asks the sound server, once. GStreamer must have been initialised. Waits for the server: not for
 * the main loop.
 *
 * Returns: (transfer full) (nullable): the id of the device, or %NULL when there is none of that
 *   name
 */
char *
whis_devices_find (const char *name)
{
  g_autoptr (GPtrArray) devices = ask_for_devices ();

  for (guint i = 0; i < devices->len; i++)
    {
      WhisDevice *device = g_ptr_array_index (devices, i);

      if (g_strcmp0 (device->name, name) == 0)
        return g_strdup (device->id);
    }

  return NULL;
}

/**
 * whis_devices_dup_name:
 * @id: id of a device
 *
 * Like [func@devices_find], the other way round.
 *
 * Returns: (transfer full) (nullable): what the user calls the device
 */
char *
whis_devices_dup_name (const char *id)
{
  g_autoptr (GPtrArray) devices = ask_for_devices ();

  for (guint i = 0; i < devices->len; i++)
    {
      WhisDevice *device = g_ptr_array_index (devices, i);

      if (g_strcmp0 (device->id, id) == 0)
        return g_strdup (device->name);
    }

  return NULL;
}

static void
whis_devices_finalize (GObject *object)
{
  WhisDevices *self = WHIS_DEVICES (object);

  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->provider);

  G_OBJECT_CLASS (whis_devices_parent_class)->finalize (object);
}

static void
whis_devices_class_init (WhisDevicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = whis_devices_finalize;

  /**
   * WhisDevices::changed:
   *
   * The list is there, or it is another one now.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", WHIS_TYPE_DEVICES, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_devices_init (WhisDevices *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->devices = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_device_free);
}
