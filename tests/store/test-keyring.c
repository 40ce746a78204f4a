/* SPDX-License-Identifier: MIT */
/* Against the real gnome-keyring, on a bus of its own; see run-with-keyring.sh. */
#include "keyring.h"

#include <signal.h>
#include <string.h>

#include "store-error.h"
#include "secret.h"

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

  whis_keyring_lookup_async (keyring, "openai", VARIABLE, TRUE, NULL, store_result, &result);

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
  whis_secret_free (key);
}

static gboolean
has_keyring (void)
{
  return g_strcmp0 (g_getenv ("WHIS_TEST_KEYRING"), "yes") == 0;
}

/* One that nobody has opened yet. */
static gboolean
has_new_keyring (void)
{
  return g_strcmp0 (g_getenv ("WHIS_TEST_KEYRING"), "new") == 0;
}

static pid_t
get_keyring_pid (void)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "GetConnectionUnixProcessID", g_variant_new ("(s)", "org.freedesktop.secrets"), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  guint32 pid;

  g_assert_no_error (error);
  g_variant_get (reply, "(u)", &pid);

  return (pid_t) pid;
}

static void
run (const char *command)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  const char *const argv[] = { "bash", "-c", command, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                               NULL, NULL, &error));
  g_assert_no_error (error);
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
  whis_keyring_lookup_async (keyring, "openai", NULL, TRUE, cancellable, store_result, &result);
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

#define LOCK                                                                                       \
  "gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets "    \
  "--method org.freedesktop.Secret.Service.Lock \"['/org/freedesktop/secrets/aliases/default']\""

/* Without anybody to type the password, a locked keyring says so: the key is not "missing". */
static void
test_locked (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GError) error = NULL;
  char *key;

  store (keyring, "sk-locked", &error);
  g_assert_no_error (error);
  run (LOCK);
  key = lookup (keyring, &error);
  g_assert_null (key);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (find (keyring), ==, WHIS_KEY_SOURCE_KEYRING);
}

/* It is told, and soon; the key is not missing. What comes from elsewhere is used meanwhile. */
static void
test_no_answer (void)
{
  WhisKeyring *keyring = g_object_new (WHIS_TYPE_KEYRING, "timeout-ms", 500, NULL);
  g_autoptr (GError) error = NULL;
  pid_t pid = get_keyring_pid ();

  store (keyring, "sk-stored", &error);
  g_assert_no_error (error);
  kill (pid, SIGSTOP);
  g_assert_null (lookup (keyring, &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING);
  g_assert_nonnull (strstr (error->message, "does not answer"));
  g_assert_true (whis_keyring_get_available (keyring));
  g_setenv (VARIABLE, "sk-environment", TRUE);
  assert_key (keyring, "sk-environment");
  g_unsetenv (VARIABLE);

  kill (pid, SIGCONT);
  g_object_unref (keyring);
  keyring = whis_keyring_new ();
  assert_key (keyring, "sk-stored");
  remove_key (keyring);
  g_assert_finalize_object (keyring);
}

/* A new keyring knows nothing of the session with the old one. */
static void
test_restarted (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GError) error = NULL;

  store (keyring, "sk-stored", &error);
  g_assert_no_error (error);
  assert_key (keyring, "sk-stored");
  kill (get_keyring_pid (), SIGKILL);
  run ("while gdbus call --session --dest org.freedesktop.DBus --object-path / --method "
       "org.freedesktop.DBus.NameHasOwner org.freedesktop.secrets | grep -q true; do sleep 0.1; "
       "done; echo -n password | env -u G_DEBUG -u MALLOC_CHECK_ gnome-keyring-daemon --unlock "
       "--components=secrets >/dev/null 2>&1; gdbus wait --session --timeout 30 "
       "org.freedesktop.secrets");
  assert_key (keyring, "sk-stored");
  remove_key (keyring);
}

/* In the thread of the bus. */
static GDBusMessage *
prompt_filter (GDBusConnection *bus, GDBusMessage *message, gboolean incoming, gpointer n_prompts)
{
  if (!incoming
      && g_strcmp0 (g_dbus_message_get_interface (message), "org.freedesktop.Secret.Prompt") == 0)
    g_atomic_int_inc ((gint *) n_prompts);

  return message;
}

/* Who tries again by himself does not ask for a password. */
static void
test_no_prompt (void)
{
  static gint n_prompts;
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  guint filter = g_dbus_connection_add_filter (bus, prompt_filter, &n_prompts, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  run (LOCK);
  whis_keyring_lookup_async (keyring, "openai", VARIABLE, FALSE, NULL, store_result, &result);
  g_assert_null (whis_keyring_lookup_finish (keyring, wait_for (&result), &error));
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED);
  g_assert_cmpint (g_atomic_int_get (&n_prompts), ==, 0);

  g_clear_error (&error);
  g_assert_null (lookup (keyring, &error));
  g_assert_cmpint (g_atomic_int_get (&n_prompts), >, 0);
  g_dbus_connection_remove_filter (bus, filter);
}

/* Nobody answers its question for a password: that is not to have no keyring. */
static void
test_not_opened (void)
{
  g_autoptr (WhisKeyring) keyring = whis_keyring_new ();
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (store (keyring, "sk-new", &error), ==, WHIS_KEY_SOURCE_NONE);
  g_assert_error (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED);
  g_assert_true (whis_keyring_get_available (keyring));
  assert_key (keyring, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (has_new_keyring ())
    {
      g_test_add_func ("/keyring/not-opened", test_not_opened);
      return g_test_run ();
    }
  g_test_add_func ("/keyring/store-and-lookup", test_store_and_lookup);
  g_test_add_func ("/keyring/environment", test_environment);
  g_test_add_func ("/keyring/taken-from-environment", test_taken_from_environment);
  g_test_add_func ("/keyring/bad-keys", test_bad_keys);
  g_test_add_func ("/keyring/cancelled", test_cancelled);
  if (has_keyring ())
    {
      g_test_add_func ("/keyring/no-answer", test_no_answer);
      g_test_add_func ("/keyring/restarted", test_restarted);
      g_test_add_func ("/keyring/locked", test_locked);
      g_test_add_func ("/keyring/no-prompt", test_no_prompt);
    }

  return g_test_run ();
}
