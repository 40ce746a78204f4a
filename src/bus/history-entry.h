/* SPDX-License-Identifier: MIT */
#pragma once

#include "history.h"

G_BEGIN_DECLS

GVariant *whis_history_entry_summarize (const WhisRecord *record);
GVariant *whis_history_entry_describe (const WhisRecord *record);

G_END_DECLS
