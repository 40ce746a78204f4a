/* SPDX-License-Identifier: MIT */
#include "sentence.h"

#include <string.h>

/**
 * whis_sentence_ends:
 * @text: a text in any language
 *
 * Looks at the last marks of a text, those behind a full stop included, such as quotation marks.
 *
 * Returns: whether it ends with the end of a sentence
 */
gboolean
whis_sentence_ends (const char *text)
{
  const char *c;

  g_return_val_if_fail (text != NULL, FALSE);

  c = text + strlen (text);
  while (c > text)
    {
      gunichar sign;

      c = g_utf8_prev_char (c);
      sign = g_utf8_get_char (c);
      if (g_utf8_strchr (".?!…。？！؟۔।", -1, sign) != NULL)
        return TRUE;
      if (g_unichar_isalnum (sign))
        return FALSE;
    }

  return FALSE;
}
