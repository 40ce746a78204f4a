/* SPDX-License-Identifier: MIT */
#include "window-settings.h"

/**
 * WhisWindowSettings:
 *
 * The settings as typed properties, bound to GSettings both ways. Nothing else in the window
 * touches #GSettings.
 *
 * Dictionaries such as `models` (`a{ss}`) hold an entry per provider; their accessors read and
 * write one entry.
 */
struct _WhisWindowSettings
{
  GObject parent;

  GSettings *settings;
  GValue *values; /* of the properties, by their ids */
};

G_DEFINE_FINAL_TYPE (WhisWindowSettings, whis_window_settings, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROVIDER,
  PROP_LANGUAGE,
  PROP_MICROPHONE,
  PROP_MICROPHONE_NAME,
  PROP_PROMPT,
  PROP_VOCABULARY,
  PROP_ADDRESSES,
  PROP_PLAIN_HTTP,
  PROP_MODELS,
  PROP_LIMITS,
  PROP_LIVE,
  PROP_FALLBACK_PROVIDER,
  PROP_FALLBACK_AFTER,
  PROP_PRICES,
  PROP_MONTHLY_CAPS,
  PROP_LONGEST_CHUNK,
  PROP_AUTOMATIC_GAIN,
  PROP_NOISE_SUPPRESSION,
  PROP_KEEP_SOUND,
  PROP_KEEP_TEXT,
  PROP_PRIVATE,
  PROP_NOTIFY_FINISHED,
  PROP_NOTIFY_SHOWS_TEXT,
  PROP_AUTOSTART,
  PROP_MODEL_OFFER,
  PROP_FETCHED_MODEL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_equal (GParamSpec *pspec, const GValue *a, const GValue *b)
{
  GVariant *one, *other;

  if (G_PARAM_SPEC_VALUE_TYPE (pspec) != G_TYPE_VARIANT)
    return g_param_values_cmp (pspec, a, b) == 0;

  one = g_value_get_variant (a);
  other = g_value_get_variant (b);
  return one == other || (one != NULL && other != NULL && g_variant_equal (one, other));
}

static void
set_value (WhisWindowSettings *self, guint id, const GValue *value)
{
  if (is_equal (properties[id], &self->values[id], value))
    return;

  g_value_copy (value, &self->values[id]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static const char *
get_string (WhisWindowSettings *self, guint id)
{
  return g_value_get_string (&self->values[id]);
}

static void
set_string (WhisWindowSettings *self, guint id, const char *text)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_STRING);
  g_value_set_string (&value, text);
  set_value (self, id, &value);
}

static GVariant *
get_dictionary (WhisWindowSettings *self, guint id)
{
  return g_value_get_variant (&self->values[id]);
}

static void
set_dictionary (WhisWindowSettings *self, guint id, GVariant *dictionary)
{
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_VARIANT);
  g_value_set_variant (&value, dictionary);
  set_value (self, id, &value);
}

static void
whis_window_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_copy (&WHIS_WINDOW_SETTINGS (object)->values[id], value);
}

static void
whis_window_settings_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  set_value (WHIS_WINDOW_SETTINGS (object), id, value);
}

static gboolean
variant_to_value (GValue *value, GVariant *variant, gpointer user_data)
{
  g_value_set_variant (value, variant);
  return TRUE;
}

static GVariant *
value_to_variant (const GValue *value, const GVariantType *type, gpointer user_data)
{
  return g_value_dup_variant (value);
}

static void
bind (WhisWindowSettings *self, GParamSpec *pspec)
{
  const char *name = g_param_spec_get_name (pspec);

  /* GSettings binds dictionaries only through a mapping. */
  if (G_PARAM_SPEC_VALUE_TYPE (pspec) == G_TYPE_VARIANT)
    g_settings_bind_with_mapping (self->settings, name, self, name, G_SETTINGS_BIND_DEFAULT,
                                  variant_to_value, value_to_variant, NULL, NULL);
  else
    g_settings_bind (self->settings, name, self, name, G_SETTINGS_BIND_DEFAULT);
}

static void
whis_window_settings_constructed (GObject *object)
{
  WhisWindowSettings *self = WHIS_WINDOW_SETTINGS (object);

  G_OBJECT_CLASS (whis_window_settings_parent_class)->constructed (object);

  /* The properties have the names of the keys. */
  for (guint id = 1; id < N_PROPS; id++)
    bind (self, properties[id]);
}

static void
whis_window_settings_dispose (GObject *object)
{
  WhisWindowSettings *self = WHIS_WINDOW_SETTINGS (object);

  g_clear_object (&self->settings);

  G_OBJECT_CLASS (whis_window_settings_parent_class)->dispose (object);
}

static void
whis_window_settings_finalize (GObject *object)
{
  WhisWindowSettings *self = WHIS_WINDOW_SETTINGS (object);

  for (guint id = 1; id < N_PROPS; id++)
    g_value_unset (&self->values[id]);
  g_free (self->values);

  G_OBJECT_CLASS (whis_window_settings_parent_class)->finalize (object);
}

static void
whis_window_settings_class_init (WhisWindowSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = whis_window_settings_constructed;
  object_class->dispose = whis_window_settings_dispose;
  object_class->finalize = whis_window_settings_finalize;
  object_class->get_property = whis_window_settings_get_property;
  object_class->set_property = whis_window_settings_set_property;

  properties[PROP_PROVIDER] = g_param_spec_string ("provider", NULL, NULL, "", flags);
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, "", flags);
  properties[PROP_MICROPHONE] = g_param_spec_string ("microphone", NULL, NULL, "", flags);
  properties[PROP_MICROPHONE_NAME] = g_param_spec_string ("microphone-name", NULL, NULL, "", flags);
  properties[PROP_PROMPT] = g_param_spec_string ("prompt", NULL, NULL, "", flags);
  properties[PROP_VOCABULARY] =
      g_param_spec_variant ("vocabulary", NULL, NULL, G_VARIANT_TYPE ("as"), NULL, flags);
  properties[PROP_ADDRESSES] =
      g_param_spec_variant ("addresses", NULL, NULL, G_VARIANT_TYPE ("a{ss}"), NULL, flags);
  properties[PROP_PLAIN_HTTP] =
      g_param_spec_variant ("plain-http", NULL, NULL, G_VARIANT_TYPE ("as"), NULL, flags);
  properties[PROP_MODELS] =
      g_param_spec_variant ("models", NULL, NULL, G_VARIANT_TYPE ("a{ss}"), NULL, flags);
  properties[PROP_LIMITS] =
      g_param_spec_variant ("limits", NULL, NULL, G_VARIANT_TYPE ("a{su}"), NULL, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  properties[PROP_FALLBACK_PROVIDER] =
      g_param_spec_string ("fallback-provider", NULL, NULL, "", flags);
  properties[PROP_FALLBACK_AFTER] =
      g_param_spec_double ("fallback-after", NULL, NULL, 0, 100, 3, flags);
  properties[PROP_PRICES] =
      g_param_spec_variant ("prices", NULL, NULL, G_VARIANT_TYPE ("a{sd}"), NULL, flags);
  properties[PROP_MONTHLY_CAPS] =
      g_param_spec_variant ("monthly-caps", NULL, NULL, G_VARIANT_TYPE ("a{sd}"), NULL, flags);
  properties[PROP_LONGEST_CHUNK] =
      g_param_spec_uint ("longest-chunk", NULL, NULL, 10, 300, 30, flags);
  properties[PROP_AUTOMATIC_GAIN] =
      g_param_spec_boolean ("automatic-gain", NULL, NULL, FALSE, flags);
  properties[PROP_NOISE_SUPPRESSION] =
      g_param_spec_boolean ("noise-suppression", NULL, NULL, FALSE, flags);
  properties[PROP_KEEP_SOUND] = g_param_spec_int ("keep-sound", NULL, NULL, -1, 3650, 7, flags);
  properties[PROP_KEEP_TEXT] = g_param_spec_int ("keep-text", NULL, NULL, -1, 3650, -1, flags);
  properties[PROP_PRIVATE] = g_param_spec_boolean ("private", NULL, NULL, FALSE, flags);
  properties[PROP_NOTIFY_FINISHED] =
      g_param_spec_boolean ("notify-finished", NULL, NULL, TRUE, flags);
  properties[PROP_NOTIFY_SHOWS_TEXT] =
      g_param_spec_boolean ("notify-shows-text", NULL, NULL, FALSE, flags);
  /* Shown, never set: the service does that. */
  properties[PROP_AUTOSTART] = g_param_spec_boolean ("autostart", NULL, NULL, FALSE, flags);

  properties[PROP_MODEL_OFFER] = g_param_spec_boolean ("model-offer", NULL, NULL, TRUE, flags);
  properties[PROP_FETCHED_MODEL] = g_param_spec_string ("fetched-model", NULL, NULL, "", flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_window_settings_init (WhisWindowSettings *self)
{
  self->settings = g_settings_new (WHIS_APP_ID);
  self->values = g_new0 (GValue, N_PROPS);
  for (guint id = 1; id < N_PROPS; id++)
    {
      g_value_init (&self->values[id], G_PARAM_SPEC_VALUE_TYPE (properties[id]));
      g_param_value_set_default (properties[id], &self->values[id]);
    }
}

/**
 * whis_window_settings_new:
 *
 * Returns: (transfer full): the settings of the user
 */
WhisWindowSettings *
whis_window_settings_new (void)
{
  return g_object_new (WHIS_TYPE_WINDOW_SETTINGS, NULL);
}

/**
 * whis_window_settings_get_provider:
 * @self: the settings
 *
 * Returns: id of the chosen transcription service
 */
const char *
whis_window_settings_get_provider (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_PROVIDER);
}

/**
 * whis_window_settings_set_provider:
 * @self: the settings
 * @provider: id of a transcription service
 *
 * Chooses a transcription service.
 */
void
whis_window_settings_set_provider (WhisWindowSettings *self, const char *provider)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_PROVIDER, provider);
}

/**
 * whis_window_settings_get_language:
 * @self: the settings
 *
 * Returns: ISO 639-1 code of the spoken language, empty for automatic
 */
const char *
whis_window_settings_get_language (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_LANGUAGE);
}

/**
 * whis_window_settings_set_language:
 * @self: the settings
 * @language: an ISO 639-1 code, or empty
 *
 * Chooses the spoken language.
 */
void
whis_window_settings_set_language (WhisWindowSettings *self, const char *language)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_LANGUAGE, language);
}

/**
 * whis_window_settings_get_microphone:
 * @self: the settings
 *
 * Returns: id of the microphone, empty for the default one
 */
const char *
whis_window_settings_get_microphone (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_MICROPHONE);
}

/**
 * whis_window_settings_set_microphone:
 * @self: the settings
 * @microphone: id of a microphone, or empty
 *
 * Chooses the microphone.
 */
void
whis_window_settings_set_microphone (WhisWindowSettings *self, const char *microphone)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_MICROPHONE, microphone);
}

/**
 * whis_window_settings_set_microphone_name:
 * @self: the settings
 * @name: what the chosen microphone is called, or empty
 *
 * Remembers the name, by which the microphone is found when its id has changed.
 */
void
whis_window_settings_set_microphone_name (WhisWindowSettings *self, const char *name)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_MICROPHONE_NAME, name);
}

/**
 * whis_window_settings_get_microphone_name:
 * @self: the settings
 *
 * Returns: what the chosen microphone was called when it was chosen, may be empty
 */
const char *
whis_window_settings_get_microphone_name (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_MICROPHONE_NAME);
}

/**
 * whis_window_settings_get_prompt:
 * @self: the settings
 *
 * Returns: the hint to the service, may be empty
 */
const char *
whis_window_settings_get_prompt (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_PROMPT);
}

/**
 * whis_window_settings_set_prompt:
 * @self: the settings
 * @prompt: names and words that help a service, or empty
 *
 * Changes the hint to the service.
 */
void
whis_window_settings_set_prompt (WhisWindowSettings *self, const char *prompt)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_PROMPT, prompt);
}

/* @key gets @value, or goes where @value is %NULL. */
static void
set_entry (WhisWindowSettings *self, guint id, const char *key, GVariant *value)
{
  g_autoptr (GVariant) kept = value != NULL ? g_variant_ref_sink (value) : NULL;
  GVariant *dictionary = get_dictionary (self, id);
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_PARAM_SPEC_VARIANT (properties[id])->type);
  for (gsize i = 0; dictionary != NULL && i < g_variant_n_children (dictionary); i++)
    {
      g_autoptr (GVariant) entry = g_variant_get_child_value (dictionary, i);
      g_autoptr (GVariant) name = g_variant_get_child_value (entry, 0);

      if (!g_str_equal (g_variant_get_string (name, NULL), key))
        g_variant_builder_add_value (&builder, entry);
    }
  if (kept != NULL)
    g_variant_builder_add_value (&builder,
                                 g_variant_new_dict_entry (g_variant_new_string (key), kept));
  set_dictionary (self, id, g_variant_builder_end (&builder));
}

static char *
dup_text (WhisWindowSettings *self, guint id, const char *key)
{
  char *text = NULL;

  if (get_dictionary (self, id) != NULL)
    g_variant_lookup (get_dictionary (self, id), key, "s", &text);
  return text;
}

static void
set_text (WhisWindowSettings *self, guint id, const char *key, const char *text)
{
  set_entry (self, id, key, text != NULL && *text != '\0' ? g_variant_new_string (text) : NULL);
}

/**
 * whis_window_settings_dup_address:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full): the address that the user chose for it, may be empty
 */
char *
whis_window_settings_dup_address (WhisWindowSettings *self, const char *provider)
{
  char *address;

  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  address = dup_text (self, PROP_ADDRESSES, provider);

  return address != NULL ? address : g_strdup ("");
}

/**
 * whis_window_settings_set_address:
 * @self: the settings
 * @provider: id of a provider
 * @address: its address, or empty
 */
void
whis_window_settings_set_address (WhisWindowSettings *self,
                                  const char *provider,
                                  const char *address)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_text (self, PROP_ADDRESSES, provider, address);
}

static char **
dup_strings (WhisWindowSettings *self, guint id)
{
  GVariant *strings = get_dictionary (self, id);

  return strings != NULL ? g_variant_dup_strv (strings, NULL) : g_new0 (char *, 1);
}

/**
 * whis_window_settings_dup_vocabulary:
 * @self: the settings
 *
 * Returns: (transfer full): the names and terms that may be said
 */
char **
whis_window_settings_dup_vocabulary (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return dup_strings (self, PROP_VOCABULARY);
}

/**
 * whis_window_settings_set_vocabulary:
 * @self: the settings
 * @vocabulary: names and terms that may be said
 */
void
whis_window_settings_set_vocabulary (WhisWindowSettings *self, const char *const *vocabulary)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (vocabulary != NULL);

  set_dictionary (self, PROP_VOCABULARY, g_variant_new_strv (vocabulary, -1));
}

/**
 * whis_window_settings_get_plain_http:
 * @self: the settings
 * @host: a host, with its port where it is not the usual one
 *
 * Returns: whether the user accepts that the way to it is not encrypted
 */
gboolean
whis_window_settings_get_plain_http (WhisWindowSettings *self, const char *host)
{
  g_auto (GStrv) hosts = NULL;

  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  hosts = dup_strings (self, PROP_PLAIN_HTTP);

  return g_strv_contains ((const char *const *) hosts, host);
}

/**
 * whis_window_settings_accept_plain_http:
 * @self: the settings
 * @host: a host, with its port where it is not the usual one
 *
 * Notes that the user accepts that the way to a host is not encrypted.
 */
void
whis_window_settings_accept_plain_http (WhisWindowSettings *self, const char *host)
{
  g_auto (GStrv) hosts = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;

  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (host != NULL);

  hosts = dup_strings (self, PROP_PLAIN_HTTP);
  if (g_strv_contains ((const char *const *) hosts, host))
    return;
  g_strv_builder_addv (builder, (const char **) hosts);
  g_strv_builder_add (builder, host);
  all = g_strv_builder_end (builder);
  set_dictionary (self, PROP_PLAIN_HTTP, g_variant_new_strv ((const char *const *) all, -1));
}

static double
get_amount (WhisWindowSettings *self, guint id, const char *provider)
{
  double amount = 0;

  if (get_dictionary (self, id) != NULL)
    g_variant_lookup (get_dictionary (self, id), provider, "d", &amount);

  return amount;
}

/**
 * whis_window_settings_get_price:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: what the user pays for a minute of sound, in US dollars; 0 for the list price
 */
double
whis_window_settings_get_price (WhisWindowSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  return get_amount (self, PROP_PRICES, provider);
}

/**
 * whis_window_settings_set_price:
 * @self: the settings
 * @provider: id of a provider
 * @price: US dollars for a minute of sound; 0 for the list price
 */
void
whis_window_settings_set_price (WhisWindowSettings *self, const char *provider, double price)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_entry (self, PROP_PRICES, provider, price > 0 ? g_variant_new_double (price) : NULL);
}

/**
 * whis_window_settings_get_monthly_cap:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: the most that may be spent in a month, in US dollars; 0 for no cap
 */
double
whis_window_settings_get_monthly_cap (WhisWindowSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  return get_amount (self, PROP_MONTHLY_CAPS, provider);
}

/**
 * whis_window_settings_set_monthly_cap:
 * @self: the settings
 * @provider: id of a provider
 * @cap: US dollars a month; 0 for no cap
 */
void
whis_window_settings_set_monthly_cap (WhisWindowSettings *self, const char *provider, double cap)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_entry (self, PROP_MONTHLY_CAPS, provider, cap > 0 ? g_variant_new_double (cap) : NULL);
}

/**
 * whis_window_settings_get_fallback_provider:
 * @self: the settings
 *
 * Returns: id of the second service, empty for none
 */
const char *
whis_window_settings_get_fallback_provider (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return get_string (self, PROP_FALLBACK_PROVIDER);
}

/**
 * whis_window_settings_set_fallback_provider:
 * @self: the settings
 * @provider: id of the second service, or empty
 */
void
whis_window_settings_set_fallback_provider (WhisWindowSettings *self, const char *provider)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_FALLBACK_PROVIDER, provider);
}

/**
 * whis_window_settings_dup_model:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: (transfer full) (nullable): the chosen model, %NULL for the provider's default
 */
char *
whis_window_settings_dup_model (WhisWindowSettings *self, const char *provider)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  return dup_text (self, PROP_MODELS, provider);
}

/**
 * whis_window_settings_set_model:
 * @self: the settings
 * @provider: id of a provider
 * @model: (nullable): name of a model, %NULL or empty for the provider's default
 *
 * Chooses the model of one provider.
 */
void
whis_window_settings_set_model (WhisWindowSettings *self, const char *provider, const char *model)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_text (self, PROP_MODELS, provider, model);
}

/**
 * whis_window_settings_get_limit:
 * @self: the settings
 * @provider: id of a provider
 *
 * Returns: how many requests may be in flight, 0 for the provider's default
 */
guint
whis_window_settings_get_limit (WhisWindowSettings *self, const char *provider)
{
  guint limit = 0;

  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), 0);
  g_return_val_if_fail (provider != NULL, 0);

  if (get_dictionary (self, PROP_LIMITS) != NULL)
    g_variant_lookup (get_dictionary (self, PROP_LIMITS), provider, "u", &limit);
  return limit;
}

/**
 * whis_window_settings_set_limit:
 * @self: the settings
 * @provider: id of a provider
 * @limit: how many requests may be in flight, 0 for the provider's default
 *
 * Bounds the requests of one provider.
 */
void
whis_window_settings_set_limit (WhisWindowSettings *self, const char *provider, guint limit)
{
  GVariant *value = NULL;

  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  if (limit > 0)
    value = g_variant_new_uint32 (limit);
  set_entry (self, PROP_LIMITS, provider, value);
}
