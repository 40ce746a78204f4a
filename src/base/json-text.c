/* SPDX-License-Identifier: MIT */
#include "json-text.h"
#include "utf8.h"

#include <string.h>

/* Answers nest three or four levels. json-glib recurses once per level, so a server could overflow
 * our stack with brackets. */
#define DEEPEST 32

/* A unit of UTF-16 as an escape, as in "\u00e4". */
#define ESCAPE_SIZE 6

/* What stands for a character that cannot be one. */
#define REPLACEMENT "\xEF\xBF\xBD"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.()"

/* Returns: the unit that @text begins with, or -1 when it does not begin with one. */
static int
read_unit (const char *text)
{
  int unit = 0;

  if (text[0] != '\\' || text[1] != 'u')
    return -1;
  for (guint i = 2; i < ESCAPE_SIZE; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return -1;
      unit = unit * 16 + g_ascii_xdigit_value (text[i]);
    }

  return unit;
}

static gboolean
is_high_surrogate (int unit)
{
  return unit >= 0xD800 && unit <= 0xDBFF;
}

static gboolean
is_low_surrogate (int unit)
{
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* A NUL would end the string, and half of a pair of surrogates is no character.
 *
 * Returns: where the text goes on */
static const char *
copy_escape (GString *clean, const char *p)
{
  int unit = read_unit (p);

  if (unit == 0)
    g_string_append_c (clean, ' ');
  else if (is_high_surrogate (unit) && is_low_surrogate (read_unit (p + ESCAPE_SIZE)))
    {
      g_string_append_len (clean, p, 2 * ESCAPE_SIZE);
      return p + 2 * ESCAPE_SIZE;
    }
  else if (is_high_surrogate (unit) || is_low_surrogate (unit))
    g_string_append (clean, REPLACEMENT);
  else if (unit >= 0)
    g_string_append_len (clean, p, ESCAPE_SIZE);
  else
    {
      gsize size = p[1] != '\0' ? 2 : 1;

      g_string_append_len (clean, p, (gssize) size);
      return p + size;
    }

  return p + ESCAPE_SIZE;
}

/* @p stands behind the quotation mark at the beginning. */
static const char *
copy_string (GString *clean, const char *p)
{
  while (*p != '\0' && *p != '"')
    {
      gsize plain = strcspn (p, "\\\"");

      g_string_append_len (clean, p, (gssize) plain);
      p += plain;
      if (*p == '\\')
        p = copy_escape (clean, p);
    }
  if (*p == '"')
    g_string_append_c (clean, *p++);

  return p;
}

/* What programs in Python, JavaScript and C write for a number that is none. */
static gboolean
is_no_number (const char *name, gsize size)
{
  static const char *const names[] = { "nan", "inf", "infinity", "nan(ind)", "nan(snan)" };

  if (size > 0 && (*name == '-' || *name == '+'))
    {
      name++;
      size--;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == size && g_ascii_strncasecmp (name, names[i], size) == 0)
      return TRUE;

  return FALSE;
}

static const char *
copy_name (GString *clean, const char *p)
{
  gsize size = strspn (p, NAME_CHARACTERS);

  if (is_no_number (p, size))
    g_string_append (clean, "null");
  else
    g_string_append_len (clean, p, (gssize) size);

  return p + size;
}

/* Counts the brackets that are open. */
static gboolean
is_too_deep (guint *depth, char bracket)
{
  if (bracket == '[' || bracket == '{')
    return ++*depth > DEEPEST;
  if ((bracket == ']' || bracket == '}') && *depth > 0)
    --*depth;

  return FALSE;
}

/**
 * whis_json_text_new:
 * @data: (array length=size): bytes from outside
 * @size: number of bytes
 *
 * Makes a text that json-glib reads whole of what servers are known to send as JSON (RFC 8259): an
 * escaped or a bare NUL becomes a blank, `NaN` and `Infinity` become `null`, and a byte that is not
 * UTF-8 or half of a pair of surrogates becomes U+FFFD.
 *
 * Returns: (transfer full) (nullable): the text; %NULL when it is nested too deeply, or has what
 *   json-glib takes for a comment, which JSON has not: a quotation mark in one would hide brackets
 */
GString *
whis_json_text_new (const char *data, gsize size)
{
  g_autofree char *valid = NULL;
  g_autoptr (GString) clean = NULL;
  guint depth = 0;
  const char *p;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  valid = whis_utf8_make_valid (data, size);
  clean = g_string_sized_new (size);
  for (p = valid; *p != '\0';)
    {
      if (*p == '/' || *p == '#' || is_too_deep (&depth, *p))
        return NULL;
      if (strchr (NAME_CHARACTERS, *p) != NULL)
        {
          p = copy_name (clean, p);
          continue;
        }
      g_string_append_c (clean, *p++);
      if (p[-1] == '"')
        p = copy_string (clean, p);
    }

  return g_steal_pointer (&clean);
}
