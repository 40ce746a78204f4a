/* SPDX-License-Identifier: MIT */
#include "line.h"
#include "merge.h"

#include <string.h>

/* Halves and not one line after the other: an answer may be megabytes of newlines, and every join
 * copies what it joins. */
static char *
join_lines (const char *text, gsize size)
{
  const char *end = memchr (text + size / 2, '\n', size - size / 2);
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  if (end == NULL)
    end = g_strrstr_len (text, (gssize) (size / 2), "\n");
  if (end == NULL)
    {
      left = g_strndup (text, size);
      return whis_merge_join ("", left, FALSE);
    }

  left = join_lines (text, (gsize) (end - text));
  right = join_lines (end + 1, (gsize) (text + size - end - 1));

  return whis_merge_join (left, right, FALSE);
}

/* ISO/IEC 6429 has control characters below the space and, as C1, from U+0080 to U+009F. */
static void
blank_controls (char *text)
{
  for (char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\r')
        *p = '\n';
      else if (c != '\n' && g_unichar_iscntrl (c))
        memset (p, ' ', (gsize) (g_utf8_next_char (p) - p));
    }
}

/**
 * whis_line_new:
 * @text: words of a service
 *
 * Makes one line of text: whisper.cpp ends every segment with a newline. Control characters have no
 * place in a transcript, and would be typed into whatever window has the focus.
 *
 * Returns: (transfer full): @text in one line, valid UTF-8, without blanks around it
 */
char *
whis_line_new (const char *text)
{
  g_autofree char *copy = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  copy = g_utf8_make_valid (text, -1);

  blank_controls (copy);

  return join_lines (copy, strlen (copy));
}
