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
 * The Whis service as the window sees it: the properties and signals of the interface
 * `io.github.whis_gtk.Whis1`, and whether there is a service at all.
 *
 * It connects by itself, follows the service as it comes and goes, and starts it once when it is
 * not there at the beginning. The properties have their defaults while the service is absent.
 * Methods are called on whis_service_proxy_get_interface().
 */
struct _WhisServiceProxy
{
  GObject parent;

  GCancellable *cancellable;
  WhisBusWhis1 *interface;
  WhisAvailability availability;
  char *problem;
};

G_DEFINE_FINAL_TYPE (WhisServiceProxy, whis_service_proxy, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_AVAILABILITY,
  PROP_PROBLEM,
  PROP_STATE,
  PROP_CODE,
  PROP_DICTATION,
  PROP_ELAPSED,
  PROP_LEVEL,
  PROP_DESTINATION,
  PROP_PROVIDER,
  PROP_SILENT,
  PROP_UNFINISHED,
  PROP_CAN_UNDO_CANCEL,
  PROP_PLAYING,
  PROP_TRAY,
  PROP_KEYRING_AVAILABLE,
  PROP_MESSAGE,
  N_PROPS,
};

enum
{
  PROGRESS,
  PARTIAL_TEXT,
  FINISHED,
  FAILED,
  WARNING,
  HISTORY_CHANGED,
  MICROPHONES_CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const gboolean availability_edges[3][3] = {
  [WHIS_AVAILABILITY_STARTING] = { [WHIS_AVAILABILITY_RUNNING] = TRUE,
                                   [WHIS_AVAILABILITY_ABSENT] = TRUE },
  [WHIS_AVAILABILITY_RUNNING] = { [WHIS_AVAILABILITY_ABSENT] = TRUE },
  [WHIS_AVAILABILITY_ABSENT] = { [WHIS_AVAILABILITY_STARTING] = TRUE,
                                 [WHIS_AVAILABILITY_RUNNING] = TRUE },
};

static void
set_availability (WhisServiceProxy *self, WhisAvailability availability, const char *problem)
{
  if (self->availability == availability)
    return;

  g_assert (availability_edges[self->availability][availability]);

  g_debug ("service proxy: %d -> %d", self->availability, availability);
  self->availability = availability;
  g_free (self->problem);
  self->problem = g_strdup (problem);
  if (availability == WHIS_AVAILABILITY_RUNNING)
    whis_display_hand_over (g_dbus_proxy_get_connection (G_DBUS_PROXY (self->interface)));

  /* All properties have their defaults while the service is absent. */
  for (guint id = 1; id < N_PROPS; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
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

/* The properties of this object have the names of those of the generated client. */
static void
interface_notify_cb (WhisServiceProxy *self, GParamSpec *pspec)
{
  GParamSpec *ours = g_object_class_find_property (G_OBJECT_GET_CLASS (self), pspec->name);

  if (ours != NULL && self->availability == WHIS_AVAILABILITY_RUNNING)
    g_object_notify_by_pspec (G_OBJECT (self), ours);
}

static void
progress_cb (WhisServiceProxy *self, const char *id, guint64 done, guint64 total)
{
  g_signal_emit (self, signals[PROGRESS], 0, id, done, total);
}

static void
partial_text_cb (WhisServiceProxy *self, const char *id, const char *text)
{
  g_signal_emit (self, signals[PARTIAL_TEXT], 0, id, text);
}

static void
finished_cb (WhisServiceProxy *self, const char *id, const char *text)
{
  g_signal_emit (self, signals[FINISHED], 0, id, text);
}

static void
failed_cb (WhisServiceProxy *self,
           const char *id,
           const char *code,
           const char *message,
           const char *kept,
           gboolean resumable)
{
  g_autofree char *sentence = whis_kept_describe (whis_kept_from_words (kept));

  g_signal_emit (self, signals[FAILED], 0, id, code, message, sentence, resumable);
}

static void
warning_cb (WhisServiceProxy *self, const char *id, const char *message)
{
  g_signal_emit (self, signals[WARNING], 0, id, message);
}

static void
history_changed_cb (WhisServiceProxy *self, const char *id)
{
  g_signal_emit (self, signals[HISTORY_CHANGED], 0, id);
}

static void
microphones_changed_cb (WhisServiceProxy *self)
{
  g_signal_emit (self, signals[MICROPHONES_CHANGED], 0);
}

static void
follow_interface (WhisServiceProxy *self)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "notify::g-name-owner", G_CALLBACK (owner_changed_cb) },
    { "notify", G_CALLBACK (interface_notify_cb) },
    { "progress", G_CALLBACK (progress_cb) },
    { "partial-text", G_CALLBACK (partial_text_cb) },
    { "finished", G_CALLBACK (finished_cb) },
    { "failed", G_CALLBACK (failed_cb) },
    { "warning", G_CALLBACK (warning_cb) },
    { "history-changed", G_CALLBACK (history_changed_cb) },
    { "microphones-changed", G_CALLBACK (microphones_changed_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->interface, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
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
  follow_interface (self);
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
    case PROP_PROBLEM:
      g_value_set_string (value, self->problem);
      break;
    case PROP_STATE:
      g_value_set_enum (value, whis_service_proxy_get_state (self));
      break;
    case PROP_CODE:
      g_value_set_string (value, whis_service_proxy_get_code (self));
      break;
    case PROP_DICTATION:
      g_value_set_string (value, whis_service_proxy_get_dictation (self));
      break;
    case PROP_ELAPSED:
      g_value_set_uint64 (value, whis_service_proxy_get_elapsed (self));
      break;
    case PROP_LEVEL:
      g_value_set_double (value, whis_service_proxy_get_level (self));
      break;
    case PROP_DESTINATION:
      g_value_set_string (value, whis_service_proxy_get_destination (self));
      break;
    case PROP_PROVIDER:
      g_value_set_string (value, whis_service_proxy_get_provider (self));
      break;
    case PROP_SILENT:
      g_value_set_boolean (value, whis_service_proxy_get_silent (self));
      break;
    case PROP_UNFINISHED:
      g_value_set_uint (value, whis_service_proxy_get_unfinished (self));
      break;
    case PROP_CAN_UNDO_CANCEL:
      g_value_set_boolean (value, whis_service_proxy_get_can_undo_cancel (self));
      break;
    case PROP_PLAYING:
      g_value_set_string (value, whis_service_proxy_get_playing (self));
      break;
    case PROP_TRAY:
      g_value_set_boolean (value, whis_service_proxy_get_tray (self));
      break;
    case PROP_KEYRING_AVAILABLE:
      g_value_set_boolean (value, whis_service_proxy_get_keyring_available (self));
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, whis_service_proxy_get_message (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_signals (GType type)
{
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_UINT64);
  signals[PARTIAL_TEXT] = g_signal_new ("partial-text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[FINISHED] = g_signal_new ("finished", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[FAILED] =
      g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 5,
                    G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN);
  signals[WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[HISTORY_CHANGED] = g_signal_new ("history-changed", type, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[MICROPHONES_CHANGED] = g_signal_new ("microphones-changed", type, G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_service_proxy_class_init (WhisServiceProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_service_proxy_constructed;
  object_class->dispose = whis_service_proxy_dispose;
  object_class->finalize = whis_service_proxy_finalize;
  object_class->get_property = whis_service_proxy_get_property;

  properties[PROP_AVAILABILITY] = g_param_spec_enum (
      "availability", NULL, NULL, WHIS_TYPE_AVAILABILITY, WHIS_AVAILABILITY_STARTING, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, WHIS_TYPE_DICTATION_STATE,
                                              WHIS_DICTATION_STATE_IDLE, flags);
  properties[PROP_CODE] = g_param_spec_string ("code", NULL, NULL, "", flags);
  properties[PROP_DICTATION] = g_param_spec_string ("dictation", NULL, NULL, "", flags);
  properties[PROP_ELAPSED] = g_param_spec_uint64 ("elapsed", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_LEVEL] =
      g_param_spec_double ("level", NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, SILENCE_DB, flags);
  properties[PROP_DESTINATION] = g_param_spec_string ("destination", NULL, NULL, "", flags);
  properties[PROP_PROVIDER] = g_param_spec_string ("provider", NULL, NULL, "", flags);
  properties[PROP_SILENT] = g_param_spec_boolean ("silent", NULL, NULL, FALSE, flags);
  properties[PROP_UNFINISHED] =
      g_param_spec_uint ("unfinished", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CAN_UNDO_CANCEL] =
      g_param_spec_boolean ("can-undo-cancel", NULL, NULL, FALSE, flags);
  properties[PROP_PLAYING] = g_param_spec_string ("playing", NULL, NULL, "", flags);
  properties[PROP_TRAY] = g_param_spec_boolean ("tray", NULL, NULL, FALSE, flags);
  properties[PROP_KEYRING_AVAILABLE] =
      g_param_spec_boolean ("keyring-available", NULL, NULL, TRUE, flags);
  properties[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, "", flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
  install_signals (G_TYPE_FROM_CLASS (klass));
}

static void
whis_service_proxy_init (WhisServiceProxy *self)
{
  self->cancellable = g_cancellable_new ();
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

static const char *
text_or_empty (const char *text)
{
  return text != NULL ? text : "";
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
