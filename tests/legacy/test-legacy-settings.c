/* SPDX-License-Identifier: MIT */
#include "legacy-settings.h"

#include <string.h>

static WhisLegacySettings *
parse (const char *json)
{
  return whis_legacy_settings_parse (json, strlen (json));
}

/* What is odd, with spaces between. */
static char *
join_oddities (WhisLegacySettings *original)
{
  g_ptr_array_add (original->oddities, NULL);

  return g_strjoinv (" ", (char **) original->oddities->pdata);
}

static void
test_nested (void)
{
  g_autoptr (WhisLegacySettings) original =
      parse ("{\"transcription\": {\"provider\": \"deepgram-realtime\", \"language\": \" pt-BR \","
             "  \"api_keys\": {\"deepgram\": \" key \", \"groq\": \"\", \"openai\": null},"
             "  \"local_models\": {\"whisper_path\": \"/m.bin\"}},"
             " \"post_processing\": {\"enabled\": false, \"processor\": \"openai\", \"prompt\": "
             "\"A\\nB\"},"
             " \"services\": {\"ollama\": {\"url\": \"http://h:1\"}},"
             " \"shortcuts\": {\"cli_key\": \"Ctrl+A\", \"desktop_key\": \"Ctrl+B\"},"
             " \"ui\": {\"microphone_device\": \"Mic\", \"chunk_duration_secs\": 300,"
             "  \"output_method\": \"autotype\", \"bubble\": {\"enabled\": true},"
             "  \"vad\": {\"enabled\": true}}}");

  g_assert_nonnull (original);
  g_assert_cmpstr (original->service, ==, "deepgram-realtime");
  g_assert_cmpstr (original->language, ==, "pt-BR");
  g_assert_cmpstr (original->microphone, ==, "Mic");
  g_assert_cmpuint (original->chunk_s, ==, 300);
  g_assert_cmpstr (original->ollama, ==, "http://h:1");
  g_assert_cmpstr (original->prompt, ==, "A\nB");
  g_assert_cmpstr (original->shortcut, ==, "Ctrl+B");
  g_assert_cmpstr (original->model, ==, "/m.bin");
  g_assert_true (original->types && original->bubble && original->drops_silence);
  g_assert_false (original->cleans_up);
  g_assert_cmpstr (whis_legacy_settings_get_key (original, "deepgram"), ==, "key");
  g_assert_cmpuint (original->keys->len, ==, 1);
  g_assert_cmpuint (original->oddities->len, ==, 0);
}

/* As the desktop program and the oldest versions have it. */
static void
test_other_forms (void)
{
  g_autoptr (WhisLegacySettings) stored =
      parse ("{\"settings\": {\"transcription\": {\"provider\": \"groq\"}}}");
  g_autoptr (WhisLegacySettings) flat = parse (
      "\xEF\xBB\xBF{\"shortcut\": \"Ctrl+R\", \"provider\": \"mistral\", \"language\": \"AUTO\","
      " \"openai_api_key\": \"sk-1\", \"post_processor\": \"ollama\"}");

  g_assert_cmpstr (stored->service, ==, "groq");
  g_assert_cmpstr (flat->service, ==, "mistral");
  g_assert_cmpstr (flat->shortcut, ==, "Ctrl+R");
  g_assert_null (flat->language);
  g_assert_cmpstr (whis_legacy_settings_get_key (flat, "openai"), ==, "sk-1");
  g_assert_true (flat->cleans_up);
}

static void
test_odd_values (void)
{
  g_autoptr (WhisLegacySettings) original =
      parse ("{\"transcription\": {\"provider\": [], \"language\": \"../..\","
             "  \"api_keys\": {\"future\": \"key\"}},"
             " \"ui\": {\"chunk_duration_secs\": 9, \"microphone_device\": \"a\\u0007\"},"
             " \"services\": 5}");
  g_autofree char *oddities = join_oddities (original);

  g_assert_cmpstr (oddities, ==,
                   "transcription.provider ui.microphone_device language ui.chunk_duration_secs "
                   "transcription.api_keys.future");
  g_assert_null (original->service);
  g_assert_cmpuint (original->chunk_s, ==, 0);
}

static void
test_no_settings (void)
{
  const char *const files[] = { "", "{", "[]", "null", "7", "{\"a\": }", "\"\\ud800" };
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *lines = g_strnfill (1001, '{');

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_null (parse (files[i]));
  g_assert_null (parse (deep));
  g_assert_null (parse (lines));
  g_assert_null (whis_legacy_settings_parse ("{\"a\": \"\xff\"}", 10));
}

static void
test_preset (void)
{
  const char *json = "{\"description\": \"D\", \"prompt\": \" P \", \"post_processor\": null}";
  g_autoptr (WhisLegacyPreset) preset = whis_legacy_preset_parse ("a-B_1", json, strlen (json));

  g_assert_cmpstr (preset->name, ==, "a-B_1");
  g_assert_cmpstr (preset->description, ==, "D");
  g_assert_cmpstr (preset->prompt, ==, "P");
  g_assert_null (preset->service);
  /* A name becomes a file. */
  g_assert_null (whis_legacy_preset_parse ("../a", json, strlen (json)));
  g_assert_null (whis_legacy_preset_parse ("", json, strlen (json)));
  g_assert_null (whis_legacy_preset_parse ("name", "{\"prompt\": \"\"}", 14));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/original/nested", test_nested);
  g_test_add_func ("/original/other-forms", test_other_forms);
  g_test_add_func ("/original/odd-values", test_odd_values);
  g_test_add_func ("/original/no-settings", test_no_settings);
  g_test_add_func ("/original/preset", test_preset);

  return g_test_run ();
}
