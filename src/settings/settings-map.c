/* SPDX-License-Identifier: MIT */
/* The settings that have an entry for each service: its id, and a value. */
#include <math.h>

#include "settings-private.h"

/**
 * whis_settings_map_set:
 * @map: a dictionary with strings as keys
 * @name: the key of an entry
 * @value: (nullable): its value, of which a floating reference is taken; %NULL removes the entry
 *
 * Returns: (transfer floating): the dictionary with that entry in place of the one that it had
 */
GVariant *
whis_settings_map_set (GVariant *map, const char *name, GVariant *value)
{
  g_autoptr (GVariant) kept = value != NULL ? g_variant_ref_sink (value) : NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, g_variant_get_type (map));
  for (gsize i = 0; i < g_variant_n_children (map); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (map, i);
      g_autoptr (GVariant) key = g_variant_get_child_value (entry, 0);

      if (!g_str_equal (g_variant_get_string (key, NULL), name))
        g_variant_builder_add_value (&builder, entry);
    }
  if (kept != NULL)
    g_variant_builder_add_value (&builder,
                                 g_variant_new_dict_entry (g_variant_new_string (name), kept));

  return g_variant_builder_end (&builder);
}

static GVariant *
settings_map_lookup (WhisSettings *self, const char *key, const char *provider)
{
  g_autoptr (GVariant) map = g_settings_get_value (whis_settings_get_gsettings (self), key);

  return g_variant_lookup_value (map, provider, NULL);
}

static void
set_entry (WhisSettings *self, const char *key, const char *provider, GVariant *value)
{
  GSettings *gsettings = whis_settings_get_gsettings (self);
  g_autoptr (GVariant) map = g_settings_get_value (gsettings, key);
  g_autoptr (GVariant) changed = g_variant_ref_sink (whis_settings_map_set (map, provider, value));

  if (!g_variant_equal (map, changed))
    g_settings_set_value (gsettings, key, changed);
}

/* An empty entry is none. */
static char *
dup_entry (WhisSettings *self, const char *key, const char *provider)
{
  g_autoptr (GVariant) entry = settings_map_lookup (self, key, provider);

  if (entry == NULL || *g_variant_get_string (entry, NULL) == '\0')
    return NULL;

  return g_variant_dup_string (entry, NULL);
}

static void
set_text (WhisSettings *self, const char *key, const char *provider, const char *text)
{
  set_entry (self, key, provider,
             text != NULL && *text != '\0' ? g_variant_new_string (text) : NULL);
}

/* Money that makes no sense, which only another program can have written, is none. */
static gboolean
get_amount (WhisSettings *self, const char *key, const char *provider, double *amount)
{
  g_autoptr (GVariant) entry = settings_map_lookup (self, key, provider);

  if (entry == NULL || !isfinite (g_variant_get_double (entry)) || g_variant_get_double (entry) < 0)
    return FALSE;
  *amount = g_variant_get_double (entry);

  return TRUE;
}

/**
 * whis_settings_dup_address:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full) (nullable): the address that the user gave for @provider, %NULL if there
 *   is none
 */
char *
whis_settings_dup_address (WhisSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  return dup_entry (self, "addresses", provider);
}

/**
 * whis_settings_set_address:
 * @self: the settings
 * @provider: id of a provider
 * @address: (nullable): its address, %NULL or empty for none
 */
void
whis_settings_set_address (WhisSettings *self, const char *provider, const char *address)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_text (self, "addresses", provider, address);
}

/**
 * whis_settings_dup_model:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full) (nullable): the model chosen for @provider, %NULL for its default; for
 * the embedded recogniser that of whis_settings_set_local_model()
 */
char *
whis_settings_dup_model (WhisSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  if (whis_settings_get_local_model (self) != NULL && g_str_equal (provider, "offline"))
    return g_strdup (whis_settings_get_local_model (self));

  return dup_entry (self, "models", provider);
}

/**
 * whis_settings_dup_wanted_model:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full) (nullable): the model chosen for @provider, as the setting says it
 */
char *
whis_settings_dup_wanted_model (WhisSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  return dup_entry (self, "models", provider);
}

/**
 * whis_settings_set_model:
 * @self: the settings
 * @provider: id of a provider
 * @model: (nullable): name of a model, %NULL or empty for the provider's default
 */
void
whis_settings_set_model (WhisSettings *self, const char *provider, const char *model)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_text (self, "models", provider, model);
}

/**
 * whis_settings_dup_live_model:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full) (nullable): the model chosen for live transcription by @provider, %NULL
 *   for its default
 */
char *
whis_settings_dup_live_model (WhisSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  return dup_entry (self, "live-models", provider);
}

/**
 * whis_settings_get_own_limit:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: how many requests to @provider may be in flight as the user said it, 0 if that is
 * nothing
 */
guint
whis_settings_get_own_limit (WhisSettings *self, const char *provider)
{
  g_autoptr (GVariant) entry = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  entry = settings_map_lookup (self, "limits", provider);

  return entry != NULL ? g_variant_get_uint32 (entry) : 0;
}

/**
 * whis_settings_get_limit:
 * @self: the settings
 * @provider: id of a provider
 * @fallback: the provider's own default
 *
 * Returns: how many requests may be in flight to @provider, at least 1
 */
guint
whis_settings_get_limit (WhisSettings *self, const char *provider, guint fallback)
{
  guint limit;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), fallback);
  g_return_val_if_fail (provider != NULL, fallback);

  limit = whis_settings_get_own_limit (self, provider);

  return CLAMP (limit > 0 ? limit : fallback, 1, 64);
}

/**
 * whis_settings_set_limit:
 * @self: the settings
 * @provider: id of a provider
 * @limit: how many requests may be in flight, 0 for the provider's default
 */
void
whis_settings_set_limit (WhisSettings *self, const char *provider, guint limit)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_entry (self, "limits", provider, limit > 0 ? g_variant_new_uint32 (limit) : NULL);
}

/**
 * whis_settings_get_price:
 * @self: the settings
 * @provider: id of a provider
 * @price: (out): US dollars per minute of sound; untouched if there is none
 *
 * Returns: whether the user entered what @provider costs
 */
gboolean
whis_settings_get_price (WhisSettings *self, const char *provider, double *price)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (provider != NULL && price != NULL, FALSE);

  return get_amount (self, "prices", provider, price);
}

/**
 * whis_settings_set_price:
 * @self: the settings
 * @provider: id of a provider
 * @price: US dollars for a minute of sound; 0 for the price that Whis knows
 */
void
whis_settings_set_price (WhisSettings *self, const char *provider, double price)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_entry (self, "prices", provider, price > 0 ? g_variant_new_double (price) : NULL);
}

/**
 * whis_settings_get_monthly_cap:
 * @self: the settings
 * @provider: id of a provider
 * @cap: (out): US dollars per month; untouched if there is none
 *
 * Returns: whether the user bounded what @provider may cost
 */
gboolean
whis_settings_get_monthly_cap (WhisSettings *self, const char *provider, double *cap)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (provider != NULL && cap != NULL, FALSE);

  return get_amount (self, "monthly-caps", provider, cap);
}

/**
 * whis_settings_set_monthly_cap:
 * @self: the settings
 * @provider: id of a provider
 * @cap: US dollars per month; 0 for no bound
 */
void
whis_settings_set_monthly_cap (WhisSettings *self, const char *provider, double cap)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_entry (self, "monthly-caps", provider, cap > 0 ? g_variant_new_double (cap) : NULL);
}
