/* SPDX-License-Identifier: MIT */
#include "wave.h"

#include <string.h>

#include "loudness.h"

#define FORMAT_PCM 1

static guint32
read_32 (const guint8 *data)
{
  return (guint32) data[0] | (guint32) data[1] << 8 | (guint32) data[2] << 16
         | (guint32) data[3] << 24;
}

static guint16
read_16 (const guint8 *data)
{
  return (guint16) (data[0] | data[1] << 8);
}

/* Signed 16-bit samples in one channel at our rate. */
static gboolean
is_ours (const guint8 *format, gsize size)
{
  return size >= 16 && read_16 (format) == FORMAT_PCM && read_16 (format + 2) == 1
         && read_32 (format + 4) == WHIS_SAMPLE_RATE && read_16 (format + 14) == 16;
}

/* The samples in this machine's byte order, at an address that samples can have. */
static GBytes *
take_samples (GBytes *file, gsize offset, gsize size, int byte_order)
{
  g_autoptr (GBytes) part = g_bytes_new_from_bytes (file, offset, size - size % 2);
  gsize length;
  const guint8 *data = g_bytes_get_data (part, &length);
  guint16 *samples;

  if (byte_order == G_BYTE_ORDER && GPOINTER_TO_SIZE (data) % 2 == 0)
    return g_steal_pointer (&part);
  samples = g_memdup2 (data, length);
  for (gsize i = 0; byte_order != G_BYTE_ORDER && i < length / 2; i++)
    samples[i] = GUINT16_SWAP_LE_BE (samples[i]);

  return g_bytes_new_take (samples, length);
}

/* A WAV file is a list of chunks. The last may say that it is longer than it is, as it does where
 * the file is still being written. */
static GBytes *
find_samples (GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);
  gboolean known = FALSE;

  for (gsize at = 12; at + 8 <= size;)
    {
      gsize length = read_32 (data + at + 4);
      gsize rest = size - at - 8;

      if (memcmp (data + at, "data", 4) == 0)
        return known ? take_samples (file, at + 8, MIN (length, rest), G_LITTLE_ENDIAN) : NULL;
      if (memcmp (data + at, "fmt ", 4) == 0)
        known = is_ours (data + at + 8, MIN (length, rest));
      if (length >= rest)
        return NULL;
      at += 8 + length + length % 2;
    }

  return NULL;
}

/* `audio/L16` (RFC 2586) has the larger byte first. */
static gboolean
is_plain_samples (const char *media_type)
{
  g_auto (GStrv) parts = g_strsplit (media_type, ";", -1);
  gboolean rate = FALSE;

  if (parts[0] == NULL || g_ascii_strcasecmp (g_strstrip (parts[0]), "audio/L16") != 0)
    return FALSE;
  for (guint i = 1; parts[i] != NULL; i++)
    {
      g_strstrip (parts[i]);
      if (g_ascii_strcasecmp (parts[i], "rate=16000") == 0)
        rate = TRUE;
      else if (g_ascii_strncasecmp (parts[i], "channels=", 9) == 0
               && !g_str_equal (parts[i] + 9, "1"))
        return FALSE;
    }

  return rate;
}

/**
 * whis_wave_get_samples:
 * @file: a file of sound
 * @media_type: (nullable): what its sender calls it
 *
 * Takes the samples out of a file that has nothing else in it: a WAV file of 16-bit samples at
 * 16 kHz in one channel, or the bare samples as `audio/L16;rate=16000`. Anything else wants a
 * decoder.
 *
 * Returns: (transfer full) (nullable): the samples in this machine's byte order, or %NULL
 */
GBytes *
whis_wave_get_samples (GBytes *file, const char *media_type)
{
  gsize size;
  const char *data;

  g_return_val_if_fail (file != NULL, NULL);

  data = g_bytes_get_data (file, &size);
  if (media_type != NULL && is_plain_samples (media_type))
    return take_samples (file, 0, size, G_BIG_ENDIAN);
  if (size < 12 || memcmp (data, "RIFF", 4) != 0 || memcmp (data + 8, "WAVE", 4) != 0)
    return NULL;

  return find_samples (file);
}
