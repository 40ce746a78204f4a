/* SPDX-License-Identifier: MIT */
#include "loudness.h"

#include <math.h>

/* What is softer than the speech by this much (in dB) is a pause, also beside digital silence. */
#define PAUSE_DB 25.0

static float
frame_loudness (const gint16 *samples, gsize n_samples)
{
  double energy = 0;

  for (gsize i = 0; i < n_samples; i++)
    energy += (double) samples[i] * samples[i];

  return (float) (10 * log10 (energy / n_samples / (32768.0 * 32768.0) + 1e-10));
}

static int
compare_floats (gconstpointer a, gconstpointer b)
{
  float x = *(const float *) a;
  float y = *(const float *) b;

  return (x > y) - (x < y);
}

/* Between the room's noise, which is what the softest tenth of the frames has, and the speech,
 * which is what the loudest tenth has. */
static float
find_threshold (GArray *frames)
{
  g_autoptr (GArray) sorted = g_array_copy (frames);
  float noise, speech;

  g_array_sort (sorted, compare_floats);
  noise = g_array_index (sorted, float, sorted->len / 10);
  speech = g_array_index (sorted, float, sorted->len - 1 - sorted->len / 10);

  return (float) fmax (noise + 0.3 * (speech - noise), speech - PAUSE_DB);
}

/**
 * whis_loudness_new:
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: how many samples
 *
 * Returns: (transfer full): how loud the sound is
 */
WhisLoudness *
whis_loudness_new (const gint16 *samples, gsize n_samples)
{
  WhisLoudness *self;

  g_return_val_if_fail (samples != NULL || n_samples == 0, NULL);

  self = g_new0 (WhisLoudness, 1);
  self->frames = g_array_new (FALSE, FALSE, sizeof (float));
  for (gsize i = 0; i < n_samples; i += WHIS_LOUDNESS_FRAME)
    {
      float frame = frame_loudness (samples + i, MIN (WHIS_LOUDNESS_FRAME, n_samples - i));

      g_array_append_val (self->frames, frame);
    }
  if (self->frames->len > 0)
    self->threshold = find_threshold (self->frames);

  return self;
}

/**
 * whis_loudness_free:
 * @self: (transfer full): how loud a sound is
 */
void
whis_loudness_free (WhisLoudness *self)
{
  g_return_if_fail (self != NULL);

  g_array_unref (self->frames);
  g_free (self);
}

/**
 * whis_loudness_is_loud:
 * @self: how loud a sound is
 * @frame: one of its frames
 *
 * Returns: whether the frame stands out from the room
 */
gboolean
whis_loudness_is_loud (const WhisLoudness *self, guint frame)
{
  return g_array_index (self->frames, float, frame) > self->threshold;
}

/**
 * whis_loudness_is_loud_at:
 * @self: how loud a sound is
 * @ms: a place in the sound or behind it, in milliseconds
 *
 * Returns: whether the sound stands out from the room there
 */
gboolean
whis_loudness_is_loud_at (const WhisLoudness *self, guint64 ms)
{
  guint64 frame = ms / WHIS_LOUDNESS_FRAME_MS;

  return frame < self->frames->len && whis_loudness_is_loud (self, (guint) frame);
}

/**
 * whis_loudness_count_loud_ms:
 * @self: how loud a sound is
 * @start_ms: start of a stretch, in milliseconds
 * @end_ms: its end
 *
 * Returns: for how many milliseconds of the stretch the sound stands out from the room
 */
guint64
whis_loudness_count_loud_ms (const WhisLoudness *self, guint64 start_ms, guint64 end_ms)
{
  guint64 end, count = 0;

  g_return_val_if_fail (self != NULL, 0);

  end = MIN (end_ms / WHIS_LOUDNESS_FRAME_MS + 1, self->frames->len);
  for (guint64 i = start_ms / WHIS_LOUDNESS_FRAME_MS; i < end; i++)
    count += whis_loudness_is_loud (self, (guint) i) ? WHIS_LOUDNESS_FRAME_MS : 0;

  return count;
}
