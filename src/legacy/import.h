/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "settings.h"

G_BEGIN_DECLS

/**
 * WhisImportFlags:
 * @WHIS_IMPORT_DRY_RUN: nothing is changed; what would be is told
 * @WHIS_IMPORT_AGAIN: also when it was done before
 * @WHIS_IMPORT_OVERWRITE: what the user chose in Whis gives way
 *
 * How to import.
 */
typedef enum
{
  WHIS_IMPORT_DRY_RUN = 1 << 0,
  WHIS_IMPORT_AGAIN = 1 << 1,
  WHIS_IMPORT_OVERWRITE = 1 << 2,
} WhisImportFlags;

void whis_import_async (WhisSettings *settings,
                        WhisKeyring *keyring,
                        WhisImportFlags flags,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
GVariant *whis_import_finish (WhisSettings *settings, GAsyncResult *result, GError **error);

G_END_DECLS
