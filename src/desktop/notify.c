/* SPDX-License-Identifier: MIT */
#include "notify.h"

#include "notify-content.h"
#include "portal-request.h"
#include "sandbox.h"

#define SERVER_NAME "org.freedesktop.Notifications"
#define SERVER_PATH "/org/freedesktop/Notifications"
#define PORTAL_INTERFACE "org.freedesktop.portal.Notification"

/* A notification of ours: at most one call is under way for it, and the newest content waits. */
typedef struct
{
  WhisNotify *owner;
  char *id;
  guint32 server_id;
  gboolean busy;
  gboolean withdrawn;
  WhisNotifyContent *waiting;
} Notification;

struct _WhisNotify
{
  GObject parent_instance;

  GDBusConnection *connection;
  char *app_name;
  gboolean portal;

  GHashTable *notifications;
  GCancellable *cancellable;
  guint signals_id;
  guint owner_id;
  gboolean available;
  char *activation_token;
};

G_DEFINE_FINAL_TYPE (WhisNotify, whis_notify, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_CONNECTION,
  PROP_APP_NAME,
  PROP_PORTAL,
  PROP_AVAILABLE,
  N_PROPS
};

enum
{
  ACTION_INVOKED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void show_waiting (Notification *notification);

static void
notification_free (Notification *self)
{
  g_clear_pointer (&self->waiting, whis_notify_content_free);
  g_free (self->id);
  g_free (self);
}

static Notification *
notify_lookup (WhisNotify *self, const char *id)
{
  return g_hash_table_lookup (self->notifications, id);
}

static Notification *
lookup_server_id (WhisNotify *self, guint32 server_id)
{
  GHashTableIter iter;
  Notification *notification;

  g_hash_table_iter_init (&iter, self->notifications);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &notification))
    {
      if (notification->server_id == server_id && server_id != 0)
        return notification;
    }

  return NULL;
}

static Notification *
notify_ensure (WhisNotify *self, const char *id)
{
  Notification *notification = notify_lookup (self, id);

  if (notification == NULL)
    {
      notification = g_new0 (Notification, 1);
      notification->owner = self;
      notification->id = g_strdup (id);
      g_hash_table_insert (self->notifications, notification->id, notification);
    }

  return notification;
}

static void
set_available (WhisNotify *self, gboolean available)
{
  if (self->available == available)
    return;

  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE]);
}

static void
call_server (WhisNotify *self,
             const char *method,
             GVariant *parameters,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  if (self->portal)
    g_dbus_connection_call (self->connection, WHIS_PORTAL_NAME, WHIS_PORTAL_PATH, PORTAL_INTERFACE,
                            method, parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                            callback, user_data);
  else
    g_dbus_connection_call (self->connection, SERVER_NAME, SERVER_PATH, SERVER_NAME, method,
                            parameters, NULL, G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable,
                            callback, user_data);
}

/* Calls do not own the object, which cancels them when it goes: then nothing of it is touched. */
static gboolean
finish_call (Notification *notification,
             GObject *source,
             GAsyncResult *result,
             const char *type,
             GVariant **reply)
{
  g_autoptr (GError) error = NULL;

  *reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;

  if (error != NULL)
    g_debug ("notify: %s", error->message);
  else if (!g_variant_is_of_type (*reply, G_VARIANT_TYPE (type)))
    g_clear_pointer (reply, g_variant_unref);

  set_available (notification->owner, *reply != NULL);

  return TRUE;
}

static void
close_on_server (Notification *notification)
{
  WhisNotify *self = notification->owner;

  if (self->portal)
    call_server (self, "RemoveNotification", g_variant_new ("(s)", notification->id), NULL, NULL);
  else if (notification->server_id != 0)
    call_server (self, "CloseNotification", g_variant_new ("(u)", notification->server_id), NULL,
                 NULL);
}

/* A call is over: what came in the meantime has its turn. */
static void
notify_settle (Notification *notification)
{
  notification->busy = FALSE;

  if (notification->waiting != NULL)
    {
      show_waiting (notification);
    }
  else
    {
      if (notification->withdrawn)
        close_on_server (notification);
      if (notification->withdrawn || notification->server_id == 0)
        g_hash_table_remove (notification->owner->notifications, notification->id);
    }
}

static void
did_notify (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Notification *notification = user_data;
  g_autoptr (GVariant) reply = NULL;

  if (!finish_call (notification, source, result, "(u)", &reply))
    return;

  if (reply != NULL)
    g_variant_get (reply, "(u)", &notification->server_id);
  notify_settle (notification);
}

static void
did_add (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Notification *notification = user_data;
  g_autoptr (GVariant) reply = NULL;

  if (finish_call (notification, source, result, "()", &reply))
    notify_settle (notification);
}

static void
notify_notify (Notification *notification,
               const WhisNotifyContent *content,
               const char *const *capabilities)
{
  call_server (notification->owner, "Notify",
               whis_notify_content_for_server (content, notification->owner->app_name,
                                               notification->server_id, capabilities),
               did_notify, notification);
}

static void
did_get_capabilities (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Notification *notification = user_data;
  g_autoptr (GVariant) reply = NULL;
  g_autoptr (WhisNotifyContent) content = NULL;
  g_auto (GStrv) capabilities = NULL;

  if (!finish_call (notification, source, result, "(as)", &reply))
    return;

  content = g_steal_pointer (&notification->waiting);
  if (reply == NULL || content == NULL)
    {
      notify_settle (notification);
      return;
    }

  g_variant_get (reply, "(^as)", &capabilities);
  notify_notify (notification, content, (const char *const *) capabilities);
}

/* The server is asked what it can do each time: it may be another one than before. */
static void
show_waiting (Notification *notification)
{
  g_autoptr (WhisNotifyContent) content = NULL;

  g_assert (!notification->busy);
  g_assert (notification->waiting != NULL);

  notification->busy = TRUE;
  if (!notification->owner->portal)
    {
      call_server (notification->owner, "GetCapabilities", NULL, did_get_capabilities,
                   notification);
      return;
    }

  content = g_steal_pointer (&notification->waiting);
  call_server (notification->owner, "AddNotification",
               whis_notify_content_for_portal (content, notification->id), did_add, notification);
}

/* The notification may be gone before the handlers are done with it. A token that none of them took
 * is not for another window later. */
static void
emit_action (WhisNotify *self, const char *id, const char *action)
{
  g_autofree char *own_id = g_strdup (id);

  g_signal_emit (self, signals[ACTION_INVOKED], 0, own_id, action);
  g_clear_pointer (&self->activation_token, g_free);
}

static void
keep_token (WhisNotify *self, const char *token)
{
  g_free (self->activation_token);
  self->activation_token = g_strdup (token);
}

static void
closed_by_server (Notification *notification)
{
  notification->server_id = 0;
  if (!notification->busy)
    g_hash_table_remove (notification->owner->notifications, notification->id);
}

static void
server_signal (GDBusConnection *connection,
               const char *sender,
               const char *object_path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer user_data)
{
  WhisNotify *self = user_data;
  Notification *notification;
  guint32 server_id;
  const char *text = NULL;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(uu)")))
    g_variant_get (parameters, "(uu)", &server_id, NULL);
  else if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)")))
    g_variant_get (parameters, "(u&s)", &server_id, &text);
  else
    return;

  notification = lookup_server_id (self, server_id);
  if (notification == NULL)
    return;

  if (text == NULL)
    closed_by_server (notification);
  else if (g_str_equal (signal, "ActivationToken"))
    keep_token (self, text);
  else if (g_str_equal (signal, "ActionInvoked"))
    emit_action (self, notification->id, text);
}

/* What an action is for comes first, if it is for anything in particular; newer portals add what is
 * known of the click. */
static GVariant *
read_parameters (WhisNotify *self, GVariant *parameters)
{
  g_autoptr (GVariant) target = NULL;
  GVariantIter iter;
  GVariant *value;

  g_variant_iter_init (&iter, parameters);
  while (g_variant_iter_next (&iter, "v", &value))
    {
      g_autoptr (GVariant) owned = value;
      const char *token;

      if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) && target == NULL)
        target = g_steal_pointer (&owned);
      else if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT)
               && g_variant_lookup (value, "activation-token", "&s", &token))
        keep_token (self, token);
    }

  return g_steal_pointer (&target);
}

static void
portal_signal (GDBusConnection *connection,
               const char *sender,
               const char *object_path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer user_data)
{
  g_autoptr (GVariant) action_parameters = NULL;
  g_autoptr (GVariant) target = NULL;
  g_autofree char *detailed = NULL;
  const char *id;
  const char *action;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssav)")))
    return;

  g_variant_get (parameters, "(&s&s@av)", &id, &action, &action_parameters);
  if (!g_action_name_is_valid (action))
    return;

  target = read_parameters (user_data, action_parameters);
  detailed = g_action_print_detailed_name (action, target);
  emit_action (user_data, id, detailed);
}

static gboolean
forget_server_id (gpointer key, gpointer value, gpointer user_data)
{
  Notification *notification = value;

  notification->server_id = 0;

  return !notification->busy;
}

/* A server that ends takes what it shows with it. The next one counts anew, so that the same
 * numbers are those of other programs. */
static void
owner_changed (GDBusConnection *connection,
               const char *sender,
               const char *object_path,
               const char *interface,
               const char *signal,
               GVariant *parameters,
               gpointer user_data)
{
  WhisNotify *self = user_data;
  const char *old_owner = "";

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(sss)")))
    g_variant_get (parameters, "(&s&s&s)", NULL, &old_owner, NULL);
  if (*old_owner != '\0')
    g_hash_table_foreach_remove (self->notifications, forget_server_id, NULL);
}

static void
notify_subscribe_to_server (WhisNotify *self)
{
  self->signals_id = g_dbus_connection_signal_subscribe (
      self->connection, SERVER_NAME, SERVER_NAME, NULL, SERVER_PATH, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      server_signal, self, NULL);
  self->owner_id = g_dbus_connection_signal_subscribe (
      self->connection, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged",
      "/org/freedesktop/DBus", SERVER_NAME, G_DBUS_SIGNAL_FLAGS_NONE, owner_changed, self, NULL);
}

static void
notify_subscribe (WhisNotify *self)
{
  if (self->signals_id != 0)
    return;

  if (self->portal)
    self->signals_id = g_dbus_connection_signal_subscribe (
        self->connection, WHIS_PORTAL_NAME, PORTAL_INTERFACE, "ActionInvoked", WHIS_PORTAL_PATH,
        NULL, G_DBUS_SIGNAL_FLAGS_NONE, portal_signal, self, NULL);
  else
    notify_subscribe_to_server (self);
}

static void
whis_notify_dispose (GObject *object)
{
  WhisNotify *self = WHIS_NOTIFY (object);

  g_cancellable_cancel (self->cancellable);
  if (self->signals_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->signals_id);
  self->signals_id = 0;
  if (self->owner_id != 0)
    g_dbus_connection_signal_unsubscribe (self->connection, self->owner_id);
  self->owner_id = 0;
  g_hash_table_remove_all (self->notifications);

  G_OBJECT_CLASS (whis_notify_parent_class)->dispose (object);
}

static void
whis_notify_finalize (GObject *object)
{
  WhisNotify *self = WHIS_NOTIFY (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->notifications, g_hash_table_unref);
  g_clear_pointer (&self->app_name, g_free);
  g_clear_pointer (&self->activation_token, g_free);

  G_OBJECT_CLASS (whis_notify_parent_class)->finalize (object);
}

static void
whis_notify_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisNotify *self = WHIS_NOTIFY (object);

  switch (prop_id)
    {
    case PROP_AVAILABLE:
      g_value_set_boolean (value, self->available);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_notify_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisNotify *self = WHIS_NOTIFY (object);

  switch (prop_id)
    {
    case PROP_CONNECTION:
      self->connection = g_value_dup_object (value);
      break;
    case PROP_APP_NAME:
      self->app_name = g_value_dup_string (value);
      break;
    case PROP_PORTAL:
      self->portal = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
whis_notify_class_init (WhisNotifyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = whis_notify_dispose;
  object_class->finalize = whis_notify_finalize;
  object_class->get_property = whis_notify_get_property;
  object_class->set_property = whis_notify_set_property;

  /**
   * WhisNotify:connection:
   */
  properties[PROP_CONNECTION] =
      g_param_spec_object ("connection", NULL, NULL, G_TYPE_DBUS_CONNECTION, flags);
  /**
   * WhisNotify:app-name:
   */
  properties[PROP_APP_NAME] = g_param_spec_string ("app-name", NULL, NULL, NULL, flags);
  /**
   * WhisNotify:portal:
   *
   * Whether to go through the portal, as a sandbox must.
   */
  properties[PROP_PORTAL] = g_param_spec_boolean ("portal", NULL, NULL, FALSE, flags);
  /**
   * WhisNotify:available:
   *
   * Whether there is a server, as far as is known.
   */
  properties[PROP_AVAILABLE] =
      g_param_spec_boolean ("available", NULL, NULL, TRUE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ACTION_INVOKED] =
      g_signal_new ("action-invoked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
whis_notify_init (WhisNotify *self)
{
  self->notifications =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) notification_free);
  self->cancellable = g_cancellable_new ();
  self->available = TRUE;
}

WhisNotify *
whis_notify_new (GDBusConnection *connection, const char *app_name)
{
  g_return_val_if_fail (G_IS_DBUS_CONNECTION (connection), NULL);
  g_return_val_if_fail (app_name != NULL, NULL);

  return g_object_new (WHIS_TYPE_NOTIFY, "connection", connection, "app-name", app_name, "portal",
                       whis_sandbox_is_inside (), NULL);
}

void
whis_notify_show (WhisNotify *self,
                  const char *id,
                  const char *title,
                  const char *body,
                  const char *icon_name,
                  WhisNotifyUrgency urgency,
                  ...)
{
  Notification *notification;
  va_list actions;

  g_return_if_fail (WHIS_IS_NOTIFY (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (title != NULL);

  notify_subscribe (self);

  notification = notify_ensure (self, id);
  notification->withdrawn = FALSE;
  g_clear_pointer (&notification->waiting, whis_notify_content_free);
  notification->waiting = whis_notify_content_new (title, body, icon_name, urgency);
  va_start (actions, urgency);
  whis_notify_content_add_actions (notification->waiting, actions);
  va_end (actions);

  if (!notification->busy)
    show_waiting (notification);
}

void
whis_notify_withdraw (WhisNotify *self, const char *id)
{
  Notification *notification;

  g_return_if_fail (WHIS_IS_NOTIFY (self));
  g_return_if_fail (id != NULL);

  /* The portal knows notifications by our ids, so that nothing is kept here. */
  notification = self->portal ? notify_ensure (self, id) : notify_lookup (self, id);
  if (notification == NULL)
    return;

  g_clear_pointer (&notification->waiting, whis_notify_content_free);
  notification->withdrawn = TRUE;
  if (!notification->busy)
    notify_settle (notification);
}

gboolean
whis_notify_get_available (WhisNotify *self)
{
  g_return_val_if_fail (WHIS_IS_NOTIFY (self), FALSE);

  return self->available;
}

char *
whis_notify_take_activation_token (WhisNotify *self)
{
  g_return_val_if_fail (WHIS_IS_NOTIFY (self), NULL);

  return g_steal_pointer (&self->activation_token);
}
