/* SPDX-License-Identifier: MIT */
#include "insertion-method.h"

enum
{
  SIGNAL_LATE_RECEIPT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_INTERFACE (WhisInsertionMethod, whis_insertion_method, G_TYPE_OBJECT)

static void
whis_insertion_method_default_init (WhisInsertionMethodInterface *interface)
{
  /**
   * WhisInsertionMethod::late-receipt:
   * @self: a method
   * @insertion: what it inserted
   *
   * A text whose outcome was not %WHIS_DELIVERY_OUTCOME_LANDED has landed after all.
   */
  signals[SIGNAL_LATE_RECEIPT] =
      g_signal_new ("late-receipt", WHIS_TYPE_INSERTION_METHOD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, WHIS_TYPE_INSERTION);
}

/**
 * whis_insertion_method_get_name:
 * @self: a method
 *
 * Returns: a fixed word for logs, the history and `whis doctor`
 */
const char *
whis_insertion_method_get_name (WhisInsertionMethod *self)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), NULL);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->get_name (self);
}

/**
 * whis_insertion_method_uses_clipboard:
 * @self: a method
 *
 * Returns: whether an insertion puts the text on the clipboard
 */
gboolean
whis_insertion_method_uses_clipboard (WhisInsertionMethod *self)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), FALSE);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->uses_clipboard (self);
}

/**
 * whis_insertion_method_probe_async:
 * @self: a method
 * @cancellable: (nullable): to give up
 * @callback: called when it is known
 * @user_data: for @callback
 *
 * Finds out whether this session offers what the method needs. It changes nothing, opens no dialog
 * and does not ask for the name of the desktop.
 */
void
whis_insertion_method_probe_async (WhisInsertionMethod *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (WHIS_IS_INSERTION_METHOD (self));

  WHIS_INSERTION_METHOD_GET_IFACE (self)->probe_async (self, cancellable, callback, user_data);
}

/**
 * whis_insertion_method_probe_finish:
 * @self: a method
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError, whose message says in a sentence what
 *   is missing, or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the method can be used
 */
gboolean
whis_insertion_method_probe_finish (WhisInsertionMethod *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), FALSE);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->probe_finish (self, result, error);
}

/**
 * whis_insertion_method_insert_async:
 * @self: a method
 * @insertion: what is to be inserted
 * @cancellable: (nullable): to give up; after the text was handed over it is too late, and the
 *   outcome is told
 * @callback: called with the outcome
 * @user_data: for @callback
 *
 * Puts a text at the cursor, once. Nothing is repeated. One insertion at a time is under way.
 */
void
whis_insertion_method_insert_async (WhisInsertionMethod *self,
                                    WhisInsertion *insertion,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (WHIS_IS_INSERTION_METHOD (self));
  g_return_if_fail (insertion != NULL);

  WHIS_INSERTION_METHOD_GET_IFACE (self)->insert_async (self, insertion, cancellable, callback,
                                                        user_data);
}

/**
 * whis_insertion_method_insert_finish:
 * @self: a method
 * @result: the result
 * @error: return location for an error
 *
 * An error of #WhisDeliveryError says that nothing was done: the next method may be tried. After
 * anything was done there is an outcome, and no other method may be tried.
 *
 * Returns: the outcome, or %WHIS_DELIVERY_OUTCOME_NONE with @error set
 */
WhisDeliveryOutcome
whis_insertion_method_insert_finish (WhisInsertionMethod *self,
                                     GAsyncResult *result,
                                     GError **error)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), WHIS_DELIVERY_OUTCOME_NONE);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->insert_finish (self, result, error);
}

/**
 * whis_insertion_method_can_take_back:
 * @self: a method
 *
 * Returns: whether [method@InsertionMethod.take_back_async] may be called
 */
gboolean
whis_insertion_method_can_take_back (WhisInsertionMethod *self)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), FALSE);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->take_back_async != NULL;
}

/**
 * whis_insertion_method_take_back_async:
 * @self: a method that can take a text back
 * @text: a text that was inserted
 * @cancellable: (nullable): to give up
 * @callback: called when it is done, or is not
 * @user_data: for @callback
 *
 * Deletes a text that stands directly before the caret, where the field tells what stands there.
 */
void
whis_insertion_method_take_back_async (WhisInsertionMethod *self,
                                       const char *text,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_return_if_fail (WHIS_IS_INSERTION_METHOD (self));
  g_return_if_fail (text != NULL && *text != '\0');

  WHIS_INSERTION_METHOD_GET_IFACE (self)->take_back_async (self, text, cancellable, callback,
                                                           user_data);
}

/**
 * whis_insertion_method_take_back_finish:
 * @self: a method
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the text was taken away; %FALSE without an error if it does not stand there
 */
gboolean
whis_insertion_method_take_back_finish (WhisInsertionMethod *self,
                                        GAsyncResult *result,
                                        GError **error)
{
  g_return_val_if_fail (WHIS_IS_INSERTION_METHOD (self), FALSE);

  return WHIS_INSERTION_METHOD_GET_IFACE (self)->take_back_finish (self, result, error);
}

/**
 * whis_insertion_method_late_receipt:
 * @self: a method
 * @insertion: what it inserted
 *
 * Emits #WhisInsertionMethod::late-receipt. For implementations.
 */
void
whis_insertion_method_late_receipt (WhisInsertionMethod *self, WhisInsertion *insertion)
{
  g_return_if_fail (WHIS_IS_INSERTION_METHOD (self));

  g_signal_emit (self, signals[SIGNAL_LATE_RECEIPT], 0, insertion);
}
