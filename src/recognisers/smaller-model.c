/* SPDX-License-Identifier: MIT */
#include "smaller-model.h"

static gboolean
is_smaller (const WhisModelEntry *other, const WhisModelEntry *entry)
{
  guint64 bytes = entry->row != NULL ? entry->row->bytes : entry->bytes;
  WhisModelSpeed speed = entry->row != NULL ? entry->row->speed : WHIS_MODEL_SPEED_MODERATE;

  return other->row != NULL && other->row->bytes < bytes && other->row->speed <= speed
         && other->state != WHIS_MODEL_STATE_DAMAGED;
}

/* One that is known to be too slow, too, helps nobody. */
static gboolean
can_keep_up (const WhisModelEntry *entry)
{
  return !whis_model_entry_is_measured (entry) || whis_model_entry_get_speed (entry) >= 1;
}

/**
 * whis_smaller_model_find:
 * @entries: (element-type WhisModelEntry): the models that the user has or could have
 * @entry: a model that is slower than speech on this computer
 * @language: (nullable): the language that is spoken (ISO 639), empty or %NULL for any
 *
 * Returns: (transfer none) (nullable): the next smaller model of the catalogue that knows the
 *   language and is not known to be slower than speech, or %NULL if there is none
 */
const WhisModelEntry *
whis_smaller_model_find (GPtrArray *entries, const WhisModelEntry *entry, const char *language)
{
  const WhisModelEntry *found = NULL;

  g_return_val_if_fail (entries != NULL && entry != NULL, NULL);

  for (guint i = 0; i < entries->len; i++)
    {
      const WhisModelEntry *other = g_ptr_array_index (entries, i);

      if (!is_smaller (other, entry) || !can_keep_up (other)
          || (language != NULL && *language != '\0'
              && !whis_local_model_has_language (other->row, language)))
        continue;
      if (found == NULL || other->row->bytes > found->row->bytes)
        found = other;
    }

  return found;
}
