/* SPDX-License-Identifier: MIT */
#include "text-pieces.h"

#include <string.h>

/**
 * whis_text_pieces_new:
 * @text: a text, UTF-8
 *
 * Divides a text into pieces that fit into a message of Wayland, at the boundaries of characters.
 *
 * Returns: (transfer full): the pieces, each of at most %WHIS_TEXT_PIECES_BYTES bytes
 */
GStrv
whis_text_pieces_new (const char *text)
{
  g_autoptr (GStrvBuilder) pieces = g_strv_builder_new ();
  const char *at = text;

  g_return_val_if_fail (text != NULL, NULL);

  while (strlen (at) > WHIS_TEXT_PIECES_BYTES)
    {
      const char *end = g_utf8_find_prev_char (at, at + WHIS_TEXT_PIECES_BYTES + 1);
      g_autofree char *piece = g_strndup (at, (gsize) (end - at));

      g_strv_builder_add (pieces, piece);
      at = end;
    }
  if (*at != '\0')
    g_strv_builder_add (pieces, at);

  return g_strv_builder_end (pieces);
}
