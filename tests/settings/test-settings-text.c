/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <string.h>

#include "settings-error.h"

static WhisSettings *
settings_new (void)
{
  g_autoptr (GError) error = NULL;
  WhisSettings *settings = whis_settings_new (&error);

  g_assert_no_error (error);

  return settings;
}

static void
write_setting (WhisSettings *settings, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;

  whis_settings_write (settings, name, text, &error);
  g_assert_no_error (error);
}

static void
assert_printed (WhisSettings *settings, const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *printed = whis_settings_print (settings, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (printed, ==, expected);
}

/* What people write is what they read, in each type of setting. */
static void
test_round_trip (void)
{
  static const struct
  {
    const char *name;
    const char *written;
    const char *printed;
  } cases[] = {
    /* strings stand without quotation marks, whatever is in them */
    { "language", "de", "de" },
    { "language", "", "" },
    { "prompt", "Ada's \"Analytical Engine\", 100 %", "Ada's \"Analytical Engine\", 100 %" },
    { "prompt", "'quoted'", "'quoted'" },
    { "prompt", "two\nlines", "two\nlines" },
    { "microphone-name", "Mikrofon “Über” 🎤", "Mikrofon “Über” 🎤" },

    { "private", "true", "true" },
    { "private", " false ", "false" },
    { "longest-chunk", "60", "60" },
    { "keep-sound", "-1", "-1" },
    { "imported", "-9223372036854775808", "-9223372036854775808" },

    /* the shortest number that is read as the same one */
    { "fallback-after", "3", "3" },
    { "fallback-after", "0.1", "0.1" },
    { "fallback-after", "2.50", "2.5" },
    { "fallback-after", "1e1", "10" },
    { "fallback-after", "0.30000000000000004", "0.30000000000000004" },

    { "vocabulary", "[]", "[]" },
    { "vocabulary", "[\"Ada\", 'GObject, really']", "['Ada', 'GObject, really']" },
    { "models", "{ 'groq' : 'a' , 'openai':'b/c' }", "{'groq': 'a', 'openai': 'b/c'}" },
    { "models", "{}", "{}" },
    { "limits", "{'groq': 5}", "{'groq': 5}" },
    { "prices", "{'groq': 0}", "{'groq': 0.0}" },

    { "models/groq", "whisper large, 'v3'", "whisper large, 'v3'" },
    /* only the first slash ends the setting's name */
    { "models/own/server", "m", "m" },
    { "addresses/custom", "http://[fd00::1]:8000/v1/", "http://[fd00::1]:8000/v1/" },
    { "monthly-caps/openai", "12.34", "12.34" },
    { "limits/openai", "4294967295", "4294967295" },
    { "limits/openai", "", "" },
  };
  g_autoptr (WhisSettings) settings = settings_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s %s", cases[i].name, cases[i].written);
      write_setting (settings, cases[i].name, cases[i].written);
      assert_printed (settings, cases[i].name, cases[i].printed);
    }
}

/* A value that is wrong changes nothing, neither the setting nor one of its entries. */
static void
test_nothing_changed (void)
{
  static const char *const wrong[][2] = {
    { "private", "yes" },
    { "private", "1" },
    { "private", "" },
    { "longest-chunk", "" },
    { "longest-chunk", "9" },
    { "longest-chunk", "-20" },
    { "longest-chunk", "20.5" },
    { "longest-chunk", "20 30" },
    { "longest-chunk", "99999999999" },
    { "endpoint-port", "80" },
    { "endpoint-port", "65536" },
    { "keep-text", "-2" },
    { "fallback-after", "three" },
    { "fallback-after", "3,5" },
    { "fallback-after", "-0.5" },
    { "vocabulary", "Ada" },
    { "vocabulary", "['Ada'" },
    { "vocabulary", "[1, 2]" },
    { "models", "'groq'" },
    { "models", "{'groq': 3}" },
    { "models", "{'groq'}" },
    { "models/groq", "bad \xC3" },
    { "limits/groq", "-1" },
    { "limits/groq", "4294967296" },
    { "prices/groq", "-0.01" },
    { "prices/groq", "inf" },
    { "prices", "{'groq': 1, 'openai': -1}" },
    { "monthly-caps/groq", "five" },
    { "monthly-caps/groq", "nan" },
  };
  static const char *const names[] = { "private",       "longest-chunk", "endpoint-port",
                                       "keep-text",     "vocabulary",    "models",
                                       "limits",        "prices",        "monthly-caps",
                                       "fallback-after" };
  g_autoptr (WhisSettings) settings = settings_new ();
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func (g_free);

  write_setting (settings, "models", "{'groq': 'm'}");
  write_setting (settings, "limits", "{'groq': 5}");
  write_setting (settings, "prices", "{'groq': 0.5}");
  write_setting (settings, "monthly-caps", "{'groq': 5.0}");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_ptr_array_add (before, whis_settings_print (settings, names[i], NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (whis_settings_write (settings, wrong[i][0], wrong[i][1], &error));
      g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_BAD_VALUE);
      g_assert_nonnull (strstr (error->message, wrong[i][0]));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    assert_printed (settings, names[i], g_ptr_array_index (before, i));
}

/* Whoever mistypes a name gets to know which. */
static void
test_unknown_names (void)
{
  static const char *const names[] = {
    "",        "/",         "langauge",     "LANGUAGE", "language/de",
    "models/", " language", "vocabulary/0", "/models",  "modelsgroq"
  };
  g_autoptr (WhisSettings) settings = settings_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("“%s”", names[i]);
      g_assert_null (whis_settings_print (settings, names[i], &error));
      g_assert_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NO_SUCH_KEY);
      g_assert_false (whis_settings_is_own (settings, names[i]));
    }
}

/* What a list shows as changed is what somebody wrote, even if it is what it would be anyway. */
static void
test_is_own (void)
{
  g_autoptr (WhisSettings) settings = settings_new ();

  g_assert_false (whis_settings_is_own (settings, "save-data"));
  write_setting (settings, "save-data", "false");
  g_assert_true (whis_settings_is_own (settings, "save-data"));

  g_assert_false (whis_settings_is_own (settings, "live-models"));
  g_assert_false (whis_settings_is_own (settings, "live-models/openai"));
  write_setting (settings, "live-models/openai", "m");
  g_assert_true (whis_settings_is_own (settings, "live-models"));
  g_assert_true (whis_settings_is_own (settings, "live-models/openai"));
  g_assert_false (whis_settings_is_own (settings, "live-models/groq"));
  write_setting (settings, "live-models/openai", "");
  g_assert_false (whis_settings_is_own (settings, "live-models/openai"));
}

/* Each setting can be printed, and its value be written back. */
static void
test_every_setting (void)
{
  g_autoptr (WhisSettings) settings = settings_new ();
  g_auto (GStrv) keys = whis_settings_list_keys (settings);

  for (char **key = keys; *key != NULL; key++)
    {
      g_autofree char *printed = whis_settings_print (settings, *key, NULL);

      g_assert_nonnull (printed);
      write_setting (settings, *key, printed);
      assert_printed (settings, *key, printed);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings-text/is-own", test_is_own);
  g_test_add_func ("/settings-text/round-trip", test_round_trip);
  g_test_add_func ("/settings-text/nothing-changed", test_nothing_changed);
  g_test_add_func ("/settings-text/unknown-names", test_unknown_names);
  g_test_add_func ("/settings-text/every-setting", test_every_setting);

  return g_test_run ();
}
