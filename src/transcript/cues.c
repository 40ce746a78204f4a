/* SPDX-License-Identifier: MIT */
#include "cues.h"

#include <string.h>

#include "sentence.h"
#include "cue-seam.h"
#include "lines.h"

/* What people can read in time: two lines of 42 columns, which are 21 wide characters, for one to
 * seven seconds. */
#define MAX_COLUMNS 42
#define MAX_LINES 2
#define MIN_MS 1000
#define MAX_MS 7000

/* A silence that ends a cue. */
#define PAUSE_MS 800

static void
cue_free (WhisCue *self)
{
  g_free (self->text);
  g_free (self);
}

/* --- parts of all chunks ---------------------------------------------------------------------- */

static guint64
get_end (const WhisChunk *chunk)
{
  return chunk->start_ms + chunk->length_ms;
}

static void
move_all (GPtrArray *parts, GPtrArray *all)
{
  g_ptr_array_extend_and_steal (all, g_steal_pointer (&parts));
}

/**
 * whis_cues_collect_parts:
 * @record: a dictation with its chunks
 *
 * Returns: (transfer full) (element-type WhisCuePart): what was said in all chunks, in its order,
 * with what two chunks have both in one of them
 */
GPtrArray *
whis_cues_collect_parts (const WhisRecord *record)
{
  GPtrArray *all, *before;
  const WhisChunk *last = NULL;

  g_return_val_if_fail (record != NULL, NULL);

  all = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cue_part_free);
  before = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_cue_part_free);
  for (guint i = 0; i < record->chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (record->chunks, i);
      GPtrArray *after = whis_cue_parts_new (chunk);

      if (last != NULL && chunk->chunk->overlaps_previous)
        whis_cue_seam_repair (before, after, chunk->chunk->start_ms, get_end (last));
      move_all (before, all);
      before = after;
      last = chunk->chunk;
    }
  move_all (before, all);

  return all;
}

/* --- parts to cues ---------------------------------------------------------------------------- */

static WhisCue *
begin_cue (GPtrArray *cues, const WhisCuePart *part)
{
  WhisCue *cue = g_new0 (WhisCue, 1);

  cue->start_ms = part->start_ms;
  cue->end_ms = part->end_ms;
  cue->text = g_strdup (part->text);
  if (part->kind == WHIS_CUE_PART_WORD)
    cue->end_ms = MIN (cue->end_ms, cue->start_ms + MAX_MS);
  g_ptr_array_add (cues, cue);

  return cue;
}

static char *
cues_join (const WhisCue *cue, const WhisCuePart *word)
{
  return g_strconcat (cue->text, word->glued ? "" : " ", word->text, NULL);
}

static gboolean
is_full (const WhisCue *cue, const WhisCuePart *word)
{
  g_autofree char *text = cues_join (cue, word);

  return MAX (word->end_ms, word->start_ms) > cue->start_ms + MAX_MS
         || whis_lines_count (text, MAX_COLUMNS) > MAX_LINES;
}

static gboolean
is_over (const WhisCue *cue, const WhisCuePart *word)
{
  return word->start_ms > cue->end_ms + PAUSE_MS
         || (whis_sentence_ends (cue->text) && cue->end_ms >= cue->start_ms + MIN_MS);
}

static void
add_word (WhisCue *cue, const WhisCuePart *word)
{
  char *text = cues_join (cue, word);

  g_free (cue->text);
  cue->text = text;
  cue->end_ms = MAX (cue->end_ms, word->end_ms);
}

static void
add_part (GPtrArray *cues, WhisCue **open, const WhisCuePart *part)
{
  if (part->kind != WHIS_CUE_PART_WORD)
    {
      begin_cue (cues, part);
      *open = NULL;
    }
  else if (*open == NULL || is_over (*open, part) || is_full (*open, part))
    *open = begin_cue (cues, part);
  else
    add_word (*open, part);
}

/* --- times ------------------------------------------------------------------------------------ */

/* One after the other, each for a moment at least. */
static void
put_in_order (GPtrArray *cues)
{
  guint64 earliest = 0;

  for (guint i = 0; i < cues->len; i++)
    {
      WhisCue *cue = g_ptr_array_index (cues, i);
      const WhisCue *next = i + 1 < cues->len ? g_ptr_array_index (cues, i + 1) : NULL;

      cue->start_ms = MAX (cue->start_ms, earliest);
      if (next != NULL)
        cue->end_ms = MIN (cue->end_ms, next->start_ms);
      cue->end_ms = MAX (cue->end_ms, cue->start_ms + 1);
      earliest = cue->end_ms;
    }
}

/* A short cue stays until it can be read, or the next one comes, or the sound ends. */
static void
give_time_to_read (GPtrArray *cues, guint64 length_ms)
{
  for (guint i = 0; i < cues->len; i++)
    {
      WhisCue *cue = g_ptr_array_index (cues, i);
      const WhisCue *next = i + 1 < cues->len ? g_ptr_array_index (cues, i + 1) : NULL;
      guint64 latest = next != NULL ? next->start_ms : length_ms;

      cue->end_ms = MAX (cue->end_ms, MIN (cue->start_ms + MIN_MS, latest));
    }
}

static void
wrap_lines (GPtrArray *cues)
{
  for (guint i = 0; i < cues->len; i++)
    {
      WhisCue *cue = g_ptr_array_index (cues, i);
      char *lines = whis_lines_balance (cue->text, MAX_COLUMNS);

      g_free (cue->text);
      cue->text = lines;
    }
}

/**
 * whis_cues_new:
 * @record: a dictation with its chunks
 *
 * Makes subtitles of a transcript. Words that the service gave times for are put together to cues
 * of at most two lines and seven seconds, which end with a sentence or in a pause. A segment is one
 * cue. A chunk without times is one cue from its start to its end: where in it a word was said
 * nobody knows, and to spread the words over the time would be a guess that looks like knowledge.
 * Such a cue may have more than two lines; each is short enough to be read.
 *
 * Returns: (transfer full) (element-type WhisCue): cues that follow each other without overlap
 */
GPtrArray *
whis_cues_new (const WhisRecord *record)
{
  GPtrArray *cues;
  g_autoptr (GPtrArray) parts = NULL;
  WhisCue *open = NULL;

  g_return_val_if_fail (record != NULL, NULL);

  parts = whis_cues_collect_parts (record);
  cues = g_ptr_array_new_with_free_func ((GDestroyNotify) cue_free);
  for (guint i = 0; i < parts->len; i++)
    add_part (cues, &open, g_ptr_array_index (parts, i));
  put_in_order (cues);
  give_time_to_read (cues, record->length_ms);
  wrap_lines (cues);

  return cues;
}
