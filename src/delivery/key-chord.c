/* SPDX-License-Identifier: MIT */
#include "key-chord.h"

G_DEFINE_ENUM_TYPE (WhisChord,
                    whis_chord,
                    G_DEFINE_ENUM_VALUE (WHIS_CHORD_AUTOMATIC, "automatic"),
                    G_DEFINE_ENUM_VALUE (WHIS_CHORD_CTRL_V, "ctrl+v"),
                    G_DEFINE_ENUM_VALUE (WHIS_CHORD_CTRL_SHIFT_V, "ctrl+shift+v"),
                    G_DEFINE_ENUM_VALUE (WHIS_CHORD_SHIFT_INSERT, "shift+insert"))

G_DEFINE_INTERFACE (WhisKeySender, whis_key_sender, G_TYPE_OBJECT)

static void
whis_key_sender_default_init (WhisKeySenderInterface *interface)
{
}

/**
 * whis_key_sender_get_name:
 * @self: a sender
 *
 * Returns: a fixed word for logs and `whis doctor`
 */
const char *
whis_key_sender_get_name (WhisKeySender *self)
{
  g_return_val_if_fail (WHIS_IS_KEY_SENDER (self), NULL);

  return WHIS_KEY_SENDER_GET_IFACE (self)->get_name (self);
}

/**
 * whis_key_sender_probe_async:
 * @self: a sender
 * @cancellable: (nullable): to give up
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whether this session offers it, without a dialog.
 */
void
whis_key_sender_probe_async (WhisKeySender *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (WHIS_IS_KEY_SENDER (self));

  WHIS_KEY_SENDER_GET_IFACE (self)->probe_async (self, cancellable, callback, user_data);
}

/**
 * whis_key_sender_probe_finish:
 * @self: a sender
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it can be used
 */
gboolean
whis_key_sender_probe_finish (WhisKeySender *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_KEY_SENDER (self), FALSE);

  return WHIS_KEY_SENDER_GET_IFACE (self)->probe_finish (self, result, error);
}

/**
 * whis_key_sender_prepare_async:
 * @self: a sender
 * @cancellable: (nullable): to give up
 * @callback: called when it is ready
 * @user_data: for @callback
 *
 * Makes everything ready to send one chord: a session of a portal, for which the user may be asked,
 * a keymap, and modifiers that are released where they can be seen. It fails with
 * %WHIS_DELIVERY_ERROR_MODIFIERS after 1.5 s with held modifiers.
 */
void
whis_key_sender_prepare_async (WhisKeySender *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_return_if_fail (WHIS_IS_KEY_SENDER (self));

  WHIS_KEY_SENDER_GET_IFACE (self)->prepare_async (self, cancellable, callback, user_data);
}

/**
 * whis_key_sender_prepare_finish:
 * @self: a sender
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED; nothing was
 *   sent
 *
 * Returns: whether a chord can be sent
 */
gboolean
whis_key_sender_prepare_finish (WhisKeySender *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_KEY_SENDER (self), FALSE);

  return WHIS_KEY_SENDER_GET_IFACE (self)->prepare_finish (self, result, error);
}

/**
 * whis_key_sender_send_async:
 * @self: a sender that was prepared
 * @chord: the keys, not %WHIS_CHORD_AUTOMATIC
 * @cancellable: (nullable): ignored once the first key is down, so that none stays down
 * @callback: called when all keys are up
 * @user_data: for @callback
 *
 * Presses and releases the keys of a chord, with the pauses stated in this file, once.
 */
void
whis_key_sender_send_async (WhisKeySender *self,
                            WhisChord chord,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (WHIS_IS_KEY_SENDER (self));

  WHIS_KEY_SENDER_GET_IFACE (self)->send_async (self, chord, cancellable, callback, user_data);
}

/**
 * whis_key_sender_send_finish:
 * @self: a sender
 * @result: the result
 * @error: return location for an error; the keys may have been sent
 *
 * Returns: whether the keys were sent, which says nothing about who got them
 */
gboolean
whis_key_sender_send_finish (WhisKeySender *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_KEY_SENDER (self), FALSE);

  return WHIS_KEY_SENDER_GET_IFACE (self)->send_finish (self, result, error);
}
