/* SPDX-License-Identifier: MIT */
#include "history-rules.h"

#define DAY_MS (G_GINT64_CONSTANT (24) * 60 * 60 * 1000)
/* As long as a cancellation can be taken back. */
#define UNDO_MS (G_GINT64_CONSTANT (60) * 1000)

static gboolean
is_over (int days, gint64 since_ms, gint64 now_ms)
{
  if (days < 0)
    return FALSE;

  return days == 0 || now_ms - since_ms > days * DAY_MS;
}

/**
 * whis_history_rules_judge:
 * @rules: what the user wants to be kept
 * @entry: an entry
 * @now_ms: the time, Unix time in milliseconds
 *
 * Decides what is to be deleted of an entry. Only what is done and delivered is ever touched, so
 * that nothing that was spoken can be lost by a rule; and what is marked is kept. Private
 * dictations are the exception: nothing of one is kept once it is delivered, or a minute after it
 * was cancelled.
 *
 * Returns: what is to be deleted
 */
WhisHistoryVerdict
whis_history_rules_judge (WhisHistoryRules rules, const WhisHistoryCase *entry, gint64 now_ms)
{
  gboolean sound_over, text_over;

  g_return_val_if_fail (entry != NULL, WHIS_HISTORY_KEEP);

  if (entry->private && entry->state == WHIS_DICTATION_STATE_CANCELLED)
    /* A clock that was set back keeps nothing private either. */
    return ABS (now_ms - entry->state_ms) > UNDO_MS ? WHIS_HISTORY_DROP_ENTRY : WHIS_HISTORY_KEEP;
  if (entry->state != WHIS_DICTATION_STATE_DONE || !entry->delivered)
    return WHIS_HISTORY_KEEP;
  if (entry->private)
    return WHIS_HISTORY_DROP_ENTRY;
  if (entry->marked)
    return WHIS_HISTORY_KEEP;

  sound_over = is_over (rules.keep_sound_days, entry->delivered_ms, now_ms);
  text_over = is_over (rules.keep_text_days, entry->delivered_ms, now_ms);
  if (text_over)
    return sound_over || !entry->has_sound ? WHIS_HISTORY_DROP_ENTRY : WHIS_HISTORY_DROP_TEXT;

  return sound_over && entry->has_sound ? WHIS_HISTORY_DROP_SOUND : WHIS_HISTORY_KEEP;
}
