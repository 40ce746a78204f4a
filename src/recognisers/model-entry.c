/* SPDX-License-Identifier: MIT */
#include "model-entry.h"

/**
 * whis_model_state_get_nick:
 * @state: a state
 *
 * Returns: (transfer none): the word for it on the bus
 */
const char *
whis_model_state_get_nick (WhisModelState state)
{
  switch (state)
    {
    case WHIS_MODEL_STATE_PARTIAL:
      return "partial";
    case WHIS_MODEL_STATE_VERIFIED:
      return "verified";
    case WHIS_MODEL_STATE_UNCHECKED:
      return "unchecked";
    case WHIS_MODEL_STATE_OWN:
      return "own";
    case WHIS_MODEL_STATE_DAMAGED:
      return "damaged";
    case WHIS_MODEL_STATE_ABSENT:
    default:
      return "absent";
    }
}

/**
 * whis_model_state_is_usable:
 * @state: a state
 *
 * Returns: whether there is a file that may be loaded, after a look at its checksum if it is
 *   %WHIS_MODEL_STATE_UNCHECKED
 */
gboolean
whis_model_state_is_usable (WhisModelState state)
{
  return state == WHIS_MODEL_STATE_VERIFIED || state == WHIS_MODEL_STATE_UNCHECKED
         || state == WHIS_MODEL_STATE_OWN;
}

/**
 * whis_model_entry_new:
 * @id: an id
 * @row: (nullable): its row in the catalogue
 *
 * Returns: (transfer full): an entry of which there is nothing on this computer
 */
WhisModelEntry *
whis_model_entry_new (const char *id, const WhisLocalModel *row)
{
  WhisModelEntry *self = g_atomic_rc_box_new0 (WhisModelEntry);

  self->id = g_strdup (id);
  self->row = row;
  if (row != NULL)
    self->kind = row->kind;

  return self;
}

/**
 * whis_model_entry_ref:
 * @self: an entry
 *
 * Returns: (transfer full): @self
 */
WhisModelEntry *
whis_model_entry_ref (WhisModelEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
clear_entry (gpointer data)
{
  WhisModelEntry *self = data;

  g_free (self->id);
  g_free (self->path);
}

/**
 * whis_model_entry_unref:
 * @self: (transfer full): an entry
 */
void
whis_model_entry_unref (WhisModelEntry *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, clear_entry);
}

/**
 * whis_model_entry_is_measured:
 * @self: an entry
 *
 * Returns: whether it is known how fast the model is on this computer
 */
gboolean
whis_model_entry_is_measured (const WhisModelEntry *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->measure.speech_ms > 0 && self->measure.work_ms > 0;
}

/**
 * whis_model_entry_get_speed:
 * @self: an entry that is measured
 *
 * Returns: how many times faster than speech the model is; below 1 it is slower
 */
double
whis_model_entry_get_speed (const WhisModelEntry *self)
{
  g_return_val_if_fail (whis_model_entry_is_measured (self), 0);

  return (double) self->measure.speech_ms / (double) self->measure.work_ms;
}

/**
 * whis_model_entry_get_name:
 * @self: an entry
 *
 * Returns: (transfer none): what people call it
 */
const char *
whis_model_entry_get_name (const WhisModelEntry *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->row != NULL ? self->row->name : self->id;
}
