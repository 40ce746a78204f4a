/* SPDX-License-Identifier: MIT */
#include "dictation-private.h"

#include <glib/gi18n-lib.h>

#include "failure.h"
#include "model-profile.h"
#include "service-key.h"
#include "secret.h"

/**
 * WhisDictation:
 *
 * One dictation, from the first sample to the delivered text.
 *
 * Its sound goes to a file while it is spoken; chunks of that file go to the provider while the
 * recording goes on; the texts are merged and delivered. Every step is written to the history, so
 * that the file and the record are all that is needed to go on later, in another object or after a
 * crash. The sound is not deleted here: the history does that, by its rules, once the text was
 * delivered. Only the copy of a file that the user still has goes when there is no text.
 */

enum
{
  PROP_STATE = 1,
  PROP_SILENT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum
{
  LEVEL,
  PROGRESS,
  PARTIAL_TEXT,
  WARNING,
  WARNING_PASSED,
  CLOSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WhisDictation, whis_dictation, G_TYPE_OBJECT)

/* Another version of a text that there is already leaves the record as it was. */
void
whis_dictation_save (WhisDictation *self)
{
  if (is_again (self))
    return;

  self->record->state = get_state (self);
  self->record->length_ms = whis_dictation_get_elapsed_ms (self);
  whis_history_put (self->history, self->record);
}

/* Whoever held the dictation may let it go at its end. */
static void
state_changed (int from, int to, gpointer user_data)
{
  g_autoptr (WhisDictation) self = g_object_ref (user_data);

  whis_dictation_save (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (!whis_dictation_state_is_final ((WhisDictationState) to))
    return;

  whis_dictation_delivery_leave (self->delivery);
  whis_dictation_sound_release (self->sound);
}

void
whis_dictation_set_state (WhisDictation *self, WhisDictationState state)
{
  whis_state_machine_set (self->machine, (int) state);
}

/* Whether the text goes to where the user is working. */
static gboolean
is_handed_over (WhisDictation *self)
{
  return self->record->deliver && !self->offer && !is_again (self);
}

static void
on_delivery_begun (WhisDictation *self)
{
  if (is_handed_over (self))
    whis_dictation_set_state (self, WHIS_DICTATION_STATE_DELIVERING);
  else
    whis_dictation_save (self);
}

static void
emit_progress (WhisDictation *self)
{
  guint64 done = whis_transcription_session_get_done_ms (self->transcript);
  guint64 total = whis_dictation_sound_get_duration_ms (self->sound);

  g_signal_emit (self, signals[PROGRESS], 0, total > 0 ? MIN (done, total) : done, total);
}

static void
on_settled (WhisDictation *self)
{
  if (whis_dictation_state_is_final (get_state (self)))
    return;

  emit_progress (self);
  whis_dictation_conclude_if_complete (self);
}

static void
on_partial_text (WhisDictation *self, const char *text)
{
  g_signal_emit (self, signals[PARTIAL_TEXT], 0, text);
}

static void
on_sound_chunk (WhisDictation *self, const WhisChunk *chunk)
{
  if (whis_dictation_state_is_final (get_state (self)))
    return;

  if (self->provisional != NULL)
    whis_provisional_cut (self->provisional, chunk->start_ms + chunk->length_ms);
  whis_transcription_session_add (self->transcript, chunk);
}

static void
on_sound_started (WhisDictation *self)
{
  if (get_state (self) == WHIS_DICTATION_STATE_STARTING && whis_dictation_uses_microphone (self))
    whis_dictation_set_state (self, WHIS_DICTATION_STATE_RECORDING);
}

static void
on_sound_level (WhisDictation *self, double level)
{
  g_signal_emit (self, signals[LEVEL], 0, level);
}

static void
on_sound_silent (WhisDictation *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SILENT]);
}

static void
on_warning (WhisDictation *self, const char *sentence)
{
  if (g_strcmp0 (sentence, self->no_model) != 0)
    g_signal_emit (self, signals[WARNING], 0, sentence);
}

static void
on_sound_warning_passed (WhisDictation *self, const char *sentence)
{
  g_signal_emit (self, signals[WARNING_PASSED], 0, sentence);
}

static void
on_sound_ended (WhisDictation *self, const GError *error)
{
  self->record->length_ms = whis_dictation_get_elapsed_ms (self);
  g_signal_emit (self, signals[CLOSED], 0);
  if (whis_dictation_state_is_final (get_state (self)))
    return;

  self->sound_error = error != NULL ? g_error_copy (error) : self->sound_error;
  if (error != NULL && self->record->chunks->len == 0)
    {
      whis_dictation_fail (self, error);
      return;
    }

  if (error != NULL)
    g_signal_emit (self, signals[WARNING], 0, error->message);
  self->record->complete = error == NULL && self->sound_error == NULL;
  if (get_state (self) != WHIS_DICTATION_STATE_TRANSCRIBING)
    whis_dictation_set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  else
    whis_dictation_save (self);
  whis_transcription_session_end_sound (self->transcript);
  emit_progress (self);
  whis_dictation_conclude_if_complete (self);
}

static void
on_sound_samples (WhisDictation *self, GBytes *samples)
{
  if (self->live != NULL && !whis_dictation_state_is_final (get_state (self)))
    whis_live_chunks_push (self->live, samples);
  if (self->provisional != NULL && get_state (self) == WHIS_DICTATION_STATE_RECORDING)
    whis_provisional_push (self->provisional, samples,
                           whis_transcription_session_is_settled (self->transcript));
}

static void
on_provisional_text (WhisDictation *self, const char *text)
{
  if (get_state (self) == WHIS_DICTATION_STATE_RECORDING)
    whis_transcription_session_show_provisional (self->transcript, text);
}

/* Without an onlooker the sound is not even passed on. */
static void
update_provisional (WhisDictation *self)
{
  if (self->provisional == NULL || !whis_dictation_state_takes_sound (get_state (self)))
    return;

  whis_dictation_sound_set_passes_samples (self->sound, self->watched);
  if (self->watched)
    whis_provisional_begin (self->provisional, whis_dictation_get_elapsed_ms (self));
  else
    whis_provisional_end (self->provisional);
}

/**
 * whis_dictation_set_watched:
 * @self: a dictation
 * @watched: whether somebody looks at provisional text
 */
void
whis_dictation_set_watched (WhisDictation *self, gboolean watched)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (self->watched == watched)
    return;
  self->watched = watched;
  update_provisional (self);
}

static gboolean
start_sound (WhisDictation *self, GError **error)
{
  const WhisModelProfile *profile = whis_model_profile_find (
      whis_failover_get_provider (self->failover), whis_failover_get_model (self->failover));
  guint samples_rate = 0;

  if (self->live != NULL)
    samples_rate = whis_live_chunks_get_rate (self->live);
  else if (self->provisional != NULL)
    samples_rate = WHIS_PROVISIONAL_RATE;
  if (!whis_dictation_sound_start (self->sound, self->record, profile, samples_rate, error))
    return FALSE;
  update_provisional (self);

  return TRUE;
}

static void
on_key_found (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictation) self = user_data;
  g_autoptr (GError) error = NULL;
  char *key = whis_service_key_lookup_finish (result, &error);

  if (whis_dictation_state_is_final (get_state (self)))
    {
      whis_secret_free (key);
      return;
    }

  /* What is spoken is recorded in any case, and kept until there is a key; a file is there. */
  if (error != NULL && whis_dictation_uses_microphone (self))
    g_signal_emit (self, signals[WARNING], 0, error->message);
  if (error != NULL && !whis_dictation_uses_microphone (self)
      && !whis_failover_has_second (self->failover))
    whis_dictation_wait_or_fail (self, error);
  else
    whis_transcription_session_set_key (self->transcript, key, g_steal_pointer (&error));
}

static void
find_key (WhisDictation *self)
{
  /* What is tried again by itself does not ask for a password. */
  whis_service_key_lookup_async (self->keyring, whis_dictation_get_provider (self), !self->offer,
                                 self->cancellable, on_key_found, g_object_ref (self));
}

/* From here on the service is asked. */
static void
begin_asking (WhisDictation *self)
{
  whis_failover_warm_up (self->failover);
  find_key (self);
}

/**
 * whis_dictation_set_model:
 * @self: a dictation that was started, and whose plan said that its model is not known yet
 * @model: (nullable): its model; %NULL for the default of its service
 * @error: (nullable): why there is none; the dictation then ends with that, or goes to the second
 *   service
 *
 * From here on chunks are sent.
 */
void
whis_dictation_set_model (WhisDictation *self, const char *model, const GError *error)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));
  g_return_if_fail (self->awaits_model);

  self->awaits_model = FALSE;
  if (whis_dictation_state_is_final (get_state (self)))
    return;

  set_string (&self->record->model, model);
  whis_failover_set_model (self->failover, model);
  if (error == NULL)
    {
      begin_asking (self);
      return;
    }

  g_signal_emit (self, signals[WARNING], 0, error->message);
  set_string (&self->no_model, error->message);
  whis_transcription_session_set_key (self->transcript, NULL, g_error_copy (error));
}

/**
 * whis_dictation_start:
 * @self: an idle dictation
 *
 * Opens the microphone or the file, or goes on with what was recorded before. What goes wrong is
 * told by the state and whis_dictation_get_error().
 */
void
whis_dictation_start (WhisDictation *self)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (WHIS_IS_DICTATION (self));
  g_return_if_fail (get_state (self) == WHIS_DICTATION_STATE_IDLE);

  self->started_at = g_get_monotonic_time ();
  whis_dictation_delivery_enter (self->delivery);
  whis_dictation_set_state (self, WHIS_DICTATION_STATE_STARTING);
  if (!start_sound (self, &error))
    {
      whis_dictation_fail (self, error);
      return;
    }

  if (!whis_dictation_uses_microphone (self))
    whis_dictation_set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  if (!self->awaits_model)
    begin_asking (self);
}

static void
whis_dictation_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  if (prop_id == PROP_STATE)
    g_value_set_enum (value, (int) get_state (WHIS_DICTATION (object)));
  else if (prop_id == PROP_SILENT)
    g_value_set_boolean (value, whis_dictation_get_silent (WHIS_DICTATION (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
whis_dictation_dispose (GObject *object)
{
  WhisDictation *self = WHIS_DICTATION (object);

  if (self->transcript != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->transcript, self);
      whis_transcription_session_cancel (self->transcript);
    }
  g_clear_object (&self->transcript);
  g_clear_object (&self->sound);
  g_clear_object (&self->live);
  g_clear_object (&self->provisional);
  g_clear_object (&self->failover);
  g_clear_object (&self->keyring);
  g_clear_object (&self->history);
  g_clear_object (&self->delivery);
  g_clear_pointer (&self->delivery_reason, g_free);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (whis_dictation_parent_class)->dispose (object);
}

static void
whis_dictation_finalize (GObject *object)
{
  WhisDictation *self = WHIS_DICTATION (object);

  whis_state_machine_free (self->machine);
  whis_record_free (self->record);
  g_free (self->earlier);
  g_clear_error (&self->sound_error);
  g_clear_error (&self->error);
  g_free (self->text);
  g_free (self->no_model);
  g_free (self->end_reason);

  G_OBJECT_CLASS (whis_dictation_parent_class)->finalize (object);
}

static void
whis_dictation_install_signals (void)
{
  GType type = WHIS_TYPE_DICTATION;

  /**
   * WhisDictation::level:
   * @self: a dictation
   * @level: peak input level in dBFS
   *
   * About ten times a second while the microphone is open.
   */
  signals[LEVEL] = g_signal_new ("level", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_DOUBLE);

  /**
   * WhisDictation::progress:
   * @self: a dictation
   * @done: milliseconds of sound that are settled
   * @total: milliseconds of sound in all, 0 while unknown
   */
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_UINT64, G_TYPE_UINT64);

  /**
   * WhisDictation::partial-text:
   * @self: a dictation
   * @text: the text up to the first chunk that is still missing; of a long text the end
   */
  signals[PARTIAL_TEXT] = g_signal_new ("partial-text", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisDictation::warning:
   * @self: a dictation
   * @sentence: what went wrong
   *
   * Something went wrong that does not end the dictation yet.
   */
  signals[WARNING] = g_signal_new ("warning", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisDictation::warning-passed:
   * @self: a dictation
   * @sentence: an earlier [signal@Dictation::warning]
   *
   * What @sentence says is not so any more.
   */
  signals[WARNING_PASSED] = g_signal_new ("warning-passed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  /**
   * WhisDictation::closed:
   * @self: a dictation
   *
   * All of its sound is in its file, or in memory while the disk has no room.
   */
  signals[CLOSED] =
      g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
whis_dictation_class_init (WhisDictationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = whis_dictation_get_property;
  object_class->dispose = whis_dictation_dispose;
  object_class->finalize = whis_dictation_finalize;

  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, WHIS_TYPE_DICTATION_STATE, WHIS_DICTATION_STATE_IDLE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SILENT] =
      g_param_spec_boolean ("silent", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  whis_dictation_install_signals ();
}

static void
whis_dictation_init (WhisDictation *self)
{
  self->machine = whis_state_machine_new (whis_dictation_state_get_table (), state_changed, self);
  self->cancellable = g_cancellable_new ();
}

/* Of a file that was not read to its end there is nothing more to be had. */
static void
expect_gap_at_end (WhisDictation *self)
{
  if (self->mode != WHIS_DICTATION_MODE_RESUME || !self->record->is_file || self->record->complete)
    return;

  self->sound_error =
      g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_INCOMPLETE,
                           _ ("Whis ended before it had read the whole file, so the text is not "
                              "complete; transcribe the file again."));
}

static void
connect_transcript (WhisDictation *self)
{
  g_signal_connect_object (self->transcript, "settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->transcript, "partial-text", G_CALLBACK (on_partial_text), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->transcript, "warning", G_CALLBACK (on_warning), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->failover, "notice", G_CALLBACK (on_warning), self,
                           G_CONNECT_SWAPPED);
}

static void
connect_sound (WhisDictation *self)
{
  const struct
  {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "started", G_CALLBACK (on_sound_started) },
    { "level", G_CALLBACK (on_sound_level) },
    { "notify::silent", G_CALLBACK (on_sound_silent) },
    { "samples", G_CALLBACK (on_sound_samples) },
    { "chunk", G_CALLBACK (on_sound_chunk) },
    { "warning", G_CALLBACK (on_warning) },
    { "warning-passed", G_CALLBACK (on_sound_warning_passed) },
    { "ended", G_CALLBACK (on_sound_ended) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->sound, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
}

/* Each passage of a continuous dictation would take the focus from where it goes. */
static gboolean
wants_review (WhisDictation *self, WhisSettings *settings)
{
  return settings != NULL && whis_settings_get_review (settings) && is_handed_over (self)
         && whis_dictation_uses_microphone (self) && !self->continuous
         && !g_str_equal (whis_settings_get_delivery (settings), "copy");
}

static WhisDictationDelivery *
create_delivery (WhisDictation *self, const WhisDictationParts *parts)
{
  const WhisDeliveryWishes wishes = {
    .hand_over = is_handed_over (self),
    .private = self->record->private,
    .language = self->record->language,
    .reference = self->record->id,
  };
  WhisDictationDelivery *delivery = whis_dictation_delivery_new (
      &wishes, parts->queue, parts->history, parts->delivery, parts->settings);

  self->reviewed = wants_review (self, parts->settings);
  if (self->reviewed)
    whis_dictation_delivery_set_copied_only (delivery);
  g_signal_connect_object (delivery, "begun", G_CALLBACK (on_delivery_begun), self,
                           G_CONNECT_SWAPPED);

  return delivery;
}

/**
 * whis_dictation_new:
 * @plan: what to do
 * @parts: what it is done with
 *
 * Returns: (transfer full): an idle dictation
 */
WhisDictation *
whis_dictation_new (const WhisDictationPlan *plan, const WhisDictationParts *parts)
{
  WhisDictation *self;

  g_return_val_if_fail (plan != NULL && plan->record != NULL, NULL);
  g_return_val_if_fail (parts != NULL, NULL);

  self = g_object_new (WHIS_TYPE_DICTATION, NULL);
  self->mode = plan->mode;
  self->offer = plan->offer;
  self->awaits_model = plan->awaits_model;
  self->attached = plan->attached;
  self->document = plan->document;
  self->hands_free = plan->hands_free;
  self->continuous = plan->pause_ms > 0;
  self->follows = plan->former != NULL;
  self->record = whis_record_copy (plan->record);
  whis_state_machine_set_name (self->machine, self->record->id);
  self->failover = g_object_ref (parts->failover);
  g_set_object (&self->live, parts->live);
  g_set_object (&self->provisional, parts->provisional);
  if (self->provisional != NULL)
    g_signal_connect_object (self->provisional, "text", G_CALLBACK (on_provisional_text), self,
                             G_CONNECT_SWAPPED);
  self->keyring = g_object_ref (parts->keyring);
  self->history = g_object_ref (parts->history);
  self->sound = whis_dictation_sound_new (plan, parts->history, parts->captures);
  connect_sound (self);
  self->delivery = create_delivery (self, parts);
  if (plan->former != NULL)
    {
      whis_dictation_sound_follow (self->sound, plan->former->sound);
      whis_dictation_delivery_follow (self->delivery, plan->former->delivery);
    }
  set_string (&self->record->provider, whis_dictation_get_provider (self)->id);
  set_string (&self->record->host, whis_dictation_get_destination (self));
  self->transcript = whis_transcription_session_new (
      self->record, is_again (self), whis_dictation_sound_get_readable (self->sound),
      self->failover, self->history);
  whis_transcription_session_set_wishes (self->transcript, plan->vocabulary, plan->wants_times);
  if (plan->known != NULL)
    {
      self->earlier = g_strdup (plan->known->id);
      whis_transcription_session_set_earlier (self->transcript, plan->known);
    }
  if (self->live != NULL)
    whis_transcription_session_set_live (self->transcript, self->live);
  connect_transcript (self);
  expect_gap_at_end (self);

  return self;
}
