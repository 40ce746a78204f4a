/* SPDX-License-Identifier: MIT */
#include "keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

#include "keyring-query.h"
#include "secret.h"
#include "store-error.h"

/**
 * WhisKeyring:
 *
 * The API keys of the services: in the desktop's keyring through the
 * [Secret Service](https://specifications.freedesktop.org/secret-service/), in the Secret portal's
 * file in a sandbox, or in the environment.
 *
 * Where there is no keyring a key is kept in memory until the service ends.
 */

struct _WhisKeyring
{
  GObject parent_instance;

  GHashTable *session_keys;     /* provider → key */
  GHashTable *environment_keys; /* variable → key, of those that were taken */
  gboolean available;
  guint timeout_ms;
};

enum
{
  PROP_AVAILABLE = 1,
  PROP_TIMEOUT_MS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WhisKeyring, whis_keyring, G_TYPE_OBJECT)

/* Enough for a keyring on a busy disk. While its user is asked for a password there is no limit. */
#define TIMEOUT_MS 10000

static const SecretSchema schema = {
  WHIS_APP_ID,
  SECRET_SCHEMA_NONE,
  { { "provider", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

static void
set_available (WhisKeyring *self, gboolean available)
{
  if (self->available == available)
    return;

  self->available = available;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE]);
}

/* Returns what cancels the call to the Secret Service that is to follow. */
static GCancellable *
keyring_begin_call (GTask *task)
{
  WhisKeyring *self = g_task_get_source_object (task);

  return whis_keyring_query_begin_call (task, self->timeout_ms);
}

static const char *
get_environment_key (WhisKeyring *self, const WhisKeyringQuery *query)
{
  const char *key;

  if (query->variable == NULL)
    return NULL;
  key = g_hash_table_lookup (self->environment_keys, query->variable);
  if (key == NULL)
    key = g_getenv (query->variable);

  return key != NULL && *key != '\0' ? key : NULL;
}

/* The key where the keyring has none: from this session, else from the environment. */
static const char *
get_other_key (GTask *task)
{
  WhisKeyring *self = g_task_get_source_object (task);
  const WhisKeyringQuery *query = g_task_get_task_data (task);
  const char *key = g_hash_table_lookup (self->session_keys, query->provider);

  return key != NULL ? key : get_environment_key (self, query);
}

static void
return_other_key (GTask *task)
{
  g_task_return_pointer (task, g_strdup (get_other_key (task)), (GDestroyNotify) whis_secret_free);
}

static void search_key (GTask *task);

/* A keyring that is there and gives nothing. It is not known whether it has a key. */
static void
take_lookup_error (GTask *task, const GError *error)
{
  if (whis_keyring_query_try_again (task, error))
    search_key (task);
  else if (get_other_key (task) != NULL
           && !g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return_other_key (task);
  else
    whis_keyring_query_return_error (task, error);
}

static void
retrieved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretValue) value =
      secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (object), result, &error);
  const char *text = value != NULL ? secret_value_get_text (value) : NULL;

  whis_keyring_query_end_call (task);
  if (error != NULL)
    take_lookup_error (task, error);
  else if (text == NULL || *text == '\0')
    return_other_key (task);
  else
    g_task_return_pointer (task, g_strdup (text), (GDestroyNotify) whis_secret_free);
}

static gboolean
is_locked (SecretRetrievable *item)
{
  return SECRET_IS_ITEM (item) && secret_item_get_locked (SECRET_ITEM (item));
}

static void
keyring_retrieve (GTask *task, SecretRetrievable *item)
{
  secret_retrievable_retrieve_secret (item, keyring_begin_call (task), retrieved_cb,
                                      g_object_ref (task));
}

/* The user was asked to unlock the keyring, and may have said no. */
static void
unlocked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (SecretRetrievable) items = secret_password_search_finish (result, &error);

  if (error != NULL)
    whis_keyring_query_return_error (task, error);
  else if (items == NULL)
    return_other_key (task);
  else if (is_locked (items->data))
    whis_keyring_query_return_locked (task);
  else
    keyring_retrieve (task, items->data);
}

static void
keyring_unlock (GTask *task)
{
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  secret_password_search (&schema, SECRET_SEARCH_UNLOCK | SECRET_SEARCH_LOAD_SECRETS,
                          g_task_get_cancellable (task), unlocked_cb, g_object_ref (task),
                          "provider", query->provider, NULL);
}

static void
searched_for_key_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (SecretRetrievable) items = secret_password_search_finish (result, &error);
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  whis_keyring_query_end_call (task);
  if (error != NULL && !whis_keyring_query_says_no_keyring (error))
    {
      take_lookup_error (task, error);
      return;
    }

  set_available (g_task_get_source_object (task), error == NULL);
  if (items == NULL)
    return_other_key (task);
  else if (!is_locked (items->data))
    keyring_retrieve (task, items->data);
  else if (query->may_prompt)
    keyring_unlock (task);
  else
    whis_keyring_query_return_locked (task);
}

/* Asks nobody anything, and so the answer may be expected soon. */
static void
search_key (GTask *task)
{
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  secret_password_search (&schema, SECRET_SEARCH_LOAD_SECRETS, keyring_begin_call (task),
                          searched_for_key_cb, g_object_ref (task), "provider", query->provider,
                          NULL);
}

/**
 * whis_keyring_lookup_async:
 * @self: a keyring
 * @provider: id of a provider
 * @variable: (nullable): environment variable that may hold the key
 * @may_prompt: whether the user may be asked to unlock the keyring
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Looks the key of a provider up. Ends with %WHIS_STORE_ERROR_KEYRING_LOCKED where the keyring has
 * the key and stays locked, and with %WHIS_STORE_ERROR_KEYRING where it does not answer.
 */
void
whis_keyring_lookup_async (WhisKeyring *self,
                           const char *provider,
                           const char *variable,
                           gboolean may_prompt,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  WhisKeyringQuery *query;

  g_return_if_fail (WHIS_IS_KEYRING (self));
  g_return_if_fail (provider != NULL);

  task = whis_keyring_query_task_new (self, provider, variable, whis_keyring_lookup_async,
                                      cancellable, callback, user_data);
  query = g_task_get_task_data (task);
  query->may_prompt = may_prompt;
  search_key (task);
}

/**
 * whis_keyring_lookup_finish:
 * @self: a keyring
 * @result: the result
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the key, to be freed with whis_secret_free(); %NULL without
 * an error when there is none
 */
char *
whis_keyring_lookup_finish (WhisKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_keyring_lookup_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static WhisKeySource
find_source (GTask *task, gboolean in_keyring)
{
  WhisKeyring *self = g_task_get_source_object (task);
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  if (in_keyring)
    return WHIS_KEY_SOURCE_KEYRING;
  if (g_hash_table_contains (self->session_keys, query->provider))
    return WHIS_KEY_SOURCE_SESSION;
  if (get_environment_key (self, query) != NULL)
    return WHIS_KEY_SOURCE_ENVIRONMENT;

  return WHIS_KEY_SOURCE_NONE;
}

static void
searched_for_source_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autolist (SecretRetrievable) items = secret_password_search_finish (result, &error);

  whis_keyring_query_end_call (task);
  if (g_task_return_error_if_cancelled (task))
    return;

  set_available (g_task_get_source_object (task),
                 error == NULL || !whis_keyring_query_says_no_keyring (error));
  g_task_return_int (task, find_source (task, items != NULL));
}

/**
 * whis_keyring_find_async:
 * @self: a keyring
 * @provider: id of a provider
 * @variable: (nullable): environment variable that may hold the key
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Finds out where the key of a provider comes from, without reading it and without asking the user
 * to unlock anything.
 */
void
whis_keyring_find_async (WhisKeyring *self,
                         const char *provider,
                         const char *variable,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_KEYRING (self));
  g_return_if_fail (provider != NULL);

  task = whis_keyring_query_task_new (self, provider, variable, whis_keyring_find_async,
                                      cancellable, callback, user_data);
  secret_password_search (&schema, SECRET_SEARCH_NONE, keyring_begin_call (task),
                          searched_for_source_cb, g_object_ref (task), "provider", provider, NULL);
}

static WhisKeySource
propagate_source (GAsyncResult *result, GError **error)
{
  gssize source = g_task_propagate_int (G_TASK (result), error);

  return source < 0 ? WHIS_KEY_SOURCE_NONE : (WhisKeySource) source;
}

/**
 * whis_keyring_find_finish:
 * @self: a keyring
 * @result: the result
 * @error: return location for an error
 *
 * Returns: where the key comes from
 */
WhisKeySource
whis_keyring_find_finish (WhisKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), WHIS_KEY_SOURCE_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_keyring_find_async),
                        WHIS_KEY_SOURCE_NONE);

  return propagate_source (result, error);
}

static void
keep_for_session (GTask *task)
{
  WhisKeyring *self = g_task_get_source_object (task);
  WhisKeyringQuery *query = g_task_get_task_data (task);

  set_available (self, FALSE);
  g_hash_table_replace (self->session_keys, g_strdup (query->provider),
                        g_steal_pointer (&query->key));
  g_task_return_int (task, WHIS_KEY_SOURCE_SESSION);
}

/* The question for a password was dismissed: gnome-keyring then has no collection to store in. */
static gboolean
says_not_opened (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT)
         || g_error_matches (error, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT);
}

static void store_key (GTask *task);

static void
stored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  WhisKeyring *self = g_task_get_source_object (task);
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  if (secret_password_store_finish (result, &error))
    {
      set_available (self, TRUE);
      g_hash_table_remove (self->session_keys, query->provider);
      g_task_return_int (task, WHIS_KEY_SOURCE_KEYRING);
    }
  else if (error == NULL)
    whis_keyring_query_return_locked (task);
  else if (whis_keyring_query_says_no_keyring (error))
    keep_for_session (task);
  else if (whis_keyring_query_try_again (task, error))
    store_key (task);
  else if (says_not_opened (error))
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING_LOCKED,
                             _ ("The keyring was not opened, so the key is not kept; try again, "
                                "and allow it when you are asked."));
  else
    whis_keyring_query_return_error (task, error);
}

/* May ask the user for a password, and so there is no limit to it. */
static void
store_key (GTask *task)
{
  const WhisKeyringQuery *query = g_task_get_task_data (task);

  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, query->label, query->key,
                         g_task_get_cancellable (task), stored_cb, g_object_ref (task), "provider",
                         query->provider, NULL);
}

/* RFC 9110 field values: an API key is visible ASCII, and long lines are pasted by accident. */
static gboolean
is_plausible_key (const char *key)
{
  gsize length = strlen (key);

  if (length == 0 || length > 4096)
    return FALSE;
  for (const char *c = key; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;

  return TRUE;
}

/**
 * whis_keyring_store_async:
 * @self: a keyring
 * @provider: id of a provider
 * @label: what the keyring shows to the user
 * @key: the API key; white space around it is dropped
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Stores the key of a provider in the keyring, or in memory where there is no keyring.
 */
void
whis_keyring_store_async (WhisKeyring *self,
                          const char *provider,
                          const char *label,
                          const char *key,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  WhisKeyringQuery *query;

  g_return_if_fail (WHIS_IS_KEYRING (self));
  g_return_if_fail (provider != NULL && label != NULL && key != NULL);

  task = whis_keyring_query_task_new (self, provider, NULL, whis_keyring_store_async, cancellable,
                                      callback, user_data);
  query = g_task_get_task_data (task);
  /* Moved over blanks before it, its last letters would stay behind it in memory. */
  while (g_ascii_isspace (*key))
    key++;
  query->key = g_strchomp (g_strdup (key));
  query->label = g_strdup (label);
  if (*query->key == '\0')
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BAD_API_KEY,
                             _ ("The key is empty; nothing was changed."));
  else if (!is_plausible_key (query->key))
    g_task_return_new_error (task, WHIS_STORE_ERROR, WHIS_STORE_ERROR_BAD_API_KEY,
                             _ ("This is no API key: it has spaces or signs that no key has; "
                                "nothing was changed."));
  else
    store_key (task);
}

/**
 * whis_keyring_store_finish:
 * @self: a keyring
 * @result: the result
 * @error: return location for an error
 *
 * Returns: where the key is now; %WHIS_KEY_SOURCE_NONE with an error
 */
WhisKeySource
whis_keyring_store_finish (WhisKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), WHIS_KEY_SOURCE_NONE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_keyring_store_async),
                        WHIS_KEY_SOURCE_NONE);

  return propagate_source (result, error);
}

static void
cleared_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  secret_password_clear_finish (result, &error);
  if (error != NULL && !whis_keyring_query_says_no_keyring (error))
    whis_keyring_query_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * whis_keyring_remove_async:
 * @self: a keyring
 * @provider: id of a provider
 * @cancellable: (nullable): a cancellable
 * @callback: called when done
 * @user_data: data for @callback
 *
 * Forgets the key of a provider; it is no error if there was none.
 */
void
whis_keyring_remove_async (WhisKeyring *self,
                           const char *provider,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_KEYRING (self));
  g_return_if_fail (provider != NULL);

  task = whis_keyring_query_task_new (self, provider, NULL, whis_keyring_remove_async, cancellable,
                                      callback, user_data);
  g_hash_table_remove (self->session_keys, provider);
  secret_password_clear (&schema, cancellable, cleared_cb, g_steal_pointer (&task), "provider",
                         provider, NULL);
}

/**
 * whis_keyring_remove_finish:
 * @self: a keyring
 * @result: the result
 * @error: return location for an error
 *
 * Returns: %TRUE if the key is gone
 */
gboolean
whis_keyring_remove_finish (WhisKeyring *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, whis_keyring_remove_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * whis_keyring_take_variable:
 * @self: a keyring
 * @variable: name of an environment variable
 *
 * Takes a key out of the environment, so that no program that is started from now on gets it; here
 * it is found as before. Call it while there is no other thread: see setenv(3).
 */
void
whis_keyring_take_variable (WhisKeyring *self, const char *variable)
{
  const char *key;

  g_return_if_fail (WHIS_IS_KEYRING (self));
  g_return_if_fail (variable != NULL);

  key = g_getenv (variable);
  if (key == NULL)
    return;
  g_hash_table_replace (self->environment_keys, g_strdup (variable), g_strdup (key));
  g_unsetenv (variable);
}

/**
 * whis_keyring_get_available:
 * @self: a keyring
 *
 * Returns: %FALSE if the last call found no keyring
 */
gboolean
whis_keyring_get_available (WhisKeyring *self)
{
  g_return_val_if_fail (WHIS_IS_KEYRING (self), FALSE);

  return self->available;
}

static void
whis_keyring_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_AVAILABLE)
    g_value_set_boolean (value, WHIS_KEYRING (object)->available);
  else if (prop_id == PROP_TIMEOUT_MS)
    g_value_set_uint (value, WHIS_KEYRING (object)->timeout_ms);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_keyring_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_TIMEOUT_MS)
    WHIS_KEYRING (object)->timeout_ms = g_value_get_uint (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_keyring_dispose (GObject *object)
{
  WhisKeyring *self = WHIS_KEYRING (object);

  g_clear_pointer (&self->session_keys, g_hash_table_unref);
  g_clear_pointer (&self->environment_keys, g_hash_table_unref);

  G_OBJECT_CLASS (whis_keyring_parent_class)->dispose (object);
}

static void
whis_keyring_class_init (WhisKeyringClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_keyring_get_property;
  object_class->set_property = whis_keyring_set_property;
  object_class->dispose = whis_keyring_dispose;

  properties[PROP_AVAILABLE] =
      g_param_spec_boolean ("available", NULL, NULL, TRUE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * WhisKeyring:timeout-ms:
   *
   * How long the keyring may take where it asks nobody anything, in milliseconds.
   */
  properties[PROP_TIMEOUT_MS] =
      g_param_spec_uint ("timeout-ms", NULL, NULL, 1, G_MAXUINT, TIMEOUT_MS,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_keyring_init (WhisKeyring *self)
{
  self->available = TRUE;
  self->session_keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) whis_secret_free);
  self->environment_keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) whis_secret_free);
}

/**
 * whis_keyring_new:
 *
 * Returns: (transfer full): a keyring
 */
WhisKeyring *
whis_keyring_new (void)
{
  return g_object_new (WHIS_TYPE_KEYRING, NULL);
}
