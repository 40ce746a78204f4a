/* SPDX-License-Identifier: MIT */
/* Against the real gnome-keyring, on a bus of its own; see run-with-keyring.sh. */
#include "keyring.h"

#include <string.h>

#include "store-error.h"

#define VARIABLE "WHIS_TEST_KEY_VARIABLE"

static void
store_result (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static WhisKeySource
store (WhisKeyring *keyring, const char *key, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyring_store_async (keyring, "openai", "Whis test", key, NULL, store_result, &result);

  return whis_keyring_store_finish (keyring, wait_for (&result), error);
}

static char *
lookup (WhisKeyring *keyring, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyring_lookup_async (keyring, "openai", VARIABLE, NULL, store_result, &result);

  return whis_keyring_lookup_finish (keyring, wait_for (&result), error);
}

static WhisKeySource
find (WhisKeyring *keyring)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyring_find_async (keyring, "openai", VARIABLE, NULL, store_result, &result);

  return whis_keyring_find_finish (keyring, wait_for (&result), NULL);
}

static void
remove_key (WhisKeyring *keyring)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  whis_keyring_remove_async (keyring, "openai", NULL, store_result, &result);
  g_assert_true (whis_keyring_remove_finish (keyring, wait_for (&result), &error));
  g_assert_no_error (error);
}

static void
assert_key (WhisKeyring *keyring, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *key = lookup (keyring, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, expected);
  whis_key_free (key);
}

static gboolean
has_keyring (void)
{
  return g_strcmp0 (g_getenv ("WHIS_TEST_KEYRING"), "yes") == 0;
}

/* The key outlives the object that stored it, or not, as the keyring's presence says. */
static void
test_store_and_lookup (void)
{
  g_autoptr (GError) error = NULL;
  WhisKeyring *keyring = whis_keyring_new ();
  WhisKeySource source = store (keyring, "  sk-first\n", &error);

  g_assert_no_error (error);
  g_assert_cmpint (source, ==, has_keyring () ? WHIS_KEY_SOURCE_KEYRING : WHIS_KEY_SOURCE_SESSION);
  g_assert_cmpint (find (keyring), ==, source);
  g_assert_true (whis_keyring_get_available (keyring) == has_keyring ());
  assert_key (keyring, "sk-first");
  g_assert_cmpint (store (keyring, "sk-second", &error), ==, source);
  assert_key (keyring, "sk-second");
  g_assert_finalize_object (keyring);

  keyring = whis_keyring_new ();
  assert_key (keyring, has_keyring () ? "sk-second" : NULL);
  remove_key (keyring);
  assert_key (keyring, NULL);
  g_assert_cmpint (find (keyring), ==, WHIS_KEY_SOURCE_NONE);
  g_assert_finalize_object (keyring);
}

static void
test_environment (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GError) error = NULL;

  g_setenv (VARIABLE, "sk-environment", TRUE);
  assert_key (keyring, "sk-environment");
  g_assert_cmpint (find (keyring), ==, WHIS_KEY_SOURCE_ENVIRONMENT);
  store (keyring, "sk-stored", &error);
  g_assert_no_error (error);
  assert_key (keyring, "sk-stored");
  remove_key (keyring);
  assert_key (keyring, "sk-environment");
  g_setenv (VARIABLE, "", TRUE);
  assert_key (keyring, NULL);
}

static void
test_bad_keys (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autofree char *endless = g_strnfill (5000, 'k');
  const char *bad[] = { "", "   \n", "two words", "line\nbreak", "schl\303\274ssel", endless };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (store (keyring, bad[i], &error), ==, WHIS_KEY_SOURCE_NONE);
      g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BAD_API_KEY);
      if (strlen (bad[i]) > 3)
        g_assert_null (strstr (error->message, bad[i]));
    }
  assert_key (keyring, NULL);
}

static void
test_cancelled (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  whis_keyring_lookup_async (keyring, "openai", NULL, cancellable, store_result, &result);
  g_assert_null (whis_keyring_lookup_finish (keyring, wait_for (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A key that was taken from the environment is found as before, and nobody inherits it. */
static void
test_taken_from_environment (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();

  whis_keyring_take_variable (keyring, VARIABLE);
  assert_key (keyring, NULL);
  g_setenv (VARIABLE, "sk-environment", TRUE);
  whis_keyring_take_variable (keyring, VARIABLE);
  g_assert_null (g_getenv (VARIABLE));
  assert_key (keyring, "sk-environment");
  g_assert_cmpint (find (keyring), ==, WHIS_KEY_SOURCE_ENVIRONMENT);
}

/* Without anybody to type the password, a locked keyring says so: the key is not "missing". */
static void
test_locked (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  char *key;

  store (keyring, "sk-locked", &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_command_line_sync (
      "gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets "
      "--method org.freedesktop.Secret.Service.Lock "
      "\"['/org/freedesktop/secrets/aliases/default']\"",
      &output, NULL, NULL, &error));
  key = lookup (keyring, &error);
  g_assert_null (key);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (find (keyring), ==, WHIS_KEY_SOURCE_KEYRING);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyring/store-and-lookup", test_store_and_lookup);
  g_test_add_func ("/keyring/environment", test_environment);
  g_test_add_func ("/keyring/taken-from-environment", test_taken_from_environment);
  g_test_add_func ("/keyring/bad-keys", test_bad_keys);
  g_test_add_func ("/keyring/cancelled", test_cancelled);
  if (has_keyring ())
    g_test_add_func ("/keyring/locked", test_locked);

  return g_test_run ();
}
