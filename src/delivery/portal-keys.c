/* SPDX-License-Identifier: MIT */
#include "portal-keys.h"

#include <glib/gi18n-lib.h>

#include "delivery-error.h"
#include "portal-error.h"
#include "portal-request.h"

#define REMOTE_DESKTOP "org.freedesktop.portal.RemoteDesktop"
#define SESSION "org.freedesktop.portal.Session"

/* The types of devices of the portal. */
#define DEVICE_KEYBOARD 1u

/* The permission is kept until it is revoked; since version 2 of the portal. */
#define PERSIST_UNTIL_REVOKED 2u

/* Keysyms of X11. */
#define KEYSYM_CONTROL 0xffe3
#define KEYSYM_SHIFT 0xffe1
#define KEYSYM_INSERT 0xff63
#define KEYSYM_V 0x0076

struct _WhisPortalKeys
{
  GObject parent_instance;

  GDBusConnection *connection;
  gboolean allowed;
  char *restore_token;

  char *session; /* nullable, the object path of an open session */
  guint closed_signal;
  guint32 version;
};

static void whis_portal_keys_key_sender_init (WhisKeySenderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WhisPortalKeys,
                               whis_portal_keys,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (WHIS_TYPE_KEY_SENDER,
                                                      whis_portal_keys_key_sender_init))

enum
{
  PROP_0,
  PROP_RESTORE_TOKEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The keys of a chord, and how many steps of it are done; the data of its task. */
typedef struct
{
  gint32 keysyms[3]; /* modifiers first */
  guint n_keysyms;
  guint step; /* all keys are pressed and then released, the other way round */
} Chord;

static void
portal_keys_forget_session (WhisPortalKeys *self)
{
  if (self->closed_signal != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->closed_signal);
  self->closed_signal = 0;
  g_clear_pointer (&self->session, g_free);
}

/* A session shows an indicator on the desktop while it is open. */
static void
portal_keys_close_session (WhisPortalKeys *self)
{
  if (self->session != NULL)
    g_dbus_connection_call (self->connection, WHIS_PORTAL_NAME, self->session, SESSION, "Close",
                            NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
  portal_keys_forget_session (self);
}

static void
on_session_closed (GDBusConnection *connection,
                   const char *sender,
                   const char *path,
                   const char *interface,
                   const char *signal,
                   GVariant *parameters,
                   gpointer user_data)
{
  portal_keys_forget_session (user_data);
}

static void
portal_keys_take_session (WhisPortalKeys *self, char *session)
{
  portal_keys_forget_session (self);
  self->session = session;
  self->closed_signal = g_dbus_connection_signal_subscribe (
      self->connection, WHIS_PORTAL_NAME, SESSION, "Closed", session, NULL,
      G_DBUS_SIGNAL_FLAGS_NONE, on_session_closed, self, NULL);
}

static void
portal_keys_return_error (GTask *task, GError *error)
{
  WhisPortalKeys *self = g_task_get_source_object (task);

  portal_keys_close_session (self);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, error);
      return;
    }

  /* Another method with the same keys must not ask once more. */
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED))
    self->allowed = FALSE;

  g_debug ("The portal lets no keys be pressed: %s", error->message);
  if (g_error_matches (error, WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED))
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED, "%s",
                             _ ("You have not let Whis paste; you can do so in the preferences."));
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The desktop lets no other program press keys."));
  g_error_free (error);
}

static const char *
whis_portal_keys_get_name (WhisKeySender *sender)
{
  return "portal";
}

static void
on_properties (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) properties_of_portal = NULL;
  guint32 types = 0;

  if (answer == NULL)
    {
      portal_keys_return_error (task, error);
      return;
    }

  properties_of_portal = g_variant_get_child_value (answer, 0);
  g_variant_lookup (properties_of_portal, "AvailableDeviceTypes", "u", &types);
  g_variant_lookup (properties_of_portal, "version", "u", &self->version);
  if (types & DEVICE_KEYBOARD)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_NOT_OFFERED, "%s",
                             _ ("The desktop lets no other program press keys."));
}

static void
whis_portal_keys_probe_async (WhisKeySender *sender,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  WhisPortalKeys *self = WHIS_PORTAL_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_portal_keys_probe_async);
  g_dbus_connection_call (
      self->connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH, "org.freedesktop.DBus.Properties",
      "GetAll", g_variant_new ("(s)", REMOTE_DESKTOP), G_VARIANT_TYPE ("(a{sv})"),
      G_DBUS_CALL_FLAGS_NONE, -1, cancellable, on_properties, g_steal_pointer (&task));
}

static gboolean
whis_portal_keys_probe_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_portal_keys_probe_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      whis_portal_request_finish (G_DBUS_CONNECTION (source), result, &error);
  guint32 devices = 0;
  const char *token = NULL;

  if (answer == NULL)
    {
      portal_keys_return_error (task, error);
      return;
    }

  /* A token can be used once, and each session gives the next one. */
  g_variant_lookup (answer, "restore_token", "&s", &token);
  whis_portal_keys_set_restore_token (self, token);
  g_variant_lookup (answer, "devices", "u", &devices);
  if (devices & DEVICE_KEYBOARD)
    g_task_return_boolean (task, TRUE);
  else
    portal_keys_return_error (task,
                              g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_REFUSED,
                                                   "The keyboard was not allowed"));
}

static void
on_devices_selected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      whis_portal_request_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL || self->session == NULL)
    {
      portal_keys_return_error (
          task, error != NULL ? error
                              : g_error_new_literal (WHIS_PORTAL_ERROR, WHIS_PORTAL_ERROR_FAILED,
                                                     "The session was closed"));
      return;
    }

  whis_portal_request_async (self->connection, REMOTE_DESKTOP, "Start",
                             g_variant_new ("(osa{sv})", self->session, "", NULL),
                             g_task_get_cancellable (task), on_started, g_object_ref (task));
}

static GVariant *
portal_keys_get_devices_options (WhisPortalKeys *self)
{
  GVariantBuilder options;

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "types", g_variant_new_uint32 (DEVICE_KEYBOARD));
  if (self->version >= 2)
    {
      g_variant_builder_add (&options, "{sv}", "persist_mode",
                             g_variant_new_uint32 (PERSIST_UNTIL_REVOKED));
      if (self->restore_token != NULL)
        g_variant_builder_add (&options, "{sv}", "restore_token",
                               g_variant_new_string (self->restore_token));
    }

  return g_variant_builder_end (&options);
}

static void
on_session_created (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  GError *error = NULL;
  char *session = whis_portal_request_finish_session (G_DBUS_CONNECTION (source), result, &error);

  if (session == NULL)
    {
      portal_keys_return_error (task, error);
      return;
    }

  portal_keys_take_session (self, session);
  whis_portal_request_async (
      self->connection, REMOTE_DESKTOP, "SelectDevices",
      g_variant_new ("(o@a{sv})", self->session, portal_keys_get_devices_options (self)),
      g_task_get_cancellable (task), on_devices_selected, g_object_ref (task));
}

static void
on_prepare_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  GError *error = NULL;
  GVariantBuilder options;

  if (!whis_portal_keys_probe_finish (WHIS_KEY_SENDER (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "session_handle_token",
                         g_variant_new_string ("whis_paste"));
  whis_portal_request_async (self->connection, REMOTE_DESKTOP, "CreateSession",
                             g_variant_new ("(a{sv})", &options), g_task_get_cancellable (task),
                             on_session_created, g_object_ref (task));
}

static void
whis_portal_keys_prepare_async (WhisKeySender *sender,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  WhisPortalKeys *self = WHIS_PORTAL_KEYS (sender);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, whis_portal_keys_prepare_async);
  if (!self->allowed)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_REFUSED, "%s",
                               _ ("You have not let Whis paste; you can do so in the "
                                  "preferences."));
      return;
    }
  if (self->session != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  whis_portal_keys_probe_async (sender, cancellable, on_prepare_probed, g_steal_pointer (&task));
}

static gboolean
whis_portal_keys_prepare_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_portal_keys_prepare_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void chord_go_on (GTask *task);

static gboolean
on_pause_ended (gpointer user_data)
{
  chord_go_on (user_data);

  return G_SOURCE_REMOVE;
}

static void
on_key_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisPortalKeys *self = g_task_get_source_object (task);
  Chord *chord = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GVariant) answer =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);

  if (answer == NULL)
    {
      portal_keys_close_session (self);
      g_task_return_error (task, error);
      return;
    }

  if (++chord->step < 2 * chord->n_keysyms)
    {
      g_timeout_add_full (G_PRIORITY_DEFAULT,
                          chord->step == chord->n_keysyms ? WHIS_CHORD_KEY_MS
                                                          : WHIS_CHORD_MODIFIER_MS,
                          on_pause_ended, g_object_ref (task), g_object_unref);
      return;
    }

  portal_keys_close_session (self);
  g_task_return_boolean (task, TRUE);
}

static void
chord_go_on (GTask *task)
{
  WhisPortalKeys *self = g_task_get_source_object (task);
  Chord *chord = g_task_get_task_data (task);
  gboolean down = chord->step < chord->n_keysyms;
  guint i = down ? chord->step : 2 * chord->n_keysyms - 1 - chord->step;

  if (self->session == NULL)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_FAILED, "%s",
                               _ ("The desktop has taken the permission to paste away."));
      return;
    }

  g_dbus_connection_call (
      self->connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH, REMOTE_DESKTOP, "NotifyKeyboardKeysym",
      g_variant_new ("(oa{sv}iu)", self->session, NULL, chord->keysyms[i], down ? 1u : 0u), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, on_key_sent, g_object_ref (task));
}

static void
whis_portal_keys_send_async (WhisKeySender *sender,
                             WhisChord which,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (sender, cancellable, callback, user_data);
  Chord *chord = g_new0 (Chord, 1);

  g_task_set_source_tag (task, whis_portal_keys_send_async);
  g_task_set_check_cancellable (task, FALSE);
  if (which != WHIS_CHORD_SHIFT_INSERT)
    chord->keysyms[chord->n_keysyms++] = KEYSYM_CONTROL;
  if (which != WHIS_CHORD_CTRL_V)
    chord->keysyms[chord->n_keysyms++] = KEYSYM_SHIFT;
  chord->keysyms[chord->n_keysyms++] = which == WHIS_CHORD_SHIFT_INSERT ? KEYSYM_INSERT : KEYSYM_V;
  g_task_set_task_data (task, chord, g_free);
  chord_go_on (task);
}

static gboolean
whis_portal_keys_send_finish (WhisKeySender *sender, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, sender), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_portal_keys_send_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
whis_portal_keys_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RESTORE_TOKEN:
      g_value_set_string (value, WHIS_PORTAL_KEYS (object)->restore_token);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_portal_keys_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RESTORE_TOKEN:
      whis_portal_keys_set_restore_token (WHIS_PORTAL_KEYS (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_portal_keys_dispose (GObject *object)
{
  portal_keys_close_session (WHIS_PORTAL_KEYS (object));

  G_OBJECT_CLASS (whis_portal_keys_parent_class)->dispose (object);
}

static void
whis_portal_keys_finalize (GObject *object)
{
  WhisPortalKeys *self = WHIS_PORTAL_KEYS (object);

  g_free (self->restore_token);
  g_object_unref (self->connection);

  G_OBJECT_CLASS (whis_portal_keys_parent_class)->finalize (object);
}

static void
whis_portal_keys_class_init (WhisPortalKeysClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_portal_keys_get_property;
  object_class->set_property = whis_portal_keys_set_property;
  object_class->dispose = whis_portal_keys_dispose;
  object_class->finalize = whis_portal_keys_finalize;

  /**
   * WhisPortalKeys:restore-token:
   *
   * By which the portal knows the permission that was given; changes with each session.
   */
  properties[PROP_RESTORE_TOKEN] =
      g_param_spec_string ("restore-token", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_portal_keys_key_sender_init (WhisKeySenderInterface *iface)
{
  iface->get_name = whis_portal_keys_get_name;
  iface->probe_async = whis_portal_keys_probe_async;
  iface->probe_finish = whis_portal_keys_probe_finish;
  iface->prepare_async = whis_portal_keys_prepare_async;
  iface->prepare_finish = whis_portal_keys_prepare_finish;
  iface->send_async = whis_portal_keys_send_async;
  iface->send_finish = whis_portal_keys_send_finish;
}

static void
whis_portal_keys_init (WhisPortalKeys *self)
{
}

/**
 * whis_portal_keys_new:
 * @connection: the session bus
 *
 * Presses keys by the portal RemoteDesktop: in GNOME and KDE, and in a sandbox. Each chord has a
 * session of its own, since an open one shows an indicator. The desktop may ask the user the first
 * time, so that it must be allowed with [method@PortalKeys.set_allowed].
 *
 * See
 * <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.RemoteDesktop.html>.
 *
 * Returns: (transfer full): a new sender
 */
WhisPortalKeys *
whis_portal_keys_new (GDBusConnection *connection)
{
  WhisPortalKeys *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);

  self = g_object_new (WHIS_TYPE_PORTAL_KEYS, NULL);
  self->connection = g_object_ref (connection);

  return self;
}

/**
 * whis_portal_keys_set_allowed:
 * @self: a sender
 * @allowed: whether the user has agreed to be asked by the desktop
 */
void
whis_portal_keys_set_allowed (WhisPortalKeys *self, gboolean allowed)
{
  g_return_if_fail (WHIS_IS_PORTAL_KEYS (self));

  self->allowed = allowed;
}

/**
 * whis_portal_keys_get_restore_token:
 * @self: a sender
 *
 * Returns: (nullable): [property@PortalKeys:restore-token]
 */
const char *
whis_portal_keys_get_restore_token (WhisPortalKeys *self)
{
  g_return_val_if_fail (WHIS_IS_PORTAL_KEYS (self), NULL);

  return self->restore_token;
}

/**
 * whis_portal_keys_set_restore_token:
 * @self: a sender
 * @token: (nullable): [property@PortalKeys:restore-token]
 */
void
whis_portal_keys_set_restore_token (WhisPortalKeys *self, const char *token)
{
  g_return_if_fail (WHIS_IS_PORTAL_KEYS (self));

  if (g_strcmp0 (self->restore_token, token) == 0)
    return;

  g_free (self->restore_token);
  self->restore_token = g_strdup (token);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESTORE_TOKEN]);
}
