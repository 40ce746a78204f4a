/* SPDX-License-Identifier: MIT */
#include "live-sender.h"

/* The sound of a live session and its messages; at 1000 Hz a message has 20 to 250 samples. */

#define RATE 1000

static void
push (WhisLiveSender *sender, guint n_samples)
{
  g_autofree guint8 *data = g_malloc0 ((gsize) n_samples * 2);
  g_autoptr (GBytes) samples = g_bytes_new (data, (gsize) n_samples * 2);

  whis_live_sender_push (sender, samples);
}

/* Sends the next message; returns its samples, 0 if there is none. */
static guint
send_next (WhisLiveSender *sender, guint64 until, gboolean all)
{
  gsize size = 0;

  if (whis_live_sender_peek (sender, until, all, &size) == NULL)
    return 0;
  g_assert_cmpuint (size, >, 0);
  g_assert_cmpuint (size % 2, ==, 0);
  whis_live_sender_sent (sender, size);

  return (guint) size / 2;
}

static void
test_short_waits (void)
{
  g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);

  push (sender, 19);
  g_assert_cmpuint (send_next (sender, 19, FALSE), ==, 0);
  push (sender, 1);
  g_assert_cmpuint (send_next (sender, 20, FALSE), ==, 20);
  g_assert_cmpuint (whis_live_sender_get_n_sent (sender), ==, 20);
}

/* The end of a chunk and of the sound. */
static void
test_rest (void)
{
  g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);

  push (sender, 5);
  g_assert_cmpuint (send_next (sender, 5, TRUE), ==, 5);
  g_assert_cmpuint (send_next (sender, 5, TRUE), ==, 0);
}

static void
test_longest (void)
{
  g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);

  push (sender, 600);
  g_assert_cmpuint (send_next (sender, 600, FALSE), ==, 250);
  g_assert_cmpuint (send_next (sender, 600, FALSE), ==, 250);
  g_assert_cmpuint (send_next (sender, 600, FALSE), ==, 100);
}

/* What is left over is never too short to be taken. */
static void
test_no_short_rest (void)
{
  for (guint n = 20; n < 1000; n++)
    {
      g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);
      guint sent;

      push (sender, n);
      while ((sent = send_next (sender, n, TRUE)) > 0)
        {
          g_assert_cmpuint (sent, >=, 20);
          g_assert_cmpuint (sent, <=, 250);
        }
      g_assert_cmpuint (whis_live_sender_get_n_sent (sender), ==, n);
    }
}

/* No message has sound of two chunks. */
static void
test_until (void)
{
  g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);

  push (sender, 100);
  g_assert_cmpuint (send_next (sender, 30, TRUE), ==, 30);
  g_assert_cmpuint (send_next (sender, 30, TRUE), ==, 0);
  g_assert_cmpuint (send_next (sender, 100, TRUE), ==, 70);
}

static void
test_order (void)
{
  g_autoptr (WhisLiveSender) sender = whis_live_sender_new (RATE);
  g_autoptr (GBytes) samples = g_bytes_new_static ("abcdef", 6);
  gsize size = 0;

  whis_live_sender_push (sender, samples);
  whis_live_sender_peek (sender, 1, TRUE, &size);
  g_assert_cmpuint (size, ==, 2);
  whis_live_sender_sent (sender, size);
  g_assert_cmpmem (whis_live_sender_peek (sender, 3, TRUE, &size), 4, "cdef", 4);
  g_assert_cmpuint (size, ==, 4);
  g_assert_cmpuint (whis_live_sender_get_n_pushed (sender), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/live-sender/short-waits", test_short_waits);
  g_test_add_func ("/live-sender/rest", test_rest);
  g_test_add_func ("/live-sender/longest", test_longest);
  g_test_add_func ("/live-sender/no-short-rest", test_no_short_rest);
  g_test_add_func ("/live-sender/until", test_until);
  g_test_add_func ("/live-sender/order", test_order);

  return g_test_run ();
}
