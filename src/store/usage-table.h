/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-writes.h"

G_BEGIN_DECLS

gboolean whis_usage_table_write (WhisHistoryDatabase *database,
                                 WhisHistoryWrite *write,
                                 gconstpointer request,
                                 GError **error);
gboolean whis_usage_table_take_back (WhisHistoryDatabase *database,
                                     WhisHistoryWrite *write,
                                     gconstpointer request,
                                     GError **error);
GPtrArray *whis_usage_table_read (WhisHistoryDatabase *database, const char *month, GError **error);

G_END_DECLS
