/* SPDX-License-Identifier: MIT */
#include "merge.h"
#include "seam.h"

#include <string.h>

typedef struct
{
  char *text;
  gboolean is_set;
  gboolean overlaps;
} Piece;

struct _WhisMerge
{
  GObject parent_instance;

  GArray *pieces;
  /* the first pieces, joined already */
  GString *prefix;
  guint n_prefix;
};

G_DEFINE_FINAL_TYPE (WhisMerge, whis_merge, G_TYPE_OBJECT)

static char *
merge_trimmed (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);

  return g_strdup (g_strstrip (valid));
}

/* Punctuation that closes what is before it: “quickly” and “. I have”. What a word follows at once
 * belongs to the word, as in “.NET”. */
static gsize
closing_punctuation (const char *text)
{
  gsize length = strspn (text, ".,;:!?");

  return text[length] == '\0' || g_ascii_isspace (text[length]) ? length : 0;
}

static gboolean
wants_space (const char *left, const char *right)
{
  gunichar before, after;

  if (*left == '\0' || *right == '\0' || closing_punctuation (right) > 0)
    return FALSE;
  before = g_utf8_get_char (g_utf8_prev_char (left + strlen (left)));
  after = g_utf8_get_char (right);
  if (whis_character_is_wide_punctuation (before) || whis_character_is_wide_punctuation (after))
    return FALSE;

  return !(whis_character_joins_without_space (before)
           && whis_character_joins_without_space (after));
}

static char *
put_side_by_side (const char *left, const char *right)
{
  return g_strconcat (left, wants_space (left, right) ? " " : "", right, NULL);
}

/* No more of left can overlap than right is long, so that a long dictation is not read again for
 * each of its pieces. The margin is for the repetition before it, and for other spellings. */
static gsize
end_that_matters (const GString *left, const char *right)
{
  gsize wanted = 4 * strlen (right) + 256;
  gsize start;

  if (left->len <= wanted)
    return 0;
  start = left->len - wanted;
  while ((left->str[start] & 0xC0) == 0x80)
    start++;

  return start;
}

static char *
merge_at_seam (const char *left,
               const char *right,
               const GArray *left_words,
               const GArray *right_words,
               const WhisSeam *seam)
{
  guint last = left_words->len - seam->length + seam->n_left - 1;
  gsize left_end = g_array_index (left_words, WhisWord, last).end;
  gsize right_end = g_array_index (right_words, WhisWord, seam->n_left - 1).end;

  /* The punctuation at left's end was put there because the sound ended: right knows better. But
   * when right has nothing to add, left's may stay. */
  if (seam->n_left == right_words->len && left[left_end] != '\0')
    return g_strdup (left);

  return g_strdup_printf ("%.*s%s", (int) left_end, left, right + right_end);
}

static char *
join_overlapping (const char *left, const char *right)
{
  g_autoptr (GArray) left_words = whis_words_split (left);
  g_autoptr (GArray) right_words = whis_words_split (right);
  WhisSeam seam;

  if (!whis_seam_find (left_words, right_words, &seam))
    return put_side_by_side (left, right);

  return merge_at_seam (left, right, left_words, right_words, &seam);
}

static gboolean
ends_sentence (const char *text, gsize length)
{
  return length > 0 && strchr (".!?,;:", text[length - 1]) != NULL;
}

/* Whether a full stop stands there because a sound ended: behind a word, and no initial, number or
 * “e.g.”. Nobody pauses behind other abbreviations. */
static gboolean
is_false_stop (const char *text, gsize length)
{
  gsize start = length - 1;
  gsize letters = 0;

  if (length < 2 || text[length - 1] != '.')
    return FALSE;
  for (; start > 0; letters++)
    {
      const char *before = g_utf8_find_prev_char (text, text + start);
      gunichar c = before != NULL ? g_utf8_get_char (before) : 0;

      if (c == '.' || g_unichar_isdigit (c))
        return FALSE;
      if (!g_unichar_isalpha (c))
        break;
      start = (gsize) (before - text);
    }

  return letters > 1;
}

/* Two pieces of one dictation are one text. What ended the sound of the first is no end of a
 * sentence when the second goes on with a small letter; and of two marks the first holds. Returns
 * what of @right follows. */
static const char *
repair_seam (GString *text, const char *right)
{
  gsize closing = closing_punctuation (right);

  if (closing > 0 && ends_sentence (text->str, text->len))
    {
      right += closing;
      while (g_ascii_isspace (*right))
        right++;
    }
  else if (g_unichar_islower (g_utf8_get_char (right)) && is_false_stop (text->str, text->len))
    g_string_truncate (text, text->len - 1);

  return right;
}

/* Both texts are trimmed. */
static void
merge_append (GString *text, const char *right, gboolean overlaps)
{
  gsize start = end_that_matters (text, right);
  g_autofree char *joined = NULL;

  if (overlaps && text->len > 0 && *right != '\0')
    joined = join_overlapping (text->str + start, right);
  else
    joined = put_side_by_side (text->str + start, right);

  g_string_truncate (text, start);
  g_string_append (text, joined);
}

/**
 * whis_merge_join:
 * @left: a text
 * @right: the text of the sound after it
 * @overlaps: whether the sound of @right begins before the sound of @left ends
 *
 * Joins two texts. Without an overlap they are put side by side, with a space between unless both
 * meet in Chinese or Japanese. With an overlap the words that both have at the seam appear once:
 * compared without case, punctuation and Unicode form, character by character where a script writes
 * no spaces. The spelling is that of @left as long as the two agree; where one word of the overlap
 * differs, it is that of @left in the first half and of @right in the second. The punctuation at
 * the seam is that of @right. When it is doubtful whether words are repeated, both are kept.
 *
 * Returns: (transfer full): the text, without blanks around it
 */
char *
whis_merge_join (const char *left, const char *right, gboolean overlaps)
{
  g_autofree char *a = NULL;
  g_autofree char *b = NULL;
  GString *text;

  g_return_val_if_fail (left != NULL && right != NULL, NULL);

  a = merge_trimmed (left, strlen (left));
  b = merge_trimmed (right, strlen (right));
  text = g_string_new (a);
  merge_append (text, b, overlaps);

  return g_string_free (text, FALSE);
}

/**
 * whis_merge_append:
 * @text: a text
 * @right: the text of the sound after it, without blanks around it
 *
 * Puts a text behind another one, as whis_merge_join() without an overlap.
 */
void
whis_merge_append (GString *text, const char *right)
{
  g_return_if_fail (text != NULL && right != NULL);

  merge_append (text, right, FALSE);
}

static void
clear_piece (gpointer data)
{
  Piece *piece = data;

  g_free (piece->text);
}

static void
whis_merge_finalize (GObject *object)
{
  WhisMerge *self = WHIS_MERGE (object);

  g_array_unref (self->pieces);
  g_string_free (self->prefix, TRUE);

  G_OBJECT_CLASS (whis_merge_parent_class)->finalize (object);
}

static void
whis_merge_class_init (WhisMergeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = whis_merge_finalize;
}

static void
whis_merge_init (WhisMerge *self)
{
  self->pieces = g_array_new (FALSE, TRUE, sizeof (Piece));
  g_array_set_clear_func (self->pieces, clear_piece);
  self->prefix = g_string_new (NULL);
}

/**
 * whis_merge_new:
 *
 * Returns: (transfer full): a text without pieces
 */
WhisMerge *
whis_merge_new (void)
{
  return g_object_new (WHIS_TYPE_MERGE, NULL);
}

static Piece *
get_piece (WhisMerge *self, guint index)
{
  return &g_array_index (self->pieces, Piece, index);
}

static void
forget_prefix (WhisMerge *self)
{
  g_string_truncate (self->prefix, 0);
  self->n_prefix = 0;
}

/**
 * whis_merge_set:
 * @self: a merge
 * @index: place of the piece, from 0
 * @text: the text of the piece; empty when nothing was said in it
 * @overlaps_previous: whether its sound begins before that of the piece before it ends
 *
 * Adds a piece, or replaces it. The order does not matter.
 */
void
whis_merge_set (WhisMerge *self, guint index, const char *text, gboolean overlaps_previous)
{
  Piece *piece;

  g_return_if_fail (WHIS_IS_MERGE (self));
  g_return_if_fail (text != NULL);
  g_return_if_fail (index < G_MAXINT);

  if (index >= self->pieces->len)
    g_array_set_size (self->pieces, index + 1);
  if (index < self->n_prefix)
    forget_prefix (self);
  piece = get_piece (self, index);
  g_free (piece->text);
  piece->text = merge_trimmed (text, strlen (text));
  piece->is_set = TRUE;
  piece->overlaps = overlaps_previous;
}

static gboolean
is_set (WhisMerge *self, guint index)
{
  return index < self->pieces->len && get_piece (self, index)->is_set;
}

/**
 * whis_merge_has_gap:
 * @self: a merge
 * @n_pieces: number of pieces that there should be
 *
 * Returns: whether one of the first @n_pieces pieces is missing
 */
gboolean
whis_merge_has_gap (WhisMerge *self, guint n_pieces)
{
  g_return_val_if_fail (WHIS_IS_MERGE (self), FALSE);

  for (guint i = 0; i < n_pieces; i++)
    {
      if (!is_set (self, i))
        return TRUE;
    }

  return FALSE;
}

/* What a piece overlaps with is the piece before it alone. */
static void
append_piece (WhisMerge *self, GString *text, guint index)
{
  const Piece *piece = get_piece (self, index);
  gboolean follows = index > 0 && is_set (self, index - 1);
  gboolean has_neighbour = follows && *get_piece (self, index - 1)->text != '\0';
  gboolean overlaps = piece->overlaps && has_neighbour;

  merge_append (text, follows && !overlaps ? repair_seam (text, piece->text) : piece->text,
                overlaps);
}

static void
extend_prefix (WhisMerge *self, guint n_pieces)
{
  while (self->n_prefix < n_pieces && is_set (self, self->n_prefix))
    append_piece (self, self->prefix, self->n_prefix++);
}

/* Where the last bytes of a text begin, at most so many, and with a whole word if there is one. */
static const char *
find_end (const char *text, gsize length, gsize longest)
{
  const char *start;
  const char *blank;

  if (length <= longest)
    return text;

  start = text + length - longest;
  blank = strpbrk (start, " \n");
  if (blank != NULL)
    return blank + 1;
  while ((*start & 0xC0) == 0x80)
    start++;

  return start;
}

/**
 * whis_merge_get_prefix:
 * @self: a merge
 * @longest: how many bytes are wanted at most
 *
 * Returns: (transfer full): the end of the text up to the first piece that is missing, all of it if
 *   it is not longer than @longest
 */
char *
whis_merge_get_prefix (WhisMerge *self, gsize longest)
{
  g_return_val_if_fail (WHIS_IS_MERGE (self), NULL);

  extend_prefix (self, self->pieces->len);

  return g_strdup (find_end (self->prefix->str, self->prefix->len, longest));
}

/**
 * whis_merge_get_text:
 * @self: a merge
 * @n_pieces: number of pieces that there should be
 *
 * Returns: (transfer full): the text of the first @n_pieces pieces, with %WHIS_MERGE_GAP for each
 *   run of missing ones
 */
char *
whis_merge_get_text (WhisMerge *self, guint n_pieces)
{
  GString *text;

  g_return_val_if_fail (WHIS_IS_MERGE (self), NULL);

  if (self->n_prefix > n_pieces)
    forget_prefix (self);
  extend_prefix (self, n_pieces);

  text = g_string_new (self->prefix->str);
  for (guint i = self->n_prefix; i < n_pieces; i++)
    {
      if (is_set (self, i))
        append_piece (self, text, i);
      else if (i == 0 || is_set (self, i - 1))
        merge_append (text, WHIS_MERGE_GAP, FALSE);
    }

  return g_string_free (text, FALSE);
}
