/* SPDX-License-Identifier: MIT */
#pragma once

#include "part-file.h"

G_BEGIN_DECLS

/**
 * WhisTransferLimits:
 * @connect_ms: longest wait for a connection and the first of the answer, in milliseconds
 * @stall_ms: longest time without 64 KiB, in milliseconds
 * @bytes: how long the file is; 0 where that is not known to the byte
 * @max_bytes: how long it may be
 *
 * What is expected of a server.
 */
typedef struct
{
  guint connect_ms;
  guint stall_ms;
  guint64 bytes;
  guint64 max_bytes;
} WhisTransferLimits;

/**
 * WhisTransferProgress:
 * @total: length of the file, in bytes
 * @data: data
 *
 * More of the file is in the part.
 */
typedef void (*WhisTransferProgress) (guint64 total, gpointer data);

gboolean whis_transfer_is_allowed (const char *address);

void whis_transfer_async (WhisPartFile *part,
                          const char *address,
                          const WhisTransferLimits *limits,
                          WhisTransferProgress progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data);
gboolean whis_transfer_finish (WhisPartFile *part, GAsyncResult *result, GError **error);

G_END_DECLS
