/* SPDX-License-Identifier: MIT */
#include "service.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>

#include "http-program.h"
#include "service-private.h"
#include "service-send.h"

static const ServiceKind *const kinds[] = {
  &service_openai,      &service_groq,       &service_mistral,    &service_azure,
  &service_whisper_cpp, &service_speaches,   &service_localai,    &service_ollama,
  &service_deepgram,    &service_elevenlabs, &service_assemblyai, &service_gemini,
};

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

  service_send_note_answered (call);
  http_break_off (message, call->socket, call->body, call->trick == TEST_TRICK_BREAK_OFF);
  forget (call);
}

/* The answer goes, or what the trick makes of it. The message is paused. */
static void
deliver (ServiceCall *call)
{
  switch (call->trick)
    {
    case TEST_TRICK_HOLD:
      g_ptr_array_add (call->service->held, call);
      break;
    case TEST_TRICK_HOLD_BODY:
      g_ptr_array_add (call->service->held, call);
      service_send_part (call);
      break;
    case TEST_TRICK_ENDLESS:
      service_send_endlessly (call);
      break;
    case TEST_TRICK_DRIP:
      service_send_drops (call);
      break;
    case TEST_TRICK_BREAK_OFF:
    case TEST_TRICK_RESET:
      break_off (call);
      break;
    case TEST_TRICK_NONE:
    case TEST_TRICK_EMPTY:
    case TEST_TRICK_TRUNCATED:
    case TEST_TRICK_EXTRAS:
    default:
      if (call->delay_ms > 0)
        service_send_late (call);
      else
        service_send_rest (call);
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
  if (call->trick == TEST_TRICK_ENDLESS || call->trick == TEST_TRICK_DRIP)
    return;
  service_send_stop (call);
  g_ptr_array_remove (self->held, call);
  g_queue_remove (&self->waiting, call);
  service_send_rest (call);
}

static void
message_finished (SoupServerMessage *message, gpointer data)
{
  ServiceCall *call = data;

  service_send_note_answered (call);
  service_send_stop (call);
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

static GSocket *
find_socket (TestService *self, ServiceCall *call)
{
  return self->connections != NULL
             ? service_connections_find (self->connections, call->request->port)
             : soup_server_message_get_socket (call->message);
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
  if (self->connections != NULL)
    service_connections_note_busy (self->connections, call->request->port);
  call->socket = g_object_ref (find_socket (self, call));
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
  if (self->connections != NULL)
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

static TestService *
service_alloc (const ServiceKind *kind, GTlsCertificate *certificate)
{
  TestService *self = g_new0 (TestService, 1);
  SoupServer *server;

  self->kind = kind;
  self->held = g_ptr_array_new ();
  g_queue_init (&self->waiting);
  service_state_init (self);
  self->thread = http_thread_new (certificate);
  server = http_thread_get_server (self->thread);
  if (kind->setup != NULL)
    kind->setup (self, server);
  soup_server_add_handler (server, NULL, handle, self, NULL);

  return self;
}

static TestService *
new_with_connections (const ServiceKind *kind)
{
  TestService *self = service_alloc (kind, NULL);

  self->connections = service_connections_new (http_thread_get_server (self->thread),
                                               http_thread_get_context (self->thread));
  service_connections_set_idle_ms (self->connections, kind->idle_ms);
  self->url =
      g_strdup_printf ("http://127.0.0.1:%u", service_connections_get_port (self->connections));
  http_thread_start (self->thread, kind->name, close_down, self);

  return self;
}

TestService *
test_service_new (const char *kind)
{
  return new_with_connections (find_kind (kind));
}

TestService *
test_service_new_scripted (void)
{
  return new_with_connections (&service_scripted);
}

TestService *
test_service_new_scripted_unix (const char *path)
{
  TestService *self = service_alloc (&service_scripted, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  soup_server_listen (http_thread_get_server (self->thread), address, 0, &error);
  g_assert_no_error (error);
  self->url = g_strdup ("http://localhost");
  self->socket_path = g_strdup (path);
  http_thread_start (self->thread, "scripted", close_down, self);

  return self;
}

TestService *
test_service_new_scripted_tls (const char *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) pem = g_tls_certificate_new_from_file (certificate, &error);
  TestService *self;
  GSList *uris;

  g_assert_no_error (error);
  self = service_alloc (&service_scripted, pem);
  soup_server_listen_local (http_thread_get_server (self->thread), 0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (http_thread_get_server (self->thread));
  self->url = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  http_thread_start (self->thread, "scripted", close_down, self);

  return self;
}

void
test_service_free (TestService *self)
{
  http_thread_stop (self->thread);
  http_thread_free (self->thread);
  g_clear_pointer (&self->connections, service_connections_free);
  if (self->socket_path != NULL)
    g_unlink (self->socket_path);
  g_ptr_array_unref (self->held);
  service_state_clear (self);
  g_free (self->socket_path);
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
    service_send_rest (g_ptr_array_index (held, i));

  return G_SOURCE_REMOVE;
}

void
test_service_release (TestService *self)
{
  http_thread_invoke (self->thread, release_held, self);
}

typedef struct
{
  TestService *self;
  const TestServiceRequest *request;
  TestPlan plan;
  char *type;
  char *body;
  char *header;
} Answer;

static void
answer_free (Answer *answer)
{
  g_free (answer->type);
  g_free (answer->body);
  g_free (answer->header);
  g_free (answer);
}

static gboolean
answer_held (gpointer data)
{
  Answer *answer = data;
  GPtrArray *held = answer->self->held;

  for (guint i = 0; i < held->len; i++)
    {
      ServiceCall *call = g_ptr_array_index (held, i);

      if (call->request != answer->request)
        continue;
      g_ptr_array_remove_index (held, i);
      service_call_set_plan (call, &answer->plan);
      deliver (call);
      break;
    }
  answer_free (answer);

  return G_SOURCE_REMOVE;
}

void
test_service_answer (TestService *self, guint index, const TestPlan *plan)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->self = self;
  answer->request = test_service_get_request (self, index);
  answer->plan = *plan;
  answer->plan.type = answer->type = g_strdup (plan->type);
  answer->plan.body = answer->body = g_strdup (plan->body);
  answer->plan.header = answer->header = g_strdup (plan->header);
  http_thread_invoke (self->thread, answer_held, answer);
}
