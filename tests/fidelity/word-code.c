/* SPDX-License-Identifier: MIT */
#include "word-code.h"

#include <math.h>
#include <string.h>

#define PERIOD 128 /* 125 Hz */
#define SYMBOL (7 * PERIOD)
#define N_SYMBOLS 4
#define WORD (N_SYMBOLS * SYMBOL)
#define WINDOW (5 * PERIOD)
#define HOP (PERIOD / 4)

#define VOICE_HARMONICS 8
#define LOWEST_TONE 10
#define TONES 17
#define MARK 16
#define VOICE_AMPLITUDE 0.35f
#define TONE_AMPLITUDE 0.7f
#define RAMP 48

/* The power of the mark's tones in all of the window, and among its tones. */
#define MARK_SHARE 0.25f
#define TONE_SHARE 0.6f
#define QUIETEST 1e-7f

static const char consonants[] = "bdfghjklmnprstvz";
static const char vowels[] = "aeio";

static float cosines[PERIOD];

static void
init_tables (void)
{
  static gsize ready;

  if (!g_once_init_enter (&ready))
    return;
  for (guint i = 0; i < PERIOD; i++)
    cosines[i] = cosf (2.f * (float) G_PI * (float) i / PERIOD);
  g_once_init_leave (&ready, 1);
}

static float
cosine (guint harmonic, guint sample)
{
  return cosines[harmonic * sample % PERIOD];
}

static float
sine (guint harmonic, guint sample)
{
  return cosines[(harmonic * sample + 3 * PERIOD / 4) % PERIOD];
}

static guint
tone_harmonic (guint group, guint tone)
{
  return LOWEST_TONE + group * (TONES + 1) + tone;
}

char *
word_code_spell (guint number)
{
  GString *word = g_string_new (NULL);

  g_return_val_if_fail (number < WORD_CODE_WORDS, NULL);

  do
    {
      const char syllable[] = { consonants[number % 64 / 4], vowels[number % 4], '\0' };

      g_string_prepend (word, syllable);
      number /= 64;
    }
  while (number > 0);

  return g_string_free (word, FALSE);
}

gboolean
word_code_parse (const char *word, guint *number)
{
  *number = 0;

  for (; word[0] != '\0'; word += 2)
    {
      const char *consonant = strchr (consonants, word[0]);
      const char *vowel = word[1] != '\0' ? strchr (vowels, word[1]) : NULL;

      if (consonant == NULL || vowel == NULL)
        return FALSE;
      *number = *number * 64 + (guint) (consonant - consonants) * 4 + (guint) (vowel - vowels);
      if (*number >= WORD_CODE_WORDS)
        return FALSE;
    }

  return TRUE;
}

static guint
checksum (guint number)
{
  return (number * 40503u + 12345u) >> 5 & 0xFF;
}

static void
find_tones (guint number, guint symbol, guint tones[2])
{
  guint bytes[N_SYMBOLS] = { 0, number >> 8, number & 0xFF, checksum (number) };

  tones[0] = symbol == 0 ? MARK : bytes[symbol] >> 4;
  tones[1] = symbol == 0 ? MARK : bytes[symbol] & 0xF;
}

/* One period of a symbol. The phases are spread so that its peaks stay low. */
static void
make_period (guint number, guint symbol, float period[PERIOD])
{
  guint tones[2];

  find_tones (number, symbol, tones);
  for (guint i = 0; i < PERIOD; i++)
    {
      period[i] = TONE_AMPLITUDE * cosine (tone_harmonic (0, tones[0]), i)
                  + TONE_AMPLITUDE * sine (tone_harmonic (1, tones[1]), i);
      for (guint k = 1; k <= VOICE_HARMONICS; k++)
        period[i] += VOICE_AMPLITUDE * cosine (k, i + k * k * PERIOD / 16);
    }
}

static float
ramp_at (guint i)
{
  guint edge = MIN (i, WORD - 1 - i);

  return edge < RAMP ? (float) (edge + 1) / RAMP : 1.f;
}

static gint16
to_sample (float x)
{
  return (gint16) CLAMP (lrintf (32767.f * x), G_MININT16, G_MAXINT16);
}

void
word_code_append_word (GArray *samples, guint number, double level_db)
{
  float power =
      VOICE_HARMONICS * VOICE_AMPLITUDE * VOICE_AMPLITUDE / 2 + TONE_AMPLITUDE * TONE_AMPLITUDE;
  float gain = powf (10.f, (float) level_db / 20) / sqrtf (power);
  guint start = samples->len;

  g_return_if_fail (number < WORD_CODE_WORDS);

  init_tables ();
  g_array_set_size (samples, start + WORD);
  for (guint symbol = 0; symbol < N_SYMBOLS; symbol++)
    {
      float period[PERIOD];

      make_period (number, symbol, period);
      for (guint i = symbol * SYMBOL; i < (symbol + 1) * SYMBOL; i++)
        g_array_index (samples, gint16, start + i) =
            to_sample (gain * ramp_at (i) * period[i % PERIOD]);
    }
}

void
word_code_append_pause (GArray *samples, guint ms, double noise_db, GRand *chance)
{
  guint start = samples->len;
  float amplitude = powf (10.f, (float) noise_db / 20) * sqrtf (3.f);

  g_array_set_size (samples, start + ms * (WORD_CODE_RATE / 1000));
  for (guint i = start; i < samples->len; i++)
    g_array_index (samples, gint16, i) =
        to_sample (amplitude * (float) g_rand_double_range (chance, -1, 1));
}

/* The periods of the window, one laid upon the other; what does not repeat itself fades. */
static void
fold (const gint16 *samples, float folded[PERIOD])
{
  for (guint i = 0; i < PERIOD; i++)
    {
      int sum = 0;

      for (guint k = i; k < WINDOW; k += PERIOD)
        sum += samples[k];
      folded[i] = (float) sum / 32768.f / (WINDOW / PERIOD);
    }
}

static float
power_of (const float folded[PERIOD], guint harmonic)
{
  float re = 0, im = 0;

  for (guint i = 0; i < PERIOD; i++)
    {
      re += folded[i] * cosine (harmonic, i);
      im += folded[i] * sine (harmonic, i);
    }

  return 2 * (re * re + im * im) / (PERIOD * PERIOD);
}

static float
energy_of (const gint16 *samples)
{
  float sum = 0;

  for (guint i = 0; i < WINDOW; i++)
    sum += (float) samples[i] * (float) samples[i];

  return sum / (32768.f * 32768.f * WINDOW);
}

/* The strongest tone of a group, or TONES when none stands out. */
static guint
strongest_tone (const float folded[PERIOD], guint group)
{
  float best = 0, sum = 0;
  guint best_tone = TONES;

  for (guint tone = 0; tone < TONES; tone++)
    {
      float power = power_of (folded, tone_harmonic (group, tone));

      sum += power;
      if (power > best)
        {
          best = power;
          best_tone = tone;
        }
    }

  return best > TONE_SHARE * sum ? best_tone : TONES;
}

/* The share of the mark's tones in the window at @samples; 0 when it is no mark. */
static float
mark_share (const gint16 *samples)
{
  float folded[PERIOD];
  float energy = energy_of (samples);
  float mark;

  if (energy < QUIETEST)
    return 0;
  fold (samples, folded);
  mark = power_of (folded, tone_harmonic (0, MARK)) + power_of (folded, tone_harmonic (1, MARK));
  if (mark < MARK_SHARE * energy || strongest_tone (folded, 0) != MARK
      || strongest_tone (folded, 1) != MARK)
    return 0;

  return mark;
}

/* @first: the window in the middle of the mark */
static gboolean
read_word (const gint16 *first, guint *number)
{
  guint bytes[N_SYMBOLS];

  for (guint symbol = 1; symbol < N_SYMBOLS; symbol++)
    {
      float folded[PERIOD];
      guint high, low;

      fold (first + symbol * SYMBOL, folded);
      high = strongest_tone (folded, 0);
      low = strongest_tone (folded, 1);
      if (high >= MARK || low >= MARK)
        return FALSE;
      bytes[symbol] = high << 4 | low;
    }
  *number = bytes[1] << 8 | bytes[2];

  return bytes[3] == checksum (*number);
}

/* Somewhat earlier or later than the middle is as good. */
static gboolean
read_near (const gint16 *samples, gsize n_samples, gsize middle, WordCodeWord *word)
{
  static const int shifts[] = { 0, 32, -32, 64, -64, 96, -96, 128, -128 };

  for (guint i = 0; i < G_N_ELEMENTS (shifts); i++)
    {
      gssize at = (gssize) middle + shifts[i];

      if (at < 0 || (gsize) at + (N_SYMBOLS - 1) * SYMBOL + WINDOW > n_samples)
        continue;
      if (!read_word (samples + at, &word->number))
        continue;
      word->start = MAX ((gssize) middle - (SYMBOL - WINDOW) / 2, 0);
      word->end = word->start + WORD;
      return TRUE;
    }

  return FALSE;
}

/* The strongest place of the mark that begins at @begin. */
static gsize
find_middle (const gint16 *samples, gsize n_samples, gsize begin, float share)
{
  gsize best = begin;

  for (gsize at = begin + HOP; at < begin + SYMBOL && at + WINDOW <= n_samples; at += HOP)
    {
      float here = mark_share (samples + at);

      if (here > share)
        {
          share = here;
          best = at;
        }
    }

  return best;
}

GArray *
word_code_find (const gint16 *samples, gsize n_samples)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (WordCodeWord));
  gsize at = 0;

  init_tables ();
  while (at + WORD - SYMBOL + WINDOW <= n_samples)
    {
      WordCodeWord word;
      float share = mark_share (samples + at);

      if (share > 0
          && read_near (samples, n_samples, find_middle (samples, n_samples, at, share), &word))
        {
          g_array_append_val (words, word);
          at = word.end - SYMBOL / 2;
        }
      else
        at += HOP;
    }

  return words;
}
