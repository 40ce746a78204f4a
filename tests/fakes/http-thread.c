/* SPDX-License-Identifier: MIT */
#include "http-thread.h"

#include "server-end.h"

#include <errno.h>
#include <sys/socket.h>

struct _HttpThread
{
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  SoupServer *server;
  GFunc at_end;
  gpointer data;
};

typedef struct
{
  GFunc gone;
  gpointer data;
} Watch;

HttpThread *
http_thread_new (GTlsCertificate *certificate)
{
  HttpThread *self = g_new0 (HttpThread, 1);

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  g_main_context_push_thread_default (self->context);
  self->server = soup_server_new ("tls-certificate", certificate, NULL);

  return self;
}

SoupServer *
http_thread_get_server (HttpThread *self)
{
  return self->server;
}

GMainContext *
http_thread_get_context (HttpThread *self)
{
  return self->context;
}

static gpointer
serve (gpointer data)
{
  HttpThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  server_end (g_steal_pointer (&self->server));
  self->at_end (self, self->data);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

void
http_thread_start (HttpThread *self, const char *name, GFunc at_end, gpointer data)
{
  self->at_end = at_end;
  self->data = data;
  g_main_context_pop_thread_default (self->context);
  self->thread = g_thread_new (name, serve, self);
}

/* Not g_main_context_invoke(), which would run @function here when the thread is not up yet. */
void
http_thread_invoke (HttpThread *self, GSourceFunc function, gpointer data)
{
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, function, data, NULL);
  g_source_attach (source, self->context);
  g_source_unref (source);
}

static gboolean
quit (gpointer data)
{
  HttpThread *self = data;

  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

void
http_thread_stop (HttpThread *self)
{
  http_thread_invoke (self, quit, self);
  g_thread_join (self->thread);
}

void
http_thread_free (HttpThread *self)
{
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_free (self);
}

static gboolean
client_spoke (GSocket *socket, GIOCondition condition, gpointer data)
{
  Watch *watch = data;
  char byte;
  gssize n_read = recv (g_socket_get_fd (socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);

  if (n_read > 0 || (n_read < 0 && errno == EAGAIN))
    return G_SOURCE_CONTINUE;
  watch->gone (socket, watch->data);

  return G_SOURCE_REMOVE;
}

GSource *
http_watch_client (GSocket *socket, GMainContext *context, GFunc gone, gpointer data)
{
  GSource *source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  Watch *watch = g_new (Watch, 1);

  watch->gone = gone;
  watch->data = data;
  g_source_set_callback (source, G_SOURCE_FUNC (client_spoke), watch, g_free);
  g_source_attach (source, context);

  return source;
}
