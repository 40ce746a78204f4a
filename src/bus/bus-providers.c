/* SPDX-License-Identifier: MIT */
#include "bus-providers.h"

#include <glib/gi18n-lib.h>

#include "bus-object-private.h"
#include "call-error.h"
#include "call-provider.h"
#include "models.h"
#include "pending-call.h"

/* The methods of the D-Bus interface that are about the services: which there are, which models
 * they have, and what was sent to them. */

/* The answer to ListProviders, in which the sources of the keys arrive one after the other. */
typedef struct
{
  WhisPendingCall *call;
  GVariantBuilder providers;
  GPtrArray *local_models; /* of WhisModelEntry */
  gsize next;
} Listing;

static void list_next (Listing *listing);

static const char *
get_source_word (WhisKeySource source)
{
  switch (source)
    {
    case WHIS_KEY_SOURCE_KEYRING:
      return "keyring";
    case WHIS_KEY_SOURCE_SESSION:
      return "session";
    case WHIS_KEY_SOURCE_ENVIRONMENT:
      return "environment";
    case WHIS_KEY_SOURCE_NONE:
    default:
      return "";
    }
}

static GVariant *
get_models (const WhisModel *known, gsize n_models)
{
  GVariantBuilder models;

  g_variant_builder_init (&models, G_VARIANT_TYPE ("as"));
  for (gsize i = 0; i < n_models; i++)
    g_variant_builder_add (&models, "s", known[i].id);

  return g_variant_builder_end (&models);
}

/* Those that the embedded recogniser can be given. */
static GVariant *
get_local_models (GPtrArray *entries)
{
  GVariantBuilder models;

  g_variant_builder_init (&models, G_VARIANT_TYPE ("as"));
  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *entry = g_ptr_array_index (entries, i);

      if (whis_model_state_is_usable (entry->state))
        g_variant_builder_add (&models, "s", entry->id);
    }

  return g_variant_builder_end (&models);
}

static const char *
get_host (WhisBusObject *self, const WhisProvider *provider)
{
  WhisPool *pool = whis_dictations_get_pool (self->dictations, provider, NULL);

  return pool != NULL ? whis_backend_get_host (whis_pool_get_backend (pool)) : "";
}

static void
add_provider (Listing *listing, const WhisProvider *provider, WhisKeySource source)
{
  GVariantBuilder row;
  const char *note = whis_provider_get_note (provider);

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (provider->id));
  g_variant_builder_add (&row, "{sv}", "name",
                         g_variant_new_string (whis_provider_get_name (provider)));
  g_variant_builder_add (&row, "{sv}", "needs-key", g_variant_new_boolean (provider->needs_key));
  g_variant_builder_add (&row, "{sv}", "takes-key", g_variant_new_boolean (provider->takes_key));
  g_variant_builder_add (&row, "{sv}", "has-key",
                         g_variant_new_boolean (source != WHIS_KEY_SOURCE_NONE));
  g_variant_builder_add (&row, "{sv}", "key-source",
                         g_variant_new_string (get_source_word (source)));
  g_variant_builder_add (
      &row, "{sv}", "key-page",
      g_variant_new_string (provider->key_page != NULL ? provider->key_page : ""));
  g_variant_builder_add (&row, "{sv}", "own-address",
                         g_variant_new_boolean (provider->own_address));
  g_variant_builder_add (
      &row, "{sv}", "address-hint",
      g_variant_new_string (provider->address_hint != NULL ? provider->address_hint : ""));
  g_variant_builder_add (&row, "{sv}", "needs-model",
                         g_variant_new_boolean (provider->needs_model));
  g_variant_builder_add (&row, "{sv}", "live-models",
                         get_models (provider->live_models, provider->n_live_models));
  g_variant_builder_add (&row, "{sv}", "limit", g_variant_new_uint32 (provider->limit));
  g_variant_builder_add (&row, "{sv}", "models",
                         provider->local ? get_local_models (listing->local_models)
                                         : get_models (provider->models, provider->n_models));
  g_variant_builder_add (&row, "{sv}", "host",
                         g_variant_new_string (get_host (listing->call->object, provider)));
  g_variant_builder_add (&row, "{sv}", "note", g_variant_new_string (note != NULL ? note : ""));
  g_variant_builder_add_value (&listing->providers, g_variant_builder_end (&row));
}

static void
found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Listing *listing = user_data;
  gsize n;
  WhisKeySource source = whis_keyring_find_finish (WHIS_KEYRING (object), result, NULL);

  add_provider (listing, &whis_providers_list (&n)[listing->next], source);
  listing->next++;
  list_next (listing);
}

static void
listing_finish (Listing *listing)
{
  whis_bus_whis1_complete_list_providers (WHIS_BUS_WHIS1 (listing->call->object),
                                          listing->call->invocation,
                                          g_variant_builder_end (&listing->providers));
  whis_pending_call_free (listing->call);
  g_ptr_array_unref (listing->local_models);
  g_free (listing);
}

static void
list_next (Listing *listing)
{
  gsize n;
  const WhisProvider *providers = whis_providers_list (&n);

  for (; listing->next < n && !providers[listing->next].takes_key; listing->next++)
    add_provider (listing, &providers[listing->next], WHIS_KEY_SOURCE_NONE);

  if (listing->next < n)
    whis_keyring_find_async (listing->call->object->keyring, providers[listing->next].id,
                             providers[listing->next].key_variable, NULL, found_cb, listing);
  else
    listing_finish (listing);
}

static void
local_models_found_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Listing *listing = user_data;

  listing->local_models = whis_model_store_list_finish (WHIS_MODEL_STORE (object), result, NULL);
  list_next (listing);
}

static gboolean
bus_providers_handle_list_providers (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  Listing *listing = g_new0 (Listing, 1);

  listing->call = whis_pending_call_new (interface, invocation);
  g_variant_builder_init (&listing->providers, G_VARIANT_TYPE ("aa{sv}"));
  whis_model_store_list_async (self->models, NULL, local_models_found_cb, listing);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

static GVariant *
describe_model (gpointer data)
{
  const WhisModelInfo *info = data;
  GVariantBuilder row;

  g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&row, "{sv}", "id", g_variant_new_string (info->id));
  g_variant_builder_add (&row, "{sv}", "retires",
                         g_variant_new_string (info->retires != NULL ? info->retires : ""));
  g_variant_builder_add (&row, "{sv}", "live", g_variant_new_boolean (info->live));

  return g_variant_builder_end (&row);
}

static void
models_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models =
      whis_backend_list_models_finish (WHIS_BACKEND (object), result, &error);
  GVariantBuilder rows;

  if (models == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < models->len; i++)
    g_variant_builder_add_value (&rows, describe_model (g_ptr_array_index (models, i)));
  whis_bus_whis1_complete_list_models (WHIS_BUS_WHIS1 (call->object), call->invocation,
                                       g_variant_builder_end (&rows));
}

static void
local_models_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GPtrArray) entries =
      whis_model_store_list_finish (WHIS_MODEL_STORE (object), result, NULL);
  GVariantBuilder rows;

  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < entries->len; i++)
    {
      WhisModelEntry *entry = g_ptr_array_index (entries, i);
      WhisModelInfo info = { .id = entry->id };

      if (whis_model_state_is_usable (entry->state))
        g_variant_builder_add_value (&rows, describe_model (&info));
    }
  whis_bus_whis1_complete_list_models (WHIS_BUS_WHIS1 (call->object), call->invocation,
                                       g_variant_builder_end (&rows));
}

static void
list_models (WhisPendingCall *owned_call, WhisKeyedBackend *found)
{
  whis_backend_list_models_async (found->backend, found->key, NULL, models_listed_cb, owned_call);
}

static gboolean
bus_providers_handle_list_models (WhisBusWhis1 *interface,
                                  GDBusMethodInvocation *invocation,
                                  const char *id)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);
  const WhisProvider *provider = whis_call_require_provider (invocation, id);
  WhisPendingCall *call;

  if (provider == NULL)
    return G_DBUS_METHOD_INVOCATION_HANDLED;

  call = whis_pending_call_new (interface, invocation);
  call->provider = provider;
  if (provider->local)
    whis_model_store_list_async (self->models, NULL, local_models_listed_cb, call);
  else
    whis_pending_call_find_backend (call, list_models);

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/* What a row of the usage has cost, as far as it is known. */
static void
add_cost (GVariantBuilder *row, WhisBusObject *self, const WhisUsageRow *usage)
{
  const WhisProvider *provider = whis_provider_lookup (usage->provider);
  g_autofree char *model = NULL;
  double price, cap;

  if (provider == NULL)
    return;
  model = whis_settings_dup_model (self->settings, provider->id);
  if (whis_meter_get_price (self->meter, provider, model, &price))
    {
      double cost = whis_meter_estimate_cost (provider, price, usage->requests, usage->ms);

      g_variant_builder_add (row, "{sv}", "price", g_variant_new_double (price));
      g_variant_builder_add (row, "{sv}", "cost", g_variant_new_double (cost));
    }
  if (whis_settings_get_monthly_cap (self->settings, provider->id, &cap))
    g_variant_builder_add (row, "{sv}", "cap", g_variant_new_double (cap));
}

static void
usage_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisPendingCall) call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = whis_usage_list_finish (WHIS_USAGE (object), result, &error);
  GVariantBuilder answer;

  if (rows == NULL)
    {
      whis_call_return_error (call->invocation, error);
      return;
    }
  g_variant_builder_init (&answer, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < rows->len; i++)
    {
      const WhisUsageRow *usage = g_ptr_array_index (rows, i);
      GVariantBuilder row;

      g_variant_builder_init (&row, G_VARIANT_TYPE_VARDICT);
      g_variant_builder_add (&row, "{sv}", "month", g_variant_new_string (usage->month));
      g_variant_builder_add (&row, "{sv}", "provider", g_variant_new_string (usage->provider));
      g_variant_builder_add (&row, "{sv}", "requests", g_variant_new_uint64 (usage->requests));
      g_variant_builder_add (&row, "{sv}", "sent", g_variant_new_uint64 (usage->ms));
      add_cost (&row, call->object, usage);
      g_variant_builder_add_value (&answer, g_variant_builder_end (&row));
    }
  whis_bus_whis1_complete_list_usage (WHIS_BUS_WHIS1 (call->object), call->invocation,
                                      g_variant_builder_end (&answer));
}

static gboolean
bus_providers_handle_list_usage (WhisBusWhis1 *interface, GDBusMethodInvocation *invocation)
{
  WhisBusObject *self = WHIS_BUS_OBJECT (interface);

  whis_usage_list_async (whis_meter_get_usage (self->meter), NULL, NULL, usage_listed_cb,
                         whis_pending_call_new (interface, invocation));

  return G_DBUS_METHOD_INVOCATION_HANDLED;
}

/**
 * whis_bus_providers_implement:
 * @iface: the methods of #WhisBusObject
 *
 * Fills in the methods of this area.
 */
void
whis_bus_providers_implement (WhisBusWhis1Iface *iface)
{
  iface->handle_list_models = bus_providers_handle_list_models;
  iface->handle_list_providers = bus_providers_handle_list_providers;
  iface->handle_list_usage = bus_providers_handle_list_usage;
}
