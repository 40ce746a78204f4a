/* SPDX-License-Identifier: MIT */
#include "word-diff.h"

#include <string.h>

/* Texts that differ in more words than this have so little in common that the search for it is
 * given up where it is: what is left is one big change. It bounds the time. */
#define MAX_DIFFERENCES 6000

/* A word, with the white space before it. */
typedef struct
{
  const char *space;
  const char *start;
  gsize length;
  guint word; /* the same number for the same word */
  gboolean differs;
} Token;

/* One of the two texts. */
typedef struct
{
  GArray *tokens;
  const char *end; /* the white space behind the last word */
} Side;

/* The search, after E. W. Myers, “An O(ND) Difference Algorithm and Its Variations”, Algorithmica 1
 * (1986), section 4b: it needs memory for the furthest points of one round alone. */
typedef struct
{
  Token *before;
  Token *after;
  int *forward;  /* by diagonal */
  int *backward; /* by diagonal */
  int offset;
} Search;

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

/* A word ends before white space; in writings without spaces every character is one. */
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
get_number (GHashTable *words, const char *start, gsize length)
{
  g_autofree char *word = g_strndup (start, length);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (words, word));

  if (number == 0)
    {
      number = g_hash_table_size (words) + 1;
      g_hash_table_insert (words, g_steal_pointer (&word), GUINT_TO_POINTER (number));
    }

  return number;
}

static Side
split (const char *text, GHashTable *words)
{
  Side side = { g_array_new (FALSE, FALSE, sizeof (Token)), text };

  for (;;)
    {
      Token token = { .space = side.end, .start = skip_space (side.end) };

      if (*token.start == '\0')
        return side;
      side.end = skip_word (token.start);
      token.length = (gsize) (side.end - token.start);
      token.word = get_number (words, token.start, token.length);
      g_array_append_val (side.tokens, token);
    }
}

static gboolean
is_same (const Search *search, int x, int y)
{
  return search->before[x].word == search->after[y].word;
}

static void
mark (Search *search, int x1, int x2, int y1, int y2)
{
  for (int x = x1; x < x2; x++)
    search->before[x].differs = TRUE;
  for (int y = y1; y < y2; y++)
    search->after[y].differs = TRUE;
}

/* One step of a search from the front or, mirrored, from the back: how far the diagonal @k comes
 * with @d differences. */
static int
advance (const Search *search, const int *furthest, int d, int k, const int *box, gboolean back)
{
  int n = box[1] - box[0], m = box[3] - box[2];
  const int *v = furthest + search->offset;
  int x = k == -d || (k != d && v[k - 1] < v[k + 1]) ? v[k + 1] : v[k - 1] + 1;

  while (x < n && x - k < m && x - k >= 0 && x >= 0
         && (back ? is_same (search, box[1] - 1 - x, box[3] - 1 - (x - k))
                  : is_same (search, box[0] + x, box[2] + x - k)))
    x++;

  return x;
}

/* A point on a shortest way through the box, where the two searches meet. */
static gboolean
find_middle (Search *search, const int *box, int *x, int *y)
{
  int n = box[1] - box[0], m = box[3] - box[2];
  int delta = n - m;
  int rounds = MIN ((n + m + 1) / 2, MAX_DIFFERENCES / 2);
  int *forward = search->forward + search->offset;
  int *backward = search->backward + search->offset;

  forward[1] = backward[1] = 0;
  for (int d = 0; d <= rounds; d++)
    {
      for (int k = -d; k <= d; k += 2)
        {
          forward[k] = advance (search, search->forward, d, k, box, FALSE);
          if (delta % 2 != 0 && ABS (delta - k) <= d - 1 && forward[k] + backward[delta - k] >= n)
            {
              *x = forward[k];
              *y = forward[k] - k;
              return TRUE;
            }
        }
      for (int k = -d; k <= d; k += 2)
        {
          backward[k] = advance (search, search->backward, d, k, box, TRUE);
          if (delta % 2 == 0 && ABS (delta - k) <= d && forward[delta - k] + backward[k] >= n)
            {
              *x = n - backward[k];
              *y = m - (backward[k] - k);
              return TRUE;
            }
        }
    }

  return FALSE;
}

/* Whether (x, y) is a corner of the box, which would not make it smaller. */
static gboolean
is_corner (const int *box, int x, int y)
{
  return (x == 0 && y == 0) || (x == box[1] - box[0] && y == box[3] - box[2]);
}

/* The box is made of x1, x2 in the text before and y1, y2 in the text after. */
static void
compare (Search *search, int x1, int x2, int y1, int y2)
{
  int box[4];
  int x, y;

  while (x1 < x2 && y1 < y2 && is_same (search, x1, y1))
    x1++, y1++;
  while (x1 < x2 && y1 < y2 && is_same (search, x2 - 1, y2 - 1))
    x2--, y2--;
  box[0] = x1, box[1] = x2, box[2] = y1, box[3] = y2;
  if (x1 == x2 || y1 == y2 || !find_middle (search, box, &x, &y) || is_corner (box, x, y))
    {
      mark (search, x1, x2, y1, y2);
      return;
    }

  compare (search, x1, x1 + x, y1, y1 + y);
  compare (search, x1 + x, x2, y1 + y, y2);
}

static void
search_differences (Side *before, Side *after)
{
  int n = (int) before->tokens->len, m = (int) after->tokens->len;
  int size = 2 * MIN (n + m, MAX_DIFFERENCES) + 8;
  g_autofree int *forward = g_new0 (int, size);
  g_autofree int *backward = g_new0 (int, size);
  Search search = { (Token *) (gpointer) before->tokens->data,
                    (Token *) (gpointer) after->tokens->data, forward, backward, size / 2 };

  compare (&search, 0, n, 0, m);
}

static const Token *
get_token (const Side *side, guint i)
{
  return &g_array_index (side->tokens, Token, i);
}

static void
append_space (GString *marked, const Token *token)
{
  g_string_append_len (marked, token->space, token->start - token->space);
}

/* The words from @i on that differ, as one change; the number of the first word behind it. */
static guint
append_change (GString *marked, const Side *side, guint i, const char *open, const char *end)
{
  gboolean first = TRUE;

  for (; i < side->tokens->len && get_token (side, i)->differs; i++)
    {
      const Token *token = get_token (side, i);

      if (first)
        g_string_append (marked, open);
      else
        append_space (marked, token);
      g_string_append_len (marked, token->start, (gssize) token->length);
      first = FALSE;
    }
  if (!first)
    g_string_append (marked, end);

  return i;
}

static gboolean
append_all (GString *marked, const Side *before, const Side *after)
{
  guint x = 0, y = 0;
  gboolean any = FALSE;

  while (x < before->tokens->len || y < after->tokens->len)
    {
      gboolean removed = x < before->tokens->len && get_token (before, x)->differs;
      gboolean added = y < after->tokens->len && get_token (after, y)->differs;

      /* At the front of the text after there is no space, but there may be words before it now. */
      if ((removed && !added) || (!added && y == 0 && x > 0))
        append_space (marked, get_token (before, x));
      else
        append_space (marked, get_token (after, y));
      if (removed || added)
        {
          x = append_change (marked, before, x, "[-", "-]");
          y = append_change (marked, after, y, "{+", "+}");
          any = TRUE;
          continue;
        }
      g_string_append_len (marked, get_token (after, y)->start,
                           (gssize) get_token (after, y)->length);
      x++;
      y++;
    }
  g_string_append (marked, after->end);

  return any;
}

/**
 * whis_word_diff:
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
whis_word_diff (const char *before, const char *after, char **marked)
{
  g_autoptr (GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *text;
  gboolean differs;
  Side one, other;

  g_return_val_if_fail (before != NULL && after != NULL && marked != NULL, FALSE);

  one = split (before, words);
  other = split (after, words);
  search_differences (&one, &other);
  text = g_string_new (NULL);
  differs = append_all (text, &one, &other);
  *marked = g_string_free (text, FALSE);
  g_array_unref (one.tokens);
  g_array_unref (other.tokens);

  return differs;
}
