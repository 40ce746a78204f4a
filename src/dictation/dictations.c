/* SPDX-License-Identifier: MIT */
#include "dictations.h"
#include "dictations-private.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "local-model-choice.h"

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

/* How long a cancelled dictation can be taken back: a little longer than the rules keep a private
 * one, since such a timer may come early. */
#define UNDO_SECONDS 61

static void
remember_cancelled (WhisDictations *self, WhisDictation *dictation)
{
  if (whis_dictation_get_state (dictation) != WHIS_DICTATION_STATE_CANCELLED
      || !whis_dictation_can_resume (dictation))
    return;

  whis_cancel_undo_set (self->cancel_undo, whis_dictation_get_id (dictation));
}

static void
on_undo_available (WhisDictations *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO_CANCEL]);
}

static void
set_last_text (WhisDictations *self, const char *id, const char *text)
{
  if (text == NULL)
    return;

  g_free (self->last_text_id);
  self->last_text_id = g_strdup (id);
  if (g_strcmp0 (text, self->last_text) == 0)
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
    set_last_text (self, record->id, record->text);
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
  set_last_text (self, whis_dictation_get_id (dictation), whis_dictation_get_text (dictation));
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

/**
 * whis_dictations_add:
 * @self: the dictations
 * @dictation: a new dictation
 *
 * Keeps a dictation until its end. For the files of this class.
 */
void
whis_dictations_add (WhisDictations *self, WhisDictation *dictation)
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
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return whis_cancel_undo_take (self->cancel_undo);
}

gboolean
whis_dictations_can_undo_cancel (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), FALSE);

  return whis_cancel_undo_get_available (self->cancel_undo);
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

/**
 * whis_dictations_get_last_text_id:
 * @self: the dictations
 *
 * Returns: (nullable): id of the dictation that gave the last text, which may not be in the history
 */
const char *
whis_dictations_get_last_text_id (WhisDictations *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATIONS (self), NULL);

  return self->last_text_id;
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
  g_clear_pointer (&self->alive, g_ptr_array_unref);
  g_clear_pointer (&self->closing, g_ptr_array_unref);
  g_clear_pointer (&self->claims, g_hash_table_unref);
  g_clear_object (&self->newest);
  g_clear_object (&self->settings);
  g_clear_object (&self->keyring);
  g_clear_object (&self->delivery);
  g_clear_object (&self->history);
  g_clear_object (&self->plan);
  g_clear_object (&self->local_model);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->fast_models, g_strfreev);
  g_clear_pointer (&self->last_local_model, g_free);
  g_clear_pointer (&self->continuous_options, g_variant_unref);
  g_clear_object (&self->cancel_undo);
  g_clear_pointer (&self->last_text, g_free);
  g_clear_pointer (&self->last_text_id, g_free);

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
  self->claims = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * whis_dictations_new:
 * @settings: the user's settings
 * @keyring: where keys are
 * @delivery: where texts go
 * @history: where dictations are recorded
 * @meter: who counts what is sent
 * @local_model: what the embedded recogniser uses
 *
 * Returns: (transfer full): no dictations yet
 */
WhisDictations *
whis_dictations_new (WhisSettings *settings,
                     WhisKeyring *keyring,
                     WhisDelivery *delivery,
                     WhisHistory *history,
                     WhisMeter *meter,
                     WhisLocalModelChoice *local_model)
{
  WhisDictations *self;

  g_return_val_if_fail (WHIS_IS_SETTINGS (settings), NULL);
  g_return_val_if_fail (WHIS_IS_KEYRING (keyring), NULL);
  g_return_val_if_fail (WHIS_IS_DELIVERY (delivery), NULL);
  g_return_val_if_fail (WHIS_IS_HISTORY (history), NULL);
  g_return_val_if_fail (WHIS_IS_LOCAL_MODEL_CHOICE (local_model), NULL);

  self = g_object_new (WHIS_TYPE_DICTATIONS, NULL);
  self->local_model = g_object_ref (local_model);
  self->settings = g_object_ref (settings);
  self->keyring = g_object_ref (keyring);
  self->delivery = g_object_ref (delivery);
  self->history = g_object_ref (history);
  self->cancel_undo = whis_cancel_undo_new (history, UNDO_SECONDS);
  g_signal_connect_object (self->cancel_undo, "notify::available", G_CALLBACK (on_undo_available),
                           self, G_CONNECT_SWAPPED);
  self->plan = whis_service_plan_new (settings, keyring, meter);

  return self;
}
