/* SPDX-License-Identifier: MIT */
#include "word-diff.h"

/* How far one search goes from either end. Texts that differ in more words than twice this are
 * compared in parts, which bounds the time and may only tell the difference in more words than need
 * be. */
#define MAX_ROUNDS 1000

/* A word, with the white space behind it. */
typedef struct
{
  const char *start;
  gsize length; /* in bytes */
  guint word;   /* the same number for the same word */
  gboolean differs;
} Token;

/* The search, after E. W. Myers, “An O(ND) Difference Algorithm and Its Variations”, Algorithmica 1
 * (1986), section 4b: it needs memory for the furthest points of one round alone. */
typedef struct
{
  Token *before;
  Token *after;
  int *forward;  /* by diagonal */
  int *backward; /* by diagonal */
} Search;

/* A part of both texts: the tokens from x1 to x2 before, and from y1 to y2 after. */
typedef struct
{
  int x1, x2, y1, y2;
} Box;

/* In writings without spaces every character is a word. */
static gboolean
is_alone (gunichar c)
{
  return g_unichar_iswide (c) && !g_unichar_isspace (c);
}

static const char *
skip_space (const char *p)
{
  while (*p != '\0' && g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);

  return p;
}

static const char *
skip_word (const char *p)
{
  if (is_alone (g_utf8_get_char (p)))
    return g_utf8_next_char (p);
  while (*p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)) && !is_alone (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);

  return p;
}

static guint
get_number (GHashTable *words, const char *start, const char *end)
{
  g_autofree char *word = g_strndup (start, (gsize) (end - start));
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (words, word));

  if (number == 0)
    {
      number = g_hash_table_size (words) + 1;
      g_hash_table_insert (words, g_steal_pointer (&word), GUINT_TO_POINTER (number));
    }

  return number;
}

static GArray *
word_diff_split (const char *text, GHashTable *words)
{
  GArray *tokens = g_array_new (FALSE, FALSE, sizeof (Token));

  for (const char *p = skip_space (text); *p != '\0';)
    {
      Token token = { .start = p };

      p = skip_word (p);
      token.word = get_number (words, token.start, p);
      p = skip_space (p);
      token.length = (gsize) (p - token.start);
      g_array_append_val (tokens, token);
    }

  return tokens;
}

static gboolean
is_same (const Search *search, int x, int y)
{
  return search->before[x].word == search->after[y].word;
}

static void
word_diff_mark (Search *search, const Box *box)
{
  for (int x = box->x1; x < box->x2; x++)
    search->before[x].differs = TRUE;
  for (int y = box->y1; y < box->y2; y++)
    search->after[y].differs = TRUE;
}

/* One step of a search from the front or, mirrored, from the back: how far the diagonal @k comes
 * with @d differences. */
static int
word_diff_advance (const Search *search, int d, int k, const Box *box, gboolean back)
{
  const int *furthest = back ? search->backward : search->forward;
  int n = box->x2 - box->x1, m = box->y2 - box->y1;
  int x = k == -d || (k != d && furthest[k - 1] < furthest[k + 1]) ? furthest[k + 1]
                                                                   : furthest[k - 1] + 1;

  while (x < n && x - k < m && x - k >= 0 && x >= 0
         && (back ? is_same (search, box->x2 - 1 - x, box->y2 - 1 - (x - k))
                  : is_same (search, box->x1 + x, box->y1 + x - k)))
    x++;

  return x;
}

/* Where the search from the front came furthest; of such places, the one nearest the middle. */
static void
find_furthest (const Search *search, const Box *box, int rounds, int *x, int *y)
{
  int n = box->x2 - box->x1, m = box->y2 - box->y1;

  *x = *y = 0;
  for (int k = -rounds; k <= rounds; k += 2)
    {
      int along = search->forward[k];
      int ahead = 2 * along - k - (*x + *y);

      if (along <= n && along - k <= m && (ahead > 0 || (ahead == 0 && ABS (k) < ABS (*x - *y))))
        {
          *x = along;
          *y = along - k;
        }
    }
}

/* A point on a shortest way through the box, where the two searches meet, or else on a good one. */
static void
find_middle (const Search *search, const Box *box, int *x, int *y)
{
  int n = box->x2 - box->x1, m = box->y2 - box->y1;
  int delta = n - m;
  int rounds = MIN ((n + m + 1) / 2, MAX_ROUNDS);
  int *forward = search->forward;
  int *backward = search->backward;

  forward[1] = backward[1] = 0;
  for (int d = 0; d <= rounds; d++)
    {
      for (int k = -d; k <= d; k += 2)
        {
          forward[k] = word_diff_advance (search, d, k, box, FALSE);
          if (delta % 2 != 0 && ABS (delta - k) <= d - 1 && forward[k] + backward[delta - k] >= n)
            {
              *x = forward[k];
              *y = forward[k] - k;
              return;
            }
        }
      for (int k = -d; k <= d; k += 2)
        {
          backward[k] = word_diff_advance (search, d, k, box, TRUE);
          if (delta % 2 == 0 && ABS (delta - k) <= d && forward[delta - k] + backward[k] >= n)
            {
              *x = n - backward[k];
              *y = m - (backward[k] - k);
              return;
            }
        }
    }
  find_furthest (search, box, rounds, x, y);
}

/* Whether (x, y) is a corner of the box, which would not make it smaller. */
static gboolean
is_corner (const Box *box, int x, int y)
{
  return (x == 0 && y == 0) || (x == box->x2 - box->x1 && y == box->y2 - box->y1);
}

static void
word_diff_compare (Search *search, Box box)
{
  int x = 0, y = 0;

  while (box.x1 < box.x2 && box.y1 < box.y2 && is_same (search, box.x1, box.y1))
    box.x1++, box.y1++;
  while (box.x1 < box.x2 && box.y1 < box.y2 && is_same (search, box.x2 - 1, box.y2 - 1))
    box.x2--, box.y2--;
  if (box.x1 < box.x2 && box.y1 < box.y2)
    find_middle (search, &box, &x, &y);
  if (is_corner (&box, x, y))
    {
      word_diff_mark (search, &box);
      return;
    }

  word_diff_compare (search, (Box){ box.x1, box.x1 + x, box.y1, box.y1 + y });
  word_diff_compare (search, (Box){ box.x1 + x, box.x2, box.y1 + y, box.y2 });
}

static void
search_differences (GArray *before, GArray *after)
{
  int forward[2 * MAX_ROUNDS + 3] = { 0 };
  int backward[2 * MAX_ROUNDS + 3] = { 0 };
  Search search = { (Token *) (gpointer) before->data, (Token *) (gpointer) after->data,
                    forward + MAX_ROUNDS + 1, backward + MAX_ROUNDS + 1 };

  word_diff_compare (&search, (Box){ 0, (int) before->len, 0, (int) after->len });
}

static gboolean
has_difference (GArray *tokens, guint i)
{
  return i < tokens->len && g_array_index (tokens, Token, i).differs;
}

/* What comes next. What is removed stands before what is added in its place. */
static WhisDiffKind
get_kind (GArray *before, guint x, GArray *after, guint y)
{
  if (has_difference (before, x))
    return WHIS_DIFF_REMOVED;
  return has_difference (after, y) ? WHIS_DIFF_ADDED : WHIS_DIFF_SAME;
}

/* The last word of a text has no space behind it, but in the other one may have words there. */
static gboolean
is_taken_from_before (GArray *before, guint x, GArray *after, guint y)
{
  switch (get_kind (before, x, after, y))
    {
    case WHIS_DIFF_REMOVED:
      return TRUE;
    case WHIS_DIFF_SAME:
      return y + 1 == after->len && x + 1 < before->len;
    case WHIS_DIFF_ADDED:
    default:
      return FALSE;
    }
}

/* The words of one kind from (x, y) on, which are moved behind them. */
static WhisDiffPiece *
take_piece (GArray *before, guint *x, GArray *after, guint *y)
{
  WhisDiffPiece *piece = g_new0 (WhisDiffPiece, 1);
  GString *text = g_string_new (NULL);

  piece->kind = get_kind (before, *x, after, *y);
  for (; (*x < before->len || *y < after->len) && get_kind (before, *x, after, *y) == piece->kind;
       piece->words++)
    {
      const Token *token = is_taken_from_before (before, *x, after, *y)
                               ? &g_array_index (before, Token, *x)
                               : &g_array_index (after, Token, *y);

      g_string_append_len (text, token->start, (gssize) token->length);
      *x += piece->kind != WHIS_DIFF_ADDED;
      *y += piece->kind != WHIS_DIFF_REMOVED;
    }
  piece->text = g_string_free (text, FALSE);

  return piece;
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
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GArray) old = NULL;
  g_autoptr (GArray) new = NULL;
  GPtrArray *pieces;

  g_return_val_if_fail (g_utf8_validate (before, -1, NULL), NULL);
  g_return_val_if_fail (g_utf8_validate (after, -1, NULL), NULL);

  old = word_diff_split (before, words);
  new = word_diff_split (after, words);
  search_differences (old, new);
  pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) whis_diff_piece_free);
  for (guint x = 0, y = 0; x < old->len || y < new->len;)
    g_ptr_array_add (pieces, take_piece (old, &x, new, &y));

  return pieces;
}
