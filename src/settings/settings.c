/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "settings-private.h"
#include "settings-error.h"

/**
 * WhisSettings:
 *
 * The user's settings as typed properties bound to GSettings. Nothing else in the service reads
 * GSettings.
 *
 * A #GObject::notify follows every change, whoever made it. Keys of services are not settings, see
 * [class@Keyring].
 */

enum
{
  PROP_PROVIDER = 1,
  PROP_LANGUAGE,
  PROP_PROMPT,
  PROP_MICROPHONE,
  PROP_MICROPHONE_NAME,
  PROP_FALLBACK_PROVIDER,
  PROP_FALLBACK_AFTER,
  PROP_VOCABULARY,
  PROP_LONGEST_CHUNK,
  PROP_JOBS,
  PROP_ENDPOINT_PORT,
  PROP_KEEP_SOUND,
  PROP_KEEP_TEXT,
  PROP_FIRST_SWITCH,
  PROP_LIVE = PROP_FIRST_SWITCH,
  PROP_PRIVATE,
  PROP_AUTOMATIC_GAIN,
  PROP_SAVE_DATA,
  PROP_NOISE_SUPPRESSION,
  PROP_NOTIFY_FINISHED,
  PROP_NOTIFY_SHOWS_TEXT,
  PROP_AUTOSTART,
  PROP_ENDPOINT,
  N_PROPS
};

#define N_SWITCHES (N_PROPS - PROP_FIRST_SWITCH)

struct _WhisSettings
{
  GObject parent_instance;

  GSettings *gsettings;
  char *provider;
  char *language;
  char *prompt;
  char *microphone;
  char *microphone_name;
  char *fallback_provider;
  double fallback_after;
  GStrv vocabulary;
  char *local_model; /* not of GSettings */
  guint longest_chunk;
  guint jobs;
  guint endpoint_port;
  int keep_sound;
  int keep_text;
  gboolean switches[N_SWITCHES];
};

static GParamSpec *properties[N_PROPS];

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisSettings, whis_settings, G_TYPE_OBJECT)
G_DEFINE_QUARK (whis_settings_error, whis_settings_error)

static char **
string_field (WhisSettings *self, guint prop_id)
{
  switch (prop_id)
    {
    case PROP_PROVIDER:
      return &self->provider;
    case PROP_LANGUAGE:
      return &self->language;
    case PROP_PROMPT:
      return &self->prompt;
    case PROP_MICROPHONE:
      return &self->microphone;
    case PROP_MICROPHONE_NAME:
      return &self->microphone_name;
    case PROP_FALLBACK_PROVIDER:
      return &self->fallback_provider;
    default:
      return NULL;
    }
}

static int *
number_field (WhisSettings *self, guint prop_id)
{
  switch (prop_id)
    {
    case PROP_KEEP_SOUND:
      return &self->keep_sound;
    case PROP_KEEP_TEXT:
      return &self->keep_text;
    default:
      return NULL;
    }
}

static guint *
count_field (WhisSettings *self, guint prop_id)
{
  switch (prop_id)
    {
    case PROP_LONGEST_CHUNK:
      return &self->longest_chunk;
    case PROP_JOBS:
      return &self->jobs;
    case PROP_ENDPOINT_PORT:
      return &self->endpoint_port;
    default:
      return NULL;
    }
}

static void
whis_settings_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WhisSettings *self = WHIS_SETTINGS (object);
  char **field = string_field (self, prop_id);
  const int *number = number_field (self, prop_id);
  const guint *count = count_field (self, prop_id);

  if (field != NULL)
    g_value_set_string (value, *field);
  else if (number != NULL)
    g_value_set_int (value, *number);
  else if (count != NULL)
    g_value_set_uint (value, *count);
  else if (prop_id == PROP_FALLBACK_AFTER)
    g_value_set_double (value, self->fallback_after);
  else if (prop_id == PROP_VOCABULARY)
    g_value_set_boxed (value, self->vocabulary);
  else if (prop_id >= PROP_FIRST_SWITCH && prop_id < N_PROPS)
    g_value_set_boolean (value, self->switches[prop_id - PROP_FIRST_SWITCH]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_settings_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  WhisSettings *self = WHIS_SETTINGS (object);
  char **field = string_field (self, prop_id);
  int *number = number_field (self, prop_id);
  guint *count = count_field (self, prop_id);

  if (field != NULL)
    {
      g_free (*field);
      *field = g_value_dup_string (value);
    }
  else if (number != NULL)
    *number = g_value_get_int (value);
  else if (count != NULL)
    *count = g_value_get_uint (value);
  else if (prop_id == PROP_FALLBACK_AFTER)
    self->fallback_after = g_value_get_double (value);
  else if (prop_id == PROP_VOCABULARY)
    {
      g_strfreev (self->vocabulary);
      self->vocabulary = g_value_dup_boxed (value);
    }
  else if (prop_id >= PROP_FIRST_SWITCH && prop_id < N_PROPS)
    self->switches[prop_id - PROP_FIRST_SWITCH] = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);

  g_object_notify_by_pspec (object, pspec);
}

static void
whis_settings_dispose (GObject *object)
{
  WhisSettings *self = WHIS_SETTINGS (object);

  if (self->gsettings != NULL)
    g_signal_handlers_disconnect_by_data (self->gsettings, self);
  g_clear_object (&self->gsettings);
  for (guint i = PROP_PROVIDER; i <= PROP_FALLBACK_PROVIDER; i++)
    g_clear_pointer (string_field (self, i), g_free);
  g_clear_pointer (&self->vocabulary, g_strfreev);
  g_clear_pointer (&self->local_model, g_free);

  G_OBJECT_CLASS (whis_settings_parent_class)->dispose (object);
}

static void
whis_settings_class_init (WhisSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = whis_settings_get_property;
  object_class->set_property = whis_settings_set_property;
  object_class->dispose = whis_settings_dispose;

  properties[PROP_PROVIDER] = g_param_spec_string ("provider", NULL, NULL, NULL, flags);
  properties[PROP_LANGUAGE] = g_param_spec_string ("language", NULL, NULL, NULL, flags);
  properties[PROP_PROMPT] = g_param_spec_string ("prompt", NULL, NULL, NULL, flags);
  properties[PROP_MICROPHONE] = g_param_spec_string ("microphone", NULL, NULL, NULL, flags);
  properties[PROP_MICROPHONE_NAME] =
      g_param_spec_string ("microphone-name", NULL, NULL, NULL, flags);
  properties[PROP_FALLBACK_PROVIDER] =
      g_param_spec_string ("fallback-provider", NULL, NULL, NULL, flags);
  properties[PROP_FALLBACK_AFTER] =
      g_param_spec_double ("fallback-after", NULL, NULL, 0, 100, 3, flags);
  properties[PROP_VOCABULARY] = g_param_spec_boxed ("vocabulary", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_LONGEST_CHUNK] =
      g_param_spec_uint ("longest-chunk", NULL, NULL, 10, 300, 30, flags);
  properties[PROP_JOBS] = g_param_spec_uint ("jobs", NULL, NULL, 1, 16, 4, flags);
  properties[PROP_ENDPOINT_PORT] =
      g_param_spec_uint ("endpoint-port", NULL, NULL, 1024, 65535, 9447, flags);
  properties[PROP_KEEP_SOUND] = g_param_spec_int ("keep-sound", NULL, NULL, -1, 3650, 7, flags);
  properties[PROP_KEEP_TEXT] = g_param_spec_int ("keep-text", NULL, NULL, -1, 3650, -1, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);
  properties[PROP_PRIVATE] = g_param_spec_boolean ("private", NULL, NULL, FALSE, flags);
  properties[PROP_AUTOMATIC_GAIN] =
      g_param_spec_boolean ("automatic-gain", NULL, NULL, FALSE, flags);
  properties[PROP_SAVE_DATA] = g_param_spec_boolean ("save-data", NULL, NULL, FALSE, flags);
  properties[PROP_NOISE_SUPPRESSION] =
      g_param_spec_boolean ("noise-suppression", NULL, NULL, FALSE, flags);
  properties[PROP_NOTIFY_FINISHED] =
      g_param_spec_boolean ("notify-finished", NULL, NULL, TRUE, flags);
  properties[PROP_NOTIFY_SHOWS_TEXT] =
      g_param_spec_boolean ("notify-shows-text", NULL, NULL, FALSE, flags);
  properties[PROP_AUTOSTART] = g_param_spec_boolean ("autostart", NULL, NULL, FALSE, flags);
  properties[PROP_ENDPOINT] = g_param_spec_boolean ("endpoint", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisSettings::changed:
   * @self: the settings
   * @key: name of the setting
   *
   * A setting has a new value.
   */
  signals[CHANGED] = g_signal_new ("changed", WHIS_TYPE_SETTINGS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_settings_init (WhisSettings *self)
{
}

static void
forward_changed (WhisSettings *self, const char *key)
{
  g_assert (WHIS_IS_SETTINGS (self));

  g_signal_emit (self, signals[CHANGED], 0, key);
}

/**
 * whis_settings_new:
 * @error: return location for an error
 *
 * Returns: (transfer full): the settings, or %NULL with %WHIS_SETTINGS_ERROR_NO_SCHEMA
 */
WhisSettings *
whis_settings_new (GError **error)
{
  g_autoptr (WhisSettings) self = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, WHIS_APP_ID, TRUE);
  if (schema == NULL)
    {
      g_set_error (error, WHIS_SETTINGS_ERROR, WHIS_SETTINGS_ERROR_NO_SCHEMA,
                   _ ("The settings schema %s is not installed; install Whis again."), WHIS_APP_ID);
      return NULL;
    }

  self = g_object_new (WHIS_TYPE_SETTINGS, NULL);
  self->gsettings = g_settings_new_full (schema, NULL, NULL);
  for (guint i = PROP_PROVIDER; i < N_PROPS; i++)
    g_settings_bind (self->gsettings, properties[i]->name, self, properties[i]->name,
                     G_SETTINGS_BIND_GET);
  g_signal_connect_swapped (self->gsettings, "changed", G_CALLBACK (forward_changed), self);

  return g_steal_pointer (&self);
}

const char *
whis_settings_get_provider (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->provider;
}

const char *
whis_settings_get_language (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->language;
}

const char *
whis_settings_get_prompt (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->prompt;
}

/**
 * whis_settings_get_vocabulary:
 * @self: the settings
 *
 * Returns: (transfer none) (array zero-terminated=1): names and terms that are easily misheard;
 * they stay until the setting changes
 */
const char *const *
whis_settings_get_vocabulary (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return (const char *const *) self->vocabulary;
}

const char *
whis_settings_get_microphone (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->microphone;
}

/**
 * whis_settings_get_microphone_name:
 * @self: the settings
 *
 * Returns: what the chosen microphone was called; empty if that is not known
 */
const char *
whis_settings_get_microphone_name (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->microphone_name;
}

/**
 * whis_settings_get_fallback_provider:
 * @self: the settings
 *
 * Returns: id of the service that may be asked too; empty for none
 */
const char *
whis_settings_get_fallback_provider (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->fallback_provider;
}

/**
 * whis_settings_get_fallback_after:
 * @self: the settings
 *
 * Returns: after which multiple of the usual time of a service the second one is asked too; 0 for
 *   only when the first fails for good
 */
double
whis_settings_get_fallback_after (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 0);

  return self->fallback_after;
}

/**
 * whis_settings_get_plain_http:
 * @self: the settings
 * @host: a host, with its port
 *
 * Returns: whether the user accepted that @host is spoken to without encryption
 */
gboolean
whis_settings_get_plain_http (WhisSettings *self, const char *host)
{
  g_auto (GStrv) hosts = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);
  g_return_val_if_fail (host != NULL, FALSE);

  hosts = g_settings_get_strv (self->gsettings, "plain-http");
  for (char **known = hosts; *known != NULL; known++)
    if (g_ascii_strcasecmp (*known, host) == 0)
      return TRUE;

  return FALSE;
}

/**
 * whis_settings_get_longest_chunk:
 * @self: the settings
 *
 * Returns: the longest chunk in seconds
 */
guint
whis_settings_get_longest_chunk (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 30);

  return self->longest_chunk;
}

/**
 * whis_settings_get_jobs:
 * @self: the settings
 *
 * Returns: how many files are transcribed at a time
 */
guint
whis_settings_get_jobs (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 1);

  return self->jobs;
}

/**
 * whis_settings_get_keep_sound:
 * @self: the settings
 *
 * Returns: days that sound is kept after delivery; 0 for until then, -1 for always
 */
int
whis_settings_get_keep_sound (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), -1);

  return self->keep_sound;
}

/**
 * whis_settings_get_keep_text:
 * @self: the settings
 *
 * Returns: days that text is kept after delivery; 0 for until then, -1 for always
 */
int
whis_settings_get_keep_text (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), -1);

  return self->keep_text;
}

static gboolean
get_switch (WhisSettings *self, guint prop_id)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return self->switches[prop_id - PROP_FIRST_SWITCH];
}

/**
 * whis_settings_get_save_data:
 * @self: the settings
 *
 * Returns: whether sound for services is to be small
 */
gboolean
whis_settings_get_save_data (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_switch (self, PROP_SAVE_DATA);
}

/**
 * whis_settings_get_live:
 * @self: the settings
 *
 * Returns: whether speech is transcribed while it is spoken, where the service offers it
 */
gboolean
whis_settings_get_live (WhisSettings *self)
{
  return get_switch (self, PROP_LIVE);
}

gboolean
whis_settings_get_private (WhisSettings *self)
{
  return get_switch (self, PROP_PRIVATE);
}

gboolean
whis_settings_get_automatic_gain (WhisSettings *self)
{
  return get_switch (self, PROP_AUTOMATIC_GAIN);
}

gboolean
whis_settings_get_noise_suppression (WhisSettings *self)
{
  return get_switch (self, PROP_NOISE_SUPPRESSION);
}

gboolean
whis_settings_get_notify_finished (WhisSettings *self)
{
  return get_switch (self, PROP_NOTIFY_FINISHED);
}

gboolean
whis_settings_get_notify_shows_text (WhisSettings *self)
{
  return get_switch (self, PROP_NOTIFY_SHOWS_TEXT);
}

/**
 * whis_settings_get_autostart:
 * @self: the settings
 *
 * Returns: whether the session starts Whis, as far as was known when this was written
 */
gboolean
whis_settings_get_autostart (WhisSettings *self)
{
  return get_switch (self, PROP_AUTOSTART);
}

/**
 * whis_settings_set_autostart:
 * @self: the settings
 * @autostart: whether the session starts Whis
 *
 * Notes what became of the start at login, which is not made by the setting.
 */
void
whis_settings_set_autostart (WhisSettings *self, gboolean autostart)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  if (whis_settings_get_autostart (self) != autostart)
    g_settings_set_boolean (self->gsettings, "autostart", autostart);
}

/**
 * whis_settings_get_endpoint:
 * @self: the settings
 *
 * Returns: whether other programs may use the recogniser
 */
gboolean
whis_settings_get_endpoint (WhisSettings *self)
{
  return get_switch (self, PROP_ENDPOINT);
}

void
whis_settings_set_endpoint (WhisSettings *self, gboolean endpoint)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  if (whis_settings_get_endpoint (self) != endpoint)
    g_settings_set_boolean (self->gsettings, "endpoint", endpoint);
}

/**
 * whis_settings_get_endpoint_port:
 * @self: the settings
 *
 * Returns: the port at which they reach it
 */
guint16
whis_settings_get_endpoint_port (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 0);

  return (guint16) self->endpoint_port;
}

/**
 * whis_settings_get_imported:
 * @self: the settings
 *
 * Returns: when the settings of the earlier Whis were imported, Unix time in seconds; 0 if they
 * were not
 */
gint64
whis_settings_get_imported (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 0);

  return g_settings_get_int64 (self->gsettings, "imported");
}

void
whis_settings_set_imported (WhisSettings *self, gint64 time)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  g_settings_set_int64 (self->gsettings, "imported", time);
}

/* An empty entry is none. */
static char *
dup_entry (WhisSettings *self, const char *key, const char *provider)
{
  g_autoptr (GVariant) dictionary = g_settings_get_value (self->gsettings, key);
  char *entry = NULL;

  if (g_variant_lookup (dictionary, provider, "s", &entry) && *entry == '\0')
    g_clear_pointer (&entry, g_free);

  return entry;
}

/* Money that makes no sense, which only another program can have written, is none. */
static gboolean
get_amount (WhisSettings *self, const char *key, const char *provider, double *amount)
{
  g_autoptr (GVariant) dictionary = g_settings_get_value (self->gsettings, key);
  double entry;

  if (!g_variant_lookup (dictionary, provider, "d", &entry) || !isfinite (entry) || entry < 0)
    return FALSE;
  *amount = entry;

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

  if (self->local_model != NULL && g_str_equal (provider, "offline"))
    return g_strdup (self->local_model);

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
 * whis_settings_set_local_model:
 * @self: the settings
 * @name: (nullable): what the embedded recogniser calls the model that the setting comes to on this
 *   computer
 *
 * Holds for this process; GSettings is not changed.
 */
void
whis_settings_set_local_model (WhisSettings *self, const char *name)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  g_free (self->local_model);
  self->local_model = g_strdup (name);
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
  g_autoptr (GVariant) limits = NULL;
  guint limit = fallback;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), fallback);
  g_return_val_if_fail (provider != NULL, fallback);

  limits = g_settings_get_value (self->gsettings, "limits");
  g_variant_lookup (limits, provider, "u", &limit);

  return CLAMP (limit, 1, 64);
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
 * whis_settings_get_gsettings:
 * @self: the settings
 *
 * Returns: (transfer none): what the settings are bound to
 */
GSettings *
whis_settings_get_gsettings (WhisSettings *self)
{
  return self->gsettings;
}
