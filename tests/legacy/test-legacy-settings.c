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

/* Each service of the earlier Whis, in any case, and whether it was live. */
static void
test_services (void)
{
  static const struct
  {
    const char *service;
    const char *provider;
    gboolean live;
  } cases[] = {
    { "openai", "openai", FALSE },
    { "OpenAI-Realtime", "openai", TRUE },
    { "realtime", "openai", TRUE },
    { "mistral", "mistral", FALSE },
    { "groq", "groq", FALSE },
    { "deepgram", "deepgram", FALSE },
    { "deepgram-realtime", "deepgram", TRUE },
    { "elevenlabs", "elevenlabs", FALSE },
    { "local-whisper", "offline", FALSE },
    { "parakeet", "offline", FALSE },
    { "openai-", NULL, FALSE },
    { "", NULL, FALSE },
    { NULL, NULL, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gboolean live = TRUE;

      g_assert_cmpstr (whis_legacy_settings_find_provider (cases[i].service, &live), ==,
                       cases[i].provider);
      g_assert_cmpint (live, ==, cases[i].live);
    }
}

static void
test_languages (void)
{
  static const char *const taken[] = { "de", "pt-BR", "zh-Hant-TW", "yue", "es-419" };
  static const char *const odd[] = {
    "deutsch", "d", "de_DE", "de-", "de\\nfr", "de;rm", "-", "12"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (taken); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"language\": \"%s\"}", taken[i]);
      g_autoptr (WhisLegacySettings) original = parse (json);

      g_assert_cmpstr (original->language, ==, taken[i]);
      g_assert_cmpuint (original->oddities->len, ==, 0);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *json = g_strdup_printf ("{\"language\": \"%s\"}", odd[i]);
      g_autoptr (WhisLegacySettings) original = parse (json);

      g_test_message ("%s", json);
      g_assert_null (original->language);
      g_assert_cmpuint (original->oddities->len, ==, 1);
    }
}

/* The newest place of a key counts, and a key that is there twice is one. */
static void
test_keys (void)
{
  g_autoptr (WhisLegacySettings) original =
      parse ("{\"transcription\": {\"api_keys\": {\"openai\": \"nested\"}},"
             " \"api_keys\": {\"openai\": \"older\", \"groq\": \"older\"},"
             " \"openai_api_key\": \"flat\", \"groq_api_key\": \"flat\","
             " \"mistral_api_key\": \"flat\", \"deepgram_api_key\": 7}");
  g_autofree char *oddities = join_oddities (original);

  g_assert_cmpstr (whis_legacy_settings_get_key (original, "openai"), ==, "nested");
  g_assert_cmpstr (whis_legacy_settings_get_key (original, "groq"), ==, "older");
  g_assert_cmpstr (whis_legacy_settings_get_key (original, "mistral"), ==, "flat");
  g_assert_null (whis_legacy_settings_get_key (original, "deepgram"));
  g_assert_cmpstr (oddities, ==, "deepgram_api_key");
  whis_legacy_settings_add_key (original, "openai", "another");
  whis_legacy_settings_add_key (original, "elevenlabs", "added");
  g_assert_cmpstr (whis_legacy_settings_get_key (original, "openai"), ==, "nested");
  g_assert_cmpstr (whis_legacy_settings_get_key (original, "elevenlabs"), ==, "added");
  g_assert_cmpuint (original->keys->len, ==, 4);
}

/* Names of keys are told to the user: not a thousand of them, and no key. */
static void
test_many_odd_keys (void)
{
  g_autoptr (GString) json = g_string_new ("{\"transcription\": {\"api_keys\": {\"a\": \"secret\"");
  g_autoptr (WhisLegacySettings) original = NULL;
  g_autofree char *oddities = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (json, ", \"b%u\": \"secret\"", i);
  g_string_append (json, "}}}");
  original = parse (json->str);
  g_assert_cmpuint (original->oddities->len, ==, 20);
  oddities = join_oddities (original);
  g_assert_null (strstr (oddities, "secret"));
}

/* As long as a prompt may be, and a byte longer. */
static void
test_long_texts (void)
{
  g_autofree char *longest = g_strnfill (65536, 'p');
  g_autofree char *word = g_strnfill (257, 'm');
  g_autofree char *good = g_strdup_printf ("{\"polish_prompt\": \"%s\"}", longest);
  g_autofree char *bad = g_strdup_printf ("{\"polish_prompt\": \"%sp\"}", longest);
  g_autofree char *bad_word = g_strdup_printf ("{\"microphone_device\": \"%s\"}", word);
  g_autoptr (WhisLegacySettings) taken = parse (good);
  g_autoptr (WhisLegacySettings) too_long = parse (bad);
  g_autoptr (WhisLegacySettings) long_word = parse (bad_word);

  g_assert_cmpstr (taken->prompt, ==, longest);
  g_assert_null (too_long->prompt);
  g_assert_cmpuint (too_long->oddities->len, ==, 1);
  g_assert_null (long_word->microphone);
}

/* A name of a preset becomes a file. */
static void
test_preset_names (void)
{
  static const char *const names[] = { "a", "A-b_9", "-", "_" };
  static const char *const others[] = { "", ".", "..", "a.b", "a/b", "a b", "ä", "a\n" };
  g_autofree char *longest = g_strnfill (50, 'n');
  g_autofree char *longer = g_strnfill (51, 'n');

  g_assert_true (whis_legacy_preset_is_name (longest));
  g_assert_false (whis_legacy_preset_is_name (longer));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (whis_legacy_preset_is_name (names[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (whis_legacy_preset_is_name (others[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/legacy-settings/nested", test_nested);
  g_test_add_func ("/legacy-settings/other-forms", test_other_forms);
  g_test_add_func ("/legacy-settings/odd-values", test_odd_values);
  g_test_add_func ("/legacy-settings/no-settings", test_no_settings);
  g_test_add_func ("/legacy-settings/preset", test_preset);
  g_test_add_func ("/legacy-settings/services", test_services);
  g_test_add_func ("/legacy-settings/languages", test_languages);
  g_test_add_func ("/legacy-settings/keys", test_keys);
  g_test_add_func ("/legacy-settings/many-odd-keys", test_many_odd_keys);
  g_test_add_func ("/legacy-settings/long-texts", test_long_texts);
  g_test_add_func ("/legacy-settings/preset-names", test_preset_names);

  return g_test_run ();
}
