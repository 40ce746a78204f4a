/* SPDX-License-Identifier: MIT */
#include "voice.h"

#include <math.h>

#include "chunker.h"
#include "sounds.h"

/* How much voice is heard in a sound, in milliseconds; @map gets a byte per step. */
static guint
hear (GArray *sound, GByteArray *map)
{
  g_autoptr (WhisVoice) voice = whis_voice_new ();
  const gint16 *samples = (const gint16 *) (gpointer) sound->data;
  guint sum = 0;
  guint n_steps = 0;

  for (guint i = 0; i <= sound->len; i += 777)
    {
      WhisVoiceKind heard;

      whis_voice_push (voice, samples + i, MIN (777, sound->len - i));
      if (i + 777 > sound->len)
        whis_voice_finish (voice);
      while (whis_voice_next (voice, &heard))
        {
          guint8 step = heard == WHIS_VOICE_SPEECH ? 1 : 0;

          n_steps++;
          sum += step;
          if (map != NULL)
            g_byte_array_append (map, &step, 1);
        }
    }

  g_assert_cmpuint (n_steps * WHIS_VOICE_STEP_MS, ==,
                    sounds_get_ms (sound) / WHIS_VOICE_STEP_MS * WHIS_VOICE_STEP_MS);

  return sum * WHIS_VOICE_STEP_MS;
}

static void
assert_silent (GArray *taken)
{
  g_autoptr (GArray) sound = taken;

  g_assert_cmpuint (hear (sound, NULL), ==, 0);
}

static void
test_no_voice (void)
{
  assert_silent (sounds_silence (5000));
  assert_silent (sounds_noise (10000, -70));
  assert_silent (sounds_noise (10000, -35));
  assert_silent (sounds_rumble (10000, -50));
  assert_silent (sounds_rumble (10000, -30));
  assert_silent (sounds_hum (10000, -35));
  assert_silent (sounds_tone (5000, 200, -30));
  assert_silent (sounds_tone (5000, 440, -20));
}

/* A sound server begins with zeros; the beeping of some machine is not new because of that. */
static void
test_tone_after_digital_silence (void)
{
  GArray *sound = sounds_silence (503);
  g_autoptr (GArray) tone = sounds_tone (5000, 200, -30);

  sounds_append (sound, tone);
  assert_silent (sound);
}

static void
assert_hardly_anything (GArray *taken)
{
  g_autoptr (GArray) sound = taken;

  g_assert_cmpuint (hear (sound, NULL), <, WHIS_CHUNKER_SPEECH_MS);
}

static void
test_desk (void)
{
  for (guint i = 0; i < 10; i++)
    {
      assert_hardly_anything (sounds_clicks (20000, -62));
      assert_hardly_anything (sounds_knocks (20000, -62));
    }
}

static void
test_nothing (void)
{
  assert_silent (sounds_silence (0));
  assert_silent (sounds_silence (5));
}

static gboolean
is_pause (guint ms)
{
  /* the second after each sentence, without its first and last tenth */
  static const guint pauses[] = { 7100, 11090, 17390, 24440, 28730 };

  for (guint i = 0; i < G_N_ELEMENTS (pauses); i++)
    if (ms >= pauses[i] + 100 && ms < pauses[i] + 900)
      return TRUE;

  return FALSE;
}

/* Most of the speech is heard, and in the pauses between the sentences nothing is. */
static void
assert_speech (GArray *speech, guint least_ms)
{
  g_autoptr (GByteArray) map = g_byte_array_new ();
  guint heard = hear (speech, map);

  g_test_message ("heard %u ms, at least %u expected", heard, least_ms);
  g_assert_cmpuint (heard, >=, least_ms);
  g_assert_cmpuint (heard, <=, 24700);

  for (guint i = 0; i < map->len; i++)
    g_assert_false (map->data[i] && is_pause (i * WHIS_VOICE_STEP_MS));
}

static void
test_speech (void)
{
  g_autoptr (GArray) speech = sounds_speech ();

  assert_speech (speech, 20000);
}

static void
test_quiet_speech (void)
{
  g_autoptr (GArray) speech = sounds_speech ();
  g_autoptr (GArray) room = sounds_noise (sounds_get_ms (speech), -75);

  sounds_scale (speech, -30); /* -54 dBFS: a microphone that is turned far down */
  sounds_mix (speech, room);
  assert_speech (speech, 18000);
}

static void
test_noisy_speech (void)
{
  g_autoptr (GArray) speech = sounds_speech ();
  g_autoptr (GArray) street = sounds_rumble (sounds_get_ms (speech), -34);

  sounds_mix (speech, street); /* 10 dB below the speech */
  assert_speech (speech, 15000);
}

/* Noise that is as loud as the voice was: what is left of speech when it has no pitch. */
static GArray *
whisper (double gain_db)
{
  GArray *speech = sounds_speech ();
  g_autoptr (GArray) noise = sounds_noise (sounds_get_ms (speech), -20);
  g_autoptr (GArray) room = sounds_noise (sounds_get_ms (speech), -70);
  const guint step = SOUNDS_RATE / 100;

  for (guint i = 0; i + step <= speech->len; i += step)
    {
      double sum = 0;

      for (guint k = i; k < i + step; k++)
        sum += pow (g_array_index (speech, gint16, k), 2);
      for (guint k = i; k < i + step; k++)
        g_array_index (speech, gint16, k) = (gint16) CLAMP (
            g_array_index (noise, gint16, k) / 3277.0 * sqrt (sum / step), G_MININT16, G_MAXINT16);
    }
  sounds_scale (speech, gain_db);
  sounds_mix (speech, room);

  return speech;
}

/* Most of what is whispered is heard, and the pauses are not. */
static void
test_whisper (void)
{
  g_autoptr (GArray) near = whisper (0);
  g_autoptr (GArray) far = whisper (-20);

  assert_speech (near, 14000);
  assert_speech (far, 14000);
}

/* Air that goes in and out: a hill each time, and no syllables. */
static void
test_breath (void)
{
  g_autoptr (GArray) sound = sounds_noise (20000, -70);
  g_autoptr (WhisVoice) voice = whis_voice_new ();
  const gint16 *samples;
  guint sound_ms = 0;

  for (guint start = 500; start < 18000; start += 3500)
    {
      g_autoptr (GArray) air = sounds_noise (900, -36);

      for (guint i = 0; i < air->len; i++)
        {
          gint16 *place = &g_array_index (sound, gint16, start * (SOUNDS_RATE / 1000) + i);

          *place = (gint16) (*place + g_array_index (air, gint16, i) * sin (G_PI * i / air->len));
        }
    }
  g_assert_cmpuint (hear (sound, NULL), ==, 0);

  samples = (const gint16 *) (gpointer) sound->data;
  for (guint i = 0; i + SOUNDS_RATE <= sound->len; i += SOUNDS_RATE)
    {
      WhisVoiceKind heard;

      whis_voice_push (voice, samples + i, SOUNDS_RATE);
      while (whis_voice_next (voice, &heard))
        sound_ms += heard == WHIS_VOICE_SOUND ? WHIS_VOICE_STEP_MS : 0;
    }
  g_assert_cmpuint (sound_ms, >=, 2000);
}

/* Real words of 0.3 to 0.6 s each: all of them count as speech. */
static void
test_words (void)
{
  static const char *const names[] = { "cards/001.wav", "cards/002.wav", "cards/003.wav",
                                       "cards/004.wav", "cards/005.wav" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GArray) words = sounds_load (names[i]);

      g_assert_cmpuint (hear (words, NULL), >=, WHIS_CHUNKER_SPEECH_MS);
    }
}

/* One syllable of some 250 ms, cut out of a word, in a quiet room */
static void
test_syllable (void)
{
  g_autoptr (GArray) word = sounds_load ("cards/004.wav");
  g_autoptr (GArray) sound = sounds_noise (500, -65);
  g_autoptr (GArray) after = sounds_noise (500, -65);
  guint start = 0;
  gint16 peak = 0;

  for (guint i = 0; i < word->len; i++)
    if (g_array_index (word, gint16, i) > peak)
      {
        peak = g_array_index (word, gint16, i);
        start = i > 2000 ? i - 2000 : 0;
      }

  g_array_append_vals (sound, &g_array_index (word, gint16, start), MIN (4000, word->len - start));
  sounds_append (sound, after);
  g_assert_cmpuint (hear (sound, NULL), >=, WHIS_CHUNKER_SPEECH_MS);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/voice/none", test_no_voice);
  g_test_add_func ("/voice/tone-after-digital-silence", test_tone_after_digital_silence);
  g_test_add_func ("/voice/desk", test_desk);
  g_test_add_func ("/voice/nothing", test_nothing);
  g_test_add_func ("/voice/speech", test_speech);
  g_test_add_func ("/voice/quiet-speech", test_quiet_speech);
  g_test_add_func ("/voice/noisy-speech", test_noisy_speech);
  g_test_add_func ("/voice/whisper", test_whisper);
  g_test_add_func ("/voice/breath", test_breath);
  g_test_add_func ("/voice/words", test_words);
  g_test_add_func ("/voice/syllable", test_syllable);

  return g_test_run ();
}
