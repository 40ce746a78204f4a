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

static const char *const gpu_nicks[] = {
  [WHIS_GPU_UNTRIED] = "",    [WHIS_GPU_NONE] = "none", [WHIS_GPU_RIGHT] = "right",
  [WHIS_GPU_WRONG] = "wrong", [WHIS_GPU_SLOW] = "slow", [WHIS_GPU_FAILED] = "failed",
};

/**
 * whis_gpu_verdict_get_nick:
 * @verdict: a verdict
 *
 * Returns: (transfer none): the word for it on the bus and on the disk; empty if there is none
 */
const char *
whis_gpu_verdict_get_nick (WhisGpuVerdict verdict)
{
  g_return_val_if_fail ((gsize) verdict < G_N_ELEMENTS (gpu_nicks), "");

  return gpu_nicks[verdict];
}

/**
 * whis_gpu_verdict_from_nick:
 * @nick: (nullable): a word
 *
 * Returns: what it means; %WHIS_GPU_UNTRIED for one that nobody knows
 */
WhisGpuVerdict
whis_gpu_verdict_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (gpu_nicks); i++)
    if (g_strcmp0 (nick, gpu_nicks[i]) == 0)
      return (WhisGpuVerdict) i;

  return WHIS_GPU_UNTRIED;
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
  g_free (self->measure.gpu);
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
 * Returns: how many times faster than speech the model is, with what it is used with; below 1 it is
 *   slower
 */
double
whis_model_entry_get_speed (const WhisModelEntry *self)
{
  g_return_val_if_fail (whis_model_entry_is_measured (self), 0);

  if (self->measure.gpu_verdict == WHIS_GPU_RIGHT && self->measure.gpu_work_ms > 0)
    return (double) self->measure.speech_ms / (double) self->measure.gpu_work_ms;

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
