/* SPDX-License-Identifier: MIT */
#include "delivery.h"

#include <glib/gi18n-lib.h>

#include "focus-query.h"

struct _WhisDelivery
{
  GObject parent_instance;

  WhisClipboardOwner *clipboard;
  GPtrArray *methods;              /* of WhisInsertionMethod, the best first */
  GPtrArray *focus_sources;        /* of WhisFocusSource */
  GQueue deliveries;               /* of GTask, the first one is under way */
  char *last_text;                 /* what was inserted last */
  WhisDeliveryPrepareFunc prepare; /* nullable */
  gpointer prepare_data;
};

G_DEFINE_FINAL_TYPE (WhisDelivery, whis_delivery, G_TYPE_OBJECT)

enum
{
  SIGNAL_LATE_RECEIPT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* One delivery; the data of its task. */
typedef struct
{
  WhisInsertion *insertion;
  WhisDeliveryMode mode;
  guint next_method;
  WhisDeliveryResult *result;
} Delivery;

static void
delivery_free (Delivery *delivery)
{
  whis_insertion_unref (delivery->insertion);
  g_clear_pointer (&delivery->result, whis_delivery_result_free);
  g_free (delivery);
}

static void delivery_run_next (WhisDelivery *self);

/* Ends the delivery under way. */
static void
delivery_return (WhisDelivery *self, GError *error)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->deliveries);
  Delivery *delivery = g_task_get_task_data (task);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&delivery->result),
                           (GDestroyNotify) whis_delivery_result_free);
  delivery_run_next (self);
}

static Delivery *
delivery_get_current (WhisDelivery *self)
{
  return g_task_get_task_data (g_queue_peek_head (&self->deliveries));
}

static GCancellable *
delivery_get_cancellable (WhisDelivery *self)
{
  return g_task_get_cancellable (g_queue_peek_head (&self->deliveries));
}

static void
on_delivery_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDelivery) self = user_data;
  Delivery *delivery = delivery_get_current (self);
  g_autoptr (GError) error = NULL;

  delivery->result->copied =
      whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (source), result, &error);
  if (error != NULL && !whis_delivery_outcome_is_inserted (delivery->result->outcome))
    {
      delivery_return (self, g_steal_pointer (&error));
      return;
    }
  if (error != NULL)
    g_message ("The text was inserted and not copied: %s", error->message);

  delivery_return (self, NULL);
}

/* Puts the text on the clipboard, which is the last method, or an addition to another. */
static void
delivery_copy (WhisDelivery *self, WhisDeliveryOutcome outcome)
{
  Delivery *delivery = delivery_get_current (self);

  delivery->result->outcome = outcome;
  whis_clipboard_owner_copy_async (self->clipboard, delivery->insertion->text,
                                   delivery->insertion->sensitive, delivery_get_cancellable (self),
                                   on_delivery_copied, g_object_ref (self));
}

static void delivery_try_methods (WhisDelivery *self);

static void
delivery_take_outcome (WhisDelivery *self, WhisInsertionMethod *method, WhisDeliveryOutcome outcome)
{
  Delivery *delivery = delivery_get_current (self);
  WhisDeliveryResult *result = delivery->result;
  WhisInsertion *insertion = delivery->insertion;

  if (whis_delivery_outcome_is_inserted (outcome))
    {
      g_free (self->last_text);
      self->last_text = g_strdup (insertion->text);
    }

  result->method = whis_insertion_method_get_name (method);
  result->outcome = outcome;
  result->copied = insertion->on_clipboard;
  g_clear_pointer (&result->reason, g_free);

  /* What the user has copied meanwhile stays. */
  if (outcome == WHIS_DELIVERY_OUTCOME_NOT_SEEN && insertion->clipboard_lost)
    {
      result->reason = g_strdup (_ ("Something else was copied while the text was inserted."));
      delivery_return (self, NULL);
    }
  else if (outcome != WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD && !insertion->on_clipboard
           && (!whis_delivery_outcome_is_inserted (outcome)
               || delivery->mode == WHIS_DELIVERY_MODE_BOTH))
    delivery_copy (self, outcome);
  else
    delivery_return (self, NULL);
}

static void
on_inserted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDelivery) self = user_data;
  WhisInsertionMethod *method = WHIS_INSERTION_METHOD (source);
  Delivery *delivery = delivery_get_current (self);
  g_autoptr (GError) error = NULL;
  WhisDeliveryOutcome outcome = whis_insertion_method_insert_finish (method, result, &error);

  if (error == NULL)
    {
      delivery_take_outcome (self, method, outcome);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      delivery_return (self, g_steal_pointer (&error));
      return;
    }
  /* Of another error it is not known whether anything was done. */
  if (error->domain != WHIS_DELIVERY_ERROR)
    {
      g_message ("%s: %s", whis_insertion_method_get_name (method), error->message);
      delivery_copy (self, WHIS_DELIVERY_OUTCOME_NOT_SEEN);
      return;
    }

  g_debug ("%s: %s", whis_insertion_method_get_name (method), error->message);

  /* What is merely not offered is no reason that helps anybody. */
  if (error->code != WHIS_DELIVERY_ERROR_NOT_OFFERED || delivery->result->reason == NULL)
    {
      g_free (delivery->result->reason);
      delivery->result->reason = g_strdup (error->message);
    }
  delivery_try_methods (self);
}

static gboolean
delivery_mode_allows (WhisDeliveryMode mode, WhisInsertionMethod *method)
{
  gboolean pastes = whis_insertion_method_uses_clipboard (method);

  return !(mode == WHIS_DELIVERY_MODE_PASTE && !pastes)
         && !(mode == WHIS_DELIVERY_MODE_COMMIT && pastes);
}

static void
delivery_try_methods (WhisDelivery *self)
{
  Delivery *delivery = delivery_get_current (self);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (delivery_get_cancellable (self), &error))
    {
      delivery_return (self, error);
      return;
    }

  while (delivery->next_method < self->methods->len)
    {
      WhisInsertionMethod *method = self->methods->pdata[delivery->next_method++];

      if (!delivery_mode_allows (delivery->mode, method))
        continue;

      whis_insertion_method_insert_async (method, delivery->insertion,
                                          delivery_get_cancellable (self), on_inserted,
                                          g_object_ref (self));
      return;
    }

  delivery_copy (self, WHIS_DELIVERY_OUTCOME_COPIED);
}

static void
delivery_use_focus (WhisDelivery *self)
{
  Delivery *delivery = delivery_get_current (self);
  WhisInsertion *insertion = delivery->insertion;

  if (whis_insertion_is_for_password (insertion))
    {
      delivery->result->outcome = WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD;
      delivery_return (self, NULL);
    }
  else if (!whis_focus_is_same (insertion->expected, insertion->focus))
    {
      delivery->result->reason = g_strdup (_ ("Another window has the focus than when you stopped "
                                              "speaking."));
      delivery_copy (self, WHIS_DELIVERY_OUTCOME_COPIED);
    }
  else if (insertion->focus != NULL && insertion->focus->kind == WHIS_FOCUS_NONE)
    delivery_copy (self, WHIS_DELIVERY_OUTCOME_NO_TEXT_FIELD);
  else if (whis_insertion_is_empty_for_focus (insertion))
    delivery_copy (self, WHIS_DELIVERY_OUTCOME_COPIED);
  else
    delivery_try_methods (self);
}

static void
on_focus_known (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDelivery) self = user_data;
  Delivery *delivery = delivery_get_current (self);
  WhisInsertion *insertion = delivery->insertion;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&insertion->focus, whis_focus_unref);
  insertion->focus = whis_focus_query_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      delivery_return (self, g_steal_pointer (&error));
      return;
    }

  delivery_use_focus (self);
}

static void
delivery_prepare (WhisDelivery *self)
{
  if (self->prepare != NULL)
    self->prepare (self, self->prepare_data);
}

/* What is asked beside the deliveries leaves the methods alone that one of them is using. */
static void
delivery_prepare_if_idle (WhisDelivery *self)
{
  if (self->deliveries.length == 0)
    delivery_prepare (self);
}

/* Begins the delivery at the head of the queue. */
static void
delivery_run_next (WhisDelivery *self)
{
  GTask *task = g_queue_peek_head (&self->deliveries);
  Delivery *delivery;

  if (task == NULL)
    return;

  delivery = g_task_get_task_data (task);
  delivery_prepare (self);
  if (delivery->mode == WHIS_DELIVERY_MODE_COPY)
    delivery_copy (self, WHIS_DELIVERY_OUTCOME_COPIED);
  else if (delivery->insertion->focus != NULL)
    delivery_use_focus (self);
  else
    whis_focus_query_async (self->focus_sources, g_task_get_cancellable (task), on_focus_known,
                            g_object_ref (self));
}

static void
on_late_receipt (WhisInsertionMethod *method, WhisInsertion *insertion, gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_LATE_RECEIPT], 0, insertion);
}

static void
whis_delivery_dispose (GObject *object)
{
  WhisDelivery *self = WHIS_DELIVERY (object);

  whis_delivery_clear (self);
  g_clear_object (&self->clipboard);

  G_OBJECT_CLASS (whis_delivery_parent_class)->dispose (object);
}

static void
whis_delivery_finalize (GObject *object)
{
  WhisDelivery *self = WHIS_DELIVERY (object);

  g_ptr_array_unref (self->methods);
  g_ptr_array_unref (self->focus_sources);
  g_queue_clear (&self->deliveries);
  g_free (self->last_text);

  G_OBJECT_CLASS (whis_delivery_parent_class)->finalize (object);
}

static void
whis_delivery_class_init (WhisDeliveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_delivery_dispose;
  G_OBJECT_CLASS (klass)->finalize = whis_delivery_finalize;

  /**
   * WhisDelivery::late-receipt:
   * @self: the delivery
   * @insertion: what was delivered
   *
   * A text whose outcome was not %WHIS_DELIVERY_OUTCOME_LANDED has landed after all.
   */
  signals[SIGNAL_LATE_RECEIPT] =
      g_signal_new ("late-receipt", WHIS_TYPE_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, WHIS_TYPE_INSERTION);
}

static void
whis_delivery_init (WhisDelivery *self)
{
  self->methods = g_ptr_array_new_with_free_func (g_object_unref);
  self->focus_sources = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->deliveries);
}

/**
 * whis_delivery_new:
 * @clipboard: the clipboard by other programs, for when no selection can be owned
 *
 * Returns: (transfer full): a delivery without any method
 */
WhisDelivery *
whis_delivery_new (WhisClipboard *clipboard)
{
  WhisDelivery *self;

  g_return_val_if_fail (WHIS_IS_CLIPBOARD (clipboard), NULL);

  self = g_object_new (WHIS_TYPE_DELIVERY, NULL);
  self->clipboard = whis_clipboard_owner_new (clipboard);

  return self;
}

/**
 * whis_delivery_add_method:
 * @self: a delivery
 * @method: a method, tried when those that were added before it cannot be used
 */
void
whis_delivery_add_method (WhisDelivery *self, WhisInsertionMethod *method)
{
  g_return_if_fail (WHIS_IS_DELIVERY (self));
  g_return_if_fail (WHIS_IS_INSERTION_METHOD (method));

  g_signal_connect (method, "late-receipt", G_CALLBACK (on_late_receipt), self);
  g_ptr_array_add (self->methods, g_object_ref (method));
}

/**
 * whis_delivery_add_selection:
 * @self: a delivery
 * @selection: a clipboard, tried when those that were added before it cannot be used
 */
void
whis_delivery_add_selection (WhisDelivery *self, WhisSelection *selection)
{
  g_return_if_fail (WHIS_IS_DELIVERY (self));
  g_return_if_fail (WHIS_IS_SELECTION (selection));

  whis_clipboard_owner_add_selection (self->clipboard, selection);
}

/**
 * whis_delivery_add_focus_source:
 * @self: a delivery
 * @source: what tells about the focus; what the first one says counts before the others
 */
void
whis_delivery_add_focus_source (WhisDelivery *self, WhisFocusSource *source)
{
  g_return_if_fail (WHIS_IS_DELIVERY (self));
  g_return_if_fail (WHIS_IS_FOCUS_SOURCE (source));

  g_ptr_array_add (self->focus_sources, g_object_ref (source));
}

/**
 * whis_delivery_set_prepare_func:
 * @self: a delivery
 * @prepare: called ahead of each delivery and each copy, while nothing is under way
 * @user_data: for @prepare; must stay as long as @self
 *
 * Lets somebody else choose the methods anew when the session has changed.
 */
void
whis_delivery_set_prepare_func (WhisDelivery *self,
                                WhisDeliveryPrepareFunc prepare,
                                gpointer user_data)
{
  g_return_if_fail (WHIS_IS_DELIVERY (self));

  self->prepare = prepare;
  self->prepare_data = user_data;
}

/**
 * whis_delivery_clear:
 * @self: a delivery of which nothing is under way
 *
 * Forgets all methods, selections and sources of the focus.
 */
void
whis_delivery_clear (WhisDelivery *self)
{
  g_return_if_fail (WHIS_IS_DELIVERY (self));

  for (guint i = 0; i < self->methods->len; i++)
    g_signal_handlers_disconnect_by_data (self->methods->pdata[i], self);
  g_ptr_array_set_size (self->methods, 0);
  if (self->clipboard != NULL)
    whis_clipboard_owner_clear (self->clipboard);
  g_ptr_array_set_size (self->focus_sources, 0);
}

/**
 * whis_delivery_get_clipboard:
 * @self: a delivery
 *
 * Returns: (transfer none): the clipboard of the session as it is now
 */
WhisClipboardOwner *
whis_delivery_get_clipboard (WhisDelivery *self)
{
  g_return_val_if_fail (WHIS_IS_DELIVERY (self), NULL);

  delivery_prepare_if_idle (self);

  return self->clipboard;
}

/**
 * whis_delivery_get_methods:
 * @self: a delivery
 *
 * Returns: (transfer none) (element-type WhisInsertionMethod): the methods of the session as it is
 *   now, the best first
 */
GPtrArray *
whis_delivery_get_methods (WhisDelivery *self)
{
  g_return_val_if_fail (WHIS_IS_DELIVERY (self), NULL);

  delivery_prepare_if_idle (self);

  return self->methods;
}

/**
 * whis_delivery_get_focus_sources:
 * @self: a delivery
 *
 * Returns: (transfer none) (element-type WhisFocusSource): who tells about the focus in the session
 *   as it is now
 */
GPtrArray *
whis_delivery_get_focus_sources (WhisDelivery *self)
{
  g_return_val_if_fail (WHIS_IS_DELIVERY (self), NULL);

  delivery_prepare_if_idle (self);

  return self->focus_sources;
}

/**
 * whis_delivery_deliver_async:
 * @self: a delivery
 * @insertion: the text and what is wished of it; its focus is asked for here
 * @mode: where it goes
 * @cancellable: (nullable): to give up; after the text was handed over the outcome is told
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Puts a text at the cursor by the first method that can be used, else on the clipboard. A method
 * that has done anything is the last one, and nothing is repeated. Several texts are delivered one
 * after the other.
 *
 * A password field gets nothing. If something else has the focus than
 * [struct@Insertion].expected, the text is only copied.
 */
void
whis_delivery_deliver_async (WhisDelivery *self,
                             WhisInsertion *insertion,
                             WhisDeliveryMode mode,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;
  Delivery *delivery;

  g_return_if_fail (WHIS_IS_DELIVERY (self));
  g_return_if_fail (insertion != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_deliver_async);
  g_task_set_check_cancellable (task, FALSE);
  delivery = g_new0 (Delivery, 1);
  delivery->insertion = whis_insertion_ref (insertion);
  delivery->mode = mode;
  delivery->result = g_new0 (WhisDeliveryResult, 1);
  g_task_set_task_data (task, delivery, (GDestroyNotify) delivery_free);

  g_queue_push_tail (&self->deliveries, task);
  if (self->deliveries.length == 1)
    delivery_run_next (self);
}

/**
 * whis_delivery_deliver_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError if the text is neither inserted nor on
 *   the clipboard, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what became of the text
 */
WhisDeliveryResult *
whis_delivery_deliver_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_deliver_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The text that is taken back, and who is asked next; the data of its task. */
typedef struct
{
  char *text;
  guint next;
} TakeBack;

static void
take_back_free (TakeBack *take_back)
{
  g_free (take_back->text);
  g_free (take_back);
}

static void take_back_next (GTask *task);

static void
on_text_taken_back (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDelivery *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (whis_insertion_method_take_back_finish (WHIS_INSERTION_METHOD (source), result, &error))
    {
      g_clear_pointer (&self->last_text, g_free);
      g_task_return_boolean (task, TRUE);
      return;
    }

  if (error != NULL)
    g_debug ("%s: %s", whis_insertion_method_get_name (WHIS_INSERTION_METHOD (source)),
             error->message);
  take_back_next (task);
}

static void
on_instead_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_clipboard_owner_copy_finish (WHIS_CLIPBOARD_OWNER (source), result, &error))
    g_task_return_boolean (task, FALSE);
  else
    g_task_return_error (task, error);
}

static void
take_back_next (GTask *task)
{
  WhisDelivery *self = g_task_get_source_object (task);
  TakeBack *take_back = g_task_get_task_data (task);

  while (take_back->next < self->methods->len)
    {
      WhisInsertionMethod *method = self->methods->pdata[take_back->next++];

      if (!whis_insertion_method_can_take_back (method))
        continue;

      whis_insertion_method_take_back_async (method, take_back->text, g_task_get_cancellable (task),
                                             on_text_taken_back, g_object_ref (task));
      return;
    }

  whis_clipboard_owner_copy_async (self->clipboard, take_back->text, FALSE,
                                   g_task_get_cancellable (task), on_instead_copied,
                                   g_object_ref (task));
}

/**
 * whis_delivery_take_back_async:
 * @self: a delivery
 * @cancellable: (nullable): to give up
 * @callback: called when it is done, or is not
 * @user_data: for @callback
 *
 * Takes the text that was inserted last away again, if it can be shown that it still stands
 * directly before the caret. Else it is put on the clipboard.
 */
void
whis_delivery_take_back_async (WhisDelivery *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  TakeBack *take_back;

  g_return_if_fail (WHIS_IS_DELIVERY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_take_back_async);
  if (self->last_text == NULL)
    {
      g_task_return_new_error (task, WHIS_DELIVERY_ERROR, WHIS_DELIVERY_ERROR_TEXT, "%s",
                               _ ("Nothing was inserted that could be taken back."));
      return;
    }

  take_back = g_new0 (TakeBack, 1);
  take_back->text = g_strdup (self->last_text);
  g_task_set_task_data (task, take_back, (GDestroyNotify) take_back_free);
  take_back_next (task);
}

/**
 * whis_delivery_take_back_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the text was taken away; %FALSE without an error if it is on the clipboard
 *   instead
 */
gboolean
whis_delivery_take_back_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_take_back_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
