/* SPDX-License-Identifier: MIT */
#include "dictation-delivery.h"

#include "focus-query.h"
#include "text-insertion.h"

/**
 * WhisDictationDelivery:
 *
 * The last step of a dictation: its text waits for its turn, goes to the history, and then to the
 * clipboard. One text gives one outcome.
 */

/* The text is in the history before it is delivered, but a disk that is slower than this does not
 * hold it up. */
#define SAVE_TIMEOUT_MS 1000

/* What was inserted last of the passages of a continuous dictation; shared by them. */
typedef struct
{
  char *text;       /* nullable */
  WhisFocus *focus; /* nullable: where */
} Inserted;

struct _WhisDictationDelivery
{
  GObject parent_instance;

  WhisDeliveryWishes wishes;
  WhisDeliveryQueue *queue;
  WhisHistory *history;
  WhisDelivery *delivery;
  WhisSettings *settings; /* nullable: without them texts are only copied */
  char *language;
  char *reference;
  gboolean copied_only;
  Inserted *inserted;
  WhisFocus *focus; /* nullable, of when the user stopped speaking */
  GCancellable *focus_query;

  GTask *waiting; /* a text that waits for its turn, or NULL */
};

enum
{
  BEGUN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictationDelivery, whis_dictation_delivery, G_TYPE_OBJECT)

/* One text; the data of its task. */
typedef struct
{
  char *text;
  GSource *cancelled;    /* while it waits for its turn */
  GSource *save_timeout; /* while the history writes */
  gboolean saved;        /* or not waited for any longer */
} Delivery;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
delivery_free (gpointer data)
{
  Delivery *delivery = data;

  g_free (delivery->text);
  clear_source (&delivery->cancelled);
  clear_source (&delivery->save_timeout);
  g_free (delivery);
}

static void
inserted_clear (gpointer data)
{
  Inserted *inserted = data;

  g_clear_pointer (&inserted->text, g_free);
  g_clear_pointer (&inserted->focus, whis_focus_unref);
}

/* In doubt it stands there: a space too many is less than one too few. */
static gboolean
may_stand_there (const WhisDeliveryResult *result)
{
  return result->outcome == WHIS_DELIVERY_OUTCOME_LANDED
         || result->outcome == WHIS_DELIVERY_OUTCOME_HANDED_OVER
         || result->outcome == WHIS_DELIVERY_OUTCOME_NOT_SEEN;
}

static void
note_inserted (WhisDictationDelivery *self, const char *text, const WhisDeliveryResult *result)
{
  inserted_clear (self->inserted);
  if (!may_stand_there (result))
    return;

  self->inserted->text = g_strdup (text);
  self->inserted->focus = self->focus != NULL ? whis_focus_ref (self->focus) : NULL;
}

static const char *
get_text_before (WhisDictationDelivery *self)
{
  return whis_focus_is_same (self->inserted->focus, self->focus) ? self->inserted->text : NULL;
}

static void
on_text_inserted (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Delivery *delivery = g_task_get_task_data (task);
  GError *error = NULL;
  WhisDeliveryResult *delivered =
      whis_text_insertion_run_finish (WHIS_DELIVERY (object), result, &error);

  if (delivered != NULL)
    note_inserted (g_task_get_source_object (task), delivery->text, delivered);
  if (delivered != NULL)
    g_task_return_pointer (task, delivered, (GDestroyNotify) whis_delivery_result_free);
  else
    g_task_return_error (task, error);
}

static void
delivery_insert (GTask *task)
{
  WhisDictationDelivery *self = g_task_get_source_object (task);
  Delivery *delivery = g_task_get_task_data (task);
  const WhisTextInsertionWishes wishes = {
    .language = self->language,
    .private = self->wishes.private,
    .mode = self->copied_only ? "copy" : NULL,
    .reference = self->reference,
    .expected = self->focus,
    .former_text = get_text_before (self),
  };

  whis_text_insertion_run_async (self->delivery, self->settings, delivery->text, &wishes,
                                 g_task_get_cancellable (task), on_text_inserted,
                                 g_object_ref (task));
}

static void
delivery_hand_over (GTask *task)
{
  WhisDictationDelivery *self = g_task_get_source_object (task);
  Delivery *delivery = g_task_get_task_data (task);

  delivery->saved = TRUE;
  clear_source (&delivery->save_timeout);
  if (self->wishes.hand_over)
    delivery_insert (task);
  else
    g_task_return_pointer (task, g_new0 (WhisDeliveryResult, 1),
                           (GDestroyNotify) whis_delivery_result_free);
}

static void
on_flushed (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Delivery *delivery = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  /* The history itself complains when it cannot write. */
  if (!whis_history_flush_finish (WHIS_HISTORY (object), result, &error))
    g_debug ("A text is delivered before it is in the history");
  if (!delivery->saved)
    delivery_hand_over (task);
}

static gboolean
on_save_timeout (gpointer user_data)
{
  delivery_hand_over (user_data);

  return G_SOURCE_REMOVE;
}

/* The history knows of the delivery before it happens: a crash in between must not deliver twice,
 * and a crash before must not keep it from being delivered. */
static void
delivery_begin (GTask *task)
{
  WhisDictationDelivery *self = g_task_get_source_object (task);
  Delivery *delivery = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    return;
  g_signal_emit (self, signals[BEGUN], 0);
  if (g_task_return_error_if_cancelled (task))
    return;

  delivery->save_timeout = g_timeout_source_new (self->wishes.save_timeout_ms);
  g_source_set_callback (delivery->save_timeout, on_save_timeout, task, NULL);
  g_source_attach (delivery->save_timeout, g_task_get_context (task));
  whis_history_flush_async (self->history, g_task_get_cancellable (task), on_flushed,
                            g_object_ref (task));
}

static GTask *
whis_dictation_delivery_steal_waiting (WhisDictationDelivery *self)
{
  Delivery *delivery = g_task_get_task_data (self->waiting);

  clear_source (&delivery->cancelled);

  return g_steal_pointer (&self->waiting);
}

static void
on_queue_moved (WhisDictationDelivery *self)
{
  g_autoptr (GTask) task = NULL;

  if (self->waiting == NULL || !whis_delivery_queue_is_next (self->queue, self))
    return;

  task = whis_dictation_delivery_steal_waiting (self);
  delivery_begin (task);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = whis_dictation_delivery_steal_waiting (user_data);

  g_task_return_error_if_cancelled (task);

  return G_SOURCE_REMOVE;
}

static void
whis_dictation_delivery_wait (WhisDictationDelivery *self, GTask *task)
{
  Delivery *delivery = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->waiting = g_object_ref (task);
  if (cancellable == NULL)
    return;

  delivery->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (delivery->cancelled, G_SOURCE_FUNC (on_cancelled), self, NULL);
  g_source_attach (delivery->cancelled, g_task_get_context (task));
}

static void
on_focus_known (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictationDelivery) self = user_data;
  WhisFocus *focus = whis_focus_query_finish (result, NULL);

  g_clear_pointer (&self->focus, whis_focus_unref);
  self->focus = focus;
}

/**
 * whis_dictation_delivery_note_focus:
 * @self: a delivery
 *
 * Remembers what has the focus now, since the user has stopped speaking: the text is for that. If
 * something else has the focus when the text comes, it is only copied.
 */
void
whis_dictation_delivery_note_focus (WhisDictationDelivery *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));

  if (!self->wishes.hand_over || self->focus_query != NULL)
    return;

  self->focus_query = g_cancellable_new ();
  whis_focus_query_async (whis_delivery_get_focus_sources (self->delivery), self->focus_query,
                          on_focus_known, g_object_ref (self));
}

/**
 * whis_dictation_delivery_set_copied_only:
 * @self: a delivery
 *
 * Lets the text go to the clipboard whatever the settings say: it is not whole, and the user has to
 * look at it.
 */
void
whis_dictation_delivery_set_copied_only (WhisDictationDelivery *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));

  self->copied_only = TRUE;
}

/**
 * whis_dictation_delivery_follow:
 * @self: a delivery that has entered nothing yet
 * @former: that of the passage before, in a continuous dictation
 *
 * Its text comes behind that of @former if both go to the same place, also where the text before
 * the cursor cannot be read.
 */
void
whis_dictation_delivery_follow (WhisDictationDelivery *self, WhisDictationDelivery *former)
{
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (former));

  g_rc_box_release_full (self->inserted, inserted_clear);
  self->inserted = g_rc_box_acquire (former->inserted);
}

/**
 * whis_dictation_delivery_enter:
 * @self: a delivery
 *
 * Takes a place in the queue, if the text is to be handed over: it comes after the texts of those
 * that entered before, whoever has its text first.
 */
void
whis_dictation_delivery_enter (WhisDictationDelivery *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));

  if (self->wishes.hand_over)
    whis_delivery_queue_enter (self->queue, self);
}

/**
 * whis_dictation_delivery_leave:
 * @self: a delivery
 *
 * Gives up its place in the queue: it has its outcome, or nothing is to be delivered. A text that
 * is on its way goes on; its cancellable ends it.
 */
void
whis_dictation_delivery_leave (WhisDictationDelivery *self)
{
  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));

  whis_delivery_queue_leave (self->queue, self);
}

/**
 * whis_dictation_delivery_run_async:
 * @self: a delivery that has entered, and has no text yet
 * @text: the text
 * @cancellable: (nullable): to give up; once the text is handed over, it may have arrived all the
 *   same
 * @callback: called with the outcome
 * @user_data: for @callback
 *
 * Delivers a text as soon as it is its turn. [signal@DictationDelivery::begun] tells when that is.
 */
void
whis_dictation_delivery_run_async (WhisDictationDelivery *self,
                                   const char *text,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Delivery *delivery;

  g_return_if_fail (WHIS_IS_DICTATION_DELIVERY (self));
  g_return_if_fail (text != NULL);
  g_return_if_fail (self->waiting == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_dictation_delivery_run_async);
  delivery = g_new0 (Delivery, 1);
  delivery->text = g_strdup (text);
  g_task_set_task_data (task, delivery, delivery_free);
  if (self->wishes.hand_over && !whis_delivery_queue_is_next (self->queue, self))
    whis_dictation_delivery_wait (self, task);
  else
    delivery_begin (task);
}

/**
 * whis_dictation_delivery_run_finish:
 * @self: a delivery
 * @result: what the callback got
 * @error: return location for an error of [error@DeliveryError] or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full): what became of the text; the outcome of one that is only saved is
 *   %WHIS_DELIVERY_OUTCOME_NONE
 */
WhisDeliveryResult *
whis_dictation_delivery_run_finish (WhisDictationDelivery *self,
                                    GAsyncResult *result,
                                    GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
whis_dictation_delivery_dispose (GObject *object)
{
  WhisDictationDelivery *self = WHIS_DICTATION_DELIVERY (object);

  /* A text that waits holds a reference. */
  g_assert (self->waiting == NULL);
  if (self->queue != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->queue, self);
      whis_delivery_queue_leave (self->queue, self);
    }
  g_clear_object (&self->queue);
  g_clear_object (&self->history);
  g_cancellable_cancel (self->focus_query);
  g_clear_object (&self->focus_query);
  g_clear_pointer (&self->focus, whis_focus_unref);
  g_clear_object (&self->delivery);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->language, g_free);
  g_clear_pointer (&self->reference, g_free);
  if (self->inserted != NULL)
    g_rc_box_release_full (g_steal_pointer (&self->inserted), inserted_clear);

  G_OBJECT_CLASS (whis_dictation_delivery_parent_class)->dispose (object);
}

static void
whis_dictation_delivery_class_init (WhisDictationDeliveryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_dictation_delivery_dispose;

  /**
   * WhisDictationDelivery::begun:
   * @self: a delivery
   *
   * It is the turn of its text. What the history is told now is there before the text is handed
   * over.
   */
  signals[BEGUN] = g_signal_new ("begun", WHIS_TYPE_DICTATION_DELIVERY, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_dictation_delivery_init (WhisDictationDelivery *self)
{
  self->inserted = g_rc_box_new0 (Inserted);
}

/**
 * whis_dictation_delivery_new:
 * @wishes: what is wanted
 * @queue: who delivers before whom
 * @history: where the text is saved first
 * @delivery: where it is handed over
 * @settings: (nullable): how; without them it is only copied
 *
 * Returns: (transfer full): a delivery of one text
 */
WhisDictationDelivery *
whis_dictation_delivery_new (const WhisDeliveryWishes *wishes,
                             WhisDeliveryQueue *queue,
                             WhisHistory *history,
                             WhisDelivery *delivery,
                             WhisSettings *settings)
{
  WhisDictationDelivery *self;

  g_return_val_if_fail (wishes != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_DELIVERY_QUEUE (queue), NULL);
  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);
  g_return_val_if_fail (WHIS_IS_DELIVERY (delivery), NULL);

  self = g_object_new (WHIS_TYPE_DICTATION_DELIVERY, NULL);
  self->wishes = *wishes;
  if (self->wishes.save_timeout_ms == 0)
    self->wishes.save_timeout_ms = SAVE_TIMEOUT_MS;
  self->queue = g_object_ref (queue);
  self->history = g_object_ref (history);
  self->delivery = g_object_ref (delivery);
  g_set_object (&self->settings, settings);
  self->language = g_strdup (wishes->language);
  self->reference = g_strdup (wishes->reference);
  g_signal_connect_object (queue, "moved", G_CALLBACK (on_queue_moved), self, G_CONNECT_SWAPPED);

  return self;
}
