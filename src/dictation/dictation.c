/* SPDX-License-Identifier: MIT */
#include "dictation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "dictation-delivery.h"
#include "dictation-sound.h"
#include "failure.h"
#include "merge.h"
#include "model-profile.h"
#include "service-key.h"
#include "transcription-session.h"
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

/* A shorter press of the button is an accident. */
#define ACCIDENT_US (G_USEC_PER_SEC / 3)

struct _WhisDictation
{
  GObject parent_instance;

  WhisDictationMode mode;
  WhisRecord *record; /* what the history knows; its chunks are those of the dictation */
  gboolean offer;
  gboolean awaits_model;
  gboolean attached;
  gboolean document;
  char *earlier; /* id of an earlier try on the same file, or NULL */

  WhisFailover *failover;
  WhisLiveChunks *live;         /* NULL for none */
  WhisProvisional *provisional; /* NULL for none */
  gboolean watched;             /* somebody looks at provisional text */
  WhisKeyring *keyring;
  WhisHistory *history;
  WhisDictationDelivery *delivery;
  char *delivery_reason; /* nullable, why the text was not inserted */
  gboolean withheld;     /* because a password field had the focus */
  gboolean copied;
  GCancellable *cancellable;

  WhisStateMachine *machine; /* of WhisDictationState */
  gint64 started_at;         /* monotonic time of the press, in microseconds */
  WhisDictationSound *sound;
  WhisTranscriptionSession *transcript;
  GError *sound_error;
  GError *error; /* why it failed in the end */
  char *text;
  WhisKept kept;
  gboolean knows_kept; /* before the end */
  char *no_model;      /* what was said about that at the start */
};

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

static WhisDictationState
get_state (WhisDictation *self)
{
  return (WhisDictationState) whis_state_machine_get (self->machine);
}

static void
set_string (char **place, const char *value)
{
  g_free (*place);
  *place = g_strdup (value);
}

static gboolean
is_again (WhisDictation *self)
{
  return self->mode == WHIS_DICTATION_MODE_AGAIN;
}

/* Another version of a text that there is already leaves the record as it was. */
static void
dictation_save (WhisDictation *self)
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

  dictation_save (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (!whis_dictation_state_is_final ((WhisDictationState) to))
    return;

  whis_dictation_delivery_leave (self->delivery);
  whis_dictation_sound_release (self->sound);
}

static void
set_state (WhisDictation *self, WhisDictationState state)
{
  whis_state_machine_set (self->machine, (int) state);
}

/* A copy of what the user has, or nothing at all. From its copy an interrupted one is finished. */
static void
tidy_sound (WhisDictation *self, WhisDictationState state)
{
  if (is_again (self) || self->mode == WHIS_DICTATION_MODE_RESUME)
    return;
  if (state == WHIS_DICTATION_STATE_INTERRUPTED && whis_dictation_sound_get_size (self->sound) > 0)
    return;
  if (!whis_dictation_sound_has_original (self->sound)
      && whis_dictation_sound_get_size (self->sound) > 0)
    return;

  whis_dictation_sound_delete (self->sound);
}

/* What is left of a dictation that was not delivered whole, besides its text. */
static WhisKept
find_kept (WhisDictation *self)
{
  if (is_again (self))
    return WHIS_KEPT_EARLIER_TEXT;
  if (whis_dictation_sound_has_original (self->sound))
    return WHIS_KEPT_FILE;

  return whis_dictation_sound_get_size (self->sound) > 0 ? WHIS_KEPT_SOUND : WHIS_KEPT_NOTHING;
}

static void
set_kept (WhisDictation *self, WhisKept kept)
{
  self->kept = kept;
  self->knows_kept = TRUE;
}

static void
end_provisional (WhisDictation *self)
{
  if (self->provisional != NULL)
    whis_provisional_end (self->provisional);
}

static void
end_work (WhisDictation *self, gboolean sound_is_wanted)
{
  g_cancellable_cancel (self->cancellable);
  whis_transcription_session_cancel (self->transcript);
  end_provisional (self);
  whis_dictation_sound_end (self->sound, sound_is_wanted);
}

/* A dictation of which nothing is left needs no entry. */
static void
forget_if_empty (WhisDictation *self)
{
  const char *const ids[] = { self->record->id, NULL };

  if (!is_again (self) && !whis_dictation_sound_has_original (self->sound)
      && self->record->text == NULL && whis_dictation_sound_get_size (self->sound) == 0)
    whis_history_delete (self->history, ids);
}

/* Ends without a text that was delivered whole. */
static void
end_with_error (WhisDictation *self, WhisDictationState state, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (WhisDictation) alive = g_object_ref (self);

  g_return_if_fail (self->error == NULL);

  self->error = g_error_copy (error);
  if (!self->knows_kept)
    set_kept (self, find_kept (self));
  end_work (self, TRUE);
  tidy_sound (self, state);
  set_string (&self->record->code, whis_failure_get_code (error));
  set_string (&self->record->message, error->message);
  set_state (self, state);
  forget_if_empty (self);
}

static void
dictation_fail (WhisDictation *self, const GError *error)
{
  end_with_error (self, WHIS_DICTATION_STATE_FAILED, error);
}

static void
add_version (WhisDictation *self)
{
  const WhisRecordVersion version = {
    .created_ms = g_get_real_time () / 1000,
    .provider = self->record->provider,
    .model = self->record->model,
    .text = self->text,
  };

  whis_history_add_version (self->history, self->record->id, &version);
}

/* The whole takes the place of the part. */
static void
forget_earlier (WhisDictation *self)
{
  const char *const ids[] = { self->earlier, NULL };

  if (self->earlier != NULL)
    whis_history_delete (self->history, ids);
}

/* With its text in the hands of the user, or offered to it. */
static void
on_dictation_succeed (WhisDictation *self)
{
  if (is_again (self))
    add_version (self);
  self->record->delivered = !self->offer && !self->withheld;
  g_clear_pointer (&self->record->code, g_free);
  g_clear_pointer (&self->record->message, g_free);
  forget_earlier (self);
  set_state (self, WHIS_DICTATION_STATE_DONE);
}

/* The error that a text with gaps, or of a broken recording, is delivered with. */
static const GError *
get_partial_error (WhisDictation *self)
{
  const GError *error = whis_transcription_session_get_error (self->transcript);

  return error != NULL ? error : self->sound_error;
}

/* What has a chance to succeed by itself later waits, and what needs a model; the file of a command
 * line does not. */
static gboolean
is_worth_waiting (WhisDictation *self, const GError *error)
{
  return (whis_failure_may_pass (error) || whis_failure_waits_for_model (error))
         && !whis_dictation_sound_has_original (self->sound) && !is_again (self);
}

static void
wait_or_fail (WhisDictation *self, const GError *error)
{
  if (!is_worth_waiting (self, error))
    {
      dictation_fail (self, error);
      return;
    }

  if (!self->knows_kept)
    set_kept (self, WHIS_KEPT_SOUND
                        | (whis_failure_waits_for_model (error) ? WHIS_KEPT_AWAITS_MODEL
                                                                : WHIS_KEPT_RETRIED));
  end_with_error (self, WHIS_DICTATION_STATE_WAITING, error);
}

static void
finish_partial (WhisDictation *self, gboolean on_clipboard)
{
  set_kept (self, find_kept (self) | WHIS_KEPT_PART | (on_clipboard ? WHIS_KEPT_PART_COPIED : 0));
  wait_or_fail (self, get_partial_error (self));
}

/* A text that a password field kept from being inserted is nowhere but in the history. */
static void
dictation_take_result (WhisDictation *self, const WhisDeliveryResult *result)
{
  self->copied = result->copied;
  self->record->outcome = result->outcome;
  set_string (&self->record->method, result->method);
  set_string (&self->delivery_reason, result->reason);
  if (result->outcome == WHIS_DELIVERY_OUTCOME_PASSWORD_FIELD)
    self->withheld = TRUE;
}

static void
on_delivered (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WhisDictation) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (WhisDeliveryResult) delivered =
      whis_dictation_delivery_run_finish (WHIS_DICTATION_DELIVERY (object), result, &error);

  if (whis_dictation_state_is_final (get_state (self)))
    return;

  if (delivered != NULL)
    dictation_take_result (self, delivered);
  if (get_partial_error (self) != NULL)
    finish_partial (self, delivered != NULL && delivered->copied);
  else if (delivered != NULL)
    on_dictation_succeed (self);
  else
    {
      set_kept (self, WHIS_KEPT_TEXT);
      dictation_fail (self, error);
    }
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
    set_state (self, WHIS_DICTATION_STATE_DELIVERING);
  else
    dictation_save (self);
}

/* What is missing is seen in the text. */
static void
dictation_set_text (WhisDictation *self, char *text)
{
  self->text =
      self->sound_error != NULL ? g_strconcat (text, " " WHIS_MERGE_GAP, NULL) : g_strdup (text);
  set_string (&self->record->text, self->text);
  dictation_save (self);
  if (get_partial_error (self) != NULL)
    whis_dictation_delivery_set_copied_only (self->delivery);
  whis_dictation_delivery_run_async (self->delivery, self->text, self->cancellable, on_delivered,
                                     g_object_ref (self));
}

static void
fail_without_text (WhisDictation *self)
{
  g_autoptr (GError) error = NULL;

  if (whis_transcription_session_had_echo (self->transcript))
    error = g_error_new_literal (
        WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_ECHO,
        _ ("The service heard no words, only the hint in the settings; nothing was delivered."));
  else
    error = g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH,
                                 _ ("No speech heard, so the clipboard is as it was."));

  dictation_fail (self, error);
}

/* All sound is there and every chunk is settled. */
static void
dictation_conclude (WhisDictation *self)
{
  g_autofree char *text = NULL;

  if (whis_transcription_session_has_failed (self->transcript))
    {
      wait_or_fail (self, whis_transcription_session_get_error (self->transcript));
      return;
    }

  text = whis_transcription_session_get_text (self->transcript);
  if (*text != '\0')
    dictation_set_text (self, text);
  else if (self->sound_error != NULL)
    dictation_fail (self, self->sound_error);
  else
    fail_without_text (self);
}

static void
conclude_if_complete (WhisDictation *self)
{
  if (get_state (self) != WHIS_DICTATION_STATE_TRANSCRIBING
      || !whis_dictation_sound_has_ended (self->sound) || self->text != NULL
      || !whis_transcription_session_is_settled (self->transcript))
    return;

  dictation_conclude (self);
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
  conclude_if_complete (self);
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
    set_state (self, WHIS_DICTATION_STATE_RECORDING);
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
      dictation_fail (self, error);
      return;
    }

  if (error != NULL)
    g_signal_emit (self, signals[WARNING], 0, error->message);
  self->record->complete = error == NULL && self->sound_error == NULL;
  if (get_state (self) != WHIS_DICTATION_STATE_TRANSCRIBING)
    set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  else
    dictation_save (self);
  whis_transcription_session_end_sound (self->transcript);
  emit_progress (self);
  conclude_if_complete (self);
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
    wait_or_fail (self, error);
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
  set_state (self, WHIS_DICTATION_STATE_STARTING);
  if (!start_sound (self, &error))
    {
      dictation_fail (self, error);
      return;
    }

  if (!whis_dictation_uses_microphone (self))
    set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  if (!self->awaits_model)
    begin_asking (self);
}

/* Nothing was meant to be said: nothing is kept. */
static void
discard_accident (WhisDictation *self)
{
  G_GNUC_UNUSED g_autoptr (WhisDictation) alive = g_object_ref (self);
  const char *const ids[] = { self->record->id, NULL };

  self->error = g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_ACCIDENT,
                                     _ ("That was too short to be a dictation; nothing was kept."));
  end_work (self, FALSE);
  whis_dictation_sound_delete (self->sound);
  set_state (self, WHIS_DICTATION_STATE_CANCELLED);
  whis_history_delete (self->history, ids);
}

/**
 * whis_dictation_stop:
 * @self: a dictation
 *
 * Ends the recording; the text follows. Within a third of a second after the start it was an
 * accident, and nothing is left. Does nothing when nothing is recorded.
 */
void
whis_dictation_stop (WhisDictation *self)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (!whis_dictation_state_takes_sound (get_state (self)))
    return;

  if (g_get_monotonic_time () - self->started_at < ACCIDENT_US)
    {
      discard_accident (self);
      return;
    }

  end_provisional (self);
  whis_dictation_delivery_note_focus (self->delivery);
  set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  whis_dictation_sound_stop (self->sound);
}

static void
end_early (WhisDictation *self, WhisDictationState state, const GError *error)
{
  if (get_state (self) == WHIS_DICTATION_STATE_IDLE
      || whis_dictation_state_is_final (get_state (self)))
    return;

  end_with_error (self, state, error);
}

/**
 * whis_dictation_cancel:
 * @self: a dictation
 *
 * Ends the dictation without text. The sound that was recorded is kept.
 */
void
whis_dictation_cancel (WhisDictation *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The dictation was cancelled."));

  g_return_if_fail (WHIS_IS_DICTATION (self));

  end_early (self, WHIS_DICTATION_STATE_CANCELLED, error);
}

/* Nobody will know whether the text arrives, so that it must not be delivered once more. */
static void
end_delivery (WhisDictation *self)
{
  self->offer = TRUE;
  if (get_partial_error (self) != NULL)
    finish_partial (self, FALSE);
  else
    on_dictation_succeed (self);
}

/**
 * whis_dictation_interrupt:
 * @self: a dictation
 *
 * Ends the dictation because the service ends. It can be finished later.
 */
void
whis_dictation_interrupt (WhisDictation *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_INTERRUPTED,
                           _ ("Whis ended in the middle of the dictation."));

  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (get_state (self) == WHIS_DICTATION_STATE_DELIVERING)
    end_delivery (self);
  else
    end_early (self, WHIS_DICTATION_STATE_INTERRUPTED, error);
}

const char *
whis_dictation_get_id (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->record->id;
}

WhisDictationState
whis_dictation_get_state (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), WHIS_DICTATION_STATE_IDLE);

  return get_state (self);
}

/**
 * whis_dictation_get_record:
 * @self: a dictation
 *
 * Returns: (transfer none): what the history is told of it, with its chunks; it changes as long as
 *   the dictation has not ended
 */
const WhisRecord *
whis_dictation_get_record (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->record;
}

/**
 * whis_dictation_get_elapsed_ms:
 * @self: a dictation
 *
 * Returns: length of the sound so far in milliseconds
 */
guint64
whis_dictation_get_elapsed_ms (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), 0);

  return whis_dictation_sound_get_elapsed_ms (self->sound);
}

/**
 * whis_dictation_get_quiet_ms:
 * @self: a dictation
 * @has_spoken: (out): whether speech was heard at all
 *
 * Returns: for how long the microphone has heard no speech, in milliseconds of sound
 */
guint64
whis_dictation_get_quiet_ms (WhisDictation *self, gboolean *has_spoken)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), 0);
  g_return_val_if_fail (has_spoken != NULL, 0);

  return whis_dictation_sound_get_quiet_ms (self->sound, has_spoken);
}

/**
 * whis_dictation_get_level:
 * @self: a dictation
 *
 * Returns: peak input level in dBFS, -100 when no sound is taken
 */
double
whis_dictation_get_level (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), -G_MAXDOUBLE);

  return whis_dictation_sound_get_level (self->sound);
}

const WhisProvider *
whis_dictation_get_provider (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return whis_failover_get_provider (self->failover);
}

/**
 * whis_dictation_get_destination:
 * @self: a dictation
 *
 * Returns: the host that its sound goes to
 */
const char *
whis_dictation_get_destination (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return whis_failover_get_host (self->failover);
}

/**
 * whis_dictation_get_text:
 * @self: a dictation
 *
 * Returns: (nullable): its text, once it is complete; with gaps if it failed in part
 */
const char *
whis_dictation_get_text (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->text;
}

/**
 * whis_dictation_get_error:
 * @self: a dictation
 *
 * Returns: (nullable) (transfer none): why it failed or was cancelled
 */
const GError *
whis_dictation_get_error (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->error;
}

/**
 * whis_dictation_get_kept:
 * @self: a dictation
 *
 * Returns: what is left of a failed dictation
 */
WhisKept
whis_dictation_get_kept (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), WHIS_KEPT_NOTHING);

  return self->kept;
}

/**
 * whis_dictation_is_copied:
 * @self: a dictation
 *
 * Returns: whether its text was put on the clipboard and left there
 */
gboolean
whis_dictation_is_copied (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->copied;
}

/**
 * whis_dictation_get_delivery_reason:
 * @self: a dictation
 *
 * Returns: (nullable): why its text was not inserted at the cursor, a sentence for the user
 */
const char *
whis_dictation_get_delivery_reason (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), NULL);

  return self->delivery_reason;
}

/**
 * whis_dictation_delivers:
 * @self: a dictation
 *
 * Returns: whether its text is for the place where the user is working
 */
gboolean
whis_dictation_delivers (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->record->deliver && !is_again (self);
}

/**
 * whis_dictation_offers:
 * @self: a dictation
 *
 * Returns: whether its text comes so late that it is offered to the user, and not delivered
 */
gboolean
whis_dictation_offers (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->offer;
}

gboolean
whis_dictation_uses_microphone (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return whis_dictation_sound_uses_microphone (self->sound);
}

/**
 * whis_dictation_is_attached:
 * @self: a dictation
 *
 * Returns: whether it is to end when who asked for it leaves the bus
 */
gboolean
whis_dictation_is_attached (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->attached;
}

/**
 * whis_dictation_wants_document:
 * @self: a dictation
 *
 * Returns: whether its transcript is to be remembered until who asked for it takes it
 */
gboolean
whis_dictation_wants_document (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->document;
}

/**
 * whis_dictation_can_resume:
 * @self: a dictation that has ended
 *
 * Returns: whether it can be finished later, because its sound is there
 */
gboolean
whis_dictation_can_resume (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return !is_again (self) && whis_dictation_sound_get_size (self->sound) > 0;
}

/**
 * whis_dictation_is_closing:
 * @self: a dictation
 *
 * Returns: whether it has ended, but not all of its sound is in its file
 */
gboolean
whis_dictation_is_closing (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return whis_dictation_sound_is_closing (self->sound);
}

/**
 * whis_dictation_has_all_sound:
 * @self: a dictation
 *
 * Returns: whether no more sound is on its way to its file; [signal@Dictation::closed] tells when
 *   that is so
 */
gboolean
whis_dictation_has_all_sound (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), TRUE);

  return whis_dictation_sound_is_complete (self->sound);
}

/**
 * whis_dictation_get_silent:
 * @self: a dictation
 *
 * Returns: whether the microphone has given nothing but silence for seconds
 */
gboolean
whis_dictation_get_silent (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return whis_dictation_sound_get_silent (self->sound);
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
