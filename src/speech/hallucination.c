/* SPDX-License-Identifier: MIT */
#include "hallucination.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "words.h"

/* Nobody speaks faster, in words per second of voice. Fast readers reach five, and the detector may
 * miss a third of what they say. */
#define FASTEST_WORDS 8.0

/* Of a phrase that models like to make up, half of that is enough. */
#define FASTEST_PHRASE 4.0

/* Characters of a script without spaces are spoken twice as fast as words. */
#define CHARACTER_WORDS 0.5

/* One word in this time of voice is no sentence but a description of a sound. */
#define SLOWEST_WORDS 0.4

/* Times of words may be so far beside the sound, in milliseconds. */
#define EARLY_MS 300
#define LATE_MS 500

/* A gap between words that ends a group of them. */
#define GROUP_GAP_MS 700

/* Whisper's own thresholds: a text that compresses better than this is repetitive; a segment of
 * which both others hold is silence. */
#define COMPRESSION_RATIO 2.4
#define NO_SPEECH_PROB 0.6
#define AVG_LOGPROB (-1.0)

#define LONGEST_TOKEN 40

/* No description is longer, in bytes. */
#define LONGEST_DESCRIPTION 120

/* Parts of a text that are looked at; each look reads the text. Five minutes of speech have some
 * 50 sentences. */
#define MOST_LOOKS 1000

/* Fewer repetitions than this are a figure of speech, and as many of several words are said by
 * nobody, however much time there is. */
#define FEWEST_REPEATS 4
#define MOST_REPEATS 30
#define LONGEST_PERIOD 60

/* What Whisper learned from subtitles, in the form of WhisWord.key. A hint alone: such a phrase is
 * removed only where there was hardly any voice for it. */
static const char *const phrases[] = {
  "thank you",
  "thanks for watching",
  "thank you for watching",
  "thank you very much",
  "please subscribe",
  "subtitles by the amara org community",
  "vielen dank",
  "vielen dank fürs zuschauen",
  "untertitel der amara org community",
  "untertitelung des zdf 2020",
  "sous titres réalisés par la communauté d amara org",
  "merci d avoir regardé cette vidéo",
  "gracias por ver el video",
  "subtítulos por la comunidad de amara org",
  "sottotitoli creati dalla comunità amara org",
  "продолжение следует",
};

/* Words of the descriptions that models give of sounds. A hint as well: what stands in brackets
 * within a sentence is never touched. */
static const char *const sounds[] = {
  "music",    "musik",   "musique", "música", "musica", "музыка",    "applause", "applaus",
  "laughter", "laughs",  "lachen",  "rires",  "blank",  "inaudible", "coughs",   "coughing",
  "sighs",    "silence", "noise",   "beep",   "static", "breathing", "howling",  "footsteps",
};

/* A text of which parts go away. */
typedef struct
{
  const char *text;
  guint8 *gone; /* a byte for each byte of the text */
  GArray *words;
  GPtrArray *times;
  GArray *places; /* WhisSpan: where each of the times is in the text, in bytes */
  GArray *voice;
  guint64 all_voice_ms;
  guint n_looks;
} Draft;

/* A text of a megabyte takes no more time than one of a page. */
static gboolean
may_look (Draft *draft)
{
  return draft->n_looks++ < MOST_LOOKS;
}

static double
weigh_words (const Draft *draft, gsize from, gsize to)
{
  double n = 0;

  for (guint i = 0; i < draft->words->len; i++)
    {
      const WhisWord *word = &g_array_index (draft->words, WhisWord, i);

      if (word->start >= from && word->end <= to && !draft->gone[word->start])
        n += word->is_character ? CHARACTER_WORDS : 1.0;
    }

  return n;
}

static void
remove_bytes (Draft *draft, gsize from, gsize to)
{
  memset (draft->gone + from, 1, to - from);
}

static gboolean
is_gone (const Draft *draft, gsize from, gsize to)
{
  for (gsize i = from; i < to; i++)
    if (!draft->gone[i] && !g_ascii_isspace (draft->text[i]))
      return FALSE;

  return TRUE;
}

/* Times that follow the text; what is not found in it has no place, and nothing behind it has. */
static void
find_places (Draft *draft)
{
  const char *at = draft->text;

  for (guint i = 0; i < draft->times->len; i++)
    {
      const WhisTimedText *part = g_ptr_array_index (draft->times, i);
      const char *found = strstr (at, part->text);
      WhisSpan place;

      if (found == NULL)
        return;
      place.start_ms = (guint64) (found - draft->text);
      place.end_ms = place.start_ms + strlen (part->text);
      g_array_append_val (draft->places, place);
      at = draft->text + place.end_ms;
    }
}

static gboolean
has_times (const Draft *draft)
{
  return draft->places->len > 0 && draft->places->len == draft->times->len;
}

static const WhisTimedText *
get_time (const Draft *draft, guint i)
{
  return g_ptr_array_index (draft->times, i);
}

static const WhisSpan *
get_place (const Draft *draft, guint i)
{
  return &g_array_index (draft->places, WhisSpan, i);
}

static double
get_rate (double n_words, guint64 voice_ms)
{
  return n_words * 1000 / (double) MAX (voice_ms, 1);
}

/* Voice in the time of some bytes of the text, as far as that is known; else of all the piece. */
static guint64
get_voice_ms (const Draft *draft, gsize from, gsize to)
{
  guint64 start = G_MAXUINT64;
  guint64 end = 0;

  if (!has_times (draft))
    return draft->all_voice_ms;
  for (guint i = 0; i < draft->places->len; i++)
    {
      const WhisSpan *place = get_place (draft, i);

      if (place->end_ms <= from || place->start_ms >= to)
        continue;
      start = MIN (start, get_time (draft, i)->start_ms);
      end = MAX (end, get_time (draft, i)->end_ms);
    }
  if (start > end)
    return draft->all_voice_ms;

  return whis_spans_get_ms (draft->voice, start > EARLY_MS ? start - EARLY_MS : 0, end + LATE_MS);
}

/* --- tokens ----------------------------------------------------------------------------------- */

/* `<|endoftext|>`, `[_BEG_]`, `<unk>`: the alphabet of a model, which nobody can say. */
static gsize
match_token (const char *text)
{
  static const char *const others[] = { "<unk>", "[UNK]", "[BLANK_AUDIO]", "<s>", "</s>" };
  const char *end;

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (g_str_has_prefix (text, others[i]))
      return strlen (others[i]);
  if (g_str_has_prefix (text, "[_"))
    {
      gsize length = strspn (text + 1, "_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

      return text[1 + length] == ']' ? length + 2 : 0;
    }
  end = g_str_has_prefix (text, "<|") ? g_strstr_len (text, LONGEST_TOKEN, "|>") : NULL;

  return end != NULL ? (gsize) (end + 2 - text) : 0;
}

static void
remove_tokens (Draft *draft, WhisHallucinations *found)
{
  const char *at = draft->text;

  while (*at != '\0')
    {
      gsize length = match_token (at);

      if (length > 0)
        {
          remove_bytes (draft, (gsize) (at - draft->text), (gsize) (at - draft->text) + length);
          found->n_sounds++;
        }
      at += MAX (length, 1);
    }
}

/* --- descriptions of sounds ------------------------------------------------------------------- */

typedef struct
{
  const char *open;
  const char *close;
} Bracket;

static const Bracket brackets[] = { { "[", "]" },   { "(", ")" },   { "*", "*" },  { "♪", "♪" },
                                    { "【", "】" }, { "（", "）" }, { "［", "］" } };

static const char *
find_close (const char *text, const Bracket **bracket)
{
  for (gsize i = 0; i < G_N_ELEMENTS (brackets); i++)
    {
      if (!g_str_has_prefix (text, brackets[i].open))
        continue;
      *bracket = &brackets[i];
      return g_strstr_len (text + strlen (brackets[i].open), LONGEST_DESCRIPTION,
                           brackets[i].close);
    }

  return NULL;
}

/* Between sentences, and no part of one: there a model puts its descriptions. Behind one that names
 * a sound a sentence may begin with a small letter. */
static gboolean
is_between_sentences (const char *text, const char *from, const char *to, gboolean names_sound)
{
  gboolean is_apart = from == text || g_ascii_isspace (from[-1]);
  gunichar next;

  while (from > text && g_ascii_isspace (from[-1]))
    from--;
  while (g_ascii_isspace (*to))
    to++;
  next = g_utf8_get_char (to);

  return is_apart && (from == text || strchr (".!?])*", from[-1]) != NULL)
         && (names_sound || !g_unichar_islower (next))
         && !(next != 0 && strchr (".,;:!?", *to) != NULL);
}

static gboolean
names_sound (const Draft *draft, gsize from, gsize to)
{
  for (guint i = 0; i < draft->words->len; i++)
    {
      const WhisWord *word = &g_array_index (draft->words, WhisWord, i);

      if (word->start < from || word->end > to)
        continue;
      for (gsize k = 0; k < G_N_ELEMENTS (sounds); k++)
        if (g_str_equal (word->key, sounds[k]))
          return TRUE;
    }

  return FALSE;
}

/* What was dictated takes the time of its words; a description takes none, or all there is. */
static gboolean
is_description (const Draft *draft, gsize from, gsize to, gboolean names_sound)
{
  double n_words = weigh_words (draft, from, to);
  double rate = get_rate (n_words, get_voice_ms (draft, from, to));
  gboolean is_all = weigh_words (draft, 0, strlen (draft->text)) <= n_words;

  return names_sound || n_words == 0
         || ((is_all || has_times (draft)) && (rate > FASTEST_WORDS || rate < SLOWEST_WORDS));
}

static void
remove_descriptions (Draft *draft, WhisHallucinations *found)
{
  const char *at = draft->text;

  while (*at != '\0')
    {
      const Bracket *bracket = NULL;
      const char *close = find_close (at, &bracket);
      gsize from = (gsize) (at - draft->text);
      gsize to;
      gboolean is_named;

      at = g_utf8_next_char (at);
      if (close == NULL || draft->gone[from] || !may_look (draft))
        continue;
      to = (gsize) (close - draft->text) + strlen (bracket->close);
      is_named = names_sound (draft, from, to);
      if (!is_between_sentences (draft->text, draft->text + from, draft->text + to, is_named)
          || !is_description (draft, from, to, is_named))
        continue;
      remove_bytes (draft, from, to);
      found->n_sounds++;
      at = draft->text + to;
    }
}

/* --- what the model itself took for silence --------------------------------------------------- */

static void
remove_unlikely (Draft *draft, GPtrArray *segments, WhisHallucinations *found)
{
  const char *at = draft->text;

  for (guint i = 0; i < segments->len; i++)
    {
      const WhisTranscriptionSegment *segment = g_ptr_array_index (segments, i);
      const char *place = strstr (at, segment->text);

      if (place == NULL)
        return;
      at = place + strlen (segment->text);
      if (!(segment->no_speech_prob > NO_SPEECH_PROB) || !(segment->avg_logprob < AVG_LOGPROB))
        continue;
      remove_bytes (draft, (gsize) (place - draft->text), (gsize) (at - draft->text));
      found->n_invented++;
    }
}

/* --- loops ------------------------------------------------------------------------------------ */

static double
get_compression_ratio (const char *text, gsize length)
{
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1));
  gsize size = length + 1024;
  g_autofree char *out = g_malloc (size);
  gsize n_read, n_written;

  if (length == 0
      || g_converter_convert (compressor, text, length, out, size, G_CONVERTER_INPUT_AT_END,
                              &n_read, &n_written, NULL)
             != G_CONVERTER_FINISHED
      || n_written == 0)
    return 0;

  return (double) length / (double) n_written;
}

/* A stretch of words that repeats its first words. */
typedef struct
{
  guint first;
  guint period;
  guint length;
} Run;

static const WhisWord *
get_word (const Draft *draft, guint i)
{
  return &g_array_index (draft->words, WhisWord, i);
}

static guint
count_repeated (const Draft *draft, guint first, guint period)
{
  guint n = 0;

  while (
      first + n + period < draft->words->len
      && g_str_equal (get_word (draft, first + n)->key, get_word (draft, first + n + period)->key))
    n++;

  return n;
}

/* The longest stretch from @first on that says the same at least so often. */
static gboolean
find_run (const Draft *draft, guint first, Run *run)
{
  run->length = 0;
  for (guint period = 1; period <= LONGEST_PERIOD; period++)
    {
      guint length = period + count_repeated (draft, first, period);

      if (length >= period * FEWEST_REPEATS && length > run->length)
        *run = (Run){ first, period, length };
    }

  return run->length > 0;
}

static gsize
end_of_word (const Draft *draft, guint i)
{
  return i + 1 < draft->words->len ? get_word (draft, i + 1)->start : strlen (draft->text);
}

static gboolean
is_endless (const Run *run)
{
  return run->period > 1 && run->length / run->period >= MOST_REPEATS;
}

/* Once stays, the others go, where there was no time to say them all. */
static void
judge_run (Draft *draft, const Run *run, WhisHallucinations *found)
{
  gsize from = get_word (draft, run->first)->start;
  gsize to = end_of_word (draft, run->first + run->length - 1);
  gsize once = end_of_word (draft, run->first + run->period - 1);

  if (get_compression_ratio (draft->text + from, to - from) <= COMPRESSION_RATIO)
    return;
  if (!is_endless (run)
      && get_rate (weigh_words (draft, from, to), get_voice_ms (draft, from, to)) <= FASTEST_WORDS)
    {
      found->is_doubtful = TRUE;
      return;
    }
  remove_bytes (draft, once, to);
  found->n_loops++;
}

static void
remove_loops (Draft *draft, WhisHallucinations *found)
{
  guint i = 0;

  while (i < draft->words->len)
    {
      Run run = { 0 };

      if (find_run (draft, i, &run))
        {
          if (!may_look (draft))
            return;
          judge_run (draft, &run, found);
          i += run.length;
        }
      else
        i++;
    }
}

/* --- words where nobody spoke ----------------------------------------------------------------- */

static gboolean
is_phrase (const Draft *draft, gsize from, gsize to)
{
  g_autoptr (GString) keys = g_string_new (NULL);

  for (guint i = 0; i < draft->words->len; i++)
    {
      const WhisWord *word = get_word (draft, i);

      if (word->start >= from && word->end <= to)
        g_string_append_printf (keys, "%s%s", keys->len > 0 ? " " : "", word->key);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (phrases); i++)
    if (g_str_equal (keys->str, phrases[i]))
      return TRUE;

  return FALSE;
}

static gboolean
is_invented (const Draft *draft, gsize from, gsize to)
{
  double rate = get_rate (weigh_words (draft, from, to), get_voice_ms (draft, from, to));

  return rate > (is_phrase (draft, from, to) ? FASTEST_PHRASE : FASTEST_WORDS);
}

static gboolean
ends_group (const Draft *draft, guint i)
{
  const WhisTimedText *part = get_time (draft, i);
  gsize length = strlen (part->text);

  return i + 1 == draft->times->len
         || (length > 0 && strchr (".!?", part->text[length - 1]) != NULL)
         || get_time (draft, i + 1)->start_ms > part->end_ms + GROUP_GAP_MS;
}

/* The parts of a text that may have been made up as a whole: sentences, or what stands alone. */
static GArray *
find_groups (const Draft *draft)
{
  GArray *groups = whis_spans_new ();
  gsize start = 0;

  for (guint i = 0; i < draft->places->len; i++)
    {
      WhisSpan group = { start, i + 1 < draft->places->len ? get_place (draft, i + 1)->start_ms
                                                           : strlen (draft->text) };

      if (!ends_group (draft, i))
        continue;
      if (!is_gone (draft, group.start_ms, group.end_ms))
        g_array_append_val (groups, group);
      start = group.end_ms;
    }

  return groups;
}

static gboolean
remove_if_invented (Draft *draft, GArray *groups, guint i, WhisHallucinations *found)
{
  const WhisSpan *group = &g_array_index (groups, WhisSpan, i);

  if (!may_look (draft) || !is_invented (draft, group->start_ms, group->end_ms))
    return FALSE;
  remove_bytes (draft, group->start_ms, group->end_ms);
  found->n_invented++;

  return TRUE;
}

/* At both ends of a piece, where models speak of silence. Inside, times are too rough to tell. */
static void
remove_ends (Draft *draft, WhisHallucinations *found)
{
  g_autoptr (GArray) groups = find_groups (draft);
  guint first = 0;
  guint last = groups->len;

  while (last > 0 && remove_if_invented (draft, groups, last - 1, found))
    last--;
  while (first < last && remove_if_invented (draft, groups, first, found))
    first++;
}

/* Without times all of a text is made up, or nothing. */
static void
remove_all (Draft *draft, WhisHallucinations *found)
{
  gsize length = strlen (draft->text);

  if (is_gone (draft, 0, length) || draft->all_voice_ms > 1000 || !is_invented (draft, 0, length))
    return;
  remove_bytes (draft, 0, length);
  found->n_invented++;
}

/* ---------------------------------------------------------------------------------------------- */

/* What is left of a part of the text, with one blank where two would be. */
static char *
write_rest (const Draft *draft, gsize from, gsize to)
{
  GString *rest = g_string_new (NULL);

  for (gsize i = from; i < to; i++)
    {
      gboolean is_blank = draft->text[i] == ' ';

      if (!draft->gone[i] && !(is_blank && (rest->len == 0 || rest->str[rest->len - 1] == ' ')))
        g_string_append_c (rest, draft->text[i]);
    }
  while (rest->len > 0 && rest->str[rest->len - 1] == ' ')
    g_string_truncate (rest, rest->len - 1);

  return g_string_free (rest, FALSE);
}

static void
keep_rest (Draft *draft, WhisTranscription *transcription)
{
  char *rest = write_rest (draft, 0, strlen (draft->text));

  for (guint i = draft->places->len; i > 0; i--)
    {
      const WhisSpan *place = get_place (draft, i - 1);
      WhisTimedText *part = g_ptr_array_index (transcription->times, i - 1);

      g_free (part->text);
      part->text = write_rest (draft, place->start_ms, place->end_ms);
      if (*part->text == '\0')
        g_ptr_array_remove_index (transcription->times, i - 1);
    }
  g_free (transcription->text);
  transcription->text = rest;
}

static void
draft_init (Draft *draft, const WhisTranscription *transcription, GArray *voice)
{
  draft->text = transcription->text;
  draft->gone = g_new0 (guint8, strlen (draft->text) + 1);
  draft->words = whis_words_split (draft->text);
  draft->times = transcription->times;
  draft->places = whis_spans_new ();
  draft->voice = voice;
  draft->all_voice_ms = whis_spans_get_ms (voice, 0, G_MAXUINT64);
  find_places (draft);
}

static void
draft_clear (Draft *draft)
{
  g_free (draft->gone);
  g_array_unref (draft->words);
  g_array_unref (draft->places);
}

/**
 * whis_hallucinations_remove:
 * @transcription: what a service made of a piece of sound
 * @voice: (element-type WhisSpan): where a voice was heard in it, in the times of @transcription
 * @found: (inout): what was found is added
 *
 * Removes what models make up: words in silence, the same words over and over, descriptions of
 * sounds. What counts is measured: whether there was time and voice to say it. Words that are known
 * to be made up often are removed sooner, but not where they were said.
 *
 * Thresholds are those of OpenAI's Whisper (`transcribe.py`), except for the rate of words.
 */
void
whis_hallucinations_remove (WhisTranscription *transcription,
                            GArray *voice,
                            WhisHallucinations *found)
{
  Draft draft = { NULL };

  g_return_if_fail (transcription != NULL);
  g_return_if_fail (voice != NULL && found != NULL);

  draft_init (&draft, transcription, voice);
  remove_tokens (&draft, found);
  remove_descriptions (&draft, found);
  remove_unlikely (&draft, transcription->segments, found);
  remove_loops (&draft, found);
  if (has_times (&draft))
    remove_ends (&draft, found);
  else
    remove_all (&draft, found);
  keep_rest (&draft, transcription);
  draft_clear (&draft);
}
