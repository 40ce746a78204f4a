/* SPDX-License-Identifier: MIT */
#include "language.h"

#include <string.h>

/* Of a tag without extensions (RFC 5646, 4.4.1). */
#define LONGEST_TAG 35

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
 * whis_language_is_tag:
 * @language: what somebody wrote
 *
 * Returns: whether it may be a language tag (BCP 47): an ISO 639 code, with a region or a script
 *   behind a hyphen
 */
gboolean
whis_language_is_tag (const char *language)
{
  gsize primary;

  g_return_val_if_fail (language != NULL, FALSE);

  primary = strcspn (language, "-");
  if (primary < 2 || primary > 3 || strlen (language) > LONGEST_TAG)
    return FALSE;
  for (const char *c = language; *c != '\0'; c++)
    if (!g_ascii_isalnum (*c) && *c != '-')
      return FALSE;

  return TRUE;
}

/* Codes of ISO 639-1 for which some services have those of the language that is meant. */
static const struct
{
  const char *code;
  const char *other;
} other_codes[] = { { "no", "nb" }, { "tl", "fil" }, { "zh", "cmn" } };

static const char *
find_other_code (const char *primary)
{
  for (gsize i = 0; i < G_N_ELEMENTS (other_codes); i++)
    {
      if (g_str_equal (other_codes[i].code, primary))
        return other_codes[i].other;
    }

  return NULL;
}

static gboolean
has_primary (const char *tag, const char *primary)
{
  gsize length = strlen (primary);

  return strncmp (tag, primary, length) == 0 && (tag[length] == '\0' || tag[length] == '-');
}

static char *
dup_listed (const char *const *tags, const char *language, const char *primary)
{
  for (gsize i = 0; tags[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (tags[i], language) == 0)
        return g_strdup (tags[i]);
    }
  for (gsize i = 0; tags[i] != NULL; i++)
    {
      if (has_primary (tags[i], primary))
        return g_strdup (tags[i]);
    }

  return NULL;
}

/**
 * whis_language_for_model:
 * @model: (nullable): a model, if it is known
 * @language: (nullable): the language that the user chose; %NULL or empty for automatic
 *
 * Returns: (transfer full) (nullable): the code to send, one of the model's list if it has one;
 *   %NULL when the model has to find the language out, also because it refuses this one
 */
char *
whis_language_for_model (const WhisModel *model, const char *language)
{
  g_autofree char *primary = NULL;
  g_auto (GStrv) listed = NULL;
  const char *other;
  char *code;

  if (language == NULL || *language == '\0')
    return NULL;
  primary = whis_language_get_primary (language);
  if (model == NULL || model->languages == NULL)
    return g_steal_pointer (&primary);
  listed = g_strsplit (model->languages, " ", -1);
  code = dup_listed ((const char *const *) listed, language, primary);
  other = find_other_code (primary);
  if (code == NULL && other != NULL)
    code = dup_listed ((const char *const *) listed, other, other);

  return code;
}
