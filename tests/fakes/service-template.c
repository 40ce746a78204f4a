/* SPDX-License-Identifier: MIT */
#include "service-template.h"

#include <json-glib/json-glib.h>
#include <stdarg.h>
#include <string.h>

static void
replace (GString *text, const char *name, const char *value)
{
  g_autofree char *gap = g_strconcat ("%", name, "%", NULL);
  gsize at = 0;
  const char *found;

  /* on from behind the value, which may hold per cent signs of its own */
  while ((found = strstr (text->str + at, gap)) != NULL)
    {
      at = (gsize) (found - text->str);
      g_string_erase (text, (gssize) at, (gssize) strlen (gap));
      g_string_insert (text, (gssize) at, value);
      at += strlen (value);
    }
}

char *
service_template_expand (const char *template, ...)
{
  GString *text = g_string_new (template);
  const char *name;
  va_list pairs;

  va_start (pairs, template);
  while ((name = va_arg (pairs, const char *)) != NULL)
    replace (text, name, va_arg (pairs, const char *));
  va_end (pairs);

  return g_string_free (text, FALSE);
}

char *
service_template_quote (const char *text)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), text);

  return json_to_string (node, FALSE);
}

char *
service_template_escape (const char *text)
{
  char *quoted = service_template_quote (text);
  gsize length = strlen (quoted);

  memmove (quoted, quoted + 1, length - 2);
  quoted[length - 2] = '\0';

  return quoted;
}

char *
service_template_seconds (guint64 ms)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (number, sizeof number, "%.3f", (double) ms / 1000.0));
}
