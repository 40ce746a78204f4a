/* SPDX-License-Identifier: MIT */
#include "seam.h"

/* An overlap with differently spelled words in it is looked for up to this many words; one that is
 * word for word the same has no bound. */
#define LONGEST_FUZZY 512
/* Words that must agree before one that differs altogether is taken for a recognition error. */
#define FEWEST_AROUND_ERROR 3
/* A shorter begin or end of a word proves little. */
#define TELLING_FRAGMENT 3
#define MOST_TOLERATED 8

typedef struct
{
  guint length;
  guint equal;
  /* cut off at the end of its sound: enough letters are left to tell, or not */
  guint cut;
  guint stub;
  guint similar;
  guint different;
} Match;

typedef struct
{
  const GArray *left;
  const GArray *right;
  /* words as small numbers: equal numbers, equal words */
  guint *left_ids;
  guint *right_ids;
} Pair;

static guint
seam_intern (GHashTable *ids, const char *key)
{
  gpointer id = g_hash_table_lookup (ids, key);

  if (id == NULL)
    {
      id = GUINT_TO_POINTER (g_hash_table_size (ids) + 1);
      g_hash_table_insert (ids, (gpointer) key, id);
    }

  return GPOINTER_TO_UINT (id);
}

static guint *
number_words (GHashTable *ids, const GArray *words)
{
  guint *numbers = g_new (guint, words->len + 1);

  for (guint i = 0; i < words->len; i++)
    numbers[i] = seam_intern (ids, g_array_index (words, WhisWord, i).key);

  return numbers;
}

/* The border table of Knuth, Morris and Pratt: entry i is the length of the longest proper prefix
 * of the first i + 1 words that is also their suffix. */
static guint *
border_table (const guint *words, guint n)
{
  guint *table = g_new0 (guint, n + 1);

  for (guint i = 1; i < n; i++)
    {
      guint length = table[i - 1];

      while (length > 0 && words[i] != words[length])
        length = table[length - 1];
      table[i] = words[i] == words[length] ? length + 1 : 0;
    }

  return table;
}

/* Length of the longest end of left that is a begin of right, word for word. */
static guint
longest_exact (const Pair *pair)
{
  guint n_left = pair->left->len;
  guint n_right = pair->right->len;
  guint start = n_left > n_right ? n_left - n_right : 0;
  g_autofree guint *table = border_table (pair->right_ids, n_right);
  guint length = 0;

  for (guint i = start; i < n_left; i++)
    {
      while (length > 0 && (length == n_right || pair->left_ids[i] != pair->right_ids[length]))
        length = table[length - 1];
      if (pair->left_ids[i] == pair->right_ids[length])
        length++;
    }

  return length;
}

static const WhisWord *
left_word (const Pair *pair, guint length, guint i)
{
  return &g_array_index (pair->left, WhisWord, pair->left->len - length + i);
}

static const WhisWord *
right_word (const Pair *pair, guint i)
{
  return &g_array_index (pair->right, WhisWord, i);
}

static gboolean
is_cut_off (const WhisWord *left, const WhisWord *right, gboolean is_first, gboolean is_last)
{
  /* The sound of left ends inside a word, that of right begins inside one. */
  return (is_last && g_str_has_prefix (right->key, left->key))
         || (is_first && g_str_has_suffix (left->key, right->key));
}

static void
count_difference (const Pair *pair, guint i, Match *match)
{
  const WhisWord *left = left_word (pair, match->length, i);
  const WhisWord *right = right_word (pair, i);
  glong letters = MIN (g_utf8_strlen (left->key, -1), g_utf8_strlen (right->key, -1));

  if (is_cut_off (left, right, i == 0, i == match->length - 1))
    {
      match->cut += letters >= TELLING_FRAGMENT;
      match->stub += letters < TELLING_FRAGMENT;
    }
  else if (whis_words_similar (left, right))
    match->similar++;
  else
    match->different++;
}

static gboolean
is_convincing (const Match *match)
{
  if (match->similar + match->different + match->stub == 0)
    return match->equal > 1 || (match->equal == 1 && match->cut == 1);

  return match->equal >= MAX (2, match->similar)
         && match->equal >= FEWEST_AROUND_ERROR * match->different;
}

/* Compares the last @length words of left with the first of right, place by place. */
static gboolean
seam_compare (const Pair *pair, guint length, Match *match)
{
  const guint *left_ids = pair->left_ids + pair->left->len - length;
  guint tolerated = MIN (2 + length / 6, MOST_TOLERATED);

  *match = (Match){ .length = length };
  for (guint i = 0; i < length; i++)
    {
      if (left_ids[i] == pair->right_ids[i])
        match->equal++;
      else if (tolerated-- == 0)
        return FALSE;
      else
        count_difference (pair, i, match);
    }

  return is_convincing (match);
}

static int
seam_score (const Match *match)
{
  return 2 * (int) match->equal + (int) match->cut + (int) match->similar
         - 3 * (int) match->different;
}

static Match
best_match (const Pair *pair)
{
  guint exact = longest_exact (pair);
  guint longest = MIN (MIN (pair->left->len, pair->right->len), LONGEST_FUZZY);
  Match best = { .length = exact, .equal = exact };

  for (guint length = longest; length > exact && 2 * (int) length > seam_score (&best); length--)
    {
      Match match;

      if (seam_compare (pair, length, &match) && seam_score (&match) > seam_score (&best))
        best = match;
    }

  return best;
}

static guint
smallest_period (const guint *words, guint n)
{
  g_autofree guint *table = border_table (words, n);

  return n - table[n - 1];
}

static gboolean
same_words (const guint *a, const guint *b, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      if (a[i] != b[i])
        return FALSE;
    }

  return TRUE;
}

/* Whether the shared words are part of a longer repetition on either side ("no no" and "no that"):
 * then nobody can tell which of the repetitions is the shared one. */
static gboolean
is_within_repetition (const Pair *pair, guint length)
{
  guint n_left = pair->left->len;
  const guint *left = pair->left_ids + n_left - length;
  const guint *right = pair->right_ids;
  guint period_left = smallest_period (left, length);
  guint period_right = smallest_period (right, length);

  if (n_left >= length + period_left && same_words (left - period_left, left, period_left))
    return TRUE;

  return pair->right->len >= length + period_right
         && same_words (right + length, right + length - period_right, period_right);
}

/* Whether the words also agree with a shorter overlap, at least half as long: what is shared is
 * then itself a repetition ("no no no"), and of the longer overlap a part may have been spoken
 * twice. */
static gboolean
has_rival (const Pair *pair, guint length)
{
  const guint *left_end = pair->left_ids + pair->left->len;

  for (guint rival = length - 1; rival >= MAX (2, (length + 1) / 2); rival--)
    {
      if (same_words (left_end - rival, pair->right_ids, rival))
        return TRUE;
    }

  return FALSE;
}

/* A single character of a script without spaces recurs by chance. */
static gboolean
is_too_little (const Pair *pair, const Match *match)
{
  return match->equal < 2 && right_word (pair, 0)->is_character;
}

/* Spelling is left's as far as the two agree, for right begins in mid-sentence. Where they differ,
 * the word nearer to the end of its sound is the less trustworthy one: left's in the second half
 * of the overlap. */
static guint
count_from_left (const Pair *pair, guint length)
{
  const guint *left_ids = pair->left_ids + pair->left->len - length;

  for (guint i = (length + 1) / 2; i < length; i++)
    {
      if (left_ids[i] != pair->right_ids[i])
        return i;
    }

  return length;
}

/**
 * whis_seam_find:
 * @left: (element-type WhisWord): the words of a text
 * @right: (element-type WhisWord): the words of the text after it, whose sound begins before the
 *   sound of @left ends
 * @seam: (out): where they are joined
 *
 * Looks for the words that two texts share because their sound overlaps. An overlap of any length
 * is found when its words agree; up to 512 words also when single words are spelled differently, or
 * the first or last one is cut off. When it is doubtful which words are shared, none are.
 *
 * Returns: whether there are shared words
 */
gboolean
whis_seam_find (const GArray *left, const GArray *right, WhisSeam *seam)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree guint *left_ids = NULL;
  g_autofree guint *right_ids = NULL;
  Pair pair;
  Match match;

  g_return_val_if_fail (left != NULL && right != NULL && seam != NULL, FALSE);

  if (left->len == 0 || right->len == 0)
    return FALSE;
  left_ids = number_words (ids, left);
  right_ids = number_words (ids, right);
  pair = (Pair){ left, right, left_ids, right_ids };
  match = best_match (&pair);
  if (match.length == 0 || is_too_little (&pair, &match) || has_rival (&pair, match.length)
      || is_within_repetition (&pair, match.length))
    return FALSE;

  seam->length = match.length;
  seam->n_left = count_from_left (&pair, match.length);

  return TRUE;
}
