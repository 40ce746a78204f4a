/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void whis_message_send_async (SoupSession *session,
                              SoupMessage *message,
                              int priority,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);
GInputStream *whis_message_send_finish (SoupSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
