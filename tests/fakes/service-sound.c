/* SPDX-License-Identifier: MIT */
#include "service-sound.h"

#include <string.h>

static const struct
{
  const char *extension;
  const char *types;
} file_types[] = {
  { "mp3", "audio/mpeg audio/mp3" },
  { "mpga", "audio/mpeg" },
  { "mpeg", "audio/mpeg video/mpeg" },
  { "wav", "audio/wav audio/x-wav audio/wave audio/vnd.wave" },
  { "flac", "audio/flac audio/x-flac" },
  { "ogg", "audio/ogg application/ogg" },
  { "oga", "audio/ogg" },
  { "opus", "audio/ogg audio/opus" },
  { "webm", "audio/webm video/webm" },
  { "m4a", "audio/mp4 audio/m4a audio/x-m4a" },
  { "mp4", "audio/mp4 video/mp4" },
};

static gboolean
has_bytes (const char *data, gsize size, gsize at, const char *bytes)
{
  return size >= at + strlen (bytes) && memcmp (data + at, bytes, strlen (bytes)) == 0;
}

static gboolean
is_letters (const char *data, gsize size)
{
  for (gsize i = 0; i < size; i++)
    if (!g_ascii_isprint (data[i]))
      return FALSE;

  return size > 0;
}

static ServiceSoundForm
tell_ogg (const char *data, gsize size)
{
  return has_bytes (data, size, 28, "OpusHead") ? SERVICE_SOUND_OPUS : SERVICE_SOUND_OGG;
}

ServiceSoundForm
service_sound_get_form (GBytes *sound)
{
  gsize size;
  const char *data = g_bytes_get_data (sound, &size);

  if (has_bytes (data, size, 0, "RIFF") && has_bytes (data, size, 8, "WAVE"))
    return SERVICE_SOUND_WAV;
  if (has_bytes (data, size, 0, "fLaC"))
    return SERVICE_SOUND_FLAC;
  if (has_bytes (data, size, 0, "OggS"))
    return tell_ogg (data, size);
  if (has_bytes (data, size, 0, "\x1a\x45\xdf\xa3"))
    return SERVICE_SOUND_WEBM;
  if (has_bytes (data, size, 4, "ftyp"))
    return SERVICE_SOUND_M4A;
  if (is_letters (data, size))
    return SERVICE_SOUND_LETTERS;
  if (has_bytes (data, size, 0, "ID3") || has_bytes (data, size, 0, "\xff\xfb")
      || has_bytes (data, size, 0, "\xff\xf3"))
    return SERVICE_SOUND_MP3;

  return SERVICE_SOUND_OTHER;
}

static guint
read_number (const char *data, guint n_bytes)
{
  guint number = 0;

  for (guint i = n_bytes; i > 0; i--)
    number = number << 8 | (guchar) data[i - 1];

  return number;
}

static void
read_format (const char *data, ServiceWav *wav)
{
  wav->format = read_number (data, 2);
  wav->channels = read_number (data + 2, 2);
  wav->rate = read_number (data + 4, 4);
  wav->bits = read_number (data + 14, 2);
}

static void
measure (ServiceWav *wav)
{
  guint64 per_second = (guint64) wav->rate * wav->channels * wav->bits / 8;

  if (per_second > 0)
    wav->duration_ms = wav->size * 1000 / per_second;
}

gboolean
service_sound_read_wav (GBytes *sound, ServiceWav *wav)
{
  gsize size;
  const char *data = g_bytes_get_data (sound, &size);

  memset (wav, 0, sizeof *wav);
  if (service_sound_get_form (sound) != SERVICE_SOUND_WAV || read_number (data + 4, 4) != size - 8)
    return FALSE;
  for (gsize at = 12; at + 8 <= size;)
    {
      gsize length = read_number (data + at + 4, 4);

      if (length > size - at - 8)
        return FALSE;
      if (has_bytes (data, size, at, "fmt ") && length >= 16)
        read_format (data + at + 8, wav);
      if (has_bytes (data, size, at, "data"))
        {
          wav->data = data + at + 8;
          wav->size = length;
        }
      at += 8 + length + length % 2;
    }
  measure (wav);

  return wav->format != 0 && wav->data != NULL;
}

char *
service_sound_get_letters (GBytes *sound)
{
  gsize size;
  const char *data = g_bytes_get_data (sound, &size);
  ServiceWav wav;

  if (service_sound_read_wav (sound, &wav))
    {
      data = wav.data;
      size = wav.size;
    }
  while (size > 0 && data[size - 1] == '\0')
    size--;

  return is_letters (data, size) ? g_strndup (data, size) : NULL;
}

const char *
service_sound_get_extension (const char *file_name)
{
  const char *dot = strrchr (file_name, '.');

  return dot != NULL ? dot + 1 : NULL;
}

gboolean
service_sound_type_fits (const char *file_name, const char *type)
{
  const char *extension = service_sound_get_extension (file_name);

  for (gsize i = 0; extension != NULL && type != NULL && i < G_N_ELEMENTS (file_types); i++)
    if (g_str_equal (file_types[i].extension, extension))
      {
        g_auto (GStrv) types = g_strsplit (file_types[i].types, " ", -1);

        return g_strv_contains ((const char *const *) types, type);
      }

  return FALSE;
}
