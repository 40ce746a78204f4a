/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-writes.h"

G_BEGIN_DECLS

GPtrArray *whis_history_recover (WhisHistoryDatabase *database, GError **error);

G_END_DECLS
