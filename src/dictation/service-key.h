/* SPDX-License-Identifier: MIT */
#pragma once

#include "keyring.h"
#include "providers.h"

G_BEGIN_DECLS

void whis_service_key_lookup_async (WhisKeyring *keyring,
                                    const WhisProvider *provider,
                                    gboolean may_prompt,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
char *whis_service_key_lookup_finish (GAsyncResult *result, GError **error);

G_END_DECLS
