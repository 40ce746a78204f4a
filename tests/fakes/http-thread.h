/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * A SoupServer in a thread of its own, so that the test that asks it may block. new() makes the
 * server's context the thread's default one until start(): listen and add handlers in between.
 */
typedef struct _HttpThread HttpThread;

HttpThread *http_thread_new (GTlsCertificate *certificate);
SoupServer *http_thread_get_server (HttpThread *self);
GMainContext *http_thread_get_context (HttpThread *self);

/* @at_end runs in the thread when all connections have been closed. */
void http_thread_start (HttpThread *self, const char *name, GFunc at_end, gpointer data);
/* Runs @function in the thread, later. */
void http_thread_invoke (HttpThread *self, GSourceFunc function, gpointer data);
void http_thread_stop (HttpThread *self);
void http_thread_free (HttpThread *self);

/* Calls @gone when the client closes its end, which libsoup does not notice while a message is
 * paused. Destroy the source when the message is finished. */
GSource *http_watch_client (GSocket *socket, GMainContext *context, GFunc gone, gpointer data);

G_END_DECLS
