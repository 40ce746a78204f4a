/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <glib/gi18n-lib.h>

#include "settings-private.h"
#include "settings-error.h"

/**
 * WhisSettings:
 *
 * The user's settings. Nothing else in Whis reads or writes #GSettings; widgets are bound to it
 * with whis_settings_bind().
 *
 * Signal handlers of #WhisSettings::changed follow every change, whoever made it. Keys of services
 * are not settings, see [class@Keyring].
 */
struct _WhisSettings
{
  GObject parent_instance;

  GSettings *gsettings;
  GHashTable *strings; /* setting to the #GVariant that a string was handed out of */
  GVariant *vocabulary_value;
  const char **vocabulary; /* points into vocabulary_value */
  char *local_model;       /* not of GSettings */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisSettings, whis_settings, G_TYPE_OBJECT)
G_DEFINE_QUARK (whis_settings_error, whis_settings_error)

static void
whis_settings_dispose (GObject *object)
{
  WhisSettings *self = WHIS_SETTINGS (object);

  if (self->gsettings != NULL)
    g_signal_handlers_disconnect_by_data (self->gsettings, self);
  g_clear_object (&self->gsettings);

  G_OBJECT_CLASS (whis_settings_parent_class)->dispose (object);
}

static void
whis_settings_finalize (GObject *object)
{
  WhisSettings *self = WHIS_SETTINGS (object);

  g_hash_table_unref (self->strings);
  g_clear_pointer (&self->vocabulary, g_free);
  g_clear_pointer (&self->vocabulary_value, g_variant_unref);
  g_free (self->local_model);

  G_OBJECT_CLASS (whis_settings_parent_class)->finalize (object);
}

static void
whis_settings_class_init (WhisSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = whis_settings_dispose;
  object_class->finalize = whis_settings_finalize;

  /**
   * WhisSettings::changed:
   * @self: the settings
   * @key: name of the setting
   *
   * A setting has a new value. The name is also the detail of the signal: `changed::provider`.
   */
  signals[CHANGED] =
      g_signal_new ("changed", WHIS_TYPE_SETTINGS, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
whis_settings_init (WhisSettings *self)
{
  self->strings =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_variant_unref);
}

static void
forward_changed (WhisSettings *self, const char *key)
{
  g_assert (WHIS_IS_SETTINGS (self));

  g_signal_emit (self, signals[CHANGED], g_quark_from_string (key), key);
}

/* @key is a literal. The string stays while the setting has this value. */
const char *
whis_settings_get_string (WhisSettings *self, const char *key)
{
  g_autoptr (GVariant) value = g_settings_get_value (self->gsettings, key);
  GVariant *kept = g_hash_table_lookup (self->strings, key);

  if (kept == NULL || !g_variant_equal (kept, value))
    {
      kept = value;
      g_hash_table_insert (self->strings, (gpointer) key, g_steal_pointer (&value));
    }

  return g_variant_get_string (kept, NULL);
}

static gboolean
get_boolean (WhisSettings *self, const char *key)
{
  return g_settings_get_boolean (self->gsettings, key);
}

/* What does not change is not written: a write wakes everybody who follows the setting. */
void
whis_settings_set_value (WhisSettings *self, const char *key, GVariant *value)
{
  g_autoptr (GVariant) wanted = g_variant_ref_sink (value);
  g_autoptr (GVariant) present = g_settings_get_value (self->gsettings, key);

  if (!g_variant_equal (present, wanted))
    g_settings_set_value (self->gsettings, key, wanted);
}

static void
set_string (WhisSettings *self, const char *key, const char *text)
{
  whis_settings_set_value (self, key, g_variant_new_string (text));
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
  g_signal_connect_swapped (self->gsettings, "changed", G_CALLBACK (forward_changed), self);

  return g_steal_pointer (&self);
}

const char *
whis_settings_get_provider (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "provider");
}

/**
 * whis_settings_set_provider:
 * @self: the settings
 * @provider: id of the service that transcribes
 */
void
whis_settings_set_provider (WhisSettings *self, const char *provider)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_string (self, "provider", provider);
}

const char *
whis_settings_get_language (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "language");
}

/**
 * whis_settings_set_language:
 * @self: the settings
 * @language: ISO 639-1 code of the spoken language, empty for automatic
 */
void
whis_settings_set_language (WhisSettings *self, const char *language)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (language != NULL);

  set_string (self, "language", language);
}

const char *
whis_settings_get_prompt (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "prompt");
}

/**
 * whis_settings_set_prompt:
 * @self: the settings
 * @prompt: names and words that help a service to recognise the speech, or empty
 */
void
whis_settings_set_prompt (WhisSettings *self, const char *prompt)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (prompt != NULL);

  set_string (self, "prompt", prompt);
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
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  value = g_settings_get_value (self->gsettings, "vocabulary");
  if (self->vocabulary_value == NULL || !g_variant_equal (self->vocabulary_value, value))
    {
      g_free (self->vocabulary);
      g_clear_pointer (&self->vocabulary_value, g_variant_unref);
      self->vocabulary_value = g_steal_pointer (&value);
      self->vocabulary = g_variant_get_strv (self->vocabulary_value, NULL);
    }

  return self->vocabulary;
}

/**
 * whis_settings_set_vocabulary:
 * @self: the settings
 * @vocabulary: (array zero-terminated=1): names and terms that are easily misheard
 */
void
whis_settings_set_vocabulary (WhisSettings *self, const char *const *vocabulary)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (vocabulary != NULL);

  whis_settings_set_value (self, "vocabulary", g_variant_new_strv (vocabulary, -1));
}

const char *
whis_settings_get_microphone (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return whis_settings_get_string (self, "microphone");
}

/**
 * whis_settings_set_microphone:
 * @self: the settings
 * @microphone: id of the microphone, empty for the default one
 */
void
whis_settings_set_microphone (WhisSettings *self, const char *microphone)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (microphone != NULL);

  set_string (self, "microphone", microphone);
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

  return whis_settings_get_string (self, "microphone-name");
}

/**
 * whis_settings_set_microphone_name:
 * @self: the settings
 * @name: what the chosen microphone is called, or empty
 */
void
whis_settings_set_microphone_name (WhisSettings *self, const char *name)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (name != NULL);

  set_string (self, "microphone-name", name);
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

  return whis_settings_get_string (self, "fallback-provider");
}

/**
 * whis_settings_set_fallback_provider:
 * @self: the settings
 * @provider: id of the service that may be asked too, empty for none
 */
void
whis_settings_set_fallback_provider (WhisSettings *self, const char *provider)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));
  g_return_if_fail (provider != NULL);

  set_string (self, "fallback-provider", provider);
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

  return g_settings_get_double (self->gsettings, "fallback-after");
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

  return g_settings_get_uint (self->gsettings, "longest-chunk");
}

/**
 * whis_settings_get_jobs:
 * @self: the settings
 *
 * Returns: how many files are transcribed at a time
 */
guint
whis_settings_get_stop_after_silence (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 1);

  return g_settings_get_uint (self->gsettings, "stop-after-silence");
}

/**
 * whis_settings_set_stop_after_silence:
 * @self: the settings
 * @seconds: without speech after which a dictation stops by itself; 0 for never
 */
void
whis_settings_set_stop_after_silence (WhisSettings *self, guint seconds)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "stop-after-silence", g_variant_new_uint32 (seconds));
}

guint
whis_settings_get_jobs (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), 1);

  return g_settings_get_uint (self->gsettings, "jobs");
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

  return g_settings_get_int (self->gsettings, "keep-sound");
}

/**
 * whis_settings_set_keep_sound:
 * @self: the settings
 * @days: how long sound is kept after delivery; 0 for until then, -1 for always
 */
void
whis_settings_set_keep_sound (WhisSettings *self, int days)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "keep-sound", g_variant_new_int32 (days));
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

  return g_settings_get_int (self->gsettings, "keep-text");
}

/**
 * whis_settings_set_keep_text:
 * @self: the settings
 * @days: how long text is kept after delivery; 0 for until then, -1 for always
 */
void
whis_settings_set_keep_text (WhisSettings *self, int days)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "keep-text", g_variant_new_int32 (days));
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

  return get_boolean (self, "save-data");
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
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "live");
}

gboolean
whis_settings_get_private (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "private");
}

gboolean
whis_settings_get_automatic_gain (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "automatic-gain");
}

gboolean
whis_settings_get_noise_suppression (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "noise-suppression");
}

gboolean
whis_settings_get_cues (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "cues");
}

gboolean
whis_settings_get_indicator (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "indicator");
}

gboolean
whis_settings_get_pause_media (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "pause-media");
}

gboolean
whis_settings_get_notify_finished (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "notify-finished");
}

gboolean
whis_settings_get_notify_shows_text (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "notify-shows-text");
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
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "autostart");
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

  whis_settings_set_value (self, "autostart", g_variant_new_boolean (autostart));
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
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), FALSE);

  return get_boolean (self, "endpoint");
}

void
whis_settings_set_endpoint (WhisSettings *self, gboolean endpoint)
{
  g_return_if_fail (WHIS_IS_SETTINGS (self));

  whis_settings_set_value (self, "endpoint", g_variant_new_boolean (endpoint));
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

  return (guint16) g_settings_get_uint (self->gsettings, "endpoint-port");
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
 * whis_settings_get_local_model:
 * @self: the settings
 *
 * Returns: (nullable): what whis_settings_set_local_model() was told last
 */
const char *
whis_settings_get_local_model (WhisSettings *self)
{
  g_return_val_if_fail (WHIS_IS_SETTINGS (self), NULL);

  return self->local_model;
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
