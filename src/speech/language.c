/* SPDX-License-Identifier: MIT */
#include "language.h"

#include <string.h>

/**
 * whis_language_get_primary:
 * @language: a language tag (BCP 47) or a locale
 *
 * Returns: (transfer full): its first part, which is the code of ISO 639 that services take
 */
char *
whis_language_get_primary (const char *language)
{
  g_autofree char *primary = NULL;

  g_return_val_if_fail (language != NULL, NULL);

  primary = g_strndup (language, strcspn (language, "-_.@"));

  return g_ascii_strdown (primary, -1);
}

/**
 * whis_language_for_model:
 * @model: (nullable): a model, if it is known
 * @language: (nullable): the language that the user chose; %NULL or empty for automatic
 *
 * Returns: (transfer full) (nullable): the code to send; %NULL when the model has to find the
 *   language out, also because it refuses this one
 */
char *
whis_language_for_model (const WhisModel *model, const char *language)
{
  g_autofree char *primary = NULL;
  g_auto (GStrv) languages = NULL;

  if (language == NULL || *language == '\0')
    return NULL;
  primary = whis_language_get_primary (language);
  if (model == NULL || model->languages == NULL)
    return g_steal_pointer (&primary);
  languages = g_strsplit (model->languages, " ", -1);

  return g_strv_contains ((const char *const *) languages, primary) ? g_steal_pointer (&primary)
                                                                    : NULL;
}
