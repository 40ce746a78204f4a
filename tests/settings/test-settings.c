/* SPDX-License-Identifier: MIT */
#include "settings.h"

#define G_SETTINGS_ENABLE_BACKEND
#include <gio/gsettingsbackend.h>
#include <string.h>

#include "settings-error.h"

static void
test_new_destroy (void)
{
  g_autoptr (GError) error = NULL;
  WhisSettings *settings = whis_settings_new (&error);

  g_assert_no_error (error);
  g_assert_finalize_object (settings);
}

static void
test_defaults (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autofree char *model = whis_settings_dup_model (settings, "openai");

  g_assert_cmpstr (whis_settings_get_provider (settings), ==, "offline");
  g_assert_cmpstr (whis_settings_get_language (settings), ==, "");
  g_assert_cmpuint (whis_settings_get_longest_chunk (settings), ==, 30);
  g_assert_false (whis_settings_get_notify_shows_text (settings));
  g_assert_null (model);
  g_assert_cmpuint (whis_settings_get_limit (settings, "openai", 3), ==, 3);
  g_assert_cmpuint (g_strv_length ((GStrv) whis_settings_get_vocabulary (settings)), ==, 0);
  g_assert_cmpuint (whis_settings_get_jobs (settings), ==, 4);
}

/* Nothing goes to another service, costs more, or is sent in the clear, unless the user said so. */
static void
test_careful_defaults (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  double amount = 7;

  g_assert_cmpstr (whis_settings_get_fallback_provider (settings), ==, "");
  g_assert_cmpfloat (whis_settings_get_fallback_after (settings), ==, 3);
  g_assert_false (whis_settings_get_live (settings));
  g_assert_false (whis_settings_get_plain_http (settings, "192.168.1.5:8000"));
  g_assert_false (whis_settings_get_price (settings, "openai", &amount));
  g_assert_false (whis_settings_get_monthly_cap (settings, "openai", &amount));
  g_assert_cmpfloat (amount, ==, 7);
}

/* Settings that an administrator has locked. */
typedef GSettingsBackend LockedBackend;
typedef GSettingsBackendClass LockedBackendClass;

static GType locked_backend_get_type (void);
G_DEFINE_TYPE (LockedBackend, locked_backend, G_TYPE_SETTINGS_BACKEND)

static GVariant *
locked_backend_read (GSettingsBackend *backend,
                     const char *key,
                     const GVariantType *type,
                     gboolean default_value)
{
  return NULL;
}

static gboolean
locked_backend_write (GSettingsBackend *backend, const char *key, GVariant *value, gpointer tag)
{
  g_variant_unref (g_variant_ref_sink (value));

  return FALSE;
}

static gboolean
locked_backend_get_writable (GSettingsBackend *backend, const char *key)
{
  return FALSE;
}

static void
locked_backend_class_init (LockedBackendClass *klass)
{
  klass->read = locked_backend_read;
  klass->write = locked_backend_write;
  klass->get_writable = locked_backend_get_writable;
}

static void
locked_backend_init (LockedBackend *self)
{
}

/* The value is right; that it cannot be stored is another matter. */
static void
test_locked (void)
{
  g_autoptr (WhisSettings) settings = NULL;
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_setenv ("GSETTINGS_BACKEND", "locked", TRUE);
  g_io_extension_point_register (G_SETTINGS_BACKEND_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_SETTINGS_BACKEND_EXTENSION_POINT_NAME,
                                  locked_backend_get_type (), "locked", 0);
  settings = whis_settings_new (NULL);
  g_assert_false (whis_settings_write (settings, "language", "de", &error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NOT_WRITABLE);
  g_assert_nonnull (strstr (error->message, "locked"));
  g_clear_error (&error);

  g_assert_false (whis_settings_write (settings, "longest-chunk", "many", &error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_BAD_VALUE);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_parse (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *model = NULL;
  guint changes = 0;

  g_signal_connect_swapped (settings, "changed", G_CALLBACK (count_cb), &changes);
  g_assert_true (whis_settings_parse (settings, "provider", "groq", &error));
  g_assert_no_error (error);
  g_assert_true (whis_settings_parse (settings, "models", "{'groq': 'whisper-large-v3'}", &error));
  g_assert_no_error (error);
  g_assert_true (whis_settings_parse (settings, "limits", "{'groq': 900}", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (changes, ==, 3);

  printed = whis_settings_print (settings, "provider", &error);
  model = whis_settings_dup_model (settings, "groq");
  g_assert_cmpstr (printed, ==, "groq");
  g_assert_cmpstr (whis_settings_get_provider (settings), ==, "groq");
  g_assert_cmpstr (model, ==, "whisper-large-v3");
  g_assert_cmpuint (whis_settings_get_limit (settings, "groq", 3), ==, 64);
}

static void
parse (WhisSettings *settings, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;

  whis_settings_parse (settings, name, text, &error);
  g_assert_no_error (error);
}

#define assert_printed(settings, name, expected)                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *printed_value = whis_settings_print (settings, name, NULL);                   \
    g_assert_cmpstr (printed_value, ==, expected);                                                 \
  }                                                                                                \
  G_STMT_END

static void
test_one_entry (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autofree char *address = NULL;
  double price = 0;

  parse (settings, "addresses/custom", "http://127.0.0.1:8080");
  parse (settings, "addresses/azure", "https://example.openai.azure.com/a/b");
  parse (settings, "addresses/custom", "http://127.0.0.1:9090");
  parse (settings, "prices/groq", "0.006");
  parse (settings, "prices/openai", "1");
  parse (settings, "limits/groq", "7");

  assert_printed (settings, "addresses/custom", "http://127.0.0.1:9090");
  assert_printed (settings, "addresses/azure", "https://example.openai.azure.com/a/b");
  assert_printed (settings, "prices/groq", "0.006");
  assert_printed (settings, "prices/openai", "1");
  assert_printed (settings, "limits/groq", "7");
  assert_printed (settings, "limits/openai", "");
  address = whis_settings_dup_address (settings, "custom");
  g_assert_cmpstr (address, ==, "http://127.0.0.1:9090");
  g_assert_true (whis_settings_get_price (settings, "groq", &price));
  g_assert_cmpfloat (price, ==, 0.006);
  g_assert_cmpuint (whis_settings_get_limit (settings, "groq", 3), ==, 7);
}

static void
test_empty_removes_entry (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  double cap;

  parse (settings, "monthly-caps", "{'groq': 5, 'openai': 2.5}");
  parse (settings, "monthly-caps/groq", "");
  assert_printed (settings, "monthly-caps", "{'openai': 2.5}");
  g_assert_false (whis_settings_get_monthly_cap (settings, "groq", &cap));
  g_assert_true (whis_settings_get_monthly_cap (settings, "openai", &cap));
  g_assert_cmpfloat (cap, ==, 2.5);
  parse (settings, "monthly-caps/openai", "");
  parse (settings, "monthly-caps/nobody", "");
  assert_printed (settings, "monthly-caps", "{}");
}

static void
test_typed (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autofree char *live_model = NULL;
  const char *const *vocabulary;

  parse (settings, "vocabulary", "['Ada Lovelace', 'GObject, really']");
  parse (settings, "plain-http", "['192.168.1.5:8000', 'Server.local:80']");
  parse (settings, "live", "true");
  parse (settings, "live-models/openai", "gpt-realtime-whisper");
  parse (settings, "fallback-provider", "groq");
  parse (settings, "fallback-after", "0");
  parse (settings, "jobs", "16");

  vocabulary = whis_settings_get_vocabulary (settings);
  g_assert_cmpstr (vocabulary[0], ==, "Ada Lovelace");
  g_assert_cmpstr (vocabulary[1], ==, "GObject, really");
  g_assert_null (vocabulary[2]);
  g_assert_true (whis_settings_get_plain_http (settings, "192.168.1.5:8000"));
  g_assert_true (whis_settings_get_plain_http (settings, "server.local:80"));
  g_assert_false (whis_settings_get_plain_http (settings, "192.168.1.5:80"));
  g_assert_true (whis_settings_get_live (settings));
  live_model = whis_settings_dup_live_model (settings, "openai");
  g_assert_cmpstr (live_model, ==, "gpt-realtime-whisper");
  g_assert_cmpstr (whis_settings_get_fallback_provider (settings), ==, "groq");
  g_assert_cmpfloat (whis_settings_get_fallback_after (settings), ==, 0);
  g_assert_cmpuint (whis_settings_get_jobs (settings), ==, 16);
}

static void
assert_refused (WhisSettings *settings, const char *key, const char *text, WhisSettingsError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_settings_parse (settings, key, text, &error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, (int) code);
}

static void
test_bad_values (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  assert_refused (settings, "longest-chunk", "5", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "longest-chunk", "301", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "longest-chunk", "many", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "models", "{", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "language", "\xff", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "models/groq\xff", "x", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "limits/groq", "few", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "prices/groq", "-0.1", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "prices/groq", "nan", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "monthly-caps", "{'groq': inf}", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "fallback-after", "100.5", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "jobs", "0", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "jobs", "17", WHIS_SETTINGS_ERROR_BAD_VALUE);
  assert_refused (settings, "language/groq", "de", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "vocabulary/0", "Ada", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "models/", "x", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "no-such-key", "x", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "no-such-key/groq", "x", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "", "x", WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
  g_assert_cmpuint (whis_settings_get_longest_chunk (settings), ==, 30);
}

/* An entry is put in the place of its predecessor, and the others stay. */
static void
test_map (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  double amount = 0;

  /* Other tests write to the same settings. */
  parse (settings, "models", "{}");
  parse (settings, "prices", "{}");
  parse (settings, "monthly-caps", "{}");

  whis_settings_set_model (settings, "a", "one");
  whis_settings_set_model (settings, "b", "two");
  whis_settings_set_model (settings, "a", "three");
  assert_printed (settings, "models", "{'b': 'two', 'a': 'three'}");
  whis_settings_set_model (settings, "a", NULL);
  whis_settings_set_model (settings, "b", "");
  assert_printed (settings, "models", "{}");

  whis_settings_set_address (settings, "a", "http://127.0.0.1");
  assert_printed (settings, "addresses/a", "http://127.0.0.1");
  whis_settings_set_limit (settings, "a", 7);
  g_assert_cmpuint (whis_settings_get_own_limit (settings, "a"), ==, 7);
  g_assert_cmpuint (whis_settings_get_own_limit (settings, "b"), ==, 0);
  whis_settings_set_limit (settings, "a", 0);
  g_assert_cmpuint (whis_settings_get_limit (settings, "a", 5), ==, 5);
  whis_settings_set_price (settings, "a", 0.5);
  whis_settings_set_monthly_cap (settings, "a", 2);
  g_assert_true (whis_settings_get_price (settings, "a", &amount));
  g_assert_cmpfloat (amount, ==, 0.5);
  g_assert_true (whis_settings_get_monthly_cap (settings, "a", &amount));
  g_assert_cmpfloat (amount, ==, 2);
  whis_settings_set_price (settings, "a", 0);
  whis_settings_set_monthly_cap (settings, "a", 0);
  assert_printed (settings, "prices", "{}");
  assert_printed (settings, "monthly-caps", "{}");
}

/* What the service asks is what the user set, and no other setting. */
static void
test_booleans (void)
{
  static const struct
  {
    const char *key;
    gboolean (*get) (WhisSettings *self);
  } cases[] = {
    { "live", whis_settings_get_live },
    { "private", whis_settings_get_private },
    { "save-data", whis_settings_get_save_data },
    { "automatic-gain", whis_settings_get_automatic_gain },
    { "noise-suppression", whis_settings_get_noise_suppression },
    { "notify-finished", whis_settings_get_notify_finished },
    { "notify-shows-text", whis_settings_get_notify_shows_text },
    { "autostart", whis_settings_get_autostart },
    { "endpoint", whis_settings_get_endpoint },
    { "model-offer", whis_settings_get_model_offer },
    { "offer-shortcut", whis_settings_get_offer_shortcut },
    { "offer-shell-extension", whis_settings_get_offer_shell_extension },
  };
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    parse (settings, cases[i].key, "false");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      parse (settings, cases[i].key, "true");
      for (gsize j = 0; j < G_N_ELEMENTS (cases); j++)
        g_assert_cmpint (cases[j].get (settings), ==, i == j);
      parse (settings, cases[i].key, "false");
    }
}

static void
test_strings (void)
{
  static const struct
  {
    const char *key;
    const char *(*get) (WhisSettings *self);
    void (*set) (WhisSettings *self, const char *text);
  } cases[] = {
    { "provider", whis_settings_get_provider, whis_settings_set_provider },
    { "language", whis_settings_get_language, whis_settings_set_language },
    { "prompt", whis_settings_get_prompt, whis_settings_set_prompt },
    { "microphone", whis_settings_get_microphone, whis_settings_set_microphone },
    { "microphone-name", whis_settings_get_microphone_name, whis_settings_set_microphone_name },
    { "fallback-provider", whis_settings_get_fallback_provider,
      whis_settings_set_fallback_provider },
    { "fetched-model", whis_settings_get_fetched_model, whis_settings_set_fetched_model },
  };
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      cases[i].set (settings, cases[i].key);
      assert_printed (settings, cases[i].key, cases[i].key);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (cases[i].get (settings), ==, cases[i].key);
      cases[i].set (settings, "");
      g_assert_cmpstr (cases[i].get (settings), ==, "");
    }
}

static void
test_numbers (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  whis_settings_set_keep_sound (settings, 0);
  whis_settings_set_keep_text (settings, 3650);
  whis_settings_set_imported (settings, G_MAXINT64);
  parse (settings, "endpoint-port", "65535");
  parse (settings, "longest-chunk", "300");
  g_assert_cmpint (whis_settings_get_keep_sound (settings), ==, 0);
  g_assert_cmpint (whis_settings_get_keep_text (settings), ==, 3650);
  g_assert_cmpint (whis_settings_get_imported (settings), ==, G_MAXINT64);
  g_assert_cmpuint (whis_settings_get_endpoint_port (settings), ==, 65535);
  g_assert_cmpuint (whis_settings_get_longest_chunk (settings), ==, 300);
  whis_settings_set_keep_sound (settings, -1);
  g_assert_cmpint (whis_settings_get_keep_sound (settings), ==, -1);
  parse (settings, "longest-chunk", "30");
}

/* A string that was handed out is good while others change, and while its own is written again. */
static void
test_strings_stay (void)
{
  static const char *const words[] = { "Ada Lovelace", "Quillara", NULL };
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  const char *const *vocabulary;
  const char *language;

  whis_settings_set_language (settings, "fr");
  whis_settings_set_vocabulary (settings, words);
  language = whis_settings_get_language (settings);
  vocabulary = whis_settings_get_vocabulary (settings);
  whis_settings_set_prompt (settings, "p");
  parse (settings, "language", "fr");
  parse (settings, "vocabulary", "['Ada Lovelace', 'Quillara']");
  g_assert_true (whis_settings_get_language (settings) == language);
  g_assert_true (whis_settings_get_vocabulary (settings) == vocabulary);
  g_assert_cmpstr (language, ==, "fr");
  g_assert_cmpstr (vocabulary[1], ==, "Quillara");
  parse (settings, "vocabulary", "['other']");
  g_assert_cmpstr (whis_settings_get_vocabulary (settings)[0], ==, "other");
}

/* That one host may be spoken to without encryption says nothing of others. */
static void
test_accept_plain_http (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  parse (settings, "plain-http", "[]");
  whis_settings_accept_plain_http (settings, "192.168.1.5:8000");
  whis_settings_accept_plain_http (settings, "nas.local");
  whis_settings_accept_plain_http (settings, "NAS.local");
  assert_printed (settings, "plain-http", "['192.168.1.5:8000', 'nas.local']");
  g_assert_true (whis_settings_get_plain_http (settings, "Nas.Local"));
  g_assert_false (whis_settings_get_plain_http (settings, "nas.local:8000"));
  g_assert_false (whis_settings_get_plain_http (settings, "192.168.1.5"));
  g_assert_false (whis_settings_get_plain_http (settings, ""));
}

/* What the setting comes to on this computer is not what the user wanted, and is not stored. */
static void
test_local_model (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autoptr (WhisSettings) other = whis_settings_new (NULL);
  g_autofree char *model = NULL;
  g_autofree char *wanted = NULL;
  g_autofree char *of_service = NULL;
  g_autofree char *elsewhere = NULL;
  g_autofree char *again = NULL;

  parse (settings, "models", "{'offline': 'recommended', 'groq': 'turbo'}");
  whis_settings_set_local_model (settings, "whisper-base-q8_0");
  model = whis_settings_dup_model (settings, "offline");
  wanted = whis_settings_dup_wanted_model (settings, "offline");
  of_service = whis_settings_dup_model (settings, "groq");
  elsewhere = whis_settings_dup_model (other, "offline");
  whis_settings_set_local_model (settings, NULL);
  again = whis_settings_dup_model (settings, "offline");

  g_assert_cmpstr (model, ==, "whisper-base-q8_0");
  g_assert_cmpstr (wanted, ==, "recommended");
  g_assert_cmpstr (of_service, ==, "turbo");
  g_assert_cmpstr (elsewhere, ==, "recommended");
  g_assert_cmpstr (again, ==, "recommended");
}

/* Another program may write what makes no sense; nobody pays, sends or waits by it. */
static void
test_written_by_others (void)
{
  static const char *const amounts[] = { "{'groq': nan}", "{'groq': inf}", "{'groq': -1.0}", "{}" };
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autoptr (GSettings) others = g_settings_new (WHIS_APP_ID);
  g_autofree char *address = NULL;
  double amount = 7;

  for (gsize i = 0; i < G_N_ELEMENTS (amounts); i++)
    {
      GVariant *value = g_variant_parse (G_VARIANT_TYPE ("a{sd}"), amounts[i], NULL, NULL, NULL);

      g_settings_set_value (others, "prices", value);
      g_settings_set_value (others, "monthly-caps", value);
      g_assert_false (whis_settings_get_price (settings, "groq", &amount));
      g_assert_false (whis_settings_get_monthly_cap (settings, "groq", &amount));
      g_variant_unref (value);
    }
  g_assert_cmpfloat (amount, ==, 7);

  g_settings_set_value (others, "limits",
                        g_variant_new_parsed ("{'groq': uint32 0, 'a': 4294967295}"));
  g_assert_cmpuint (whis_settings_get_limit (settings, "groq", 3), ==, 3);
  g_assert_cmpuint (whis_settings_get_limit (settings, "groq", 0), ==, 1);
  g_assert_cmpuint (whis_settings_get_limit (settings, "a", 3), ==, 64);
  g_settings_set_value (others, "addresses", g_variant_new_parsed ("{'custom': ''}"));
  address = whis_settings_dup_address (settings, "custom");
  g_assert_null (address);
}

/* Without the schema GLib would end the program. */
static void
test_no_schema (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_unsetenv ("GSETTINGS_SCHEMA_DIR");
  g_setenv ("XDG_DATA_HOME", "/nowhere", TRUE);
  g_setenv ("XDG_DATA_DIRS", "/nowhere", TRUE);
  g_assert_null (whis_settings_new (&error));
  g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NO_SCHEMA);
  g_assert_nonnull (strstr (error->message, WHIS_APP_ID));
}

static void
test_changed (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  guint changes = 0;

  g_signal_connect_swapped (settings, "changed::language", G_CALLBACK (count_cb), &changes);
  whis_settings_set_language (settings, "nl");
  whis_settings_set_language (settings, "nl");
  whis_settings_set_microphone (settings, "usb");
  g_assert_cmpuint (changes, ==, 1);
  g_assert_cmpstr (whis_settings_get_language (settings), ==, "nl");
}

static void
test_bind (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_autoptr (GSimpleAction) action = g_simple_action_new ("any", NULL);

  parse (settings, "private", "false");
  whis_settings_bind (settings, "private", action, "enabled");
  g_assert_false (g_action_get_enabled (G_ACTION (action)));
  g_simple_action_set_enabled (action, TRUE);
  g_assert_true (whis_settings_get_private (settings));
  whis_settings_unbind (action, "enabled");
  parse (settings, "private", "false");
  g_assert_true (g_action_get_enabled (G_ACTION (action)));
}

static void
test_range (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  static const struct
  {
    const char *key;
    double lowest, highest;
  } cases[] = {
    { "longest-chunk", 10, 300 },
    { "keep-sound", -1, 3650 },
    { "fallback-after", 0, 100 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double lowest, highest;

      whis_settings_get_range (settings, cases[i].key, &lowest, &highest);
      g_assert_cmpfloat (lowest, ==, cases[i].lowest);
      g_assert_cmpfloat (highest, ==, cases[i].highest);
    }
}

static void
test_list_is_sorted (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_auto (GStrv) keys = whis_settings_list_keys (settings);

  g_assert_cmpuint (g_strv_length (keys), >=, 8);
  for (char **key = keys; key[1] != NULL; key++)
    g_assert_cmpstr (key[0], <, key[1]);
}

/* API keys of services must never become settings: anybody may read those. */
static void
test_no_setting_for_keys (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);
  g_auto (GStrv) keys = whis_settings_list_keys (settings);

  for (char **key = keys; *key != NULL; key++)
    g_assert_null (strstr (*key, "key"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/new-destroy", test_new_destroy);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/careful-defaults", test_careful_defaults);
  g_test_add_func ("/settings/parse", test_parse);
  g_test_add_func ("/settings/one-entry", test_one_entry);
  g_test_add_func ("/settings/empty-removes-entry", test_empty_removes_entry);
  g_test_add_func ("/settings/typed", test_typed);
  g_test_add_func ("/settings/bad-values", test_bad_values);
  g_test_add_func ("/settings/map", test_map);
  g_test_add_func ("/settings/booleans", test_booleans);
  g_test_add_func ("/settings/strings", test_strings);
  g_test_add_func ("/settings/numbers", test_numbers);
  g_test_add_func ("/settings/strings-stay", test_strings_stay);
  g_test_add_func ("/settings/accept-plain-http", test_accept_plain_http);
  g_test_add_func ("/settings/local-model", test_local_model);
  g_test_add_func ("/settings/written-by-others", test_written_by_others);
  g_test_add_func ("/settings/no-schema", test_no_schema);
  g_test_add_func ("/settings/changed", test_changed);
  g_test_add_func ("/settings/bind", test_bind);
  g_test_add_func ("/settings/range", test_range);
  g_test_add_func ("/settings/locked", test_locked);
  g_test_add_func ("/settings/list-is-sorted", test_list_is_sorted);
  g_test_add_func ("/settings/no-setting-for-keys", test_no_setting_for_keys);

  return g_test_run ();
}
