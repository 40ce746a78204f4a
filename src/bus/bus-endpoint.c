/* SPDX-License-Identifier: MIT */
#include "bus-endpoint.h"

#include <gio/gunixfdlist.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "bus-error.h"
#include "call-error.h"
#include "secret.h"

/**
 * WhisBusEndpoint:
 *
 * The D-Bus interface `io.github.whis_gtk.Whis1.Endpoint`, see its XML for what each method means.
 */
struct _WhisBusEndpoint
{
  WhisBusWhis1EndpointSkeleton parent_instance;

  WhisEndpointSwitch *endpoint_switch;
};

static void whis_bus_endpoint_iface_init (WhisBusWhis1EndpointIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisBusEndpoint,
                               whis_bus_endpoint,
                               WHIS_BUS_TYPE_WHIS1_ENDPOINT_SKELETON,
                               G_IMPLEMENT_INTERFACE (WHIS_BUS_TYPE_WHIS1_ENDPOINT,
                                                      whis_bus_endpoint_iface_init))

static void
bus_endpoint_update (WhisBusEndpoint *self)
{
  g_autofree char *address = whis_endpoint_switch_dup_address (self->endpoint_switch);

  whis_bus_whis1_endpoint_set_address (WHIS_BUS_WHIS1_ENDPOINT (self), address);
  whis_bus_whis1_endpoint_set_problem (WHIS_BUS_WHIS1_ENDPOINT (self),
                                       whis_endpoint_switch_get_problem (self->endpoint_switch));
}

static void
return_error (GDBusMethodInvocation *invocation, const GError *error)
{
  if (error->domain == WHIS_ENDPOINT_ERROR || error->domain == G_IO_ERROR)
    g_dbus_method_invocation_return_error_literal (invocation, WHIS_BUS_ERROR,
                                                   WHIS_BUS_ERROR_FAILED, error->message);
  else
    whis_call_return_error (invocation, error);
}

static void
set_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  GDBusMethodInvocation *invocation = data;
  g_autoptr (GError) error = NULL;

  if (whis_endpoint_switch_set_finish (WHIS_ENDPOINT_SWITCH (object), result, &error))
    g_dbus_method_invocation_return_value (invocation, NULL);
  else
    return_error (invocation, error);
}

static gboolean
whis_bus_endpoint_set_enabled (WhisBusWhis1Endpoint *interface,
                               GDBusMethodInvocation *invocation,
                               gboolean enabled)
{
  WhisBusEndpoint *self = WHIS_BUS_ENDPOINT (interface);

  whis_endpoint_switch_set_async (self->endpoint_switch, enabled, set_cb, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* A pipe holds more than any key (pipe(7): 64 KiB), so this cannot block. */
static int
put_into_pipe (const char *key, GError **error)
{
  const gsize size = strlen (key);
  int ends[2];
  gssize written;

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return -1;

  written = write (ends[1], key, size);
  close (ends[1]);
  if (written == (gssize) size)
    return ends[0];

  close (ends[0]);
  g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                       _ ("The key could not be handed over."));

  return -1;
}

static void
key_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  GDBusMethodInvocation *invocation = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  char *key = whis_endpoint_switch_get_key_finish (WHIS_ENDPOINT_SWITCH (object), result, &error);
  int pipe = key != NULL ? put_into_pipe (key, &error) : -1;

  whis_secret_free (key);
  if (pipe < 0)
    {
      return_error (invocation, error);
      return;
    }

  fds = g_unix_fd_list_new_from_array (&pipe, 1);
  g_dbus_method_invocation_return_value_with_unix_fd_list (invocation, g_variant_new ("(h)", 0),
                                                           fds);
}

static gboolean
whis_bus_endpoint_open_key (WhisBusWhis1Endpoint *interface,
                            GDBusMethodInvocation *invocation,
                            GUnixFDList *fds,
                            gboolean renew)
{
  WhisBusEndpoint *self = WHIS_BUS_ENDPOINT (interface);

  whis_endpoint_switch_get_key_async (self->endpoint_switch, renew, key_cb, invocation);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static void
whis_bus_endpoint_iface_init (WhisBusWhis1EndpointIface *iface)
{
  iface->handle_open_key = whis_bus_endpoint_open_key;
  iface->handle_set_enabled = whis_bus_endpoint_set_enabled;
}

static void
whis_bus_endpoint_dispose (GObject *object)
{
  WhisBusEndpoint *self = WHIS_BUS_ENDPOINT (object);

  g_clear_object (&self->endpoint_switch);

  G_OBJECT_CLASS (whis_bus_endpoint_parent_class)->dispose (object);
}

static void
whis_bus_endpoint_class_init (WhisBusEndpointClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_bus_endpoint_dispose;
}

static void
whis_bus_endpoint_init (WhisBusEndpoint *self)
{
}

/**
 * whis_bus_endpoint_new:
 * @endpoint_switch: what the calls are about
 *
 * Returns: (transfer full): the interface, not on the bus yet
 */
WhisBusEndpoint *
whis_bus_endpoint_new (WhisEndpointSwitch *endpoint_switch)
{
  WhisBusEndpoint *self;

  g_return_val_if_fail (WHIS_IS_ENDPOINT_SWITCH (endpoint_switch), NULL);

  self = g_object_new (WHIS_TYPE_BUS_ENDPOINT, NULL);
  self->endpoint_switch = g_object_ref (endpoint_switch);
  g_signal_connect_object (endpoint_switch, "changed", G_CALLBACK (bus_endpoint_update), self,
                           G_CONNECT_SWAPPED);
  bus_endpoint_update (self);

  return self;
}
