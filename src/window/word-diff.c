/* SPDX-License-Identifier: MIT */
#include "word-diff.h"

/* Myers, “An O(ND) Difference Algorithm and Its Variations”, 1986. Where the texts differ in more
 * places than this, the search begins anew at the furthest point it reached, which bounds both time
 * and memory and may only miss that the difference could be told in fewer words. */
#define MOST_EDITS 300

typedef struct
{
  const char *start;
  gsize length; /* bytes with the space after it */
  guint id;     /* the same for the same words */
} Token;

typedef struct
{
  GArray *before;
  GArray *after;
  gboolean *removed; /* per token of before */
  gboolean *added;   /* per token of after */
  GPtrArray *trace;  /* of int *: the furthest x per diagonal, after each edit */
} Diff;

typedef struct
{
  WhisDiffKind kind;
  const char *start;
  gsize length;
  guint words;
} Run;

/* A place in both texts at once, counted in tokens. */
typedef struct
{
  int x, y;
} Place;

/* Scripts without spaces are compared by the character. */
static gsize
word_length (const char *text)
{
  const char *p = text;

  if (g_unichar_iswide (g_utf8_get_char (p)))
    return (gsize) (g_utf8_next_char (p) - text);
  while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p))
         && !g_unichar_iswide (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return (gsize) (p - text);
}

static const char *
skip_space (const char *text)
{
  while (*text != '\0' && g_unichar_isspace (g_utf8_get_char (text)))
    text = g_utf8_next_char (text);
  return text;
}

static GArray *
tokenise (const char *text, GHashTable *ids)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  for (const char *p = skip_space (text); *p != '\0';)
    {
      Token token = { .start = p };
      gsize length = word_length (p);
      g_autofree char *word = g_strndup (p, length);

      token.id = GPOINTER_TO_UINT (g_hash_table_lookup (ids, word));
      if (token.id == 0)
        {
          token.id = g_hash_table_size (ids) + 1;
          g_hash_table_insert (ids, g_steal_pointer (&word), GUINT_TO_POINTER (token.id));
        }
      p = skip_space (p + length);
      token.length = (gsize) (p - token.start);
      g_array_append_val (tokens, token);
    }

  return tokens;
}

static gboolean
is_same (Diff *diff, int x, int y)
{
  return x < (int) diff->before->len && y < (int) diff->after->len
         && g_array_index (diff->before, Token, x).id == g_array_index (diff->after, Token, y).id;
}

/* Whether diagonal @k is best entered from the one above, by adding a word. */
static gboolean
comes_by_adding (const int *furthest, int k, int edits)
{
  return k == -edits || (k != edits && furthest[k - 1] < furthest[k + 1]);
}

/* One more edit on every diagonal. Returns whether the ends of both texts were reached; @reached is
 * the furthest place. The arrays hold x from the start of the search, at k + edits. */
static gboolean
take_step (Diff *diff, Place from, int edits, Place *reached, int *diagonal)
{
  const int *previous =
      edits > 0 ? (int *) g_ptr_array_index (diff->trace, edits - 1) + (edits - 1) : NULL;
  int *furthest = g_new (int, 2 * edits + 1);

  g_ptr_array_add (diff->trace, furthest);
  furthest += edits;
  *reached = (Place){ -1, -1 };
  for (int k = -edits; k <= edits; k += 2)
    {
      int x = 0;
      Place place;

      if (edits > 0)
        x = comes_by_adding (previous, k, edits) ? previous[k + 1] : previous[k - 1] + 1;
      while (is_same (diff, from.x + x, from.y + x - k))
        x++;
      furthest[k] = x;
      place = (Place){ from.x + x, from.y + x - k };
      if (place.x > (int) diff->before->len || place.y > (int) diff->after->len)
        continue;
      if (place.x + place.y > reached->x + reached->y)
        {
          *reached = place;
          *diagonal = k;
        }
    }

  return reached->x == (int) diff->before->len && reached->y == (int) diff->after->len;
}

/* Marks what was removed and added on the way to where the search ended. */
static void
walk_back (Diff *diff, Place from, int edits, int k)
{
  for (; edits > 0; edits--)
    {
      const int *previous = (int *) g_ptr_array_index (diff->trace, edits - 1) + (edits - 1);

      if (comes_by_adding (previous, k, edits))
        {
          k++;
          diff->added[from.y + previous[k] - k] = TRUE;
        }
      else
        {
          k--;
          diff->removed[from.x + previous[k]] = TRUE;
        }
    }
}

static void
compare (Diff *diff)
{
  Place from = { 0, 0 };
  gboolean done = FALSE;

  while (!done)
    {
      Place reached;
      int edits = 0, diagonal = 0;

      while (!(done = take_step (diff, from, edits, &reached, &diagonal)) && edits < MOST_EDITS)
        edits++;
      walk_back (diff, from, edits, diagonal);
      g_ptr_array_set_size (diff->trace, 0);
      from = reached;
    }
}

/* Words of one kind in a row stand in a row in their text too. */
static void
append_token (GArray *runs, WhisDiffKind kind, const Token *token)
{
  Run *last = runs->len > 0 ? &g_array_index (runs, Run, runs->len - 1) : NULL;
  Run run = { kind, token->start, token->length, 1 };

  if (last == NULL || last->kind != kind)
    g_array_append_val (runs, run);
  else
    {
      last->length += token->length;
      last->words++;
    }
}

static GPtrArray *
copy_pieces (GArray *runs)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_diff_piece_free);

  for (guint i = 0; i < runs->len; i++)
    {
      const Run *run = &g_array_index (runs, Run, i);
      WhisDiffPiece *piece = g_new0 (WhisDiffPiece, 1);

      piece->kind = run->kind;
      piece->text = g_strndup (run->start, run->length);
      piece->words = run->words;
      g_ptr_array_add (pieces, piece);
    }

  return pieces;
}

static GPtrArray *
collect_pieces (Diff *diff)
{
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (Run));
  guint x = 0, y = 0;

  while (x < diff->before->len || y < diff->after->len)
    if (x < diff->before->len && diff->removed[x])
      append_token (runs, WHIS_DIFF_REMOVED, &g_array_index (diff->before, Token, x++));
    else if (diff->added[y])
      append_token (runs, WHIS_DIFF_ADDED, &g_array_index (diff->after, Token, y++));
    else
      {
        append_token (runs, WHIS_DIFF_SAME, &g_array_index (diff->after, Token, y++));
        x++;
      }

  return copy_pieces (runs);
}

/**
 * whis_diff_piece_free:
 * @piece: a piece
 *
 * Frees a piece.
 */
void
whis_diff_piece_free (WhisDiffPiece *piece)
{
  g_free (piece->text);
  g_free (piece);
}

/**
 * whis_word_diff:
 * @before: a text
 * @after: another text
 *
 * Compares two texts by the word; space does not count. What is removed stands before what is added
 * in its place.
 *
 * Returns: (transfer full) (element-type WhisDiffPiece): the pieces that make up both texts
 */
GPtrArray *
whis_word_diff (const char *before, const char *after)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) old_tokens = NULL;
  g_autoptr (GArray) new_tokens = NULL;
  g_autoptr (GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  g_autofree gboolean *removed = NULL;
  g_autofree gboolean *added = NULL;
  Diff diff;

  g_return_val_if_fail (g_utf8_validate (before, -1, NULL), NULL);
  g_return_val_if_fail (g_utf8_validate (after, -1, NULL), NULL);

  old_tokens = tokenise (before, ids);
  new_tokens = tokenise (after, ids);
  removed = g_new0 (gboolean, old_tokens->len + 1);
  added = g_new0 (gboolean, new_tokens->len + 1);
  diff = (Diff){ old_tokens, new_tokens, removed, added, trace };
  compare (&diff);

  return collect_pieces (&diff);
}
