/* SPDX-License-Identifier: MIT */
#include "test-server.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "http-program.h"
#include "http-thread.h"

/* Between two bytes of TEST_TRICK_DRIP. */
#define DRIP_MS 20

struct _TestServer
{
  HttpThread *thread;
  char *url;
  char *socket_path;

  GMutex mutex;
  GQueue plans;
  TestPlan standard;
  GPtrArray *requests;
  guint active;
  guint peak;
  /* of the server's thread: answers that wait for release() */
  GPtrArray *held;
};

typedef struct
{
  TestServer *self;
  SoupServerMessage *message;
  TestPlan plan;
  char *body;
  /* sees that the client goes away, which libsoup does not while a message is paused */
  GSource *watch;
} Answer;

static void
request_free (gpointer data)
{
  TestRequest *request = data;

  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_bytes_unref (request->body);
  soup_message_headers_unref (request->headers);
  g_hash_table_unref (request->fields);
  g_free (request->field_names);
  g_free (request->file_name);
  g_free (request->file_type);
  g_clear_pointer (&request->file, g_bytes_unref);
  g_free (request);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  if (answer->watch != NULL)
    g_source_destroy (answer->watch);
  g_clear_pointer (&answer->watch, g_source_unref);
  g_object_unref (answer->message);
  g_free (answer->body);
  g_free (answer);
}

static void
copy_header (const char *name, const char *value, gpointer data)
{
  soup_message_headers_append (data, name, value);
}

static void
record_part (TestRequest *request, GString *names, SoupMessageHeaders *headers, GBytes *body)
{
  g_autoptr (GHashTable) params = NULL;
  g_autofree char *disposition = NULL;
  const char *name;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (!soup_message_headers_get_content_disposition (headers, &disposition, &params))
    return;
  name = g_hash_table_lookup (params, "name");
  g_string_append_printf (names, "%s%s", names->len > 0 ? " " : "", name);
  if (!g_str_equal (name, "file"))
    {
      g_hash_table_insert (request->fields, g_strdup (name), g_strndup (data, size));
      return;
    }
  request->file = g_bytes_ref (body);
  request->file_name = g_strdup (g_hash_table_lookup (params, "filename"));
  request->file_type = g_strdup (soup_message_headers_get_one (headers, "Content-Type"));
}

static void
record_form (TestRequest *request, SoupServerMessage *message)
{
  g_autoptr (SoupMultipart) form = NULL;
  GString *names = g_string_new (NULL);

  form = soup_multipart_new_from_message (soup_server_message_get_request_headers (message),
                                          request->body);
  for (int i = 0; form != NULL && i < soup_multipart_get_length (form); i++)
    {
      SoupMessageHeaders *headers;
      GBytes *part;

      if (soup_multipart_get_part (form, i, &headers, &part))
        record_part (request, names, headers, part);
    }
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

static TestRequest *
record (SoupServerMessage *message, const char *path)
{
  TestRequest *request = g_new0 (TestRequest, 1);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (path);
  request->query = g_strdup (g_uri_get_query (soup_server_message_get_uri (message)));
  request->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  request->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header,
                                request->headers);
  request->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  request->port = get_port (message);
  request->is_http2 = soup_server_message_get_http_version (message) == SOUP_HTTP_2_0;
  record_form (request, message);

  return request;
}

static char *
make_body (const TestPlan *plan, const TestRequest *request)
{
  gsize size;
  const char *data;

  if (plan->body != NULL)
    return g_strdup (plan->body);
  if (request->file == NULL)
    return g_strdup ("{\"object\":\"list\",\"data\":[]}");
  data = g_bytes_get_data (request->file, &size);

  return g_strdup_printf ("{\"text\":\"%.*s\"}", (int) size, data);
}

static void
set_head (Answer *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (answer->message);
  const TestPlan *plan = &answer->plan;
  g_auto (GStrv) lines = NULL;

  soup_server_message_set_status (answer->message, plan->status > 0 ? plan->status : 200, NULL);
  soup_message_headers_replace (headers, "Content-Type",
                                plan->type != NULL ? plan->type : "application/json");
  lines = g_strsplit (plan->header != NULL ? plan->header : "", "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ": ", 2);

      soup_message_headers_append (headers, parts[0], parts[1]);
    }
}

/* Called before the answer leaves: once the client has it, the request must not count any more. */
static void
note_answered (TestServer *self, SoupServerMessage *message)
{
  if (g_object_get_data (G_OBJECT (message), "answered") != NULL)
    return;
  g_object_set_data (G_OBJECT (message), "answered", self);
  g_mutex_lock (&self->mutex);
  self->active--;
  g_mutex_unlock (&self->mutex);
  g_main_context_wakeup (NULL);
}

static void
send_whole (Answer *answer)
{
  note_answered (answer->self, answer->message);
  set_head (answer);
  soup_message_body_append (soup_server_message_get_response_body (answer->message),
                            SOUP_MEMORY_COPY, answer->body, strlen (answer->body));
}

static void
send_more (SoupServerMessage *message, gpointer data)
{
  static const char zeros[65536];

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            zeros, sizeof zeros);
  soup_server_message_unpause (message);
}

static void
send_endlessly (Answer *answer)
{
  SoupMessageBody *body = soup_server_message_get_response_body (answer->message);

  set_head (answer);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (answer->message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (answer->message, "wrote-chunk", G_CALLBACK (send_more), NULL);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "{", 1);
}

static gboolean
send_drop (gpointer data)
{
  SoupServerMessage *message = data;

  if (g_object_get_data (G_OBJECT (message), "gone") != NULL)
    return G_SOURCE_REMOVE;
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            " ", 1);
  soup_server_message_unpause (message);

  return G_SOURCE_CONTINUE;
}

static void
note_gone (SoupServerMessage *message, gpointer data)
{
  g_object_set_data (G_OBJECT (message), "gone", message);
}

static void
drip (Answer *answer)
{
  SoupMessageBody *body = soup_server_message_get_response_body (answer->message);
  g_autoptr (GSource) source = g_timeout_source_new (DRIP_MS);

  set_head (answer);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (answer->message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "{", 1);
  g_signal_connect (answer->message, "finished", G_CALLBACK (note_gone), NULL);
  g_source_set_callback (source, send_drop, g_object_ref (answer->message), g_object_unref);
  g_source_attach (source, http_thread_get_context (answer->self->thread));
}

static void
send_first_half (Answer *answer)
{
  SoupMessageBody *body = soup_server_message_get_response_body (answer->message);

  set_head (answer);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (answer->message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_append (body, SOUP_MEMORY_COPY, answer->body, strlen (answer->body) / 2);
}

static void
send_second_half (Answer *answer)
{
  SoupMessageBody *body = soup_server_message_get_response_body (answer->message);
  const char *rest = answer->body + strlen (answer->body) / 2;

  note_answered (answer->self, answer->message);
  soup_message_body_append (body, SOUP_MEMORY_COPY, rest, strlen (rest));
  soup_message_body_complete (body);
}

static gboolean
send_after_delay (gpointer data)
{
  Answer *answer = data;

  send_whole (answer);
  soup_server_message_unpause (answer->message);

  return G_SOURCE_REMOVE;
}

static void
delay (Answer *answer)
{
  GSource *source = g_timeout_source_new (answer->plan.delay_ms);

  soup_server_message_pause (answer->message);
  g_source_set_callback (source, send_after_delay, answer, answer_free);
  g_source_attach (source, http_thread_get_context (answer->self->thread));
  g_source_unref (source);
}

static void
client_gone (gpointer socket, gpointer data)
{
  Answer *answer = data;

  note_answered (answer->self, answer->message);
}

static void
hold (Answer *answer)
{
  answer->watch =
      http_watch_client (soup_server_message_get_socket (answer->message),
                         http_thread_get_context (answer->self->thread), client_gone, answer);
  g_ptr_array_add (answer->self->held, answer);
  if (answer->plan.trick == TEST_TRICK_HOLD_BODY)
    send_first_half (answer);
  else
    soup_server_message_pause (answer->message);
}

static void
perform (Answer *answer)
{
  switch (answer->plan.trick)
    {
    case TEST_TRICK_HOLD:
    case TEST_TRICK_HOLD_BODY:
      hold (answer);
      return;
    case TEST_TRICK_RESET:
    case TEST_TRICK_RESET_BODY:
      note_answered (answer->self, answer->message);
      http_break_off (answer->message, soup_server_message_get_socket (answer->message),
                      answer->body, answer->plan.trick == TEST_TRICK_RESET_BODY);
      break;
    case TEST_TRICK_ENDLESS:
      send_endlessly (answer);
      break;
    case TEST_TRICK_DRIP:
      drip (answer);
      break;
    case TEST_TRICK_NONE:
    default:
      if (answer->plan.delay_ms > 0)
        {
          delay (answer);
          return;
        }
      send_whole (answer);
    }
  answer_free (answer);
}

static void
message_finished (SoupServerMessage *message, gpointer data)
{
  TestServer *self = data;

  note_answered (self, message);
  for (guint i = 0; i < self->held->len; i++)
    {
      Answer *answer = g_ptr_array_index (self->held, i);

      if (answer->message == message)
        g_ptr_array_remove_index (self->held, i--);
    }
}

static void
handle (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  TestServer *self = data;
  TestRequest *request = record (message, path);
  Answer *answer = g_new0 (Answer, 1);
  TestPlan *planned;

  answer->self = self;
  answer->message = g_object_ref (message);
  g_signal_connect (message, "finished", G_CALLBACK (message_finished), self);

  g_mutex_lock (&self->mutex);
  planned = g_queue_pop_head (&self->plans);
  answer->plan = planned != NULL ? *planned : self->standard;
  g_free (planned);
  g_ptr_array_add (self->requests, request);
  self->active++;
  self->peak = MAX (self->peak, self->active);
  g_mutex_unlock (&self->mutex);

  answer->body = make_body (&answer->plan, request);
  perform (answer);
  g_main_context_wakeup (NULL);
}

static void
clear_held (gpointer thread, gpointer data)
{
  TestServer *self = data;

  g_ptr_array_set_size (self->held, 0);
}

static TestServer *
server_alloc (GTlsCertificate *certificate)
{
  TestServer *self = g_new0 (TestServer, 1);

  g_mutex_init (&self->mutex);
  g_queue_init (&self->plans);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->held = g_ptr_array_new_with_free_func (answer_free);
  self->thread = http_thread_new (certificate);
  soup_server_add_handler (http_thread_get_server (self->thread), NULL, handle, self, NULL);

  return self;
}

static TestServer *
new_local (GTlsCertificate *certificate)
{
  TestServer *self = server_alloc (certificate);
  SoupServerListenOptions options = SOUP_SERVER_LISTEN_IPV4_ONLY;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  if (certificate != NULL)
    options |= SOUP_SERVER_LISTEN_HTTPS;
  soup_server_listen_local (http_thread_get_server (self->thread), 0, options, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (http_thread_get_server (self->thread));
  self->url = g_strdup_printf ("%s://127.0.0.1:%d", certificate != NULL ? "https" : "http",
                               g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  http_thread_start (self->thread, "test-server", clear_held, self);

  return self;
}

TestServer *
test_server_new (void)
{
  return new_local (NULL);
}

TestServer *
test_server_new_tls (const char *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) pem = g_tls_certificate_new_from_file (certificate, &error);

  g_assert_no_error (error);

  return new_local (pem);
}

TestServer *
test_server_new_unix (const char *path)
{
  TestServer *self = server_alloc (NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  soup_server_listen (http_thread_get_server (self->thread), address, 0, &error);
  g_assert_no_error (error);
  self->url = g_strdup ("http://localhost");
  self->socket_path = g_strdup (path);
  http_thread_start (self->thread, "test-server", clear_held, self);

  return self;
}

void
test_server_free (TestServer *self)
{
  http_thread_stop (self->thread);
  if (self->socket_path != NULL)
    g_unlink (self->socket_path);
  http_thread_free (self->thread);
  g_queue_clear_full (&self->plans, g_free);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->held);
  g_mutex_clear (&self->mutex);
  g_free (self->url);
  g_free (self->socket_path);
  g_free (self);
}

const char *
test_server_get_url (TestServer *self)
{
  return self->url;
}

void
test_server_plan (TestServer *self, const TestPlan *plan)
{
  g_mutex_lock (&self->mutex);
  g_queue_push_tail (&self->plans, g_memdup2 (plan, sizeof *plan));
  g_mutex_unlock (&self->mutex);
}

void
test_server_set_default (TestServer *self, const TestPlan *plan)
{
  g_mutex_lock (&self->mutex);
  self->standard = *plan;
  g_mutex_unlock (&self->mutex);
}

static gboolean
release_held (gpointer data)
{
  TestServer *self = data;
  g_autoptr (GPtrArray) held = self->held;

  self->held = g_ptr_array_new_with_free_func (answer_free);
  for (guint i = 0; i < held->len; i++)
    {
      Answer *answer = g_ptr_array_index (held, i);

      if (answer->plan.trick == TEST_TRICK_HOLD_BODY)
        send_second_half (answer);
      else
        send_whole (answer);
      soup_server_message_unpause (answer->message);
    }

  return G_SOURCE_REMOVE;
}

void
test_server_release (TestServer *self)
{
  http_thread_invoke (self->thread, release_held, self);
}

static guint
get_number (TestServer *self, const guint *number)
{
  guint value;

  g_mutex_lock (&self->mutex);
  value = *number;
  g_mutex_unlock (&self->mutex);

  return value;
}

guint
test_server_get_n_requests (TestServer *self)
{
  return get_number (self, &self->requests->len);
}

guint
test_server_get_active (TestServer *self)
{
  return get_number (self, &self->active);
}

guint
test_server_get_peak (TestServer *self)
{
  return get_number (self, &self->peak);
}

const TestRequest *
test_server_get_request (TestServer *self, guint index)
{
  const TestRequest *request;

  g_mutex_lock (&self->mutex);
  g_assert_cmpuint (index, <, self->requests->len);
  request = g_ptr_array_index (self->requests, index);
  g_mutex_unlock (&self->mutex);

  return request;
}

void
test_server_wait_requests (TestServer *self, guint n)
{
  while (test_server_get_n_requests (self) < n)
    g_main_context_iteration (NULL, TRUE);
}

void
test_server_wait_active (TestServer *self, guint n)
{
  while (test_server_get_active (self) != n)
    g_main_context_iteration (NULL, TRUE);
}
