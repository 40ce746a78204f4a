/* SPDX-License-Identifier: MIT */
#include "known-sound.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "offline-error.h"
#include "utterances.h"
#include "wave.h"

/* A syllable of 200 ms, five of them a phrase, and a pause after each phrase. */
#define SYLLABLE (WHIS_SAMPLE_RATE / 5)
#define SYLLABLES_PER_PHRASE 5
#define PAUSE (WHIS_SAMPLE_RATE * 3 / 10)
#define PHRASE (SYLLABLES_PER_PHRASE * SYLLABLE + PAUSE)
#define PHRASES 8

#define N_FORMANTS 3

/* The resonances of a, e, i, o, u in Hz. */
static const double vowels[][N_FORMANTS] = {
  { 730, 1090, 2440 }, { 530, 1840, 2480 }, { 270, 2290, 3010 },
  { 570, 840, 2410 },  { 300, 870, 2240 },
};

static const double widths[N_FORMANTS] = { 80, 100, 140 };

/* A resonator of the second order and what it remembers. */
typedef struct
{
  double a;
  double b;
  double c;
  double last;
  double last_but_one;
} Resonator;

static void
known_sound_tune (Resonator *resonator, double frequency, double width)
{
  double radius = exp (-G_PI * width / WHIS_SAMPLE_RATE);

  resonator->c = -radius * radius;
  resonator->b = 2 * radius * cos (2 * G_PI * frequency / WHIS_SAMPLE_RATE);
  resonator->a = 1 - resonator->b - resonator->c;
}

static double
known_sound_resonate (Resonator *resonator, double input)
{
  double output = resonator->a * input + resonator->b * resonator->last
                  + resonator->c * resonator->last_but_one;

  resonator->last_but_one = resonator->last;
  resonator->last = output;

  return output;
}

static void
say_syllable (gint16 *samples, guint number, Resonator resonators[N_FORMANTS], double *phase)
{
  const double *vowel = vowels[number * 3 % G_N_ELEMENTS (vowels)];

  for (guint i = 0; i < N_FORMANTS; i++)
    known_sound_tune (&resonators[i], vowel[i], widths[i]);
  for (guint i = 0; i < SYLLABLE; i++)
    {
      double along = (double) i / SYLLABLE;
      double pitch = 130 - 3.0 * (number % SYLLABLES_PER_PHRASE) - 10 * along;
      double sample;

      /* The voice is a saw tooth, as that of the vocal cords is about. */
      *phase = fmod (*phase + pitch / WHIS_SAMPLE_RATE, 1);
      sample = 2 * *phase - 1;
      for (guint j = 0; j < N_FORMANTS; j++)
        sample = known_sound_resonate (&resonators[j], sample);
      samples[i] = (gint16) CLAMP (9000 * sin (G_PI * along) * sample, -32000, 32000);
    }
}

/**
 * whis_known_sound_make:
 *
 * Computes a sound that a voice detector takes for speech: vowels with pauses after each five, the
 * same on each computer.
 *
 * Returns: (transfer full): ten seconds as signed 16-bit numbers at 16 kHz
 */
GBytes *
whis_known_sound_make (void)
{
  gint16 *samples = g_new0 (gint16, PHRASES * PHRASE);
  Resonator resonators[N_FORMANTS] = { 0 };
  double phase = 0;

  for (guint phrase = 0; phrase < PHRASES; phrase++)
    for (guint i = 0; i < SYLLABLES_PER_PHRASE; i++)
      say_syllable (samples + phrase * PHRASE + i * SYLLABLE, phrase + i, resonators, &phase);

  return g_bytes_new_take (samples, PHRASES * PHRASE * sizeof (gint16));
}

/**
 * whis_known_sound_read:
 * @path: a WAV file of 16-bit samples at 16 kHz in one channel
 * @error: return location
 *
 * Returns: (transfer full): its samples; %NULL with a %GFileError or
 *   %WHIS_OFFLINE_ERROR_UNDECODABLE
 */
GBytes *
whis_known_sound_read (const char *path, GError **error)
{
  g_autoptr (GBytes) file = NULL;
  GBytes *samples;
  char *data;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &data, &size, error))
    return NULL;
  file = g_bytes_new_take (data, size);
  samples = whis_wave_get_samples (file, NULL);
  if (samples == NULL)
    g_set_error (error, WHIS_OFFLINE_ERROR, WHIS_OFFLINE_ERROR_UNDECODABLE,
                 _ ("%s is no WAV file of 16 kHz in one channel."), path);

  return samples;
}
