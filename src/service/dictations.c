/* SPDX-License-Identifier: MIT */
#include "dictations.h"

#include <glib/gi18n-lib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "bus-error.h"
#include "start-options.h"

/**
 * WhisDictations:
 *
 * The dictations that are alive, and the text of the last one. It makes plans out of the settings
 * and what a caller wants to be different.
 */

struct _WhisDictations
{
  GObject parent_instance;

  WhisSettings *settings;
  WhisKeyring *keyring;
  WhisClipboard *clipboard;
  WhisPools *pools;
  GPtrArray *alive; /* in the order of their start */
  WhisDictation *newest;
  char *directory;
  char *last_text;
  guint trimming;
};

enum
{
  ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictations, whis_dictations, G_TYPE_OBJECT)

/* Sortable, readable, and different for two dictations in the same second. */
static char *
create_id (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%04x", time, g_random_int_range (0, 0x10000));
}

static void
state_changed_cb (WhisDictations *self, GParamSpec *pspec, WhisDictation *dictation)
{
  const char *text = whis_dictation_get_text (dictation);

  if (text != NULL && g_strcmp0 (text, self->last_text) != 0)
    {
      g_free (self->last_text);
      self->last_text = g_strdup (text);
    }
}

/* How long after the last dictation its sound pipeline has certainly been taken down. */
#define TRIM_SECONDS 3

/* An idle service should weigh nothing: what the dictation used goes back to the system. */
static gboolean
trim_cb (gpointer user_data)
{
  WhisDictations *self = user_data;

  self->trimming = 0;
#ifdef __GLIBC__
  malloc_trim (0);
#endif

  return G_SOURCE_REMOVE;
}

/* Runs after everybody else has seen the last state. */
static void
release_if_final (WhisDictations *self, GParamSpec *pspec, WhisDictation *dictation)
{
  if (!whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
    return;

  g_ptr_array_remove (self->alive, dictation);
  if (self->alive->len == 0 && self->trimming == 0)
    self->trimming = g_timeout_add_seconds (TRIM_SECONDS, trim_cb, self);
}

static void
add (WhisDictations *self, WhisDictation *dictation)
{
  g_ptr_array_add (self->alive, g_object_ref (dictation));
  g_set_object (&self->newest, dictation);
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (state_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[ADDED], 0, dictation);
  g_signal_connect_object (dictation, "notify::state", G_CALLBACK (release_if_final), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/**
 * whis_dictations_get_pool:
 * @self: the dictations
 * @provider: a provider
 * @error: return location for an error of the speech room
 *
 * Returns: (transfer none): where @provider's requests wait for their turn
 */
WhisPool *
whis_dictations_get_pool (WhisDictations *self, const WhisProvider *provider, GError **error)
{
  guint limit;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);
  g_return_val_if_fail (provider != NULL, NULL);

  limit = whis_settings_get_limit (self->settings, provider->id, provider->limit);

  return whis_pools_get (self->pools, provider, whis_settings_get_custom_address (self->settings),
                         limit, error);
}

static WhisDictation *
create (WhisDictations *self, int file, GVariant *options, GError **error)
{
  g_auto (WhisStartOptions) wanted = WHIS_START_OPTIONS_INIT;
  g_autofree char *id = create_id ();
  g_autofree char *model = NULL;
  WhisDictationPlan plan = { 0 };
  WhisPool *pool;

  wanted.deliver = file < 0;
  if (!whis_start_options_parse (&wanted, options, self->settings, error))
    return NULL;
  pool = whis_dictations_get_pool (self, wanted.provider, error);
  if (pool == NULL)
    return NULL;

  model = wanted.model != NULL ? g_strdup (wanted.model)
                               : whis_settings_dup_model (self->settings, wanted.provider->id);
  plan.id = id;
  plan.directory = self->directory;
  plan.file = file;
  plan.microphone = wanted.microphone;
  plan.provider = wanted.provider;
  plan.model = model;
  plan.language = wanted.language;
  plan.prompt = whis_settings_get_prompt (self->settings);
  plan.longest_chunk_ms = whis_settings_get_longest_chunk (self->settings) * 1000;
  plan.deliver = wanted.deliver;

  return whis_dictation_new (&plan, pool, self->keyring, self->clipboard);
}

static WhisDictation *
begin (WhisDictations *self, int file, GVariant *options, GError **error)
{
  g_autoptr (WhisDictation) dictation = create (self, file, options, error);

  if (dictation == NULL)
    return NULL;

  add (self, dictation);
  whis_dictation_start (dictation);

  /* Held by @newest, even if it has failed already. */
  return dictation;
}

/**
 * whis_dictations_start:
 * @self: the dictations
 * @options: (nullable): what differs from the settings, as in the D-Bus method `Start`
 * @error: return location for an error of %WHIS_BUS_ERROR or of the speech room
 *
 * Starts a dictation from the microphone.
 *
 * Returns: (transfer none): the dictation; it may have failed already
 */
WhisDictation *
whis_dictations_start (WhisDictations *self, GVariant *options, GError **error)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  if (whis_dictations_get_recording (self) != NULL)
    {
      g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ALREADY_RECORDING,
                           _ ("Whis is recording already; stop that recording first."));
      return NULL;
    }

  return begin (self, -1, options, error);
}

/**
 * whis_dictations_transcribe:
 * @self: the dictations
 * @file: a readable file descriptor
 * @options: (nullable): as for whis_dictations_start()
 * @error: return location for an error of %WHIS_BUS_ERROR or of the speech room
 *
 * Starts to transcribe a file.
 *
 * Returns: (transfer none): the dictation; it may have failed already
 */
WhisDictation *
whis_dictations_transcribe (WhisDictations *self, int file, GVariant *options, GError **error)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);
  g_return_val_if_fail (file >= 0, NULL);

  return begin (self, file, options, error);
}

/**
 * whis_dictations_get_recording:
 * @self: the dictations
 *
 * Returns: (transfer none) (nullable): the dictation that has the microphone
 */
WhisDictation *
whis_dictations_get_recording (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  for (guint i = 0; i < self->alive->len; i++)
    {
      WhisDictation *dictation = g_ptr_array_index (self->alive, i);

      if (!whis_dictation_is_file (dictation)
          && whis_dictation_state_takes_sound (whis_dictation_get_state (dictation)))
        return dictation;
    }

  return NULL;
}

/**
 * whis_dictations_get_current:
 * @self: the dictations
 *
 * Returns: (transfer none) (nullable): the dictation that records, else the newest that is not
 *   finished, else the last one
 */
WhisDictation *
whis_dictations_get_current (WhisDictations *self)
{
  WhisDictation *recording;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  recording = whis_dictations_get_recording (self);
  if (recording != NULL)
    return recording;

  for (guint i = self->alive->len; i > 0; i--)
    {
      WhisDictation *dictation = g_ptr_array_index (self->alive, i - 1);

      if (!whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
        return dictation;
    }

  return self->newest;
}

/**
 * whis_dictations_lookup:
 * @self: the dictations
 * @id: an id; empty for the current dictation
 *
 * Returns: (transfer none) (nullable): a dictation that is not finished
 */
WhisDictation *
whis_dictations_lookup (WhisDictations *self, const char *id)
{
  WhisDictation *current;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < self->alive->len; i++)
    if (g_str_equal (whis_dictation_get_id (g_ptr_array_index (self->alive, i)), id))
      return g_ptr_array_index (self->alive, i);

  current = *id == '\0' ? whis_dictations_get_current (self) : NULL;
  if (current == NULL || whis_dictation_state_is_final (whis_dictation_get_state (current)))
    return NULL;

  return current;
}

/**
 * whis_dictations_get_last_text:
 * @self: the dictations
 *
 * Returns: the text of the last dictation that had one; empty if there is none
 */
const char *
whis_dictations_get_last_text (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), "");

  return self->last_text != NULL ? self->last_text : "";
}

gboolean
whis_dictations_are_busy (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), FALSE);

  return self->alive->len > 0;
}

/**
 * whis_dictations_cancel_all:
 * @self: the dictations
 *
 * Ends every dictation; what was recorded is kept.
 */
void
whis_dictations_cancel_all (WhisDictations *self)
{
  g_return_if_fail (WHIS_IS_DICTATIONS (self));

  while (self->alive->len > 0)
    whis_dictation_cancel (g_ptr_array_index (self->alive, 0));
}

static void
whis_dictations_dispose (GObject *object)
{
  WhisDictations *self = WHIS_DICTATIONS (object);

  g_clear_handle_id (&self->trimming, g_source_remove);
  g_clear_pointer (&self->alive, g_ptr_array_unref);
  g_clear_object (&self->newest);
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->pools);
  g_clear_pointer (&self->directory, g_free);
  g_clear_pointer (&self->last_text, g_free);

  G_OBJECT_CLASS (whis_dictations_parent_class)->dispose (object);
}

static void
whis_dictations_class_init (WhisDictationsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = whis_dictations_dispose;

  /**
   * WhisDictations::added:
   * @self: the dictations
   * @dictation: a dictation that is about to start
   */
  signals[ADDED] = g_signal_new ("added", WHIS_TYPE_DICTATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, WHIS_TYPE_DICTATION);
}

static void
whis_dictations_init (WhisDictations *self)
{
  self->pools = whis_pools_new ();
  self->alive = g_ptr_array_new_with_free_func (g_object_unref);
  self->directory = g_build_filename (g_get_user_data_dir (), "whis", "recordings", NULL);
}

/**
 * whis_dictations_new:
 * @settings: the user's settings
 * @keyring: where keys are
 * @clipboard: where texts go
 *
 * Returns: (transfer full): no dictations yet
 */
WhisDictations *
whis_dictations_new (WhisSettings *settings, WhisKeyring *keyring, WhisClipboard *clipboard)
{
  WhisDictations *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);
  g_return_val_if_fail (WHIS_IS_CLIPBOARD (clipboard), NULL);

  self = g_object_new (WHIS_TYPE_DICTATIONS, NULL);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->clipboard = g_object_ref (clipboard);

  return self;
}
