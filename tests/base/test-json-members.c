/* SPDX-License-Identifier: MIT */
#include "json.h"

#include "openai-json.h"

#include <string.h>

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *root = whis_json_parse (json, strlen (json), &error);

  g_assert_no_error (error);

  return root;
}

/* The root may be anything that JSON has; what is no JSON is an error and never a crash. */
static void
test_parse (void)
{
  static const char *const good[] = { "{}", "[]", "\"a\"", "1", "null", " {\"a\":NaN} " };
  static const char *const bad[] = { "",         " ",       "\n",     "{",
                                     "[1,",      "{\"a\"}", "<html>", "{\"a\":1,}",
                                     "\xFF\xFE", "// {}\n", "\"abc" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (JsonNode) root = parse (good[i]);

      g_assert_nonnull (root);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%" G_GSIZE_FORMAT, i);
      g_assert_null (whis_json_parse (bad[i], strlen (bad[i]), &error));
      g_assert_nonnull (error);
    }
}

/* A service may send any type for any member. */
static void
test_members (void)
{
  g_autoptr (JsonNode) root =
      parse ("{\"string\":\"words\",\"empty\":\"\",\"int\":7,\"double\":-0.5,\"bool\":true,"
             "\"null\":null,\"object\":{\"in\":\"it\"},\"array\":[{\"in\":\"first\"},2],"
             "\"scalars\":[1],\"nothing\":[]}");
  JsonObject *object = whis_json_as_object (root);
  static const char *const no_strings[] = { "int", "bool", "null", "object", "array", "absent" };
  static const char *const no_arrays[] = { "string", "int", "null", "object", "absent" };
  static const char *const no_objects[] = { "string", "int", "null", "array", "absent" };
  static const char *const no_numbers[] = { "string", "empty", "bool",  "null",
                                            "object", "array", "absent" };

  g_assert_cmpstr (whis_json_get_string (object, "string"), ==, "words");
  g_assert_cmpstr (whis_json_get_string (object, "empty"), ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (no_strings); i++)
    g_assert_null (whis_json_get_string (object, no_strings[i]));

  g_assert_cmpuint (json_array_get_length (whis_json_get_array (object, "array")), ==, 2);
  for (gsize i = 0; i < G_N_ELEMENTS (no_arrays); i++)
    g_assert_null (whis_json_get_array (object, no_arrays[i]));

  g_assert_cmpstr (whis_json_get_string (whis_json_get_object (object, "object"), "in"), ==, "it");
  for (gsize i = 0; i < G_N_ELEMENTS (no_objects); i++)
    g_assert_null (whis_json_get_object (object, no_objects[i]));

  g_assert_cmpstr (whis_json_get_string (whis_json_get_first_object (object, "array"), "in"), ==,
                   "first");
  g_assert_null (whis_json_get_first_object (object, "scalars"));
  g_assert_null (whis_json_get_first_object (object, "nothing"));
  g_assert_null (whis_json_get_first_object (object, "object"));

  g_assert_cmpfloat (whis_json_get_double (object, "int"), ==, 7);
  g_assert_cmpfloat (whis_json_get_double (object, "double"), ==, -0.5);
  for (gsize i = 0; i < G_N_ELEMENTS (no_numbers); i++)
    g_assert_cmpfloat (whis_json_get_double (object, no_numbers[i]), <, 0);
}

/* A chain of members ends where one is missing, without a check at each of them. */
static void
test_nothing (void)
{
  g_autoptr (JsonNode) array = parse ("[{}]");

  g_assert_null (whis_json_as_object (NULL));
  g_assert_null (whis_json_as_object (array));
  g_assert_null (whis_json_get_string (NULL, "a"));
  g_assert_null (whis_json_get_array (NULL, "a"));
  g_assert_null (whis_json_get_object (NULL, "a"));
  g_assert_null (whis_json_get_first_object (NULL, "a"));
  g_assert_cmpfloat (whis_json_get_double (NULL, "a"), <, 0);
}

static void
test_build (void)
{
  static const char *const words[] = { "one", "“two”\n", NULL };
  static const char *const none[] = { NULL };
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) bytes = NULL;
  const char *json =
      "{\"text\":\"quotes \\\" and \\\\\",\"words\":[\"one\",\"“two”\\n\"],\"none\":[],"
      "\"yes\":true}";

  json_builder_begin_object (builder);
  whis_json_add_string (builder, "text", "quotes \" and \\");
  whis_json_add_strings (builder, "words", words);
  whis_json_add_strings (builder, "none", none);
  whis_json_add_boolean (builder, "yes", TRUE);
  json_builder_end_object (builder);
  bytes = whis_json_finish (builder);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), json, strlen (json));
}

/* A client of the endpoint looks at the type of an error, and finds each member, null or not. */
static void
test_openai_error (void)
{
  static const struct
  {
    guint status;
    const char *param;
    const char *code;
    const char *body;
  } cases[] = {
    { 400, "file", "bad_file",
      "{\"error\":{\"message\":\"No \\\"file\\\".\",\"type\":\"invalid_request_error\","
      "\"param\":\"file\",\"code\":\"bad_file\"}}" },
    { 499, NULL, NULL,
      "{\"error\":{\"message\":\"No \\\"file\\\".\",\"type\":\"invalid_request_error\","
      "\"param\":null,\"code\":null}}" },
    { 500, NULL, "c",
      "{\"error\":{\"message\":\"No \\\"file\\\".\",\"type\":\"server_error\","
      "\"param\":null,\"code\":\"c\"}}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = whis_openai_json_print_error (cases[i].status, cases[i].param,
                                                            cases[i].code, "No \"file\".");

      g_assert_cmpstr (body, ==, cases[i].body);
    }
}

/* OpenAI bills each second that has begun. */
static void
test_openai_usage (void)
{
  static const struct
  {
    guint64 ms;
    gint64 seconds;
  } cases[] = { { 0, 0 }, { 1, 1 }, { 1000, 1 }, { 1001, 2 }, { 36000000, 36000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonBuilder) builder = json_builder_new ();
      g_autofree char *expected = g_strdup_printf (
          "{\"at\":%g,\"usage\":{\"type\":\"duration\",\"seconds\":%" G_GINT64_FORMAT "}}",
          (double) cases[i].ms / 1000, cases[i].seconds);
      g_autofree char *text = NULL;
      g_autoptr (JsonNode) printed = NULL;
      g_autoptr (JsonNode) wanted = parse (expected);

      json_builder_begin_object (builder);
      whis_openai_json_set_seconds (builder, "at", cases[i].ms);
      whis_openai_json_set_usage (builder, cases[i].ms);
      json_builder_end_object (builder);
      text = whis_openai_json_print (builder);
      printed = parse (text);
      g_assert_cmpfloat (whis_json_get_double (whis_json_as_object (printed), "at"), ==,
                         whis_json_get_double (whis_json_as_object (wanted), "at"));
      g_assert_true (
          json_node_equal (json_object_get_member (whis_json_as_object (printed), "usage"),
                           json_object_get_member (whis_json_as_object (wanted), "usage")));
    }
}

static void
test_openai_model (void)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;

  whis_openai_json_begin_model (builder, "whisper-base", 1700000000);
  whis_openai_json_set_string (builder, "more", NULL);
  json_builder_end_object (builder);
  text = whis_openai_json_print (builder);
  g_assert_cmpstr (text, ==,
                   "{\"id\":\"whisper-base\",\"object\":\"model\",\"created\":1700000000,"
                   "\"owned_by\":\"whis\",\"more\":null}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/parse", test_parse);
  g_test_add_func ("/json/members", test_members);
  g_test_add_func ("/json/nothing", test_nothing);
  g_test_add_func ("/json/build", test_build);
  g_test_add_func ("/openai-json/error", test_openai_error);
  g_test_add_func ("/openai-json/usage", test_openai_usage);
  g_test_add_func ("/openai-json/model", test_openai_model);

  return g_test_run ();
}
