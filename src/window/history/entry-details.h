/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-item.h"

G_BEGIN_DECLS

char *whis_entry_details_describe (WhisHistoryItem *entry);
guint whis_entry_details_count_missing (WhisHistoryItem *entry, guint *total);

G_END_DECLS
