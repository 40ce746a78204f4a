/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "providers.h"

G_BEGIN_DECLS

/**
 * WhisLiveHandshake:
 * @provider: whom to connect to
 * @url: where to
 * @key: (nullable): the key
 *
 * How to open a WebSocket. The strings need not outlive the call.
 */
typedef struct
{
  const WhisProvider *provider;
  const char *url;
  const char *key;
} WhisLiveHandshake;

void whis_live_handshake_async (const WhisLiveHandshake *handshake,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
SoupWebsocketConnection *whis_live_handshake_finish (GAsyncResult *result, GError **error);

G_END_DECLS
