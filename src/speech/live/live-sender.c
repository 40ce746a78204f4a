/* SPDX-License-Identifier: MIT */
#include "live-sender.h"

/* Services want messages between 20 and 250 ms, a hundredth of a second being the unit here. */
#define SHORTEST_MESSAGE 2
#define LONGEST_MESSAGE 25

#define SAMPLE_SIZE 2

/**
 * WhisLiveSender:
 *
 * The sound of a live session that is not sent yet, and how it is divided into messages.
 */
struct _WhisLiveSender
{
  guint rate;
  GByteArray *pending;
  guint64 n_pushed; /* samples */
  guint64 n_sent;
};

/**
 * whis_live_sender_new:
 * @rate: samples in a second
 *
 * Returns: (transfer full): a sender without sound
 */
WhisLiveSender *
whis_live_sender_new (guint rate)
{
  WhisLiveSender *self;

  g_return_val_if_fail (rate > 0, NULL);

  self = g_new0 (WhisLiveSender, 1);
  self->rate = rate;
  self->pending = g_byte_array_new ();

  return self;
}

/**
 * whis_live_sender_free:
 * @self: (transfer full): a sender
 */
void
whis_live_sender_free (WhisLiveSender *self)
{
  g_return_if_fail (self != NULL);

  g_byte_array_unref (self->pending);
  g_free (self);
}

/**
 * whis_live_sender_push:
 * @self: a sender
 * @samples: the next sound: whole samples of 16 bits
 */
void
whis_live_sender_push (WhisLiveSender *self, GBytes *samples)
{
  gsize size;
  const guint8 *data;

  g_return_if_fail (self != NULL);
  g_return_if_fail (samples != NULL && g_bytes_get_size (samples) % SAMPLE_SIZE == 0);

  data = g_bytes_get_data (samples, &size);
  g_byte_array_append (self->pending, data, (guint) size);
  self->n_pushed += size / SAMPLE_SIZE;
}

/**
 * whis_live_sender_clear:
 * @self: a sender
 *
 * Forgets what is not sent yet.
 */
void
whis_live_sender_clear (WhisLiveSender *self)
{
  g_return_if_fail (self != NULL);

  g_byte_array_set_size (self->pending, 0);
}

/* How many of @n samples go into the next message: no message is longer than the longest, and none
 * so short that it would not be taken is left over. */
static guint64
choose_length (WhisLiveSender *self, guint64 n)
{
  guint64 unit = self->rate / 100;

  if (n <= LONGEST_MESSAGE * unit)
    return n;

  return n < (LONGEST_MESSAGE + SHORTEST_MESSAGE) * unit ? n / 2 : LONGEST_MESSAGE * unit;
}

/**
 * whis_live_sender_peek:
 * @self: a sender
 * @until: the sample that the sound ends before
 * @all: whether a message may be short; else the rest waits for more sound
 * @size: (out): size of the message in bytes
 *
 * Returns: (transfer none) (nullable): the sound of the next message; %NULL if there is none now
 */
const guint8 *
whis_live_sender_peek (WhisLiveSender *self, guint64 until, gboolean all, gsize *size)
{
  guint64 shortest;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (until <= self->n_pushed, NULL);

  shortest = all ? 1 : SHORTEST_MESSAGE * (guint64) self->rate / 100;
  if (until < self->n_sent + shortest)
    return NULL;
  *size = (gsize) choose_length (self, until - self->n_sent) * SAMPLE_SIZE;

  return self->pending->data;
}

/**
 * whis_live_sender_sent:
 * @self: a sender
 * @size: how many bytes of the pending sound were sent
 */
void
whis_live_sender_sent (WhisLiveSender *self, gsize size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (size <= self->pending->len);

  g_byte_array_remove_range (self->pending, 0, (guint) size);
  self->n_sent += size / SAMPLE_SIZE;
}

/**
 * whis_live_sender_get_n_pushed:
 * @self: a sender
 *
 * Returns: how many samples were pushed
 */
guint64
whis_live_sender_get_n_pushed (const WhisLiveSender *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_pushed;
}

/**
 * whis_live_sender_get_n_sent:
 * @self: a sender
 *
 * Returns: how many samples were sent
 */
guint64
whis_live_sender_get_n_sent (const WhisLiveSender *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_sent;
}
