/* SPDX-License-Identifier: MIT */
#include "variant-json.h"

#include <json-glib/json-glib.h>
#include <locale.h>
#include <math.h>

/* Values that json-glib writes as well. */
static const char *const values[] = {
  "true",
  "'plain'",
  "''",
  "'quotes \" and \\\\ and / and \\b\\f\\n\\r\\t'",
  "'\\u0001\\u007f and “ä” 😀'",
  "@y 255",
  "@n -32768",
  "@q 65535",
  "@i -2147483648",
  "@u 4294967295",
  "@x -9223372036854775808",
  "@t 1764518400000",
  "0.25",
  "<<@u 3>>",
  "(1, 'two')",
  "@as []",
  "@aa{sv} []",
  "@a{sv} {}",
  "[{'id': <'a'>, 'marked': <false>, 'versions': <[{'number': <@u 1>}]>}, {}]",
  "{'one': @t 1, 'two': 2}",
  "objectpath '/io/github/whis_gtk'",
  "signature 'a{sv}'",
  "{'quotes \" and \\\\': <1>, '': <''>, '“ä”\\n': <@as []>}",
  "[(@t 1, [('a', {'b': <(true, [[<'c'>]])>})])]",
  "[<1>, <'two'>, <@a{sv} {}>]",
};

/* Who read what json-glib wrote reads the same. */
static void
test_like_json_glib (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) value = g_variant_parse (NULL, values[i], NULL, NULL, &error);
      g_autoptr (JsonNode) node = NULL;
      g_autofree char *expected = NULL;
      g_autofree char *json = NULL;

      g_assert_no_error (error);
      node = json_gvariant_serialize (value);
      expected = json_to_string (node, FALSE);
      json = whis_variant_to_json (value);
      g_assert_cmpstr (json, ==, expected);
    }
}

static void
test_numbers (void)
{
  const double numbers[] = { 1.5, NAN, -INFINITY };
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_fixed_array (
      G_VARIANT_TYPE_DOUBLE, numbers, G_N_ELEMENTS (numbers), sizeof *numbers));
  g_autofree char *json = whis_variant_to_json (value);

  g_assert_cmpstr (json, ==, "[1.5,null,null]");
}

/* json-glib leaves the last of the control characters as it is, which JSON forbids. */
static void
test_last_control (void)
{
  g_autoptr (GVariant) value = g_variant_ref_sink (g_variant_new_string ("\x1f"));
  g_autofree char *json = whis_variant_to_json (value);

  g_assert_cmpstr (json, ==, "\"\\u001f\"");
}

int
main (int argc, char **argv)
{
  /* A locale with a decimal comma changes nothing. */
  setlocale (LC_ALL, "de_DE.UTF-8");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/variant-json/like-json-glib", test_like_json_glib);
  g_test_add_func ("/variant-json/last-control", test_last_control);
  g_test_add_func ("/variant-json/numbers", test_numbers);

  return g_test_run ();
}
