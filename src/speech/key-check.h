/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "backend.h"
#include "http-request.h"

G_BEGIN_DECLS

const char *whis_key_usable (const WhisProvider *provider, const char *key);
gboolean whis_key_check_may_send (const WhisProvider *provider,
                                  const char *url,
                                  const char *key,
                                  GError **error);

void whis_key_check_async (gpointer source,
                           SoupSession *session,
                           const WhisProvider *provider,
                           const char *url,
                           WhisHttpRequest *request,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);
gboolean whis_key_check_finish (gpointer source,
                                GAsyncResult *result,
                                WhisKeyVerdict *verdict,
                                char **sentence,
                                GError **error);

G_END_DECLS
