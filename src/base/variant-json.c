/* SPDX-License-Identifier: MIT */
#include "variant-json.h"

#include <math.h>
#include <string.h>

/* json_gvariant_serialize() does the same, but for it the command line would link json-glib. */

static void append_value (GString *json, GVariant *value);

/* RFC 8259, section 7. */
static void
append_string (GString *json, const char *text)
{
  static const char special[] = "\"\\\b\f\n\r\t";
  static const char letters[] = "\"\\bfnrt";

  g_string_append_c (json, '"');
  for (const char *p = text; *p != '\0'; p++)
    {
      const char *found = strchr (special, *p);

      if (found != NULL)
        g_string_append_printf (json, "\\%c", letters[found - special]);
      else if (g_ascii_iscntrl (*p))
        g_string_append_printf (json, "\\u%04x", (guint) *p);
      else
        g_string_append_c (json, *p);
    }
  g_string_append_c (json, '"');
}

static void
append_double (GString *json, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  /* JSON has no other numbers. */
  if (!isfinite (value))
    g_string_append (json, "null");
  else
    g_string_append (json, g_ascii_dtostr (text, sizeof text, value));
}

static void
append_entry (GString *json, GVariant *entry)
{
  g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);
  g_autoptr (GVariant) value = g_variant_get_child_value (entry, 1);

  append_string (json, g_variant_get_string (key, NULL));
  g_string_append_c (json, ':');
  append_value (json, value);
}

static void
append_container (GString *json, GVariant *value)
{
  gboolean dictionary = g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}"));
  gsize n = g_variant_n_children (value);

  g_string_append_c (json, dictionary ? '{' : '[');
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      if (i > 0)
        g_string_append_c (json, ',');
      if (dictionary)
        append_entry (json, child);
      else
        append_value (json, child);
    }
  g_string_append_c (json, dictionary ? '}' : ']');
}

static void
append_value (GString *json, GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_VARIANT:
      {
        g_autoptr (GVariant) inside = g_variant_get_variant (value);

        append_value (json, inside);
        break;
      }
    case G_VARIANT_CLASS_BOOLEAN:
      g_string_append (json, g_variant_get_boolean (value) ? "true" : "false");
      break;
    case G_VARIANT_CLASS_BYTE:
      g_string_append_printf (json, "%u", g_variant_get_byte (value));
      break;
    case G_VARIANT_CLASS_INT16:
      g_string_append_printf (json, "%d", g_variant_get_int16 (value));
      break;
    case G_VARIANT_CLASS_UINT16:
      g_string_append_printf (json, "%u", g_variant_get_uint16 (value));
      break;
    case G_VARIANT_CLASS_INT32:
      g_string_append_printf (json, "%" G_GINT32_FORMAT, g_variant_get_int32 (value));
      break;
    case G_VARIANT_CLASS_UINT32:
      g_string_append_printf (json, "%" G_GUINT32_FORMAT, g_variant_get_uint32 (value));
      break;
    case G_VARIANT_CLASS_INT64:
      g_string_append_printf (json, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
      break;
    case G_VARIANT_CLASS_UINT64:
      g_string_append_printf (json, "%" G_GUINT64_FORMAT, g_variant_get_uint64 (value));
      break;
    case G_VARIANT_CLASS_DOUBLE:
      append_double (json, g_variant_get_double (value));
      break;
    case G_VARIANT_CLASS_STRING:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
      append_string (json, g_variant_get_string (value, NULL));
      break;
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
      append_container (json, value);
      break;
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      g_return_if_reached ();
    }
}

/**
 * whis_variant_to_json:
 * @value: what a call on D-Bus answered, or a part of it
 *
 * Writes a value as JSON (RFC 8259) without blanks or line breaks: dictionaries of strings as
 * objects, arrays and tuples as arrays, variants as what they hold.
 *
 * Returns: (transfer full): the JSON
 */
char *
whis_variant_to_json (GVariant *value)
{
  GString *json;

  g_return_val_if_fail (value != NULL, NULL);

  json = g_string_new (NULL);
  append_value (json, value);

  return g_string_free (json, FALSE);
}
