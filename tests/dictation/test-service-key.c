/* SPDX-License-Identifier: MIT */
#include "service-key.h"

#include "awaited.h"
#include "dictations-fixture.h"
#include "keyed-backend.h"
#include "secret.h"
#include "service-error.h"

/* The key that a service is sent, and all that is needed to ask it something. There is no keyring
 * here: a key lives in the environment, or as long as the service. */

typedef DictationsFixture Fixture;

static char *
look_up (Fixture *fixture, const char *provider, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_service_key_lookup_async (fixture->keyring, whis_provider_lookup (provider), FALSE,
                                 cancellable, store_result, &result);

  return whis_service_key_lookup_finish (wait_for (&result), error);
}

static void
assert_key (Fixture *fixture, const char *provider, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *key = look_up (fixture, provider, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (key, ==, expected);
  whis_secret_free (key);
}

static void
store (Fixture *fixture, const char *provider, const char *key)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyring_store_async (fixture->keyring, provider, provider, key, NULL, store_result, &result);
  g_assert_cmpint (whis_keyring_store_finish (fixture->keyring, wait_for (&result), NULL), ==,
                   WHIS_KEY_SOURCE_SESSION);
}

static void
remove_key (Fixture *fixture, const char *provider)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyring_remove_async (fixture->keyring, provider, NULL, store_result, &result);
  whis_keyring_remove_finish (fixture->keyring, wait_for (&result), NULL);
}

static void
assert_missing (Fixture *fixture, const char *provider, const char *name)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (look_up (fixture, provider, NULL, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY);
  g_assert_nonnull (strstr (error->message, name));
}

static void
test_found (Fixture *fixture, gconstpointer data)
{
  assert_key (fixture, "groq", "groq-key");
  /* What the user has set goes before what the environment says. */
  store (fixture, "groq", "own-key");
  assert_key (fixture, "groq", "own-key");
  remove_key (fixture, "groq");
  assert_key (fixture, "groq", "groq-key");
}

static void
test_missing (Fixture *fixture, gconstpointer data)
{
  assert_missing (fixture, "openai", "OpenAI");
  store (fixture, "openai", "a-key");
  assert_key (fixture, "openai", "a-key");
  remove_key (fixture, "openai");
  assert_missing (fixture, "openai", "OpenAI");
}

/* A server of the user's own may want a key; the recogniser here never gets one. */
static void
test_none_needed (Fixture *fixture, gconstpointer data)
{
  assert_key (fixture, "custom", "custom-key");
  assert_key (fixture, "speaches", NULL);
  store (fixture, "offline", "never-sent");
  assert_key (fixture, "offline", NULL);
  assert_key (fixture, "whisper-cpp", NULL);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (look_up (fixture, "groq", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- with its backend ------------------------------------------------------------------------- */

static WhisKeyedBackend *
find (Fixture *fixture, const char *provider, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  whis_keyed_backend_find_async (fixture->dictations, fixture->keyring,
                                 whis_provider_lookup (provider), cancellable, store_result,
                                 &result);

  return whis_keyed_backend_find_finish (wait_for (&result), error);
}

static void
test_backend (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *provider;
    const char *key;
    const char *host;
  } cases[] = {
    { "groq", "groq-key", "api.groq.com" },
    { "custom", "custom-key", "127.0.0.1" },
    /* Somebody who has no key yet may ask whether there is a way to the service. */
    { "openai", NULL, "api.openai.com" },
    { "offline", NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WhisKeyedBackend) found = find (fixture, cases[i].provider, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (found->key, ==, cases[i].key);
      g_assert_true (g_str_has_prefix (whis_backend_get_host (found->backend), cases[i].host));
    }
}

static void
test_backend_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  whis_settings_set_address (fixture->settings, "custom", "");
  g_assert_null (find (fixture, "custom", NULL, &error));
  g_assert_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_null (find (fixture, "groq", cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/service-key/" path, Fixture, NULL, dictations_fixture_set_up, function,            \
              dictations_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dictations_fixture_init ();
  g_unsetenv ("SPEACHES_API_KEY");

  ADD ("found", test_found);
  ADD ("missing", test_missing);
  ADD ("none-needed", test_none_needed);
  ADD ("cancelled", test_cancelled);
  ADD ("backend", test_backend);
  ADD ("backend/fails", test_backend_fails);

  return g_test_run ();
}
