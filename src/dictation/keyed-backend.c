/* SPDX-License-Identifier: MIT */
#include "keyed-backend.h"
#include "secret.h"

/**
 * whis_keyed_backend_free:
 * @self: (transfer full): a backend and its key
 */
void
whis_keyed_backend_free (WhisKeyedBackend *self)
{
  g_return_if_fail (self != NULL);

  g_object_unref (self->backend);
  whis_secret_free (self->key);
  g_free (self);
}

static void
key_found_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  WhisKeyedBackend *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->key = whis_keyring_lookup_finish (WHIS_KEYRING (object), result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * whis_keyed_backend_find_async:
 * @dictations: who knows the addresses of providers
 * @keyring: where keys are
 * @provider: a provider
 * @cancellable: (nullable): a cancellable
 * @callback: called when both are known
 * @data: data for @callback
 *
 * Finds how a provider is spoken to, and its key if it takes one and there is one.
 */
void
whis_keyed_backend_find_async (WhisDictations *dictations,
                               WhisKeyring *keyring,
                               const WhisProvider *provider,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  WhisPool *pool;
  WhisKeyedBackend *self;
  GError *error = NULL;

  g_return_if_fail (WHIS_IS_DICTATIONS (dictations));
  g_return_if_fail (WHIS_IS_KEYRING (keyring));
  g_return_if_fail (provider != NULL);

  g_task_set_source_tag (task, whis_keyed_backend_find_async);
  pool = whis_dictations_get_pool (dictations, provider, &error);
  if (pool == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  self = g_new0 (WhisKeyedBackend, 1);
  self->backend = g_object_ref (whis_pool_get_backend (pool));
  g_task_set_task_data (task, self, (GDestroyNotify) whis_keyed_backend_free);
  if (provider->takes_key)
    whis_keyring_lookup_async (keyring, provider->id, provider->key_variable, TRUE, cancellable,
                               key_found_cb, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * whis_keyed_backend_find_finish:
 * @result: what the callback got
 * @error: return location for an error of the speech room or the store
 *
 * Returns: (transfer full): the backend and its key
 */
WhisKeyedBackend *
whis_keyed_backend_find_finish (GAsyncResult *result, GError **error)
{
  WhisKeyedBackend *found;
  WhisKeyedBackend *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  found = g_task_get_task_data (G_TASK (result));
  self = g_new0 (WhisKeyedBackend, 1);
  self->backend = g_object_ref (found->backend);
  self->key = g_steal_pointer (&found->key);

  return self;
}
