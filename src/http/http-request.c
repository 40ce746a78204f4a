/* SPDX-License-Identifier: MIT */
#include "http-request.h"
#include "secret.h"

/* The header that carries a key, and what stands before it there. */
static const struct
{
  const char *header;
  const char *scheme;
} auth_forms[] = {
  [WHIS_AUTH_NONE] = { NULL, NULL },
  [WHIS_AUTH_BEARER] = { "Authorization", "Bearer " },
  [WHIS_AUTH_TOKEN] = { "Authorization", "Token " },
  [WHIS_AUTH_PLAIN] = { "Authorization", "" },
  [WHIS_AUTH_API_KEY] = { "api-key", "" },
  [WHIS_AUTH_XI_API_KEY] = { "xi-api-key", "" },
  [WHIS_AUTH_GOOG_API_KEY] = { "x-goog-api-key", "" },
};

static void
http_request_clear (WhisHttpRequest *self)
{
  whis_secret_free (self->key);
  g_free (self->method);
  g_free (self->url);
  g_free (self->content_type);
  g_free (self->trusted);
  g_clear_pointer (&self->headers, g_ptr_array_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
}

/**
 * whis_http_request_new:
 * @method: HTTP method
 * @url: where to
 *
 * Returns: (transfer full): a request without key and body
 */
WhisHttpRequest *
whis_http_request_new (const char *method, const char *url)
{
  WhisHttpRequest *self;

  g_return_val_if_fail (method != NULL && url != NULL, NULL);

  self = g_rc_box_new0 (WhisHttpRequest);
  self->method = g_strdup (method);
  self->url = g_strdup (url);

  return self;
}

/**
 * whis_http_request_ref:
 * @self: a request
 *
 * Returns: (transfer full): @self
 */
WhisHttpRequest *
whis_http_request_ref (WhisHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_rc_box_acquire (self);
}

/**
 * whis_http_request_unref:
 * @self: (transfer full) (nullable): a request
 */
void
whis_http_request_unref (WhisHttpRequest *self)
{
  if (self != NULL)
    g_rc_box_release_full (self, (GDestroyNotify) http_request_clear);
}

/**
 * whis_http_request_add_header:
 * @self: a request
 * @name: name of a header
 * @value: its value; no secret
 */
void
whis_http_request_add_header (WhisHttpRequest *self, const char *name, const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  if (self->headers == NULL)
    self->headers = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->headers, g_strdup (name));
  g_ptr_array_add (self->headers, g_strdup (value));
}

/**
 * whis_http_request_set_body:
 * @self: a request
 * @content_type: media type of @body
 * @body: what to send
 */
void
whis_http_request_set_body (WhisHttpRequest *self, const char *content_type, GBytes *body)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (content_type != NULL && body != NULL);
  g_return_if_fail (self->body == NULL);

  self->content_type = g_strdup (content_type);
  self->body = g_bytes_ref (body);
}

/**
 * whis_http_request_set_form:
 * @self: a request
 * @form: a form (RFC 7578) to send
 */
void
whis_http_request_set_form (WhisHttpRequest *self, SoupMultipart *form)
{
  g_autoptr (SoupMessageHeaders) headers = NULL;
  g_autoptr (GBytes) body = NULL;

  g_return_if_fail (form != NULL);

  headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  soup_multipart_to_message (form, headers, &body);
  whis_http_request_set_body (self, soup_message_headers_get_one (headers, "Content-Type"), body);
}

/**
 * whis_http_request_set_key:
 * @self: a request
 * @auth: how the key is shown
 * @key: (nullable): a key
 */
void
whis_http_request_set_key (WhisHttpRequest *self, WhisAuth auth, const char *key)
{
  g_return_if_fail (self != NULL);

  self->auth = auth;
  whis_secret_free (self->key);
  self->key = g_strdup (key);
}

/**
 * whis_auth_show_key:
 * @auth: how the key is shown
 * @key: (nullable): a key
 * @headers: headers of a request
 *
 * Puts a key into the header that the service looks for it in.
 */
void
whis_auth_show_key (WhisAuth auth, const char *key, SoupMessageHeaders *headers)
{
  char *value;

  g_return_if_fail ((guint) auth < G_N_ELEMENTS (auth_forms));
  g_return_if_fail (headers != NULL);

  if (key == NULL || auth_forms[auth].header == NULL)
    return;
  value = g_strconcat (auth_forms[auth].scheme, key, NULL);
  soup_message_headers_replace (headers, auth_forms[auth].header, value);
  whis_secret_free (value);
}

/**
 * whis_http_request_to_message:
 * @self: a request
 *
 * Returns: (transfer full) (nullable): the request that asks it; %NULL when the address is none
 */
SoupMessage *
whis_http_request_to_message (const WhisHttpRequest *self)
{
  g_autoptr (SoupMessage) message = NULL;
  SoupMessageHeaders *headers;

  g_return_val_if_fail (self != NULL, NULL);

  message = soup_message_new (self->method, self->url);
  if (message == NULL)
    return NULL;
  headers = soup_message_get_request_headers (message);
  for (guint i = 0; self->headers != NULL && i + 1 < self->headers->len; i += 2)
    soup_message_headers_append (headers, g_ptr_array_index (self->headers, i),
                                 g_ptr_array_index (self->headers, i + 1));
  if (self->body != NULL)
    soup_message_set_request_body_from_bytes (message, self->content_type, self->body);
  whis_auth_show_key (self->auth, self->key, headers);

  return g_steal_pointer (&message);
}

/**
 * whis_http_query_append:
 * @query: the parameters of an address so far
 * @name: name of the next one
 * @value: its value, as it is
 *
 * Adds a parameter (RFC 3986, 3.4).
 */
void
whis_http_query_append (GString *query, const char *name, const char *value)
{
  g_return_if_fail (query != NULL && name != NULL && value != NULL);

  g_string_append_c (query, query->len == 0 ? '?' : '&');
  g_string_append (query, name);
  g_string_append_c (query, '=');
  g_string_append_uri_escaped (query, value, NULL, FALSE);
}
