/* SPDX-License-Identifier: MIT */

/* How an answer leaves: at once, late, in pieces, in part, or without end. */

#include "service-send.h"

#include <string.h>

#include "service-private.h"

/* Between two bytes of TEST_TRICK_DRIP. */
#define DRIP_MS 20

/* Called before the answer leaves: once the client has it, the request must not count any more. */
void
service_send_note_answered (ServiceCall *call)
{
  TestService *self = call->service;

  if (call->answered)
    return;
  call->answered = TRUE;
  g_mutex_lock (&self->mutex);
  self->active--;
  g_mutex_unlock (&self->mutex);
  if (self->connections != NULL)
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
  service_send_note_answered (call);
  set_head (call);
  if (call->piece_size > 0)
    send_pieces (call);
  else
    send_bytes (call, call->body, strlen (call->body));
}

static void
send_first_half (ServiceCall *call)
{
  set_head (call);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (call->message),
                                     SOUP_ENCODING_CHUNKED);
  send_bytes (call, call->body, strlen (call->body) / 2);
}

static void
send_second_half (ServiceCall *call)
{
  gsize size = strlen (call->body);

  service_send_note_answered (call);
  send_bytes (call, call->body + size / 2, size - size / 2);
  soup_message_body_complete (soup_server_message_get_response_body (call->message));
}

void
service_send_part (ServiceCall *call)
{
  send_first_half (call);
  soup_server_message_unpause (call->message);
}

void
service_send_rest (ServiceCall *call)
{
  if (call->trick == TEST_TRICK_HOLD_BODY)
    send_second_half (call);
  else
    send_whole (call);
  soup_server_message_unpause (call->message);
}

static gboolean
send_late (gpointer data)
{
  service_send_rest (data);

  return G_SOURCE_REMOVE;
}

static void
start_timer (ServiceCall *call, guint ms, GSourceFunc function)
{
  call->timer = g_timeout_source_new (ms);
  g_source_set_callback (call->timer, function, call, NULL);
  g_source_attach (call->timer, http_thread_get_context (call->service->thread));
}

void
service_send_late (ServiceCall *call)
{
  start_timer (call, call->delay_ms, send_late);
}

/* The head and a first byte, of a body that nobody keeps. */
static void
begin_endless (ServiceCall *call)
{
  set_head (call);
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (call->message),
                                     SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (call->message), FALSE);
  send_bytes (call, "{", 1);
  soup_server_message_unpause (call->message);
}

static void
send_more (SoupServerMessage *message, gpointer data)
{
  static const char zeros[65536];

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            zeros, sizeof zeros);
  soup_server_message_unpause (message);
}

void
service_send_endlessly (ServiceCall *call)
{
  g_signal_connect (call->message, "wrote-chunk", G_CALLBACK (send_more), NULL);
  begin_endless (call);
}

static gboolean
send_drop (gpointer data)
{
  ServiceCall *call = data;

  send_bytes (call, " ", 1);
  soup_server_message_unpause (call->message);

  return G_SOURCE_CONTINUE;
}

void
service_send_drops (ServiceCall *call)
{
  begin_endless (call);
  start_timer (call, DRIP_MS, send_drop);
}

void
service_send_stop (ServiceCall *call)
{
  if (call->timer != NULL)
    g_source_destroy (call->timer);
  g_clear_pointer (&call->timer, g_source_unref);
}
