/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * WHIS_WAV_BYTES_PER_MS:
 *
 * How many bytes a millisecond of 16 kHz mono `S16LE` has.
 */
#define WHIS_WAV_BYTES_PER_MS 32

GBytes *whis_wav_new (GBytes *samples);

G_END_DECLS
