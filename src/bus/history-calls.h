/* SPDX-License-Identifier: MIT */
#pragma once

#include "clipboard.h"
#include "history.h"
#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_TYPE_HISTORY_CALLS (whis_history_calls_get_type ())
G_DECLARE_FINAL_TYPE (WhisHistoryCalls, whis_history_calls, WHIS, HISTORY_CALLS, GObject)

WhisHistoryCalls *
whis_history_calls_new (WhisBusWhis1 *skeleton, WhisHistory *history, WhisClipboard *clipboard);

G_END_DECLS
