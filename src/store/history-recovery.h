/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-writes.h"

G_BEGIN_DECLS

/**
 * WhisHistoryRecovered:
 * @records: (element-type WhisRecord): what is to be finished, with its chunks, the oldest first
 * @n_owned: how many dictations that are not at their end were left to others who work on them
 */
typedef struct
{
  GPtrArray *records;
  guint n_owned;
} WhisHistoryRecovered;

WhisHistoryRecovered *whis_history_recover (WhisHistoryDatabase *database, GError **error);
void whis_history_adopt_sounds (WhisHistoryDatabase *database);
void whis_history_recovered_free (WhisHistoryRecovered *recovered);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisHistoryRecovered, whis_history_recovered_free)

G_END_DECLS
