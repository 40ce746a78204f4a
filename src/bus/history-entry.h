/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

GVariant *whis_history_entry_summarize (const WhisRecord *record);
GVariant *whis_history_entry_describe (const WhisRecord *record);
gboolean
whis_history_entry_parse_query (GVariant *dictionary, WhisHistoryQuery *query, GError **error);

G_END_DECLS
