/* SPDX-License-Identifier: MIT */
#include "service-request.h"

void
service_request_free (TestServiceRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  soup_message_headers_unref (request->headers);
  g_bytes_unref (request->body);
  g_hash_table_unref (request->fields);
  g_free (request->field_names);
  g_clear_pointer (&request->file, g_bytes_unref);
  g_free (request->file_name);
  g_free (request->file_type);
  g_free (request);
}

static void
copy_header (const char *name, const char *value, gpointer data)
{
  soup_message_headers_append (data, name, value);
}

static void
record_field (TestServiceRequest *request, const ServicePart *part)
{
  const char *before = g_hash_table_lookup (request->fields, part->name);

  g_hash_table_insert (request->fields, g_strdup (part->name),
                       before != NULL ? g_strconcat (before, "\n", part->text, NULL)
                                      : g_strdup (part->text));
}

void
service_request_add_form (TestServiceRequest *request, ServiceForm *form)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < form->parts->len; i++)
    {
      const ServicePart *part = g_ptr_array_index (form->parts, i);

      g_string_append_printf (names, "%s%s", i > 0 ? " " : "", part->name);
      if (part->file_name == NULL || request->file != NULL)
        {
          record_field (request, part);
          continue;
        }
      request->file = g_bytes_ref (part->data);
      request->file_name = g_strdup (part->file_name);
      request->file_type = g_strdup (part->type);
    }
  g_free (request->field_names);
  request->field_names = g_string_free (names, FALSE);
}

static guint
get_port (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return 0;

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

TestServiceRequest *
service_request_new (SoupServerMessage *message, const char *path)
{
  TestServiceRequest *request = g_new0 (TestServiceRequest, 1);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (path);
  request->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header,
                                request->headers);
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  request->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  request->field_names = g_strdup ("");
  request->port = get_port (message);
  request->is_http2 = soup_server_message_get_http_version (message) == SOUP_HTTP_2_0;

  return request;
}
