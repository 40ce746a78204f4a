/* SPDX-License-Identifier: MIT */
/* How a dictation ends: with a text that is delivered, without one, or early. */
#include "dictation-private.h"

#include <glib/gi18n-lib.h>

#include "failure.h"
#include "merge.h"

/* A shorter press of the button is an accident. */
#define ACCIDENT_US (G_USEC_PER_SEC / 3)

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

void
whis_dictation_end_provisional (WhisDictation *self)
{
  if (self->provisional != NULL)
    whis_provisional_end (self->provisional);
}

static void
end_work (WhisDictation *self, gboolean sound_is_wanted)
{
  g_cancellable_cancel (self->cancellable);
  whis_transcription_session_cancel (self->transcript);
  whis_dictation_end_provisional (self);
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

/* Nothing is left of it, not even an entry. */
static void
dictation_drop (WhisDictation *self, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (WhisDictation) alive = g_object_ref (self);
  const char *const ids[] = { self->record->id, NULL };

  self->error = g_error_copy (error);
  end_work (self, FALSE);
  whis_dictation_sound_delete (self->sound);
  whis_dictation_set_state (self, WHIS_DICTATION_STATE_CANCELLED);
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
  whis_dictation_set_state (self, state);
  forget_if_empty (self);
}

/* A passage that has not begun is not missed: what is said goes on in the one before. */
void
whis_dictation_fail (WhisDictation *self, const GError *error)
{
  if (self->follows && get_state (self) == WHIS_DICTATION_STATE_STARTING)
    dictation_drop (self, error);
  else
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
  whis_dictation_set_state (self, WHIS_DICTATION_STATE_DONE);
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

void
whis_dictation_wait_or_fail (WhisDictation *self, const GError *error)
{
  if (!is_worth_waiting (self, error))
    {
      whis_dictation_fail (self, error);
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
  whis_dictation_wait_or_fail (self, get_partial_error (self));
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
      whis_dictation_fail (self, error);
    }
}

/* What is missing is seen in the text. */
static void
dictation_set_text (WhisDictation *self, char *text)
{
  self->text =
      self->sound_error != NULL ? g_strconcat (text, " " WHIS_MERGE_GAP, NULL) : g_strdup (text);
  set_string (&self->record->text, self->text);
  whis_dictation_save (self);
  if (get_partial_error (self) != NULL)
    whis_dictation_delivery_set_copied_only (self->delivery);
  whis_dictation_delivery_run_async (self->delivery, self->text, self->cancellable, on_delivered,
                                     g_object_ref (self));
}

/* Whether something was recorded that a recogniser may know better. */
static gboolean
has_heard_anything (WhisDictation *self)
{
  for (guint i = 0; i < self->record->chunks->len; i++)
    {
      const WhisRecordChunk *chunk = g_ptr_array_index (self->record->chunks, i);

      if (chunk->chunk->has_speech || chunk->chunk->sounds != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
fail_without_text (WhisDictation *self)
{
  g_autoptr (GError) error = NULL;

  /* Behind the last words of a continuous dictation there is always a silence. */
  if (self->continuous && !has_heard_anything (self))
    {
      error = g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH,
                                   self->end_reason != NULL ? self->end_reason
                                                            : _ ("Nothing more was said."));
      dictation_drop (self, error);
      return;
    }

  if (whis_transcription_session_had_echo (self->transcript))
    error = g_error_new_literal (
        WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_ECHO,
        _ ("The service heard no words, only the hint in the settings; nothing was delivered."));
  else
    error = g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_NO_SPEECH,
                                 _ ("No speech heard, so the clipboard is as it was."));

  whis_dictation_fail (self, error);
}

/* All sound is there and every chunk is settled. */
static void
dictation_conclude (WhisDictation *self)
{
  g_autofree char *text = NULL;

  if (whis_transcription_session_has_failed (self->transcript))
    {
      whis_dictation_wait_or_fail (self, whis_transcription_session_get_error (self->transcript));
      return;
    }

  text = whis_transcription_session_get_text (self->transcript);
  if (*text != '\0')
    dictation_set_text (self, text);
  else if (self->sound_error != NULL)
    whis_dictation_fail (self, self->sound_error);
  else
    fail_without_text (self);
}

void
whis_dictation_conclude_if_complete (WhisDictation *self)
{
  if (get_state (self) != WHIS_DICTATION_STATE_TRANSCRIBING
      || !whis_dictation_sound_has_ended (self->sound) || self->text != NULL
      || !whis_transcription_session_is_settled (self->transcript))
    return;

  dictation_conclude (self);
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

  if (!self->follows && g_get_monotonic_time () - self->started_at < ACCIDENT_US)
    {
      whis_dictation_discard (self);
      return;
    }

  whis_dictation_end_provisional (self);
  whis_dictation_delivery_note_focus (self->delivery);
  whis_dictation_set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
  whis_dictation_sound_stop (self->sound);
}

/**
 * whis_dictation_stop_because:
 * @self: a dictation
 * @reason: why, a sentence for the user
 *
 * Does what whis_dictation_stop() does. If nothing is left of the dictation, @reason is its error.
 */
void
whis_dictation_stop_because (WhisDictation *self, const char *reason)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));
  g_return_if_fail (reason != NULL);

  set_string (&self->end_reason, reason);
  whis_dictation_stop (self);
}

/**
 * whis_dictation_discard:
 * @self: a dictation that takes sound
 *
 * Ends it, and keeps nothing: nothing was meant to be said.
 */
void
whis_dictation_discard (WhisDictation *self)
{
  g_autoptr (GError) error =
      g_error_new_literal (WHIS_DICTATION_ERROR, WHIS_DICTATION_ERROR_ACCIDENT,
                           _ ("That was too short to be a dictation; nothing was kept."));

  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (whis_dictation_state_takes_sound (get_state (self)))
    dictation_drop (self, error);
}

/**
 * whis_dictation_begin_split:
 * @self: a dictation
 *
 * Returns: whether it is a passage of a continuous dictation that is at a longer pause: the next
 *   passage is to be started at once, and what is said from the pause on is in that
 */
gboolean
whis_dictation_begin_split (WhisDictation *self)
{
  WhisCapture *microphone;

  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  microphone = whis_dictation_sound_get_microphone (self->sound);

  return self->continuous && get_state (self) == WHIS_DICTATION_STATE_RECORDING
         && microphone != NULL && whis_capture_begin_split (microphone);
}

/**
 * whis_dictation_cancel_split:
 * @self: a passage whose split was begun
 *
 * There is no next passage to be started: this one goes on.
 */
void
whis_dictation_cancel_split (WhisDictation *self)
{
  WhisCapture *microphone;

  g_return_if_fail (WHIS_IS_DICTATION (self));

  microphone = whis_dictation_sound_get_microphone (self->sound);
  if (microphone != NULL)
    whis_capture_cancel_split (microphone);
}

/**
 * whis_dictation_hand_over:
 * @self: a passage whose microphone the next one has taken over
 *
 * Ends the passage as a stop does; all of its sound was heard.
 */
void
whis_dictation_hand_over (WhisDictation *self)
{
  g_return_if_fail (WHIS_IS_DICTATION (self));

  if (get_state (self) != WHIS_DICTATION_STATE_RECORDING)
    return;

  whis_dictation_end_provisional (self);
  whis_dictation_delivery_note_focus (self->delivery);
  whis_dictation_sound_hand_over (self->sound);
  whis_dictation_set_state (self, WHIS_DICTATION_STATE_TRANSCRIBING);
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
