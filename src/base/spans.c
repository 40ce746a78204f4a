/* SPDX-License-Identifier: MIT */
#include "spans.h"

/**
 * whis_spans_new:
 *
 * Returns: (transfer full) (element-type WhisSpan): an empty list of stretches, which is kept in
 *   the order of time
 */
GArray *
whis_spans_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (WhisSpan));
}

/**
 * whis_spans_copy:
 * @self: (nullable) (element-type WhisSpan): a list
 *
 * Returns: (transfer full) (nullable) (element-type WhisSpan): a copy of it
 */
GArray *
whis_spans_copy (GArray *self)
{
  return self != NULL ? g_array_copy (self) : NULL;
}

/**
 * whis_spans_add:
 * @self: (element-type WhisSpan): a list
 * @start_ms: where a stretch begins, at or behind the end of the last one
 * @end_ms: where it ends
 *
 * Adds a stretch. One that begins where the last one ends makes that longer; an empty one is left
 * out.
 */
void
whis_spans_add (GArray *self, guint64 start_ms, guint64 end_ms)
{
  WhisSpan span = { start_ms, end_ms };
  WhisSpan *last;

  g_return_if_fail (self != NULL);

  if (end_ms <= start_ms)
    return;
  last = self->len > 0 ? &g_array_index (self, WhisSpan, self->len - 1) : NULL;
  g_return_if_fail (last == NULL || last->end_ms <= start_ms);

  if (last != NULL && last->end_ms == start_ms)
    last->end_ms = end_ms;
  else
    g_array_append_val (self, span);
}

/**
 * whis_spans_get_ms:
 * @self: (element-type WhisSpan): a list
 * @from_ms: begin of a time
 * @to_ms: its end
 *
 * Returns: how much of the time is in one of the stretches, in milliseconds
 */
guint64
whis_spans_get_ms (GArray *self, guint64 from_ms, guint64 to_ms)
{
  guint64 sum = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->len; i++)
    {
      const WhisSpan *span = &g_array_index (self, WhisSpan, i);
      guint64 start = MAX (span->start_ms, from_ms);
      guint64 end = MIN (span->end_ms, to_ms);

      if (start < end)
        sum += end - start;
    }

  return sum;
}

/**
 * whis_spans_join:
 * @self: (element-type WhisSpan): a list
 * @gap_ms: a length in milliseconds
 *
 * Returns: (transfer full) (element-type WhisSpan): the stretches, with those made one that are no
 *   further apart than @gap_ms
 */
GArray *
whis_spans_join (GArray *self, guint gap_ms)
{
  GArray *joined = whis_spans_new ();

  g_return_val_if_fail (self != NULL, joined);

  for (guint i = 0; i < self->len; i++)
    {
      const WhisSpan *span = &g_array_index (self, WhisSpan, i);
      WhisSpan *last = joined->len > 0 ? &g_array_index (joined, WhisSpan, joined->len - 1) : NULL;

      if (last != NULL && span->start_ms <= last->end_ms + gap_ms)
        last->end_ms = span->end_ms;
      else
        g_array_append_val (joined, *span);
    }

  return joined;
}

/**
 * whis_spans_print:
 * @self: (nullable) (element-type WhisSpan): a list
 *
 * Returns: (transfer full) (nullable): the list as text, for the database; %NULL for none
 */
char *
whis_spans_print (GArray *self)
{
  GString *text;

  if (self == NULL || self->len == 0)
    return NULL;

  text = g_string_new (NULL);
  for (guint i = 0; i < self->len; i++)
    {
      const WhisSpan *span = &g_array_index (self, WhisSpan, i);

      g_string_append_printf (text, "%s%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, i > 0 ? " " : "",
                              span->start_ms, span->end_ms);
    }

  return g_string_free (text, FALSE);
}

static gboolean
parse_span (const char *word, WhisSpan *span)
{
  g_auto (GStrv) ends = g_strsplit (word, "-", -1);

  return g_strv_length (ends) == 2
         && g_ascii_string_to_unsigned (ends[0], 10, 0, G_MAXINT64, &span->start_ms, NULL)
         && g_ascii_string_to_unsigned (ends[1], 10, 0, G_MAXINT64, &span->end_ms, NULL)
         && span->start_ms < span->end_ms;
}

/**
 * whis_spans_parse:
 * @text: (nullable): what whis_spans_print() gave
 *
 * Returns: (transfer full) (nullable) (element-type WhisSpan): the list; %NULL where there is none
 *   or it is damaged
 */
GArray *
whis_spans_parse (const char *text)
{
  g_auto (GStrv) words = text != NULL ? g_strsplit (text, " ", -1) : NULL;
  g_autoptr (GArray) spans = words != NULL ? whis_spans_new () : NULL;
  guint64 until = 0;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      WhisSpan span;

      if (!parse_span (words[i], &span) || span.start_ms < until)
        return NULL;
      g_array_append_val (spans, span);
      until = span.end_ms;
    }

  return g_steal_pointer (&spans);
}
