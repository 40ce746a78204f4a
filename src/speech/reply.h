/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "providers.h"

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

/**
 * WhisQuestion:
 * @method: HTTP method
 * @url: where to
 * @key: (nullable): the key to show as a bearer token
 * @content_type: (nullable): media type of @body
 * @body: (nullable): what to send
 * @timeouts: how long to wait; @answer_percent is not used
 *
 * What to ask a server. The strings are copied.
 */
typedef struct
{
  const char *method;
  const char *url;
  const char *key;
  const char *content_type;
  GBytes *body;
  WhisTimeouts timeouts;
} WhisQuestion;

void whis_reply_get_async (SoupSession *session,
                           const WhisQuestion *question,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data);
WhisReply *whis_reply_get_finish (SoupSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
