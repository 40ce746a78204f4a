/* SPDX-License-Identifier: MIT */
#include "service-key.h"

#include <glib/gi18n-lib.h>

#include "secret.h"
#include "service-error.h"
#include "store-error.h"

static void
on_key_looked_up (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const WhisProvider *provider = g_task_get_task_data (task);
  GError *error = NULL;
  char *key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);

  /* A keyring that does not answer may well have no key for a service that can do without. */
  if (g_error_matches (error, WHIS_STORE_ERROR, WHIS_STORE_ERROR_KEYRING) && !provider->needs_key)
    g_clear_error (&error);
  if (key == NULL && error == NULL && provider->needs_key)
    error = g_error_new (WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_NO_KEY,
                         _ ("There is no API key for %s; add one in the preferences."),
                         whis_provider_get_name (provider));
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, key, (GDestroyNotify) whis_secret_free);
}

/**
 * whis_service_key_lookup_async:
 * @keyring: where keys are
 * @provider: a service
 * @may_prompt: whether the user may be asked to unlock the keyring
 * @cancellable: (nullable): a cancellable
 * @callback: called when the key is known
 * @user_data: for @callback
 *
 * Looks up the key that @provider is to be sent.
 */
void
whis_service_key_lookup_async (WhisKeyring *keyring,
                               const WhisProvider *provider,
                               gboolean may_prompt,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (WHIS_IS_KEYRING (keyring));
  g_return_if_fail (provider != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, whis_service_key_lookup_async);
  g_task_set_task_data (task, (gpointer) provider, NULL);
  if (provider->takes_key)
    whis_keyring_lookup_async (keyring, provider->id, provider->key_variable, may_prompt,
                               cancellable, on_key_looked_up, g_steal_pointer (&task));
  else
    g_task_return_pointer (task, NULL, NULL);
}

/**
 * whis_service_key_lookup_finish:
 * @result: what the callback got
 * @error: return location for %WHIS_SERVICE_ERROR_NO_KEY or an error of the keyring
 *
 * Returns: (transfer full) (nullable): the key, to be freed with whis_secret_free(); %NULL without
 *   an error for a service that needs none
 */
char *
whis_service_key_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
