/* SPDX-License-Identifier: MIT */
#pragma once

#include "history-entry.h"
#include "whis-bus.h"

G_BEGIN_DECLS

void whis_history_export_text_async (const char *text,
                                     GFile *file,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void whis_history_export_json_async (WhisHistoryEntry *entry,
                                     GFile *file,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void whis_history_export_sound_async (WhisBusWhis1 *service,
                                      const char *id,
                                      GFile *file,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean whis_history_export_finish (GFile *file, GAsyncResult *result, GError **error);

G_END_DECLS
