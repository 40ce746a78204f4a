/* SPDX-License-Identifier: MIT */
#include "tap.h"

#include <gst/audio/audio.h>

#include "voice.h"

#define PIECE_MS 100

/**
 * WhisTap:
 *
 * Passes on the sound that is recorded, at another rate and in pieces of 100 ms.
 */
struct _WhisTap
{
  WhisTapFunc func;
  gpointer user_data;
  guint piece;                  /* samples */
  GstAudioResampler *resampler; /* NULL when the rate is the same */
  GArray *samples;              /* gint16, not passed on yet */
};

/**
 * whis_tap_new:
 * @rate: which rate is wanted, in Hz
 * @func: (scope notified): what to call
 * @user_data: for @func
 *
 * GStreamer must have been initialised.
 *
 * Returns: (transfer full): a tap for sound at 16 kHz
 */
WhisTap *
whis_tap_new (guint rate, WhisTapFunc func, gpointer user_data)
{
  WhisTap *self;

  g_return_val_if_fail (rate >= 1000, NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_new0 (WhisTap, 1);
  self->func = func;
  self->user_data = user_data;
  self->piece = rate * PIECE_MS / 1000;
  self->samples = g_array_new (FALSE, FALSE, sizeof (gint16));
  if (rate != WHIS_VOICE_RATE)
    self->resampler =
        gst_audio_resampler_new (GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_RESAMPLER_FLAG_NONE,
                                 GST_AUDIO_FORMAT_S16, 1, WHIS_VOICE_RATE, (int) rate, NULL);

  return self;
}

/**
 * whis_tap_free:
 * @self: (transfer full) (nullable): a tap
 */
void
whis_tap_free (WhisTap *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->resampler, gst_audio_resampler_free);
  g_array_unref (self->samples);
  g_free (self);
}

/* Takes @n samples from the front. */
static void
pass_on (WhisTap *self, guint n)
{
  GBytes *bytes;

  for (guint i = 0; i < n; i++)
    {
      gint16 *sample = &g_array_index (self->samples, gint16, i);

      *sample = GINT16_TO_LE (*sample);
    }
  bytes = g_bytes_new (self->samples->data, n * sizeof (gint16));
  g_array_remove_range (self->samples, 0, n);
  self->func (bytes, self->user_data);
}

static void
pass_on_pieces (WhisTap *self)
{
  while (self->samples->len >= self->piece)
    pass_on (self, self->piece);
}

/* @samples may be %NULL for silence. */
static void
tap_resample (WhisTap *self, const gint16 *samples, gsize n_samples)
{
  gsize n_out = gst_audio_resampler_get_out_frames (self->resampler, n_samples);
  guint before = self->samples->len;
  gpointer in[] = { (gpointer) samples };
  gpointer out[1];

  g_array_set_size (self->samples, before + (guint) n_out);
  out[0] = &g_array_index (self->samples, gint16, before);
  gst_audio_resampler_resample (self->resampler, samples != NULL ? in : NULL, n_samples, out,
                                n_out);
}

/**
 * whis_tap_push:
 * @self: a tap
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples
 *
 * Passes on sound, as far as it fills a piece.
 */
void
whis_tap_push (WhisTap *self, const gint16 *samples, gsize n_samples)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (samples != NULL || n_samples == 0);

  if (n_samples == 0)
    return;
  if (self->resampler != NULL)
    tap_resample (self, samples, n_samples);
  else
    g_array_append_vals (self->samples, samples, (guint) n_samples);
  pass_on_pieces (self);
}

/**
 * whis_tap_flush:
 * @self: a tap
 *
 * Passes on what does not fill a piece yet. The filter of a resampler keeps a millisecond or two.
 */
void
whis_tap_flush (WhisTap *self)
{
  g_return_if_fail (self != NULL);

  if (self->samples->len > 0)
    pass_on (self, self->samples->len);
}

/**
 * whis_tap_finish:
 * @self: a tap
 *
 * No more sound comes: passes on all that is left.
 */
void
whis_tap_finish (WhisTap *self)
{
  g_return_if_fail (self != NULL);

  /* the latency is rounded down */
  if (self->resampler != NULL)
    tap_resample (self, NULL, gst_audio_resampler_get_max_latency (self->resampler) + 1);
  pass_on_pieces (self);
  whis_tap_flush (self);
}
