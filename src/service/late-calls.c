/* SPDX-License-Identifier: MIT */
#include "late-calls.h"

/**
 * WhisLateCalls:
 *
 * Method calls that reach a service which is ending. They wait until it has given up its name, and
 * are then refused as by the bus when there is no service: whoever called starts the next one, and
 * calls that.
 */
struct _WhisLateCalls
{
  GDBusConnection *bus;
  guint filter;
  struct _Held *held;
};

/* Shared with the thread that GDBus reads messages in. */
typedef struct _Held
{
  GMutex mutex;
  char *path;
  GQueue messages; /* of GDBusMessage */
  gboolean is_refusing;
} Held;

static void
held_clear (Held *held)
{
  g_mutex_clear (&held->mutex);
  g_queue_clear_full (&held->messages, g_object_unref);
  g_free (held->path);
}

static void
held_release (gpointer data)
{
  g_atomic_rc_box_release_full (data, (GDestroyNotify) held_clear);
}

static void
late_calls_answer (GDBusConnection *bus, GDBusMessage *message)
{
  g_autoptr (GDBusMessage) reply = NULL;

  if (g_dbus_message_get_flags (message) & G_DBUS_MESSAGE_FLAGS_NO_REPLY_EXPECTED)
    return;

  /* It wanted what there is. */
  if (g_strcmp0 (g_dbus_message_get_member (message), "Quit") == 0)
    reply = g_dbus_message_new_method_reply (message);
  else
    reply = g_dbus_message_new_method_error_literal (
        message, "org.freedesktop.DBus.Error.NameHasNoOwner", "Whis is ending");
  g_dbus_connection_send_message (bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
}

static GDBusMessage *
late_calls_filter (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer data)
{
  Held *held = data;
  gboolean is_refusing;

  if (!incoming || g_dbus_message_get_message_type (message) != G_DBUS_MESSAGE_TYPE_METHOD_CALL
      || g_strcmp0 (g_dbus_message_get_path (message), held->path) != 0)
    return message;

  g_mutex_lock (&held->mutex);
  is_refusing = held->is_refusing;
  if (!is_refusing)
    g_queue_push_tail (&held->messages, g_object_ref (message));
  g_mutex_unlock (&held->mutex);

  if (is_refusing)
    late_calls_answer (bus, message);
  g_object_unref (message);

  return NULL;
}

/**
 * whis_late_calls_new:
 * @bus: the session bus
 * @path: the object of the service
 *
 * Lets calls of @path wait from now on. Those that are being handled already are not touched.
 *
 * Returns: (transfer full): the calls
 */
WhisLateCalls *
whis_late_calls_new (GDBusConnection *bus, const char *path)
{
  WhisLateCalls *self;

  g_return_val_if_fail (G_IS_DBUS_CONNECTION (bus), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (WhisLateCalls, 1);
  self->bus = g_object_ref (bus);
  self->held = g_atomic_rc_box_new0 (Held);
  self->held->path = g_strdup (path);
  g_mutex_init (&self->held->mutex);
  g_queue_init (&self->held->messages);
  self->filter = g_dbus_connection_add_filter (bus, late_calls_filter,
                                               g_atomic_rc_box_acquire (self->held), held_release);

  return self;
}

/**
 * whis_late_calls_free:
 * @self: (transfer full): the calls
 */
void
whis_late_calls_free (WhisLateCalls *self)
{
  g_return_if_fail (self != NULL);

  g_dbus_connection_remove_filter (self->bus, self->filter);
  held_release (self->held);
  g_object_unref (self->bus);
  g_free (self);
}

/**
 * whis_late_calls_refuse:
 * @self: the calls
 *
 * Refuses those that wait, and from now on all others at once.
 */
void
whis_late_calls_refuse (WhisLateCalls *self)
{
  GQueue messages;
  GDBusMessage *message;

  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->held->mutex);
  self->held->is_refusing = TRUE;
  messages = self->held->messages;
  g_queue_init (&self->held->messages);
  g_mutex_unlock (&self->held->mutex);

  while ((message = g_queue_pop_head (&messages)) != NULL)
    {
      late_calls_answer (self->bus, message);
      g_object_unref (message);
    }
}
