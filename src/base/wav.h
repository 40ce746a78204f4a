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

/**
 * WHIS_WAV_HEADER_SIZE:
 *
 * How many bytes stand before the samples.
 */
#define WHIS_WAV_HEADER_SIZE 44

/**
 * WHIS_WAV_ENDING:
 *
 * What the name of such a file ends with.
 */
#define WHIS_WAV_ENDING ".wav"

/**
 * WHIS_WAV_UNKNOWN_SIZE:
 *
 * In place of the size of a file that still grows. Readers take what is there.
 */
#define WHIS_WAV_UNKNOWN_SIZE G_MAXUINT64

gboolean whis_wav_is_name (const char *path);
void whis_wav_fill_header (guint8 header[WHIS_WAV_HEADER_SIZE], guint64 size);
GBytes *whis_wav_new (GBytes *samples);

G_END_DECLS
