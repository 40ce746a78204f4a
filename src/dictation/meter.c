/* SPDX-License-Identifier: MIT */
#include "meter.h"

#include <glib/gi18n-lib.h>

#include "failure.h"

/**
 * WhisMeter:
 *
 * Counts what is sent to each service, and stops before the user's monthly cap is passed.
 */
struct _WhisMeter
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisUsage *usage;
};

G_DEFINE_FINAL_TYPE (WhisMeter, whis_meter, G_TYPE_OBJECT)

static guint
get_row_price (const WhisModel *row)
{
  return row != NULL ? row->micro_usd_per_minute : 0;
}

/* A month's sound has one price. Where a model costs something else live, and the user wants live
 * text, that is the dearer of the two: a cap is reached too early rather than too late. */
static guint
get_list_price (WhisMeter *self, const WhisProvider *provider, const char *model)
{
  guint price = get_row_price (whis_provider_find_model (provider, model));

  if (!whis_settings_get_live (self->settings))
    return price;

  return MAX (price, get_row_price (whis_provider_find_live_model (provider, model)));
}

/**
 * whis_meter_get_price:
 * @self: a meter
 * @provider: a service
 * @model: (nullable): its model, %NULL for its default
 * @usd_per_minute: (out): US dollars for a minute of sound
 *
 * Returns: whether a price is known: the user's own, or the service's list price
 */
gboolean
whis_meter_get_price (WhisMeter *self,
                      const WhisProvider *provider,
                      const char *model,
                      double *usd_per_minute)
{
  guint micro_usd;

  g_return_val_if_fail (WHIS_IS_METER (self), FALSE);
  g_return_val_if_fail (provider != NULL && usd_per_minute != NULL, FALSE);

  if (whis_settings_get_price (self->settings, provider->id, usd_per_minute))
    return TRUE;
  micro_usd = get_list_price (self, provider, whis_provider_choose_model (provider, model));
  if (micro_usd == 0)
    return FALSE;
  *usd_per_minute = micro_usd / 1e6;

  return TRUE;
}

/**
 * whis_meter_estimate_cost:
 * @provider: a service
 * @usd_per_minute: its price, in US dollars for a minute of sound
 * @requests: how many requests it was sent
 * @ms: how much sound, in milliseconds
 *
 * Returns: what that costs, in US dollars; some services charge a least time for each request
 */
double
whis_meter_estimate_cost (const WhisProvider *provider,
                          double usd_per_minute,
                          guint64 requests,
                          guint64 ms)
{
  g_return_val_if_fail (provider != NULL, 0);

  return (double) MAX (ms, requests * provider->least_billed_ms) / 60000 * usd_per_minute;
}

/* What the month has cost with one request more. */
static double
get_cost_with (WhisMeter *self, const WhisProvider *provider, double usd_per_minute, guint64 ms)
{
  return whis_meter_estimate_cost (provider, usd_per_minute,
                                   whis_usage_get_requests (self->usage, provider->id) + 1,
                                   whis_usage_get_ms (self->usage, provider->id) + ms);
}

static gboolean
meter_refuse (GError **error, const char *form, const WhisProvider *provider)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_CAP, form,
               whis_provider_get_name (provider));
#pragma GCC diagnostic pop

  return FALSE;
}

/**
 * whis_meter_knows_usage:
 * @self: a meter
 * @provider: a service
 *
 * Returns: whether it is known what the service was sent this month, as far as there is a cap: at
 *   first it is not, and #WhisUsage::loaded says when
 */
gboolean
whis_meter_knows_usage (WhisMeter *self, const WhisProvider *provider)
{
  double cap;

  g_return_val_if_fail (WHIS_IS_METER (self), FALSE);
  g_return_val_if_fail (provider != NULL, FALSE);

  return !whis_settings_get_monthly_cap (self->settings, provider->id, &cap)
         || whis_usage_is_loaded (self->usage);
}

/**
 * whis_meter_take_back:
 * @self: a meter
 * @provider: who was about to be sent sound
 * @ms: how much sound was admitted, in milliseconds
 *
 * Says that nothing of what was admitted went out.
 */
void
whis_meter_take_back (WhisMeter *self, const WhisProvider *provider, guint64 ms)
{
  g_return_if_fail (WHIS_IS_METER (self));
  g_return_if_fail (provider != NULL);

  whis_usage_subtract (self->usage, provider->id, ms);
}

/**
 * whis_meter_admit:
 * @self: a meter
 * @provider: who is about to be sent sound
 * @model: (nullable): its model, %NULL for its default
 * @ms: how much sound, in milliseconds
 * @error: return location for %WHIS_DICTATION_ERROR_CAP
 *
 * Counts a request, unless it would pass the cap of the month.
 *
 * Returns: whether the request may be sent
 */
gboolean
whis_meter_admit (WhisMeter *self,
                  const WhisProvider *provider,
                  const char *model,
                  guint64 ms,
                  GError **error)
{
  double cap, price;

  g_return_val_if_fail (WHIS_IS_METER (self), FALSE);
  g_return_val_if_fail (provider != NULL, FALSE);

  if (whis_settings_get_monthly_cap (self->settings, provider->id, &cap))
    {
      if (!whis_meter_get_price (self, provider, model, &price))
        return meter_refuse (
            error,
            _ ("You set a monthly cap for %s, but Whis does not know its price. Set "
               "the price in the preferences, or remove the cap."),
            provider);
      if (get_cost_with (self, provider, price, ms) > cap)
        return meter_refuse (
            error,
            _ ("Your monthly cap for %s is reached, so nothing more is sent there. Raise "
               "it in the preferences, or choose another service."),
            provider);
    }
  whis_usage_add (self->usage, provider->id, ms);

  return TRUE;
}

/**
 * whis_meter_get_usage:
 * @self: a meter
 *
 * Returns: (transfer none): where it counts
 */
WhisUsage *
whis_meter_get_usage (WhisMeter *self)
{
  g_return_val_if_fail (WHIS_IS_METER (self), NULL);

  return self->usage;
}

static void
whis_meter_dispose (GObject *object)
{
  WhisMeter *self = WHIS_METER (object);

  g_clear_object (&self->settings);
  g_clear_object (&self->usage);

  G_OBJECT_CLASS (whis_meter_parent_class)->dispose (object);
}

static void
whis_meter_class_init (WhisMeterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_meter_dispose;
}

static void
whis_meter_init (WhisMeter *self)
{
}

/**
 * whis_meter_new:
 * @settings: prices and caps
 * @usage: where it is counted
 *
 * Returns: (transfer full): a meter
 */
WhisMeter *
whis_meter_new (WhisSettings *settings, WhisUsage *usage)
{
  WhisMeter *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_USAGE (usage), NULL);

  self = g_object_new (WHIS_TYPE_METER, NULL);
  self->settings = g_object_ref (settings);
  self->usage = g_object_ref (usage);

  return self;
}
