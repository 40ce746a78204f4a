/* SPDX-License-Identifier: MIT */
#include "redact.h"

#include <string.h>

#define MASK "…"
/* Keys are 32 characters or more; a key that a server masked itself keeps its prefix. */
#define SHORTEST_SECRET 32

static const char *const key_prefixes[] = { "sk-", "sk_", "gsk_", "xi-", "AIza", "Bearer" };

static gboolean
is_token_character (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '*';
}

static gboolean
is_secret (const char *token, gsize length)
{
  if (length >= SHORTEST_SECRET)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (key_prefixes); i++)
    {
      gsize n = strlen (key_prefixes[i]);

      if (length > n + 2 && strncmp (token, key_prefixes[i], n) == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
mask_tokens (const char *text)
{
  GString *masked = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize length = 0;

      while (is_token_character (text[length]))
        length++;
      if (length == 0)
        g_string_append_c (masked, *text++);
      else if (is_secret (text, length))
        g_string_append (masked, MASK);
      else
        g_string_append_len (masked, text, length);
      text += length;
    }

  return g_string_free (masked, FALSE);
}

/**
 * whis_redact:
 * @text: words of a server
 * @key: (nullable): the key that it was sent
 *
 * Takes keys out of a text: the one that was sent, and whatever looks like one.
 *
 * Returns: (transfer full): the text with "…" for each key
 */
char *
whis_redact (const char *text, const char *key)
{
  g_autofree char *without_key = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (key != NULL && *key != '\0')
    {
      g_auto (GStrv) parts = g_strsplit (text, key, -1);

      without_key = g_strjoinv (MASK, parts);
    }

  return mask_tokens (without_key != NULL ? without_key : text);
}
