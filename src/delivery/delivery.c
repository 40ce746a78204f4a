/* SPDX-License-Identifier: MIT */
#include "delivery.h"

#include <glib/gi18n-lib.h>

struct _WhisDelivery
{
  GObject parent_instance;

  WhisClipboard *clipboard;
  GPtrArray *methods;              /* of WhisInsertionMethod, the best first */
  GPtrArray *selections;           /* of WhisSelection, the best first */
  GPtrArray *focus_sources;        /* of WhisFocusSource */
  GQueue deliveries;               /* of GTask, the first one is under way */
  char *last_text;                 /* what was inserted last */
  WhisDeliveryPrepareFunc prepare; /* nullable */
  gpointer prepare_data;
};

G_DEFINE_FINAL_TYPE (WhisDelivery, whis_delivery, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (WhisDeliveryMode,
                    whis_delivery_mode,
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_INSERT, "insert"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_PASTE, "paste"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_COMMIT, "commit"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_COPY, "copy"),
                    G_DEFINE_ENUM_VALUE (WHIS_DELIVERY_MODE_BOTH, "both"))

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

/* What several sources say about the focus; the data of its task. */
typedef struct
{
  WhisFocus *focus;
  guint n_awaited;
} Query;

static void
query_free (Query *query)
{
  g_clear_pointer (&query->focus, whis_focus_unref);
  g_free (query);
}

/* One copy; the data of its task. */
typedef struct
{
  char *text;
  gboolean sensitive;
  guint next_selection;
} Copy;

static void
copy_free (Copy *copy)
{
  g_free (copy->text);
  g_free (copy);
}

/* A list of what the session offers; the data of its task. */
typedef struct
{
  GVariantBuilder methods;
  guint next;
} Description;

static void
description_free (Description *description)
{
  g_variant_builder_clear (&description->methods);
  g_free (description);
}

/**
 * whis_delivery_mode_from_nick:
 * @nick: (nullable): a value of the setting `delivery`
 *
 * Returns: the mode of that name, %WHIS_DELIVERY_MODE_INSERT for an unknown one
 */
WhisDeliveryMode
whis_delivery_mode_from_nick (const char *nick)
{
  g_autoptr (GEnumClass) modes = g_type_class_ref (WHIS_TYPE_DELIVERY_MODE);
  GEnumValue *value = g_enum_get_value_by_nick (modes, nick != NULL ? nick : "");

  return value != NULL ? (WhisDeliveryMode) value->value : WHIS_DELIVERY_MODE_INSERT;
}

/**
 * whis_delivery_result_free:
 * @self: (transfer full): a result
 */
void
whis_delivery_result_free (WhisDeliveryResult *self)
{
  g_free (self->reason);
  g_free (self);
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

  delivery->result->copied = whis_delivery_copy_finish (self, result, &error);
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
  whis_delivery_copy_async (self, delivery->insertion->text, delivery->insertion->sensitive,
                            delivery_get_cancellable (self), on_delivery_copied,
                            g_object_ref (self));
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

/* A source may not answer in time: a password field of when the user stopped speaking is still one.
 */
static gboolean
is_password (WhisInsertion *insertion)
{
  WhisFocus *focus = insertion->focus;
  WhisFocus *expected = insertion->expected;

  if (focus != NULL && focus->kind != WHIS_FOCUS_UNKNOWN)
    return focus->kind == WHIS_FOCUS_PASSWORD;

  return expected != NULL && expected->kind == WHIS_FOCUS_PASSWORD
         && whis_focus_is_same (expected, focus);
}

/* A terminal gets no newlines at the end, so that of some texts nothing is left to insert. */
static gboolean
is_empty_for_focus (WhisInsertion *insertion)
{
  g_autofree char *text = NULL;

  if (insertion->focus == NULL || insertion->focus->kind != WHIS_FOCUS_TERMINAL)
    return FALSE;

  text = whis_insertion_get_terminal_text (insertion, TRUE);

  return *text == '\0';
}

static void
delivery_use_focus (WhisDelivery *self)
{
  Delivery *delivery = delivery_get_current (self);
  WhisInsertion *insertion = delivery->insertion;

  if (is_password (insertion))
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
  else if (is_empty_for_focus (insertion))
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
  insertion->focus = whis_delivery_query_focus_finish (self, result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      delivery_return (self, g_steal_pointer (&error));
      return;
    }

  delivery_use_focus (self);
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
  if (self->prepare != NULL)
    self->prepare (self, self->prepare_data);
  if (delivery->mode == WHIS_DELIVERY_MODE_COPY)
    delivery_copy (self, WHIS_DELIVERY_OUTCOME_COPIED);
  else if (delivery->insertion->focus != NULL)
    delivery_use_focus (self);
  else
    whis_delivery_query_focus_async (self, g_task_get_cancellable (task), on_focus_known,
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
  g_ptr_array_unref (self->selections);
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
  self->selections = g_ptr_array_new_with_free_func (g_object_unref);
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
  self->clipboard = g_object_ref (clipboard);

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

  g_ptr_array_add (self->selections, g_object_ref (selection));
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
  g_ptr_array_set_size (self->selections, 0);
  g_ptr_array_set_size (self->focus_sources, 0);
}

static void
query_return (GTask *task)
{
  Query *query = g_task_get_task_data (task);

  if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, g_steal_pointer (&query->focus),
                           (GDestroyNotify) whis_focus_unref);
}

static void
on_source_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Query *query = g_task_get_task_data (task);
  g_autoptr (WhisFocus) known = g_steal_pointer (&query->focus);
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisFocus) told =
      whis_focus_source_query_finish (WHIS_FOCUS_SOURCE (source), result, &error);

  if (error != NULL)
    g_debug ("%s does not tell the focus: %s", G_OBJECT_TYPE_NAME (source), error->message);

  query->focus = whis_focus_merge (known, told);
  if (--query->n_awaited == 0)
    query_return (task);
}

/**
 * whis_delivery_query_focus_async:
 * @self: a delivery
 * @cancellable: (nullable): to give up
 * @callback: called with what is known
 * @user_data: for @callback
 *
 * Asks what has the keyboard focus now.
 */
void
whis_delivery_query_focus_async (WhisDelivery *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Query *query;

  g_return_if_fail (WHIS_IS_DELIVERY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_query_focus_async);
  if (self->prepare != NULL && self->deliveries.length == 0)
    self->prepare (self, self->prepare_data);
  query = g_new0 (Query, 1);
  query->n_awaited = self->focus_sources->len;
  g_task_set_task_data (task, query, (GDestroyNotify) query_free);
  if (query->n_awaited == 0)
    {
      query_return (task);
      return;
    }

  for (guint i = 0; i < self->focus_sources->len; i++)
    whis_focus_source_query_async (self->focus_sources->pdata[i], cancellable, on_source_answered,
                                   g_object_ref (task));
}

/**
 * whis_delivery_query_focus_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): what has the focus; %NULL if nobody tells
 */
WhisFocus *
whis_delivery_query_focus_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_query_focus_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
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

static void
on_tool_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (whis_clipboard_set_text_finish (WHIS_CLIPBOARD (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void copy_try_selections (GTask *task);

static void
on_selection_owned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (whis_selection_own_finish (WHIS_SELECTION (source), result, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_debug ("%s: %s", whis_selection_get_name (WHIS_SELECTION (source)), error->message);
  copy_try_selections (task);
}

static void
copy_try_selections (GTask *task)
{
  WhisDelivery *self = g_task_get_source_object (task);
  Copy *copy = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (copy->next_selection < self->selections->len)
    {
      WhisSelection *selection = self->selections->pdata[copy->next_selection++];
      g_autoptr (GHashTable) formats = whis_selection_formats_new (copy->text, copy->sensitive);

      whis_selection_own_async (selection, formats, cancellable, on_selection_owned,
                                g_object_ref (task));
      return;
    }

  whis_clipboard_set_text_async (self->clipboard, copy->text, copy->sensitive, cancellable,
                                 on_tool_copied, g_object_ref (task));
}

/**
 * whis_delivery_copy_async:
 * @self: a delivery
 * @text: a text
 * @sensitive: whether clipboard managers are to be asked not to keep it
 * @cancellable: (nullable): to give up
 * @callback: called when it is on the clipboard
 * @user_data: for @callback
 *
 * Puts a text on the clipboard, by a selection of this process where one can be owned.
 */
void
whis_delivery_copy_async (WhisDelivery *self,
                          const char *text,
                          gboolean sensitive,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Copy *copy;

  g_return_if_fail (WHIS_IS_DELIVERY (self));
  g_return_if_fail (text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_copy_async);
  copy = g_new0 (Copy, 1);
  copy->text = g_strdup (text);
  copy->sensitive = sensitive;
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  if (self->prepare != NULL && self->deliveries.length == 0)
    self->prepare (self, self->prepare_data);
  copy_try_selections (task);
}

/**
 * whis_delivery_copy_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the text is on the clipboard
 */
gboolean
whis_delivery_copy_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_copy_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void describe_next (GTask *task);

static void
on_method_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Description *description = g_task_get_task_data (task);
  WhisInsertionMethod *method = WHIS_INSERTION_METHOD (source);
  g_autoptr (GError) error = NULL;
  gboolean offered = whis_insertion_method_probe_finish (method, result, &error);

  g_variant_builder_add (&description->methods, "(sbs)", whis_insertion_method_get_name (method),
                         offered, error != NULL ? error->message : "");
  describe_next (task);
}

static void
describe_next (GTask *task)
{
  WhisDelivery *self = g_task_get_source_object (task);
  Description *description = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (description->next == self->methods->len)
    {
      g_task_return_pointer (task,
                             g_variant_ref_sink (g_variant_builder_end (&description->methods)),
                             (GDestroyNotify) g_variant_unref);
      return;
    }

  whis_insertion_method_probe_async (self->methods->pdata[description->next++],
                                     g_task_get_cancellable (task), on_method_probed,
                                     g_object_ref (task));
}

/**
 * whis_delivery_describe_async:
 * @self: a delivery
 * @cancellable: (nullable): to give up
 * @callback: called with the list
 * @user_data: for @callback
 *
 * Asks each method whether this session offers it.
 */
void
whis_delivery_describe_async (WhisDelivery *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Description *description;

  g_return_if_fail (WHIS_IS_DELIVERY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_describe_async);
  if (self->prepare != NULL && self->deliveries.length == 0)
    self->prepare (self, self->prepare_data);
  description = g_new0 (Description, 1);
  g_variant_builder_init (&description->methods, G_VARIANT_TYPE ("a(sbs)"));
  g_task_set_task_data (task, description, (GDestroyNotify) description_free);
  describe_next (task);
}

/**
 * whis_delivery_describe_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): an `a(sbs)`: the word of each method in the order of the ladder,
 * whether it can be used, and if not, what is missing
 */
GVariant *
whis_delivery_describe_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_describe_async), NULL);

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

  if (whis_delivery_copy_finish (WHIS_DELIVERY (source), result, &error))
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

  whis_delivery_copy_async (self, take_back->text, FALSE, g_task_get_cancellable (task),
                            on_instead_copied, g_object_ref (task));
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

static void
on_released_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  WhisDelivery *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GHashTable) formats =
      whis_selection_save_finish (WHIS_SELECTION (source), result, &error);
  GBytes *text = formats != NULL ? g_hash_table_lookup (formats, "text/plain;charset=utf-8") : NULL;
  g_autofree char *string = NULL;

  if (text == NULL)
    {
      g_clear_error (&error);
      g_task_return_boolean (task, TRUE);
      return;
    }

  string = g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text));
  whis_clipboard_set_text_async (
      self->clipboard, string, g_hash_table_contains (formats, WHIS_SELECTION_PASSWORD_HINT),
      g_task_get_cancellable (task), on_tool_copied, g_object_ref (task));
}

/**
 * whis_delivery_release_async:
 * @self: a delivery
 * @cancellable: (nullable): to give up
 * @callback: called when it is done
 * @user_data: for @callback
 *
 * Hands a text that this process has on the clipboard over to a program that stays, since this one
 * ends.
 */
void
whis_delivery_release_async (WhisDelivery *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_DELIVERY (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_delivery_release_async);
  for (guint i = 0; i < self->selections->len; i++)
    if (whis_selection_is_owner (self->selections->pdata[i]))
      {
        whis_selection_save_async (self->selections->pdata[i], cancellable, on_released_read,
                                   g_steal_pointer (&task));
        return;
      }

  g_task_return_boolean (task, TRUE);
}

/**
 * whis_delivery_release_finish:
 * @self: a delivery
 * @result: the result
 * @error: return location for an error of #WhisDeliveryError or %G_IO_ERROR_CANCELLED
 *
 * Returns: whether the clipboard outlives this process
 */
gboolean
whis_delivery_release_finish (WhisDelivery *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_delivery_release_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
