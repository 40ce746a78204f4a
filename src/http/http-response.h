/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "http-request.h"

G_BEGIN_DECLS

/**
 * WhisHttpResponse:
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
} WhisHttpResponse;

void whis_http_response_free (WhisHttpResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisHttpResponse, whis_http_response_free)

gboolean whis_http_response_is_page (const WhisHttpResponse *self);

void whis_http_request_send_async (SoupSession *session,
                                   WhisHttpRequest *request,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer data);
WhisHttpResponse *
whis_http_request_send_finish (SoupSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
