/* SPDX-License-Identifier: MIT */
#include "dictations.h"
#include "dictations-private.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "bus-error.h"
#include "frame-format.h"
#include "local-model-choice.h"
#include "start-options.h"

/**
 * WhisDictations:
 *
 * The dictations that are alive, and the text of the last one. It makes plans out of the settings
 * and what a caller wants to be different.
 */

enum
{
  PROP_CAN_UNDO_CANCEL = 1,
  PROP_LAST_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  ADDED,
  IDLE,
  CLOSED,
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

  return g_strdup_printf ("%s-%06x", time, g_random_int_range (0, 0x1000000));
}

/* How long a cancelled dictation can be taken back: a little longer than the rules keep a private
 * one, since such a timer may come early. */
#define UNDO_SECONDS 61

static void
set_cancelled (WhisDictations *self, const char *id)
{
  g_free (self->cancelled);
  self->cancelled = g_strdup (id);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO_CANCEL]);
}

static gboolean
forget_cancelled_cb (gpointer user_data)
{
  WhisDictations *self = user_data;

  self->forgetting = 0;
  set_cancelled (self, NULL);
  /* What was cancelled in private is not kept any longer. */
  whis_history_apply_rules (self->history);

  return G_SOURCE_REMOVE;
}

static void
remember_cancelled (WhisDictations *self, WhisDictation *dictation)
{
  if (whis_dictation_get_state (dictation) != WHIS_DICTATION_STATE_CANCELLED
      || !whis_dictation_can_resume (dictation))
    return;

  set_cancelled (self, whis_dictation_get_id (dictation));
  /* Goes on when it is taken back: there may be an earlier one, which was cancelled in private. */
  g_clear_handle_id (&self->forgetting, g_source_remove);
  self->forgetting = g_timeout_add_seconds (UNDO_SECONDS, forget_cancelled_cb, self);
}

static void
set_last_text (WhisDictations *self, const char *text)
{
  if (text == NULL || g_strcmp0 (text, self->last_text) == 0)
    return;

  g_free (self->last_text);
  self->last_text = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_TEXT]);
}

static void
recalled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictations) self = user_data;
  g_autoptr (WhisRecord) record = whis_history_get_finish (WHIS_HISTORY (object), result, NULL);

  if (record != NULL && self->last_text == NULL)
    set_last_text (self, record->text);
}

static void
last_listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictations) self = user_data;
  g_autoptr (GPtrArray) records =
      whis_history_list_finish (WHIS_HISTORY (object), result, NULL, NULL);

  if (records != NULL && records->len > 0)
    whis_history_get_async (WHIS_HISTORY (object),
                            ((WhisRecord *) g_ptr_array_index (records, 0))->id, NULL, recalled_cb,
                            g_steal_pointer (&self));
}

/**
 * whis_dictations_recall_last_text:
 * @self: the dictations
 *
 * Looks for the last text of an earlier run of the service.
 */
void
whis_dictations_recall_last_text (WhisDictations *self)
{
  const WhisHistoryQuery last = { .states = 1u << WHIS_DICTATION_STATE_DONE, .limit = 1 };

  g_return_if_fail (WHIS_IS_DICTATIONS (self));

  whis_history_list_async (self->history, &last, NULL, last_listed_cb, g_object_ref (self));
}

static void
state_changed_cb (WhisDictations *self, GParamSpec *pspec, WhisDictation *dictation)
{
  set_last_text (self, whis_dictation_get_text (dictation));
  remember_cancelled (self, dictation);
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

static void
closed_cb (WhisDictations *self, WhisDictation *dictation)
{
  g_ptr_array_remove (self->closing, dictation);
  if (self->closing->len == 0)
    g_signal_emit (self, signals[CLOSED], 0);
}

static void
keep_until_closed (WhisDictations *self, WhisDictation *dictation)
{
  if (!whis_dictation_is_closing (dictation))
    return;

  g_ptr_array_add (self->closing, g_object_ref (dictation));
  g_signal_connect_object (dictation, "closed", G_CALLBACK (closed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
}

/* Runs after everybody else has seen the last state. */
static void
release_if_final (WhisDictations *self, GParamSpec *pspec, WhisDictation *dictation)
{
  if (!whis_dictation_state_is_final (whis_dictation_get_state (dictation)))
    return;

  keep_until_closed (self, dictation);
  g_ptr_array_remove (self->alive, dictation);
  if (self->alive->len > 0)
    return;

  if (self->trimming == 0)
    self->trimming = g_timeout_add_seconds (TRIM_SECONDS, trim_cb, self);
  g_signal_emit (self, signals[IDLE], 0);
}

static void
dictations_add (WhisDictations *self, WhisDictation *dictation)
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
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return whis_service_plan_get_pool (self->plan, provider, error);
}

/**
 * whis_dictations_get_plan:
 * @self: the dictations
 *
 * Returns: (transfer none): where sound may go
 */
WhisServicePlan *
whis_dictations_get_plan (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return self->plan;
}

/**
 * whis_dictations_get_recogniser:
 * @self: the dictations
 *
 * Returns: (transfer none): the process of the embedded recogniser
 */
WhisRecogniserProcess *
whis_dictations_get_recogniser (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return whis_service_plan_get_recogniser (self->plan);
}

/**
 * whis_dictations_stop_recogniser:
 * @self: the dictations
 *
 * Ends the embedded recogniser, if it runs, and with it its hold on the files of models.
 */
void
whis_dictations_stop_recogniser (WhisDictations *self)
{
  g_return_if_fail (WHIS_IS_DICTATIONS (self));

  whis_service_plan_stop_recogniser (self->plan);
}

/**
 * whis_dictations_set_fast_models:
 * @self: the dictations
 * @models: (array zero-terminated=1): the models of the embedded recogniser that are fast enough to
 *   recognise what is still spoken, as that calls them
 */
void
whis_dictations_set_fast_models (WhisDictations *self, const char *const *models)
{
  g_return_if_fail (WHIS_IS_DICTATIONS (self));
  g_return_if_fail (models != NULL);

  g_strfreev (self->fast_models);
  self->fast_models = g_strdupv ((GStrv) models);
}

/**
 * whis_dictations_get_last_local_model:
 * @self: the dictations
 *
 * Returns: (transfer none) (nullable): the model of the embedded recogniser that a dictation was
 *   begun with last, as that calls it; %NULL if there was none
 */
const char *
whis_dictations_get_last_local_model (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return self->last_local_model;
}

/**
 * whis_dictations_set_watched:
 * @self: the dictations
 * @watched: whether somebody looks at provisional text
 */
void
whis_dictations_set_watched (WhisDictations *self, gboolean watched)
{
  g_return_if_fail (WHIS_IS_DICTATIONS (self));

  self->watched = watched;
  for (guint i = 0; i < self->alive->len; i++)
    whis_dictation_set_watched (g_ptr_array_index (self->alive, i), watched);
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
    .clipboard = self->clipboard,
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
  dictations_add (self, dictation);
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

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  if (whis_dictations_get_recording (self) != NULL)
    {
      g_set_error_literal (error, WHIS_BUS_ERROR, WHIS_BUS_ERROR_ALREADY_RECORDING,
                           _ ("Whis is recording already; stop that recording first."));
      return NULL;
    }

  return whis_start_options_read (&wanted, WHIS_START_MICROPHONE, options, error)
             ? whis_dictations_begin_new (self, -1, NULL, NULL, NULL, &wanted, error)
             : NULL;
}

/* --- files ------------------------------------------------------------------------------------ */

/**
 * whis_dictations_take_cancelled:
 * @self: the dictations
 *
 * Returns: (transfer full) (nullable): id of the dictation that was cancelled in the last minute;
 *   it can be asked for once
 */
char *
whis_dictations_take_cancelled (WhisDictations *self)
{
  g_autofree char *id = NULL;

  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  id = g_strdup (self->cancelled);
  if (id != NULL)
    set_cancelled (self, NULL);

  return g_steal_pointer (&id);
}

gboolean
whis_dictations_can_undo_cancel (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), FALSE);

  return self->cancelled != NULL;
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

      if (whis_dictation_uses_microphone (dictation)
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
 * whis_dictations_interrupt_all:
 * @self: the dictations
 *
 * Ends every dictation; each can be finished later. No other one begins from here on. The last
 * sound may still be on its way, see whis_dictations_are_closing().
 */
void
whis_dictations_interrupt_all (WhisDictations *self)
{
  g_return_if_fail (WHIS_IS_DICTATIONS (self));

  self->quitting = TRUE;
  while (self->alive->len > 0)
    whis_dictation_interrupt (g_ptr_array_index (self->alive, 0));
}

/**
 * whis_dictations_are_closing:
 * @self: the dictations
 *
 * Returns: whether the last sound of one that has ended is on its way to its file;
 *   [signal@Dictations::closed] tells when it is there
 */
gboolean
whis_dictations_are_closing (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), FALSE);

  return self->closing->len > 0;
}

static void
whis_dictations_dispose (GObject *object)
{
  WhisDictations *self = WHIS_DICTATIONS (object);

  g_clear_handle_id (&self->trimming, g_source_remove);
  g_clear_handle_id (&self->forgetting, g_source_remove);
  g_clear_pointer (&self->alive, g_ptr_array_unref);
  g_clear_pointer (&self->closing, g_ptr_array_unref);
  g_clear_object (&self->newest);
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->clipboard);
  g_clear_object (&self->history);
  g_clear_object (&self->plan);
  g_clear_object (&self->local_model);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->fast_models, g_strfreev);
  g_clear_pointer (&self->last_local_model, g_free);
  g_clear_pointer (&self->cancelled, g_free);
  g_clear_pointer (&self->last_text, g_free);

  G_OBJECT_CLASS (whis_dictations_parent_class)->dispose (object);
}

static void
whis_dictations_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_CAN_UNDO_CANCEL)
    g_value_set_boolean (value, whis_dictations_can_undo_cancel (WHIS_DICTATIONS (object)));
  else if (prop_id == PROP_LAST_TEXT)
    g_value_set_string (value, whis_dictations_get_last_text (WHIS_DICTATIONS (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_dictations_class_init (WhisDictationsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_dictations_get_property;
  object_class->dispose = whis_dictations_dispose;

  properties[PROP_CAN_UNDO_CANCEL] =
      g_param_spec_boolean ("can-undo-cancel", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_LAST_TEXT] =
      g_param_spec_string ("last-text", NULL, NULL, "",
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * WhisDictations::added:
   * @self: the dictations
   * @dictation: a dictation that is about to start
   */
  signals[ADDED] = g_signal_new ("added", WHIS_TYPE_DICTATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, WHIS_TYPE_DICTATION);

  /**
   * WhisDictations::idle:
   * @self: the dictations
   *
   * The last one that was alive is at its end.
   */
  signals[IDLE] = g_signal_new ("idle", WHIS_TYPE_DICTATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  /**
   * WhisDictations::closed:
   * @self: the dictations
   *
   * Of those that have ended all sound is in its file.
   */
  signals[CLOSED] = g_signal_new ("closed", WHIS_TYPE_DICTATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void
whis_dictations_init (WhisDictations *self)
{
  self->queue = whis_delivery_queue_new ();
  self->alive = g_ptr_array_new_with_free_func (g_object_unref);
  self->closing = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * whis_dictations_new:
 * @settings: the user's settings
 * @keyring: where keys are
 * @clipboard: where texts go
 * @history: where dictations are recorded
 * @meter: who counts what is sent
 * @local_model: what the embedded recogniser uses
 *
 * Returns: (transfer full): no dictations yet
 */
WhisDictations *
whis_dictations_new (WhisSettings *settings,
                     WhisKeyring *keyring,
                     WhisClipboard *clipboard,
                     WhisHistory *history,
                     WhisMeter *meter,
                     WhisLocalModelChoice *local_model)
{
  WhisDictations *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);
  g_return_val_if_fail (WHIS_IS_CLIPBOARD (clipboard), NULL);
  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (local_model), NULL);

  self = g_object_new (WHIS_TYPE_DICTATIONS, NULL);
  self->local_model = g_object_ref (local_model);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->clipboard = g_object_ref (clipboard);
  self->history = g_object_ref (history);
  self->plan = whis_service_plan_new (settings, keyring, meter);

  return self;
}
