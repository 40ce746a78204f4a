/* SPDX-License-Identifier: MIT */
#include "vocabulary.h"

/**
 * whis_vocabulary_limit:
 * @words: (nullable): names and terms that may be said, those that matter most first
 * @most_words: how many a service takes; 0 for any
 * @most_letters: how many characters it takes in all of them together; 0 for any
 *
 * Returns: (transfer container) (nullable): those that the service takes; %NULL for none. Free with
 *   g_free()
 */
const char **
whis_vocabulary_limit (const char *const *words, guint most_words, guint most_letters)
{
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  glong n_letters = 0;

  for (gsize i = 0; words != NULL && words[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (words[i], -1);

      if (length == 0 || (most_letters > 0 && n_letters + length > (glong) most_letters))
        continue;
      if (most_words > 0 && taken->len >= most_words)
        break;
      n_letters += length;
      g_ptr_array_add (taken, (gpointer) words[i]);
    }
  if (taken->len == 0)
    return NULL;
  g_ptr_array_add (taken, NULL);

  return (const char **) g_ptr_array_free (g_steal_pointer (&taken), FALSE);
}
