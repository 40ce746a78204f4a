/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-database.h"

G_BEGIN_DECLS

gboolean whis_history_repair (WhisHistoryDatabase *database, GError **damage, GError **error);

G_END_DECLS
