/* SPDX-License-Identifier: MIT */
#include "exchange.h"

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  Exchange *self = data;

  self->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  self->is_over = TRUE;
}

/* Sends a request; the main loop brings the answer. */
Exchange *
exchange_start (SoupSession *session, SoupMessage *message)
{
  Exchange *self = g_new0 (Exchange, 1);

  self->message = message;
  self->cancellable = g_cancellable_new ();
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, self->cancellable,
                                    on_answered, self);

  return self;
}

void
exchange_await (Exchange *self)
{
  while (!self->is_over)
    g_main_context_iteration (NULL, TRUE);
}

/* Closes the connection before the answer. */
void
exchange_hang_up (Exchange *self)
{
  g_cancellable_cancel (self->cancellable);
  exchange_await (self);
}

void
exchange_free (Exchange *self)
{
  g_assert_true (self->is_over);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_object_unref (self->cancellable);
  g_object_unref (self->message);
  g_free (self);
}

guint
exchange_get_status (Exchange *self)
{
  exchange_await (self);
  g_assert_nonnull (self->body);

  return soup_message_get_status (self->message);
}

/* The body, which ends with a zero byte that libsoup puts there. */
const char *
exchange_get_text (Exchange *self)
{
  exchange_await (self);
  g_assert_nonnull (self->body);

  return g_bytes_get_data (self->body, NULL);
}

JsonObject *
exchange_dup_object (Exchange *self)
{
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  exchange_await (self);
  g_assert_nonnull (self->body);
  text = g_strndup (g_bytes_get_data (self->body, NULL), g_bytes_get_size (self->body));
  g_assert_cmpstr (soup_message_headers_get_content_type (
                       soup_message_get_response_headers (self->message), NULL),
                   ==, "application/json");
  node = json_from_string (text, &error);
  g_assert_no_error (error);

  return json_node_dup_object (node);
}

/* A form as clients send it; @fields are "name=value" parted by "&". */
SoupMessage *
exchange_make_form (const char *path, const char *fields, GBytes *file)
{
  g_autoptr (SoupMultipart) form = soup_multipart_new (SOUP_FORM_MIME_TYPE_MULTIPART);
  g_autofree char *address = g_strconcat ("http://localhost", path, NULL);
  g_auto (GStrv) all = g_strsplit (fields, "&", -1);

  for (guint i = 0; all[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (all[i], "=", 2);

      soup_multipart_append_form_string (form, parts[0], parts[1]);
    }
  if (file != NULL)
    soup_multipart_append_form_file (form, "file", "a.wav", "audio/wav", file);

  return soup_message_new_from_multipart (address, form);
}
