/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What can be told about a sound without decoding it. */

typedef enum
{
  SERVICE_SOUND_OTHER,
  SERVICE_SOUND_WAV,
  SERVICE_SOUND_MP3,
  SERVICE_SOUND_FLAC,
  SERVICE_SOUND_OGG,
  SERVICE_SOUND_OPUS,
  SERVICE_SOUND_WEBM,
  SERVICE_SOUND_M4A,
  /* letters, which tests send for sound */
  SERVICE_SOUND_LETTERS,
} ServiceSoundForm;

/* The head of a WAV file, all zero when it is not one. */
typedef struct
{
  guint format;
  guint channels;
  guint rate;
  guint bits;
  const char *data;
  gsize size;
  guint64 duration_ms;
} ServiceWav;

ServiceSoundForm service_sound_get_form (GBytes *sound);

/* FALSE when the chunks of the file do not add up. @wav points into @sound. */
gboolean service_sound_read_wav (GBytes *sound, ServiceWav *wav);

/*
 * The letters that tests put in the place of sound: the whole of it, or the samples of a WAV file,
 * and zeros behind them. NULL when it is anything else.
 */
char *service_sound_get_letters (GBytes *sound);

/* Whether a file of that name may have that media type. */
gboolean service_sound_type_fits (const char *file_name, const char *type);

/* The part behind the last dot, NULL without. */
const char *service_sound_get_extension (const char *file_name);

G_END_DECLS
