/* SPDX-License-Identifier: MIT */
#include "delivery-queue.h"

static void
count_cb (guint *n_moves)
{
  (*n_moves)++;
}

static void
test_in_order_of_entering (void)
{
  WhisDeliveryQueue *queue = whis_delivery_queue_new ();
  char first;
  char second;

  whis_delivery_queue_enter (queue, &first);
  whis_delivery_queue_enter (queue, &second);
  g_assert_true (whis_delivery_queue_is_next (queue, &first));
  g_assert_false (whis_delivery_queue_is_next (queue, &second));
  whis_delivery_queue_leave (queue, &first);
  g_assert_true (whis_delivery_queue_is_next (queue, &second));
  whis_delivery_queue_leave (queue, &second);
  g_assert_finalize_object (queue);
}

/* Only who may deliver now is told, and nobody twice. */
static void
test_says_when_it_moves (void)
{
  WhisDeliveryQueue *queue = whis_delivery_queue_new ();
  guint n_moves = 0;
  char first;
  char second;
  char third;

  g_signal_connect_swapped (queue, "moved", G_CALLBACK (count_cb), &n_moves);
  whis_delivery_queue_enter (queue, &first);
  whis_delivery_queue_enter (queue, &second);
  whis_delivery_queue_enter (queue, &third);
  whis_delivery_queue_leave (queue, &second);
  g_assert_cmpuint (n_moves, ==, 0);
  whis_delivery_queue_leave (queue, &first);
  g_assert_cmpuint (n_moves, ==, 1);
  whis_delivery_queue_leave (queue, &first);
  g_assert_cmpuint (n_moves, ==, 1);
  g_assert_true (whis_delivery_queue_is_next (queue, &third));
  whis_delivery_queue_leave (queue, &third);
  g_assert_finalize_object (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery-queue/in-order-of-entering", test_in_order_of_entering);
  g_test_add_func ("/delivery-queue/says-when-it-moves", test_says_when_it_moves);

  return g_test_run ();
}
