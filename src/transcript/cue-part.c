/* SPDX-License-Identifier: MIT */
#include "cue-part.h"

#include <string.h>

#include "merge.h"

/* More wide characters than this are no word. */
#define LONGEST_WIDE_WORD 8

void
whis_cue_part_free (WhisCuePart *self)
{
  g_free (self->text);
  g_free (self);
}

/* Valid UTF-8 in one line: what a subtitle has no form for becomes a space. */
static char *
cue_part_straighten (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *straight = g_string_new (NULL);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar sign = g_utf8_get_char (c);
      GUnicodeBreakType type = g_unichar_break_type (sign);
      gboolean blank = sign == ' ' || g_unichar_iscntrl (sign)
                       || (g_unichar_isspace (sign) && type != G_UNICODE_BREAK_NON_BREAKING_GLUE);

      if (!blank)
        g_string_append_unichar (straight, sign);
      else if (straight->len > 0 && straight->str[straight->len - 1] != ' ')
        g_string_append_c (straight, ' ');
    }
  if (straight->len > 0 && straight->str[straight->len - 1] == ' ')
    g_string_truncate (straight, straight->len - 1);

  return g_string_free (straight, FALSE);
}

static void
cue_part_add (GPtrArray *parts, WhisCuePartKind kind, guint64 start_ms, guint64 end_ms, char *text)
{
  WhisCuePart *part = g_new0 (WhisCuePart, 1);

  part->kind = kind;
  part->start_ms = start_ms;
  part->end_ms = MAX (start_ms, end_ms);
  part->text = text;
  g_ptr_array_add (parts, part);
}

static gboolean
is_word (const char *text)
{
  guint n_wide = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    n_wide += g_unichar_iswide (g_utf8_get_char (c));

  return strchr (text, ' ') == NULL && n_wide <= LONGEST_WIDE_WORD;
}

/**
 * whis_cue_parts_are_words:
 * @times: (element-type WhisTimedText): what a service gave
 *
 * Returns: whether each of @times is a single word
 */
gboolean
whis_cue_parts_are_words (GPtrArray *times)
{
  g_return_val_if_fail (times != NULL, FALSE);

  for (guint i = 0; i < times->len; i++)
    {
      const WhisTimedText *timed = g_ptr_array_index (times, i);
      g_autofree char *text = cue_part_straighten (timed->text != NULL ? timed->text : "");

      if (!is_word (text))
        return FALSE;
    }

  return TRUE;
}

/* A time outside of the chunk is an error of the service: it heard nothing else. */
static void
add_times (GPtrArray *parts, const WhisRecordChunk *chunk)
{
  guint64 first = chunk->chunk->start_ms;
  guint64 last = first + chunk->chunk->length_ms;
  WhisCuePartKind kind =
      whis_cue_parts_are_words (chunk->times) ? WHIS_CUE_PART_WORD : WHIS_CUE_PART_SEGMENT;

  for (guint i = 0; i < chunk->times->len; i++)
    {
      const WhisTimedText *timed = g_ptr_array_index (chunk->times, i);
      char *text = cue_part_straighten (timed->text != NULL ? timed->text : "");

      if (*text != '\0')
        cue_part_add (parts, kind, CLAMP (timed->start_ms, first, last),
                      CLAMP (timed->end_ms, first, last), text);
      else
        g_free (text);
    }
}

/* --- marks ------------------------------------------------------------------------------------ */

/* Where @word ends if @text begins with it, whatever the case. */
static const char *
cue_part_match (const char *text, const char *word)
{
  for (; *word != '\0'; word = g_utf8_next_char (word), text = g_utf8_next_char (text))
    if (*text == '\0'
        || g_unichar_tolower (g_utf8_get_char (text)) != g_unichar_tolower (g_utf8_get_char (word)))
      return NULL;

  return text;
}

/* Where @word begins in @text, with nothing but marks and spaces before it. */
static const char *
find_next (const char *text, const char *word, const char **end)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      *end = cue_part_match (text, word);
      if (*end != NULL)
        return text;
      if (g_unichar_isalnum (g_utf8_get_char (text)))
        return NULL;
    }

  return NULL;
}

static gboolean
has_words (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_unichar_isalnum (g_utf8_get_char (text)))
      return TRUE;

  return FALSE;
}

/* Where in the text the word of a part is. */
typedef struct
{
  const char *start;
  const char *end;
} Place;

static gboolean
find_words (GPtrArray *parts, const char *text, Place *places)
{
  const char *rest = text;

  for (guint i = 0; i < parts->len; i++)
    {
      const WhisCuePart *part = g_ptr_array_index (parts, i);

      places[i].start = find_next (rest, part->text, &places[i].end);
      if (places[i].start == NULL)
        return FALSE;
      rest = places[i].end;
    }

  return !has_words (rest);
}

/* Marks up to the next space belong to the word before them, what follows to the next word. */
static const char *
find_end_of_marks (const Place *place, const Place *next)
{
  const char *end = place->end;

  if (next == NULL)
    return end + strlen (end);
  while (end < next->start && *end != ' ')
    end = g_utf8_next_char (end);

  return end;
}

static void
take_marks (GPtrArray *parts, const char *text, const Place *places)
{
  const char *start = text;

  for (guint i = 0; i < parts->len; i++)
    {
      WhisCuePart *part = g_ptr_array_index (parts, i);
      const char *end = find_end_of_marks (&places[i], i + 1 < parts->len ? &places[i + 1] : NULL);

      g_free (part->text);
      part->text = g_strndup (start, (gsize) (end - start));
      part->glued = start > text && start[-1] != ' ';
      start = *end == ' ' ? end + 1 : end;
    }
}

/* Chinese and Japanese have no spaces between words, Korean has. */
static gboolean
is_written_without_spaces (gunichar sign)
{
  return g_unichar_iswide (sign) && g_unichar_get_script (sign) != G_UNICODE_SCRIPT_HANGUL;
}

static void
guess_spaces (GPtrArray *parts)
{
  for (guint i = 1; i < parts->len; i++)
    {
      const WhisCuePart *left = g_ptr_array_index (parts, i - 1);
      WhisCuePart *right = g_ptr_array_index (parts, i);
      const char *last = g_utf8_find_prev_char (left->text, left->text + strlen (left->text));

      right->glued = is_written_without_spaces (g_utf8_get_char (last))
                     && is_written_without_spaces (g_utf8_get_char (right->text));
    }
}

/* Some services give words without the marks that are in their text. */
static void
restore_marks (GPtrArray *parts, const char *whole)
{
  g_autofree char *text = cue_part_straighten (whole);
  g_autofree Place *places = g_new0 (Place, parts->len);

  guess_spaces (parts);
  if (find_words (parts, text, places))
    take_marks (parts, text, places);
}

static int
compare_starts (gconstpointer a, gconstpointer b)
{
  const WhisCuePart *left = *(WhisCuePart *const *) a;
  const WhisCuePart *right = *(WhisCuePart *const *) b;

  return (left->start_ms > right->start_ms) - (left->start_ms < right->start_ms);
}

static gboolean
is_blank (const char *text)
{
  g_autofree char *straight = cue_part_straighten (text);

  return *straight == '\0';
}

/**
 * whis_cue_parts_new:
 * @chunk: a chunk of a transcript
 *
 * Takes a chunk apart as far as its times go. Within a part nothing is known of when a word was
 * said, so nothing is made up: a chunk without times is one part.
 *
 * Returns: (transfer full) (element-type WhisCuePart): its parts by time; none if nobody speaks
 */
GPtrArray *
whis_cue_parts_new (const WhisRecordChunk *chunk)
{
  GPtrArray *parts;
  guint64 start, end;

  g_return_val_if_fail (chunk != NULL, NULL);

  parts = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cue_part_free);
  start = chunk->chunk->start_ms;
  end = start + chunk->chunk->length_ms;
  if (chunk->text == NULL)
    {
      if (chunk->chunk->has_speech)
        cue_part_add (parts, WHIS_CUE_PART_GAP, start, end, g_strdup (WHIS_MERGE_GAP));
      return parts;
    }
  if (is_blank (chunk->text))
    return parts;

  if (chunk->times != NULL)
    add_times (parts, chunk);
  if (parts->len == 0)
    cue_part_add (parts, WHIS_CUE_PART_CHUNK, start, end, cue_part_straighten (chunk->text));
  else if (((WhisCuePart *) g_ptr_array_index (parts, 0))->kind == WHIS_CUE_PART_WORD)
    restore_marks (parts, chunk->text);
  g_ptr_array_sort (parts, compare_starts);

  return parts;
}
