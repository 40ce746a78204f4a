/* SPDX-License-Identifier: MIT */
#include "pools.h"

#include "offline-backend.h"
#include "samples.h"

/**
 * WhisPools:
 *
 * One [class@Pool] for each provider and address, shared by all dictations, so that the limit on
 * requests in flight holds for the provider and not for each dictation.
 */

struct _WhisPools
{
  GObject parent_instance;

  GHashTable *pools; /* "provider address" → WhisPool */
  WhisMeter *meter;
  WhisRecogniserProcess *recogniser;
};

G_DEFINE_FINAL_TYPE (WhisPools, whis_pools, G_TYPE_OBJECT)

/* Speech and audio do not know each other. */
static const WhisSoundConverter converter = {
  .decode_async = whis_samples_decode_async,
  .decode_finish = whis_samples_decode_finish,
  .encode_async = whis_samples_encode_async,
  .encode_finish = whis_samples_encode_finish,
};

/**
 * whis_pools_get_recogniser:
 * @self: the pools
 *
 * Returns: (transfer none): the process of the embedded recogniser, which may not run
 */
WhisRecogniserProcess *
whis_pools_get_recogniser (WhisPools *self)
{
  g_return_val_if_fail (WHIS_IS_POOLS (self), NULL);

  if (self->recogniser == NULL)
    self->recogniser = whis_recogniser_process_new ();

  return self->recogniser;
}

static WhisBackend *
create_backend (WhisPools *self, const WhisProvider *provider, const char *address, GError **error)
{
  if (!provider->local)
    return whis_backend_new (provider, address, NULL, error);

  return WHIS_BACKEND (whis_offline_backend_new (provider, whis_pools_get_recogniser (self)));
}

/* Asked before every try. */
typedef struct
{
  WhisMeter *meter;
  const WhisProvider *provider;
} Gate;

static void
gate_free (gpointer data)
{
  Gate *gate = data;

  g_object_unref (gate->meter);
  g_free (gate);
}

static gboolean
pools_admit (WhisSpeechRequest *request, gpointer data, GError **error)
{
  const Gate *gate = data;

  /* Without an error: it is asked again when that is known. */
  if (!whis_meter_knows_usage (gate->meter, gate->provider))
    return FALSE;

  return whis_meter_admit (gate->meter, gate->provider, request->model, request->duration_ms,
                           error);
}

static void
take_back (WhisSpeechRequest *request, gpointer data)
{
  const Gate *gate = data;

  whis_meter_take_back (gate->meter, gate->provider, request->duration_ms);
}

static WhisPool *
create_pool (WhisPools *self, const WhisProvider *provider, WhisBackend *backend, guint limit)
{
  WhisPool *pool = whis_pool_new (backend, limit);
  Gate *gate = g_new (Gate, 1);

  gate->meter = g_object_ref (self->meter);
  gate->provider = provider;
  whis_pool_set_gate (pool, pools_admit, take_back, gate, gate_free);
  g_signal_connect_object (whis_meter_get_usage (self->meter), "loaded",
                           G_CALLBACK (whis_pool_ask_gate_again), pool, G_CONNECT_SWAPPED);

  return pool;
}

/**
 * whis_pools_get:
 * @self: the pools
 * @provider: a provider
 * @address: (nullable): the address that the user chose
 * @limit: how many requests may be in flight to @provider
 * @error: return location for an error of the speech room
 *
 * Returns: (transfer none): the pool of @provider
 */
WhisPool *
whis_pools_get (WhisPools *self,
                const WhisProvider *provider,
                const char *address,
                guint limit,
                GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (WhisBackend) backend = NULL;
  WhisPool *pool;

  g_return_val_if_fail (WHIS_IS_POOLS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  name = g_strdup_printf ("%s %s", provider->id, address != NULL ? address : "");
  pool = g_hash_table_lookup (self->pools, name);
  if (pool != NULL)
    {
      whis_pool_set_limit (pool, limit);
      return pool;
    }

  backend = create_backend (self, provider, address, error);
  if (backend == NULL)
    return NULL;

  whis_backend_set_converter (backend, &converter);
  pool = create_pool (self, provider, backend, limit);
  g_hash_table_insert (self->pools, g_steal_pointer (&name), pool);

  return pool;
}

/**
 * whis_pools_stop_recogniser:
 * @self: the pools
 *
 * Ends the embedded recogniser, if it runs; the next request starts it again.
 */
void
whis_pools_stop_recogniser (WhisPools *self)
{
  g_return_if_fail (WHIS_IS_POOLS (self));

  if (self->recogniser != NULL)
    whis_recogniser_process_stop (self->recogniser);
}

static void
whis_pools_dispose (GObject *object)
{
  WhisPools *self = WHIS_POOLS (object);

  g_clear_pointer (&self->pools, g_hash_table_unref);
  if (self->recogniser != NULL)
    whis_recogniser_process_stop (self->recogniser);
  g_clear_object (&self->recogniser);
  g_clear_object (&self->meter);

  G_OBJECT_CLASS (whis_pools_parent_class)->dispose (object);
}

static void
whis_pools_class_init (WhisPoolsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_pools_dispose;
}

static void
whis_pools_init (WhisPools *self)
{
  self->pools = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

/**
 * whis_pools_new:
 * @meter: who counts what is sent
 *
 * Returns: (transfer full): no pools yet
 */
WhisPools *
whis_pools_new (WhisMeter *meter)
{
  WhisPools *self;

  g_return_val_if_fail (WHIS_IS_METER (meter), NULL);

  self = g_object_new (WHIS_TYPE_POOLS, NULL);
  self->meter = g_object_ref (meter);

  return self;
}
