/* SPDX-License-Identifier: MIT */
#include "import-settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "legacy-home.h"

static void
reset_settings (void)
{
  g_autoptr (GSettings) gsettings = g_settings_new (WHIS_APP_ID);
  g_autoptr (GSettingsSchema) schema = NULL;
  g_auto (GStrv) keys = NULL;

  g_object_get (gsettings, "settings-schema", &schema, NULL);
  keys = g_settings_schema_list_keys (schema);
  for (char **key = keys; *key != NULL; key++)
    g_settings_reset (gsettings, *key);
}

static WhisLegacyFiles *
read_settings (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = legacy_home_put (g_get_user_config_dir (), "whis/settings.json", json);
  WhisLegacyFiles *files = legacy_home_read (&error);

  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);

  return files;
}

/* The lines as "WHAT: SENTENCE", one behind the other. */
static char *
print_report (WhisImportReport *report)
{
  g_autoptr (GVariant) lines = g_variant_ref_sink (whis_import_report_to_variant (report));
  GString *text = g_string_new (NULL);
  GVariantIter iter;
  const char *what;
  const char *sentence;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "(&s&s)", &what, &sentence))
    g_string_append_printf (text, "%s%s: %s", text->len > 0 ? "\n" : "", what, sentence);

  return g_string_free (text, FALSE);
}

static char *
import (WhisSettings *settings,
        const char *json,
        gboolean has_key,
        gboolean dry,
        gboolean overwrite)
{
  g_autoptr (WhisLegacyFiles) files = read_settings (json);
  g_autoptr (WhisImportReport) report = whis_import_report_new ();

  whis_import_settings (settings, files, has_key, dry, overwrite, report);

  return print_report (report);
}

typedef struct
{
  const char *json;
  gboolean has_key;
  const char *report;
  /* a setting and its value afterwards */
  const char *name;
  const char *value;
} Case;

#define MIC "{\"microphone_device\": \"Headset 🎤\"}"
#define OLLAMA(url) "{\"ollama_url\": \"" url "\"}"

/* Each setting of the earlier Whis, and what is told of it. */
static const Case cases[] = {
  { "{\"provider\": \"groq\"}", TRUE, "imported: Service: Groq", "provider", "groq" },
  { "{\"provider\": \"groq\"}", FALSE,
    "missing: Service: Groq was chosen, but there is no key for it.", "provider", "offline" },
  { "{\"provider\": \"openai-realtime\"}", TRUE,
    "imported: Service: OpenAI\nimported: Live text: on", "live", "true" },
  { "{\"provider\": \"openai-realtime\"}", FALSE,
    "missing: Service: OpenAI was chosen, but there is no key for it.", "live", "false" },
  { "{\"provider\": \"brain\"}", TRUE, "missing: Service: “brain” is not known to Whis.",
    "provider", "offline" },
  { "{\"provider\": \"groq\", \"language\": \"pt-BR\"}", TRUE,
    "imported: Service: Groq\nimported: Language: pt-BR", "language", "pt-BR" },
  { "{\"language\": \"auto\"}", TRUE, "", "language", "" },
  { MIC, TRUE, "imported: Microphone: Headset 🎤", "microphone-name", "Headset 🎤" },
  { MIC, TRUE, "imported: Microphone: Headset 🎤", "microphone", "Headset 🎤" },

  { "{\"ui\": {\"chunk_duration_secs\": 60}}", TRUE, "imported: Longest piece in seconds: 60",
    "longest-chunk", "60" },
  { "{\"ui\": {\"chunk_duration_secs\": 30}}", TRUE, "same: Longest piece in seconds: 30",
    "longest-chunk", "30" },
  /* its default, which nobody chose */
  { "{\"ui\": {\"chunk_duration_secs\": 90}}", TRUE, "", "longest-chunk", "30" },
  { "{\"ui\": {\"chunk_duration_secs\": 301}}", TRUE,
    "missing: “ui.chunk_duration_secs”: its value is not understood.", "longest-chunk", "30" },

  { OLLAMA ("http://localhost:11434"), TRUE, "", "addresses/ollama", "" },
  { OLLAMA ("http://127.0.0.1:11434/v1/"), TRUE, "", "addresses/ollama", "" },
  { OLLAMA ("https://o.example//"), TRUE, "imported: Address of Ollama: https://o.example/v1",
    "addresses/ollama", "https://o.example/v1" },
  { OLLAMA ("http://192.168.1.5:11434/v1"), TRUE,
    "imported: Address of Ollama: http://192.168.1.5:11434/v1", "addresses/ollama",
    "http://192.168.1.5:11434/v1" },
  { OLLAMA ("http://o.example"), TRUE,
    "missing: Address of Ollama: Whis does not send anything to http://o.example.",
    "addresses/ollama", "" },
  { OLLAMA ("file:///etc/passwd"), TRUE,
    "missing: Address of Ollama: Whis does not send anything to file:///etc/passwd.",
    "addresses/ollama", "" },

  { "{\"post_processor\": \"ollama\"}", TRUE, "missing: Clean-up of the text by a language model.",
    "provider", "offline" },
  { "{\"ui\": {\"output_method\": \"both\", \"bubble\": {\"enabled\": true},"
    " \"vad\": {\"enabled\": true}}}",
    TRUE,
    "missing: Typing the text: it goes to the clipboard.\n"
    "missing: The bubble: the icon in the panel shows the same.\n"
    "missing: Cutting silence out: pieces without speech are never sent.",
    "provider", "offline" },
  { "{\"shortcut\": \"Ctrl+R\"}", TRUE,
    "missing: The shortcut Ctrl+R: bind it to “whis toggle” in the keyboard settings of the "
    "desktop.",
    "provider", "offline" },
  { "{}", TRUE, "", "provider", "offline" },
};

static void
test_each (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
      g_autofree char *report = NULL;
      g_autofree char *value = NULL;

      reset_settings ();
      report = import (settings, cases[i].json, cases[i].has_key, FALSE, FALSE);
      value = whis_settings_print (settings, cases[i].name, NULL);
      g_assert_cmpstr (report, ==, cases[i].report);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

/* What is told before is what is done after, and the first time alone changes nothing. */
static void
test_dry_run (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
      g_autofree char *before = NULL;
      g_autofree char *after = NULL;

      reset_settings ();
      before = import (settings, cases[i].json, cases[i].has_key, TRUE, FALSE);
      g_assert_false (whis_settings_is_own (settings, cases[i].name));
      after = import (settings, cases[i].json, cases[i].has_key, FALSE, FALSE);
      g_assert_cmpstr (before, ==, after);
    }
}

/* What the user chose in Whis stays, and gives way only where the user says so. */
static void
test_own_stays (void)
{
  static const struct
  {
    const char *name;
    const char *own;
    const char *json;
    const char *kept;
    const char *overwritten;
  } own[] = {
    { "provider", "mistral", "{\"provider\": \"groq\"}",
      "kept: Service: Mistral (the earlier Whis: Groq)", "groq" },
    { "provider", "of-tomorrow", "{\"provider\": \"groq\"}",
      "kept: Service: of-tomorrow (the earlier Whis: Groq)", "groq" },
    { "language", "fr", "{\"language\": \"de\"}", "kept: Language: fr (the earlier Whis: de)",
      "de" },
    { "language", "", "{\"language\": \"de\"}", "kept: Language: default (the earlier Whis: de)",
      "de" },
    { "microphone", "alsa_input.usb", MIC,
      "kept: Microphone: alsa_input.usb (the earlier Whis: Headset 🎤)", "Headset 🎤" },
    { "longest-chunk", "20", "{\"ui\": {\"chunk_duration_secs\": 60}}",
      "kept: Longest piece in seconds: 20 (the earlier Whis: 60)", "60" },
    { "addresses/ollama", "http://nas:1/v1", OLLAMA ("https://o.example"),
      "kept: Address of Ollama: http://nas:1/v1 (the earlier Whis: https://o.example/v1)",
      "https://o.example/v1" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    {
      g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
      g_autofree char *report = NULL;
      g_autofree char *kept = NULL;
      g_autofree char *second = NULL;
      g_autofree char *overwritten = NULL;

      reset_settings ();
      g_assert_true (whis_settings_write (settings, own[i].name, own[i].own, NULL));
      report = import (settings, own[i].json, TRUE, FALSE, FALSE);
      kept = whis_settings_print (settings, own[i].name, NULL);
      g_assert_cmpstr (report, ==, own[i].kept);
      g_assert_cmpstr (kept, ==, own[i].own);
      second = import (settings, own[i].json, TRUE, FALSE, TRUE);
      overwritten = whis_settings_print (settings, own[i].name, NULL);
      g_assert_true (g_str_has_prefix (second, "imported: "));
      g_assert_cmpstr (overwritten, ==, own[i].overwritten);
    }
}

/* Live text belongs to the service: it is not switched on for another one. */
static void
test_live_of_other_service (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autofree char *report = NULL;

  reset_settings ();
  whis_settings_set_provider (settings, "mistral");
  report = import (settings, "{\"provider\": \"openai-realtime\"}", TRUE, FALSE, FALSE);
  g_assert_cmpstr (report, ==, "kept: Service: Mistral (the earlier Whis: OpenAI)");
  g_assert_false (whis_settings_get_live (settings));
}

/* Done twice, the second time finds all of it there. */
static void
test_again (void)
{
  static const char *const json =
      "{\"provider\": \"groq\", \"language\": \"de\", \"microphone_device\": \"Mic\"}";
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  reset_settings ();
  first = import (settings, json, TRUE, FALSE, FALSE);
  second = import (settings, json, TRUE, FALSE, FALSE);
  g_assert_cmpstr (second, ==, "same: Service: Groq\nsame: Language: de\nsame: Microphone: Mic");
}

/* Percent signs of the user's are no formats, and words are found whole. */
static void
test_report (void)
{
  g_autoptr (WhisImportReport) report = whis_import_report_new ();
  g_autofree char *none = print_report (report);
  g_autofree char *text = NULL;

  g_assert_cmpstr (none, ==, "");
  g_assert_false (whis_import_report_has (report, "kept"));
  whis_import_report_add (report, "kept", "%s: %d", "100 % %s", 7);
  whis_import_report_add (report, "note", "“ü”");
  text = print_report (report);
  g_assert_cmpstr (text, ==, "kept: 100 % %s: 7\nnote: “ü”");
  g_assert_true (whis_import_report_has (report, "note"));
  g_assert_false (whis_import_report_has (report, "not"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/import-settings/each", test_each);
  g_test_add_func ("/import-settings/dry-run", test_dry_run);
  g_test_add_func ("/import-settings/own-stays", test_own_stays);
  g_test_add_func ("/import-settings/live-of-other-service", test_live_of_other_service);
  g_test_add_func ("/import-settings/again", test_again);
  g_test_add_func ("/import-report/lines", test_report);

  return g_test_run ();
}
