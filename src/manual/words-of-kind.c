/* SPDX-License-Identifier: MIT */
#include "words-of-kind.h"

#include "local-model.h"
#include "providers.h"

static void
append (GString *words, const char *word)
{
  if (words->len > 0)
    g_string_append_c (words, ' ');
  g_string_append (words, word);
}

/**
 * whis_words_of_kind:
 * @kind: %WHIS_CLI_MODELS_OF or %WHIS_CLI_LOCAL_MODEL
 *
 * Returns: (transfer full): all that such an argument can be, with blanks between
 */
char *
whis_words_of_kind (WhisCliKind kind)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gsize n;

  if (kind == WHIS_CLI_MODELS_OF)
    {
      const WhisProvider *providers = whis_providers_list (&n);

      append (words, "local");
      for (gsize i = 0; i < n; i++)
        append (words, providers[i].id);
    }
  else
    {
      const WhisLocalModel *const *models = whis_local_models_list (&n);

      for (gsize i = 0; i < n; i++)
        append (words, models[i]->id);
    }

  return g_string_free (g_steal_pointer (&words), FALSE);
}
