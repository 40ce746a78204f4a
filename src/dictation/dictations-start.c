/* SPDX-License-Identifier: MIT */
#include "dictations-private.h"

#include <glib/gi18n-lib.h>

#include "bus-error.h"
#include "frame-format.h"
#include "local-model-choice.h"

/* Sortable, readable, and different for two dictations in the same second. */
static char *
create_id (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("%s-%06x", time, g_random_int_range (0, 0x1000000));
}

/* Returns NULL where the computer is too slow for that. */
static WhisProvisional *
make_provisional (WhisDictations *self,
                  const WhisDictationPlan *plan,
                  const WhisStartOptions *wanted)
{
  const WhisRecord *record = plan->record;
  WhisPool *pool;

  if (!wanted->provider->local || plan->mode != WHIS_DICTATION_MODE_NEW || record->is_file
      || record->model == NULL || self->fast_models == NULL
      || !g_strv_contains ((const char *const *) self->fast_models, record->model))
    return NULL;
  pool = whis_service_plan_get_pool (self->plan, wanted->provider, NULL);

  return pool != NULL
             ? whis_provisional_new (whis_pool_get_backend (pool), record->model, record->language)
             : NULL;
}

/**
 * whis_dictations_begin:
 * @self: the dictations
 * @plan: a plan that lacks only its parts
 * @wanted: the options of the call
 * @error: return location
 *
 * Makes a dictation out of a plan, and starts it. For the files of this class.
 *
 * Returns: (transfer none) (nullable): the dictation; %NULL with an error
 */
WhisDictation *
whis_dictations_begin (WhisDictations *self,
                       const WhisDictationPlan *plan,
                       const WhisStartOptions *wanted,
                       GError **error)
{
  g_autoptr (WhisDictation) dictation = NULL;
  g_autoptr (WhisFailover) failover =
      whis_service_plan_make (self->plan, wanted->provider, plan->record->model, error);
  g_autoptr (WhisLiveChunks) live =
      wanted->live && plan->mode == WHIS_DICTATION_MODE_NEW && !plan->record->is_file
          ? whis_service_plan_make_live (self->plan, wanted->provider)
          : NULL;
  g_autoptr (WhisProvisional) provisional =
      failover != NULL ? make_provisional (self, plan, wanted) : NULL;
  const WhisDictationParts parts = {
    .failover = failover,
    .live = live,
    .provisional = provisional,
    .keyring = self->keyring,
    .delivery = self->delivery,
    .settings = self->settings,
    .history = self->history,
    .queue = self->queue,
  };

  if (failover == NULL)
    return NULL;
  if (self->quitting)
    {
      g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_FAILED,
                           _ ("Whis is about to quit, so nothing was recorded: start it again."));
      return NULL;
    }

  dictation = whis_dictation_new (plan, &parts);
  if (wanted->provider->local)
    {
      g_free (self->last_local_model);
      self->last_local_model = g_strdup (plan->record->model);
    }
  whis_dictations_add (self, dictation);
  whis_dictation_set_watched (dictation, self->watched);
  whis_dictation_start (dictation);

  /* Held by @newest, even if it has failed already. */
  return dictation;
}

/**
 * whis_dictations_dup_model:
 * @self: the dictations
 * @wanted: the options of the call
 *
 * Returns: (transfer full) (nullable): the model that is asked for, or that of the settings
 */
char *
whis_dictations_dup_model (WhisDictations *self, const WhisStartOptions *wanted)
{
  if (wanted->model == NULL)
    return whis_settings_dup_model (self->settings, wanted->provider->id);

  return wanted->provider->local ? whis_local_model_choice_dup_engine_name (wanted->model)
                                 : g_strdup (wanted->model);
}

/* Whether the embedded recogniser uses what it comes to by the settings. */
static gboolean
uses_local_choice (const WhisStartOptions *wanted)
{
  return wanted->provider->local && wanted->model == NULL;
}

/**
 * whis_dictations_check_local_choice:
 * @self: the dictations
 * @wanted: the options of the call
 * @error: return location
 *
 * Returns: whether there is a model where the recogniser of this computer is to be used
 */
gboolean
whis_dictations_check_local_choice (WhisDictations *self,
                                    const WhisStartOptions *wanted,
                                    GError **error)
{
  return !uses_local_choice (wanted)
         || whis_local_model_choice_check (self->local_model, wanted->language, error);
}

static void
local_model_known_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictation) dictation = user_data;
  WhisLocalModelChoice *choice = WHIS_LOCAL_MODEL_CHOICE (object);
  const WhisRecord *record = whis_dictation_get_record (dictation);
  g_autofree char *model = whis_local_model_choice_dup_name (choice);
  g_autoptr (GError) error = NULL;

  whis_local_model_choice_wait_finish (choice, result);
  whis_local_model_choice_check (choice, record->language != NULL ? record->language : "", &error);
  whis_dictation_set_model (dictation, model, error);
}

/* Texts of an earlier try hold where the same would be asked, and the cuts are the same. */
static gboolean
is_same_wish (const WhisRecord *record, const WhisProvider *provider, const WhisRecord *known)
{
  return g_strcmp0 (known->provider, provider->id) == 0
         && g_strcmp0 (known->model, record->model) == 0
         && g_strcmp0 (known->language, record->language) == 0
         && g_strcmp0 (known->prompt, record->prompt) == 0
         && known->longest_chunk_ms == record->longest_chunk_ms;
}

/**
 * whis_dictations_begin_new:
 * @self: the dictations
 * @file: a file to transcribe, which is taken over; -1 for the microphone
 * @name: (nullable): its name
 * @origin: (nullable): what it is known by
 * @known: (nullable): what the history has of the same file
 * @former: (nullable): a passage whose microphone is taken over
 * @wanted: the options of the call, which are completed
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the new dictation; %NULL with an error
 */
WhisDictation *
whis_dictations_begin_new (WhisDictations *self,
                           int file,
                           const char *name,
                           const char *origin,
                           const WhisRecord *known,
                           WhisDictation *former,
                           WhisStartOptions *wanted,
                           GError **error)
{
  g_autofree char *id = create_id ();
  g_autoptr (WhisRecord) record = whis_record_new (id);
  WhisDictationPlan plan = { .record = record, .file = file };
  WhisDictation *dictation;

  if (!whis_start_options_complete (wanted, self->settings, file < 0, error))
    return NULL;
  /* What is spoken is recorded in any case, and kept until there is a model; a file is there. */
  plan.awaits_model = file < 0 && uses_local_choice (wanted);
  if (!plan.awaits_model && !whis_dictations_check_local_choice (self, wanted, error))
    return NULL;

  record->created_ms = g_get_real_time () / 1000;
  record->is_file = file >= 0;
  record->name = g_strdup (name);
  record->origin = g_strdup (origin);
  record->model = whis_dictations_dup_model (self, wanted);
  record->language = g_strdup (wanted->language);
  record->prompt = g_strdup (whis_settings_get_prompt (self->settings));
  record->longest_chunk_ms =
      whis_service_plan_get_longest_chunk_ms (self->plan, wanted->provider, record->model);
  record->deliver = wanted->deliver;
  record->private = whis_settings_get_private (self->settings);
  plan.vocabulary = whis_settings_get_vocabulary (self->settings);
  plan.wants_times = wanted->times;
  plan.attached = wanted->attached;
  plan.document = wanted->document;
  if (known != NULL && is_same_wish (record, wanted->provider, known))
    plan.known = known;
  plan.microphone = wanted->microphone;
  if (g_strcmp0 (wanted->microphone, whis_settings_get_microphone (self->settings)) == 0)
    plan.microphone_name = whis_settings_get_microphone_name (self->settings);
  plan.automatic_gain = whis_settings_get_automatic_gain (self->settings);
  plan.bitrate = whis_service_plan_get_bitrate (self->plan, wanted->provider);
  record->is_lossless = plan.bitrate == WHIS_BITRATE_LOSSLESS;
  plan.noise_suppression = whis_settings_get_noise_suppression (self->settings);
  plan.has_cue = former == NULL && whis_settings_get_cues (self->settings);
  plan.hands_free = wanted->hands_free;
  plan.pause_ms =
      file < 0 && wanted->continuous ? whis_settings_get_continuous_pause (self->settings) : 0;
  plan.former = former;

  dictation = whis_dictations_begin (self, &plan, wanted, error);
  if (dictation != NULL && plan.awaits_model)
    whis_local_model_choice_wait_async (self->local_model, local_model_known_cb,
                                        g_object_ref (dictation));

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
  g_auto (WhisStartOptions) wanted = WHIS_START_OPTIONS_INIT;
  g_autoptr (GVariant) sunk = options != NULL ? g_variant_ref_sink (options) : NULL;
  WhisDictation *dictation;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  if (whis_dictations_get_recording (self) != NULL)
    {
      g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ALREADY_RECORDING,
                           _ ("Whis is recording already; stop that recording first."));
      return NULL;
    }

  if (!whis_start_options_read (&wanted, WHIS_START_MICROPHONE, sunk, error))
    return NULL;

  dictation = whis_dictations_begin_new (self, -1, NULL, NULL, NULL, NULL, &wanted, error);
  g_clear_pointer (&self->continuous_options, g_variant_unref);
  if (dictation != NULL && whis_dictation_is_continuous (dictation) && sunk != NULL)
    self->continuous_options = g_variant_ref (sunk);

  return dictation;
}

/**
 * whis_dictations_follow:
 * @self: the dictations
 * @former: a passage of a continuous dictation, whose split was begun
 * @error: return location for an error of %WHIS_BUS_ERROR or of the speech room
 *
 * Starts the next passage, with the options of the first one. When it records, @former is to be
 * told by whis_dictation_hand_over().
 *
 * Returns: (transfer none): the passage; it may have failed already
 */
WhisDictation *
whis_dictations_follow (WhisDictations *self, WhisDictation *former, GError **error)
{
  g_auto (WhisStartOptions) wanted = WHIS_START_OPTIONS_INIT;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);
  g_return_val_if_fail (whis_dictation_is_continuous (former), NULL);

  if (!whis_start_options_read (&wanted, WHIS_START_MICROPHONE, self->continuous_options, error))
    return NULL;
  wanted.continuous = TRUE;

  return whis_dictations_begin_new (self, -1, NULL, NULL, NULL, former, &wanted, error);
}
