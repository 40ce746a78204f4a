/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

#define WHIS_FILE_TRANSFER_ERROR (whis_file_transfer_error_quark ())

/**
 * WhisFileTransferError:
 * @WHIS_FILE_TRANSFER_ERROR_KIND: it is a folder or a device, or it is not on this computer
 * @WHIS_FILE_TRANSFER_ERROR_EMPTY: there is nothing in the file
 * @WHIS_FILE_TRANSFER_ERROR_READ: it cannot be read
 *
 * Why a file was not given to the service. The messages are sentences for the user.
 */
typedef enum
{
  WHIS_FILE_TRANSFER_ERROR_KIND,
  WHIS_FILE_TRANSFER_ERROR_EMPTY,
  WHIS_FILE_TRANSFER_ERROR_READ,
} WhisFileTransferError;

GQuark whis_file_transfer_error_quark (void);

void whis_file_transfer_async (WhisBusWhis1 *service,
                               GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
char *whis_file_transfer_finish (WhisBusWhis1 *service, GAsyncResult *result, GError **error);

G_END_DECLS
