/* SPDX-License-Identifier: MIT */
#include "window-settings.h"

/**
 * WhisWindowSettings:
 *
 * The settings as typed properties, bound to GSettings both ways. Nothing else in the window
 * touches #GSettings.
 *
 * `models` (`a{ss}`) and `limits` (`a{su}`) hold an entry per provider; their accessors read and
 * write one entry.
 */
struct _WhisWindowSettings
{
  GObject parent;

  GSettings *settings;
  char *provider;
  char *language;
  char *microphone;
  char *prompt;
  char *custom_address;
  GVariant *models;
  GVariant *limits;
  guint longest_chunk;
  gboolean notify_finished;
  gboolean notify_shows_text;
};

G_DEFINE_FINAL_TYPE (WhisWindowSettings, whis_window_settings, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_PROVIDER,
  PROP_LANGUAGE,
  PROP_MICROPHONE,
  PROP_PROMPT,
  PROP_CUSTOM_ADDRESS,
  PROP_MODELS,
  PROP_LIMITS,
  PROP_LONGEST_CHUNK,
  PROP_NOTIFY_FINISHED,
  PROP_NOTIFY_SHOWS_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static char **
string_field (WhisWindowSettings *self, guint id)
{
  switch (id)
    {
    case PROP_PROVIDER:
      return &self->provider;
    case PROP_LANGUAGE:
      return &self->language;
    case PROP_MICROPHONE:
      return &self->microphone;
    case PROP_PROMPT:
      return &self->prompt;
    case PROP_CUSTOM_ADDRESS:
      return &self->custom_address;
    default:
      return NULL;
    }
}

static void
set_string (WhisWindowSettings *self, guint id, const char *text)
{
  char **field = string_field (self, id);

  if (g_strcmp0 (*field, text) == 0)
    return;

  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_dictionary (WhisWindowSettings *self, GVariant **field, GVariant *dictionary, guint id)
{
  g_autoptr (GVariant) taken = g_variant_ref_sink (dictionary);

  if (*field != NULL && g_variant_equal (*field, taken))
    return;

  g_clear_pointer (field, g_variant_unref);
  *field = g_steal_pointer (&taken);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_boolean (WhisWindowSettings *self, gboolean *field, gboolean flag, guint id)
{
  if (*field == flag)
    return;

  *field = flag;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
set_longest_chunk (WhisWindowSettings *self, guint seconds)
{
  if (self->longest_chunk == seconds)
    return;

  self->longest_chunk = seconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LONGEST_CHUNK]);
}

static void
whis_window_settings_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WhisWindowSettings *self = WHIS_WINDOW_SETTINGS (object);

  switch (id)
    {
    case PROP_PROVIDER:
    case PROP_LANGUAGE:
    case PROP_MICROPHONE:
    case PROP_PROMPT:
    case PROP_CUSTOM_ADDRESS:
      g_value_set_string (value, *string_field (self, id));
      break;
    case PROP_MODELS:
      g_value_set_variant (value, self->models);
      break;
    case PROP_LIMITS:
      g_value_set_variant (value, self->limits);
      break;
    case PROP_LONGEST_CHUNK:
      g_value_set_uint (value, self->longest_chunk);
      break;
    case PROP_NOTIFY_FINISHED:
      g_value_set_boolean (value, self->notify_finished);
      break;
    case PROP_NOTIFY_SHOWS_TEXT:
      g_value_set_boolean (value, self->notify_shows_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
whis_window_settings_set_property (GObject *object,
                                   guint id,
                                   const GValue *value,
                                   GParamSpec *pspec)
{
  WhisWindowSettings *self = WHIS_WINDOW_SETTINGS (object);

  switch (id)
    {
    case PROP_PROVIDER:
    case PROP_LANGUAGE:
    case PROP_MICROPHONE:
    case PROP_PROMPT:
    case PROP_CUSTOM_ADDRESS:
      set_string (self, id, g_value_get_string (value));
      break;
    case PROP_MODELS:
      set_dictionary (self, &self->models, g_value_get_variant (value), id);
      break;
    case PROP_LIMITS:
      set_dictionary (self, &self->limits, g_value_get_variant (value), id);
      break;
    case PROP_LONGEST_CHUNK:
      set_longest_chunk (self, g_value_get_uint (value));
      break;
    case PROP_NOTIFY_FINISHED:
      set_boolean (self, &self->notify_finished, g_value_get_boolean (value), id);
      break;
    case PROP_NOTIFY_SHOWS_TEXT:
      set_boolean (self, &self->notify_shows_text, g_value_get_boolean (value), id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
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

  g_free (self->provider);
  g_free (self->language);
  g_free (self->microphone);
  g_free (self->prompt);
  g_free (self->custom_address);
  g_clear_pointer (&self->models, g_variant_unref);
  g_clear_pointer (&self->limits, g_variant_unref);

  G_OBJECT_CLASS (whis_window_settings_parent_class)->finalize (object);
}

static void
install_string (guint id, const char *name)
{
  properties[id] = g_param_spec_string (
      name, NULL, NULL, "", G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
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

  install_string (PROP_PROVIDER, "provider");
  install_string (PROP_LANGUAGE, "language");
  install_string (PROP_MICROPHONE, "microphone");
  install_string (PROP_PROMPT, "prompt");
  install_string (PROP_CUSTOM_ADDRESS, "custom-address");
  properties[PROP_MODELS] =
      g_param_spec_variant ("models", NULL, NULL, G_VARIANT_TYPE ("a{ss}"), NULL, flags);
  properties[PROP_LIMITS] =
      g_param_spec_variant ("limits", NULL, NULL, G_VARIANT_TYPE ("a{su}"), NULL, flags);
  properties[PROP_LONGEST_CHUNK] =
      g_param_spec_uint ("longest-chunk", NULL, NULL, 10, 300, 30, flags);
  properties[PROP_NOTIFY_FINISHED] =
      g_param_spec_boolean ("notify-finished", NULL, NULL, TRUE, flags);
  properties[PROP_NOTIFY_SHOWS_TEXT] =
      g_param_spec_boolean ("notify-shows-text", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
whis_window_settings_init (WhisWindowSettings *self)
{
  self->settings = g_settings_new (WHIS_APP_ID);
  self->longest_chunk = 30;
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

  return self->provider;
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

  return self->language;
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

  return self->microphone;
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
 * whis_window_settings_get_prompt:
 * @self: the settings
 *
 * Returns: the hint to the service, may be empty
 */
const char *
whis_window_settings_get_prompt (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return self->prompt;
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

/**
 * whis_window_settings_get_custom_address:
 * @self: the settings
 *
 * Returns: the base address of the user's own server, may be empty
 */
const char *
whis_window_settings_get_custom_address (WhisWindowSettings *self)
{
  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);

  return self->custom_address;
}

/**
 * whis_window_settings_set_custom_address:
 * @self: the settings
 * @address: a base address, or empty
 *
 * Changes the address of the user's own server.
 */
void
whis_window_settings_set_custom_address (WhisWindowSettings *self, const char *address)
{
  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));

  set_string (self, PROP_CUSTOM_ADDRESS, address);
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
  char *model = NULL;

  g_return_val_if_fail (WHIS_IS_WINDOW_SETTINGS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  if (self->models != NULL)
    g_variant_lookup (self->models, provider, "s", &model);
  return model;
}

/* A copy of @dictionary in which @key has @value, or is absent where @value is %NULL. */
static GVariant *
dictionary_with (GVariant *dictionary, const GVariantType *type, const char *key, GVariant *value)
{
  g_autoptr (GVariant) kept = value != NULL ? g_variant_ref_sink (value) : NULL;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, type);
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

  return g_variant_builder_end (&builder);
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
  GVariant *value = NULL;

  g_return_if_fail (WHIS_IS_WINDOW_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  if (model != NULL && *model != '\0')
    value = g_variant_new_string (model);
  set_dictionary (self, &self->models,
                  dictionary_with (self->models, G_VARIANT_TYPE ("a{ss}"), provider, value),
                  PROP_MODELS);
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

  if (self->limits != NULL)
    g_variant_lookup (self->limits, provider, "u", &limit);
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
  set_dictionary (self, &self->limits,
                  dictionary_with (self->limits, G_VARIANT_TYPE ("a{su}"), provider, value),
                  PROP_LIMITS);
}
