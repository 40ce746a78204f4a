/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <string.h>

#include "http-program.h"
#include "service-private.h"

static const ServiceKind *const kinds[] = {
  &service_openai,      &service_groq,       &service_mistral,    &service_azure,
  &service_whisper_cpp, &service_speaches,   &service_localai,    &service_ollama,
  &service_deepgram,    &service_elevenlabs, &service_assemblyai, &service_gemini,
};

/* Called before the answer leaves: once the client has it, the request must not count any more. */
static void
note_answered (ServiceCall *call)
{
  TestService *self = call->service;

  if (call->answered)
    return;
  call->answered = TRUE;
  g_mutex_lock (&self->mutex);
  self->active--;
  g_mutex_unlock (&self->mutex);
  service_connections_note_idle (self->connections, call->request->port);
  g_main_context_wakeup (NULL);
}

static void
add_headers (SoupMessageHeaders *headers, const char *lines)
{
  g_auto (GStrv) parts = g_strsplit (lines != NULL ? lines : "", "\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) pair = g_strsplit (parts[i], ": ", 2);

      if (pair[0] != NULL && pair[1] != NULL)
        soup_message_headers_append (headers, pair[0], pair[1]);
    }
}

static void
set_head (ServiceCall *call)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);

  soup_server_message_set_status (call->message, call->status, NULL);
  soup_message_headers_replace (headers, "Content-Type", call->type);
  add_headers (headers, call->kind->headers);
  add_headers (headers, call->headers);
}

static void
send_bytes (ServiceCall *call, const char *bytes, gsize size)
{
  soup_message_body_append (soup_server_message_get_response_body (call->message), SOUP_MEMORY_COPY,
                            bytes, size);
}

/* A client gets each piece by itself, because each is a chunk of HTTP. */
static void
send_pieces (ServiceCall *call)
{
  gsize size = strlen (call->body);

  soup_message_headers_set_encoding (soup_server_message_get_response_headers (call->message),
                                     SOUP_ENCODING_CHUNKED);
  for (gsize at = 0; at < size; at += call->piece_size)
    send_bytes (call, call->body + at, MIN (call->piece_size, size - at));
  soup_message_body_complete (soup_server_message_get_response_body (call->message));
}

static void
send_whole (ServiceCall *call)
{
  note_answered (call);
  set_head (call);
  if (call->piece_size > 0)
    send_pieces (call);
  else
    send_bytes (call, call->body, strlen (call->body));
}

static void
send_first_byte (ServiceCall *call)
{
  set_head (call);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (call->message),
                                     SOUP_ENCODING_CHUNKED);
  send_bytes (call, call->body, 1);
}

static void
send_rest (ServiceCall *call)
{
  note_answered (call);
  send_bytes (call, call->body + 1, strlen (call->body) - 1);
  soup_message_body_complete (soup_server_message_get_response_body (call->message));
}

/* The answer goes, whatever the trick. */
static void
let_go (ServiceCall *call)
{
  if (call->trick == SERVICE_TRICK_DRIP)
    send_rest (call);
  else
    send_whole (call);
  soup_server_message_unpause (call->message);
}

static void
drip (ServiceCall *call)
{
  g_ptr_array_add (call->service->held, call);
  send_first_byte (call);
  soup_server_message_unpause (call->message);
}

static void deliver (ServiceCall *call);

/* On to the next call, of a service that does one at a time. */
static void
work_on (TestService *self)
{
  ServiceCall *next;

  if (self->kind->serial && self->working != NULL)
    return;
  next = g_queue_pop_head (&self->waiting);
  self->working = next;
  if (next != NULL)
    deliver (next);
}

static void
forget (ServiceCall *call)
{
  TestService *self = call->service;

  g_ptr_array_remove (self->held, call);
  g_queue_remove (&self->waiting, call);
  if (self->working != call)
    return;
  self->working = NULL;
  work_on (self);
}

/* Takes the message with it, and perhaps this call. */
static void
break_off (ServiceCall *call)
{
  g_autoptr (SoupServerMessage) message = g_object_ref (call->message);

  note_answered (call);
  http_break_off (message, call->socket, call->body, call->trick == SERVICE_TRICK_BREAK_OFF);
  forget (call);
}

/* The answer goes, or what the trick makes of it. The message is paused. */
static void
deliver (ServiceCall *call)
{
  switch (call->trick)
    {
    case SERVICE_TRICK_HOLD:
      g_ptr_array_add (call->service->held, call);
      break;
    case SERVICE_TRICK_DRIP:
      drip (call);
      break;
    case SERVICE_TRICK_BREAK_OFF:
    case SERVICE_TRICK_RESET:
      break_off (call);
      break;
    case SERVICE_TRICK_NONE:
    case SERVICE_TRICK_EMPTY:
    case SERVICE_TRICK_TRUNCATED:
    case SERVICE_TRICK_EXTRAS:
    default:
      let_go (call);
    }
}

static void
client_gone (gpointer socket, gpointer data)
{
  ServiceCall *call = data;
  TestService *self = call->service;

  if (call->answered)
    return;
  g_mutex_lock (&self->mutex);
  self->n_aborted++;
  g_mutex_unlock (&self->mutex);
  /* which libsoup notices when it writes */
  g_ptr_array_remove (self->held, call);
  g_queue_remove (&self->waiting, call);
  let_go (call);
}

static void
message_finished (SoupServerMessage *message, gpointer data)
{
  ServiceCall *call = data;

  note_answered (call);
  if (call->watch != NULL)
    g_source_destroy (call->watch);
  g_clear_pointer (&call->watch, g_source_unref);
  forget (call);
}

static void
count (TestService *self, ServiceCall *call)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->requests, call->request);
  self->active++;
  self->peak = MAX (self->peak, self->active);
  g_mutex_unlock (&self->mutex);
}

static void
handle (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer data)
{
  TestService *self = data;
  ServiceCall *call = service_call_new (self, self->kind, message, path);

  g_object_set_data_full (G_OBJECT (message), "call", call, (GDestroyNotify) service_call_free);
  g_signal_connect (message, "finished", G_CALLBACK (message_finished), call);
  service_connections_note_busy (self->connections, call->request->port);
  call->socket = g_object_ref (service_connections_find (self->connections, call->request->port));
  call->watch =
      http_watch_client (call->socket, http_thread_get_context (self->thread), client_gone, call);
  service_call_run (call);
  count (self, call);
  soup_server_message_pause (message);
  g_queue_push_tail (&self->waiting, call);
  work_on (self);
  g_main_context_wakeup (NULL);
}

static void
close_down (gpointer thread, gpointer data)
{
  TestService *self = data;

  g_ptr_array_set_size (self->held, 0);
  g_queue_clear (&self->waiting);
  service_connections_close (self->connections);
}

static const ServiceKind *
find_kind (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i]->name, name))
      return kinds[i];
  g_error ("There is no service %s", name);
}

const char *const *
test_service_get_kinds (void)
{
  static const char *names[G_N_ELEMENTS (kinds) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    names[i] = kinds[i]->name;

  return names;
}

static void
listen_and_serve (TestService *self)
{
  SoupServer *server;

  self->thread = http_thread_new (NULL);
  server = http_thread_get_server (self->thread);
  if (self->kind->setup != NULL)
    self->kind->setup (self, server);
  soup_server_add_handler (server, NULL, handle, self, NULL);
  self->connections = service_connections_new (server, http_thread_get_context (self->thread));
  service_connections_set_idle_ms (self->connections, self->kind->idle_ms);
  self->url =
      g_strdup_printf ("http://127.0.0.1:%u", service_connections_get_port (self->connections));
  http_thread_start (self->thread, self->kind->name, close_down, self);
}

TestService *
test_service_new (const char *kind)
{
  TestService *self = g_new0 (TestService, 1);

  self->kind = find_kind (kind);
  self->held = g_ptr_array_new ();
  g_queue_init (&self->waiting);
  service_state_init (self);
  listen_and_serve (self);

  return self;
}

void
test_service_free (TestService *self)
{
  http_thread_stop (self->thread);
  http_thread_free (self->thread);
  service_connections_free (self->connections);
  g_ptr_array_unref (self->held);
  service_state_clear (self);
  g_free (self->url);
  g_free (self);
}

static gboolean
release_held (gpointer data)
{
  TestService *self = data;
  g_autoptr (GPtrArray) held = self->held;

  self->held = g_ptr_array_new ();
  for (guint i = 0; i < held->len; i++)
    {
      let_go (g_ptr_array_index (held, i));
    }

  return G_SOURCE_REMOVE;
}

void
test_service_release (TestService *self)
{
  http_thread_invoke (self->thread, release_held, self);
}
