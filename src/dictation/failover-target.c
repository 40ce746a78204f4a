/* SPDX-License-Identifier: MIT */
#include "failover-target.h"

#include "secret.h"
#include "service-error.h"

/**
 * WhisFailoverTarget:
 *
 * A service that sound may go to, with its model and its key, and why nothing more is sent there if
 * it refused in a way that holds for every request.
 */
struct _WhisFailoverTarget
{
  gatomicrefcount ref_count;
  const WhisProvider *provider;
  WhisPool *pool;
  char *model;
  char *key;
  gboolean knows_key; /* also that there is none */
  GError *error;      /* why the next request would fail as well */
};

/* Refusals that the next request would meet as well. */
static const WhisServiceError permanent_codes[] = {
  WHIS_SERVICE_ERROR_NO_KEY,     WHIS_SERVICE_ERROR_WRONG_KEY,
  WHIS_SERVICE_ERROR_PERMISSION, WHIS_SERVICE_ERROR_CREDIT,
  WHIS_SERVICE_ERROR_REDIRECT,   WHIS_SERVICE_ERROR_UNSUPPORTED_LANGUAGE,
  WHIS_SERVICE_ERROR_RETIRED,    WHIS_SERVICE_ERROR_UNSUPPORTED_MODEL,
  WHIS_SERVICE_ERROR_ADDRESS,    WHIS_SERVICE_ERROR_NO_MODEL,
};

static gboolean
is_permanent (const GError *error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (permanent_codes); i++)
    {
      if (g_error_matches (error, WHIS_SERVICE_ERROR, (int) permanent_codes[i]))
        return TRUE;
    }

  return FALSE;
}

/**
 * whis_failover_target_new:
 * @provider: a service
 * @pool: where its requests wait
 * @model: (nullable): its model; %NULL or empty for its default
 *
 * Returns: (transfer full): a service whose key is not known yet
 */
WhisFailoverTarget *
whis_failover_target_new (const WhisProvider *provider, WhisPool *pool, const char *model)
{
  WhisFailoverTarget *self;

  g_return_val_if_fail (provider != NULL, NULL);
  g_return_val_if_fail (WHIS_IS_POOL (pool), NULL);

  self = g_new0 (WhisFailoverTarget, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->provider = provider;
  self->pool = g_object_ref (pool);
  whis_failover_target_set_model (self, model);

  return self;
}

WhisFailoverTarget *
whis_failover_target_ref (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * whis_failover_target_unref:
 * @self: (transfer full): a service
 */
void
whis_failover_target_unref (WhisFailoverTarget *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_object_unref (self->pool);
  g_free (self->model);
  whis_secret_free (self->key);
  g_clear_error (&self->error);
  g_free (self);
}

const WhisProvider *
whis_failover_target_get_provider (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->provider;
}

WhisPool *
whis_failover_target_get_pool (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->pool;
}

/**
 * whis_failover_target_get_model:
 * @self: a service
 *
 * Returns: (nullable): its model; %NULL when the server decides
 */
const char *
whis_failover_target_get_model (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return whis_provider_choose_model (self->provider, self->model);
}

/**
 * whis_failover_target_get_host:
 * @self: a service
 *
 * Returns: its host, for people
 */
const char *
whis_failover_target_get_host (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return whis_backend_get_host (whis_pool_get_backend (self->pool));
}

/**
 * whis_failover_target_set_model:
 * @self: a service
 * @model: (nullable): its model; %NULL or empty for its default
 */
void
whis_failover_target_set_model (WhisFailoverTarget *self, const char *model)
{
  char *copy;

  g_return_if_fail (self != NULL);

  copy = model != NULL && *model != '\0' ? g_strdup (model) : NULL;
  g_free (self->model);
  self->model = copy;
}

/**
 * whis_failover_target_warm_up:
 * @self: a service
 *
 * Opens a connection ahead of its use.
 */
void
whis_failover_target_warm_up (WhisFailoverTarget *self)
{
  g_return_if_fail (self != NULL);

  whis_backend_warm_up (whis_pool_get_backend (self->pool), self->model);
}

/**
 * whis_failover_target_set_key:
 * @self: a service
 * @key: (transfer full) (nullable): its key; %NULL if it has none
 */
void
whis_failover_target_set_key (WhisFailoverTarget *self, char *key)
{
  g_return_if_fail (self != NULL);

  whis_secret_free (self->key);
  self->key = key;
  self->knows_key = TRUE;
}

/**
 * whis_failover_target_knows_key:
 * @self: a service
 *
 * Returns: whether its key need not be looked up
 */
gboolean
whis_failover_target_knows_key (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->knows_key || !self->provider->takes_key;
}

/**
 * whis_failover_target_get_key:
 * @self: a service
 *
 * Returns: (nullable) (transfer none): its key
 */
const char *
whis_failover_target_get_key (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->key;
}

/**
 * whis_failover_target_close:
 * @self: a service
 * @error: why nothing is to be sent there
 *
 * The first reason counts.
 */
void
whis_failover_target_close (WhisFailoverTarget *self, const GError *error)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (error != NULL);

  if (self->error == NULL)
    self->error = g_error_copy (error);
}

/**
 * whis_failover_target_note_error:
 * @self: a service
 * @error: why a request failed
 *
 * Closes the service if the next request would fail as well.
 */
void
whis_failover_target_note_error (WhisFailoverTarget *self, const GError *error)
{
  g_return_if_fail (self != NULL);

  if (is_permanent (error))
    whis_failover_target_close (self, error);
}

/**
 * whis_failover_target_get_error:
 * @self: a service
 *
 * Returns: (nullable) (transfer none): why nothing is sent there any more
 */
const GError *
whis_failover_target_get_error (WhisFailoverTarget *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->error;
}

/**
 * whis_failover_target_make_request:
 * @self: a service
 * @request: what to turn into text
 *
 * Returns: (transfer full): @request with the model and the key of the service
 */
WhisSpeechRequest *
whis_failover_target_make_request (WhisFailoverTarget *self, WhisSpeechRequest *request)
{
  WhisSpeechRequest *copy;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (request != NULL, NULL);

  copy = whis_speech_request_copy (request);
  whis_speech_request_set_model (copy, self->model);
  whis_speech_request_set_key (copy, self->key);

  return copy;
}
