/* SPDX-License-Identifier: MIT */
#include "wav.h"

#include <string.h>

#define RATE 16000

/* What of the header stands behind the first of its two sizes, in bytes. */
#define BEHIND_RIFF_SIZE (WHIS_WAV_HEADER_SIZE - 8)

/* The largest value of a size in the header says that it is not known. */
#define NO_SIZE G_MAXUINT32

static guint8 *
wav_put (guint8 *place, guint32 number, guint size)
{
  guint32 little = GUINT32_TO_LE (number);

  memcpy (place, &little, size);

  return place + size;
}

static guint8 *
put_name (guint8 *place, const char *name)
{
  gsize size = strlen (name);

  memcpy (place, name, size);

  return place + size;
}

/**
 * whis_wav_is_name:
 * @path: the name of a recording
 *
 * Returns: whether the recording is a WAV file rather than an MP3 file
 */
gboolean
whis_wav_is_name (const char *path)
{
  g_return_val_if_fail (path != NULL, FALSE);

  return g_str_has_suffix (path, WHIS_WAV_ENDING);
}

/**
 * whis_wav_fill_header:
 * @header: (out caller-allocates): where the header goes
 * @size: how many bytes of samples follow; %WHIS_WAV_UNKNOWN_SIZE if that is not known. More than
 *   the header has room for is not known either
 *
 * Makes the header of a WAV file (RIFF, `WAVE_FORMAT_PCM`) of 16 kHz mono samples, `S16LE`.
 */
void
whis_wav_fill_header (guint8 header[WHIS_WAV_HEADER_SIZE], guint64 size)
{
  gboolean is_known = size < NO_SIZE - BEHIND_RIFF_SIZE;
  guint8 *place = header;

  g_return_if_fail (header != NULL);

  place = put_name (place, "RIFF");
  place = wav_put (place, is_known ? (guint32) size + BEHIND_RIFF_SIZE : NO_SIZE, 4);
  place = put_name (place, "WAVEfmt ");
  place = wav_put (place, 16, 4);
  place = wav_put (place, 1, 2); /* PCM */
  place = wav_put (place, 1, 2); /* channels */
  place = wav_put (place, RATE, 4);
  place = wav_put (place, RATE * 2, 4);
  place = wav_put (place, 2, 2);  /* bytes of a sample */
  place = wav_put (place, 16, 2); /* its bits */
  place = put_name (place, "data");
  place = wav_put (place, is_known ? (guint32) size : NO_SIZE, 4);
  g_assert (place == header + WHIS_WAV_HEADER_SIZE);
}

/**
 * whis_wav_new:
 * @samples: 16 kHz mono samples, `S16LE`; less than a gigabyte
 *
 * Returns: (transfer full): a WAV file of them
 */
GBytes *
whis_wav_new (GBytes *samples)
{
  gsize size;
  const guint8 *data;
  guint8 header[WHIS_WAV_HEADER_SIZE];
  GByteArray *bytes;

  g_return_val_if_fail (samples != NULL, NULL);
  g_return_val_if_fail (g_bytes_get_size (samples) < 1 << 30, NULL);

  data = g_bytes_get_data (samples, &size);
  bytes = g_byte_array_sized_new ((guint) size + WHIS_WAV_HEADER_SIZE);
  whis_wav_fill_header (header, size);
  g_byte_array_append (bytes, header, sizeof header);
  g_byte_array_append (bytes, data, (guint) size);

  return g_byte_array_free_to_bytes (bytes);
}
