/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "dictation-state.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_ENTRY (whis_history_entry_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryEntry, whis_history_entry, WHIS, HISTORY_ENTRY, GObject)

WhisHistoryEntry *whis_history_entry_new (GVariant *description);

void whis_history_entry_update (WhisHistoryEntry *self, GVariant *description);
GVariant *whis_history_entry_get_description (WhisHistoryEntry *self);
gboolean whis_history_entry_is_known (WhisHistoryEntry *self);
const char *whis_history_entry_get_string (WhisHistoryEntry *self, const char *key);
gboolean whis_history_entry_get_flag (WhisHistoryEntry *self, const char *key);
gint64 whis_history_entry_get_created (WhisHistoryEntry *self);
guint64 whis_history_entry_get_length (WhisHistoryEntry *self);
WhisDictationState whis_history_entry_get_state (WhisHistoryEntry *self);
gboolean whis_history_entry_is_no_speech (WhisHistoryEntry *self);

G_END_DECLS
