/* SPDX-License-Identifier: MIT */
#include "desktop-language.h"

#include <string.h>

/* Locales whose language models know by another code. */
static const struct
{
  const char *locale;
  const char *code;
} others[] = {
  { "nb", "no" },
  { "fil", "tl" },
  { "iw", "he" },
};

/**
 * whis_dup_desktop_language:
 *
 * Returns: (transfer full): the language of the desktop as a code of ISO 639; empty in the locale C
 */
char *
whis_dup_desktop_language (void)
{
  const char *locale = g_get_language_names ()[0];
  gsize length = strcspn (locale, "_.@");

  if (length < 2 || length > 3)
    return g_strdup ("");
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (strlen (others[i].locale) == length && strncmp (others[i].locale, locale, length) == 0)
      return g_strdup (others[i].code);

  return g_strndup (locale, length);
}
