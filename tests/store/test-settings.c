/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <string.h>

#include "store-error.h"

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
assert_refused (WhisSettings *settings, const char *key, const char *text, WhisStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (whis_settings_parse (settings, key, text, &error));
  g_assert_error (error, WHIS_STORE_ERROR, (int) code);
}

static void
test_bad_values (void)
{
  g_autoptr (WhisSettings) settings = whis_settings_new (NULL);

  assert_refused (settings, "longest-chunk", "5", WHIS_STORE_ERROR_BAD_VALUE);
  assert_refused (settings, "longest-chunk", "301", WHIS_STORE_ERROR_BAD_VALUE);
  assert_refused (settings, "longest-chunk", "many", WHIS_STORE_ERROR_BAD_VALUE);
  assert_refused (settings, "models", "{", WHIS_STORE_ERROR_BAD_VALUE);
  assert_refused (settings, "language", "\xff", WHIS_STORE_ERROR_BAD_VALUE);
  assert_refused (settings, "no-such-key", "x", WHIS_STORE_ERROR_NO_SUCH_KEY);
  assert_refused (settings, "", "x", WHIS_STORE_ERROR_NO_SUCH_KEY);
  g_assert_cmpuint (whis_settings_get_longest_chunk (settings), ==, 30);
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
  g_test_add_func ("/settings/parse", test_parse);
  g_test_add_func ("/settings/bad-values", test_bad_values);
  g_test_add_func ("/settings/list-is-sorted", test_list_is_sorted);
  g_test_add_func ("/settings/no-setting-for-keys", test_no_setting_for_keys);

  return g_test_run ();
}
