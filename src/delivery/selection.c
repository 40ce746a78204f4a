/* SPDX-License-Identifier: MIT */
#include "selection.h"

#include <string.h>

enum
{
  SIGNAL_READ,
  SIGNAL_LOST,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* How often something was put there. */
static G_DEFINE_QUARK (whis - selection - serial, serial)

    G_DEFINE_INTERFACE (WhisSelection, whis_selection, G_TYPE_OBJECT)

        static void whis_selection_default_init (WhisSelectionInterface *interface)
{
  /**
   * WhisSelection::read:
   * @self: a selection
   * @reader: who has read it, a #WhisSelectionReader
   * @content: whether it was the content; else it was only the list of formats
   *
   * Somebody has read what this process offers, completely.
   */
  signals[SIGNAL_READ] = g_signal_new ("read", WHIS_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_BOOLEAN);

  /**
   * WhisSelection::lost:
   * @self: a selection
   *
   * Somebody else has copied something, or the connection to the desktop has ended.
   */
  signals[SIGNAL_LOST] = g_signal_new ("lost", WHIS_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 0);
}

/**
 * whis_selection_formats_new:
 * @text: a text
 * @sensitive: whether clipboard managers are to be asked not to keep it
 *
 * Returns: (transfer full) (element-type utf8 GBytes): the text by the MIME types of a text. An
 *   implementation offers the names of its own for text, such as `UTF8_STRING`, beside
 *   `text/plain;charset=utf-8`
 */
GHashTable *
whis_selection_formats_new (const char *text, gboolean sensitive)
{
  GHashTable *formats =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (text != NULL, formats);

  bytes = g_bytes_new (text, strlen (text));
  g_hash_table_insert (formats, g_strdup ("text/plain;charset=utf-8"), g_bytes_ref (bytes));
  g_hash_table_insert (formats, g_strdup ("text/plain"), g_bytes_ref (bytes));
  if (sensitive)
    g_hash_table_insert (formats, g_strdup (WHIS_SELECTION_PASSWORD_HINT),
                         g_bytes_new_static ("secret", strlen ("secret")));

  return formats;
}

/**
 * whis_selection_get_name:
 * @self: a selection
 *
 * Returns: a fixed word for logs and `whis doctor`
 */
const char *
whis_selection_get_name (WhisSelection *self)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), NULL);

  return WHIS_SELECTION_GET_IFACE (self)->get_name (self);
}

/**
 * whis_selection_probe_async:
 * @self: a selection
 * @cancellable: (nullable): to give up
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whether this session offers it.
 */
void
whis_selection_probe_async (WhisSelection *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SELECTION (self));

  WHIS_SELECTION_GET_IFACE (self)->probe_async (self, cancellable, callback, user_data);
}

/**
 * whis_selection_probe_finish:
 * @self: a selection
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it can be used
 */
gboolean
whis_selection_probe_finish (WhisSelection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), FALSE);

  return WHIS_SELECTION_GET_IFACE (self)->probe_finish (self, result, error);
}

/**
 * whis_selection_save_async:
 * @self: a selection
 * @cancellable: (nullable): to give up
 * @callback: called with what there is
 * @user_data: for @callback
 *
 * Reads what is on the clipboard now, in all its formats. A format larger than
 * %WHIS_SELECTION_FORMAT_MAX, what exceeds %WHIS_SELECTION_TOTAL_MAX, and an owner that does not
 * answer within %WHIS_SELECTION_SAVE_MS make it fail: half of it is never put back.
 */
void
whis_selection_save_async (WhisSelection *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SELECTION (self));

  WHIS_SELECTION_GET_IFACE (self)->save_async (self, cancellable, callback, user_data);
}

/**
 * whis_selection_save_finish:
 * @self: a selection
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type utf8 GBytes): what was on the clipboard by its formats,
 *   empty if there was nothing
 */
GHashTable *
whis_selection_save_finish (WhisSelection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), NULL);

  return WHIS_SELECTION_GET_IFACE (self)->save_finish (self, result, error);
}

/**
 * whis_selection_own_async:
 * @self: a selection
 * @formats: (element-type utf8 GBytes): what to offer, by its formats; an empty one clears the
 *   clipboard
 * @cancellable: (nullable): to give up
 * @callback: called when it is on the clipboard
 * @user_data: for @callback
 *
 * Puts something on the clipboard, and on the primary selection too if
 * [method@Selection.set_primary] says so. It stays until somebody else copies or this process ends.
 */
void
whis_selection_own_async (WhisSelection *self,
                          GHashTable *formats,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_return_if_fail (WHIS_IS_SELECTION (self));
  g_return_if_fail (formats != NULL);

  g_object_set_qdata (G_OBJECT (self), serial_quark (),
                      GUINT_TO_POINTER (whis_selection_get_serial (self) + 1));
  WHIS_SELECTION_GET_IFACE (self)->own_async (self, formats, cancellable, callback, user_data);
}

/**
 * whis_selection_own_finish:
 * @self: a selection
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether it is on the clipboard
 */
gboolean
whis_selection_own_finish (WhisSelection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), FALSE);

  return WHIS_SELECTION_GET_IFACE (self)->own_finish (self, result, error);
}

/**
 * whis_selection_is_owner:
 * @self: a selection
 *
 * Returns: whether what was offered last is still on the clipboard
 */
gboolean
whis_selection_is_owner (WhisSelection *self)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), FALSE);

  return WHIS_SELECTION_GET_IFACE (self)->is_owner (self);
}

/**
 * whis_selection_get_serial:
 * @self: a selection
 *
 * Returns: a number that changes with every call of [method@Selection.own_async]: whoever has
 * called it sees whether what is offered is still theirs
 */
guint
whis_selection_get_serial (WhisSelection *self)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), 0);

  return GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (self), serial_quark ()));
}

/**
 * whis_selection_set_primary:
 * @self: a selection
 * @primary: whether the next text goes to the primary selection, too
 *
 * A program whose primary selection is taken drops what is selected in it, so that a text would not
 * replace that. It is taken only for keys that paste it.
 */
void
whis_selection_set_primary (WhisSelection *self, gboolean primary)
{
  WhisSelectionInterface *interface;

  g_return_if_fail (WHIS_IS_SELECTION (self));

  interface = WHIS_SELECTION_GET_IFACE (self);
  if (interface->set_primary != NULL)
    interface->set_primary (self, primary);
}

/**
 * whis_selection_has_primary:
 * @self: a selection
 *
 * Returns: whether the primary selection can be set, too, so that Shift+Insert pastes it
 */
gboolean
whis_selection_has_primary (WhisSelection *self)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), FALSE);

  return WHIS_SELECTION_GET_IFACE (self)->has_primary (self);
}

/**
 * whis_selection_tells_reader:
 * @self: a selection
 *
 * Returns: whether #WhisSelection::read says who has read; else a clipboard manager cannot be told
 *   from the target
 */
gboolean
whis_selection_tells_reader (WhisSelection *self)
{
  g_return_val_if_fail (WHIS_IS_SELECTION (self), FALSE);

  return WHIS_SELECTION_GET_IFACE (self)->tells_reader (self);
}

/**
 * whis_selection_emit_read:
 * @self: a selection
 * @reader: who has read
 * @content: whether it was the content
 *
 * Emits #WhisSelection::read. For implementations.
 */
void
whis_selection_emit_read (WhisSelection *self, WhisSelectionReader reader, gboolean content)
{
  g_return_if_fail (WHIS_IS_SELECTION (self));

  g_signal_emit (self, signals[SIGNAL_READ], 0, (int) reader, content);
}

/**
 * whis_selection_emit_lost:
 * @self: a selection
 *
 * Emits #WhisSelection::lost. For implementations.
 */
void
whis_selection_emit_lost (WhisSelection *self)
{
  g_return_if_fail (WHIS_IS_SELECTION (self));

  g_signal_emit (self, signals[SIGNAL_LOST], 0);
}
