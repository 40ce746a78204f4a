/* SPDX-License-Identifier: MIT */
#include "lines.h"

#define ZERO_WIDTH_JOINER 0x200D

/* How a text was cut. */
typedef struct
{
  GString *lines;
  guint n_lines;
  guint n_torn; /* words that had to be cut */
} Wrapped;

static guint
get_columns (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;

  return g_unichar_iswide (c) ? 2 : 1;
}

static gboolean
is_regional (gunichar c)
{
  return g_unichar_break_type (c) == G_UNICODE_BREAK_REGIONAL_INDICATOR;
}

/* One sign on the screen: accents, emoji of several parts, flags. */
static gboolean
belong_together (gunichar left, gunichar right)
{
  return g_unichar_iszerowidth (right) || left == ZERO_WIDTH_JOINER
         || g_unichar_break_type (right) == G_UNICODE_BREAK_EMOJI_MODIFIER
         || (is_regional (left) && is_regional (right));
}

static gboolean
may_begin_line (gunichar c)
{
  static const GUnicodeBreakType never[] = {
    G_UNICODE_BREAK_CLOSE_PUNCTUATION, G_UNICODE_BREAK_CLOSE_PARANTHESIS,
    G_UNICODE_BREAK_EXCLAMATION,       G_UNICODE_BREAK_NON_STARTER,
    G_UNICODE_BREAK_INFIX_SEPARATOR,   G_UNICODE_BREAK_CONDITIONAL_JAPANESE_STARTER,
  };
  GUnicodeBreakType type = g_unichar_break_type (c);

  for (gsize i = 0; i < G_N_ELEMENTS (never); i++)
    if (type == never[i])
      return FALSE;

  return TRUE;
}

/* Between two signs without a space, as Chinese and Japanese are written (Unicode annex 14). */
static gboolean
may_part (gunichar left, gunichar right)
{
  return left != ' ' && (g_unichar_iswide (left) || g_unichar_iswide (right))
         && !belong_together (left, right) && may_begin_line (right)
         && g_unichar_break_type (left) != G_UNICODE_BREAK_OPEN_PUNCTUATION;
}

/* Where the line that begins at @line ends, at most @columns wide if that can be. */
static const char *
find_end (const char *line, guint columns, gboolean *torn)
{
  const char *good = NULL;
  const char *bad = NULL;
  gunichar left = 0;
  guint width = 0;

  *torn = FALSE;
  for (const char *c = line; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar right = g_utf8_get_char (c);

      if (left != 0 && (right == ' ' || may_part (left, right)))
        good = c;
      else if (left != 0 && !belong_together (left, right))
        bad = c;
      width += get_columns (right);
      if (width > columns && (good != NULL || bad != NULL))
        {
          *torn = good == NULL;
          return good != NULL ? good : bad;
        }
      left = right;
    }

  return NULL;
}

static void
lines_wrap (const char *text, guint columns, Wrapped *wrapped)
{
  *wrapped = (Wrapped){ .lines = g_string_new (NULL), .n_lines = 1 };
  for (;;)
    {
      gboolean torn;
      const char *end = find_end (text, columns, &torn);

      g_string_append_len (wrapped->lines, text, end != NULL ? end - text : -1);
      if (end == NULL)
        return;
      g_string_append_c (wrapped->lines, '\n');
      wrapped->n_lines++;
      wrapped->n_torn += torn;
      text = *end == ' ' ? end + 1 : end;
    }
}

static guint
get_width (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    width += get_columns (g_utf8_get_char (c));

  return width;
}

/**
 * whis_lines_count:
 * @text: UTF-8 with single spaces and no line ends
 * @columns: the longest line; a wide character takes two columns
 *
 * Returns: how many lines @text needs
 */
guint
whis_lines_count (const char *text, guint columns)
{
  Wrapped wrapped;

  g_return_val_if_fail (text != NULL, 0);
  g_return_val_if_fail (columns > 0, 0);

  lines_wrap (text, columns, &wrapped);
  g_string_free (wrapped.lines, TRUE);

  return wrapped.n_lines;
}

/**
 * whis_lines_balance:
 * @text: UTF-8 with single spaces and no line ends
 * @columns: the longest line; a wide character takes two columns
 *
 * Cuts a text into as few lines as it needs, of about the same length. Words are cut only if they
 * are longer than a line; text without spaces is cut where its script allows it.
 *
 * Returns: (transfer full): the lines, with line ends between them
 */
char *
whis_lines_balance (const char *text, guint columns)
{
  Wrapped full;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (columns > 0, NULL);

  lines_wrap (text, columns, &full);
  for (guint narrow = MAX (get_width (text) / full.n_lines, 1); narrow < columns; narrow++)
    {
      Wrapped balanced;

      lines_wrap (text, narrow, &balanced);
      if (balanced.n_lines == full.n_lines && balanced.n_torn == full.n_torn)
        {
          g_string_free (full.lines, TRUE);
          return g_string_free (balanced.lines, FALSE);
        }
      g_string_free (balanced.lines, TRUE);
    }

  return g_string_free (full.lines, FALSE);
}
