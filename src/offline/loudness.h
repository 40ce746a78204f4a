/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WHIS_SAMPLE_RATE 16000

/* Loudness is looked at in frames of 20 ms. */
#define WHIS_LOUDNESS_FRAME (WHIS_SAMPLE_RATE / 50)
#define WHIS_LOUDNESS_FRAME_MS 20

/**
 * WhisLoudness:
 * @frames: (element-type float): loudness of each frame in dB below full scale
 * @threshold: the loudness that parts speech from the room
 *
 * How loud a sound is, frame by frame.
 */
typedef struct
{
  GArray *frames;
  float threshold;
} WhisLoudness;

WhisLoudness *whis_loudness_new (const gint16 *samples, gsize n_samples);
void whis_loudness_free (WhisLoudness *self);
gboolean whis_loudness_is_loud (const WhisLoudness *self, guint frame);
gboolean whis_loudness_is_loud_at (const WhisLoudness *self, guint64 ms);
guint64 whis_loudness_count_loud_ms (const WhisLoudness *self, guint64 start_ms, guint64 end_ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisLoudness, whis_loudness_free)

G_END_DECLS
