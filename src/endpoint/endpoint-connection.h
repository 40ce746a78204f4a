/* SPDX-License-Identifier: MIT */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _WhisEndpointConnection WhisEndpointConnection;

typedef void (*WhisEndpointConnectionFunc) (gpointer data);

WhisEndpointConnection *whis_endpoint_connection_attach (GSocketConnection *connection,
                                                         GSocketAddress *remote,
                                                         WhisEndpointConnectionFunc ended,
                                                         gpointer data);
WhisEndpointConnection *whis_endpoint_connection_get (SoupServerMessage *message);

void whis_endpoint_connection_set_deadline (WhisEndpointConnection *self, guint ms);
void whis_endpoint_connection_close (WhisEndpointConnection *self);
GSource *whis_endpoint_connection_watch (WhisEndpointConnection *self,
                                         WhisEndpointConnectionFunc gone,
                                         gpointer data);

G_END_DECLS
