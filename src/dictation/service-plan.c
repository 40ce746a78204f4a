/* SPDX-License-Identifier: MIT */
#include "service-plan.h"

#include <glib/gi18n-lib.h>

#include "wav.h"
#include "address.h"
#include "frame-format.h"
#include "model-profile.h"
#include "service-error.h"

/**
 * WhisServicePlan:
 *
 * Where sound may go, out of the user's settings: addresses, models, a second service.
 */
struct _WhisServicePlan
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisMeter *meter;
  WhisPools *pools;
};

G_DEFINE_FINAL_TYPE (WhisServicePlan, whis_service_plan, G_TYPE_OBJECT)

/* Who listens on the way hears all that is sent over plain http; the user may trust the own network
 * with that, but is asked first. */
static gboolean
check_plain_http (WhisServicePlan *self,
                  const WhisProvider *provider,
                  const char *address,
                  GError **error)
{
  g_autofree char *host = NULL;

  if (address == NULL || whis_address_get_safety (address) != WHIS_ADDRESS_PRIVATE)
    return TRUE;
  host = whis_address_get_host (address);
  if (whis_settings_get_plain_http (self->settings, host))
    return TRUE;
  g_set_error (error, WHIS_SERVICE_ERROR, WHIS_SERVICE_ERROR_ADDRESS,
               _ ("The way to %s at %s is not encrypted: everybody in that network can listen. Use "
                  "an https:// address, or accept it in the preferences or with “whis settings "
                  "plain-http \"['%s']\"”."),
               whis_provider_get_name (provider), host, host);

  return FALSE;
}

/**
 * whis_service_plan_get_pool:
 * @self: the plan
 * @provider: a provider
 * @error: return location for an error of the speech room
 *
 * Returns: (transfer none): where @provider's requests wait for their turn
 */
WhisPool *
whis_service_plan_get_pool (WhisServicePlan *self, const WhisProvider *provider, GError **error)
{
  g_autofree char *address = NULL;
  guint limit;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  limit = whis_settings_get_limit (self->settings, provider->id, provider->limit);
  address = whis_settings_dup_address (self->settings, provider->id);
  if (!check_plain_http (self, provider, address, error))
    return NULL;

  return whis_pools_get (self->pools, provider, address, limit, error);
}

/**
 * whis_service_plan_get_recogniser:
 * @self: the plan
 *
 * Returns: (transfer none): the process of the embedded recogniser
 */
WhisRecogniserProcess *
whis_service_plan_get_recogniser (WhisServicePlan *self)
{
  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), NULL);

  return whis_pools_get_recogniser (self->pools);
}

/**
 * whis_service_plan_stop_recogniser:
 * @self: the plan
 *
 * Ends the embedded recogniser, if it runs; the next request starts it again.
 */
void
whis_service_plan_stop_recogniser (WhisServicePlan *self)
{
  g_return_if_fail (WHIS_IS_SERVICE_PLAN (self));

  whis_pools_stop_recogniser (self->pools);
}

/* The second service, if the user named one that can be used. */
static const WhisProvider *
get_second (WhisServicePlan *self, const WhisProvider *provider)
{
  const char *id = whis_settings_get_fallback_provider (self->settings);
  const WhisProvider *second = *id != '\0' ? whis_provider_lookup (id) : NULL;

  return second != provider ? second : NULL;
}

static gboolean
add_second (WhisServicePlan *self,
            WhisFailover *failover,
            const WhisProvider *second,
            GError **error)
{
  g_autofree char *model = whis_settings_dup_model (self->settings, second->id);
  WhisPool *pool = whis_service_plan_get_pool (self, second, error);

  if (pool == NULL)
    return FALSE;
  whis_failover_set_second (failover, second, pool, model, self->keyring,
                            whis_settings_get_fallback_after (self->settings));

  return TRUE;
}

/**
 * whis_service_plan_make:
 * @self: the plan
 * @provider: the service that the user chose
 * @model: (nullable): its model; %NULL for its default
 * @error: return location for an error of the speech room
 *
 * Returns: (transfer full): a way for the sound of a dictation
 */
WhisFailover *
whis_service_plan_make (WhisServicePlan *self,
                        const WhisProvider *provider,
                        const char *model,
                        GError **error)
{
  g_autoptr (WhisFailover) failover = NULL;
  const WhisProvider *second;
  WhisPool *pool;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  pool = whis_service_plan_get_pool (self, provider, error);
  if (pool == NULL)
    return NULL;
  failover = whis_failover_new (provider, pool, model);
  second = get_second (self, provider);
  if (second != NULL && !add_second (self, failover, second, error))
    return NULL;

  return g_steal_pointer (&failover);
}

/**
 * whis_service_plan_make_live:
 * @self: the plan
 * @provider: the service that the user chose
 *
 * Returns: (transfer full) (nullable): what transcribes live; %NULL where the service cannot
 */
WhisLiveChunks *
whis_service_plan_make_live (WhisServicePlan *self, const WhisProvider *provider)
{
  g_autofree char *address = NULL;
  g_autofree char *model = NULL;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  if (provider->live == WHIS_LIVE_NONE)
    return NULL;
  address = whis_settings_dup_address (self->settings, provider->id);
  model = whis_settings_dup_live_model (self->settings, provider->id);

  return whis_live_chunks_new (provider, address, model, self->meter);
}

static guint
limit_by_models (guint longest_ms, const WhisProvider *provider, const char *model)
{
  /* What may be sent as samples must fit as such. */
  longest_ms = (guint) MIN (longest_ms, provider->max_bytes / WHIS_WAV_BYTES_PER_MS);
  if (provider->max_ms > 0)
    longest_ms = MIN (longest_ms, provider->max_ms);

  return whis_model_profile_shorten (whis_model_profile_find (provider, model), longest_ms);
}

/**
 * whis_service_plan_get_longest_chunk_ms:
 * @self: the plan
 * @provider: the service that the user chose
 * @model: (nullable): its model; %NULL for its default
 *
 * Returns: the longest chunk that the user wants and the models on the way take, in milliseconds
 */
guint
whis_service_plan_get_longest_chunk_ms (WhisServicePlan *self,
                                        const WhisProvider *provider,
                                        const char *model)
{
  const WhisProvider *second;
  g_autofree char *second_model = NULL;
  guint longest_ms;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  longest_ms =
      limit_by_models (whis_settings_get_longest_chunk (self->settings) * 1000, provider, model);
  second = get_second (self, provider);
  if (second == NULL)
    return longest_ms;
  second_model = whis_settings_dup_model (self->settings, second->id);

  return limit_by_models (longest_ms, second, second_model);
}

/**
 * whis_service_plan_make_local:
 * @self: the plan
 * @model: (nullable): a model of the embedded recogniser; %NULL for its default
 * @longest_chunk_ms: (out): the longest chunk that the user wants and the model takes, in
 *   milliseconds
 * @error: return location for an error of the speech room
 *
 * Returns: (transfer full): a way to the embedded recogniser and to nobody else, whatever service
 *   the user chose
 */
WhisFailover *
whis_service_plan_make_local (WhisServicePlan *self,
                              const char *model,
                              guint *longest_chunk_ms,
                              GError **error)
{
  const WhisProvider *provider = whis_provider_lookup ("offline");
  WhisPool *pool;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), NULL);
  g_return_val_if_fail (longest_chunk_ms != NULL, NULL);

  pool = whis_service_plan_get_pool (self, provider, error);
  if (pool == NULL)
    return NULL;
  *longest_chunk_ms =
      limit_by_models (whis_settings_get_longest_chunk (self->settings) * 1000, provider, model);

  return whis_failover_new (provider, pool, model);
}

/**
 * whis_service_plan_get_bitrate:
 * @self: the plan
 * @provider: the service that the user chose
 *
 * Returns: the rate in kbit/s that sound for @provider is recorded with
 */
guint
whis_service_plan_get_bitrate (WhisServicePlan *self, const WhisProvider *provider)
{
  g_autofree char *address = NULL;

  g_return_val_if_fail (WHIS_IS_SERVICE_PLAN (self), WHIS_BITRATE_USUAL);
  g_return_val_if_fail (provider != NULL, WHIS_BITRATE_USUAL);

  address = whis_settings_dup_address (self->settings, provider->id);

  if (whis_provider_is_here (provider, address))
    return WHIS_BITRATE_LOSSLESS;

  return whis_settings_get_save_data (self->settings) ? WHIS_BITRATE_LOW : WHIS_BITRATE_USUAL;
}

static void
whis_service_plan_dispose (GObject *object)
{
  WhisServicePlan *self = WHIS_SERVICE_PLAN (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->meter);
  g_clear_object (&self->pools);

  G_OBJECT_CLASS (whis_service_plan_parent_class)->dispose (object);
}

static void
whis_service_plan_class_init (WhisServicePlanClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_service_plan_dispose;
}

static void
whis_service_plan_init (WhisServicePlan *self)
{
}

/**
 * whis_service_plan_new:
 * @settings: the user's settings
 * @keyring: where keys are
 * @meter: who counts what is sent
 *
 * Returns: (transfer full): the plan
 */
WhisServicePlan *
whis_service_plan_new (WhisSettings *settings, WhisKeyring *keyring, WhisMeter *meter)
{
  WhisServicePlan *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);
  g_return_val_if_fail (WHIS_IS_METER (meter), NULL);

  self = g_object_new (WHIS_TYPE_SERVICE_PLAN, NULL);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->meter = g_object_ref (meter);
  self->pools = whis_pools_new (meter);

  return self;
}
