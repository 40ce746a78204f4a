/* SPDX-License-Identifier: MIT */
#pragma once

#include "dictations.h"
#include "keyring.h"

G_BEGIN_DECLS

/**
 * WhisKeyedBackend:
 * @backend: how a provider is spoken to
 * @key: (nullable): its key; wiped with this
 *
 * All that is needed to ask a provider something.
 */
typedef struct
{
  WhisBackend *backend;
  char *key;
} WhisKeyedBackend;

void whis_keyed_backend_free (WhisKeyedBackend *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisKeyedBackend, whis_keyed_backend_free)

void whis_keyed_backend_find_async (WhisDictations *dictations,
                                    WhisKeyring *keyring,
                                    const WhisProvider *provider,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer data);
WhisKeyedBackend *whis_keyed_backend_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
