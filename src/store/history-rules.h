/* SPDX-License-Identifier: MIT */
#pragma once

#include <glib.h>

#include "dictation-state.h"

G_BEGIN_DECLS

/**
 * WhisHistoryRules:
 * @keep_sound_days: how long a sound is kept after its text was delivered; -1 for always
 * @keep_text_days: how long a text is kept after it was delivered; -1 for always
 *
 * What the user wants to be kept.
 */
typedef struct
{
  int keep_sound_days;
  int keep_text_days;
} WhisHistoryRules;

/**
 * WhisHistoryCase:
 * @state: where the dictation stands
 * @delivered: whether its text arrived
 * @marked: whether the user marked it
 * @private: whether nothing of it is kept
 * @has_sound: whether its sound is there
 * @state_ms: when it came into @state, Unix time in milliseconds
 * @delivered_ms: when its text arrived, Unix time in milliseconds
 *
 * What is to be known of an entry to judge it.
 */
typedef struct
{
  WhisDictationState state;
  gboolean delivered;
  gboolean marked;
  gboolean private;
  gboolean has_sound;
  gint64 state_ms;
  gint64 delivered_ms;
} WhisHistoryCase;

/**
 * WhisHistoryVerdict:
 * @WHIS_HISTORY_KEEP: everything is kept
 * @WHIS_HISTORY_DROP_SOUND: the sound is deleted, the text kept
 * @WHIS_HISTORY_DROP_TEXT: the texts are deleted, the sound kept
 * @WHIS_HISTORY_DROP_ENTRY: all of it is deleted
 */
typedef enum
{
  WHIS_HISTORY_KEEP,
  WHIS_HISTORY_DROP_SOUND,
  WHIS_HISTORY_DROP_TEXT,
  WHIS_HISTORY_DROP_ENTRY,
} WhisHistoryVerdict;

WhisHistoryVerdict
whis_history_rules_judge (WhisHistoryRules rules, const WhisHistoryCase *entry, gint64 now_ms);

G_END_DECLS
