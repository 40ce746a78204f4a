/* SPDX-License-Identifier: MIT */
#include "delivery-queue.h"

/**
 * WhisDeliveryQueue:
 *
 * The order in which dictations deliver: that in which they began. One that has its text early
 * waits for those before it, until they have delivered or given up.
 */

struct _WhisDeliveryQueue
{
  GObject parent_instance;

  GQueue waiting; /* not owned; in the order of their beginning */
};

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDeliveryQueue, whis_delivery_queue, G_TYPE_OBJECT)

static void
whis_delivery_queue_dispose (GObject *object)
{
  g_queue_clear (&WHIS_DELIVERY_QUEUE (object)->waiting);

  G_OBJECT_CLASS (whis_delivery_queue_parent_class)->dispose (object);
}

static void
whis_delivery_queue_class_init (WhisDeliveryQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_delivery_queue_dispose;

  /**
   * WhisDeliveryQueue::moved:
   * @self: the queue
   *
   * Somebody else is next.
   */
  signals[MOVED] = g_signal_new ("moved", WHIS_TYPE_DELIVERY_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_delivery_queue_init (WhisDeliveryQueue *self)
{
  g_queue_init (&self->waiting);
}

/**
 * whis_delivery_queue_new:
 *
 * Returns: (transfer full): an empty queue
 */
WhisDeliveryQueue *
whis_delivery_queue_new (void)
{
  return g_object_new (WHIS_TYPE_DELIVERY_QUEUE, NULL);
}

/**
 * whis_delivery_queue_enter:
 * @self: a queue
 * @who: (not nullable): anybody who is going to deliver; must leave before it goes
 */
void
whis_delivery_queue_enter (WhisDeliveryQueue *self, gpointer who)
{
  g_return_if_fail (WHIS_IS_DELIVERY_QUEUE (self));
  g_return_if_fail (who != NULL);

  g_queue_push_tail (&self->waiting, who);
}

/**
 * whis_delivery_queue_leave:
 * @self: a queue
 * @who: somebody who has delivered or given up; nothing happens if it is not in the queue
 */
void
whis_delivery_queue_leave (WhisDeliveryQueue *self, gpointer who)
{
  gboolean was_next;

  g_return_if_fail (WHIS_IS_DELIVERY_QUEUE (self));

  was_next = whis_delivery_queue_is_next (self, who);
  if (g_queue_remove (&self->waiting, who) && was_next)
    g_signal_emit (self, signals[MOVED], 0);
}

/**
 * whis_delivery_queue_is_next:
 * @self: a queue
 * @who: somebody
 *
 * Returns: whether it is @who's turn to deliver
 */
gboolean
whis_delivery_queue_is_next (WhisDeliveryQueue *self, gpointer who)
{
  g_return_val_if_fail (WHIS_IS_DELIVERY_QUEUE (self), FALSE);

  return g_queue_peek_head (&self->waiting) == who;
}
