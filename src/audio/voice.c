/* SPDX-License-Identifier: MIT */
#include "voice.h"

#include <math.h>
#include <string.h>

/* Pitch needs only the lowest kilohertz, so the search runs at a quarter of the rate. */
#define DECIMATION 4
#define STEP_SAMPLES (WHIS_VOICE_RATE / 1000 * WHIS_VOICE_STEP_MS)
#define LOW_STEP (STEP_SAMPLES / DECIMATION)
#define FIR_TAPS 32

/* 400 Hz (a child) down to 70 Hz (a deep man), at 4 kHz */
#define SHORTEST_LAG 10
#define LONGEST_LAG 57

/* The window of the pitch search: 40 ms hold three periods of a deep voice. */
#define WINDOW_STEPS 4
#define WINDOW (WINDOW_STEPS * LOW_STEP)
#define HISTORY (WINDOW + LONGEST_LAG + 1)

/* How alike a period and the one before must be. Vowels reach 0.8 to 0.98, noise stays under 0.5.
 */
#define PERIODIC 0.65f

/* Voice must stand out from the room by this much; at its edges a little less. */
#define ABOVE_FLOOR_DB 6.f
#define EDGE_ABOVE_FLOOR_DB 4.f

/* The room is the quietest 50 ms of the last three seconds and the next 0.3. Nobody speaks for so
 * long without a dip; a fan, a hum or a steady tone never dips. */
#define FLOOR_STEPS 300
#define FLOOR_SMOOTHING 5
#define QUIETEST_DB -80.f
#define DIGITAL_SILENCE_DB -100.f

/* A vowel holds its pitch: this many windows in a row agree, which makes 60 ms of sound. A click
 * that happens to look periodic does not last. */
#define CORE_RUN 3

/* Consonants lean on vowels: loud sound this close to one is part of the word. */
#define BEFORE_STEPS 15
#define AFTER_STEPS 20

/* A decision waits for this many steps of later sound: a whisper is known by three syllables, and
 * the first of them belongs to it. */
#define AHEAD_STEPS 100

/* Of these the room is judged. */
#define FLOOR_AHEAD_STEPS 30

/* A whisper is noise that rises above the room, by this much and in syllables: hills of at least 90
 * ms with dips between, two to eight in a second, three or more in a row. A key or a knock is
 * shorter, a breath or a door has one hill, a fan has none. */
#define WHISPER_ABOVE_DB 8.f
#define SYLLABLE_DIP_DB 4.f
#define SYLLABLE_TOP_DB 10.f
#define SYLLABLE_EVEN_DB 7.f
#define SHORTEST_TOP 5
#define SHORTEST_SYLLABLE 9
#define LONGEST_SYLLABLE 60
#define FEWEST_SYLLABLES 3

/* A hill of this length is sound that may be a word. */
#define SHORTEST_SOUND 15

/* What either detector wants to hear above the room, less what the room may seem louder than it
 * will turn out to be. */
#define CALM_ABOVE_DB 4.f
#define CALM_HIGH_DB 6.f

#define SYLLABLE_BACK_STEPS 120
#define SYLLABLE_GAP 50

#define RING 512

typedef enum
{
  BAND_LOW, /* 100 to 1100 Hz, where vowels are */
  BAND_FULL,
  BAND_HIGH, /* weighted towards consonants and whispers, which are louder there than rooms */
  N_BANDS,
} Band;

typedef struct
{
  float level_db[N_BANDS];    /* of these 10 ms */
  float smoothed_db[N_BANDS]; /* of the last 50 ms */
  gboolean periodic;          /* the 40 ms up to here, and those before, have the same pitch */
} Step;

/**
 * WhisVoice:
 *
 * Tells voice from other sound, every 10 ms, a second after it was heard.
 *
 * A voice is periodic for at least 60 ms somewhere between 70 and 400 Hz, and it rises above the
 * room. Keyboard clicks and noise are not periodic; hum, fans and tones do not rise above
 * themselves. Loud sound around such a core (consonants) counts as voice too. Music and the voices
 * of others do as well.
 *
 * A whisper is not periodic. It is told by its syllables, by a second detector: either of the two
 * is believed.
 */
struct _WhisVoice
{
  gint16 pending[STEP_SAMPLES];
  gsize n_pending;

  float input[FIR_TAPS + STEP_SAMPLES];
  float low[HISTORY];
  float high_pass_in;
  float high_pass_out;
  guint run;
  guint run_lag;

  Step steps[RING];
  guint64 n_steps;
  guint64 n_decided;
  guint64 n_calm; /* steps in a row, the last one among them */
  gboolean finished;
};

/* Low-pass at 1100 Hz: a sinc under a Hamming window, symmetric, the first half of it; 65 dB down
 * from 2 kHz on. */
static const float fir[FIR_TAPS / 2] = { 0.000656f,  -0.000038f, -0.001202f, -0.003184f,
                                         -0.005949f, -0.008817f, -0.010408f, -0.008869f,
                                         -0.002333f, 0.010470f,  0.029662f,  0.053890f,
                                         0.080375f,  0.105356f,  0.124852f,  0.135541f };

/* High-pass at 90 Hz, first order, at 4 kHz: takes the edge off mains hum and rumble. */
#define HIGH_PASS 0.876f

/**
 * whis_voice_new:
 *
 * Returns: (transfer full): a detector that has heard nothing
 */
WhisVoice *
whis_voice_new (void)
{
  return g_new0 (WhisVoice, 1);
}

/**
 * whis_voice_free:
 * @voice: (transfer full) (nullable): a detector
 */
void
whis_voice_free (WhisVoice *voice)
{
  g_free (voice);
}

static Step *
get_step (WhisVoice *voice, guint64 n)
{
  return &voice->steps[n % RING];
}

static float
filter_at (const float *x)
{
  float sum = 0;

  for (guint i = 0; i < FIR_TAPS / 2; i++)
    sum += fir[i] * (x[i] + x[FIR_TAPS - 1 - i]);

  return sum;
}

static float
high_pass (WhisVoice *voice, float x)
{
  voice->high_pass_out = HIGH_PASS * (voice->high_pass_out + x - voice->high_pass_in);
  voice->high_pass_in = x;

  return voice->high_pass_out;
}

static float
energy_of (const float *x, guint n)
{
  float sum = 0;

  for (guint i = 0; i < n; i++)
    sum += x[i] * x[i];

  return sum;
}

static float
level_of (const float *x, guint n)
{
  return 10.f * log10f (energy_of (x, n) / (float) n + 1e-12f);
}

/* Appends the pending step to the full-band and the low-band history. */
static void
append_step (WhisVoice *voice)
{
  memmove (voice->input, voice->input + STEP_SAMPLES, FIR_TAPS * sizeof (float));
  for (guint i = 0; i < STEP_SAMPLES; i++)
    voice->input[FIR_TAPS + i] = (float) voice->pending[i] / 32768.f;

  memmove (voice->low, voice->low + LOW_STEP, (HISTORY - LOW_STEP) * sizeof (float));
  for (guint i = 0; i < LOW_STEP; i++)
    voice->low[HISTORY - LOW_STEP + i] =
        high_pass (voice, filter_at (voice->input + (i + 1) * DECIMATION));
}

/* How much the window resembles itself @lag samples earlier, from -1 to 1. Four sums at a time,
 * because each addition waits for the one before. */
static float
voice_similarity (const float *window, float energy, float energy_before, guint lag)
{
  const float *before = window - lag;
  float sums[4] = { 0 };

  for (guint i = 0; i < WINDOW; i += 4)
    for (guint k = 0; k < 4; k++)
      sums[k] += window[i + k] * before[i + k];

  return (sums[0] + sums[1] + sums[2] + sums[3]) / sqrtf (energy * energy_before + 1e-16f);
}

/* The lag at which the window repeats itself best, or 0 if it does not. A best lag at the short end
 * is no period but sound without high frequencies. */
static guint
find_pitch (WhisVoice *voice)
{
  const float *window = voice->low + HISTORY - WINDOW;
  float energy = energy_of (window, WINDOW);
  float energy_before = energy_of (window - SHORTEST_LAG + 1, WINDOW);
  float best = PERIODIC;
  guint best_lag = 0;

  for (guint lag = SHORTEST_LAG - 1; lag <= LONGEST_LAG; lag++)
    {
      float alike = voice_similarity (window, energy, energy_before, lag);
      float entering = (window - lag - 1)[0];
      float leaving = (window - lag - 1)[WINDOW];

      if (alike > best)
        {
          best = alike;
          best_lag = lag;
        }
      energy_before += entering * entering - leaving * leaving;
      energy_before = MAX (energy_before, 0.f);
    }

  return best_lag >= SHORTEST_LAG ? best_lag : 0;
}

static gboolean
follow_pitch (WhisVoice *voice, guint lag)
{
  guint difference = lag > voice->run_lag ? lag - voice->run_lag : voice->run_lag - lag;

  if (lag == 0)
    voice->run = 0;
  else if (voice->run > 0 && difference <= MAX (2, lag / 7))
    voice->run++;
  else
    voice->run = 1;
  voice->run_lag = lag;

  return voice->run >= CORE_RUN;
}

/* Digital silence says nothing about the room: sound servers start with it. Not even half of a
 * stretch may be that, or it would look like a very quiet room. */
static float
smooth_level (WhisVoice *voice, Band band)
{
  guint64 n = MIN (voice->n_steps + 1, FLOOR_SMOOTHING);
  float sum = 0;

  for (guint64 i = 0; i < n; i++)
    {
      float level = get_step (voice, voice->n_steps - i)->level_db[band];

      if (level < DIGITAL_SILENCE_DB)
        return level;
      sum += level;
    }

  return sum / (float) n;
}

/* The first difference: 6 dB less for each octave further down. */
static float
high_level_of (const float *x, guint n)
{
  const float *before = x - 1;
  float sum = 0;

  for (guint i = 0; i < n; i++)
    sum += (x[i] - before[i]) * (x[i] - before[i]);

  return 10.f * log10f (sum / (float) n + 1e-12f);
}

/* A microphone that gives zeros in pauses has a room without any sound. */
static float
find_quietest (WhisVoice *voice, Band band)
{
  guint64 from = voice->n_steps > FLOOR_STEPS ? voice->n_steps - FLOOR_STEPS : 0;
  float quietest = 0.f;

  for (guint64 n = from; n <= voice->n_steps; n++)
    quietest = MIN (quietest, get_step (voice, n)->smoothed_db[band]);

  return MAX (quietest, QUIETEST_DB);
}

/* Whether the last step can be neither of a voice nor of a whisper. */
static gboolean
is_calm (WhisVoice *voice)
{
  const Step *step = get_step (voice, voice->n_steps);

  if (step->periodic && step->level_db[BAND_LOW] > find_quietest (voice, BAND_LOW) + CALM_ABOVE_DB)
    return FALSE;

  return step->smoothed_db[BAND_HIGH] < find_quietest (voice, BAND_HIGH) + CALM_HIGH_DB;
}

static void
analyse_step (WhisVoice *voice)
{
  Step *step = get_step (voice, voice->n_steps);

  append_step (voice);
  step->level_db[BAND_LOW] = level_of (voice->low + HISTORY - LOW_STEP, LOW_STEP);
  step->level_db[BAND_FULL] = level_of (voice->input + FIR_TAPS, STEP_SAMPLES);
  step->level_db[BAND_HIGH] = high_level_of (voice->input + FIR_TAPS, STEP_SAMPLES);
  for (Band band = 0; band < N_BANDS; band++)
    step->smoothed_db[band] = smooth_level (voice, band);
  step->periodic = follow_pitch (voice, find_pitch (voice));
  voice->n_calm = is_calm (voice) ? voice->n_calm + 1 : 0;
  voice->n_steps++;
}

/**
 * whis_voice_push:
 * @voice: a detector
 * @samples: (array length=n_samples): sound at 16 kHz, one channel
 * @n_samples: number of samples; at most 1 s between two rounds of [method@Voice.next]
 *
 * Hears more sound.
 */
void
whis_voice_push (WhisVoice *voice, const gint16 *samples, gsize n_samples)
{
  g_return_if_fail (voice != NULL);
  g_return_if_fail (samples != NULL || n_samples == 0);

  while (n_samples > 0)
    {
      gsize n = MIN (n_samples, STEP_SAMPLES - voice->n_pending);

      memcpy (voice->pending + voice->n_pending, samples, n * sizeof *samples);
      voice->n_pending += n;
      samples += n;
      n_samples -= n;

      if (voice->n_pending == STEP_SAMPLES)
        {
          analyse_step (voice);
          voice->n_pending = 0;
        }
    }
}

/**
 * whis_voice_get_calm_ms:
 * @voice: a detector
 *
 * Tells at once what [method@Voice.next] tells a second later, as far as it is beyond doubt: where
 * no sound has a pitch and none rises above the room there is no speech. Speech that sets in is
 * noticed after some 100 ms.
 *
 * Returns: for how long nothing has been heard up to now that may be speech, in milliseconds
 */
guint64
whis_voice_get_calm_ms (WhisVoice *voice)
{
  g_return_val_if_fail (voice != NULL, 0);

  return voice->n_calm * WHIS_VOICE_STEP_MS;
}

/**
 * whis_voice_finish:
 * @voice: a detector
 *
 * Tells that no more sound will come, so that what is undecided can be decided.
 */
void
whis_voice_finish (WhisVoice *voice)
{
  g_return_if_fail (voice != NULL);

  voice->finished = TRUE;
}

static float
find_floor (WhisVoice *voice, guint64 from, guint64 to, Band band)
{
  float quietest = 0.f;

  for (guint64 n = from; n < to; n++)
    {
      float level = get_step (voice, n)->smoothed_db[band];

      if (level < quietest && level > DIGITAL_SILENCE_DB)
        quietest = level;
    }

  return MAX (quietest, QUIETEST_DB);
}

static gboolean
is_core (WhisVoice *voice, guint64 n, float loud_db)
{
  const Step *step = get_step (voice, n);

  return step->periodic && step->level_db[BAND_LOW] > loud_db;
}

/* A walk along the level: hills are parted by dips. */
typedef struct
{
  guint64 start;
  guint64 peak_at;
  float peak_db;
  float dip_db;
  guint64 dip_at;
  gboolean falling;
} Walk;

static guint
width_of_hill (WhisVoice *voice, guint64 start, guint64 end, float peak_db)
{
  guint width = 0;

  for (guint64 i = start; i < end; i++)
    width += get_step (voice, i)->smoothed_db[BAND_HIGH] > peak_db - SYLLABLE_TOP_DB;

  return width;
}

/* How much of a hill is about as loud as its loudest 10 ms: of a key and its echo, next to nothing.
 */
static guint
length_of_top (WhisVoice *voice, guint64 start, guint64 end)
{
  float loudest = -G_MAXFLOAT;
  guint length = 0;

  for (guint64 i = start; i < end; i++)
    loudest = MAX (loudest, get_step (voice, i)->level_db[BAND_HIGH]);
  for (guint64 i = start; i < end; i++)
    length += get_step (voice, i)->level_db[BAND_HIGH] > loudest - SYLLABLE_EVEN_DB;

  return length;
}

/* How long a hill is, in steps; 0 if it is not loud, or falls off at once. */
static guint
measure_hill (WhisVoice *voice, const Walk *walk, guint64 end, float loud_db)
{
  if (walk->peak_db < loud_db || length_of_top (voice, walk->start, end) < SHORTEST_TOP)
    return 0;

  return width_of_hill (voice, walk->start, end, walk->peak_db);
}

/* Takes the next step. Returns whether a hill ended, at the walk's dip. */
static gboolean
walk_on (Walk *walk, guint64 i, float level)
{
  if (!walk->falling)
    {
      if (level > walk->peak_db)
        {
          walk->peak_db = level;
          walk->peak_at = i;
        }
      else if (level < walk->peak_db - SYLLABLE_DIP_DB)
        {
          walk->falling = TRUE;
          walk->dip_db = level;
          walk->dip_at = i;
        }
      return FALSE;
    }
  if (level < walk->dip_db)
    {
      walk->dip_db = level;
      walk->dip_at = i;
    }

  return level > walk->dip_db + SYLLABLE_DIP_DB;
}

static void
begin_hill (Walk *walk, guint64 start, guint64 at, float level)
{
  *walk = (Walk){ .start = start, .peak_at = at, .peak_db = level };
}

/* Syllables that follow each other, in which or between which a step is. */
typedef struct
{
  guint n;
  guint64 first;
  guint64 last; /* peak */
  guint64 end;
} Row;

static gboolean
is_syllable (guint width)
{
  return width >= SHORTEST_SYLLABLE && width <= LONGEST_SYLLABLE;
}

/* Notes a hill. Returns what is at @n, as far as it shows that. */
static WhisVoiceKind
extend_row (Row *row, const Walk *walk, guint64 end, guint width, guint64 n)
{
  gboolean follows = row->n > 0 && walk->peak_at - row->last <= SYLLABLE_GAP;
  gboolean is_here = walk->start <= n && n < end;

  if (is_syllable (width))
    {
      if (!follows)
        *row = (Row){ .first = walk->start };
      row->n++;
      row->last = walk->peak_at;
      row->end = end;
    }
  if (row->n >= FEWEST_SYLLABLES && row->first <= n && n < row->end)
    return WHIS_VOICE_SPEECH;

  return is_here && width >= SHORTEST_SOUND ? WHIS_VOICE_SOUND : WHIS_VOICE_NONE;
}

/* What noise is at @n: looks at the hills around it. */
static WhisVoiceKind
judge_noise (WhisVoice *voice, guint64 n, float loud_db)
{
  guint64 from = n > SYLLABLE_BACK_STEPS ? n - SYLLABLE_BACK_STEPS : 0;
  guint64 to = MIN (n + AHEAD_STEPS, voice->n_steps);
  WhisVoiceKind kind = WHIS_VOICE_NONE;
  Walk walk;
  Row row = { 0 };

  if (get_step (voice, n)->smoothed_db[BAND_HIGH] < loud_db)
    return WHIS_VOICE_NONE;

  begin_hill (&walk, from, from, get_step (voice, from)->smoothed_db[BAND_HIGH]);
  for (guint64 i = from + 1; i < to; i++)
    {
      float level = get_step (voice, i)->smoothed_db[BAND_HIGH];
      guint64 dip_at;

      if (!walk_on (&walk, i, level))
        continue;
      dip_at = walk.dip_at;
      kind = MAX (
          kind, extend_row (&row, &walk, dip_at, measure_hill (voice, &walk, dip_at, loud_db), n));
      if (kind == WHIS_VOICE_SPEECH)
        return kind;
      begin_hill (&walk, dip_at, i, level);
    }

  return MAX (kind, extend_row (&row, &walk, to, measure_hill (voice, &walk, to, loud_db), n));
}

static WhisVoiceKind
voice_decide (WhisVoice *voice, guint64 n)
{
  guint64 from = n > FLOOR_STEPS ? n - FLOOR_STEPS : 0;
  guint64 to = MIN (n + FLOOR_AHEAD_STEPS, voice->n_steps);
  const Step *step = get_step (voice, n);
  float floor_db[N_BANDS] = {
    find_floor (voice, from, to, BAND_LOW),
    find_floor (voice, from, to, BAND_FULL),
    find_floor (voice, from, to, BAND_HIGH),
  };
  guint64 first = n > AFTER_STEPS ? n - AFTER_STEPS : 0;
  guint64 last = MIN (n + BEFORE_STEPS + WINDOW_STEPS + CORE_RUN, to);

  if (step->level_db[BAND_LOW] < floor_db[BAND_LOW] + EDGE_ABOVE_FLOOR_DB
      && step->level_db[BAND_FULL] < floor_db[BAND_FULL] + EDGE_ABOVE_FLOOR_DB)
    return WHIS_VOICE_NONE;

  for (guint64 i = first; i < last; i++)
    if (is_core (voice, i, floor_db[BAND_LOW] + ABOVE_FLOOR_DB))
      return WHIS_VOICE_SPEECH;

  return judge_noise (voice, n, floor_db[BAND_HIGH] + WHISPER_ABOVE_DB);
}

/**
 * whis_voice_next:
 * @voice: a detector
 * @heard: (out): what was heard in the next 10 ms
 *
 * Returns: whether @heard was set; %FALSE when more sound is needed first
 */
gboolean
whis_voice_next (WhisVoice *voice, WhisVoiceKind *heard)
{
  guint64 ahead;

  g_return_val_if_fail (voice != NULL, FALSE);
  g_return_val_if_fail (heard != NULL, FALSE);

  ahead = voice->finished ? 1 : AHEAD_STEPS;
  if (voice->n_decided + ahead > voice->n_steps)
    return FALSE;

  *heard = voice_decide (voice, voice->n_decided);
  voice->n_decided++;

  return TRUE;
}
