/* SPDX-License-Identifier: MIT */
#pragma once

#include "http-error.h"

G_BEGIN_DECLS

/**
 * WhisDownloadTimeouts:
 * @connect_ms: longest wait for a connection and the first of an answer
 * @stall_ms: longest time without 64 KiB
 * @wait_ms: wait before the second attempt; it doubles with each further one
 *
 * How patient a download is, in milliseconds.
 */
typedef struct
{
  guint connect_ms;
  guint stall_ms;
  guint wait_ms;
} WhisDownloadTimeouts;

#define WHIS_TYPE_DOWNLOAD (whis_download_get_type ())
G_DECLARE_FINAL_TYPE (WhisDownload, whis_download, WHIS, DOWNLOAD, GObject)

WhisDownload *
whis_download_new (const char *path, const char *const *addresses, const char *sha256);

void whis_download_set_length (WhisDownload *self, guint64 bytes, guint64 max_bytes);
void whis_download_set_allow_metered (WhisDownload *self, gboolean allow_metered);
void whis_download_set_network_monitor (WhisDownload *self, GNetworkMonitor *monitor);
void whis_download_set_timeouts (WhisDownload *self, const WhisDownloadTimeouts *timeouts);

guint64 whis_download_get_done (WhisDownload *self);
guint64 whis_download_get_total (WhisDownload *self);

void whis_download_run_async (WhisDownload *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);
gboolean whis_download_run_finish (WhisDownload *self, GAsyncResult *result, GError **error);

G_END_DECLS
