/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

#include "request-options.h"

G_BEGIN_DECLS

/**
 * WhisHttpRequest:
 * @method: HTTP method
 * @url: where to
 * @headers: (nullable): headers beside the key's, pairs of name and value
 * @content_type: (nullable): media type of @body
 * @body: (nullable): what to send
 * @auth: how @key is shown
 * @key: (nullable): the key; wiped with the request
 * @trusted: (nullable): the file with the certificates that the user trusts beside the system's
 * @timeouts: how long to wait; `answer_percent` is not used
 * @most_bytes: the longest answer that is read, in bytes; 0 for 4 MB
 * @pause_ms: how long to wait before asking, in milliseconds
 * @was_sent: whether any of @body went out; set while it is asked
 *
 * One HTTP request to a service. Counted references.
 */
typedef struct
{
  char *method;
  char *url;
  GPtrArray *headers;
  char *content_type;
  GBytes *body;
  WhisAuth auth;
  char *key;
  char *trusted;
  WhisTimeouts timeouts;
  gsize most_bytes;
  guint pause_ms;
  gboolean was_sent;
} WhisHttpRequest;

WhisHttpRequest *whis_http_request_new (const char *method, const char *url);
WhisHttpRequest *whis_http_request_ref (WhisHttpRequest *self);
void whis_http_request_unref (WhisHttpRequest *self);

void whis_http_request_add_header (WhisHttpRequest *self, const char *name, const char *value);
void whis_http_request_set_body (WhisHttpRequest *self, const char *content_type, GBytes *body);
void whis_http_request_set_form (WhisHttpRequest *self, SoupMultipart *form);
void whis_http_request_set_key (WhisHttpRequest *self, WhisAuth auth, const char *key);

SoupMessage *whis_http_request_to_message (const WhisHttpRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WhisHttpRequest, whis_http_request_unref)

void whis_http_query_append (GString *query, const char *name, const char *value);
void whis_auth_show_key (WhisAuth auth, const char *key, SoupMessageHeaders *headers);

G_END_DECLS
