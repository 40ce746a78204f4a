/* SPDX-License-Identifier: MIT */
#include "sounds.h"

#include <math.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

static gint16
to_sample (double value)
{
  return (gint16) CLAMP (lrint (value * 32767), G_MININT16, G_MAXINT16);
}

static GArray *
sound_new (guint ms)
{
  GArray *sound = g_array_new (FALSE, TRUE, sizeof (gint16));

  g_array_set_size (sound, ms * (SOUNDS_RATE / 1000));

  return sound;
}

static gint16 *
samples_of (GArray *sound)
{
  return (gint16 *) (gpointer) sound->data;
}

static double
amplitude (double db)
{
  return pow (10, db / 20);
}

static GRand *fixed;

/* From here on noise is the same in each run, whatever seed the test has. */
void
sounds_fix_noise (guint32 seed)
{
  g_clear_pointer (&fixed, g_rand_free);
  fixed = g_rand_new_with_seed (seed);
}

/* The sum of twelve even chances is as good as normal. */
static double
normal (void)
{
  double sum = -6;

  for (guint i = 0; i < 12; i++)
    sum += fixed != NULL ? g_rand_double (fixed) : g_test_rand_double ();

  return sum;
}

GArray *
sounds_silence (guint ms)
{
  return sound_new (ms);
}

GArray *
sounds_noise (guint ms, double level_db)
{
  GArray *sound = sound_new (ms);

  for (guint i = 0; i < sound->len; i++)
    samples_of (sound)[i] = to_sample (normal () * amplitude (level_db));

  return sound;
}

/* Deep noise, as of a fan or a street */
GArray *
sounds_rumble (guint ms, double level_db)
{
  GArray *sound = sound_new (ms);
  double state = 0;

  for (guint i = 0; i < sound->len; i++)
    {
      state = 0.95 * state + 0.312 * normal ();
      samples_of (sound)[i] = to_sample (state * amplitude (level_db));
    }

  return sound;
}

/* Mains hum with harmonics */
GArray *
sounds_hum (guint ms, double level_db)
{
  GArray *sound = sounds_noise (ms, -65);

  for (guint i = 0; i < sound->len; i++)
    {
      double phase = 2 * G_PI * 50 * i / SOUNDS_RATE;
      double hum = sin (phase) + 0.5 * sin (2 * phase) + 0.3 * sin (3 * phase);

      samples_of (sound)[i] += to_sample (hum * amplitude (level_db));
    }

  return sound;
}

/* Something beeps. */
GArray *
sounds_tone (guint ms, double hz, double level_db)
{
  GArray *sound = sounds_noise (ms, -65);

  for (guint i = 0; i < sound->len; i++)
    samples_of (sound)[i] +=
        to_sample (sin (2 * G_PI * hz * i / SOUNDS_RATE) * amplitude (level_db));

  return sound;
}

/* A knock on a desk rings at its own pitch, but not for long. */
static void
add_knock (GArray *sound, guint at)
{
  double hz = 110 + 120 * g_test_rand_double ();
  double decay = (0.005 + 0.005 * g_test_rand_double ()) * SOUNDS_RATE;

  for (guint i = 0; i < 5 * decay && at + i < sound->len; i++)
    samples_of (sound)[at + i] +=
        to_sample (0.4 * sin (2 * G_PI * hz * i / SOUNDS_RATE) * exp (-i / decay));
}

/* Somebody puts things on the desk, over a quiet room. */
GArray *
sounds_knocks (guint ms, double room_db)
{
  GArray *sound = sounds_rumble (ms, room_db);

  for (guint at = 8000; at + 8000 < sound->len; at += (guint) g_test_rand_int_range (8000, 30000))
    add_knock (sound, at);

  return sound;
}

static void
add_click (GArray *sound, guint at, double peak)
{
  guint length = (guint) g_test_rand_int_range (100, 240);

  for (guint i = 0; i < length && at + i < sound->len; i++)
    samples_of (sound)[at + i] += to_sample (normal () * peak * exp (-4.0 * i / length));
}

/* Somebody types: a press and a release for each key, over a quiet room */
GArray *
sounds_clicks (guint ms, double room_db)
{
  GArray *sound = sounds_rumble (ms, room_db);

  for (guint at = 8000; at + 4000 < sound->len;)
    {
      add_click (sound, at, 0.15 + 0.15 * g_test_rand_double ());
      add_click (sound, at + (guint) g_test_rand_int_range (900, 1800), 0.1);
      at += (guint) g_test_rand_int_range (1600, 6000);
    }

  return sound;
}

/* What ffmpeg makes of a file or of data on its standard input. */
static GArray *
decode (const char *path, GBytes *input)
{
  g_autoptr (GError) error = NULL;
  GSubprocessFlags flags = input != NULL ? G_SUBPROCESS_FLAGS_STDIN_PIPE : 0;
  g_autoptr (GSubprocess) ffmpeg = g_subprocess_new (
      flags | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "ffmpeg", "-hide_banner", "-nostdin",
      "-loglevel", "error", "-i", path != NULL ? path : "pipe:0", "-map", "0:a:0", "-f", "s16le",
      "-ac", "1", "-ar", G_STRINGIFY (SOUNDS_RATE), "pipe:1", NULL);
  g_autoptr (GBytes) output = NULL;
  GArray *sound = sound_new (0);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate (ffmpeg, input, NULL, &output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (ffmpeg));
  g_array_append_vals (sound, g_bytes_get_data (output, NULL),
                       (guint) (g_bytes_get_size (output) / sizeof (gint16)));

  return sound;
}

GArray *
sounds_decode (const char *path)
{
  return decode (path, NULL);
}

/* As a transcription service would: all it gets is the range. */
GArray *
sounds_decode_range (const char *path, guint64 offset, guint64 size)
{
  g_autofree char *contents = NULL;
  gsize length;
  g_autoptr (GBytes) range = NULL;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpuint (offset + size, <=, length);
  range = g_bytes_new (contents + offset, size);

  return decode (NULL, range);
}

/* Recorded speech of pocketsphinx-testdata, by name below its directory */
GArray *
sounds_load (const char *name)
{
  g_autofree char *path = g_build_filename (SOUNDS_SPEECH_DIR, name, NULL);

  return sounds_decode (path);
}

/* Five sentences read aloud, a second of silence after each: 30.7 s, of which 24.7 s are speech */
GArray *
sounds_speech (void)
{
  static const char *const numbers[] = { "0870", "0880", "0890", "0920", "0930" };
  GArray *speech = sound_new (0);
  g_autoptr (GArray) pause = sounds_silence (1000);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      g_autofree char *name =
          g_strdup_printf ("librivox/sense_and_sensibility_01_austen_64kb-%s.wav", numbers[i]);
      g_autoptr (GArray) sentence = sounds_load (name);

      sounds_append (speech, sentence);
      sounds_append (speech, pause);
    }

  return speech;
}

void
sounds_append (GArray *sound, GArray *more)
{
  g_array_append_vals (sound, more->data, more->len);
}

void
sounds_mix (GArray *sound, GArray *other)
{
  for (guint i = 0; i < MIN (sound->len, other->len); i++)
    samples_of (sound)[i] =
        (gint16) CLAMP (samples_of (sound)[i] + samples_of (other)[i], G_MININT16, G_MAXINT16);
}

void
sounds_scale (GArray *sound, double db)
{
  for (guint i = 0; i < sound->len; i++)
    samples_of (sound)[i] = (gint16) lrint (samples_of (sound)[i] * amplitude (db));
}

static void
append_number (GByteArray *bytes, guint32 number, guint size)
{
  guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *) &little, size);
}

void
sounds_write_wav (GArray *sound, const char *path)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint32 size = sound->len * (guint32) sizeof (gint16);

  g_byte_array_append (bytes, (const guint8 *) "RIFF", 4);
  append_number (bytes, 36 + size, 4);
  g_byte_array_append (bytes, (const guint8 *) "WAVEfmt ", 8);
  append_number (bytes, 16, 4);
  append_number (bytes, 1, 2);
  append_number (bytes, 1, 2);
  append_number (bytes, SOUNDS_RATE, 4);
  append_number (bytes, SOUNDS_RATE * 2, 4);
  append_number (bytes, 2, 2);
  append_number (bytes, 16, 2);
  g_byte_array_append (bytes, (const guint8 *) "data", 4);
  append_number (bytes, size, 4);
  g_byte_array_append (bytes, (const guint8 *) sound->data, size);

  g_assert_true (g_file_set_contents (path, (const char *) bytes->data, bytes->len, NULL));
}

guint
sounds_get_ms (GArray *sound)
{
  return sound->len / (SOUNDS_RATE / 1000);
}

/* How much two stretches of sound are alike: 1 is the same but for loudness, 0 has nothing to do
 * with it. */
double
sounds_compare (GArray *sound, guint64 from, GArray *other, guint64 other_from, guint length)
{
  double ab = 0;
  double aa = 1;
  double bb = 1;

  g_assert_cmpuint (from + length, <=, sound->len);
  g_assert_cmpuint (other_from + length, <=, other->len);

  for (guint i = 0; i < length; i++)
    {
      double a = samples_of (sound)[from + i];
      double b = samples_of (other)[other_from + i];

      ab += a * b;
      aa += a * a;
      bb += b * b;
    }

  return ab / sqrt (aa * bb);
}
