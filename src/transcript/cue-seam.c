/* SPDX-License-Identifier: MIT */
#include "cue-seam.h"

#include <string.h>

#include "merge.h"

static WhisCuePart *
get_last (GPtrArray *parts)
{
  return g_ptr_array_index (parts, parts->len - 1);
}

static guint64
get_middle (const WhisCuePart *part)
{
  return part->start_ms + (part->end_ms - part->start_ms) / 2;
}

/* Near the cut each side may have only half a word; in the middle of what both heard, both have
 * whole ones. What the later side does not have stays with the earlier one. */
static void
drop_late_words (GPtrArray *before, const WhisCuePart *first, guint64 start_ms, guint64 end_ms)
{
  guint64 middle = start_ms + (end_ms - start_ms) / 2;
  guint64 border = MAX (middle, MIN (first->start_ms, end_ms));

  while (before->len > 0 && get_last (before)->kind == WHIS_CUE_PART_WORD
         && get_middle (get_last (before)) >= border)
    g_ptr_array_set_size (before, (int) before->len - 1);
}

/* The times of the two sides differ a little: a word is the same if it lies mostly in one that is
 * kept. */
static void
drop_early_words (GPtrArray *after, guint64 end_ms)
{
  while (after->len > 0 && get_middle (g_ptr_array_index (after, 0)) < end_ms)
    g_ptr_array_remove_index (after, 0);
}

static void
repair_by_time (GPtrArray *before, GPtrArray *after, guint64 start_ms, guint64 end_ms)
{
  drop_late_words (before, g_ptr_array_index (after, 0), start_ms, end_ms);
  drop_early_words (after, before->len > 0 ? get_last (before)->end_ms : start_ms);
}

/* What was heard from @start_ms on, and the words around it. */
static char *
join_texts (GPtrArray *parts, guint64 start_ms)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < parts->len; i++)
    {
      const WhisCuePart *part = g_ptr_array_index (parts, i);

      if (part->end_ms <= start_ms)
        continue;
      if (text->len > 0 && !part->glued)
        g_string_append_c (text, ' ');
      g_string_append (text, part->text);
    }

  return g_string_free (text, FALSE);
}

static gboolean
is_letter (const char *text, const char *c)
{
  return c > text && g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (c)));
}

/* What @right says beyond the end of @left, as the merge sees it. */
static char *
dup_rest (const char *left, const char *right)
{
  g_autofree char *joined = whis_merge_join (left, right, TRUE);
  const char *rest = joined;

  for (const char *c = left; *c != '\0' && g_utf8_get_char (c) == g_utf8_get_char (rest);
       c = g_utf8_next_char (c))
    rest = g_utf8_next_char (rest);
  /* Not from the middle of a word on. */
  while (is_letter (joined, rest) && g_unichar_isalnum (g_utf8_get_char (rest))
         && !g_unichar_iswide (g_utf8_get_char (rest)))
    rest = g_utf8_prev_char (rest);

  return g_strchug (g_strdup (rest));
}

/* What is left of a part was said behind what both have. */
static void
cue_seam_shorten (WhisCuePart *part, char *rest, guint64 end_ms)
{
  g_free (part->text);
  part->text = rest;
  part->start_ms = MAX (part->start_ms, MIN (end_ms, part->end_ms));
}

static void
repair_by_text (GPtrArray *before, GPtrArray *after, guint64 start_ms, guint64 end_ms)
{
  g_autofree char *left = join_texts (before, start_ms);

  while (after->len > 0)
    {
      WhisCuePart *part = g_ptr_array_index (after, 0);
      g_autofree char *rest = NULL;

      if (part->start_ms >= end_ms)
        return;
      rest = dup_rest (left, part->text);
      if (*rest != '\0')
        {
          if (!g_str_equal (rest, part->text))
            cue_seam_shorten (part, g_steal_pointer (&rest), get_last (before)->end_ms);
          return;
        }
      g_ptr_array_remove_index (after, 0);
    }
}

/**
 * whis_cue_seam_repair:
 * @before: (element-type WhisCuePart): the parts of a chunk
 * @after: (element-type WhisCuePart): the parts of the next chunk, which repeats the end of it
 * @start_ms: where the repetition begins
 * @end_ms: where it ends
 *
 * Takes out of two chunks what both have. Words go by their times, since they have them; longer
 * parts by what they say. In doubt something is kept twice and not lost.
 */
void
whis_cue_seam_repair (GPtrArray *before, GPtrArray *after, guint64 start_ms, guint64 end_ms)
{
  g_return_if_fail (before != NULL);
  g_return_if_fail (after != NULL);

  if (before->len == 0 || after->len == 0 || end_ms <= start_ms)
    return;

  /* Of a gap nothing is known that could be said twice. */
  if (get_last (before)->kind == WHIS_CUE_PART_GAP)
    return;

  switch (((WhisCuePart *) g_ptr_array_index (after, 0))->kind)
    {
    case WHIS_CUE_PART_WORD:
      repair_by_time (before, after, start_ms, end_ms);
      return;
    case WHIS_CUE_PART_SEGMENT:
    case WHIS_CUE_PART_CHUNK:
      repair_by_text (before, after, start_ms, end_ms);
      return;
    case WHIS_CUE_PART_GAP:
    default:
      return;
    }
}
