/* SPDX-License-Identifier: MIT */
#pragma once

#include "whis-bus.h"

G_BEGIN_DECLS

void whis_key_transfer_async (WhisBusWhis1 *service,
                              const char *provider,
                              const char *key,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
char *whis_key_transfer_finish (WhisBusWhis1 *service, GAsyncResult *result, GError **error);

G_END_DECLS
