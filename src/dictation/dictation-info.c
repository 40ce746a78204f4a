/* SPDX-License-Identifier: MIT */
/* What others may know of a dictation. */
#include "dictation-private.h"

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
 * whis_dictation_is_hands_free:
 * @self: a dictation
 *
 * Returns: whether it stops by itself after a silence whatever the settings say
 */
gboolean
whis_dictation_is_hands_free (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->hands_free;
}

/**
 * whis_dictation_is_continuous:
 * @self: a dictation
 *
 * Returns: whether it is a passage of a continuous dictation: at the next longer pause it ends, and
 *   another one goes on
 */
gboolean
whis_dictation_is_continuous (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->continuous;
}

/**
 * whis_dictation_is_reviewed:
 * @self: a dictation
 *
 * Returns: whether its text is only copied, since the user wants to look at it before it is
 * inserted
 */
gboolean
whis_dictation_is_reviewed (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->reviewed;
}

/**
 * whis_dictation_follows:
 * @self: a dictation
 *
 * Returns: whether the microphone was open for another passage before, and is not opened for this
 */
gboolean
whis_dictation_follows (WhisDictation *self)
{
  g_return_val_if_fail (WHIS_IS_DICTATION (self), FALSE);

  return self->follows;
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
