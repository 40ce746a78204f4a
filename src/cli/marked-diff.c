/* SPDX-License-Identifier: MIT */
#include "marked-diff.h"

#include <string.h>

#include "word-diff.h"

/* What replaces something stands right behind it. */
static void
append_change (GString *marked, const WhisDiffPiece *piece, const WhisDiffPiece *next)
{
  gboolean removed = piece->kind == WHIS_DIFF_REMOVED;
  g_autofree char *words = g_strchomp (g_strdup (piece->text));

  g_string_append_printf (marked, removed ? "[-%s-]" : "{+%s+}", words);
  if (!removed || next == NULL || next->kind != WHIS_DIFF_ADDED)
    g_string_append (marked, piece->text + strlen (words));
}

/**
 * whis_marked_diff:
 * @before: a text in UTF-8
 * @after: another text in UTF-8
 * @marked: (out) (transfer full): @after, with what is only in @before as `[-…-]` and what is only
 *   in @after as `{+…+}`
 *
 * Compares two texts word by word; white space makes no difference.
 *
 * Returns: whether they differ
 */
gboolean
whis_marked_diff (const char *before, const char *after, char **marked)
{
  g_autoptr (GPtrArray) pieces = whis_word_diff (before, after);
  GString *text = g_string_new (NULL);
  gboolean differs = FALSE;

  for (guint i = 0; i < pieces->len; i++)
    {
      const WhisDiffPiece *piece = g_ptr_array_index (pieces, i);

      if (piece->kind == WHIS_DIFF_SAME)
        g_string_append (text, piece->text);
      else
        append_change (text, piece, i + 1 < pieces->len ? g_ptr_array_index (pieces, i + 1) : NULL);
      differs |= piece->kind != WHIS_DIFF_SAME;
    }
  *marked = g_string_free (text, FALSE);

  return differs;
}
