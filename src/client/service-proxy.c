/* SPDX-License-Identifier: MIT */
#include "service-proxy.h"

#include <glib/gi18n-lib.h>

#include "display-variables.h"
#include "kept.h"
#include "service-start.h"

/* What the D-Bus interface calls silence. */
#define SILENCE_DB (-100.0)

G_DEFINE_ENUM_TYPE (WhisAvailability,
                    whis_availability,
                    G_DEFINE_ENUM_VALUE (WHIS_AVAILABILITY_STARTING, "starting"),
                    G_DEFINE_ENUM_VALUE (WHIS_AVAILABILITY_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (WHIS_AVAILABILITY_ABSENT, "absent"))

/**
 * WhisServiceProxy:
 *
 * The Whis service as a client sees it that stays: whether there is a service, and the interface
 * `io.github.whis_gtk.Whis1` while there is one.
 *
 * It connects by itself, follows the service as it comes and goes, and starts it once when it is
 * not there at the beginning. Methods are called on whis_service_proxy_get_interface(); its
 * signals, and the notifications of its properties, are connected to with
 * whis_service_proxy_connect().
 */
struct _WhisServiceProxy
{
  GObject parent;

  GCancellable *cancellable;
  WhisBusWhis1 *interface;
  GPtrArray *connections; /* that wait for the interface */
  WhisAvailability availability;
  char *problem;
};

G_DEFINE_FINAL_TYPE (WhisServiceProxy, whis_service_proxy, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_AVAILABILITY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* To a signal of the interface, before there is one. */
typedef struct
{
  char *signal;
  GCallback callback;
  GWeakRef object;
} Connection;

static Connection *
connection_new (const char *signal, GCallback callback, gpointer object)
{
  Connection *connection = g_new (Connection, 1);

  connection->signal = g_strdup (signal);
  connection->callback = callback;
  g_weak_ref_init (&connection->object, object);

  return connection;
}

static void
connection_free (gpointer data)
{
  Connection *connection = data;

  g_weak_ref_clear (&connection->object);
  g_free (connection->signal);
  g_free (connection);
}

static void
connection_make (gpointer data, gpointer interface)
{
  Connection *connection = data;
  g_autoptr (GObject) object = g_weak_ref_get (&connection->object);

  if (object != NULL)
    g_signal_connect_object (interface, connection->signal, connection->callback, object,
                             G_CONNECT_SWAPPED);
}

static const gboolean availability_edges[3][3] = {
  [WHIS_AVAILABILITY_STARTING] = { [WHIS_AVAILABILITY_RUNNING] = TRUE,
                                   [WHIS_AVAILABILITY_ABSENT] = TRUE },
  [WHIS_AVAILABILITY_RUNNING] = { [WHIS_AVAILABILITY_ABSENT] = TRUE },
  [WHIS_AVAILABILITY_ABSENT] = { [WHIS_AVAILABILITY_STARTING] = TRUE,
                                 [WHIS_AVAILABILITY_RUNNING] = TRUE },
};

/* All properties have their defaults while the service is absent. */
static void
notify_interface (WhisServiceProxy *self)
{
  gpointer type = g_type_default_interface_ref (WHIS_BUS_TYPE_WHIS1);
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  pspecs = g_object_interface_list_properties (type, &n_pspecs);
  for (guint i = 0; self->interface != NULL && i < n_pspecs; i++)
    g_object_notify (G_OBJECT (self->interface), pspecs[i]->name);
  g_type_default_interface_unref (type);
}

static void
set_availability (WhisServiceProxy *self, WhisAvailability availability, const char *problem)
{
  if (self->availability == availability)
    return;

  if (!availability_edges[self->availability][availability])
    {
      g_critical ("service proxy: there is no way from %d to %d", self->availability, availability);
      return;
    }

  g_debug ("service proxy: %d -> %d", self->availability, availability);
  self->availability = availability;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (availability == WHIS_AVAILABILITY_RUNNING)
    whis_display_hand_over (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->interface)));

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABILITY]);
  notify_interface (self);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisServiceProxy) self = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_service_start_finish (G_DBUS_CONNECTION (source), result, &error)
      || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || self->availability != WHIS_AVAILABILITY_STARTING)
    return;

  g_debug ("service proxy: not started: %s", error->message);
  set_availability (self, WHIS_AVAILABILITY_ABSENT, error->message);
}

static void
start_service (WhisServiceProxy *self)
{
  whis_service_start_async (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->interface)),
                            self->cancellable, started_cb, g_object_ref (self));
}

static gboolean
has_owner (WhisServiceProxy *self)
{
  g_autofree char *owner = g_dbus_proxy_get_name_owner (G_DBUS_PROXY (self->interface));

  return owner != NULL;
}

static void
owner_changed_cb (WhisServiceProxy *self)
{
  g_assert (WHIS_IS_SERVICE_PROXY (self));

  if (has_owner (self))
    set_availability (self, WHIS_AVAILABILITY_RUNNING, NULL);
  else if (self->availability == WHIS_AVAILABILITY_RUNNING)
    set_availability (self, WHIS_AVAILABILITY_ABSENT,
                      _ ("Whis has ended. Start it to dictate again."));
}

static void
interface_ready_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisServiceProxy) self = user_data;
  g_autoptr (GError) error = NULL;

  self->interface = whis_bus_whis1_proxy_new_for_bus_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (self->interface == NULL)
    {
      g_debug ("service proxy: no session bus: %s", error->message);
      set_availability (self, WHIS_AVAILABILITY_ABSENT,
                        _ ("There is no session bus to reach Whis through; log out and in again."));
      return;
    }

  g_dbus_proxy_set_default_timeout (G_DBUS_PROXY (self->interface), WHIS_SERVICE_CALL_TIMEOUT_MS);
  g_signal_connect_object (self->interface, "notify::g-name-owner", G_CALLBACK (owner_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_ptr_array_foreach (self->connections, connection_make, self->interface);
  g_ptr_array_set_size (self->connections, 0);
  if (has_owner (self))
    set_availability (self, WHIS_AVAILABILITY_RUNNING, NULL);
  else
    start_service (self);
}

static void
connect_interface (WhisServiceProxy *self)
{
  whis_bus_whis1_proxy_new_for_bus (G_BUS_TYPE_SESSION, G_DBUS_PROXY_FLAGS_DO_NOT_AUTO_START,
                                    WHIS_APP_ID, WHIS_APP_PATH, self->cancellable,
                                    interface_ready_cb, g_object_ref (self));
}

static void
whis_service_proxy_constructed (GObject *object)
{
  G_OBJECT_CLASS (whis_service_proxy_parent_class)->constructed (object);

  connect_interface (WHIS_SERVICE_PROXY (object));
}

static void
whis_service_proxy_dispose (GObject *object)
{
  WhisServiceProxy *self = WHIS_SERVICE_PROXY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->interface);

  G_OBJECT_CLASS (whis_service_proxy_parent_class)->dispose (object);
}

static void
whis_service_proxy_finalize (GObject *object)
{
  WhisServiceProxy *self = WHIS_SERVICE_PROXY (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->problem, g_free);
  g_ptr_array_unref (self->connections);

  G_OBJECT_CLASS (whis_service_proxy_parent_class)->finalize (object);
}

static void
whis_service_proxy_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisServiceProxy *self = WHIS_SERVICE_PROXY (object);

  switch (id)
    {
    case PROP_AVAILABILITY:
      g_value_set_enum (value, self->availability);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_service_proxy_class_init (WhisServiceProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = whis_service_proxy_constructed;
  object_class->dispose = whis_service_proxy_dispose;
  object_class->finalize = whis_service_proxy_finalize;
  object_class->get_property = whis_service_proxy_get_property;

  properties[PROP_AVAILABILITY] = g_param_spec_enum (
      "availability", NULL, NULL, WHIS_TYPE_AVAILABILITY, WHIS_AVAILABILITY_STARTING,
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_service_proxy_init (WhisServiceProxy *self)
{
  self->cancellable = g_cancellable_new ();
  self->connections = g_ptr_array_new_with_free_func (connection_free);
}

/**
 * whis_service_proxy_new:
 *
 * Returns: (transfer full): a proxy that begins to look for the service at once
 */
WhisServiceProxy *
whis_service_proxy_new (void)
{
  return g_object_new (WHIS_TYPE_SERVICE_PROXY, NULL);
}

/**
 * whis_service_proxy_start:
 * @self: a proxy
 *
 * Starts the service if it is absent. #WhisServiceProxy:availability tells how that goes.
 */
void
whis_service_proxy_start (WhisServiceProxy *self)
{
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (self));

  if (self->availability != WHIS_AVAILABILITY_ABSENT)
    return;

  set_availability (self, WHIS_AVAILABILITY_STARTING, NULL);
  if (self->interface != NULL)
    start_service (self);
  else
    connect_interface (self);
}

/**
 * whis_service_proxy_get_interface:
 * @self: a proxy
 *
 * Returns: (transfer none) (nullable): the generated client, to call methods on; %NULL before the
 *   bus is reached, never %NULL while the service is running
 */
WhisBusWhis1 *
whis_service_proxy_get_interface (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), NULL);

  return self->interface;
}

/**
 * whis_service_proxy_connect:
 * @self: a proxy
 * @signal: a signal of #WhisBusWhis1, such as `finished` or `notify::state`
 * @callback: what is called with @object first, then what the signal has
 * @object: a #GObject; the connection ends with it
 *
 * Connects to the interface, whether it is there yet or not. A `notify` signal is also emitted when
 * the service comes or goes.
 */
void
whis_service_proxy_connect (WhisServiceProxy *self,
                            const char *signal,
                            GCallback callback,
                            gpointer object)
{
  g_return_if_fail (WHIS_IS_SERVICE_PROXY (self));
  g_return_if_fail (G_IS_OBJECT (object));

  if (self->interface != NULL)
    g_signal_connect_object (self->interface, signal, callback, object, G_CONNECT_SWAPPED);
  else
    g_ptr_array_add (self->connections, connection_new (signal, callback, object));
}

/**
 * whis_service_proxy_get_availability:
 * @self: a proxy
 *
 * Returns: whether the service runs
 */
WhisAvailability
whis_service_proxy_get_availability (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), WHIS_AVAILABILITY_ABSENT);

  return self->availability;
}

/**
 * whis_service_proxy_get_problem:
 * @self: a proxy
 *
 * Returns: (nullable): a sentence that says why the service is absent
 */
const char *
whis_service_proxy_get_problem (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), NULL);

  return self->problem;
}

static gboolean
is_running (WhisServiceProxy *self)
{
  return self->interface != NULL && self->availability == WHIS_AVAILABILITY_RUNNING;
}

/**
 * whis_service_proxy_is_running:
 * @self: a proxy
 *
 * Returns: whether the service can be called
 */
gboolean
whis_service_proxy_is_running (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), FALSE);

  return is_running (self);
}

/**
 * whis_service_proxy_get_state:
 * @self: a proxy
 *
 * Returns: the state of the current dictation
 */
WhisDictationState
whis_service_proxy_get_state (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), WHIS_DICTATION_STATE_IDLE);

  if (!is_running (self))
    return WHIS_DICTATION_STATE_IDLE;
  return whis_dictation_state_from_nick (whis_bus_whis1_get_state (self->interface));
}

/**
 * whis_service_proxy_get_level:
 * @self: a proxy
 *
 * Returns: the peak input level in dBFS, -100 for silence
 */
double
whis_service_proxy_get_level (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), SILENCE_DB);

  return is_running (self) ? whis_bus_whis1_get_level (self->interface) : SILENCE_DB;
}

/**
 * whis_service_proxy_get_keyring_available:
 * @self: a proxy
 *
 * Returns: whether keys can be stored for good; %TRUE while that is not known
 */
gboolean
whis_service_proxy_get_keyring_available (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), TRUE);

  return !is_running (self) || whis_bus_whis1_get_keyring_available (self->interface);
}

static const char *
text_or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/**
 * whis_service_proxy_get_code:
 * @self: a proxy
 *
 * Returns: why the current dictation ended without its whole text, a word of the bus; else empty
 */
const char *
whis_service_proxy_get_code (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_code (self->interface)) : "";
}

/**
 * whis_service_proxy_get_dictation:
 * @self: a proxy
 *
 * Returns: the id of the current dictation, empty if there is none
 */
const char *
whis_service_proxy_get_dictation (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_dictation (self->interface)) : "";
}

/**
 * whis_service_proxy_get_destination:
 * @self: a proxy
 *
 * Returns: the host that the sound goes to
 */
const char *
whis_service_proxy_get_destination (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_destination (self->interface)) : "";
}

/**
 * whis_service_proxy_get_provider:
 * @self: a proxy
 *
 * Returns: the id of the provider of the current or the next dictation
 */
const char *
whis_service_proxy_get_provider (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_provider (self->interface)) : "";
}

/**
 * whis_service_proxy_get_playing:
 * @self: a proxy
 *
 * Returns: the id of the dictation whose sound is played, empty if none is
 */
const char *
whis_service_proxy_get_playing (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_playing (self->interface)) : "";
}

/**
 * whis_service_proxy_get_message:
 * @self: a proxy
 *
 * Returns: the last sentence about a failure or a degraded service, empty if there is none
 */
const char *
whis_service_proxy_get_message (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), "");

  return is_running (self) ? text_or_empty (whis_bus_whis1_get_message (self->interface)) : "";
}

/**
 * whis_service_proxy_get_elapsed:
 * @self: a proxy
 *
 * Returns: the length of the current dictation's sound in milliseconds
 */
guint64
whis_service_proxy_get_elapsed (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), 0);

  return is_running (self) ? whis_bus_whis1_get_elapsed (self->interface) : 0;
}

/**
 * whis_service_proxy_get_silent:
 * @self: a proxy
 *
 * Returns: whether the microphone that records gives nothing but silence
 */
gboolean
whis_service_proxy_get_silent (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), FALSE);

  return is_running (self) && whis_bus_whis1_get_silent (self->interface);
}

/**
 * whis_service_proxy_get_unfinished:
 * @self: a proxy
 *
 * Returns: how many dictations wait or were interrupted
 */
guint
whis_service_proxy_get_unfinished (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), 0);

  return is_running (self) ? whis_bus_whis1_get_unfinished (self->interface) : 0;
}

/**
 * whis_service_proxy_get_can_undo_cancel:
 * @self: a proxy
 *
 * Returns: whether the last cancellation can be taken back
 */
gboolean
whis_service_proxy_get_can_undo_cancel (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), FALSE);

  return is_running (self) && whis_bus_whis1_get_can_undo_cancel (self->interface);
}

/**
 * whis_service_proxy_get_tray:
 * @self: a proxy
 *
 * Returns: whether a panel shows the icon
 */
gboolean
whis_service_proxy_get_tray (WhisServiceProxy *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PROXY (self), FALSE);

  return is_running (self) && whis_bus_whis1_get_tray (self->interface);
}
