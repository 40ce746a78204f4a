/* SPDX-License-Identifier: MIT */
#include "http-request.h"

#include <string.h>

static const char *
get_header (SoupMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_request_headers (message), name);
}

/* Each service looks for the key in its own header, and no other gets to see it. */
static void
test_keys (void)
{
  static const struct
  {
    WhisAuth auth;
    const char *header;
    const char *value;
  } cases[] = {
    { WHIS_AUTH_BEARER, "Authorization", "Bearer a-key" },
    { WHIS_AUTH_TOKEN, "Authorization", "Token a-key" },
    { WHIS_AUTH_PLAIN, "Authorization", "a-key" },
    { WHIS_AUTH_API_KEY, "api-key", "a-key" },
    { WHIS_AUTH_XI_API_KEY, "xi-api-key", "a-key" },
    { WHIS_AUTH_GOOG_API_KEY, "x-goog-api-key", "a-key" },
  };
  static const char *const headers[] = { "Authorization", "api-key", "xi-api-key",
                                         "x-goog-api-key" };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WhisHttpRequest) request = whis_http_request_new ("GET", "https://h/");
      g_autoptr (SoupMessage) message = NULL;

      whis_http_request_set_key (request, cases[i].auth, "another-key");
      whis_http_request_set_key (request, cases[i].auth, "a-key");
      message = whis_http_request_to_message (request);
      for (gsize j = 0; j < G_N_ELEMENTS (headers); j++)
        g_assert_cmpstr (get_header (message, headers[j]), ==,
                         g_str_equal (headers[j], cases[i].header) ? cases[i].value : NULL);
    }
}

/* A server of one's own that wants no key gets none, whatever was stored for it. */
static void
test_no_key (void)
{
  g_autoptr (WhisHttpRequest) without_key = whis_http_request_new ("GET", "https://h/");
  g_autoptr (WhisHttpRequest) without_auth = whis_http_request_new ("GET", "https://h/");
  g_autoptr (SoupMessage) first = NULL;
  g_autoptr (SoupMessage) second = NULL;

  whis_http_request_set_key (without_key, WHIS_AUTH_BEARER, NULL);
  whis_http_request_set_key (without_auth, WHIS_AUTH_NONE, "a-key");
  first = whis_http_request_to_message (without_key);
  second = whis_http_request_to_message (without_auth);
  g_assert_null (get_header (first, "Authorization"));
  g_assert_null (get_header (second, "Authorization"));
}

/* A header that the request brings along does not stand beside the key's. */
static void
test_headers (void)
{
  g_autoptr (WhisHttpRequest) request = whis_http_request_new ("PUT", "https://h/path?a=b");
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *uri = NULL;

  whis_http_request_add_header (request, "Accept", "application/json");
  whis_http_request_add_header (request, "X-Twice", "1");
  whis_http_request_add_header (request, "X-Twice", "2");
  whis_http_request_add_header (request, "Authorization", "Bearer of-somebody");
  whis_http_request_set_key (request, WHIS_AUTH_BEARER, "a-key");
  message = whis_http_request_to_message (request);
  uri = g_uri_to_string (soup_message_get_uri (message));
  g_assert_cmpstr (soup_message_get_method (message), ==, "PUT");
  g_assert_cmpstr (uri, ==, "https://h/path?a=b");
  g_assert_cmpstr (get_header (message, "Accept"), ==, "application/json");
  g_assert_cmpstr (
      soup_message_headers_get_list (soup_message_get_request_headers (message), "X-Twice"), ==,
      "1, 2");
  g_assert_cmpstr (
      soup_message_headers_get_list (soup_message_get_request_headers (message), "Authorization"),
      ==, "Bearer a-key");
}

/* The same request can be made again, as for another try. */
static void
test_body (void)
{
  g_autoptr (WhisHttpRequest) request = whis_http_request_new ("POST", "https://h/");
  g_autoptr (GBytes) body = g_bytes_new_static ("a\0b", 3);

  whis_http_request_set_body (request, "audio/mpeg", body);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (SoupMessage) message = whis_http_request_to_message (request);
      SoupMessageHeaders *headers = soup_message_get_request_headers (message);

      g_assert_cmpstr (get_header (message, "Content-Type"), ==, "audio/mpeg");
      g_assert_cmpint (soup_message_headers_get_content_length (headers), ==, 3);
    }
}

static void
test_form (void)
{
  g_autoptr (WhisHttpRequest) request = whis_http_request_new ("POST", "https://h/");
  g_autoptr (SoupMultipart) form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  g_autoptr (SoupMultipart) sent = NULL;
  g_autoptr (SoupMessageHeaders) headers =
      soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  SoupMessageHeaders *part_headers;
  GBytes *part;

  soup_multipart_append_form_string (form, "prompt", "“Quillara” & Söhne");
  whis_http_request_set_form (request, form);
  g_assert_true (g_str_has_prefix (request->content_type, "multipart/form-data"));
  soup_message_headers_append (headers, "Content-Type", request->content_type);
  sent = soup_multipart_new_from_message (headers, request->body);
  g_assert_cmpint (soup_multipart_get_length (sent), ==, 1);
  g_assert_true (soup_multipart_get_part (sent, 0, &part_headers, &part));
  g_assert_cmpmem (g_bytes_get_data (part, NULL), g_bytes_get_size (part), "“Quillara” & Söhne",
                   strlen ("“Quillara” & Söhne"));
}

/* What is no address, the caller gets to know and nobody is asked. */
static void
test_no_address (void)
{
  static const char *const addresses[] = { "", "nonsense", "/path", "http:" };

  for (gsize i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr (WhisHttpRequest) request = whis_http_request_new ("GET", addresses[i]);

      g_test_message ("%s", addresses[i]);
      g_assert_null (whis_http_request_to_message (request));
    }
}

/* Words of the user stand in an address as one value, whatever is in them. */
static void
test_query (void)
{
  g_autoptr (GString) query = g_string_new (NULL);
  g_autoptr (GHashTable) parsed = NULL;

  whis_http_query_append (query, "model", "nova-3");
  whis_http_query_append (query, "keyterm", "Söhne & Co=1?#%20 +");
  whis_http_query_append (query, "empty", "");
  g_assert_cmpstr (query->str, ==,
                   "?model=nova-3&keyterm=S%C3%B6hne%20%26%20Co%3D1%3F%23%2520%20%2B&empty=");
  parsed = soup_form_decode (query->str + 1);
  g_assert_cmpstr (g_hash_table_lookup (parsed, "keyterm"), ==, "Söhne & Co=1?#%20 +");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-request/keys", test_keys);
  g_test_add_func ("/http-request/no-key", test_no_key);
  g_test_add_func ("/http-request/headers", test_headers);
  g_test_add_func ("/http-request/body", test_body);
  g_test_add_func ("/http-request/form", test_form);
  g_test_add_func ("/http-request/no-address", test_no_address);
  g_test_add_func ("/http-request/query", test_query);

  return g_test_run ();
}
