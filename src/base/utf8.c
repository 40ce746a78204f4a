/* SPDX-License-Identifier: MIT */
#include "utf8.h"

#include <string.h>

/**
 * whis_utf8_make_valid:
 * @data: (array length=size): words of a service, as they arrived
 * @size: their length in bytes
 *
 * Makes a string of what arrived, so that no word behind a NUL or a broken byte is lost.
 *
 * Returns: (transfer full): @data as valid UTF-8, with a blank for each NUL and U+FFFD for each
 *   byte that is no part of a character
 */
char *
whis_utf8_make_valid (const char *data, gsize size)
{
  g_autofree char *copy = NULL;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  copy = g_memdup2 (data, size);
  for (char *p = copy; p != NULL;)
    {
      p = memchr (p, '\0', (gsize) (copy + size - p));
      if (p != NULL)
        *p = ' ';
    }

  return g_utf8_make_valid (copy != NULL ? copy : "", (gssize) size);
}
