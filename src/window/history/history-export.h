/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-item.h"
#include "whis-bus.h"

G_BEGIN_DECLS

char *whis_history_export_suggest_name (WhisHistoryItem *entry, const char *format);
void whis_history_export_async (WhisBusWhis1 *service,
                                WhisHistoryItem *entry,
                                const char *text,
                                const char *format,
                                GFile *file,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean whis_history_export_finish (GFile *file, GAsyncResult *result, GError **error);

G_END_DECLS
