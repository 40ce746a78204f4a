/* SPDX-License-Identifier: MIT */
#include "direction.h"

static gboolean
is_rtl_script (GUnicodeScript script)
{
  static const GUnicodeScript scripts[] = {
    G_UNICODE_SCRIPT_HEBREW, G_UNICODE_SCRIPT_ARABIC,        G_UNICODE_SCRIPT_SYRIAC,
    G_UNICODE_SCRIPT_THAANA, G_UNICODE_SCRIPT_NKO,           G_UNICODE_SCRIPT_SAMARITAN,
    G_UNICODE_SCRIPT_ADLAM,  G_UNICODE_SCRIPT_MENDE_KIKAKUI, G_UNICODE_SCRIPT_HANIFI_ROHINGYA,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (scripts); i++)
    if (scripts[i] == script)
      return TRUE;

  return FALSE;
}

/**
 * whis_direction_is_rtl:
 * @text: a text
 *
 * Returns: whether it runs from right to left, by its first letter (rules P2 and P3 of the Unicode
 *   Bidirectional Algorithm, by scripts)
 */
gboolean
whis_direction_is_rtl (const char *text)
{
  g_return_val_if_fail (text != NULL, FALSE);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar letter = g_utf8_get_char (p);

      if (g_unichar_isalpha (letter))
        return is_rtl_script (g_unichar_get_script (letter));
    }

  return FALSE;
}
