/* SPDX-License-Identifier: MIT */
#pragma once

#include <gio/gio.h>

#include "dictation-state.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_ITEM (whis_history_item_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryItem, whis_history_item, WHIS, HISTORY_ITEM, GObject)

WhisHistoryItem *whis_history_item_new (GVariant *description);

void whis_history_item_update (WhisHistoryItem *self, GVariant *description);
GVariant *whis_history_item_get_description (WhisHistoryItem *self);
gboolean whis_history_item_is_known (WhisHistoryItem *self);
const char *whis_history_item_get_string (WhisHistoryItem *self, const char *key);
gboolean whis_history_item_get_flag (WhisHistoryItem *self, const char *key);
gint64 whis_history_item_get_created (WhisHistoryItem *self);
guint64 whis_history_item_get_length (WhisHistoryItem *self);
WhisDictationState whis_history_item_get_state (WhisHistoryItem *self);
gboolean whis_history_item_is_no_speech (WhisHistoryItem *self);
const char *whis_history_item_get_state_label (WhisHistoryItem *self);
const char *whis_history_item_get_state_icon (WhisHistoryItem *self);

G_END_DECLS
