/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-entry.h"

G_BEGIN_DECLS

char *whis_entry_facts_describe (WhisHistoryEntry *entry);
guint whis_entry_facts_count_missing (WhisHistoryEntry *entry, guint *total);

G_END_DECLS
