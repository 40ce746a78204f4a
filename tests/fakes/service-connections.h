/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/*
 * The connections of a server, taken by hand because libsoup keeps an idle one open for ever, and a
 * real service does not. Made while the server's context is the thread's default one; all functions
 * are for the server's thread but those that say otherwise.
 */
typedef struct _ServiceConnections ServiceConnections;

ServiceConnections *service_connections_new (SoupServer *server, GMainContext *context);
void service_connections_close (ServiceConnections *self);
void service_connections_free (ServiceConnections *self);

/* The port that is listened on. Any thread. */
guint service_connections_get_port (ServiceConnections *self);
/* Any thread; 0 for never. */
void service_connections_set_idle_ms (ServiceConnections *self, guint idle_ms);
guint service_connections_get_n_accepted (ServiceConnections *self);
guint service_connections_get_n_idle_closed (ServiceConnections *self);

/* By the client's port. */
GSocket *service_connections_find (ServiceConnections *self, guint port);
void service_connections_note_busy (ServiceConnections *self, guint port);
void service_connections_note_idle (ServiceConnections *self, guint port);

G_END_DECLS
