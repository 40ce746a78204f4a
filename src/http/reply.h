/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "question.h"

G_BEGIN_DECLS

/**
 * WhisReply:
 * @status: HTTP status
 * @headers: headers
 * @body: body, bounded
 *
 * A whole answer of a server.
 */
typedef struct
{
  guint status;
  SoupMessageHeaders *headers;
  GBytes *body;
} WhisReply;

void whis_reply_free (WhisReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisReply, whis_reply_free)

gboolean whis_reply_is_page (const WhisReply *self);

void whis_reply_get_async (SoupSession *session,
                           WhisQuestion *question,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);
WhisReply *whis_reply_get_finish (SoupSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
