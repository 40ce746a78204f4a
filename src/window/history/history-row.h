/* SPDX-License-Identifier: MIT */
#pragma once

#include <adwaita.h>

#include "history-item.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_ROW (whis_history_row_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryRow, whis_history_row, WHIS, HISTORY_ROW, AdwBin)

GtkWidget *whis_history_row_new (void);

void whis_history_row_set_entry (WhisHistoryRow *self, WhisHistoryItem *entry);

G_END_DECLS
