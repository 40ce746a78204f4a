/* SPDX-License-Identifier: MIT */
#include "wav.h"

#include <string.h>

#define HEADER_SIZE 44
#define RATE 16000

static void
append (GByteArray *bytes, guint32 number, guint size)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *) &little, size);
}

static void
append_name (GByteArray *bytes, const char *name)
{
  g_byte_array_append (bytes, (const guint8 *) name, (guint) strlen (name));
}

/**
 * whis_wav_new:
 * @samples: 16 kHz mono samples, `S16LE`; less than a gigabyte
 *
 * Returns: (transfer full): a WAV file (RIFF, `WAVE_FORMAT_PCM`) of them
 */
GBytes *
whis_wav_new (GBytes *samples)
{
  gsize size;
  const guint8 *data;
  GByteArray *bytes;

  g_return_val_if_fail (samples != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (samples) < 1 << 30, NULL);

  data = g_bytes_get_data (samples, &size);
  bytes = g_byte_array_sized_new ((guint) size + HEADER_SIZE);
  append_name (bytes, "RIFF");
  append (bytes, (guint32) size + HEADER_SIZE - 8, 4);
  append_name (bytes, "WAVEfmt ");
  append (bytes, 16, 4);
  append (bytes, 1, 2); /* PCM */
  append (bytes, 1, 2); /* channels */
  append (bytes, RATE, 4);
  append (bytes, RATE * 2, 4);
  append (bytes, 2, 2);  /* bytes of a sample */
  append (bytes, 16, 2); /* its bits */
  append_name (bytes, "data");
  append (bytes, (guint32) size, 4);
  g_byte_array_append (bytes, data, (guint) size);

  return g_byte_array_free_to_bytes (bytes);
}
